use http::HeaderName;

use super::*;
use crate::world::World;

const HEADER: &str = "what-app-service-gave-its-code";
const GRAPH: &str = "https://graph.microsoft.com";
const RESOURCE_ID: &str =
    "/subscriptions/5/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker";

fn emulator() -> Emulator {
    let text = format!(
        "extends = \"ready\"\n[app.machine]\napp_id = \"3a5e0000-0000-4000-8000-000000000001\"\n\
         managed_identity = {{ identity_header = \"{HEADER}\" }}\npermissions.graph = [\"User.Read.All\"]\n\
         [app.worker]\nid = \"3a5e0000-0000-4000-8000-000000000003\"\napp_id = \"3a5e0000-0000-4000-8000-000000000002\"\n\
         managed_identity = {{ identity_header = \"{HEADER}\", resource_id = \"{RESOURCE_ID}\" }}\n"
    );
    Emulator::from_world(&World::parse(&text, "x.toml").unwrap())
}

fn ask(emulator: &Emulator, path: &str, query: &[(&str, &str)], header: Option<(&'static str, &str)>) -> (u16, Value) {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(query);
    let mut call = Call::new(Method::GET, "http://localhost:1", &format!("{path}?{}", text.finish()));
    if let Some((name, value)) = header {
        call = call.with(HeaderName::from_static(name), value);
    }
    let reply = emulator.answer(&call);
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
}

fn claims(body: &Value) -> Value {
    let part = body["access_token"].as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn a_machine_gets_a_token_that_graph_accepts() {
    let emulator = emulator();
    let query = [("api-version", "2018-02-01"), ("resource", GRAPH)];
    let metadata = Some(("metadata", "true"));
    let (status, body) = ask(&emulator, METADATA_SERVICE, &query, metadata);
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (&body["expires_in"], &body["resource"]),
        (&json!("86399"), &json!(GRAPH))
    );
    let said = claims(&body);
    assert_eq!(
        (&said["appid"], &said["idtyp"], &said["roles"]),
        (
            &json!("3a5e0000-0000-4000-8000-000000000001"),
            &json!("app"),
            &json!(["User.Read.All"])
        )
    );
    let token = body["access_token"].as_str().unwrap();
    let call =
        Call::new(Method::GET, GRAPH, "/v1.0/users").with(http::header::AUTHORIZATION, &format!("Bearer {token}"));
    assert_eq!(emulator.answer(&call).status, 200);
    let kind = emulator.read(|state| {
        let row = state
            .directory
            .find("servicePrincipals", "appId", "3a5e0000-0000-4000-8000-000000000001");
        row.unwrap()["servicePrincipalType"].clone()
    });
    assert_eq!(kind, "ManagedIdentity");
}

#[test]
fn a_user_assigned_identity_is_named_and_one_that_is_not_there_is_refused() {
    let emulator = emulator();
    let usual = [("api-version", "2018-02-01"), ("resource", GRAPH)];
    let metadata = Some(("metadata", "true"));
    for (name, value) in [
        ("client_id", "3a5e0000-0000-4000-8000-000000000002"),
        ("object_id", "3a5e0000-0000-4000-8000-000000000003"),
        ("msi_res_id", RESOURCE_ID),
    ] {
        let (status, body) = ask(
            &emulator,
            METADATA_SERVICE,
            &[usual[0], usual[1], (name, value)],
            metadata,
        );
        assert_eq!(
            (status, &claims(&body)["appid"]),
            (200, &json!("3a5e0000-0000-4000-8000-000000000002"))
        );
    }
    let other = ("client_id", "00000000-0000-4000-8000-000000000000");
    let cases = [
        (
            vec![usual[0], usual[1], other],
            metadata,
            "invalid_request",
            "Identity not found",
        ),
        (
            usual.to_vec(),
            None,
            "invalid_request",
            "Required metadata header not specified",
        ),
        (
            vec![usual[0], ("resource", "https://nowhere.example")],
            metadata,
            "invalid_resource",
            "AADSTS500011",
        ),
    ];
    for (query, header, error, text) in cases {
        let (status, body) = ask(&emulator, METADATA_SERVICE, &query, header);
        assert_eq!((status, &body["error"]), (400, &json!(error)), "{body}");
        assert!(body["error_description"].as_str().unwrap().contains(text), "{body}");
    }
    let nobody = Emulator::from_world(&World::built_in("ready").unwrap());
    assert_eq!(
        ask(&nobody, METADATA_SERVICE, &usual, metadata).1["error_description"],
        "Identity not found"
    );
    let (status, body) = ask(&emulator, METADATA_SERVICE, &usual[1..], metadata);
    assert_eq!(status, 501, "{body}");
}

#[test]
fn app_service_knows_its_code_by_a_header() {
    let emulator = emulator();
    let query = [("api-version", "2019-08-01"), ("resource", GRAPH)];
    let header = Some(("x-identity-header", HEADER));
    let (status, body) = ask(&emulator, APP_SERVICE, &query, header);
    let keys: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.len(), 5, "{keys:?}");
    assert_eq!(
        (status, &body["client_id"]),
        (200, &json!("3a5e0000-0000-4000-8000-000000000001"))
    );
    assert_eq!(ask(&emulator, APP_SERVICE, &query, None).0, 401);
    assert_eq!(
        ask(&emulator, APP_SERVICE, &query, Some(("x-identity-header", "guess"))).0,
        401
    );
    let named = [
        query[0],
        query[1],
        ("client_id", "00000000-0000-4000-8000-000000000000"),
    ];
    let (status, body) = ask(&emulator, APP_SERVICE, &named, header);
    assert_eq!((status, &body["statusCode"]), (400, &json!(400)));
    let nowhere = [query[0], ("resource", "https://nowhere.example")];
    assert_eq!(ask(&emulator, APP_SERVICE, &nowhere, header).0, 500);
    assert_eq!(
        ask(
            &emulator,
            APP_SERVICE,
            &[("api-version", "2017-09-01"), query[1]],
            header
        )
        .0,
        501
    );
    let shown = emulator.read(|state| format!("{state:?}"));
    assert!(!shown.contains(HEADER), "{shown}");
}
