use http::Method;

use super::*;
use crate::faults::FaultKind;
use crate::world::World;

const LOGIN: &str = "https://login.microsoftonline.com";
const GRAPH: &str = "https://graph.microsoft.com";

fn emulator() -> Emulator {
    Emulator::from_world(&World::built_in("ready").unwrap())
}

/// A token of the reader for a resource, asked for with this claims request.
fn token(emulator: &Emulator, resource: &str, claims: Option<&str>) -> String {
    let scope = format!("{resource}/.default");
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([
        ("grant_type", "client_credentials"),
        ("client_id", "c07e7000-0000-4000-8000-00000000000a"),
        ("client_secret", "emulated-secret-of-cutover-reader"),
        ("scope", &scope),
    ]);
    form.extend_pairs(claims.map(|claims| ("claims", claims)));
    let target = "/contoso.onmicrosoft.com/oauth2/v2.0/token";
    let reply = emulator.answer(&Call::new(Method::POST, LOGIN, target).with_body(form.finish()));
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["access_token"]
        .as_str()
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
}

fn get(emulator: &Emulator, origin: &str, target: &str, token: &str) -> Reply {
    emulator.answer(&Call::new(Method::GET, origin, target).with(header::AUTHORIZATION, &format!("Bearer {token}")))
}

/// The claims that an answer demands, decoded.
fn demanded(reply: &Reply) -> Value {
    let header = reply.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(
        header.starts_with("Bearer ") && header.contains("error=\"insufficient_claims\""),
        "{header}"
    );
    let claims = header.split("claims=\"").nth(1).unwrap().split('"').next().unwrap();
    serde_json::from_slice(&STANDARD.decode(claims).unwrap()).unwrap()
}

const CAPABLE: &str = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;

#[test]
fn only_a_client_that_can_handle_it_is_challenged_until_it_answers() {
    for (origin, target) in [
        (GRAPH, "/v1.0/users"),
        ("https://contoso.crm4.dynamics.com", "/api/data/v9.2/WhoAmI"),
    ] {
        let emulator = emulator();
        emulator.faults().add(Fault::of(FaultKind::ClaimsChallenge));
        let unaware = token(&emulator, origin, None);
        assert_eq!(get(&emulator, origin, target, &unaware).status, 200);
        let capable = token(&emulator, origin, Some(CAPABLE));
        let challenged = get(&emulator, origin, target, &capable);
        assert_eq!(challenged.status, 401);
        let mut claims = demanded(&challenged);
        let now = emulator.clock().now().as_second().to_string();
        assert_eq!(claims["access_token"]["nbf"], json!({"essential": true, "value": now}));
        let another = token(&emulator, origin, Some(CAPABLE));
        assert_eq!(
            get(&emulator, origin, target, &another).status,
            401,
            "a token that answers nothing"
        );
        claims["access_token"]["xms_cc"] = json!({"values": ["CP1"]});
        let answering = token(&emulator, origin, Some(&claims.to_string()));
        assert_eq!(get(&emulator, origin, target, &answering).status, 200);
    }
}

#[test]
fn a_world_says_which_claims_where_and_how_often() {
    let text = "extends = \"ready\"\n[faults.context]\nkind = \"claims-challenge\"\nservice = \"graph\"\n\
                path = \"/v1.0/users\"\ncount = 1\nclaims = { acrs = { essential = true, value = \"c1\" } }\n";
    let emulator = Emulator::from_world(&World::parse(text, "x.toml").unwrap());
    let capable = token(&emulator, GRAPH, Some(CAPABLE));
    assert_eq!(get(&emulator, GRAPH, "/v1.0/groups", &capable).status, 200);
    let answering = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1"]}}}"#;
    let answering = token(&emulator, GRAPH, Some(answering));
    assert_eq!(get(&emulator, GRAPH, "/v1.0/users", &answering).status, 200);
    let challenged = get(&emulator, GRAPH, "/v1.0/users", &capable);
    assert_eq!(
        demanded(&challenged),
        json!({"access_token": {"acrs": {"essential": true, "value": "c1"}}})
    );
    let body: Value = serde_json::from_slice(&challenged.body).unwrap();
    assert_eq!(body["error"]["code"], "InvalidAuthenticationToken");
    assert_eq!(get(&emulator, GRAPH, "/v1.0/users", &capable).status, 200, "once only");
}

#[test]
fn the_end_of_a_users_sessions_ends_tokens_of_capable_clients_in_graph() {
    let emulator = emulator();
    let carla = "c0117e00-0000-4000-8000-000000000004";
    let begun = emulator.clock().now().as_second();
    let of = |xms_cc: &[&str], nbf: i64| {
        let claims = json!({"nbf": nbf, "oid": carla, "upn": "x", "xms_cc": xms_cc});
        let token = format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string()));
        Call::new(Method::GET, GRAPH, "/v1.0/me").with(header::AUTHORIZATION, &format!("Bearer {token}"))
    };
    let challenged = |call: &Call| super::of(&emulator, Service::Graph, call, false);
    assert!(challenged(&of(&["CP1"], begun)).is_none());
    emulator.clock().advance(jiff::SignedDuration::from_secs(90));
    let ended = emulator.clock().now();
    emulator.write(|state| {
        let user = state.directory.find_mut("users", "id", carla).unwrap();
        user.insert("signInSessionsValidFromDateTime".to_owned(), json!(ended));
    });
    let reply = challenged(&of(&["CP1"], begun)).unwrap();
    let value = ended.as_second().to_string();
    assert_eq!(demanded(&reply)["access_token"]["nbf"]["value"], value);
    assert!(String::from_utf8_lossy(&reply.body).contains("TokenIssuedBeforeRevocationTimestamp"));
    assert!(challenged(&of(&["CP1"], ended.as_second())).is_none(), "a new sign-in");
    assert!(
        challenged(&of(&[], begun)).is_none(),
        "who cannot handle it keeps the token until it ends"
    );
    let elsewhere = super::of(&emulator, Service::Dataverse, &of(&["CP1"], begun), false);
    assert!(elsewhere.is_none());
}
