//! The directory roles that a signed-in person needs beside the permission to read. A Global Administrator holds
//! everything that the named roles do.

use super::writing::{
    APPLICATION_ADMINISTRATOR, APPLICATION_DEVELOPER, AUTHENTICATION_ADMINISTRATOR,
    AUTHENTICATION_POLICY_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR, CONDITIONAL_ACCESS_ADMINISTRATOR,
    DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR, LICENSE_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR, Role, SECURITY_ADMINISTRATOR, USER_ADMINISTRATOR,
};

const DIRECTORY_READERS: Role = ("Directory Readers", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b");
const GLOBAL_READER: Role = ("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451");
const GLOBAL_SECURE_ACCESS_ADMINISTRATOR: Role = (
    "Global Secure Access Administrator",
    "ac434307-12b9-4fa1-a708-88bf58caabc1",
);
const GUEST_INVITER: Role = ("Guest Inviter", "95e79109-95c0-4d8e-aee3-d01accf2d47b");
const REPORTS_READER: Role = ("Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf");
const SECURITY_OPERATOR: Role = ("Security Operator", "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f");
const SECURITY_READER: Role = ("Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509");

/// GD includes `rbac-authentication-methods-apis-read-others`.
pub(crate) const AUTHENTICATION_METHODS_READERS: &[Role] = &[
    GLOBAL_READER,
    AUTHENTICATION_ADMINISTRATOR,
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD authentication-get and includes `rbac-authentication-methods-policy-apis-read`.
pub(crate) const AUTHENTICATION_POLICY_READERS: &[Role] =
    &[GLOBAL_READER, AUTHENTICATION_POLICY_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
/// GD authenticationmethodsroot-list-userregistrationdetails.
pub(crate) const REGISTRATION_READERS: &[Role] = &[
    REPORTS_READER,
    SECURITY_READER,
    SECURITY_ADMINISTRATOR,
    GLOBAL_READER,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-signin-apis-read`. That everybody sees his own sign-ins is left out.
pub(crate) const SIGN_IN_READERS: &[Role] = &[
    GLOBAL_READER,
    REPORTS_READER,
    SECURITY_ADMINISTRATOR,
    SECURITY_OPERATOR,
    SECURITY_READER,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-conditionalaccess-apis-read`.
pub(crate) const CONDITIONAL_ACCESS_READERS: &[Role] = &[
    GLOBAL_SECURE_ACCESS_ADMINISTRATOR,
    SECURITY_READER,
    SECURITY_ADMINISTRATOR,
    GLOBAL_READER,
    CONDITIONAL_ACCESS_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-pim-entra-roles-apis`, read operations.
pub(crate) const ROLE_SCHEDULE_READERS: &[Role] = &[
    GLOBAL_READER,
    SECURITY_OPERATOR,
    SECURITY_READER,
    SECURITY_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-role-assignment-apis-read`.
pub(crate) const ROLE_ASSIGNMENT_READERS: &[Role] = &[
    DIRECTORY_READERS,
    GLOBAL_READER,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-oauth2permissiongrant-apis-read`.
pub(crate) const GRANT_READERS: &[Role] = &[
    GLOBAL_READER,
    DIRECTORY_READERS,
    APPLICATION_ADMINISTRATOR,
    APPLICATION_DEVELOPER,
    CLOUD_APPLICATION_ADMINISTRATOR,
    DIRECTORY_WRITERS,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
/// GD includes `rbac-company-subscriptions-subscribedskus-apis`; Dynamics 365 Business Central Administrators, who see
/// some of the properties, are left out.
pub(crate) const SKU_READERS: &[Role] = &[GLOBAL_READER, DIRECTORY_READERS, GLOBAL_ADMINISTRATOR];
/// GD user-list-licensedetails; Global Reader holds everything that Directory Readers do (Entra, built-in roles).
pub(crate) const LICENSE_READERS: &[Role] = &[
    GUEST_INVITER,
    DIRECTORY_READERS,
    GLOBAL_READER,
    DIRECTORY_WRITERS,
    LICENSE_ADMINISTRATOR,
    USER_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];
