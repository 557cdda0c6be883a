//! Permissions, as Microsoft's permissions file lists them for each operation.
//!
//! Any entry is enough; an entry with ` and ` in it wants each of its parts. Intune's permissions are left
//! out: they unlock Intune's own properties only.

mod reading;
mod writing;

pub(crate) use reading::*;
pub(crate) use writing::*;

use crate::caller::Caller;

/// What an operation asks of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permissions {
    /// Application permissions, any of which is enough.
    pub(crate) application: &'static [&'static str],
    /// Delegated permissions, any of which is enough.
    pub(crate) delegated: &'static [&'static str],
}

const fn both(permissions: &'static [&'static str]) -> Permissions {
    Permissions {
        application: permissions,
        delegated: permissions,
    }
}

/// Delegated permissions that reach the signed-in person's own objects only.
const OWN_ONLY: [&str; 4] = [
    "User.Read",
    "User.ReadWrite",
    "UserAuthenticationMethod.Read",
    "UserAuthenticationMethod.ReadWrite",
];

impl Permissions {
    /// Whether a caller holds enough; `own` is false when what is asked for is about somebody else.
    pub(crate) fn allow(&self, caller: &Caller, own: bool) -> bool {
        self.allow_but(caller, own, None)
    }

    /// As [`Permissions::allow`], for an application that the caller does not own.
    pub(crate) fn allow_unowned(&self, caller: &Caller, own: bool) -> bool {
        self.allow_but(caller, own, Some("Application.ReadWrite.OwnedBy"))
    }

    fn allow_but(&self, caller: &Caller, own: bool, except: Option<&str>) -> bool {
        let (wanted, held) = if caller.is_application() {
            (self.application, &caller.roles)
        } else {
            (self.delegated, &caller.scopes)
        };
        wanted.is_empty()
            || wanted.iter().any(|alternative| {
                alternative.split(" and ").all(|permission| {
                    Some(permission) != except
                        && (own || !OWN_ONLY.contains(&permission))
                        && held.iter().any(|held| held.eq_ignore_ascii_case(permission))
                })
            })
    }
}

/// `GET /organization`
pub(crate) const ORGANIZATION: Permissions = Permissions {
    application: &[
        "Organization.Read.All",
        "Organization.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "User.Read.All",
    ],
    delegated: &[
        "User.Read",
        "Organization.Read.All",
        "Organization.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "User.Read.All",
    ],
};
/// `GET /domains`
pub(crate) const DOMAINS: Permissions = both(&["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"]);
/// `GET /users`
pub(crate) const USERS: Permissions = both(&[
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// `GET /users/{id}`
pub(crate) const USER: Permissions = Permissions {
    application: USERS.application,
    delegated: &[
        "User.Read",
        "User.ReadWrite",
        "User.ReadBasic.All",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
};
/// What shows more of a user than names and mail.
pub(crate) const USER_IN_FULL: Permissions = Permissions {
    application: &[
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    delegated: &[
        "User.Read",
        "User.ReadWrite",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
};
/// `GET /users/{id}/memberOf` and `…/transitiveMemberOf`
pub(crate) const MEMBER_OF: Permissions = Permissions {
    application: &[
        "User.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "Group.Read.All",
        "Group.ReadBasic.All",
        "GroupMember.Read.All",
        "GroupMember.ReadBasic.All",
    ],
    delegated: &[
        "User.Read",
        "User.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
        "Group.Read.All",
        "Group.ReadBasic.All",
        "GroupMember.Read.All",
        "GroupMember.ReadBasic.All",
    ],
};
/// `POST /users/{id}/checkMemberGroups` and `…/getMemberGroups`: the row for users of the reference page.
pub(crate) const MEMBER_GROUPS: Permissions = Permissions {
    application: &[
        "User.Read.All and GroupMember.Read.All",
        "User.Read.All and Group.Read.All",
        "User.ReadWrite.All and GroupMember.ReadWrite.All",
        "User.ReadWrite.All and GroupMember.Read.All",
        "User.Read.All and Group.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    delegated: &[
        "User.ReadBasic.All and GroupMember.Read.All",
        "User.ReadBasic.All and Group.Read.All",
        "User.Read and GroupMember.Read.All",
        "User.Read.All and GroupMember.Read.All",
        "User.Read.All and Group.Read.All",
        "User.ReadWrite.All and GroupMember.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
};
/// The same actions on groups: the row for groups.
pub(crate) const GROUPS_OF_GROUP: Permissions = both(&[
    "GroupMember.Read.All",
    "Group.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// The same actions on service principals: the row for service principals.
pub(crate) const GROUPS_OF_PRINCIPAL: Permissions = both(&[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// The same actions on any directory object: the row for directory objects.
pub(crate) const GROUPS_OF_OBJECT: Permissions = both(&["Directory.Read.All", "Directory.ReadWrite.All"]);
/// `GET /groups` and `/groups/{id}`
pub(crate) const GROUPS: Permissions = both(&[
    "Group.ReadBasic.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// `GET /groups/{id}/members` and `…/transitiveMembers`
pub(crate) const GROUP_MEMBERS: Permissions = both(&[
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.ReadBasic.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
]);
/// `POST /directoryObjects/getByIds`
pub(crate) const DIRECTORY_OBJECTS: Permissions = both(&[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "User.ReadBasic.All",
    "User.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "Application.Read.All",
]);
/// Directory roles, definitions and assignments.
pub(crate) const ROLES: Permissions = Permissions {
    application: &[
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    delegated: &[
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.ReadWrite.Directory",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
};
/// `GET …/transitiveRoleAssignments` (beta), which takes one permission less of persons.
pub(crate) const TRANSITIVE_ROLES: Permissions = both(ROLES.application);
/// `GET …/roleDefinitions`, which takes one permission more than assignments do.
pub(crate) const ROLE_DEFINITIONS: Permissions = both(ROLES.delegated);
/// `GET …/roleAssignmentSchedules` and `…ScheduleInstances`
pub(crate) const ROLE_ASSIGNMENT_SCHEDULES: Permissions = both(&[
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
    "RoleManagement.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
]);
/// `GET …/roleEligibilityScheduleInstances`
pub(crate) const ROLE_ELIGIBILITY_SCHEDULES: Permissions = both(&[
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
]);
/// `GET /policies/roleManagementPolicyAssignments`
pub(crate) const ROLE_MANAGEMENT_POLICIES: Permissions = Permissions {
    application: &[
        "RoleManagement.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
    ],
    delegated: &[
        "RoleManagementPolicy.Read.Directory",
        "RoleManagementPolicy.ReadWrite.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
    ],
};
/// `GET /subscribedSkus`
pub(crate) const SUBSCRIBED_SKUS: Permissions = both(&[
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
]);
/// `GET /users/{id}/licenseDetails`
pub(crate) const LICENSE_DETAILS: Permissions = Permissions {
    application: &[
        "LicenseAssignment.Read.All",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    delegated: &[
        "User.Read",
        "LicenseAssignment.Read.All",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
};
/// `GET /users/{id}/authentication/requirements`
pub(crate) const AUTHENTICATION_REQUIREMENTS: Permissions =
    both(&["Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"]);
/// `GET /users/{id}/authentication/methods`
pub(crate) const AUTHENTICATION_METHODS: Permissions = Permissions {
    application: &[
        "UserAuthenticationMethod.Read.All",
        "UserAuthenticationMethod.ReadWrite.All",
    ],
    delegated: &[
        "UserAuthenticationMethod.Read",
        "UserAuthenticationMethod.ReadWrite",
        "UserAuthenticationMethod.Read.All",
        "UserAuthenticationMethod.ReadWrite.All",
    ],
};
/// Registration report and sign-in log.
pub(crate) const AUDIT_LOG: Permissions = both(&["AuditLog.Read.All"]);
/// Conditional Access policies and named locations.
pub(crate) const CONDITIONAL_ACCESS: Permissions = both(&["Policy.Read.All"]);
/// `POST /identity/conditionalAccess/evaluate`
pub(crate) const WHAT_IF: Permissions = both(&[
    "Policy.Read.ConditionalAccess",
    "Policy.Read.All",
    "Policy.ReadWrite.ConditionalAccess",
]);
/// `GET /policies/identitySecurityDefaultsEnforcementPolicy`
pub(crate) const SECURITY_DEFAULTS: Permissions = both(&[
    "Policy.Read.All",
    "Policy.ReadWrite.SecurityDefaults and Policy.Read.All",
]);
/// `GET /policies/authenticationStrengthPolicies`
pub(crate) const AUTHENTICATION_STRENGTHS: Permissions = both(&[
    "Policy.Read.AuthenticationMethod",
    "Policy.Read.All",
    "Policy.ReadWrite.AuthenticationMethod",
    "Policy.ReadWrite.ConditionalAccess",
]);
/// `GET /policies/authenticationMethodsPolicy`
pub(crate) const AUTHENTICATION_METHODS_POLICY: Permissions = both(&[
    "Policy.Read.AuthenticationMethod",
    "Policy.Read.All",
    "Policy.ReadWrite.AuthenticationMethod",
]);
/// Delegated permission grants.
pub(crate) const OAUTH2_PERMISSION_GRANTS: Permissions = both(&[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
]);
/// `GET /users/{id}/appRoleAssignments`
pub(crate) const USER_APP_ROLE_ASSIGNMENTS: Permissions = both(&[
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
]);
/// `GET /applications` and `GET /servicePrincipals`, which take one permission less of applications than the object
/// by itself does.
pub(crate) const APPLICATIONS_LIST: Permissions = Permissions {
    application: &[
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Application.ReadWrite.OwnedBy",
        "Directory.Read.All",
    ],
    delegated: APPLICATIONS.delegated,
};
/// Applications and service principals.
pub(crate) const APPLICATIONS: Permissions = Permissions {
    application: &[
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Application.ReadWrite.OwnedBy",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    delegated: &[
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
};
