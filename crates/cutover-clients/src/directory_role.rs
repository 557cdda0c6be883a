//! Directory roles of Microsoft Entra that a signed-in person needs beside a delegated permission.
//!
//! Names and template ids: "Microsoft Entra built-in roles"; which of them open a call: the call's reference page.

use uuid::{Uuid, uuid};

/// A built-in directory role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirectoryRole {
    /// Its name, as the portal shows it.
    pub name: &'static str,
    /// Its template id, which is the definition's id in every tenant and what a token carries in `wids`.
    pub template: Uuid,
}

const fn role(name: &'static str, template: Uuid) -> DirectoryRole {
    DirectoryRole { name, template }
}

const APPLICATION_ADMINISTRATOR: DirectoryRole = role(
    "Application Administrator",
    uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"),
);
const APPLICATION_DEVELOPER: DirectoryRole =
    role("Application Developer", uuid!("cf1c38e5-3621-4004-a7cb-879624dced7c"));
const AUTHENTICATION_ADMINISTRATOR: DirectoryRole = role(
    "Authentication Administrator",
    uuid!("c4e39bd9-1100-46d3-8c65-fb160da0071f"),
);
const AUTHENTICATION_POLICY_ADMINISTRATOR: DirectoryRole = role(
    "Authentication Policy Administrator",
    uuid!("0526716b-113d-4c15-b2c8-68e3c22b9f80"),
);
const CLOUD_APPLICATION_ADMINISTRATOR: DirectoryRole = role(
    "Cloud Application Administrator",
    uuid!("158c047a-c907-4556-b7ef-446551a6b5f7"),
);
const CONDITIONAL_ACCESS_ADMINISTRATOR: DirectoryRole = role(
    "Conditional Access Administrator",
    uuid!("b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"),
);
const DIRECTORY_READERS: DirectoryRole = role("Directory Readers", uuid!("88d8e3e3-8f55-4a1e-953a-9b9898b8876b"));
const DIRECTORY_WRITERS: DirectoryRole = role("Directory Writers", uuid!("9360feb5-f418-4baa-8175-e2a00bac4301"));
const DYNAMICS_365_ADMINISTRATOR: DirectoryRole = role(
    "Dynamics 365 Administrator",
    uuid!("44367163-eba1-44c3-98af-f5787879f96a"),
);
const GLOBAL_ADMINISTRATOR: DirectoryRole = role("Global Administrator", uuid!("62e90394-69f5-4237-9190-012177145e10"));
const GLOBAL_READER: DirectoryRole = role("Global Reader", uuid!("f2ef992c-3afb-46b9-b7cf-a126ee74c451"));
const GROUPS_ADMINISTRATOR: DirectoryRole = role("Groups Administrator", uuid!("fdd7a751-b60b-444a-984c-02652fe8fa1c"));
const LICENSE_ADMINISTRATOR: DirectoryRole =
    role("License Administrator", uuid!("4d6ac14f-3453-41d0-bef9-a3e0c569773a"));
const POWER_PLATFORM_ADMINISTRATOR: DirectoryRole = role(
    "Power Platform Administrator",
    uuid!("11648597-926c-4cf3-9c36-bcebb0ba8dcc"),
);
const PRIVILEGED_AUTHENTICATION_ADMINISTRATOR: DirectoryRole = role(
    "Privileged Authentication Administrator",
    uuid!("7be44c8a-adaf-4e2a-84d6-ab2649e08a13"),
);
const PRIVILEGED_ROLE_ADMINISTRATOR: DirectoryRole = role(
    "Privileged Role Administrator",
    uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814"),
);
const REPORTS_READER: DirectoryRole = role("Reports Reader", uuid!("4a5d8f65-41da-4de4-8968-e035b65339cf"));
const SECURITY_ADMINISTRATOR: DirectoryRole =
    role("Security Administrator", uuid!("194ae4cb-b126-40b2-bd5b-6091b380977d"));
const SECURITY_OPERATOR: DirectoryRole = role("Security Operator", uuid!("5f2222b1-57c3-48ba-8ad5-d4759f1fde6f"));
const SECURITY_READER: DirectoryRole = role("Security Reader", uuid!("5d6b6bb7-de71-4623-b4af-96380a352509"));
const USER_ADMINISTRATOR: DirectoryRole = role("User Administrator", uuid!("fe930be7-5e62-47db-91af-98c3a49a38b1"));

/// Registered methods of others (reference page of `authentication-list-methods`).
pub(crate) const METHODS: &[DirectoryRole] = &[
    GLOBAL_READER,
    AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Per-user MFA of others, and the methods policy (`authentication-get`, `authenticationmethodspolicy-get`).
pub(crate) const METHODS_POLICY: &[DirectoryRole] =
    &[GLOBAL_READER, AUTHENTICATION_POLICY_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// The registration report (`authenticationmethodsroot-list-userregistrationdetails`).
pub(crate) const REGISTRATION: &[DirectoryRole] = &[
    REPORTS_READER,
    SECURITY_READER,
    GLOBAL_READER,
    SECURITY_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// The sign-in log (`signin-list`).
pub(crate) const SIGN_INS: &[DirectoryRole] = &[
    REPORTS_READER,
    SECURITY_READER,
    SECURITY_OPERATOR,
    GLOBAL_READER,
    SECURITY_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Conditional Access (`conditionalaccessroot-list-policies`, `conditionalaccessroot-list-namedlocations`). The page names a
/// network administrator as well, whose reading nobody should be given for this.
pub(crate) const CONDITIONAL_ACCESS: &[DirectoryRole] = &[
    SECURITY_READER,
    GLOBAL_READER,
    SECURITY_ADMINISTRATOR,
    CONDITIONAL_ACCESS_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Privileged Identity Management, reading (`rbacapplication-list-roleassignmentscheduleinstances` and its neighbours).
pub(crate) const PRIVILEGED_IDENTITY_MANAGEMENT: &[DirectoryRole] = &[
    SECURITY_READER,
    SECURITY_OPERATOR,
    GLOBAL_READER,
    SECURITY_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Role assignments (`rbacapplication-list-roleassignments`).
pub(crate) const ROLE_ASSIGNMENTS: &[DirectoryRole] = &[
    DIRECTORY_READERS,
    GLOBAL_READER,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Delegated permission grants (`oauth2permissiongrant-list`).
pub(crate) const GRANTS: &[DirectoryRole] = &[
    DIRECTORY_READERS,
    GLOBAL_READER,
    DIRECTORY_WRITERS,
    APPLICATION_DEVELOPER,
    CLOUD_APPLICATION_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Products of the tenant (`subscribedsku-list`).
pub(crate) const SKUS: &[DirectoryRole] = &[DIRECTORY_READERS, GLOBAL_READER, GLOBAL_ADMINISTRATOR];
/// Licences of others (`user-list-licensedetails`; Global Reader holds everything that Directory Readers do).
pub(crate) const LICENCE_DETAILS: &[DirectoryRole] = &[
    DIRECTORY_READERS,
    GLOBAL_READER,
    DIRECTORY_WRITERS,
    LICENSE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Administrators of environments (Power Platform documentation, "Use service admin roles to manage your tenant").
pub(crate) const ENVIRONMENTS: &[DirectoryRole] = &[
    POWER_PLATFORM_ADMINISTRATOR,
    DYNAMICS_365_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Who may assign directory roles (`rbacapplication-post-roleassignments`, `…-roleassignmentschedulerequests`).
pub(crate) const ROLE_WRITERS: &[DirectoryRole] = &[PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// Who may change the members of a group (`group-post-members`); one that carries directory roles takes the second of them.
pub(crate) const GROUP_WRITERS: &[DirectoryRole] = &[
    GROUPS_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Who may assign licences (`user-assignlicense`).
pub(crate) const LICENCE_WRITERS: &[DirectoryRole] = &[
    LICENSE_ADMINISTRATOR,
    DIRECTORY_WRITERS,
    USER_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Who may change users (`user-update`).
pub(crate) const USER_WRITERS: &[DirectoryRole] = &[USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// Who may change applications of others (`serviceprincipal-post-serviceprincipals`, `application-post-applications`).
pub(crate) const APPLICATION_WRITERS: &[DirectoryRole] = &[
    CLOUD_APPLICATION_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Who may consent for the organisation (`oauth2permissiongrant-post`).
pub(crate) const GRANT_WRITERS: &[DirectoryRole] = &[
    CLOUD_APPLICATION_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// Who may set per-user MFA of others (`authentication-update`, beta).
pub(crate) const PER_USER_MFA_WRITERS: &[DirectoryRole] = &[AUTHENTICATION_POLICY_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// Who may change Conditional Access (`conditionalaccessroot-post-policies`) and security defaults.
pub(crate) const CONDITIONAL_ACCESS_WRITERS: &[DirectoryRole] = &[
    CONDITIONAL_ACCESS_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
