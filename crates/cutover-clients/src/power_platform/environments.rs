//! Environments, as the control plane knows them.

use serde::Deserialize;

use super::{ENVIRONMENT_MANAGEMENT, permissions};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static ENVIRONMENTS: CallSpec = CallSpec::new(
    Api::PowerPlatform,
    Shape::Collection,
    "/environmentmanagement/environments",
    "the environments that the caller administers: state, administration mode, address",
    &permissions::ENVIRONMENTS,
);

/// An environment (`EnvironmentResponse`). States and kinds are words as the service says them: it documents them as texts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    /// Id; not always a GUID, as in `Default-…`.
    pub id: String,
    /// Name as shown: somebody's text.
    pub display_name: Option<String>,
    /// `Production`, `Sandbox`, `Trial` …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// `Ready`, `Preparing` …
    pub state: Option<String>,
    /// Whether administration mode is on.
    pub admin_mode: Option<String>,
    /// Whether background operations run.
    pub background_operations_state: Option<String>,
    /// Address of its Dataverse organisation; `None` when it has none.
    pub url: Option<String>,
    /// Id of its Dataverse organisation.
    pub dataverse_id: Option<String>,
    /// The Entra group that limits who may enter.
    pub security_group_id: Option<String>,
}

/// The environments that the caller is shown. All of them: the service documents no filter by address.
pub fn environments() -> Read<Vec<Environment>, Home> {
    let address = Address::path(ENVIRONMENTS.path).option("api-version", ENVIRONMENT_MANAGEMENT);
    Read::new(&ENVIRONMENTS, address)
}
