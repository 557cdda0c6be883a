//! Rights of the Partner Center calls. It knows one delegated permission; what a person may do follows from the roles given
//! in Partner Center (Partner Center documentation, authentication and users' roles).

use crate::permission::Permission;

pub(super) static APP_AND_USER: Permission = Permission {
    application: &[],
    delegated: &["user_impersonation"],
    also: &[],
    privileges: &[],
    note: Some(
        "a person with a Partner Center role such as Admin agent, signed in with multifactor authentication; an application alone is refused",
    ),
    source: "Partner Center REST documentation, Partner Center authentication (App+User)",
};
