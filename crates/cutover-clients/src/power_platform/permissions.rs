//! Rights of the Power Platform calls.
//!
//! Source of the names: Power Platform documentation, permission reference, whose rule is `{namespace}.{resource}.{action}`.
//! The environment's backups and operations have no name of their own there and go with the environment.

use crate::directory_role;
use crate::permission::Permission;

const fn delegated(list: &'static [&'static str]) -> Permission {
    Permission {
        application: &[],
        delegated: list,
        also: &[],
        directory_roles: directory_role::ENVIRONMENTS,
        partner_center_roles: &[],
        privileges: &[],
        described_privilege: None,
        note: Some("an application has to be registered once with Power Platform by such a person"),
        source: "https://learn.microsoft.com/power-platform/admin/programmability-permission-reference",
    }
}

pub(super) static ENVIRONMENTS: Permission = delegated(&["EnvironmentManagement.Environments.Read"]);
pub(super) static APPLY_ADMIN_ROLE: Permission = Permission {
    note: Some("for a signed-in person only, and only for himself"),
    ..delegated(&["UserManagement.Users.Apply"])
};
pub(super) static APPLICATION_PACKAGES: Permission = delegated(&["AppManagement.ApplicationPackages.Read"]);
pub(super) static INSTALL_PACKAGE: Permission = delegated(&["AppManagement.ApplicationPackages.Install"]);
pub(super) static TAKE_BACKUP: Permission = delegated(&["EnvironmentManagement.Environments.Write"]);
