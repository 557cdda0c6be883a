//! Permissions of writes, and the directory roles that a signed-in person needs beside them.

use super::{Permissions, both};

/// A directory role by name and template id.
pub(super) type Role = (&'static str, &'static str);

pub(super) const APPLICATION_ADMINISTRATOR: Role =
    ("Application Administrator", "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
pub(super) const APPLICATION_DEVELOPER: Role = ("Application Developer", "cf1c38e5-3621-4004-a7cb-879624dced7c");
pub(super) const AUTHENTICATION_ADMINISTRATOR: Role =
    ("Authentication Administrator", "c4e39bd9-1100-46d3-8c65-fb160da0071f");
pub(super) const AUTHENTICATION_POLICY_ADMINISTRATOR: Role = (
    "Authentication Policy Administrator",
    "0526716b-113d-4c15-b2c8-68e3c22b9f80",
);
pub(super) const CLOUD_APPLICATION_ADMINISTRATOR: Role = (
    "Cloud Application Administrator",
    "158c047a-c907-4556-b7ef-446551a6b5f7",
);
pub(super) const CONDITIONAL_ACCESS_ADMINISTRATOR: Role = (
    "Conditional Access Administrator",
    "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
);
pub(super) const DIRECTORY_WRITERS: Role = ("Directory Writers", "9360feb5-f418-4baa-8175-e2a00bac4301");
pub(super) const GROUPS_ADMINISTRATOR: Role = ("Groups Administrator", "fdd7a751-b60b-444a-984c-02652fe8fa1c");
pub(super) const LICENSE_ADMINISTRATOR: Role = ("License Administrator", "4d6ac14f-3453-41d0-bef9-a3e0c569773a");
pub(super) const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: Role = (
    "Privileged Authentication Administrator",
    "7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
);
pub(super) const PRIVILEGED_ROLE_ADMINISTRATOR: Role =
    ("Privileged Role Administrator", "e8611ab8-c189-46e8-94e1-60213ab1f814");
pub(super) const SECURITY_ADMINISTRATOR: Role = ("Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d");
pub(super) const USER_ADMINISTRATOR: Role = ("User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1");
pub(crate) const GLOBAL_ADMINISTRATOR: Role = ("Global Administrator", "62e90394-69f5-4237-9190-012177145e10");

/// Who may change applications of others (GD includes `rbac-application-apis-write`).
pub(crate) const APPLICATION_ROLES: &[Role] = &[
    APPLICATION_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-oauth2permissiongrant-apis-write`.
pub(crate) const GRANT_ROLES: &[Role] = &[
    APPLICATION_ADMINISTRATOR,
    APPLICATION_DEVELOPER,
    CLOUD_APPLICATION_ADMINISTRATOR,
    DIRECTORY_WRITERS,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-approleassignments-apis-write`.
pub(crate) const APP_ROLE_ASSIGNMENT_ROLES: &[Role] = &[
    DIRECTORY_WRITERS,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD group-post-members.
pub(crate) const GROUP_ROLES: &[Role] = &[
    GROUPS_ADMINISTRATOR,
    DIRECTORY_WRITERS,
    USER_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD user-update; the License Administrator reaches the usage location only.
pub(crate) const USER_ROLES: &[Role] = &[USER_ADMINISTRATOR, LICENSE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// The template of the License Administrator.
pub(crate) const LICENSE_ADMINISTRATOR_TEMPLATE: &str = LICENSE_ADMINISTRATOR.1;
/// GD user-delete.
pub(crate) const USER_DELETE_ROLES: &[Role] = &[
    USER_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD user-assignlicense.
pub(crate) const LICENSE_ROLES: &[Role] = &[
    DIRECTORY_WRITERS,
    LICENSE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-role-assignment-apis-write`, `rbac-directory-role-apis-write`, `rbac-pim-entra-roles-apis`.
pub(crate) const ROLE_MANAGEMENT_ROLES: &[Role] = &[PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// GD conditionalaccessroot-post-policies.
pub(crate) const CONDITIONAL_ACCESS_ROLES: &[Role] = &[
    CONDITIONAL_ACCESS_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD authentication-update (beta), per-user state of others.
pub(crate) const PER_USER_MFA_ROLES: &[Role] = &[AUTHENTICATION_POLICY_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// GD includes `rbac-authentication-methods-apis-write`; only the second of them reaches administrators.
pub(crate) const AUTHENTICATION_METHOD_ROLES: &[Role] = &[
    AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Templates of the roles that may do sensitive things to administrators (GD `users`, *Who can perform sensitive
/// actions*), and that none but a Global Administrator may do to one (a Privileged Authentication Administrator may,
/// too).
pub(crate) const OVER_ADMINISTRATORS: [&str; 2] = [PRIVILEGED_AUTHENTICATION_ADMINISTRATOR.1, GLOBAL_ADMINISTRATOR.1];

/// `POST /applications`
pub(crate) const APPLICATION_CREATE: Permissions = Permissions {
    application: &[
        "AppRegistration.Create",
        "Application.ReadWrite.OwnedBy",
        "Application.ReadWrite.All",
    ],
    delegated: &["AppRegistration.Create", "Application.ReadWrite.All"],
};
/// `PATCH` and `DELETE /applications/{id}`, owners
pub(crate) const APPLICATION_WRITE: Permissions = Permissions {
    application: &["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"],
    delegated: &["Application.ReadWrite.All"],
};
/// `POST /applications/{id}/addPassword`; `POST /servicePrincipals`
pub(crate) const APPLICATION_CREDENTIALS: Permissions = Permissions {
    application: &[
        "Application.ReadWrite.OwnedBy",
        "Application.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    delegated: &["Application.ReadWrite.All", "Directory.ReadWrite.All"],
};
/// `POST /servicePrincipals/{id}/appRoleAssignedTo` and `…/appRoleAssignments`
pub(crate) const APP_ROLE_ASSIGN: Permissions = both(&[
    "AppRoleAssignment.ReadWrite.All and Application.Read.All",
    "AppRoleAssignment.ReadWrite.All and Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All and Directory.Read.All",
]);
/// `DELETE …/appRoleAssignedTo/{id}`
pub(crate) const APP_ROLE_UNASSIGN: Permissions = both(&["AppRoleAssignment.ReadWrite.All"]);
/// `POST`, `PATCH`, `DELETE /oauth2PermissionGrants`
pub(crate) const GRANT_WRITE: Permissions =
    both(&["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]);
/// `POST /groups/{id}/members/$ref`, `DELETE …/members/{id}/$ref`
pub(crate) const GROUP_MEMBERS_WRITE: Permissions = both(&[
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
]);
/// What a role-assignable group asks for beside it.
pub(crate) const ROLE_MANAGEMENT_WRITE: Permissions = both(&["RoleManagement.ReadWrite.Directory"]);
/// `PATCH /users/{id}`
pub(crate) const USER_WRITE: Permissions = Permissions {
    application: &["User.ReadWrite.All", "Directory.ReadWrite.All"],
    delegated: &["User.ReadWrite", "User.ReadWrite.All", "Directory.ReadWrite.All"],
};
/// What reaches more of oneself than the profile.
pub(crate) const USER_WRITE_IN_FULL: Permissions = both(&["User.ReadWrite.All", "Directory.ReadWrite.All"]);
/// `DELETE /users/{id}`
pub(crate) const USER_DELETE: Permissions = both(&["User.ReadWrite.All", "User.DeleteRestore.All"]);
/// What deletes a group that is a member of another.
pub(crate) const GROUP_DELETE: Permissions = both(&["Group.ReadWrite.All", "Directory.ReadWrite.All"]);
/// `DELETE /groups/{id}/members/{id}` without `/$ref`: what may delete the member, by its type.
pub(crate) const GROUP_MEMBER_DELETE: Permissions = both(&[
    "User.ReadWrite.All",
    "User.DeleteRestore.All",
    "Group.ReadWrite.All",
    "Application.ReadWrite.All",
    "Directory.ReadWrite.All",
]);
/// `POST /users/{id}/revokeSignInSessions`
pub(crate) const USER_REVOKE: Permissions = both(&[
    "User.RevokeSessions.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
]);
/// `POST /users/{id}/assignLicense`
pub(crate) const LICENSE_WRITE: Permissions = both(&[
    "LicenseAssignment.ReadWrite.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
]);
/// `POST /groups/{id}/assignLicense`
pub(crate) const GROUP_LICENSE_WRITE: Permissions = both(&[
    "LicenseAssignment.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
]);
/// `POST`, `PATCH /identity/conditionalAccess/policies`
pub(crate) const CONDITIONAL_ACCESS_WRITE: Permissions =
    both(&["Policy.Read.All and Policy.ReadWrite.ConditionalAccess and Application.Read.All"]);
/// `DELETE /identity/conditionalAccess/policies/{id}`
pub(crate) const CONDITIONAL_ACCESS_DELETE: Permissions =
    both(&["Policy.Read.All and Policy.ReadWrite.ConditionalAccess"]);
/// `PATCH /policies/identitySecurityDefaultsEnforcementPolicy`
pub(crate) const SECURITY_DEFAULTS_WRITE: Permissions = both(&[
    "Policy.Read.All and Policy.ReadWrite.SecurityDefaults",
    "Policy.Read.All and Policy.ReadWrite.ConditionalAccess",
]);
/// `PATCH /users/{id}/authentication/requirements` (beta)
pub(crate) const AUTHENTICATION_REQUIREMENTS_WRITE: Permissions = both(&["Policy.ReadWrite.AuthenticationMethod"]);
/// `POST` and `DELETE` of authentication methods
pub(crate) const AUTHENTICATION_METHODS_WRITE: Permissions = Permissions {
    application: &["UserAuthenticationMethod.ReadWrite.All"],
    delegated: &[
        "UserAuthenticationMethod.ReadWrite",
        "UserAuthenticationMethod.ReadWrite.All",
    ],
};

/// `GET …/roleAssignmentScheduleRequests` and `POST …/cancel`
pub(crate) const ROLE_ASSIGNMENT_REQUESTS: Permissions = both(&[
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
]);
/// `POST …/roleAssignmentScheduleRequests`; what only removes is checked with the action.
pub(crate) const ROLE_ASSIGNMENT_REQUEST_CREATE: Permissions = both(&[
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleAssignmentSchedule.Remove.Directory",
]);
/// Requests on eligibility, read and written.
pub(crate) const ROLE_ELIGIBILITY_REQUESTS: Permissions = both(&[
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
]);
