//! Permissions of the Graph calls, least first.
//!
//! Source: the reference page that each names, and `microsoftgraph/microsoft-graph-devx-content`,
//! `permissions/new/permissions.json` of 7 August 2026; where that file marks a permission as least that hides the
//! properties needed here, the reference page's one.

use crate::directory_role::{self, DirectoryRole};
use crate::permission::Permission;

/// The reference page of a call.
macro_rules! page {
    ($name:literal) => {
        concat!("https://learn.microsoft.com/graph/api/", $name)
    };
}

pub(super) use page;

pub(super) const fn either(list: &'static [&'static str], source: &'static str) -> Permission {
    Permission {
        application: list,
        delegated: list,
        also: &[],
        directory_roles: &[],
        partner_center_roles: &[],
        privileges: &[],
        described_privilege: None,
        note: None,
        source,
    }
}

impl Permission {
    /// The same; a signed-in person holds one of these directory roles as well.
    pub(super) const fn held_by(mut self, roles: &'static [DirectoryRole]) -> Self {
        self.directory_roles = roles;
        self
    }
}

/// User.ReadBasic.All would do for names, but hides licences and account state (reference page of user).
pub(super) static USER: Permission = either(
    &[
        "User.Read.All",
        "Directory.Read.All",
        "User.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    page!("user-get"),
);

pub(super) static LICENCE_DETAILS: Permission = either(
    &[
        "LicenseAssignment.Read.All",
        "User.Read.All",
        "Directory.Read.All",
        "User.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    page!("user-list-licensedetails"),
)
.held_by(directory_role::LICENCE_DETAILS);

pub(super) static SUBSCRIBED_SKUS: Permission = either(
    &[
        "LicenseAssignment.Read.All",
        "Organization.Read.All",
        "Directory.Read.All",
        "Organization.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    page!("subscribedsku-list"),
)
.held_by(directory_role::SKUS);

/// Without a permission for roles the members come back with id and type only.
pub(super) static DIRECTORY_ROLES: Permission = Permission {
    also: &[
        "RoleManagement.Read.Directory",
        "Directory.Read.All",
        "RoleManagement.ReadWrite.Directory",
        "Directory.ReadWrite.All",
    ],
    ..either(
        &["User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
        page!("user-list-transitivememberof"),
    )
};

/// Without a permission for groups the members come back with id and type only.
pub(super) static GROUPS: Permission = Permission {
    also: &[
        "GroupMember.Read.All",
        "Group.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    ..GROUP_IDS
};

/// Ids are shown of every member, whether or not the caller may see more of it (reference page, "limited information").
pub(super) static GROUP_IDS: Permission = either(
    &["User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    page!("user-list-transitivememberof"),
);

/// The permissions file marks Group.ReadBasic.All as least, which hides whether a group is a security group (reference page
/// of group, list).
pub(super) static GROUPS_BY_NAME: Permission = either(
    &[
        "GroupMember.Read.All",
        "Group.Read.All",
        "Directory.Read.All",
        "Group.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    page!("group-list"),
);

pub(super) static ROLE_ASSIGNMENTS: Permission = either(
    &[
        "RoleManagement.Read.Directory",
        "Directory.Read.All",
        "RoleManagement.ReadWrite.Directory",
        "Directory.ReadWrite.All",
    ],
    page!("rbacapplication-list-roleassignments"),
)
.held_by(directory_role::ROLE_ASSIGNMENTS);

pub(super) static ASSIGNMENT_INSTANCES: Permission = Permission {
    note: Some("the tenant needs Entra ID P2 or Governance"),
    ..either(
        &[
            "RoleAssignmentSchedule.Read.Directory",
            "RoleManagement.Read.Directory",
            "RoleManagement.Read.All",
            "RoleAssignmentSchedule.ReadWrite.Directory",
            "RoleManagement.ReadWrite.Directory",
        ],
        page!("rbacapplication-list-roleassignmentscheduleinstances"),
    )
    .held_by(directory_role::PRIVILEGED_IDENTITY_MANAGEMENT)
};

pub(super) static ELIGIBILITY_INSTANCES: Permission = Permission {
    note: Some("the tenant needs Entra ID P2 or Governance"),
    ..either(
        &[
            "RoleEligibilitySchedule.Read.Directory",
            "RoleManagement.Read.Directory",
            "RoleManagement.Read.All",
            "RoleEligibilitySchedule.ReadWrite.Directory",
            "RoleManagement.ReadWrite.Directory",
        ],
        page!("rbacapplication-list-roleeligibilityscheduleinstances"),
    )
    .held_by(directory_role::PRIVILEGED_IDENTITY_MANAGEMENT)
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
    ..either(&[], page!("policyroot-list-rolemanagementpolicyassignments"))
        .held_by(directory_role::PRIVILEGED_IDENTITY_MANAGEMENT)
};

pub(super) static APPLICATIONS: Permission = either(
    &[
        "Application.Read.All",
        "Directory.Read.All",
        "Application.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    page!("application-get"),
);

/// To list them, an application is not helped by the right to write the directory.
pub(super) static ALL_APPLICATIONS: Permission = Permission {
    application: &[
        "Application.Read.All",
        "Directory.Read.All",
        "Application.ReadWrite.All",
    ],
    source: page!("application-list"),
    ..APPLICATIONS
};

pub(super) static SERVICE_PRINCIPAL: Permission = Permission {
    source: page!("serviceprincipal-get"),
    ..APPLICATIONS
};

pub(super) static DELEGATED_GRANTS: Permission = either(
    &[
        "Directory.Read.All",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.ReadWrite.All",
    ],
    page!("oauth2permissiongrant-list"),
)
.held_by(directory_role::GRANTS);

pub(super) static AUTHENTICATION_METHODS: Permission = either(
    &[
        "UserAuthenticationMethod.Read.All",
        "UserAuthenticationMethod.ReadWrite.All",
    ],
    page!("authentication-list-methods"),
)
.held_by(directory_role::METHODS);

pub(super) static AUTHENTICATION_REQUIREMENTS: Permission = either(
    &["Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"],
    page!("authentication-get"),
)
.held_by(directory_role::METHODS_POLICY);

pub(super) static METHODS_POLICY: Permission = either(
    &[
        "Policy.Read.AuthenticationMethod",
        "Policy.Read.All",
        "Policy.ReadWrite.AuthenticationMethod",
    ],
    page!("authenticationmethodspolicy-get"),
)
.held_by(directory_role::METHODS_POLICY);

/// The page of security defaults names no directory role.
pub(super) static SECURITY_DEFAULTS: Permission = either(
    &["Policy.Read.All"],
    page!("identitysecuritydefaultsenforcementpolicy-get"),
);

pub(super) static CONDITIONAL_ACCESS: Permission =
    either(&["Policy.Read.All"], page!("conditionalaccessroot-list-policies"))
        .held_by(directory_role::CONDITIONAL_ACCESS);

pub(super) static NAMED_LOCATIONS: Permission =
    either(&["Policy.Read.All"], page!("conditionalaccessroot-list-namedlocations"))
        .held_by(directory_role::CONDITIONAL_ACCESS);

pub(super) static WHAT_IF: Permission = either(
    &[
        "Policy.Read.ConditionalAccess",
        "Policy.Read.All",
        "Policy.ReadWrite.ConditionalAccess",
    ],
    page!("conditionalaccessroot-evaluate"),
);

pub(super) static REGISTRATION: Permission = Permission {
    note: Some("the tenant needs Entra ID P1"),
    ..either(
        &["AuditLog.Read.All"],
        page!("authenticationmethodsroot-list-userregistrationdetails"),
    )
    .held_by(directory_role::REGISTRATION)
};

/// Whatever permission a person holds, one's own sign-ins are shown; they are nobody's whom cutover asks about.
pub(super) static SIGN_INS: Permission = Permission {
    note: Some("the tenant needs Entra ID P1"),
    ..either(&["AuditLog.Read.All"], page!("signin-list")).held_by(directory_role::SIGN_INS)
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
    ..either(&[], page!("organization-list"))
};
