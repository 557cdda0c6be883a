//! Processes: workflows, business rules and flows.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static ACTIVE: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/workflows",
    "the active processes that a user owns, which stop when his licence goes",
    &permissions::WORKFLOW,
);

/// A process (table `workflow`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Workflow {
    /// Its id.
    pub workflowid: Uuid,
    /// Name: somebody's text.
    pub name: Option<String>,
}

/// The definitions (`type` 1) that are activated (`statecode` 1) and owned by a user, by `systemuserid`.
pub fn active_of(system_user: Uuid) -> Read<Vec<Workflow>, Home> {
    let address = Address::path(ACTIVE.path).select("workflowid,name").filter(&format!(
        "_ownerid_value eq {system_user} and statecode eq 1 and type eq 1"
    ));
    Read::new(&ACTIVE, address)
}
