//! Entity types: the properties each has, as the Graph service description (CSDL) lists them.
//!
//! They decide what `$select`, `$filter` and `$orderby` may name, what a row that says nothing of a
//! property answers (null, or an empty collection), and what leaves without `$select`.

use serde_json::{Value, json};

use crate::state::Row;

mod roles;

pub(crate) use roles::*;

/// An entity type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EntityType {
    /// Name without its namespace: `user`.
    pub(crate) name: &'static str,
    /// Properties, blank-separated, `[]` behind collections; empty for types that come in several
    /// shapes, whose rows are left as they are.
    pub(crate) properties: &'static str,
    /// What leaves without `$select` in v1.0; `None`: all of it.
    pub(crate) default: Option<&'static str>,
    /// Navigation properties that filters may follow.
    pub(crate) navigations: &'static str,
    /// Whether nothing but `properties` leaves, whatever a row holds.
    pub(crate) closed: bool,
    /// Where its objects stand in `@odata.context` of a collection of mixed types.
    pub(crate) set: &'static str,
}

const fn entity(
    name: &'static str,
    set: &'static str,
    navigations: &'static str,
    properties: &'static str,
) -> EntityType {
    EntityType {
        name,
        properties,
        default: None,
        navigations,
        closed: false,
        set,
    }
}

impl EntityType {
    fn names(&self) -> impl Iterator<Item = (&'static str, bool)> {
        self.properties
            .split_ascii_whitespace()
            .map(|name| match name.strip_suffix("[]") {
                Some(name) => (name, true),
                None => (name, false),
            })
    }

    /// The spelling of a property, found without regard to case.
    pub(crate) fn property(&self, name: &str) -> Option<&'static str> {
        self.names()
            .map(|(there, _)| there)
            .find(|there| there.eq_ignore_ascii_case(name))
    }

    /// Whether a filter, an order or a selection may name it. Types without a list take any name, and
    /// directory extensions are named by those who made them.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.properties.is_empty()
            || name == "*"
            || name == "id"
            || name.starts_with("extension_")
            || self.property(name).is_some()
            || self.navigates(name)
    }

    /// Whether it has such a navigation property.
    pub(crate) fn navigates(&self, name: &str) -> bool {
        self.navigations
            .split_ascii_whitespace()
            .any(|there| there.eq_ignore_ascii_case(name))
    }

    /// The row with every property of the type, in the row's order, absent ones null or empty at the end.
    pub(crate) fn complete(&self, row: &Row) -> Row {
        let mut full = row.clone();
        if self.closed {
            full.retain(|name, _| name.starts_with('@') || self.property(name).is_some());
        }
        for (name, collection) in self.names() {
            if !full.contains_key(name) {
                let value = if collection { json!([]) } else { Value::Null };
                full.insert(name.to_owned(), value);
            }
        }
        full
    }
}

/// `user`. Its list is longer than the others' service description here, after the reference page.
pub(crate) static USER: EntityType = EntityType {
    default: Some(
        "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation \
         preferredLanguage surname userPrincipalName id",
    ),
    ..entity(
        "user",
        "users",
        "appRoleAssignments authentication licenseDetails memberOf oauth2PermissionGrants \
         transitiveMemberOf manager directReports ownedObjects registeredDevices",
        "id deletedDateTime accountEnabled ageGroup assignedLicenses[] assignedPlans[] \
         businessPhones[] city companyName consentProvidedForMinor country createdDateTime \
         creationType customSecurityAttributes department displayName employeeHireDate employeeId \
         employeeLeaveDateTime employeeOrgData employeeType externalUserState \
         externalUserStateChangeDateTime faxNumber givenName identities[] imAddresses[] \
         isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification \
         licenseAssignmentStates[] mail mailNickname mobilePhone onPremisesDistinguishedName \
         onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId \
         onPremisesLastSyncDateTime onPremisesProvisioningErrors[] onPremisesSamAccountName \
         onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName \
         officeLocation otherMails[] passwordPolicies passwordProfile postalCode \
         preferredDataLocation preferredLanguage provisionedPlans[] proxyAddresses[] \
         securityIdentifier showInAddressList signInActivity signInSessionsValidFromDateTime state \
         streetAddress surname usageLocation userPrincipalName userType",
    )
};

/// `group`
pub(crate) static GROUP: EntityType = entity(
    "group",
    "groups",
    "members transitiveMembers memberOf transitiveMemberOf owners appRoleAssignments",
    "id deletedDateTime assignedLicenses[] classification createdDateTime description displayName \
     expirationDateTime groupTypes[] hasMembersWithLicenseErrors isAssignableToRole \
     isManagementRestricted licenseProcessingState mail mailEnabled mailNickname membershipRule \
     membershipRuleProcessingState onPremisesLastSyncDateTime onPremisesSamAccountName \
     onPremisesSecurityIdentifier onPremisesSyncEnabled preferredDataLocation preferredLanguage \
     proxyAddresses[] renewedDateTime resourceBehaviorOptions[] resourceProvisioningOptions[] \
     securityEnabled securityIdentifier theme uniqueName visibility",
);

/// Objects of several types; each row says its own.
pub(crate) static DIRECTORY_OBJECT: EntityType = entity("directoryObject", "directoryObjects", "", "");

/// `directoryRole`
pub(crate) static DIRECTORY_ROLE: EntityType = entity(
    "directoryRole",
    "directoryRoles",
    "members",
    "id deletedDateTime description displayName roleTemplateId",
);

/// `directoryRoleTemplate`
pub(crate) static DIRECTORY_ROLE_TEMPLATE: EntityType = entity(
    "directoryRoleTemplate",
    "directoryRoleTemplates",
    "",
    "id deletedDateTime description displayName",
);

/// `servicePrincipal`
pub(crate) static SERVICE_PRINCIPAL: EntityType = entity(
    "servicePrincipal",
    "servicePrincipals",
    "appRoleAssignedTo appRoleAssignments memberOf oauth2PermissionGrants owners transitiveMemberOf",
    "id deletedDateTime accountEnabled alternativeNames[] appDescription appDisplayName appId \
     applicationTemplateId appOwnerOrganizationId appRoleAssignmentRequired appRoles[] \
     createdDateTime description disabledByMicrosoftStatus displayName homepage info \
     keyCredentials[] loginUrl logoutUrl notes notificationEmailAddresses[] \
     oauth2PermissionScopes[] passwordCredentials[] preferredSingleSignOnMode \
     preferredTokenSigningKeyThumbprint replyUrls[] resourceSpecificApplicationPermissions[] \
     samlSingleSignOnSettings servicePrincipalNames[] servicePrincipalType signInAudience tags[] \
     tokenEncryptionKeyId verifiedPublisher",
);

/// `application`
pub(crate) static APPLICATION: EntityType = entity(
    "application",
    "applications",
    "owners",
    "id deletedDateTime addIns[] api appId applicationTemplateId appRoles[] certification \
     createdDateTime defaultRedirectUri description disabledByMicrosoftStatus displayName \
     groupMembershipClaims identifierUris[] info isDeviceOnlyAuthSupported isFallbackPublicClient \
     keyCredentials[] notes oauth2RequirePostResponse optionalClaims parentalControlSettings \
     passwordCredentials[] publicClient publisherDomain requestSignatureVerification \
     requiredResourceAccess[] samlMetadataUrl serviceManagementReference \
     servicePrincipalLockConfiguration signInAudience spa tags[] tokenEncryptionKeyId uniqueName \
     verifiedPublisher web",
);

/// `organization`
pub(crate) static ORGANIZATION: EntityType = entity(
    "organization",
    "organization",
    "",
    "id deletedDateTime assignedPlans[] businessPhones[] city country countryLetterCode \
     createdDateTime defaultUsageLocation displayName marketingNotificationEmails[] \
     onPremisesLastSyncDateTime onPremisesSyncEnabled partnerTenantType postalCode \
     preferredLanguage privacyProfile provisionedPlans[] securityComplianceNotificationMails[] \
     securityComplianceNotificationPhones[] state street technicalNotificationMails[] tenantType \
     verifiedDomains[]",
);

/// `domain`
pub(crate) static DOMAIN: EntityType = entity(
    "domain",
    "domains",
    "",
    "id authenticationType availabilityStatus isAdminManaged isDefault isInitial isRoot isVerified \
     manufacturer model passwordNotificationWindowInDays passwordValidityPeriodInDays state \
     supportedServices[]",
);

/// `subscribedSku`
pub(crate) static SUBSCRIBED_SKU: EntityType = entity(
    "subscribedSku",
    "subscribedSkus",
    "",
    "id accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits servicePlans[] \
     skuId skuPartNumber subscriptionIds[]",
);

/// `licenseDetails`
pub(crate) static LICENSE_DETAILS: EntityType = entity(
    "licenseDetails",
    "licenseDetails",
    "",
    "id servicePlans[] skuId skuPartNumber",
);

/// `oAuth2PermissionGrant`
pub(crate) static OAUTH2_PERMISSION_GRANT: EntityType = entity(
    "oAuth2PermissionGrant",
    "oauth2PermissionGrants",
    "",
    "id clientId consentType principalId resourceId scope",
);

/// `appRoleAssignment`
pub(crate) static APP_ROLE_ASSIGNMENT: EntityType = entity(
    "appRoleAssignment",
    "appRoleAssignments",
    "",
    "id deletedDateTime appRoleId createdDateTime principalDisplayName principalId principalType \
     resourceDisplayName resourceId",
);

/// `conditionalAccessPolicy`
pub(crate) static CONDITIONAL_ACCESS_POLICY: EntityType = entity(
    "conditionalAccessPolicy",
    "identity/conditionalAccess/policies",
    "",
    "id templateId displayName createdDateTime modifiedDateTime state deletedDateTime description \
     conditions grantControls sessionControls",
);

/// `whatIfAnalysisResult`, which comes from an action and so from no set.
pub(crate) static WHAT_IF_ANALYSIS_RESULT: EntityType = entity(
    "whatIfAnalysisResult",
    "Collection(microsoft.graph.whatIfAnalysisResult)",
    "",
    "id templateId displayName createdDateTime modifiedDateTime state policyApplies analysisReasons \
     conditions grantControls sessionControls",
);

/// `namedLocation`: by address or by country.
pub(crate) static NAMED_LOCATION: EntityType =
    entity("namedLocation", "identity/conditionalAccess/namedLocations", "", "");

/// `authenticationStrengthPolicy`
pub(crate) static AUTHENTICATION_STRENGTH_POLICY: EntityType = entity(
    "authenticationStrengthPolicy",
    "policies/authenticationStrengthPolicies",
    "combinationConfigurations",
    "id createdDateTime modifiedDateTime displayName description policyType requirementsSatisfied \
     allowedCombinations[]",
);

/// `authenticationMethodsPolicy`; its configurations are contained and always answered.
pub(crate) static AUTHENTICATION_METHODS_POLICY: EntityType = entity(
    "authenticationMethodsPolicy",
    "authenticationMethodsPolicy",
    "",
    "id description displayName lastModifiedDateTime policyMigrationState policyVersion \
     reconfirmationInDays registrationEnforcement authenticationMethodConfigurations[]",
);

/// `identitySecurityDefaultsEnforcementPolicy`
pub(crate) static SECURITY_DEFAULTS: EntityType = entity(
    "identitySecurityDefaultsEnforcementPolicy",
    "policies/identitySecurityDefaultsEnforcementPolicy",
    "",
    "id deletedDateTime description displayName isEnabled",
);

/// `authenticationMethod` in its ten shapes.
pub(crate) static AUTHENTICATION_METHOD: EntityType = entity("authenticationMethod", "authentication/methods", "", "");

/// `strongAuthenticationRequirements`, beta.
pub(crate) static AUTHENTICATION_REQUIREMENTS: EntityType = EntityType {
    closed: true,
    ..entity(
        "strongAuthenticationRequirements",
        "authentication/requirements",
        "",
        "perUserMfaState",
    )
};

/// `userRegistrationDetails`
pub(crate) static USER_REGISTRATION_DETAILS: EntityType = entity(
    "userRegistrationDetails",
    "reports/authenticationMethods/userRegistrationDetails",
    "",
    "id userPrincipalName userDisplayName userType isAdmin isSsprRegistered isSsprEnabled \
     isSsprCapable isMfaRegistered isMfaCapable isPasswordlessCapable methodsRegistered[] \
     isSystemPreferredAuthenticationMethodEnabled systemPreferredAuthenticationMethods[] \
     userPreferredMethodForSecondaryAuthentication lastUpdatedDateTime",
);

/// `signIn` of v1.0, which lacks how the sign-in was proved.
pub(crate) static SIGN_IN: EntityType = EntityType {
    closed: true,
    ..entity("signIn", "auditLogs/signIns", "", SIGN_IN_PROPERTIES)
};

/// `signIn` of beta.
pub(crate) static SIGN_IN_BETA: EntityType = EntityType {
    closed: true,
    ..entity(
        "signIn",
        "auditLogs/signIns",
        "",
        "id createdDateTime userDisplayName userPrincipalName userId appId appDisplayName ipAddress \
         clientAppUsed correlationId conditionalAccessStatus isInteractive riskDetail \
         riskLevelAggregated riskLevelDuringSignIn riskState riskEventTypes[] riskEventTypes_v2[] \
         resourceDisplayName resourceId resourceTenantId homeTenantId servicePrincipalId \
         servicePrincipalName userAgent status deviceDetail location \
         appliedConditionalAccessPolicies[] authenticationAppDeviceDetails \
         authenticationRequirement authenticationDetails[] authenticationMethodsUsed[] \
         authenticationProtocol authenticationRequirementPolicies[] originalTransferMethod \
         sessionLifetimePolicies[] signInEventTypes[] userType",
    )
};

const SIGN_IN_PROPERTIES: &str = "id createdDateTime userDisplayName userPrincipalName userId appId \
     appDisplayName ipAddress clientAppUsed correlationId conditionalAccessStatus isInteractive \
     riskDetail riskLevelAggregated riskLevelDuringSignIn riskState riskEventTypes[] \
     riskEventTypes_v2[] resourceDisplayName resourceId resourceTenantId homeTenantId \
     servicePrincipalId servicePrincipalName userAgent status deviceDetail location \
     appliedConditionalAccessPolicies[] authenticationAppDeviceDetails";

/// The type a row names in `@odata.type`, for rows in collections of mixed types.
pub(crate) fn of_row(row: &Row) -> Option<&'static EntityType> {
    let name = row.get("@odata.type")?.as_str()?.strip_prefix("#microsoft.graph.")?;
    [&USER, &GROUP, &SERVICE_PRINCIPAL, &DIRECTORY_ROLE, &APPLICATION]
        .into_iter()
        .find(|entity| entity.name == name)
}
