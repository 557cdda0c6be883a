use http::Method;
use serde_json::Value;

use super::*;
use crate::entra::tokens::testing;
use crate::faults::{Fault, FaultKind, Service};
use crate::world::World;

const ORIGIN: &str = "https://api.partnercenter.microsoft.com";
const WORLD: &str = r#"
[tenant]
id = "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10"
display_name = "Contoso Partner"
[user.agent]
[user.seller]
[user.nobody]
[group.admin-agents]
display_name = "AdminAgents"
members = ["nested"]
[group.nested]
members = ["agent"]
[group.sales-agents]
display_name = "SalesAgents"
members = ["seller"]
[group.imitation]
display_name = "AdminAgents"
security = false
members = ["nobody"]
[partner_center]
mpn_id = "4391507"
[partner_center.reseller.fabrikam]
id = "b1c0ffee-0000-4000-8000-000000000001"
name = "Fabrikam"
mpn_id = "5000001"
[partner_center.reseller.tailspin]
mpn_id = "5000002"
[partner_center.reseller.wingtip]
mpn_id = "5000003"
[partner_center.provider.crayon]
name = "A provider"
mpn_id = "6000001"
[partner_center.customer.litware]
id = "c0ffee00-0000-4000-8000-000000000001"
company = "Litware"
domain = "litware.onmicrosoft.com"
user.admin.display_name = "Lee"
[partner_center.without_mfa.seller]
at = 2026-11-20T09:30:00Z
"#;

fn emulator_of(more: &str) -> Emulator {
    Emulator::from_world(&World::parse(&format!("{WORLD}{more}"), "partner.toml").unwrap())
}

fn emulator() -> Emulator {
    emulator_of("")
}

fn user_id(emulator: &Emulator, alias: &str) -> String {
    emulator.read(|state| {
        let row = state.directory.find("users", "displayName", alias).unwrap();
        row["id"].as_str().unwrap().to_owned()
    })
}

/// A token of a person, with or without multifactor authentication.
fn person(emulator: &Emulator, alias: &str, mfa: bool) -> String {
    let id = user_id(emulator, alias);
    testing::user_signed_in(
        emulator,
        (&id, "x@contoso.onmicrosoft.com"),
        ORIGIN,
        "user_impersonation",
        if mfa { &["pwd", "mfa"] } else { &["pwd"] },
    )
}

fn send(emulator: &Emulator, token: &str, target: &str, headers: &[(&'static str, &str)]) -> Reply {
    let mut call = Call::new(Method::GET, ORIGIN, target);
    if !token.is_empty() {
        call = call.with(http::header::AUTHORIZATION, &format!("Bearer {token}"));
    }
    for (name, value) in headers {
        call = call.with(HeaderName::from_static(name), value);
    }
    emulator.answer(&call)
}

fn body(reply: &Reply) -> Value {
    let text = reply.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&reply.body);
    serde_json::from_slice(text).unwrap_or(Value::Null)
}

fn get(emulator: &Emulator, alias: &str, target: &str) -> (u16, Value) {
    let reply = send(emulator, &person(emulator, alias, true), target, &[]);
    (reply.status.as_u16(), body(&reply))
}

#[test]
fn a_partner_sees_its_profiles() {
    let emulator = emulator();
    for (path, property, value) in [
        ("organization", "companyName", "Contoso Partner"),
        ("organization", "tenantId", "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10"),
        ("organization", "domain", "contoso.onmicrosoft.com"),
        ("Organization", "profileType", "OrganizationProfile"),
        ("legalbusiness?vettingVersion=Current", "vettingStatus", "authorized"),
        ("mpn", "mpnId", "4391507"),
        ("mpn?mpnId=5000001", "partnerName", "Fabrikam"),
        ("billing", "billingCurrency", "EUR"),
    ] {
        let (status, body) = get(&emulator, "agent", &format!("/v1/profiles/{path}"));
        assert_eq!((status, body[property].as_str()), (200, Some(value)), "{path}: {body}");
    }
    let (status, body) = get(&emulator, "agent", "/v1/profiles/mpn?mpnId=1");
    assert_eq!((status, &body["code"]), (404, &Value::from(1000)));
    let (status, body) = get(&emulator, "agent", "/v1/profiles/legalbusiness?vettingVersion=Old");
    assert_eq!((status, &body["code"]), (400, &Value::from(800_002)));
}

#[test]
fn relationships_come_in_pages_that_a_header_names() {
    let emulator = emulator_of("\n[partner_center.reseller.adatum]\nmpn_id = '5000004'\n");
    let token = person(&emulator, "seller", true);
    let target = "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf&size=3";
    let first = send(&emulator, &token, target, &[]);
    assert!(
        first.body.starts_with("\u{feff}".as_bytes()),
        "a collection begins with the mark"
    );
    let first = body(&first);
    assert_eq!(
        (first["totalCount"].as_u64(), first["items"].as_array().unwrap().len()),
        (Some(4), 3)
    );
    assert_eq!(
        first["items"][1]["relationshipType"],
        "is_indirect_cloud_solution_provider_of"
    );
    let next = &first["links"]["next"];
    let token_of_page = next["headers"][0]["value"].as_str().unwrap();
    assert_eq!(next["headers"][0]["key"], "MS-ContinuationToken");
    let target = format!("/v1{}", next["uri"].as_str().unwrap());
    let second = body(&send(
        &emulator,
        &token,
        &target,
        &[("ms-continuationtoken", token_of_page)],
    ));
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert_eq!(second["items"][0]["mpnId"], "5000003");
    assert!(second["links"].get("next").is_none());
    for (header, status) in [("", 400), ("row-4", 400), ("row-x", 400), ("row-0", 200)] {
        let reply = send(&emulator, &token, &target, &[("ms-continuationtoken", header)]);
        assert_eq!(reply.status.as_u16(), status, "{header}");
    }
    for (target, status) in [
        ("/v1/relationships?relationship_type=IsIndirectResellerOf", 200),
        ("/v1/relationships?relationship_type=Other", 400),
        ("/v1/relationships", 400),
        ("/v1/relationships?relationship_type=IsIndirectResellerOf&size=0", 400),
        ("/v1/relationships?relationship_type=IsIndirectResellerOf&size=501", 400),
        (
            "/v1/relationships?relationship_type=IsIndirectResellerOf&seekOperation=Previous",
            400,
        ),
    ] {
        assert_eq!(get(&emulator, "agent", target).0, status, "{target}");
    }
}

#[test]
fn the_agreement_is_asked_by_one_id() {
    let emulator = emulator();
    let unsigned = emulator_of("\n").tap(|emulator| {
        emulator.write(|state| state.partner_center.as_mut().unwrap().agreement = false);
    });
    let own = "tenantId=7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10";
    for (query, status, property, value) in [
        (own, 200, "isAgreementSigned", Value::from(true)),
        ("mpnid=4391507", 200, "isAgreementSigned", Value::from(true)),
        ("mpnId=5000001", 200, "isAgreementSigned", Value::from(true)),
        ("mpnId=7", 404, "code", Value::from(1000)),
        ("mpnId=x", 400, "description", Value::from("MPN Id must be numeric.")),
        (
            "tenantId=x",
            400,
            "description",
            Value::from("Tenant Id must be a GUID."),
        ),
        ("", 400, "code", Value::from(2001)),
        (&format!("{own}&mpnId=4391507"), 400, "code", Value::from(2000)),
    ] {
        let (got, body) = get(
            &emulator,
            "seller",
            &format!("/v1/compliance/csp/agreementstatus?{query}"),
        );
        assert_eq!((got, &body[property]), (status, &value), "{query}: {body}");
    }
    let (_, body) = get(
        &unsigned,
        "seller",
        &format!("/v1/compliance/csp/agreementstatus?{own}"),
    );
    assert_eq!(body["isAgreementSigned"], false);
    let (status, body) = get(&unsigned, "seller", "/v1/customers");
    assert_eq!((status, &body["code"]), (403, &Value::from(900_124)));
    assert_eq!(
        get(
            &emulator,
            "seller",
            &format!("/v1/compliance/other/agreementstatus?{own}")
        )
        .0,
        404
    );
}

trait Tap: Sized {
    fn tap(self, change: impl FnOnce(&Self)) -> Self {
        change(&self);
        self
    }
}

impl Tap for Emulator {}

#[test]
fn customers_and_reports_show_what_the_world_holds() {
    let emulator = emulator();
    let litware = "/v1/customers/c0ffee00-0000-4000-8000-000000000001";
    let (_, body) = get(&emulator, "agent", "/v1/customers");
    assert_eq!(body["items"][0]["companyProfile"]["companyName"], "Litware");
    let (_, body) = get(&emulator, "agent", litware);
    assert_eq!(body["customDomains"][0], "litware.onmicrosoft.com");
    let (_, body) = get(&emulator, "agent", &format!("{litware}/users"));
    assert_eq!(body["items"][0]["userPrincipalName"], "admin@litware.onmicrosoft.com");
    let (status, body) = get(
        &emulator,
        "agent",
        "/v1/customers/c0ffee00-0000-4000-8000-000000000002/users",
    );
    assert_eq!((status, &body["code"]), (404, &Value::from(60_003)));
    let (_, body) = get(&emulator, "agent", "/v1/nonMfaCompliantPartnerPrincipals");
    assert_eq!(body["items"][0]["upn"], "seller@contoso.onmicrosoft.com");
    assert_eq!(
        body["items"][0]["lastNonMfaCompliantRequestDateTime"],
        "2026-11-20T09:30:00Z"
    );
    let (status, body) = get(&emulator, "agent", "/v1/applicationmfaadoptionstatus");
    assert_eq!((status, body), (200, Value::Array(Vec::new())));
}

#[test]
fn only_a_role_opens_a_call_and_imitations_do_not() {
    let emulator = emulator();
    for (alias, target, status) in [
        ("agent", "/v1/profiles/organization", 200),
        ("seller", "/v1/profiles/organization", 200),
        ("nobody", "/v1/profiles/organization", 403),
        ("seller", "/v1/nonMfaCompliantPartnerPrincipals", 403),
        ("nobody", "/v1/customers", 403),
    ] {
        let (got, body) = get(&emulator, alias, target);
        assert_eq!(got, status, "{alias} {target}: {body}");
        assert!(got == 200 || body["code"] == 900_150, "{body}");
    }
    let id = user_id(&emulator, "nobody");
    let global = ["62e90394-69f5-4237-9190-012177145e10"];
    let token = testing::user_in_roles(&emulator, (&id, "x"), ORIGIN, "user_impersonation", &global);
    assert_eq!(
        send(&emulator, &token, "/v1/profiles/organization", &[])
            .status
            .as_u16(),
        200
    );
    assert_eq!(send(&emulator, &token, "/v1/customers", &[]).status.as_u16(), 403);
}

#[test]
fn tokens_are_of_the_kind_that_a_call_takes() {
    let emulator = emulator();
    let app = testing::application(&emulator, "c07e7000-0000-4000-8000-00000000000a", "sp", ORIGIN, &[]);
    for (target, status) in [
        ("/v1/profiles/legalbusiness", 200),
        ("/v1/customers", 200),
        ("/v1/profiles/organization", 401),
        ("/v1/relationships?relationship_type=IsIndirectResellerOf", 401),
    ] {
        let reply = send(&emulator, &app, target, &[("validatemfa", "true")]);
        assert_eq!(reply.status.as_u16(), status, "{target}");
        assert!(
            !reply.headers.contains_key("ismfacompliant"),
            "an application has no sign-in to judge"
        );
    }
    let missing = send(&emulator, "", "/v1/profiles/organization", &[]);
    assert_eq!((missing.status.as_u16(), missing.body.len()), (401, 0));
    assert!(missing.headers.contains_key(http::header::WWW_AUTHENTICATE));
    let id = user_id(&emulator, "agent");
    let other = testing::user(&emulator, &id, "x", "https://graph.microsoft.com", "user_impersonation");
    let unfit = send(&emulator, &other, "/v1/profiles/organization", &[]);
    assert_eq!(
        (unfit.status.as_u16(), &body(&unfit)["code"]),
        (401, &Value::from(800_001))
    );
    let scopeless = testing::user(&emulator, &id, "x", ORIGIN, "other");
    assert_eq!(
        send(&emulator, &scopeless, "/v1/profiles/organization", &[])
            .status
            .as_u16(),
        401
    );
    let nobodys = Emulator::from_world(&World::parse("[user.agent]", "w.toml").unwrap());
    let (status, body) = get(&nobodys, "agent", "/v1/profiles/organization");
    assert_eq!(
        (status, &body["code"]),
        (403, &Value::from(2032)),
        "a tenant that is no partner's"
    );
}

#[test]
fn multifactor_authentication_is_told_and_where_enforced_demanded() {
    let told = |more: &str, mfa: bool| {
        let emulator = emulator_of("");
        emulator.write(|state| {
            let partner = state.partner_center.as_mut().unwrap();
            match more {
                "enforced" => partner.mfa_enforced = true,
                "silent" => partner.tells_mfa = false,
                _ => {}
            }
        });
        let token = person(&emulator, "agent", mfa);
        let reply = send(
            &emulator,
            &token,
            "/v1/profiles/organization",
            &[("validatemfa", "True")],
        );
        let header = reply
            .headers
            .get("ismfacompliant")
            .map(|it| it.to_str().unwrap().to_owned());
        (reply.status.as_u16(), header, body(&reply)["code"].clone())
    };
    let null = Value::Null;
    assert_eq!(told("", true), (200, Some("true".to_owned()), null.clone()));
    assert_eq!(told("", false), (200, Some("false".to_owned()), null.clone()));
    assert_eq!(told("silent", true), (200, None, null.clone()));
    assert_eq!(told("enforced", true), (200, Some("true".to_owned()), null));
    assert_eq!(
        told("enforced", false),
        (401, None, Value::from("900421")),
        "the code is a text here"
    );
    let emulator = emulator();
    let unasked = send(
        &emulator,
        &person(&emulator, "agent", true),
        "/v1/profiles/organization",
        &[],
    );
    assert!(!unasked.headers.contains_key("ismfacompliant"));
}

#[test]
fn ids_of_a_request_come_back_and_the_unknown_is_loud() {
    let emulator = emulator();
    let token = person(&emulator, "agent", true);
    let ids = [("ms-requestid", "312b044d"), ("ms-correlationid", "7cb67bb7")];
    for target in ["/v1/profiles/organization", "/v1/profiles/mpn?mpnId=1"] {
        let reply = send(&emulator, &token, target, &ids);
        for (name, value) in ids {
            assert_eq!(reply.headers[name], value, "{target}");
        }
    }
    assert!(
        send(&emulator, &token, "/v1/profiles/mpn", &[])
            .headers
            .contains_key("ms-requestid")
    );
    for target in [
        "/v1/orders",
        "/v1/profiles/support",
        "/v1/profiles/organization/more",
        "/v1",
    ] {
        let reply = send(&emulator, &token, target, &[]);
        assert_eq!(reply.status.as_u16(), 501, "{target}");
        assert!(
            body(&reply)["error"]["message"]
                .as_str()
                .unwrap()
                .contains("no operation GET")
        );
    }
    let mut write = Call::new(Method::PUT, ORIGIN, "/v1/profiles/billing");
    write.set(http::header::AUTHORIZATION, &format!("Bearer {token}"));
    assert_eq!(emulator.answer(&write).status.as_u16(), 501);
}

#[test]
fn throttling_has_the_shape_of_the_gateway() {
    let emulator = emulator();
    let mut fault = Fault::of(FaultKind::Throttle);
    fault.service = Some(Service::PartnerCenter);
    fault.retry_after = Some("42".to_owned());
    fault.count = Some(1);
    emulator.faults().add(fault);
    let token = person(&emulator, "agent", true);
    let reply = send(&emulator, &token, "/v1/profiles/mpn", &[]);
    assert_eq!(
        (reply.status.as_u16(), reply.headers["retry-after"].to_str().unwrap()),
        (429, "42")
    );
    let said = body(&reply);
    assert_eq!(said["statusCode"], 429);
    assert_eq!(said["message"], "Rate limit is exceeded. Try again in 42 seconds.");
    let early = send(&emulator, &token, "/v1/profiles/mpn", &[]);
    assert_eq!(early.status.as_u16(), 200);
    assert!(emulator.log().entries().last().unwrap().early_retry);
}
