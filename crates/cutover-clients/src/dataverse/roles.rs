//! Security roles.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static ROLES: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/roles",
    "a security role by name, with its copy in each business unit",
    &permissions::ROLE,
);

pub(super) static GIVE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/systemusers({systemuserid})/systemuserroles_association/$ref",
    "gives a user a security role",
    &permissions::ASSIGN_ROLE,
);
pub(super) static TAKE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "DELETE",
    "/systemusers({systemuserid})/systemuserroles_association({roleid})/$ref",
    "takes a security role from a user",
    &permissions::ASSIGN_ROLE,
);

/// The columns of a role that matter.
pub(super) const COLUMNS: &str =
    "roleid,name,_businessunitid_value,_parentrootroleid_value,_roletemplateid_value,isinherited";

/// A security role, or its copy in a business unit (table `role`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Role {
    /// Id of this copy.
    pub roleid: Uuid,
    /// Name; built-in roles' names are translated.
    pub name: Option<String>,
    /// The business unit of this copy.
    #[serde(rename = "_businessunitid_value")]
    pub business_unit: Option<Uuid>,
    /// The role at the top that this is a copy of.
    #[serde(rename = "_parentrootroleid_value")]
    pub root_role: Option<Uuid>,
    /// Which built-in role, the same in every organisation; `None` for a custom one.
    #[serde(rename = "_roletemplateid_value")]
    pub template: Option<Uuid>,
    /// 1 when members of a team that holds the role get it as their own; 0 when only the team has it.
    pub isinherited: Option<i64>,
}

/// All copies of a role, by its exact name.
pub fn by_name(name: &str) -> Read<Vec<Role>, Home> {
    let address = Address::path(ROLES.path)
        .select(COLUMNS)
        .filter(&format!("name eq {}", literal(name)));
    Read::new(&ROLES, address)
}

/// All copies of a built-in role, by its template.
pub fn by_template(template: Uuid) -> Read<Vec<Role>, Home> {
    let address = Address::path(ROLES.path)
        .select(COLUMNS)
        .filter(&format!("_roletemplateid_value eq {template}"));
    Read::new(&ROLES, address)
}

/// Gives a user a copy of a role.
pub fn give(system_user: Uuid, role: Uuid) -> Write<Home> {
    let address = Address::path(format!("/systemusers({system_user})/systemuserroles_association/$ref"));
    Write::new(&GIVE, address).linking(format!("/roles({role})"))
}

/// Takes a copy of a role from a user.
pub fn take(system_user: Uuid, role: Uuid) -> Write<Home> {
    let path = format!("/systemusers({system_user})/systemuserroles_association({role})/$ref");
    Write::new(&TAKE, Address::path(path))
}
