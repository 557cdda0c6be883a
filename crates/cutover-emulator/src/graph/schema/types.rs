//! Writable properties by type, and the members of enumerations.

/// Types by name: their writable properties as `name:type`, `[]` behind collections. Structured types that are only
/// ever sent whole are here with all their properties. Actions stand under the name of the action with their
/// parameters.
pub(crate) static TYPES: &[(&str, &str)] = &[
    (
        "user",
        "accountEnabled:Boolean businessPhones:String[] city:String companyName:String country:String \
         department:String displayName:String employeeId:String employeeType:String givenName:String jobTitle:String \
         mail:String mailNickname:String mobilePhone:String officeLocation:String otherMails:String[] \
         postalCode:String preferredLanguage:String showInAddressList:Boolean state:String streetAddress:String \
         surname:String usageLocation:String userPrincipalName:String userType:String",
    ),
    (
        "application",
        "api:apiApplication appRoles:appRole[] defaultRedirectUri:String description:String displayName:String \
         groupMembershipClaims:String identifierUris:String[] isDeviceOnlyAuthSupported:Boolean \
         isFallbackPublicClient:Boolean keyCredentials:keyCredential[] notes:String optionalClaims:Untyped \
         parentalControlSettings:Untyped info:Untyped passwordCredentials:passwordCredential[] \
         publicClient:publicClientApplication requiredResourceAccess:requiredResourceAccess[] \
         samlMetadataUrl:String serviceManagementReference:String \
         servicePrincipalLockConfiguration:servicePrincipalLockConfiguration signInAudience:String \
         spa:spaApplication tags:String[] tokenEncryptionKeyId:Guid uniqueName:String web:webApplication",
    ),
    (
        "servicePrincipal",
        "accountEnabled:Boolean appId:String appRoleAssignmentRequired:Boolean displayName:String homepage:String \
         notes:String replyUrls:String[] tags:String[]",
    ),
    (
        "apiApplication",
        "acceptMappedClaims:Boolean knownClientApplications:Guid[] oauth2PermissionScopes:permissionScope[] \
         preAuthorizedApplications:preAuthorizedApplication[] requestedAccessTokenVersion:Int32",
    ),
    (
        "permissionScope",
        "adminConsentDescription:String adminConsentDisplayName:String id:Guid isEnabled:Boolean origin:String \
         type:String userConsentDescription:String userConsentDisplayName:String value:String",
    ),
    (
        "preAuthorizedApplication",
        "appId:String delegatedPermissionIds:String[]",
    ),
    (
        "appRole",
        "allowedMemberTypes:String[] description:String displayName:String id:Guid isEnabled:Boolean origin:String \
         value:String",
    ),
    (
        "keyCredential",
        "customKeyIdentifier:Binary displayName:String endDateTime:DateTimeOffset key:Binary keyId:Guid \
         startDateTime:DateTimeOffset type:String usage:String",
    ),
    (
        "passwordCredential",
        "customKeyIdentifier:Binary displayName:String endDateTime:DateTimeOffset hint:String keyId:Guid \
         secretText:String startDateTime:DateTimeOffset",
    ),
    ("publicClientApplication", "redirectUris:String[]"),
    ("spaApplication", "redirectUris:String[]"),
    (
        "webApplication",
        "homePageUrl:String implicitGrantSettings:implicitGrantSettings logoutUrl:String redirectUris:String[] \
         redirectUriSettings:redirectUriSettings[]",
    ),
    (
        "implicitGrantSettings",
        "enableAccessTokenIssuance:Boolean enableIdTokenIssuance:Boolean",
    ),
    ("redirectUriSettings", "index:Int32 uri:String"),
    (
        "requiredResourceAccess",
        "resourceAccess:resourceAccess[] resourceAppId:String",
    ),
    ("resourceAccess", "id:Guid type:String"),
    (
        "servicePrincipalLockConfiguration",
        "allProperties:Boolean credentialsWithUsageSign:Boolean credentialsWithUsageVerify:Boolean \
         isEnabled:Boolean tokenEncryptionKeyId:Boolean",
    ),
    (
        "oAuth2PermissionGrant",
        "clientId:String consentType:String principalId:String resourceId:String scope:String",
    ),
    ("appRoleAssignment", "appRoleId:Guid principalId:Guid resourceId:Guid"),
    (
        "unifiedRoleAssignment",
        "appScopeId:String condition:String directoryScopeId:String principalId:String roleDefinitionId:String",
    ),
    ("unifiedRoleAssignmentScheduleRequest", SCHEDULE_REQUEST),
    ("unifiedRoleEligibilityScheduleRequest", SCHEDULE_REQUEST),
    (
        "requestSchedule",
        "expiration:expirationPattern recurrence:patternedRecurrence startDateTime:DateTimeOffset",
    ),
    (
        "expirationPattern",
        "duration:Duration endDateTime:DateTimeOffset type:expirationPatternType",
    ),
    ("patternedRecurrence", "pattern:recurrencePattern range:recurrenceRange"),
    (
        "recurrencePattern",
        "dayOfMonth:Int32 daysOfWeek:dayOfWeek[] firstDayOfWeek:dayOfWeek index:weekIndex interval:Int32 \
         month:Int32 type:recurrencePatternType",
    ),
    (
        "recurrenceRange",
        "endDate:Date numberOfOccurrences:Int32 recurrenceTimeZone:String startDate:Date type:recurrenceRangeType",
    ),
    ("ticketInfo", "ticketNumber:String ticketSystem:String"),
    (
        "evaluate",
        "appliedPoliciesOnly:Boolean signInConditions:signInConditions signInContext:signInContext \
         signInIdentity:signInIdentity",
    ),
    ("signInIdentity", ""),
    (
        "userSignIn",
        "externalTenantId:String externalUserType:conditionalAccessGuestOrExternalUserTypes userId:String",
    ),
    ("servicePrincipalSignIn", "servicePrincipalId:String"),
    ("signInContext", ""),
    ("applicationContext", "includeApplications:String[]"),
    ("userActionContext", "userAction:userAction"),
    ("authContext", "authenticationContextValue:String"),
    (
        "signInConditions",
        "authenticationFlow:authenticationFlow clientAppType:conditionalAccessClientApp country:String \
         deviceInfo:deviceInfo devicePlatform:conditionalAccessDevicePlatform insiderRiskLevel:insiderRiskLevel \
         ipAddress:String servicePrincipalRiskLevel:riskLevel signInRiskLevel:riskLevel userRiskLevel:riskLevel",
    ),
    ("authenticationFlow", "transferMethod:conditionalAccessTransferMethods"),
    (
        "deviceInfo",
        "deviceId:String displayName:String enrollmentProfileName:String extensionAttribute1:String \
         extensionAttribute2:String extensionAttribute3:String extensionAttribute4:String \
         extensionAttribute5:String extensionAttribute6:String extensionAttribute7:String \
         extensionAttribute8:String extensionAttribute9:String extensionAttribute10:String \
         extensionAttribute11:String extensionAttribute12:String extensionAttribute13:String \
         extensionAttribute14:String extensionAttribute15:String isCompliant:Boolean manufacturer:String \
         mdmAppId:String model:String operatingSystem:String operatingSystemVersion:String ownership:String \
         physicalIds:String[] profileType:String systemLabels:String[] trustType:String",
    ),
    (
        "conditionalAccessPolicy",
        "conditions:conditionalAccessConditionSet description:String displayName:String \
         grantControls:conditionalAccessGrantControls sessionControls:conditionalAccessSessionControls \
         state:conditionalAccessPolicyState templateId:String",
    ),
    (
        "conditionalAccessConditionSet",
        "applications:conditionalAccessApplications authenticationFlows:conditionalAccessAuthenticationFlows \
         clientApplications:conditionalAccessClientApplications clientAppTypes:conditionalAccessClientApp[] \
         devices:conditionalAccessDevices insiderRiskLevels:conditionalAccessInsiderRiskLevels \
         locations:conditionalAccessLocations platforms:conditionalAccessPlatforms \
         servicePrincipalRiskLevels:riskLevel[] signInRiskLevels:riskLevel[] userRiskLevels:riskLevel[] \
         users:conditionalAccessUsers",
    ),
    (
        "conditionalAccessApplications",
        "applicationFilter:conditionalAccessFilter excludeApplications:String[] includeApplications:String[] \
         includeAuthenticationContextClassReferences:String[] includeUserActions:String[]",
    ),
    (
        "conditionalAccessAuthenticationFlows",
        "transferMethods:conditionalAccessTransferMethods",
    ),
    (
        "conditionalAccessClientApplications",
        "excludeServicePrincipals:String[] includeServicePrincipals:String[] \
         servicePrincipalFilter:conditionalAccessFilter",
    ),
    ("conditionalAccessDevices", "deviceFilter:conditionalAccessFilter"),
    ("conditionalAccessFilter", "mode:filterMode rule:String"),
    (
        "conditionalAccessLocations",
        "excludeLocations:String[] includeLocations:String[]",
    ),
    (
        "conditionalAccessPlatforms",
        "excludePlatforms:conditionalAccessDevicePlatform[] includePlatforms:conditionalAccessDevicePlatform[]",
    ),
    (
        "conditionalAccessUsers",
        "excludeGroups:String[] excludeGuestsOrExternalUsers:conditionalAccessGuestsOrExternalUsers \
         excludeRoles:String[] excludeUsers:String[] includeGroups:String[] \
         includeGuestsOrExternalUsers:conditionalAccessGuestsOrExternalUsers includeRoles:String[] \
         includeUsers:String[]",
    ),
    (
        "conditionalAccessGuestsOrExternalUsers",
        "externalTenants:conditionalAccessExternalTenants \
         guestOrExternalUserTypes:conditionalAccessGuestOrExternalUserTypes",
    ),
    (
        "conditionalAccessExternalTenants",
        "membershipKind:conditionalAccessExternalTenantsMembershipKind",
    ),
    (
        "conditionalAccessAllExternalTenants",
        "membershipKind:conditionalAccessExternalTenantsMembershipKind",
    ),
    (
        "conditionalAccessEnumeratedExternalTenants",
        "membershipKind:conditionalAccessExternalTenantsMembershipKind members:String[]",
    ),
    (
        "conditionalAccessGrantControls",
        "authenticationStrength:authenticationStrengthPolicy builtInControls:conditionalAccessGrantControl[] \
         customAuthenticationFactors:String[] operator:String termsOfUse:String[]",
    ),
    ("authenticationStrengthPolicy", "id:String"),
    (
        "conditionalAccessSessionControls",
        "applicationEnforcedRestrictions:applicationEnforcedRestrictionsSessionControl \
         cloudAppSecurity:cloudAppSecuritySessionControl disableResilienceDefaults:Boolean \
         persistentBrowser:persistentBrowserSessionControl secureSignInSession:secureSignInSessionControl \
         signInFrequency:signInFrequencySessionControl",
    ),
    ("applicationEnforcedRestrictionsSessionControl", "isEnabled:Boolean"),
    (
        "cloudAppSecuritySessionControl",
        "cloudAppSecurityType:cloudAppSecuritySessionControlType isEnabled:Boolean",
    ),
    (
        "persistentBrowserSessionControl",
        "isEnabled:Boolean mode:persistentBrowserSessionMode",
    ),
    ("secureSignInSessionControl", "isEnabled:Boolean"),
    (
        "signInFrequencySessionControl",
        "authenticationType:signInFrequencyAuthenticationType frequencyInterval:signInFrequencyInterval \
         isEnabled:Boolean type:signinFrequencyType value:Int32",
    ),
    ("identitySecurityDefaultsEnforcementPolicy", "isEnabled:Boolean"),
    ("strongAuthenticationRequirements", "perUserMfaState:perUserMfaState"),
    (
        "phoneAuthenticationMethod",
        "phoneNumber:String phoneType:authenticationPhoneType",
    ),
    ("emailAuthenticationMethod", "emailAddress:String"),
    (
        "temporaryAccessPassAuthenticationMethod",
        "isUsableOnce:Boolean lifetimeInMinutes:Int32 startDateTime:DateTimeOffset",
    ),
    ("assignedLicense", "disabledPlans:Guid[] skuId:Guid"),
    // Actions and their parameters.
    ("assignLicense", "addLicenses:assignedLicense[] removeLicenses:Guid[]"),
    ("addPassword", "passwordCredential:passwordCredential"),
    ("removePassword", "keyId:Guid"),
    ("checkMemberGroups", "groupIds:String[]"),
    ("checkMemberObjects", "ids:String[]"),
    ("getMemberGroups", "securityEnabledOnly:Boolean"),
    ("getMemberObjects", "securityEnabledOnly:Boolean"),
    ("getByIds", "ids:String[] types:String[]"),
];

const SCHEDULE_REQUEST: &str = "action:unifiedRoleScheduleRequestActions appScopeId:String customData:String \
     directoryScopeId:String isValidationOnly:Boolean justification:String principalId:String \
     roleDefinitionId:String scheduleInfo:requestSchedule targetScheduleId:String ticketInfo:ticketInfo";

/// Enumerations by name with the members that a caller may send; `flags` in front where several may be joined.
pub(crate) static ENUMS: &[(&str, &str)] = &[
    ("authenticationPhoneType", "mobile alternateMobile office"),
    (
        "cloudAppSecuritySessionControlType",
        "mcasConfigured monitorOnly blockDownloads",
    ),
    (
        "conditionalAccessClientApp",
        "all browser mobileAppsAndDesktopClients exchangeActiveSync easSupported other",
    ),
    (
        "conditionalAccessDevicePlatform",
        "android iOS windows windowsPhone macOS all linux",
    ),
    ("conditionalAccessExternalTenantsMembershipKind", "all enumerated"),
    (
        "conditionalAccessGrantControl",
        "block mfa compliantDevice domainJoinedDevice approvedApplication compliantApplication passwordChange \
         riskRemediation",
    ),
    (
        "conditionalAccessGuestOrExternalUserTypes",
        "flags none internalGuest b2bCollaborationGuest b2bCollaborationMember b2bDirectConnectUser \
         otherExternalUser serviceProvider",
    ),
    ("conditionalAccessInsiderRiskLevels", "flags minor moderate elevated"),
    (
        "conditionalAccessPolicyState",
        "enabled disabled enabledForReportingButNotEnforced",
    ),
    (
        "conditionalAccessTransferMethods",
        "flags none deviceCodeFlow authenticationTransfer",
    ),
    ("dayOfWeek", "sunday monday tuesday wednesday thursday friday saturday"),
    (
        "expirationPatternType",
        "notSpecified noExpiration afterDateTime afterDuration",
    ),
    ("filterMode", "include exclude"),
    ("insiderRiskLevel", "none minor moderate elevated"),
    ("perUserMfaState", "disabled enforced enabled"),
    ("persistentBrowserSessionMode", "always never"),
    (
        "recurrencePatternType",
        "daily weekly absoluteMonthly relativeMonthly absoluteYearly relativeYearly",
    ),
    ("recurrenceRangeType", "endDate noEnd numbered"),
    ("riskLevel", "low medium high hidden none"),
    (
        "signInFrequencyAuthenticationType",
        "primaryAndSecondaryAuthentication secondaryAuthentication",
    ),
    ("signInFrequencyInterval", "timeBased everyTime"),
    ("signinFrequencyType", "days hours"),
    (
        "unifiedRoleScheduleRequestActions",
        "adminAssign adminUpdate adminRemove selfActivate selfDeactivate adminExtend adminRenew selfExtend selfRenew",
    ),
    ("userAction", "registerSecurityInformation registerOrJoinDevices"),
    ("weekIndex", "first second third fourth last"),
];
