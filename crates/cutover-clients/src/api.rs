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
    /// The Power Platform API, the control plane over environments.
    PowerPlatform,
    /// The Partner Center REST API.
    PartnerCenter,
}

impl Api {
    /// How evidence names it.
    pub const fn service(self) -> Service {
        match self {
            Self::Graph => Service::Graph,
            Self::GraphBeta => Service::GraphBeta,
            Self::Dataverse => Service::Dataverse,
            Self::PowerPlatform => Service::PowerPlatform,
            Self::PartnerCenter => Service::PartnerCenter,
        }
    }

    /// The part of the address between its base address and a call's path.
    pub(crate) const fn version_prefix(self) -> &'static str {
        match self {
            Self::Graph => "/v1.0",
            Self::GraphBeta => "/beta",
            Self::Dataverse => "/api/data/v9.2",
            // The version is an option of each request.
            Self::PowerPlatform => "",
            Self::PartnerCenter => "/v1",
        }
    }

    /// The header in which it gives its own id of a request. Power Platform's is the one Microsoft's own modules print
    /// (microsoft/PowerPlatform-EnterprisePolicies); Partner Center gives back the id it was sent (Partner Center REST headers).
    pub(crate) const fn request_id_header(self) -> &'static str {
        match self {
            Self::Graph | Self::GraphBeta => "request-id",
            Self::Dataverse => "x-ms-service-request-id",
            Self::PowerPlatform => "x-ms-correlation-id",
            Self::PartnerCenter => "ms-requestid",
        }
    }

    /// The headers in which it takes our ids of a request, each with an id of its own.
    pub(crate) const fn own_id_headers(self) -> &'static [&'static str] {
        match self {
            Self::Graph | Self::GraphBeta | Self::Dataverse | Self::PowerPlatform => &["client-request-id"],
            Self::PartnerCenter => &["ms-requestid", "ms-correlationid"],
        }
    }

    /// The properties one of which holds the rows of a collection. Power Platform's models have both.
    pub(crate) const fn row_properties(self) -> &'static [&'static str] {
        match self {
            Self::Graph | Self::GraphBeta | Self::Dataverse => &["value"],
            Self::PowerPlatform => &["value", "collection"],
            Self::PartnerCenter => &["items"],
        }
    }

    /// The properties one of which links to the next page; Power Platform's models spell it in three ways. Partner Center's
    /// links are objects of their own.
    pub(crate) const fn link_properties(self) -> &'static [&'static str] {
        match self {
            Self::Graph | Self::GraphBeta | Self::Dataverse => &["@odata.nextLink"],
            Self::PowerPlatform => &["@odata.nextLink", "@odata.nextlink", "nextLink"],
            Self::PartnerCenter => &[],
        }
    }

    /// How many questions travel in one request. Graph's limit is documented; Dataverse's is 1,000, but its parts run one
    /// after the other, so that large batches take longer than two at once. The other two know no batches.
    pub(crate) const fn batch_limit(self) -> usize {
        match self {
            Self::Graph | Self::GraphBeta => 20,
            Self::Dataverse => 100,
            Self::PowerPlatform | Self::PartnerCenter => 1,
        }
    }
}
