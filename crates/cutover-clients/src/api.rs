//! The APIs that are read with a token.

use cutover_core::evidence::Service;

/// An API that a token opens. Entra's sign-in is none: it gives the tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Api {
    /// Microsoft Graph v1.0.
    Graph,
    /// Microsoft Graph beta; the same tokens open it.
    GraphBeta,
    /// The Dataverse Web API of the environment.
    Dataverse,
}

impl Api {
    /// How evidence names it.
    pub const fn service(self) -> Service {
        match self {
            Self::Graph => Service::Graph,
            Self::GraphBeta => Service::GraphBeta,
            Self::Dataverse => Service::Dataverse,
        }
    }

    /// The part of the address between its base address and a call's path.
    pub(crate) const fn version_prefix(self) -> &'static str {
        match self {
            Self::Graph => "/v1.0",
            Self::GraphBeta => "/beta",
            Self::Dataverse => "/api/data/v9.2",
        }
    }

    /// The header in which it gives its own id of a request.
    pub(crate) const fn request_id_header(self) -> &'static str {
        match self {
            Self::Graph | Self::GraphBeta => "request-id",
            Self::Dataverse => "x-ms-service-request-id",
        }
    }
}
