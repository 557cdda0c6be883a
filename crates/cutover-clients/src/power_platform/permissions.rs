//! Rights of the Power Platform calls.
//!
//! Source of the names: Power Platform documentation, permission reference, whose rule is `{namespace}.{resource}.{action}`.
//! The environment's backups and operations have no name of their own there and go with the environment.

use crate::permission::Permission;

const fn delegated(list: &'static [&'static str]) -> Permission {
    Permission {
        application: &[],
        delegated: list,
        also: &[],
        privileges: &[],
        note: Some(
            "a person needs the directory role Power Platform Administrator, Dynamics 365 Administrator or Global Administrator; an \
             application has to be registered once with Power Platform by such a person",
        ),
        source: "Power Platform documentation, permission reference and creating a service principal",
    }
}

pub(super) static ENVIRONMENTS: Permission = delegated(&["EnvironmentManagement.Environments.Read"]);
pub(super) static APPLICATION_PACKAGES: Permission = delegated(&["AppManagement.ApplicationPackages.Read"]);
