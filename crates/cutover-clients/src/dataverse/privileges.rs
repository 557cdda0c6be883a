//! What a user of the environment may do, and how far that reaches.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;
use crate::wire::open_enum;

pub(super) static PRIVILEGES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/systemusers({systemuserid})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()",
    "a user's privileges, those of its teams included, and how far each reaches",
    &permissions::OWN_PRIVILEGES,
);

/// The answer of `RetrieveUserPrivileges`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserPrivileges {
    /// The privileges; `None` when they were not told.
    pub role_privileges: Option<Vec<RolePrivilege>>,
}

/// A privilege of a user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RolePrivilege {
    /// How far it reaches.
    pub depth: Depth,
    /// Its name, such as `prvReadUser`; `None` when only its id was told.
    pub privilege_name: Option<String>,
}

open_enum! {
    /// How far a privilege reaches (`PrivilegeDepth`). Below `Global` a list comes back shorter, not refused.
    Depth {
        /// The user's own rows.
        Basic = "Basic",
        /// The business unit.
        Local = "Local",
        /// The business unit and those below it.
        Deep = "Deep",
        /// The organisation.
        Global = "Global",
    }
}

/// The privileges of a user.
pub fn of_user(system_user: Uuid) -> Read<UserPrivileges, Home> {
    let function = "Microsoft.Dynamics.CRM.RetrieveUserPrivileges()";
    Read::new(
        &PRIVILEGES,
        Address::path(format!("/systemusers({system_user})/{function}")),
    )
}
