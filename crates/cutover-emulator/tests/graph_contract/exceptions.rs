//! What the cut-down descriptions leave out, with the document that has it.

/// Types, with the document.
pub(crate) const TYPES: &[(&str, &str)] = &[];

/// Properties by type, with the document.
pub(crate) const PROPERTIES: &[(&str, &str, &str)] = &[
    (
        "organization",
        "businessPhones city country defaultUsageLocation marketingNotificationEmails \
         onPremisesLastSyncDateTime postalCode privacyProfile securityComplianceNotificationMails \
         securityComplianceNotificationPhones state street technicalNotificationMails",
        "GD resources/organization",
    ),
    (
        "domain",
        "availabilityStatus isAdminManaged isRoot manufacturer model passwordNotificationWindowInDays \
         passwordValidityPeriodInDays state",
        "GD resources/domain",
    ),
    (
        "user",
        "ageGroup businessPhones city companyName consentProvidedForMinor country creationType \
         customSecurityAttributes department employeeHireDate employeeId employeeLeaveDateTime \
         employeeOrgData employeeType externalUserStateChangeDateTime faxNumber givenName imAddresses \
         isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification mailNickname \
         mobilePhone onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes \
         onPremisesImmutableId onPremisesLastSyncDateTime onPremisesProvisioningErrors \
         onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesUserPrincipalName officeLocation \
         otherMails passwordPolicies passwordProfile postalCode preferredDataLocation proxyAddresses \
         showInAddressList state streetAddress surname",
        "GD resources/user",
    ),
    (
        "group",
        "classification expirationDateTime mail onPremisesLastSyncDateTime onPremisesSamAccountName \
         onPremisesSecurityIdentifier preferredDataLocation preferredLanguage proxyAddresses renewedDateTime \
         resourceBehaviorOptions resourceProvisioningOptions securityIdentifier theme uniqueName",
        "GD resources/group",
    ),
    (
        "signIn",
        "sessionLifetimePolicies userType",
        "GD resources/signin (beta)",
    ),
    (
        "application",
        "addIns applicationTemplateId certification defaultRedirectUri description groupMembershipClaims info \
         notes oauth2RequirePostResponse optionalClaims parentalControlSettings requestSignatureVerification \
         samlMetadataUrl serviceManagementReference tokenEncryptionKeyId",
        "GD resources/application",
    ),
    (
        "servicePrincipal",
        "alternativeNames appDescription applicationTemplateId createdDateTime description info loginUrl \
         logoutUrl notes notificationEmailAddresses preferredSingleSignOnMode \
         preferredTokenSigningKeyThumbprint resourceSpecificApplicationPermissions samlSingleSignOnSettings \
         tokenEncryptionKeyId",
        "GD resources/serviceprincipal",
    ),
];

/// Navigations by type, with the document.
pub(crate) const NAVIGATIONS: &[(&str, &str, &str)] = &[
    (
        "user",
        "manager directReports ownedObjects registeredDevices",
        "GD resources/user",
    ),
    ("group", "appRoleAssignments", "GD resources/group"),
];

/// Operations, with the document.
pub(crate) const OPERATIONS_ELSEWHERE: &[(&str, &str)] = &[
    ("POST /$batch", "GD json-batching"),
    ("GET /organization/{id}", "GD organization-get"),
    ("GET /domains/{id}", "GD domain-get"),
    ("GET /users/{id}/memberOf", "GD user-list-memberof"),
    (
        "GET /users/{id}/oauth2PermissionGrants",
        "GD user-list-oauth2permissiongrants",
    ),
    ("GET /users/{id}/appRoleAssignments", "GD user-list-approleassignments"),
    ("DELETE /users/{id}", "GD user-delete"),
    (
        "POST /users/{id}/reprocessLicenseAssignment",
        "GD user-reprocesslicenseassignment",
    ),
    (
        "GET /users/{id}/authentication/methods/{id}",
        "GD authenticationmethod-get",
    ),
    (
        "GET /users/{id}/authentication/{kindMethods}",
        "GD microsoftauthenticatorauthenticationmethod-list and its nine sisters",
    ),
    (
        "POST /users/{id}/authentication/{kindMethods}",
        "GD authentication-post-phonemethods, -emailmethods, -temporaryaccesspassmethods",
    ),
    (
        "DELETE /users/{id}/authentication/{kindMethods}/{id}",
        "GD phoneauthenticationmethod-delete and its sisters",
    ),
    ("GET /groups/{id}/memberOf", "GD group-list-memberof"),
    (
        "GET /groups/{id}/transitiveMemberOf",
        "GD group-list-transitivememberof",
    ),
    ("DELETE /groups/{id}/members/{id}", "GD group-delete-members, caution"),
    ("POST /users/{id}/getMemberGroups", "GD directoryobject-getmembergroups"),
    (
        "POST /users/{id}/getMemberObjects",
        "GD directoryobject-getmemberobjects",
    ),
    (
        "POST /users/{id}/checkMemberObjects",
        "GD directoryobject-checkmemberobjects",
    ),
    (
        "POST /groups/{id}/getMemberGroups",
        "GD directoryobject-getmembergroups",
    ),
    (
        "POST /groups/{id}/getMemberObjects",
        "GD directoryobject-getmemberobjects",
    ),
    (
        "POST /groups/{id}/checkMemberGroups",
        "GD directoryobject-checkmembergroups",
    ),
    (
        "POST /groups/{id}/checkMemberObjects",
        "GD directoryobject-checkmemberobjects",
    ),
    (
        "POST /servicePrincipals/{id}/getMemberGroups",
        "GD directoryobject-getmembergroups",
    ),
    (
        "POST /servicePrincipals/{id}/getMemberObjects",
        "GD directoryobject-getmemberobjects",
    ),
    (
        "POST /servicePrincipals/{id}/checkMemberGroups",
        "GD directoryobject-checkmembergroups",
    ),
    (
        "POST /servicePrincipals/{id}/checkMemberObjects",
        "GD directoryobject-checkmemberobjects",
    ),
    (
        "POST /directoryObjects/{id}/getMemberGroups",
        "GD directoryobject-getmembergroups",
    ),
    (
        "POST /directoryObjects/{id}/getMemberObjects",
        "GD directoryobject-getmemberobjects",
    ),
    (
        "POST /directoryObjects/{id}/checkMemberGroups",
        "GD directoryobject-checkmembergroups",
    ),
    (
        "POST /directoryObjects/{id}/checkMemberObjects",
        "GD directoryobject-checkmemberobjects",
    ),
    ("GET /directoryObjects/{id}", "GD directoryobject-get"),
    ("POST /directoryObjects/getByIds", "GD directoryobject-getbyids"),
    ("GET /directoryRoles", "GD directoryrole-list"),
    ("GET /directoryRoles/{id}", "GD directoryrole-get"),
    ("GET /directoryRoles/{id}/members", "GD directoryrole-list-members"),
    ("GET /directoryRoleTemplates", "GD directoryroletemplate-list"),
    ("GET /directoryRoleTemplates/{id}", "GD directoryroletemplate-get"),
    (
        "GET /roleManagement/directory/roleDefinitions/{id}",
        "GD unifiedroledefinition-get",
    ),
    (
        "GET /roleManagement/directory/roleAssignmentScheduleInstances/filterByCurrentUser/{on}",
        "GD unifiedroleassignmentscheduleinstance-filterbycurrentuser",
    ),
    (
        "GET /roleManagement/directory/roleAssignmentSchedules/filterByCurrentUser/{on}",
        "GD unifiedroleassignmentschedule-filterbycurrentuser",
    ),
    (
        "GET /roleManagement/directory/roleEligibilitySchedules",
        "GD rbacapplication-list-roleeligibilityschedules",
    ),
    (
        "GET /roleManagement/directory/roleEligibilitySchedules/filterByCurrentUser/{on}",
        "GD unifiedroleeligibilityschedule-filterbycurrentuser",
    ),
    (
        "GET /roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser/{on}",
        "GD unifiedroleeligibilityscheduleinstance-filterbycurrentuser",
    ),
    (
        "POST /directoryRoles/{id}/members/$ref",
        "GD directoryrole-post-members",
    ),
    (
        "DELETE /directoryRoles/{id}/members/{id}/$ref",
        "GD directoryrole-delete-member",
    ),
    (
        "GET /roleManagement/directory/roleAssignmentScheduleRequests/{id}",
        "GD unifiedroleassignmentschedulerequest-get",
    ),
    (
        "GET /roleManagement/directory/roleEligibilityScheduleRequests/{id}",
        "GD unifiedroleeligibilityschedulerequest-get",
    ),
    (
        "POST /roleManagement/directory/roleEligibilityScheduleRequests/{id}/cancel",
        "GD unifiedroleeligibilityschedulerequest-cancel",
    ),
    (
        "GET /identity/conditionalAccess/namedLocations/{id}",
        "GD namedlocation-get",
    ),
    ("GET /auditLogs/signIns/{id}", "GD signin-get"),
    ("GET /applications/{id}/owners", "GD application-list-owners"),
    ("POST /applications/{id}/owners/$ref", "GD application-post-owners"),
    (
        "DELETE /applications/{id}/owners/{id}/$ref",
        "GD application-delete-owners",
    ),
    (
        "POST /applications/{id}/removePassword",
        "GD application-removepassword",
    ),
    ("PATCH /servicePrincipals/{id}", "GD serviceprincipal-update"),
    ("DELETE /servicePrincipals/{id}", "GD serviceprincipal-delete"),
    ("GET /servicePrincipals/{id}/owners", "GD serviceprincipal-list-owners"),
    (
        "GET /servicePrincipals/{id}/oauth2PermissionGrants",
        "GD serviceprincipal-list-oauth2permissiongrants",
    ),
    (
        "GET /servicePrincipals/{id}/memberOf",
        "GD serviceprincipal-list-memberof",
    ),
    (
        "GET /servicePrincipals/{id}/transitiveMemberOf",
        "GD serviceprincipal-list-transitivememberof",
    ),
    (
        "DELETE /servicePrincipals/{id}/appRoleAssignments/{id}",
        "GD serviceprincipal-delete-approleassignments",
    ),
    ("GET /subscribedSkus/{id}", "GD subscribedsku-get"),
];

/// Permissions by operation and kind, with the document; `least` where the least one named there is not enough.
pub(crate) const PERMISSIONS: &[(&str, &str, &str, &str)] = &[
    (
        "POST /groups/{id}/members/$ref",
        "application delegated",
        "Group.ReadWrite.All Directory.ReadWrite.All",
        "GD group-post-members, higher privileged permissions",
    ),
    (
        "DELETE /groups/{id}/members/{id}/$ref",
        "application delegated",
        "Group.ReadWrite.All Directory.ReadWrite.All",
        "GD group-delete-members, higher privileged permissions",
    ),
    (
        "POST /users/{id}/checkMemberGroups",
        "application delegated",
        "GroupMember.ReadWrite.All",
        "GD directoryobject-checkmembergroups, the row for users",
    ),
    (
        "POST /users/{id}/checkMemberGroups",
        "delegated",
        "User.Read",
        "GD directoryobject-checkmembergroups, the row for oneself",
    ),
];
