//! Rights of the Dataverse calls. Dataverse knows one delegated scope; what a caller may do follows from the
//! privileges of its security roles, which are named `prvRead` and the table's schema name (Dataverse tables reference).

use crate::permission::Permission;

const fn privileges(all: &'static [&'static str]) -> Permission {
    Permission {
        application: &[],
        delegated: &["user_impersonation"],
        also: &[],
        directory_roles: &[],
        partner_center_roles: &[],
        privileges: all,
        described_privilege: None,
        note: None,
        source: "https://learn.microsoft.com/power-apps/developer/data-platform/reference/about-entity-reference",
    }
}

/// To give a role asks for every privilege in it as well.
pub(super) static ASSIGN_ROLE: Permission = Permission {
    note: Some("and every privilege that the role gives; System Administrator can be given by one who holds it only"),
    ..privileges(&["prvAssignRole", "prvReadRole", "prvReadUser"])
};
pub(super) static WRITE_PROFILE: Permission = privileges(&["prvWriteFieldSecurityProfile", "prvReadUser"]);
pub(super) static WRITE_USER: Permission = Permission {
    note: Some("the access mode is changed by System Administrators only"),
    ..privileges(&["prvWriteUser"])
};
pub(super) static WRITE_USER_SETTINGS: Permission = privileges(&["prvWriteUserSettings"]);
pub(super) static WORKFLOW: Permission = privileges(&["prvReadWorkflow"]);
pub(super) static PROVISION_LANGUAGE: Permission = privileges(&["prvLanguageSettings"]);
pub(super) static IMPORT_SOLUTION: Permission = Permission {
    note: Some("and every privilege that the solution's parts ask for; System Administrator has them all"),
    ..privileges(&["prvImportCustomization"])
};
pub(super) static REMOVE_SOLUTION: Permission = privileges(&["prvDeleteSolution"]);
/// The privileges have the name of a table that the vendor does not publish.
pub(super) static BILLING_CONTRACTS: Permission = Permission {
    described_privilege: Some(
        "the privilege to read the table Billing Contract, which is called prvRead and the table's schema name",
    ),
    ..privileges(&[])
};
pub(super) static WRITE_BILLING_CONTRACTS: Permission = Permission {
    described_privilege: Some(
        "the privilege to change the table Billing Contract, which is called prvWrite and the table's schema name",
    ),
    ..privileges(&[])
};
pub(super) static ANY_USER: Permission = privileges(&[]);
pub(super) static USER: Permission = privileges(&["prvReadUser", "prvReadBusinessUnit"]);
pub(super) static OWN_PRIVILEGES: Permission = privileges(&["prvReadUser"]);
pub(super) static ROLE: Permission = privileges(&["prvReadRole"]);
pub(super) static TEAM: Permission = privileges(&["prvReadTeam", "prvReadRole"]);
pub(super) static TEAM_PROFILE: Permission = privileges(&["prvReadTeam", "prvReadFieldSecurityProfile"]);
pub(super) static PROFILE: Permission = privileges(&["prvReadFieldSecurityProfile"]);
pub(super) static USER_SETTINGS: Permission = privileges(&["prvReadUserSettings"]);
pub(super) static ORGANIZATION: Permission = privileges(&["prvReadOrganization"]);
pub(super) static SOLUTION: Permission = privileges(&["prvReadSolution", "prvReadPublisher"]);
pub(super) static IMPORT_JOB: Permission = privileges(&["prvReadImportJob"]);
pub(super) static DEFINITION: Permission = privileges(&["prvReadEntity"]);
/// The privilege has the name of a table that the vendor does not publish.
pub(super) static JOBS: Permission = Permission {
    described_privilege: Some(
        "the privilege to read the table Work 365 Job, which is called prvRead and the table's schema name",
    ),
    ..privileges(&[])
};
pub(super) static ASYNC_OPERATION: Permission = privileges(&["prvReadAsyncOperation"]);
