//! What reads answer.

use super::*;

#[test]
fn each_read_finds_its_rows() {
    let emulator = tenant(Premium::P2);
    let cases: &[(&str, &str, &[&str])] = &[
        ("/v1.0/organization", "/displayName", &["Contoso"]),
        ("/v1.0/domains", "/id", &["contoso.com"]),
        (
            "/v1.0/users",
            "/userPrincipalName",
            &["adele@contoso.com", "brian_fabrikam.com#EXT#@contoso.com"],
        ),
        (
            "/v1.0/users?$filter=userPrincipalName eq 'ADELE@contoso.com'&$select=id",
            "/id",
            &[ADELE],
        ),
        (
            "/v1.0/users?%24filter=startswith%28displayName%2C%27Brian+O%27%27%27%29",
            "/id",
            &[BRIAN],
        ),
        (
            "/v1.0/users?$filter=assignedLicenses/any(l:l/skuId eq 's1')",
            "/id",
            &[ADELE],
        ),
        ("/v1.0/users?$search=\"displayName:van\"", "/id", &[ADELE]),
        (
            "/v1.0/users?$orderby=displayName desc&$select=displayName",
            "/displayName",
            &["Brian O'Hara", "Adele Vance"],
        ),
        (
            "/v1.0/users?$filter=accountEnabled ne true&$count=true",
            "/id",
            &[BRIAN],
        ),
        (
            "/v1.0/users/adele@contoso.com/licenseDetails",
            "/skuPartNumber",
            &["DYN365"],
        ),
        ("/v1.0/users/adele@contoso.com/memberOf", "/id", &[ADMINS]),
        (
            "/v1.0/users/adele@contoso.com/transitiveMemberOf/microsoft.graph.group",
            "/id",
            &[ADMINS, STAFF],
        ),
        (
            "/v1.0/users/adele@contoso.com/transitiveMemberOf/graph.directoryRole",
            "/roleTemplateId",
            &[GLOBAL_ADMINISTRATOR],
        ),
        (
            "/v1.0/users/adele@contoso.com/transitiveMemberOf",
            "/@odata.type",
            &[
                "#microsoft.graph.group",
                "#microsoft.graph.group",
                "#microsoft.graph.directoryRole",
            ],
        ),
        (
            "/v1.0/users/adele@contoso.com/authentication/methods",
            "/@odata.type",
            &[
                "#microsoft.graph.passwordAuthenticationMethod",
                "#microsoft.graph.fido2AuthenticationMethod",
            ],
        ),
        (
            "/v1.0/users/adele@contoso.com/authentication/fido2Methods",
            "/id",
            &["m2"],
        ),
        ("/v1.0/users/adele@contoso.com/oauth2PermissionGrants", "/id", &["g2"]),
        ("/v1.0/users/adele@contoso.com/appRoleAssignments", "/id", &[]),
        ("/v1.0/groups?$filter=displayName eq 'admins'", "/id", &[ADMINS]),
        (
            "/v1.0/groups/22222222-0000-4000-8000-000000000002/members",
            "/displayName",
            &["Admins"],
        ),
        (
            "/v1.0/groups/22222222-0000-4000-8000-000000000002/transitiveMembers/microsoft.graph.user",
            "/displayName",
            &["Adele Vance"],
        ),
        (
            "/v1.0/groups/22222222-0000-4000-8000-000000000001/transitiveMemberOf",
            "/displayName",
            &["Staff", "Global Administrator"],
        ),
        (
            "/v1.0/directoryRoles",
            "/displayName",
            &["Global Administrator", "Dynamics 365 Administrator"],
        ),
        (
            "/v1.0/directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')/members",
            "/displayName",
            &["Admins"],
        ),
        (
            "/v1.0/directoryRoles/roleTemplateId=44367163-eba1-44c3-98af-f5787879f96a/members",
            "/@odata.type",
            &["#microsoft.graph.servicePrincipal"],
        ),
        (
            "/v1.0/directoryRoleTemplates",
            "/id",
            &[GLOBAL_ADMINISTRATOR, DYNAMICS_ADMINISTRATOR],
        ),
        (
            "/v1.0/roleManagement/directory/roleDefinitions?$filter=isBuiltIn eq true",
            "/templateId",
            &[GLOBAL_ADMINISTRATOR, DYNAMICS_ADMINISTRATOR],
        ),
        ("/v1.0/roleManagement/directory/roleAssignments", "/id", &["ra1", "si3"]),
        (
            "/v1.0/roleManagement/directory/roleAssignments?$filter=principalId eq '22222222-0000-4000-8000-000000000001'&$expand=principal,roleDefinition($select=displayName)",
            "/principal/@odata.type",
            &["#microsoft.graph.group"],
        ),
        (
            "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances",
            "/id",
            &["si3", "ra1"],
        ),
        (
            "/v1.0/roleManagement/directory/roleAssignmentSchedules",
            "/scheduleInfo/expiration/type",
            &["afterDateTime", "noExpiration"],
        ),
        (
            "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$expand=roleDefinition",
            "/roleDefinition/displayName",
            &["Dynamics 365 Administrator"],
        ),
        (
            "/beta/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq '11111111-0000-4000-8000-000000000001' and directoryScopeId eq '/'",
            "/principalId",
            &[ADMINS],
        ),
        (
            "/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '62e90394-69f5-4237-9190-012177145e10'&$expand=policy($expand=rules)",
            "/policy/rules/0/maximumDuration",
            &["PT8H"],
        ),
        (
            "/v1.0/policies/authenticationStrengthPolicies",
            "/requirementsSatisfied",
            &["mfa"],
        ),
        (
            "/v1.0/reports/authenticationMethods/userRegistrationDetails?$filter=userPrincipalName eq 'adele@contoso.com'",
            "/id",
            &[ADELE],
        ),
        ("/v1.0/identity/conditionalAccess/policies", "/state", &["enabled"]),
        (
            "/v1.0/identity/conditionalAccess/namedLocations",
            "/@odata.type",
            &["#microsoft.graph.ipNamedLocation"],
        ),
        (
            "/v1.0/auditLogs/signIns?$filter=userId eq '11111111-0000-4000-8000-000000000001' and createdDateTime ge 2026-11-22T00:00:00Z",
            "/id",
            &["i1"],
        ),
        ("/v1.0/auditLogs/signIns?$filter=status/errorCode ne 0", "/id", &[]),
        (
            "/v1.0/applications?$filter=appId eq '44444444-0000-4000-8000-000000000001'",
            "/id",
            &["a1"],
        ),
        (
            "/v1.0/servicePrincipals?$filter=servicePrincipalNames%2Fany%28c%3Ac%20eq%20%27api://w365%27%29",
            "/id",
            &[PRINCIPAL],
        ),
        (
            "/v1.0/servicePrincipals(appId='44444444-0000-4000-8000-000000000001')/oauth2PermissionGrants",
            "/id",
            &["g1", "g2"],
        ),
        (
            "/v1.0/servicePrincipals/33333333-0000-4000-8000-000000000001/appRoleAssignments",
            "/id",
            &["x1"],
        ),
        (
            "/v1.0/servicePrincipals/33333333-0000-4000-8000-000000000001/transitiveMemberOf",
            "/displayName",
            &["Dynamics 365 Administrator"],
        ),
        (
            "/v1.0/oauth2PermissionGrants?$filter=clientId eq '33333333-0000-4000-8000-000000000001' and consentType eq 'AllPrincipals'",
            "/scope",
            &[" User.Read"],
        ),
        ("/v1.0/subscribedSkus?$select=skuId", "/skuId", &["s1"]),
    ];
    for (target, pointer, expected) in cases {
        let (status, answer) = get(&emulator, target);
        assert_eq!(status, 200, "{target}: {answer}");
        assert_eq!(column(&answer, pointer), *expected, "{target}");
        assert!(!answer.to_string().contains("_emulator_"), "{target}");
    }
}

#[test]
fn one_object_is_found_by_each_of_its_keys() {
    let emulator = tenant(Premium::P2);
    let cases = [
        (
            "/v1.0/users/11111111-0000-4000-8000-000000000001",
            "/displayName",
            "Adele Vance",
        ),
        (
            "/v1.0/Users('Adele@contoso.com')?$select=displayName",
            "/displayName",
            "Adele Vance",
        ),
        (
            "/v1.0/users/brian_fabrikam.com%23EXT%23@contoso.com",
            "/displayName",
            "Brian O'Hara",
        ),
        ("/v1.0//users(userPrincipalName='adele%40contoso.com')", "/id", ADELE),
        (
            "/v1.0/applications(appId='44444444-0000-4000-8000-000000000001')",
            "/id",
            "a1",
        ),
        (
            "/v1.0/servicePrincipals(appId=%2744444444-0000-4000-8000-000000000001%27)",
            "/id",
            PRINCIPAL,
        ),
        (
            "/v1.0/directoryRoles/roleTemplateId=62e90394-69f5-4237-9190-012177145e10",
            "/displayName",
            "Global Administrator",
        ),
        (
            "/v1.0/directoryObjects/22222222-0000-4000-8000-000000000001",
            "/@odata.type",
            "#microsoft.graph.group",
        ),
        (
            "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
            "/id",
            "00000000-0000-0000-0000-000000000005",
        ),
        (
            "/v1.0/policies/authenticationMethodsPolicy",
            "/id",
            "authenticationMethodsPolicy",
        ),
        (
            "/v1.0/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000002",
            "/requirementsSatisfied",
            "mfa",
        ),
        (
            "/v1.0/reports/authenticationMethods/userRegistrationDetails/11111111-0000-4000-8000-000000000001",
            "/methodsRegistered/0",
            "fido2",
        ),
        ("/v1.0/identity/conditionalAccess/policies/ca1", "/displayName", "MFA"),
        (
            "/v1.0/roleManagement/directory/roleAssignments/ra1?$expand=roleDefinition",
            "/roleDefinition/displayName",
            "Global Administrator",
        ),
        (
            "/beta/users/adele@contoso.com/authentication/requirements",
            "/perUserMfaState",
            "enforced",
        ),
        (
            "/beta/users/11111111-0000-4000-8000-000000000002/authentication/requirements",
            "/perUserMfaState",
            "disabled",
        ),
        (
            "/beta/auditLogs/signIns/i1",
            "/authenticationRequirement",
            "multiFactorAuthentication",
        ),
    ];
    for (target, pointer, expected) in cases {
        let (status, answer) = get(&emulator, target);
        assert_eq!(status, 200, "{target}: {answer}");
        assert_eq!(answer.pointer(pointer), Some(&json!(expected)), "{target}");
    }
    for target in [
        "/v1.0/users/nobody@contoso.com",
        "/v1.0/users/nobody@contoso.com/licenseDetails",
        "/v1.0/roleManagement/directory/roleAssignments/ra2",
        "/v1.0/applications(appId='00000000-0000-0000-0000-000000000000')",
    ] {
        let (status, answer) = get(&emulator, target);
        assert_eq!(
            (status, &answer["error"]["code"]),
            (404, &json!("Request_ResourceNotFound")),
            "{target}"
        );
    }
}

#[test]
fn what_leaves_follows_version_and_selection() {
    let emulator = tenant(Premium::P2);
    let (_, user) = get(&emulator, "/v1.0/users/adele@contoso.com");
    let mut names: Vec<_> = row(user).into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(
        names,
        [
            "@odata.context",
            "businessPhones",
            "displayName",
            "givenName",
            "id",
            "jobTitle",
            "mail",
            "mobilePhone",
            "officeLocation",
            "preferredLanguage",
            "surname",
            "userPrincipalName",
        ]
    );
    let (_, selected) = get(
        &emulator,
        "/v1.0/users/adele@contoso.com?$select=usageLocation,onPremisesSyncEnabled,licenseAssignmentStates",
    );
    assert_eq!(
        selected,
        json!({
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users(usageLocation,onPremisesSyncEnabled,licenseAssignmentStates)/$entity",
            "usageLocation": "DE", "onPremisesSyncEnabled": null, "licenseAssignmentStates": [],
        })
    );
    let (_, sign_ins) = get(&emulator, "/v1.0/auditLogs/signIns");
    assert!(sign_ins["value"][0].get("authenticationRequirement").is_none());
    let (_, instances) = get(
        &emulator,
        "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances",
    );
    assert_eq!(instances["value"][1]["endDateTime"], Value::Null);
    let (_, policies) = get(
        &emulator,
        "/v1.0/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/'",
    );
    assert!(policies["value"][0].get("policy").is_none());
    let (_, methods) = get(&emulator, "/v1.0/users/adele@contoso.com/authentication/methods");
    assert_eq!(
        methods["@odata.context"],
        json!("https://graph.microsoft.com/v1.0/$metadata#users('adele@contoso.com')/authentication/methods")
    );
}

#[test]
fn member_groups_are_read_by_actions() {
    let emulator = tenant(Premium::P2);
    let cases = [
        (
            "getMemberGroups",
            json!({"securityEnabledOnly": false}),
            200,
            json!([ADMINS, STAFF]),
        ),
        (
            "microsoft.graph.getMemberGroups",
            json!({"securityEnabledOnly": true}),
            200,
            json!([ADMINS]),
        ),
        (
            "checkMemberGroups",
            json!({"groupIds": [STAFF, PRINCIPAL]}),
            200,
            json!([STAFF]),
        ),
        (
            "checkMemberGroups",
            json!({"groupIds": vec![STAFF; 21]}),
            400,
            Value::Null,
        ),
        ("checkMemberGroups", json!([]), 400, Value::Null),
        ("getMemberGroups", json!({}), 400, Value::Null),
    ];
    for (action, asked, status, expected) in cases {
        let target = format!("/v1.0/users/adele@contoso.com/{action}");
        let call = call(&emulator, Method::POST, &target, ALL).with_body(asked.to_string());
        let reply = crate::graph::answer(&emulator, &call);
        assert_eq!(reply.status.as_u16(), status, "{action} {asked}");
        assert_eq!(body(&reply)["value"], expected, "{action} {asked}");
    }
    let asked = json!({"ids": [ADMINS, ADELE, "nobody"], "types": ["user"]});
    let call = call(&emulator, Method::POST, "/v1.0/directoryObjects/getByIds", ALL).with_body(asked.to_string());
    assert_eq!(column(&body(&crate::graph::answer(&emulator, &call)), "/id"), [ADELE]);
}
