//! Permissions of the Graph calls that change something, least first. Sources: the reference page that each names.

use super::permissions::{either, page};
use crate::directory_role;
use crate::permission::Permission;

pub(super) static SCHEDULE_REQUESTS: Permission = Permission {
    note: Some("the tenant needs Entra ID P2 or Governance; an activation of one's own needs a signed-in person"),
    ..either(
        &[
            "RoleAssignmentSchedule.ReadWrite.Directory",
            "RoleManagement.ReadWrite.Directory",
        ],
        page!("rbacapplication-post-roleassignmentschedulerequests"),
    )
};

pub(super) static ROLE_ASSIGNMENT: Permission = either(
    &["RoleManagement.ReadWrite.Directory"],
    page!("rbacapplication-post-roleassignments"),
)
.held_by(directory_role::ROLE_WRITERS);

pub(super) static GROUP_MEMBER: Permission = Permission {
    note: Some("a group that carries directory roles asks for RoleManagement.ReadWrite.Directory as well"),
    ..either(&["GroupMember.ReadWrite.All"], page!("group-post-members")).held_by(directory_role::GROUP_WRITERS)
};

pub(super) static LICENCE: Permission = either(
    &[
        "LicenseAssignment.ReadWrite.All",
        "User.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    page!("user-assignlicense"),
)
.held_by(directory_role::LICENCE_WRITERS);

pub(super) static USER: Permission = either(&["User.ReadWrite.All", "Directory.ReadWrite.All"], page!("user-update"))
    .held_by(directory_role::USER_WRITERS);

pub(super) static SERVICE_PRINCIPAL: Permission = either(
    &["Application.ReadWrite.All", "Directory.ReadWrite.All"],
    page!("serviceprincipal-post-serviceprincipals"),
)
.held_by(directory_role::APPLICATION_WRITERS);

pub(super) static APPLICATION: Permission = either(
    &["AppRegistration.Create", "Application.ReadWrite.All"],
    page!("application-post-applications"),
)
.held_by(directory_role::APPLICATION_WRITERS);

pub(super) static GRANT: Permission = either(
    &["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
    page!("oauth2permissiongrant-post"),
)
.held_by(directory_role::GRANT_WRITERS);

pub(super) static PER_USER_MFA: Permission = either(
    &["Policy.ReadWrite.AuthenticationMethod"],
    page!("authentication-update"),
)
.held_by(directory_role::PER_USER_MFA_WRITERS);

pub(super) static CONDITIONAL_ACCESS: Permission = Permission {
    also: &["Policy.Read.All"],
    note: Some("creating one needs Application.Read.All as well"),
    ..either(
        &["Policy.ReadWrite.ConditionalAccess"],
        page!("conditionalaccessroot-post-policies"),
    )
    .held_by(directory_role::CONDITIONAL_ACCESS_WRITERS)
};

pub(super) static SECURITY_DEFAULTS: Permission = Permission {
    also: &["Policy.Read.All"],
    ..either(
        &[
            "Policy.ReadWrite.SecurityDefaults",
            "Policy.ReadWrite.ConditionalAccess",
        ],
        page!("identitysecuritydefaultsenforcementpolicy-update"),
    )
    .held_by(directory_role::CONDITIONAL_ACCESS_WRITERS)
};
