//! People who sign in at a page, and the codes that come of it.

mod elsewhere;
mod pages;

use aws_lc_rs::digest;

use super::*;

const NATIVE: &str = "4a71e000-0000-4000-8000-000000000001";
const SITE: &str = "51700000-0000-4000-8000-000000000002";
const ALICE: &str = "admin@contoso.onmicrosoft.com";
const PLAIN: &str = "plain@contoso.onmicrosoft.com";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-letters-as-the-rule-says";
const PEOPLE: &str = r#"
extends = "ready"
user.admin.password = "opensesame"
user.service.password = "opensesame"
user.plain = { password = "opensesame" }
user.former = { password = "opensesame", enabled = false }
role_assignment.admin.kind = "standing"
app.native = { app_id = "4a71e000-0000-4000-8000-000000000001", registered_here = true, public_client = true }
grant.native-dataverse = { client = "native", resource = "dataverse", scope = " user_impersonation" }
grant.native-graph = { client = "native", resource = "graph", scope = "User.Read" }

app.site.app_id = "51700000-0000-4000-8000-000000000002"
app.site.registered_here = true
app.site.secrets = [{ value = "secret-of-the-site" }]
app.site.web_redirects = ["https://site.example/cb"]
"#;

fn world(more: &str) -> Emulator {
    Emulator::from_world(&World::parse(&format!("{PEOPLE}{more}"), "x.toml").unwrap())
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, VERIFIER.as_bytes()))
}

/// The address of a page with these fields in place of those an ordinary native client sends.
fn page(changes: &[(&str, &str)]) -> String {
    let challenge = challenge();
    let mut fields = vec![
        ("client_id", NATIVE),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:50111"),
        (
            "scope",
            "https://contoso.crm4.dynamics.com/user_impersonation offline_access openid profile",
        ),
        ("state", "st+te"),
        ("nonce", "n0nce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("login_hint", ALICE),
        ("client_info", "1"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields.retain(|(_, value)| !value.is_empty());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields);
    format!("/{TENANT}/oauth2/v2.0/authorize?{}", query.finish())
}

/// What the browser is redirected with; the text of the page when it stays.
fn browse(emulator: &Emulator, target: &str) -> Result<std::collections::BTreeMap<String, String>, (u16, String)> {
    redirected(&emulator.answer(&Call::new(Method::GET, ORIGIN, target)))
}

fn redirected(reply: &Reply) -> Result<std::collections::BTreeMap<String, String>, (u16, String)> {
    let Some(location) = reply.headers.get(header::LOCATION) else {
        return Err((reply.status.as_u16(), String::from_utf8(reply.body.to_vec()).unwrap()));
    };
    assert_eq!(reply.status, 302);
    let url = url::Url::parse(location.to_str().unwrap()).unwrap();
    Ok(url.query_pairs().into_owned().collect())
}

fn redeem(emulator: &Emulator, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
    let mut fields = vec![
        ("client_id", NATIVE),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", "http://localhost:50111"),
        ("code_verifier", VERIFIER),
        ("client_info", "1"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields.retain(|(_, value)| !value.is_empty());
    post(emulator, &v2(), &fields)
}

fn refused(answer: &(u16, Value), status: u16, error: &str, code: u32) {
    let (got, body) = answer;
    assert_eq!(
        (*got, &body["error"], &body["error_codes"]),
        (status, &json!(error), &json!([code])),
        "{body}"
    );
}

#[test]
fn a_code_becomes_tokens_that_say_who_signed_in_and_how() {
    let emulator = world("browser = {}\n");
    let back = browse(&emulator, &page(&[])).unwrap();
    assert_eq!(back["state"], "st+te");
    let (status, body) = redeem(&emulator, &back["code"], &[]);
    assert_eq!(status, 200, "{body}");
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!(said["aud"], "https://contoso.crm4.dynamics.com");
    assert_eq!(
        (
            &said["upn"],
            &said["scp"],
            &said["amr"],
            &said["appidacr"],
            &said["idtyp"],
            &said["tid"]
        ),
        (
            &json!(ALICE),
            &json!("user_impersonation"),
            &json!(["pwd", "mfa"]),
            &json!("0"),
            &json!("user"),
            &json!(TENANT)
        )
    );
    // Global Administrator, active: the token carries the role of its time.
    assert_eq!(said["wids"], json!(["62e90394-69f5-4237-9190-012177145e10"]));
    let token = body["access_token"].as_str().unwrap();
    let caller = tokens::verify(&emulator, &bearer(token), &["https://contoso.crm4.dynamics.com"]).unwrap();
    assert_eq!(caller.upn.as_deref(), Some(ALICE));
    let id = claims(body["id_token"].as_str().unwrap());
    assert_eq!(
        (
            &id["aud"],
            &id["iss"],
            &id["nonce"],
            &id["preferred_username"],
            &id["ver"]
        ),
        (
            &json!(NATIVE),
            &json!(format!("{ORIGIN}/{TENANT}/v2.0")),
            &json!("n0nce"),
            &json!(ALICE),
            &json!("2.0")
        )
    );
    for info in [body["client_info"].as_str().unwrap(), &back["client_info"]] {
        let info: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(info).unwrap()).unwrap();
        assert_eq!(info, json!({"uid": said["oid"], "utid": TENANT}));
    }
    assert_eq!(body["scope"], "https://contoso.crm4.dynamics.com/user_impersonation");
    refused(&redeem(&emulator, &back["code"], &[]), 400, "invalid_grant", 54_005);
}

#[test]
fn a_code_is_good_once_for_its_client_address_verifier_and_time() {
    type Change = (&'static str, &'static str);
    let cases: &[(&[Change], &str, u32)] = &[
        (
            &[(
                "code_verifier",
                "another-verifier-of-at-least-forty-three-letters-as-well",
            )],
            "invalid_grant",
            501_481,
        ),
        (&[("code_verifier", "")], "invalid_grant", 501_481),
        // The port of a loopback address does not count for the registration, but it does for the code.
        (&[("redirect_uri", "http://localhost:50112")], "invalid_grant", 500_112),
        (&[("code", "0.Cnever-issued")], "invalid_grant", 70_000),
        (&[("code", "")], "invalid_request", 900_144),
        (
            &[("scope", "https://graph.microsoft.com/Mail.Read")],
            "invalid_grant",
            65_001,
        ),
    ];
    for (changes, error, code) in cases {
        let emulator = world("browser = {}\n");
        let back = browse(&emulator, &page(&[])).unwrap();
        refused(&redeem(&emulator, &back["code"], changes), 400, error, *code);
    }
    let emulator = world("browser = {}\n");
    let code = browse(&emulator, &page(&[])).unwrap().remove("code").unwrap();
    let of_another = [
        ("client_id", SITE),
        ("client_secret", "secret-of-the-site"),
        ("redirect_uri", "https://site.example/cb"),
    ];
    refused(&redeem(&emulator, &code, &of_another), 400, "invalid_grant", 70_000);
    // A public client has nothing to prove, and one with a secret has to.
    refused(
        &redeem(&emulator, &code, &[("client_secret", "x")]),
        401,
        "invalid_client",
        700_025,
    );
    refused(
        &redeem(&emulator, &code, &of_another[..1]),
        401,
        "invalid_client",
        7_000_218,
    );
    emulator.clock().advance(SignedDuration::from_secs(599));
    assert_eq!(redeem(&emulator, &code, &[]).0, 200, "the last second");
    let code = browse(&emulator, &page(&[])).unwrap().remove("code").unwrap();
    emulator.clock().advance(SignedDuration::from_secs(600));
    refused(&redeem(&emulator, &code, &[]), 400, "invalid_grant", 70_008);
}

#[test]
fn a_site_proves_itself_and_its_people_consent_at_the_page() {
    let emulator = world("browser = {}\n");
    let of_site = [
        ("client_id", SITE),
        ("redirect_uri", "https://site.example/cb"),
        ("scope", "User.Read openid"),
        ("login_hint", PLAIN),
    ];
    let back = browse(&emulator, &page(&of_site)).unwrap();
    let proven = [
        ("client_id", SITE),
        ("redirect_uri", "https://site.example/cb"),
        ("client_secret", "secret-of-the-site"),
    ];
    let (status, body) = redeem(&emulator, &back["code"], &proven);
    assert_eq!((status, &body["scope"]), (200, &json!("User.Read openid")), "{body}");
    assert!(body.get("refresh_token").is_none(), "nobody asked for offline_access");
    let said = claims(body["access_token"].as_str().unwrap());
    assert_eq!(
        (&said["appidacr"], &said["amr"]),
        (&json!("1"), &json!(["pwd"])),
        "no method is registered"
    );
    // What was consented to is a grant of this person alone.
    let grants = emulator.read(|state| state.directory.rows("oauth2PermissionGrants").to_vec());
    let grant = grants.iter().find(|grant| grant["principalId"] == said["oid"]).unwrap();
    assert_eq!(
        (&grant["consentType"], &grant["scope"]),
        (&json!("Principal"), &json!("User.Read"))
    );
    assert!(
        browse(
            &emulator,
            &page(&[of_site[0], of_site[1], of_site[2], of_site[3], ("prompt", "none")])
        )
        .is_ok()
    );
    // What reaches beyond the person is an administrator's to give.
    let beyond = |who| [of_site[0], of_site[1], ("scope", "User.Read.All"), ("login_hint", who)];
    let (_, text) = browse(&emulator, &page(&beyond(PLAIN))).unwrap_err();
    assert!(text.contains("AADSTS90094"), "{text}");
    assert!(browse(&emulator, &page(&beyond(ALICE))).is_ok());
}

#[test]
fn what_the_page_cannot_send_back_it_shows() {
    let emulator = world("browser = {}\n");
    for (changes, text) in [
        (
            &[("redirect_uri", "http://localhost:50111/elsewhere")][..],
            "AADSTS50011",
        ),
        (&[("redirect_uri", "https://evil.example")], "AADSTS50011"),
        (&[("client_id", "00000000-0000-0000-0000-00000000dead")], "AADSTS700016"),
        (&[("code_challenge_method", "S1")], "AADSTS9002313"),
        (&[("login_hint", "nobody@contoso.onmicrosoft.com")], "AADSTS50034"),
        (&[("login_hint", "former@contoso.onmicrosoft.com")], "AADSTS50057"),
    ] {
        let (_, shown) = browse(&emulator, &page(changes)).unwrap_err();
        assert!(shown.contains(text), "{changes:?}: {shown}");
    }
    for (changes, error) in [
        (&[("response_type", "token")][..], "unsupported_response_type"),
        (
            &[(
                "scope",
                "https://graph.microsoft.com/User.Read https://contoso.crm4.dynamics.com/.default",
            )],
            "invalid_scope",
        ),
        (
            &[("scope", "https://other.crm4.dynamics.com/.default")],
            "invalid_resource",
        ),
        (&[("prompt", "none"), ("scope", "Mail.Read")], "invalid_grant"),
    ] {
        let back = browse(&emulator, &page(changes)).unwrap();
        assert_eq!(
            (back["error"].as_str(), back["state"].as_str()),
            (error, "st+te"),
            "{changes:?}"
        );
        assert!(!back.contains_key("code"));
    }
    let declines = world("browser = { declines = true }\n");
    assert_eq!(browse(&declines, &page(&[])).unwrap()["error"], "access_denied");
}

#[test]
fn without_a_person_a_page_waits_for_one() {
    let emulator = world("");
    assert_eq!(
        browse(&emulator, &page(&[("prompt", "none")])).unwrap()["error"],
        "login_required"
    );
    let hostile = page(&[("login_hint", "\"><script>alert(1)</script>")]);
    let (status, shown) = browse(&emulator, &hostile).unwrap_err();
    assert_eq!(status, 200);
    assert!(
        !shown.contains("<script>alert") && shown.contains("&lt;script&gt;"),
        "{shown}"
    );
    let fields = format!("login={ALICE}&mfa=1&answer=sign-in");
    let sent = Call::new(Method::POST, ORIGIN, &page(&[("login_hint", "")])).with_body(fields);
    let back = redirected(&emulator.answer(&sent)).unwrap();
    assert_eq!(redeem(&emulator, &back["code"], &[]).0, 200);
    let fragment =
        Call::new(Method::POST, ORIGIN, &page(&[("response_mode", "fragment")])).with_body("answer=decline&login=x");
    let reply = emulator.answer(&fragment);
    let location = reply.headers[header::LOCATION].to_str().unwrap();
    assert!(
        location.starts_with("http://localhost:50111#error=access_denied"),
        "{location}"
    );
    let form_post =
        Call::new(Method::POST, ORIGIN, &page(&[("response_mode", "form_post")])).with_body(format!("login={ALICE}"));
    let shown = String::from_utf8(emulator.answer(&form_post).body.to_vec()).unwrap();
    assert!(
        shown.contains("action=\"http://localhost:50111\"") && shown.contains("name=\"code\""),
        "{shown}"
    );
}
