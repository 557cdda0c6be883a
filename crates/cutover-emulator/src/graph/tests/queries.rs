//! How queries choose and page rows.

use super::*;
use crate::faults::{Fault, FaultKind};

#[test]
fn pages_follow_an_opaque_link() {
    let mut tables = directory();
    for number in 0..250 {
        tables.insert(
            "users",
            row(json!({"id": format!("u{number:03}"), "displayName": format!("User {number:03}")})),
        );
    }
    let emulator = with_directory(Premium::P2, tables);
    let mut target = "/v1.0/users?$select=id&$count=true".to_owned();
    let mut sizes = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let (status, page) = get(&emulator, &target);
        assert_eq!((status, &page["@odata.count"]), (200, &json!(252)));
        let ids = column(&page, "/id");
        sizes.push(ids.len());
        seen.extend(ids);
        let Some(link) = page["@odata.nextLink"].as_str() else {
            break;
        };
        target = link
            .strip_prefix(ORIGIN)
            .expect("a link on the origin of the call")
            .to_owned();
    }
    assert_eq!((sizes.as_slice(), seen.len()), (&[100, 100, 52][..], 252));

    for tampered in [
        target.replace("$select=id", "$select=displayName"),
        format!("{target}x"),
        "/v1.0/users?$skiptoken=".to_owned(),
        "/v1.0/users?$skiptoken=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned(),
    ] {
        assert_eq!(get(&emulator, &tampered).0, 400, "{tampered}");
    }
    for (top, status) in [("0", 400), ("1000", 400), ("-1", 400), ("999", 200)] {
        assert_eq!(get(&emulator, &format!("/v1.0/users?$top={top}")).0, status, "{top}");
    }
    let (_, page) = get(&emulator, "/v1.0/users?$top=2&$select=id");
    assert_eq!(column(&page, "/id").len(), 2);
    assert!(page["@odata.nextLink"].is_string());
}

#[test]
fn advanced_queries_need_the_header_and_the_count() {
    let emulator = tenant(Premium::P2);
    let cases = [
        (
            "/v1.0/users?$filter=accountEnabled ne true",
            "Request_UnsupportedQuery",
            400,
        ),
        (
            "/v1.0/users?$filter=not(accountEnabled eq true)",
            "Request_UnsupportedQuery",
            400,
        ),
        (
            "/v1.0/users?$filter=endsWith(userPrincipalName,'com')&$count=true",
            "Request_UnsupportedQuery",
            200,
        ),
        ("/v1.0/users?$search=\"displayName:a\"", "Request_UnsupportedQuery", 200),
        (
            "/v1.0/users?$filter=accountEnabled eq true&$orderby=displayName&$count=true",
            "Request_UnsupportedQuery",
            200,
        ),
        (
            "/v1.0/users?$filter=assignedLicenses/$count ne 0&$count=true",
            "Request_UnsupportedQuery",
            200,
        ),
        ("/v1.0/users/$count", "Request_BadRequest", 200),
        (
            "/v1.0/users/adele@contoso.com/transitiveMemberOf/microsoft.graph.group/$count",
            "Request_BadRequest",
            200,
        ),
        (
            "/beta/roleManagement/directory/transitiveRoleAssignments?$count=true&$filter=principalId eq 'x'",
            "Request_UnsupportedQuery",
            200,
        ),
    ];
    for (target, code, with_header) in cases {
        let plain = crate::graph::answer(&emulator, &call(&emulator, Method::GET, target, ALL));
        assert_eq!(
            (plain.status.as_u16(), &body(&plain)["error"]["code"]),
            (400, &json!(code)),
            "{target}"
        );
        assert_eq!(get(&emulator, target).0, with_header, "{target}");
    }
    let counted = crate::graph::answer(
        &emulator,
        &eventual(call(&emulator, Method::GET, "/v1.0/users/$count", ALL)),
    );
    assert_eq!(
        (&counted.body[..], header(&counted, "content-type")),
        (&b"2"[..], Some("text/plain"))
    );
    let ignored = crate::graph::answer(&emulator, &call(&emulator, Method::GET, "/v1.0/users?$count=true", ALL));
    assert!(body(&ignored).get("@odata.count").is_none());
}

#[test]
fn the_sign_in_log_minds_the_case_of_user_principal_names() {
    let emulator = tenant(Premium::P2);
    for (filter, found) in [
        ("userPrincipalName eq 'adele@contoso.com'", 1),
        ("userPrincipalName eq 'Adele@contoso.com'", 0),
        ("userPrincipalName in ('Adele@contoso.com','adele@contoso.com')", 1),
        ("startswith(userPrincipalName,'Adele')", 0),
        ("startswith(userPrincipalName,'adele')", 1),
        (
            &format!("userId eq '{ADELE}' and createdDateTime ge 2026-11-22T00:00:00Z"),
            1,
        ),
        (&format!("userId eq '{}'", ADELE.to_uppercase()), 1),
        (&format!("userId eq '{BRIAN}'"), 0),
    ] {
        for version in ["v1.0", "beta"] {
            let (status, answer) = get(&emulator, &format!("/{version}/auditLogs/signIns?$filter={filter}"));
            assert_eq!(
                (status, column(&answer, "/id").len()),
                (200, found),
                "{version} {filter}"
            );
        }
    }
}

#[test]
fn a_page_may_be_empty_and_lead_on() {
    let emulator = tenant(Premium::P2);
    emulator.faults().add(Fault {
        path: "/v1.0/users".to_owned(),
        count: Some(1),
        ..Fault::of(FaultKind::EmptyPage)
    });
    let (_, organization) = get(&emulator, "/v1.0/organization");
    assert_eq!(column(&organization, "/id"), [TENANT]);
    let (status, empty) = get(&emulator, "/v1.0/users?$select=id");
    assert_eq!((status, column(&empty, "/id").len()), (200, 0));
    let link = empty["@odata.nextLink"].as_str().expect("a link");
    let (_, full) = get(&emulator, link.strip_prefix(ORIGIN).expect("the origin"));
    assert_eq!(column(&full, "/id"), [ADELE, BRIAN]);
    assert!(full.get("@odata.nextLink").is_none());
}
