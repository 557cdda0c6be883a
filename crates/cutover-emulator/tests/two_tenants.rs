//! A world with two tenants: who is asked is told by path, host or token, and neither sees into the other.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod door;

use axum::body::Body;
use cutover_emulator::{Emulator, World};
use http::{Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use door::{DATAVERSE, GRAPH, ask, get, token};

const HOME: &str = "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10";
const PARTNER: &str = "9d2b1e44-7c55-4d0e-8a11-5b0c6a3e2f90";

const WORLD: &str = r#"
extends = "ready"
[partner.tenant]
id = "9d2b1e44-7c55-4d0e-8a11-5b0c6a3e2f90"
display_name = "Contoso Partner"
domains = ["contosopartner.onmicrosoft.com", "partner.contoso.example"]
[partner.user.admin]
display_name = "Another Alice"
[partner.app.reader]
app_id = "c07e7000-0000-4000-8000-00000000000b"
registered_here = true
secrets = [{ value = "partner-secret" }]
permissions.graph = ["User.Read.All", "Organization.Read.All", "Application.Read.All", "Policy.Read.All"]
[later.partner-user]
at = 2026-11-23T10:00:00Z
partner.user.late = {}
"#;

fn emulator() -> Emulator {
    Emulator::from_world(&World::parse(WORLD, "two.toml").unwrap())
}

async fn token_of(emulator: &Emulator, tenant: &str, client: (&str, &str), resource: &str) -> (u16, Value) {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope={resource}/.default",
        client.0, client.1
    );
    let request = Request::post(format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"));
    ask(emulator, request.body(Body::from(form)).unwrap()).await
}

async fn partner_token(emulator: &Emulator, tenant: &str, resource: &str) -> String {
    let client = ("c07e7000-0000-4000-8000-00000000000b", "partner-secret");
    let (status, body) = token_of(emulator, tenant, client, resource).await;
    assert_eq!(status, 200, "{body}");
    body["access_token"].as_str().unwrap().to_owned()
}

async fn home_token(emulator: &Emulator, resource: &str) -> String {
    token(emulator, &World::built_in("ready").unwrap(), resource).await
}

#[tokio::test]
async fn the_path_says_in_which_tenant_one_signs_in() {
    let emulator = emulator();
    for tenant in [PARTNER, "contosopartner.onmicrosoft.com", "Partner.Contoso.Example"] {
        let token = partner_token(&emulator, tenant, GRAPH).await;
        let (status, body) = get(&emulator, &token, &format!("{GRAPH}/v1.0/organization")).await;
        assert_eq!((status, &body["value"][0]["id"]), (200, &Value::from(PARTNER)));
        assert_eq!(body["value"][0]["displayName"], "Contoso Partner");
    }
    let discovery = "https://login.microsoftonline.com/partner.contoso.example/v2.0/.well-known/openid-configuration";
    let (_, body) = ask(&emulator, Request::get(discovery).body(Body::empty()).unwrap()).await;
    assert!(body["issuer"].as_str().unwrap().contains(PARTNER), "{body}");
    // An application of one tenant is nobody in the other.
    let reader = (
        "c07e7000-0000-4000-8000-00000000000a",
        "emulated-secret-of-cutover-reader",
    );
    let (status, body) = token_of(&emulator, PARTNER, reader, GRAPH).await;
    assert_eq!(
        (status, &body["error_codes"][0]),
        (400, &Value::from(700_016)),
        "{body}"
    );
    assert!(body["error_description"].as_str().unwrap().contains("Contoso Partner"));
    let (status, body) = token_of(&emulator, "fabrikam.onmicrosoft.com", reader, GRAPH).await;
    assert_eq!((status, &body["error_codes"][0]), (400, &Value::from(90_002)));
}

#[tokio::test]
async fn the_token_says_which_tenant_graph_shows() {
    let emulator = emulator();
    let (home, partner) = (
        home_token(&emulator, GRAPH).await,
        partner_token(&emulator, PARTNER, GRAPH).await,
    );
    let names = async |token: &str| {
        let (status, body) = get(&emulator, token, &format!("{GRAPH}/v1.0/users?$select=displayName")).await;
        assert_eq!(status, 200, "{body}");
        let names = body["value"].as_array().unwrap().iter();
        names
            .map(|user| user["displayName"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&partner).await, ["Another Alice"]);
    assert!(names(&home).await.contains(&"Alice Admin".to_owned()));
    // Microsoft's own applications have the same id in each tenant, and a service principal of their own.
    let of_graph = "/v1.0/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'";
    let url = format!("{GRAPH}{}", of_graph.replace(' ', "%20"));
    let (_, here) = get(&emulator, &home, &url).await;
    let (_, there) = get(&emulator, &partner, &url).await;
    assert_eq!(here["value"][0]["appId"], there["value"][0]["appId"]);
    assert_ne!(here["value"][0]["id"], there["value"][0]["id"]);
}

#[tokio::test]
async fn an_environment_takes_no_token_of_another_tenant() {
    let emulator = emulator();
    let token = home_token(&emulator, DATAVERSE).await;
    let (status, _) = get(&emulator, &token, &format!("{DATAVERSE}/api/data/v9.2/WhoAmI")).await;
    assert_eq!(status, 200);
    // The partner tenant has no environment, so nobody gets a token for one there …
    let client = ("c07e7000-0000-4000-8000-00000000000b", "partner-secret");
    let (status, body) = token_of(&emulator, PARTNER, client, DATAVERSE).await;
    assert_eq!(
        (status, &body["error_codes"][0]),
        (400, &Value::from(500_011)),
        "{body}"
    );
    // … and a token for something else is answered with where to get a fitting one.
    let token = partner_token(&emulator, PARTNER, GRAPH).await;
    let request = Request::get(format!("{DATAVERSE}/api/data/v9.2/WhoAmI"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let Ok(response) = emulator.router().oneshot(request).await;
    assert_eq!(response.status(), 401);
    let challenge = response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains(HOME), "{challenge}");
}

#[tokio::test]
async fn throttles_count_each_tenant_by_itself() {
    let emulator = emulator();
    let (home, partner) = (
        home_token(&emulator, GRAPH).await,
        partner_token(&emulator, PARTNER, GRAPH).await,
    );
    // Conditional Access takes one request a second of a tenant.
    let url = format!("{GRAPH}/v1.0/identity/conditionalAccess/policies");
    for (token, expected) in [(&home, 200), (&partner, 200), (&home, 429), (&partner, 429)] {
        assert_eq!(get(&emulator, token, &url).await.0, expected);
    }
}

#[tokio::test]
async fn time_and_folder_keep_both_tenants() {
    let emulator = emulator();
    let late = |emulator: &Emulator| {
        let partner = emulator.in_tenant(PARTNER).unwrap();
        partner.read(|state| state.directory.rows("users").len())
    };
    let folder = tempfile::tempdir().unwrap();
    emulator.save(folder.path()).unwrap();
    let back = Emulator::load(folder.path()).unwrap().unwrap();
    assert_eq!((back.tenants().count(), late(&back)), (2, 1));
    back.clock().advance(jiff::SignedDuration::from_hours(2));
    let token = partner_token(&back, PARTNER, GRAPH).await;
    let (_, body) = get(
        &back,
        &token,
        &format!("{GRAPH}/v1.0/users/late@contosopartner.onmicrosoft.com"),
    )
    .await;
    assert_eq!(body["userPrincipalName"], "late@contosopartner.onmicrosoft.com");
    assert_eq!(late(&back), 2);
}

#[tokio::test]
async fn the_control_port_shows_both_and_nothing_that_proves_anybody() {
    let world = format!("{WORLD}\n[partner.refresh_token.x]\nvalue = 'hush'\nuser = 'admin'\napp = 'reader'\n");
    let emulator = Emulator::from_world(&World::parse(&world, "two.toml").unwrap());
    let request = Request::get("http://127.0.0.1:1/_emulator/state")
        .body(Body::empty())
        .unwrap();
    let Ok(response) = emulator.router().oneshot(request).await;
    let text = response.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(body["tenant"]["id"], HOME);
    assert_eq!(body["others"][0]["tenant"]["id"], PARTNER);
    let text = String::from_utf8_lossy(&text);
    assert!(!text.contains("hush") && !text.contains("partner-secret"), "{text}");
}

#[test]
fn what_is_wrong_with_a_partner_names_its_key() {
    for (text, expected) in [
        (
            "partner.tenant.id = '7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10'",
            "partner.tenant.id: is the home tenant's",
        ),
        (
            "partner.tenant.domains = ['contoso.onmicrosoft.com']",
            "partner.tenant.domains: contoso.onmicrosoft.com is",
        ),
        (
            "partner.now = 2026-01-01T00:00:00Z",
            "partner.now: belongs to the world",
        ),
        (
            "partner.partner.tenant.id = 'x'",
            "partner.partner: belongs to the world",
        ),
        (
            "partner.tenant.domains = ['p.example']\npartner.group.agents.members = ['nobody']",
            "partner.group.agents.members: there is no user, group or app `nobody`",
        ),
        ("partner.tenant.domain = 'p.example'", "unknown field `domain`"),
        ("partner.absent = true", "is not there in the world below"),
        (
            "later.x.at = 2026-12-01T00:00:00Z\nlater.x.partner.tenant.domains = ['p.example']",
            "later.x: whether the partner has a tenant of its own cannot change with time",
        ),
        ("refresh_token.x.user = 'admin'", "refresh_token.x.value: must be given"),
        (
            "refresh_token.x = { value = 'v', user = 'admin', app = 'none' }",
            "refresh_token.x.app: there is no app `none`",
        ),
        (
            "app.reader.asks_for.graph = ['No.Such']",
            "app.reader.asks_for.graph: there is no delegated permission",
        ),
    ] {
        let error = World::parse(&format!("extends = 'ready'\n{text}"), "w.toml")
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
