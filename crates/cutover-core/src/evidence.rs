//! What was asked of a service and what came back: the ground every verdict stands on.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The service that answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Service {
    /// Entra ID: tokens and discovery.
    #[serde(rename = "entra")]
    Entra,
    /// Microsoft Graph v1.0.
    #[serde(rename = "graph")]
    Graph,
    /// Microsoft Graph beta: may change or go away any day.
    #[serde(rename = "graph-beta")]
    GraphBeta,
    /// The Dataverse Web API of the environment.
    #[serde(rename = "dataverse")]
    Dataverse,
    /// The Power Platform API: environments, backups, application packages.
    #[serde(rename = "power-platform")]
    PowerPlatform,
    /// The Partner Center REST API.
    #[serde(rename = "partner-center")]
    PartnerCenter,
    /// A file on this machine, named in the configuration.
    #[serde(rename = "file")]
    File,
}

impl Service {
    /// The name a person reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entra => "Entra",
            Self::Graph => "Microsoft Graph",
            Self::GraphBeta => "Microsoft Graph (beta)",
            Self::Dataverse => "Dataverse",
            Self::PowerPlatform => "Power Platform",
            Self::PartnerCenter => "Partner Center",
            Self::File => "file",
        }
    }
}

/// One call to a service, without anything secret: enough to find it again in the service's own log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Who answered.
    pub service: Service,
    /// Method and address relative to the service, such as `GET /v1.0/subscribedSkus`.
    pub request: String,
    /// HTTP status; absent when no answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The service's own id of the request, for its support; absent when it gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// When the answer came, by the connection's clock.
    #[schemars(with = "String")]
    pub at: Timestamp,
}
