//! What is needed to reach the services: a transport, a clock, and where they are.

use std::fmt;
use std::sync::Arc;

use uuid::{Uuid, uuid};

use crate::clock::{Clock, SystemClock};
use crate::pace::Paces;
use crate::service_root::ServiceRoot;
use crate::transport::Transport;

/// Makes the ids sent as `client-request-id` and used as batch boundaries and assertion ids.
pub type IdSource = Arc<dyn Fn() -> Uuid + Send + Sync>;

/// How the services are reached; clones share the pace that Microsoft sets for a tenant. Nothing in it, and nothing that uses it, asks whether they are Microsoft's
/// own or a double of them.
#[derive(Clone)]
pub struct Connection {
    /// Carries the requests.
    pub transport: Transport,
    /// Tells the time and waits.
    pub clock: Arc<dyn Clock>,
    /// Where the services are.
    pub endpoints: Endpoints,
    /// Makes request ids; random unless a test wants equal runs to be equal.
    pub ids: IdSource,
    /// The paces that clones share.
    pub(crate) pace: Arc<Paces>,
}

impl Connection {
    /// A connection with the system's clock and random request ids.
    pub fn new(transport: Transport, endpoints: Endpoints) -> Self {
        Self {
            transport,
            clock: Arc::new(SystemClock),
            endpoints,
            ids: Arc::new(Uuid::new_v4),
            pace: Arc::default(),
        }
    }

    /// The same connection with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        // Turns are times of a clock; those of the other one mean nothing here.
        self.pace = Arc::default();
        self
    }

    /// The same connection with another source of request ids.
    #[must_use]
    pub fn with_ids(mut self, ids: IdSource) -> Self {
        self.ids = ids;
        self
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

/// Where the services of one cloud and one environment are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// Entra ID's sign-in host.
    pub login: ServiceRoot,
    /// Microsoft Graph.
    pub graph: Resource,
    /// The Dataverse environment (organisation).
    pub dataverse: Resource,
    /// The Power Platform API.
    pub power_platform: Resource,
    /// The Partner Center REST API.
    pub partner_center: Resource,
}

impl Endpoints {
    /// Microsoft's commercial cloud and the environment at `dataverse`, such as
    /// `https://contoso.crm4.dynamics.com`.
    pub fn commercial(dataverse: ServiceRoot) -> Result<Self, crate::InvalidServiceRoot> {
        Ok(Self {
            login: ServiceRoot::parse("https://login.microsoftonline.com")?,
            graph: Resource::graph(ServiceRoot::parse("https://graph.microsoft.com")?),
            dataverse: Resource::dataverse(dataverse),
            power_platform: Resource::power_platform(ServiceRoot::parse("https://api.powerplatform.com")?),
            partner_center: Resource::partner_center(ServiceRoot::parse("https://api.partnercenter.microsoft.com")?),
        })
    }
}

/// Microsoft Graph's app id, the same in every tenant (Microsoft identity platform documentation).
const GRAPH_APP_ID: Uuid = uuid!("00000003-0000-0000-c000-000000000000");
/// Dataverse's app id, the same in every tenant (Microsoft identity platform documentation).
const DATAVERSE_APP_ID: Uuid = uuid!("00000007-0000-0000-c000-000000000000");
/// The Power Platform API's app id, the same in every tenant (Power Platform documentation, authentication v2).
const POWER_PLATFORM_APP_ID: Uuid = uuid!("8578e004-a5c6-46e7-913e-12f58912df43");
/// Partner Center's app id, the same in every tenant (Partner Center documentation, Secure Application Model).
const PARTNER_CENTER_APP_ID: Uuid = uuid!("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd");

/// An API that tokens are made for. Where it is reached and what a token for it is called may differ, as
/// behind a gateway or on loopback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Where requests go.
    pub root: ServiceRoot,
    /// What the token is asked for: `{audience}/.default`. Without a slash at its end.
    pub audience: String,
    /// Its application id; newer tokens name it as audience instead of the address.
    pub app_id: Uuid,
}

impl Resource {
    /// Microsoft Graph at `root`; its audience is the commercial cloud's `https://graph.microsoft.com`.
    pub fn graph(root: ServiceRoot) -> Self {
        Self {
            root,
            audience: "https://graph.microsoft.com".to_owned(),
            app_id: GRAPH_APP_ID,
        }
    }

    /// The Dataverse environment at `root`, which is its audience too.
    pub fn dataverse(root: ServiceRoot) -> Self {
        Self {
            audience: root.as_str().to_owned(),
            root,
            app_id: DATAVERSE_APP_ID,
        }
    }

    /// The Power Platform API at `root`; its audience is the commercial cloud's `https://api.powerplatform.com`.
    pub fn power_platform(root: ServiceRoot) -> Self {
        Self {
            root,
            audience: "https://api.powerplatform.com".to_owned(),
            app_id: POWER_PLATFORM_APP_ID,
        }
    }

    /// The Partner Center REST API at `root`; its audience is `https://api.partnercenter.microsoft.com`.
    pub fn partner_center(root: ServiceRoot) -> Self {
        Self {
            root,
            audience: "https://api.partnercenter.microsoft.com".to_owned(),
            app_id: PARTNER_CENTER_APP_ID,
        }
    }

    /// The same resource, its tokens asked for under another name.
    #[must_use]
    pub fn with_audience(mut self, audience: &str) -> Self {
        self.audience = audience.trim_end_matches('/').to_owned();
        self
    }

    /// Whether a token's `aud` means this resource: its address, with or without a slash at the end, or its id.
    pub(crate) fn is_audience(&self, aud: &str) -> bool {
        aud.trim_end_matches('/').eq_ignore_ascii_case(&self.audience)
            || Uuid::parse_str(aud).is_ok_and(|id| id == self.app_id)
    }
}
