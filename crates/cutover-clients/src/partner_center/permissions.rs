//! Rights of the Partner Center calls. It knows one delegated permission; what a person may do follows from the roles given
//! in Partner Center (Partner Center documentation, authentication and users' roles).

use crate::permission::Permission;

pub(super) static APP_AND_USER: Permission = Permission {
    application: &[],
    delegated: &["user_impersonation"],
    also: &[],
    directory_roles: &[],
    // Which role opens which call is documented for the pages of the portal only. Admin agent opens all of them.
    partner_center_roles: &["Admin agent"],
    privileges: &[],
    described_privilege: None,
    note: Some("signed in with multifactor authentication; an application alone is refused"),
    source: "https://learn.microsoft.com/partner-center/developer/partner-center-authentication",
};
