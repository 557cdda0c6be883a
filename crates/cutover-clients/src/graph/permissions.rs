//! Permissions of the Graph calls, least first.
//!
//! Source: `microsoftgraph/microsoft-graph-devx-content`, `permissions/new/permissions.json` of 7 August 2026;
//! where that file marks a permission as least that hides the properties needed here, the reference page's one.

use crate::permission::Permission;

const DEVX: &str = "microsoft-graph-devx-content, permissions.json, 2026-08-07";

const fn either(list: &'static [&'static str]) -> Permission {
    Permission {
        application: list,
        delegated: list,
        also: &[],
        privileges: &[],
        note: None,
        source: DEVX,
    }
}

/// User.ReadBasic.All would do for names, but hides licences and account state (reference page of user).
pub(super) static USER: Permission = either(&[
    "User.Read.All",
    "Directory.Read.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
]);

pub(super) static LICENCE_DETAILS: Permission = either(&[
    "LicenseAssignment.Read.All",
    "User.Read.All",
    "Directory.Read.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
]);

pub(super) static SUBSCRIBED_SKUS: Permission = either(&[
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Directory.Read.All",
    "Organization.ReadWrite.All",
    "Directory.ReadWrite.All",
]);

/// Without a permission for roles the members come back with id and type only.
pub(super) static DIRECTORY_ROLES: Permission = Permission {
    also: &[
        "RoleManagement.Read.Directory",
        "Directory.Read.All",
        "RoleManagement.ReadWrite.Directory",
        "Directory.ReadWrite.All",
    ],
    ..either(&["User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"])
};

/// Without a permission for groups the members come back with id and type only.
pub(super) static GROUPS: Permission = Permission {
    also: &[
        "GroupMember.Read.All",
        "Group.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    ..either(&["User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"])
};

/// The permissions file marks Group.ReadBasic.All as least, which hides whether a group is a security group (reference page
/// of group, list).
pub(super) static GROUPS_BY_NAME: Permission = either(&[
    "GroupMember.Read.All",
    "Group.Read.All",
    "Directory.Read.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
]);

pub(super) static ROLE_ASSIGNMENTS: Permission = either(&[
    "RoleManagement.Read.Directory",
    "Directory.Read.All",
    "RoleManagement.ReadWrite.Directory",
    "Directory.ReadWrite.All",
]);

pub(super) static ASSIGNMENT_INSTANCES: Permission = Permission {
    note: Some("the tenant needs Entra ID P2 or Governance"),
    ..either(&[
        "RoleAssignmentSchedule.Read.Directory",
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.All",
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "RoleManagement.ReadWrite.Directory",
    ])
};

pub(super) static ELIGIBILITY_INSTANCES: Permission = Permission {
    note: Some("the tenant needs Entra ID P2 or Governance"),
    ..either(&[
        "RoleEligibilitySchedule.Read.Directory",
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.All",
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "RoleManagement.ReadWrite.Directory",
    ])
};

pub(super) static ROLE_POLICY: Permission = Permission {
    application: &[
        "RoleManagement.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
    ],
    delegated: &[
        "RoleManagementPolicy.Read.Directory",
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.All",
        "RoleManagementPolicy.ReadWrite.Directory",
        "RoleManagement.ReadWrite.Directory",
    ],
    note: Some("the tenant needs Entra ID P2 or Governance"),
    ..either(&[])
};

pub(super) static APPLICATIONS: Permission = either(&[
    "Application.Read.All",
    "Directory.Read.All",
    "Application.ReadWrite.All",
    "Directory.ReadWrite.All",
]);

/// To list them, an application is not helped by the right to write the directory.
pub(super) static ALL_APPLICATIONS: Permission = Permission {
    application: &[
        "Application.Read.All",
        "Directory.Read.All",
        "Application.ReadWrite.All",
    ],
    ..APPLICATIONS
};

pub(super) static DELEGATED_GRANTS: Permission = either(&[
    "Directory.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.ReadWrite.All",
]);

pub(super) static AUTHENTICATION_METHODS: Permission = either(&[
    "UserAuthenticationMethod.Read.All",
    "UserAuthenticationMethod.ReadWrite.All",
]);

pub(super) static AUTHENTICATION_REQUIREMENTS: Permission = Permission {
    note: Some("a signed-in person must also be Global Reader or Authentication Policy Administrator"),
    ..either(&["Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"])
};

pub(super) static METHODS_POLICY: Permission = either(&[
    "Policy.Read.AuthenticationMethod",
    "Policy.Read.All",
    "Policy.ReadWrite.AuthenticationMethod",
]);

pub(super) static POLICIES: Permission = either(&["Policy.Read.All"]);

pub(super) static WHAT_IF: Permission = either(&[
    "Policy.Read.ConditionalAccess",
    "Policy.Read.All",
    "Policy.ReadWrite.ConditionalAccess",
]);

pub(super) static AUDIT_LOG: Permission = Permission {
    note: Some("the tenant needs Entra ID P1"),
    ..either(&["AuditLog.Read.All"])
};

/// The permissions file marks an Intune permission as least, which gives Intune's properties only.
pub(super) static ORGANIZATION: Permission = Permission {
    application: &[
        "Organization.Read.All",
        "Directory.Read.All",
        "Organization.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    delegated: &[
        "User.Read",
        "Organization.Read.All",
        "User.Read.All",
        "Directory.Read.All",
        "Organization.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    ..either(&[])
};
