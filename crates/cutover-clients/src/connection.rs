//! What is needed to reach the services: a transport, a clock, and where they are.

use std::fmt;
use std::sync::Arc;

use cutover_core::cloud::{Cloud, Endpoint};
use uuid::Uuid;

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
    /// The cloud they are in; it tells what is missing there.
    pub cloud: Cloud,
    /// Entra ID's sign-in host.
    pub login: ServiceRoot,
    /// Microsoft Graph.
    pub graph: Resource,
    /// The Dataverse environment (organisation).
    pub dataverse: Resource,
    /// The Power Platform API.
    pub power_platform: Resource,
    /// The Partner Center REST API; `None` in a cloud that has none of its own.
    pub partner_center: Option<Resource>,
}

impl Endpoints {
    /// A cloud and the environment at `dataverse`, such as `https://contoso.crm4.dynamics.com`.
    ///
    /// # Errors
    /// None for the clouds of the table, whose addresses are sound.
    pub fn of(cloud: Cloud, dataverse: ServiceRoot) -> Result<Self, crate::InvalidServiceRoot> {
        let profile = cloud.profile();
        let app_id = Uuid::parse_str(profile.dataverse_app_id).unwrap_or_default();
        Ok(Self {
            cloud,
            login: ServiceRoot::parse(profile.login)?,
            graph: Resource::of(&profile.graph)?,
            dataverse: Resource::dataverse(dataverse, app_id),
            power_platform: Resource::of(&profile.power_platform)?,
            partner_center: profile.partner_center.as_ref().map(Resource::of).transpose()?,
        })
    }

    /// Microsoft's worldwide cloud and the environment at `dataverse`.
    ///
    /// # Errors
    /// As [`Endpoints::of`].
    pub fn commercial(dataverse: ServiceRoot) -> Result<Self, crate::InvalidServiceRoot> {
        Self::of(Cloud::Commercial, dataverse)
    }
}

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
    /// An API at its own address in a cloud.
    fn of(endpoint: &Endpoint) -> Result<Self, crate::InvalidServiceRoot> {
        Ok(Self {
            root: ServiceRoot::parse(endpoint.address)?,
            audience: endpoint.audience.to_owned(),
            app_id: Uuid::parse_str(endpoint.app_id).unwrap_or_default(),
        })
    }

    /// The Dataverse environment at `root`, which is its audience too.
    fn dataverse(root: ServiceRoot, app_id: Uuid) -> Self {
        Self {
            audience: root.as_str().to_owned(),
            root,
            app_id,
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
