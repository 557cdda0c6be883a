//! Who may ask, how often, and what is refused.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::writes::{ready_for_writes, written};
use super::*;
use crate::graph::operations;

#[test]
fn tokens_are_checked_before_anything_else() {
    let emulator = tenant(Premium::P2);
    let other = testing::application(&emulator, APP, PRINCIPAL, "https://vault.azure.net", ALL);
    let expired = testing::application(&emulator, APP, PRINCIPAL, ORIGIN, ALL);
    emulator.clock().advance(SignedDuration::from_hours(2));
    let good = testing::application(&emulator, APP, PRINCIPAL, "00000003-0000-0000-c000-000000000000", ALL);
    let slash = testing::application(&emulator, APP, PRINCIPAL, "https://graph.microsoft.com/", ALL);
    let mut forged = good.clone();
    forged.truncate(good.len() - 8);
    forged.push_str("AAAAAAAA");
    for (token, status) in [
        ("", 401),
        ("x", 401),
        (&other, 401),
        (&expired, 401),
        (&forged, 401),
        (&good, 200),
        (&slash, 200),
    ] {
        let call = Call::new(Method::GET, ORIGIN, "/v1.0/organization")
            .with(http::header::AUTHORIZATION, &format!("Bearer {token}"));
        let reply = crate::graph::answer(&emulator, &call);
        assert_eq!(reply.status.as_u16(), status);
        if status == 401 {
            assert_eq!(body(&reply)["error"]["code"], json!("InvalidAuthenticationToken"));
            assert!(header(&reply, "www-authenticate").is_some_and(|value| value.starts_with("Bearer ")));
            assert!(token.is_empty() || !String::from_utf8_lossy(&reply.body).contains(token));
        }
    }
}

#[test]
fn errors_and_headers_name_the_request() {
    let emulator = tenant(Premium::P2);
    let call = call(&emulator, Method::GET, "/v1.0/users/nobody", ALL)
        .with(HeaderName::from_static("client-request-id"), "c-1");
    let reply = crate::graph::answer(&emulator, &call);
    let inner = &body(&reply)["error"]["innerError"];
    assert_eq!(inner["date"], json!("2026-11-23T01:00:00"));
    assert_eq!(inner["client-request-id"], json!("c-1"));
    assert_eq!(inner["request-id"].as_str(), header(&reply, "request-id"));
    assert_eq!(header(&reply, "client-request-id"), Some("c-1"));
}

/// A path of each operation, keys filled in with objects that are there.
fn example(path: &str) -> String {
    let object = [
        ("/users/", "adele@contoso.com"),
        ("/groups/", ADMINS),
        ("/servicePrincipals/", PRINCIPAL),
        ("/organization/", TENANT),
        ("/domains/", "contoso.com"),
        ("/subscribedSkus/", "t_s1"),
        ("/applications/", "a1"),
        ("/oauth2PermissionGrants/", "g1"),
        ("/directoryObjects/", ADELE),
        (
            "/directoryRoles/",
            "roleTemplateId=62e90394-69f5-4237-9190-012177145e10",
        ),
        ("/directoryRoleTemplates/", GLOBAL_ADMINISTRATOR),
        ("/roleManagement/directory/roleDefinitions/", GLOBAL_ADMINISTRATOR),
        ("/roleManagement/directory/roleAssignments/", "ra1"),
        ("/roleManagement/directory/roleAssignmentScheduleRequests/", "rq1"),
        ("/roleManagement/directory/roleEligibilityScheduleRequests/", "rq1"),
        (
            "/policies/authenticationStrengthPolicies/",
            "00000000-0000-0000-0000-000000000002",
        ),
        ("/identity/conditionalAccess/policies/", "ca1"),
        ("/identity/conditionalAccess/namedLocations/", "n1"),
        ("/reports/authenticationMethods/userRegistrationDetails/", ADELE),
        ("/auditLogs/signIns/", "i1"),
    ]
    .into_iter()
    .find_map(|(start, key)| path.starts_with(start).then_some(key))
    .unwrap_or_default();
    path.replacen("{id}", object, 1)
        .replace("{id}", "m1")
        .replace("/{on}", "(on='principal')")
        .replace("{kindMethods}", "fido2Methods")
}

#[test]
fn every_operation_asks_its_permission_and_each_alternative_is_enough() {
    let emulator = ready_for_writes();
    let initial = emulator.read(Clone::clone);
    for operation in operations().filter(|operation| operation.path != "/$batch") {
        let version = if operation.service == "Graph beta" {
            "beta"
        } else {
            "v1.0"
        };
        let query = if operation.path.ends_with("transitiveRoleAssignments") {
            "?$count=true&$filter=principalId eq '11111111-0000-4000-8000-000000000001'"
        } else {
            ""
        };
        let asked = match operation.path.rsplit('/').next().unwrap_or_default() {
            "getMemberGroups" | "getMemberObjects" => json!({"securityEnabledOnly": true}),
            "evaluate" => json!({
                "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": ADELE},
                "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [APP]},
                "signInConditions": {},
            }),
            "checkMemberGroups" => json!({"groupIds": [ADMINS]}),
            _ => json!({"ids": [ADELE]}),
        };
        let (address, asked) =
            written(operation.method, operation.path).unwrap_or_else(|| (example(operation.path), asked));
        let target = format!("/{version}{address}{query}");
        let method: Method = operation.method.parse().expect("a method");
        let asked = if asked.is_null() {
            String::new()
        } else {
            asked.to_string()
        };
        // Which of these is enough depends on what the member is; a test of its own tells them apart.
        let of_users =
            |alternative: &&&str| operation.path != "/groups/{id}/members/{id}" || alternative.starts_with("User.");
        let ask = |roles: &[&str]| {
            emulator.clock().advance(SignedDuration::from_secs(11));
            emulator.write(|state| state.clone_from(&initial));
            let call = eventual(call(&emulator, method.clone(), &target, roles)).with_body(asked.clone());
            crate::graph::answer(&emulator, &call)
        };
        let refused = ask(&["Sites.Read.All"]);
        assert_eq!(refused.status.as_u16(), 403, "{target}");
        assert_eq!(
            body(&refused)["error"]["code"],
            json!("Authorization_RequestDenied"),
            "{target}"
        );
        for alternative in operation.application.iter().filter(of_users) {
            let held: Vec<&str> = alternative.split(" and ").collect();
            let reply = ask(&held);
            assert!(
                reply.status.is_success(),
                "{method} {target} with {alternative}: {} {:?}",
                reply.status,
                body(&reply)
            );
        }
        // Adele asks about herself, so what reaches oneself only is enough too.
        for (scopes, enough) in operation
            .delegated
            .iter()
            .filter(of_users)
            .map(|alternative| (alternative.replace(" and ", " "), true))
            .chain([("openid profile".to_owned(), false)])
        {
            emulator.write(|state| state.clone_from(&initial));
            emulator.clock().advance(SignedDuration::from_secs(11));
            let role = operation
                .directory_roles
                .first()
                .map_or(GLOBAL_ADMINISTRATOR, |(_, template)| *template);
            let call = user_call_in_roles(&emulator, &target, &scopes, &[role]);
            let mut call = eventual(call).with_body(asked.clone());
            call.method = method.clone();
            let reply = crate::graph::answer(&emulator, &call);
            let refused = reply.status.as_u16() == 403;
            assert!(
                if enough { reply.status.is_success() } else { refused },
                "{method} {target} with {scopes}: {} {:?}",
                reply.status,
                body(&reply)
            );
        }
    }
}

#[test]
fn what_asks_a_person_for_a_role_takes_no_other() {
    let emulator = ready_for_writes();
    let initial = emulator.read(Clone::clone);
    let mut asked = 0;
    for operation in operations().filter(|operation| !operation.directory_roles.is_empty()) {
        let Some((address, sent)) = written(operation.method, operation.path) else {
            continue;
        };
        // What a person may do to himself needs no role.
        let target = format!(
            "/{}{}",
            if operation.service == "Graph beta" {
                "beta"
            } else {
                "v1.0"
            },
            address.replace(ADELE, CARLA)
        );
        let scopes = operation
            .delegated
            .last()
            .copied()
            .unwrap_or_default()
            .replace(" and ", " ");
        let method: Method = operation.method.parse().expect("a method");
        emulator.write(|state| state.clone_from(&initial));
        let (status, answer) = send_as(
            &emulator,
            method,
            &target,
            &sent,
            &scopes,
            &["88d8e3e3-8f55-4a1e-953a-9b9898b8876b"],
        );
        assert_eq!(
            status, 403,
            "{} {target} as Directory Reader: {answer}",
            operation.method
        );
        asked += 1;
    }
    assert!(asked > 20, "{asked}");
}

#[test]
fn delegated_permissions_on_oneself_reach_oneself_only() {
    let emulator = tenant(Premium::P2);
    let cases = [
        ("/v1.0/me", "User.Read", 200),
        ("/v1.0/me/licenseDetails", "User.Read", 200),
        ("/v1.0/users/Adele@contoso.com", "User.Read", 200),
        ("/v1.0/users/11111111-0000-4000-8000-000000000002", "User.Read", 403),
        (
            "/v1.0/users/11111111-0000-4000-8000-000000000002/licenseDetails",
            "User.Read",
            403,
        ),
        (
            "/v1.0/users/11111111-0000-4000-8000-000000000002",
            "openid User.ReadBasic.All",
            200,
        ),
        ("/v1.0/users", "User.Read", 403),
        ("/v1.0/organization", "User.Read", 200),
        ("/v1.0/me/authentication/methods", "UserAuthenticationMethod.Read", 200),
        ("/v1.0/roleManagement/directory/roleAssignments", "User.Read", 403),
    ];
    for (target, scopes, status) in cases {
        let reply = crate::graph::answer(&emulator, &user_call(&emulator, target, scopes));
        assert_eq!(reply.status.as_u16(), status, "{target} with {scopes}");
    }
    let me = call(&emulator, Method::GET, "/v1.0/me", ALL);
    assert_eq!(crate::graph::answer(&emulator, &me).status.as_u16(), 400);
}

#[test]
fn what_needs_a_directory_role_asks_persons_for_it_and_applications_not() {
    const GLOBAL_READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
    const AUTHENTICATION_POLICY_ADMINISTRATOR: &str = "0526716b-113d-4c15-b2c8-68e3c22b9f80";
    let emulator = tenant(Premium::P2);
    let target = format!("/beta/users/{ADELE}/authentication/requirements");
    for (roles, status) in [
        (&[][..], 403),
        (&[DYNAMICS_ADMINISTRATOR], 403),
        (&[GLOBAL_READER], 200),
        (&[DYNAMICS_ADMINISTRATOR, AUTHENTICATION_POLICY_ADMINISTRATOR], 200),
        (&[GLOBAL_ADMINISTRATOR], 200),
    ] {
        let call = user_call_in_roles(&emulator, &target, "Policy.Read.All", roles);
        let reply = crate::graph::answer(&emulator, &call);
        assert_eq!(reply.status.as_u16(), status, "{roles:?}");
    }
    let no_scope = user_call_in_roles(&emulator, &target, "User.Read", &[GLOBAL_READER]);
    assert_eq!(crate::graph::answer(&emulator, &no_scope).status.as_u16(), 403);
    let application = call(&emulator, Method::GET, &target, &["Policy.Read.All"]);
    assert_eq!(crate::graph::answer(&emulator, &application).status.as_u16(), 200);
}

#[test]
fn what_is_read_with_a_role_is_read_with_each_of_them_and_with_none_refused() {
    let emulator = ready_for_writes();
    let reads = operations().filter(|operation| operation.method == "GET" && !operation.directory_roles.is_empty());
    let mut asked = 0;
    for operation in reads {
        let version = if operation.service == "Graph beta" {
            "beta"
        } else {
            "v1.0"
        };
        let query = match operation.path.ends_with("transitiveRoleAssignments") {
            true => "?$count=true&$filter=principalId eq '11111111-0000-4000-8000-000000000001'",
            false => "",
        };
        // Adele asks; what is about herself she may read without.
        let target = format!(
            "/{version}{}{query}",
            example(operation.path)
                .replace(ADELE, BRIAN)
                .replace("adele@contoso.com", BRIAN)
        );
        let scopes = operation
            .delegated
            .last()
            .copied()
            .unwrap_or_default()
            .replace(" and ", " ");
        let ask = |roles: &[&str]| {
            emulator.clock().advance(SignedDuration::from_secs(11));
            let call = eventual(user_call_in_roles(&emulator, &target, &scopes, roles));
            crate::graph::answer(&emulator, &call).status.as_u16()
        };
        assert_eq!(ask(&[DYNAMICS_ADMINISTRATOR]), 403, "{target}");
        for (name, template) in operation.directory_roles {
            assert_ne!(ask(&[template]), 403, "{target} as {name}");
        }
        asked += 1;
    }
    assert!(asked > 15, "{asked}");
}

#[test]
fn small_permissions_show_little() {
    let emulator = tenant(Premium::P2);
    let target = "/v1.0/users/adele@contoso.com?$select=id,accountEnabled,assignedLicenses";
    let reply = crate::graph::answer(
        &emulator,
        &call(&emulator, Method::GET, target, &["User.ReadBasic.All"]),
    );
    let shown = body(&reply);
    assert_eq!(shown["id"], json!(ADELE));
    assert!(shown.get("accountEnabled").is_none() && shown.get("assignedLicenses").is_none());

    let target = "/v1.0/users/adele@contoso.com/transitiveMemberOf";
    let reply = crate::graph::answer(&emulator, &call(&emulator, Method::GET, target, &["User.Read.All"]));
    let groups = body(&reply);
    assert_eq!(column(&groups, "/id")[..2], [ADMINS, STAFF]);
    assert_eq!(column(&groups, "/displayName"), ["-", "-", "-"]);
    assert_eq!(column(&groups, "/roleTemplateId"), ["-", "-", "-"]);
}

#[test]
fn premium_features_need_their_edition() {
    let cases = [
        (
            Premium::None,
            "/v1.0/auditLogs/signIns",
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        ),
        (
            Premium::None,
            "/v1.0/reports/authenticationMethods/userRegistrationDetails",
            403,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        ),
        (
            Premium::P1,
            "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances",
            400,
            "AadPremiumLicenseRequired",
        ),
        (
            Premium::P1,
            "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances",
            400,
            "AadPremiumLicenseRequired",
        ),
        (Premium::P1, "/v1.0/auditLogs/signIns", 200, ""),
        (Premium::None, "/v1.0/roleManagement/directory/roleAssignments", 200, ""),
    ];
    for (premium, target, status, code) in cases {
        let (got, answer) = get(&tenant(premium), target);
        assert_eq!(
            (got, answer["error"]["code"].as_str().unwrap_or("")),
            (status, code),
            "{target}"
        );
    }
}

#[test]
fn what_is_not_there_says_so() {
    let emulator = tenant(Premium::P2);
    for (method, target) in [
        (Method::POST, "/v1.0/users"),
        (Method::PUT, "/v1.0/users/adele@contoso.com"),
        (Method::DELETE, "/v1.0/organization"),
        (Method::POST, "/v1.0/users/adele@contoso.com/changePassword"),
        (Method::GET, "/v1.0/users/adele@contoso.com/messages"),
        (Method::GET, "/v1.0/users/adele@contoso.com/authentication/operations"),
        (Method::GET, "/v1.0/sites/root"),
        (Method::GET, "/v1.0"),
        (Method::GET, "/v1.0/$batch"),
        (
            Method::GET,
            "/v1.0/groups/22222222-0000-4000-8000-000000000001/members/$ref",
        ),
    ] {
        let before = emulator.read(Clone::clone);
        let reply = crate::graph::answer(&emulator, &call(&emulator, method.clone(), target, ALL));
        assert_eq!(reply.status.as_u16(), 501, "{method} {target}");
        let message = body(&reply)["error"]["message"].as_str().unwrap_or("").to_owned();
        assert!(
            message.contains(method.as_str()) && message.contains(target),
            "{message}"
        );
        assert_eq!(emulator.read(Clone::clone), before);
    }
    for target in [
        "/v1.0/users/adele@contoso.com/authentication/requirements",
        "/v1.0/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq 'x'",
        "/v1.0/subscribedSkus?$filter=skuId eq 's1'",
        "/v1.0/users?$skip=1",
        "/v1.0/users?$foo=1",
        "/v1.0/users?$select=nonsense",
        "/v1.0/users?$filter=nonsense eq 1",
        "/v1.0/users?$orderby=nonsense",
        "/v1.0/users?$filter=assignedLicenses/any(l:nonsense eq 1)",
        "/v1.0/users?$expand=nonsense",
        "/v1.0/users?$filter=accountEnabled eq 'x'",
        "/v1.0/users?$filter=displayName eq",
        "/v1.0/users?$format=xml",
        "/v1.0/users/adele@contoso.com/authentication/methods?$filter=_emulator_userId eq 'x'",
        "/v1.0/groups/22222222-0000-4000-8000-000000000001/members/microsoft.graph.nonsense",
        "/v1.0/applications(name='x')",
    ] {
        let (status, answer) = get(&emulator, target);
        assert_eq!(status, 400, "{target}: {answer}");
        assert!(
            answer["error"]["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty())
        );
    }
}

#[test]
fn hostile_addresses_are_answered_calmly() {
    let emulator = tenant(Premium::P2);
    let long = format!("/v1.0{}", "/a".repeat(5_000));
    let nested = format!("/v1.0/users?$filter={}", "(".repeat(20_000));
    for target in [
        "/v1.0/users/%ff%fe",
        "/v1.0/users/%00",
        "/v1.0/users('",
        "/v1.0/users(')",
        "/v1.0/users('a'b')",
        "/v1.0/users(=)",
        "/v1.0/users(id=')",
        "/v1.0/users/..%2f..%2fgroups",
        "/v1.0/%24count",
        "/v1.0/microsoft.graph.user",
        "/v1.0/users?$filter=%ff",
        "/v1.0/users?$skiptoken=%00",
        "/v1.0/users/\u{202e}",
        "/v1.0/me/me",
        &long,
        &nested,
    ] {
        let (status, answer) = get(&emulator, target);
        assert!(matches!(status, 400 | 404 | 501), "{target}: {status} {answer}");
    }
}

#[test]
fn throttles_count_by_the_emulators_clock() {
    let emulator = tenant(Premium::P2);
    let ask = |target: &str| crate::graph::answer(&emulator, &call(&emulator, Method::GET, target, ALL));

    // Conditional Access: one a second for both collections together, and no word on when to come back.
    assert_eq!(ask("/v1.0/identity/conditionalAccess/policies").status.as_u16(), 200);
    let refused = ask("/v1.0/identity/conditionalAccess/namedLocations");
    assert_eq!((refused.status.as_u16(), header(&refused, "retry-after")), (429, None));
    assert_eq!(body(&refused)["error"]["code"], json!("TooManyRequests"));
    emulator.clock().advance(SignedDuration::from_millis(999));
    assert_eq!(ask("/v1.0/identity/conditionalAccess/policies").status.as_u16(), 429);
    emulator.clock().advance(SignedDuration::from_millis(1));
    assert_eq!(ask("/v1.0/identity/conditionalAccess/policies").status.as_u16(), 200);

    // Reports and sign-ins: five in ten seconds each.
    for target in [
        "/v1.0/reports/authenticationMethods/userRegistrationDetails",
        "/beta/auditLogs/signIns",
    ] {
        for _ in 0..5 {
            assert_eq!(ask(target).status.as_u16(), 200);
        }
        emulator.clock().advance(SignedDuration::from_millis(2_500));
        let refused = ask(target);
        assert_eq!(
            (refused.status.as_u16(), header(&refused, "retry-after")),
            (429, Some("8"))
        );
        emulator.clock().advance(SignedDuration::from_secs(8));
        assert_eq!(ask(target).status.as_u16(), 200);
    }

    // The directory: 3,500 units in ten seconds, announced from four fifths on.
    emulator.clock().advance(SignedDuration::from_secs(10));
    let (mut passed, mut announced) = (0, None);
    let refused = loop {
        let reply = ask("/v1.0/users/adele@contoso.com/transitiveMemberOf");
        if reply.status.as_u16() != 200 {
            break reply;
        }
        assert_eq!(header(&reply, "x-ms-resource-unit"), Some("5"));
        passed += 1;
        if announced.is_none() && header(&reply, "x-ms-throttle-limit-percentage").is_some() {
            announced = Some(passed);
        }
    };
    assert_eq!((passed, announced), (700, Some(560)));
    assert_eq!(
        (refused.status.as_u16(), header(&refused, "retry-after")),
        (429, Some("10"))
    );
    emulator.clock().advance(SignedDuration::from_secs(10));
    let cheap = ask("/v1.0/users?$select=id&$top=5");
    assert_eq!(header(&cheap, "x-ms-resource-unit"), Some("1"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(365), ..ProptestConfig::default() })]

    #[test]
    fn no_target_panics_the_service(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("/users"), Just("/groups"), Just("/adele@contoso.com"), Just("/members"), Just("/$count"),
                Just("/microsoft.graph.user"), Just("(appId='"), Just("')"), Just("('"), Just("%27"), Just("%ff"),
                Just("/applications"), Just("/transitiveMemberOf"), Just("?$filter="), Just("&$expand="),
                Just("&$search="), Just("members("), Just("$select=id;"), Just(")"), Just("&$top=1"),
                Just("&$orderby="), Just("displayName"), Just(" eq "), Just("'a'"), Just("any(x:x"), Just("&$skiptoken="),
            ],
            0..12,
        ),
        tail in "\\PC{0,12}",
    ) {
        let emulator = tenant(Premium::P2);
        let target = format!("/v1.0{}{tail}", pieces.concat());
        let reply = crate::graph::answer(&emulator, &eventual(call(&emulator, Method::GET, &target, ALL)));
        prop_assert!([200, 400, 404, 501].contains(&reply.status.as_u16()), "{}", target);
    }
}
