//! Rights of the Dataverse calls. Dataverse knows one delegated scope; what a caller may do follows from the
//! privileges of its security roles (api contracts, section 7).

use crate::permission::Permission;

const fn privilege(name: Option<&'static str>) -> Permission {
    Permission {
        application: &[],
        delegated: &["user_impersonation"],
        also: &[],
        privilege: name,
        note: None,
        source: "Dataverse Web API; privileges are named prvRead and the table's schema name",
    }
}

pub(super) static ANY_USER: Permission = privilege(None);
pub(super) static USER: Permission = privilege(Some("prvReadUser"));
pub(super) static ROLE: Permission = privilege(Some("prvReadRole"));
pub(super) static TEAM: Permission = privilege(Some("prvReadTeam"));
pub(super) static PROFILE: Permission = privilege(Some("prvReadFieldSecurityProfile"));
pub(super) static USER_SETTINGS: Permission = privilege(Some("prvReadUserSettings"));
pub(super) static ORGANIZATION: Permission = privilege(Some("prvReadOrganization"));
pub(super) static SOLUTION: Permission = privilege(Some("prvReadSolution"));
pub(super) static IMPORT_JOB: Permission = privilege(Some("prvReadImportJob"));
pub(super) static ASYNC_OPERATION: Permission = privilege(Some("prvReadAsyncOperation"));
