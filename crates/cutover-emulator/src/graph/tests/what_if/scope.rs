//! Who signs in, and to what.

use super::*;

#[test]
fn users_groups_roles_and_guests() {
    let whole = json!({});
    let guest = json!({"signInIdentity": {"userId": BRIAN}});
    let kinds = |kinds: &str, tenants: Value| {
        json!({"users": {"includeUsers": [], "includeGuestsOrExternalUsers":
            {"guestOrExternalUserTypes": kinds, "externalTenants": tenants}}})
    };
    let fabrikam = json!({"signInIdentity": {"userId": BRIAN, "externalUserType": "b2bCollaborationGuest",
                                             "externalTenantId": TENANT}});
    let only = |tenant: &str| {
        json!({"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
               "membershipKind": "enumerated", "members": [tenant]})
    };
    let users = |over: Value| json!({"users": over});
    let scoped = json!({"signInIdentity": {"userId": BRIAN}});
    check(&[
        ("all", json!({}), whole.clone(), "notSet"),
        (
            "nobody",
            users(json!({"includeUsers": ["None"]})),
            whole.clone(),
            "users",
        ),
        (
            "by id, in capitals",
            users(json!({"includeUsers": [ADELE.to_uppercase()]})),
            whole.clone(),
            "notSet",
        ),
        (
            "another",
            users(json!({"includeUsers": [BRIAN]})),
            whole.clone(),
            "users",
        ),
        (
            "excluded",
            users(json!({"excludeUsers": [ADELE]})),
            whole.clone(),
            "users",
        ),
        (
            "her group",
            users(json!({"includeUsers": [], "includeGroups": [ADMINS]})),
            whole.clone(),
            "notSet",
        ),
        (
            "a group of her group",
            users(json!({"includeUsers": [], "includeGroups": [STAFF]})),
            whole.clone(),
            "notSet",
        ),
        (
            "a group of her group excluded",
            users(json!({"excludeGroups": [STAFF]})),
            whole.clone(),
            "users",
        ),
        (
            "a role through a group",
            users(json!({"includeUsers": [], "includeRoles": [GLOBAL_ADMINISTRATOR]})),
            whole.clone(),
            "notSet",
        ),
        (
            "a role that is not hers",
            users(json!({"includeUsers": [], "includeRoles": [DYNAMICS_ADMINISTRATOR]})),
            whole.clone(),
            "users",
        ),
        (
            "a role that he may only activate",
            users(json!({"includeUsers": [], "includeRoles": [DYNAMICS_ADMINISTRATOR]})),
            scoped,
            "users",
        ),
        (
            "guests",
            users(json!({"includeUsers": ["GuestsOrExternalUsers"]})),
            guest.clone(),
            "notSet",
        ),
        (
            "a member is no guest",
            users(json!({"includeUsers": ["GuestsOrExternalUsers"]})),
            whole.clone(),
            "users",
        ),
        (
            "a kind of guest",
            kinds("internalGuest,b2bCollaborationGuest", Value::Null),
            guest.clone(),
            "notSet",
        ),
        (
            "another kind",
            kinds("internalGuest,serviceProvider", Value::Null),
            guest.clone(),
            "users",
        ),
        (
            "the kind as it is asked",
            kinds("internalGuest", Value::Null),
            json!({"signInIdentity": {"userId": BRIAN, "externalUserType": "internalGuest"}}),
            "notSet",
        ),
        (
            "of his tenant",
            kinds("b2bCollaborationGuest", only(TENANT)),
            fabrikam.clone(),
            "notSet",
        ),
        (
            "of another tenant",
            kinds("b2bCollaborationGuest", only(APP)),
            fabrikam,
            "users",
        ),
        (
            "of a tenant that is not told",
            kinds("b2bCollaborationGuest", only(TENANT)),
            guest,
            "users",
        ),
        (
            "for workload identities",
            json!({"clientApplications": {"includeServicePrincipals": [PRINCIPAL]}}),
            whole,
            "workloadIdentities",
        ),
    ]);
}

#[test]
fn what_is_signed_in_to() {
    let whole = json!({});
    let apps = |over: Value| json!({"applications": over});
    let to = |ids: &[&str]| json!({"signInContext": {"includeApplications": ids}});
    let action = |name: &str| {
        json!({"signInContext": {"@odata.type": "#microsoft.graph.userActionContext", "userAction": name,
                                 "includeApplications": null}})
    };
    let context = json!({"signInContext": {"@odata.type": "#microsoft.graph.authContext",
                                           "authenticationContextValue": "c7"}});
    let registers = apps(json!({"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]}));
    let guarded = apps(json!({"includeApplications": [], "includeAuthenticationContextClassReferences": ["c1", "c7"]}));
    let mut at_action = question(&action("registerSecurityInformation"));
    at_action["signInContext"]
        .as_object_mut()
        .unwrap()
        .remove("includeApplications");
    check(&[
        (
            "this application",
            apps(json!({"includeApplications": [APP]})),
            whole.clone(),
            "notSet",
        ),
        (
            "another application",
            apps(json!({"includeApplications": [ELSEWHERE]})),
            whole.clone(),
            "application",
        ),
        (
            "excluded",
            apps(json!({"excludeApplications": [APP]})),
            whole.clone(),
            "application",
        ),
        (
            "none",
            apps(json!({"includeApplications": ["None"]})),
            whole.clone(),
            "application",
        ),
        (
            "all, without a service principal",
            json!({}),
            to(&[ELSEWHERE]),
            "notSet",
        ),
        (
            "named, without a service principal",
            apps(json!({"includeApplications": [ELSEWHERE]})),
            to(&[ELSEWHERE]),
            "application",
        ),
        (
            "one of two",
            apps(json!({"includeApplications": [APP]})),
            to(&[APP, ELSEWHERE]),
            "application",
        ),
        (
            "a bundle",
            apps(json!({"includeApplications": ["Office365"]})),
            whole.clone(),
            "notEnoughInformation",
        ),
        (
            "a bundle excluded",
            apps(json!({"excludeApplications": ["Office365"]})),
            whole.clone(),
            "notEnoughInformation",
        ),
        (
            "a filter",
            apps(json!({"applicationFilter": {"mode": "include", "rule": "x"}})),
            whole.clone(),
            "notEnoughInformation",
        ),
        ("for a user action", registers.clone(), whole.clone(), "userActions"),
        (
            "for an authentication context",
            guarded.clone(),
            whole,
            "authenticationContext",
        ),
    ]);
    for (conditions, asked, expected) in [
        (&registers, &at_action, "notSet"),
        // As the third example of the document has it: all applications means user actions, too.
        (&json!({}), &at_action, "notSet"),
        (&apps(json!({"includeApplications": [APP]})), &at_action, "userActions"),
    ] {
        let (status, answer) = ask(&tenant(conditions), asked);
        assert_eq!(status, 200, "{answer}");
        let results = answer["value"].as_array().unwrap();
        let policy = results.iter().find(|result| result["id"] == "p").unwrap();
        assert_eq!(policy["analysisReasons"], json!(expected), "{conditions}");
    }
    let mut at_context = question(&context);
    at_context["signInContext"]
        .as_object_mut()
        .unwrap()
        .remove("includeApplications");
    let (_, answer) = ask(&tenant(&guarded), &at_context);
    let last = answer["value"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["policyApplies"], json!(true), "{answer}");
}

#[test]
fn workload_identities_are_met_by_their_own_policies() {
    let itself = json!({"signInIdentity": {"@odata.type": "#microsoft.graph.servicePrincipalSignIn",
                                           "servicePrincipalId": PRINCIPAL, "userId": null}});
    let ask_of = |conditions: Value, risk: &str| {
        let mut asked = question(&itself);
        asked["signInIdentity"].as_object_mut().unwrap().remove("userId");
        asked["signInConditions"]["servicePrincipalRiskLevel"] = json!(risk);
        let (status, answer) = ask(&tenant(&conditions), &asked);
        assert_eq!(status, 200, "{answer}");
        let results = answer["value"].as_array().unwrap().clone();
        results.iter().find(|result| result["id"] == "p").unwrap()["analysisReasons"].clone()
    };
    let own = |over: Value| {
        let mut conditions = json!({"users": {"includeUsers": ["None"]},
            "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}});
        lay(&mut conditions, &over);
        conditions
    };
    for (conditions, risk, expected) in [
        (json!({}), "none", "users"),
        (own(json!({})), "none", "notSet"),
        (
            own(json!({"clientApplications": {"includeServicePrincipals": [PRINCIPAL]}})),
            "none",
            "notSet",
        ),
        (
            own(json!({"clientApplications": {"includeServicePrincipals": [APP]}})),
            "none",
            "workloadIdentities",
        ),
        (
            own(json!({"clientApplications": {"excludeServicePrincipals": [PRINCIPAL]}})),
            "none",
            "workloadIdentities",
        ),
        (
            own(json!({"clientApplications": {"servicePrincipalFilter": {"mode": "include", "rule": "x"}}})),
            "none",
            "notEnoughInformation",
        ),
        (
            own(json!({"servicePrincipalRiskLevels": ["high"]})),
            "none",
            "workloadIdentities",
        ),
        (own(json!({"servicePrincipalRiskLevels": ["high"]})), "high", "notSet"),
    ] {
        assert_eq!(ask_of(conditions.clone(), risk), json!(expected), "{conditions}");
    }
}
