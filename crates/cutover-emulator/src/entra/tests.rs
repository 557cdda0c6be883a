mod assertions;
mod federation;
mod people;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::*;
use crate::world::World;

const TENANT: &str = "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10";
const READER: &str = "c07e7000-0000-4000-8000-00000000000a";
const SECRET: &str = "emulated-secret-of-cutover-reader";
const GRAPH: &str = "https://graph.microsoft.com/.default";
const DATAVERSE: &str = "https://contoso.crm4.dynamics.com/.default";
const ORIGIN: &str = "https://login.microsoftonline.com";

fn emulator() -> Emulator {
    Emulator::from_world(&World::built_in("ready").unwrap())
}

fn post(emulator: &Emulator, target: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let call = Call::new(Method::POST, ORIGIN, target).with_body(form.finish());
    let reply = emulator.answer(&call);
    let body = serde_json::from_slice(&reply.body).unwrap();
    (reply.status.as_u16(), body)
}

fn get(emulator: &Emulator, target: &str) -> Value {
    let reply = emulator.answer(&Call::new(Method::GET, ORIGIN, target));
    serde_json::from_slice(&reply.body).unwrap()
}

fn v2() -> String {
    format!("/{TENANT}/oauth2/v2.0/token")
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn bearer(token: &str) -> Call {
    Call::new(Method::GET, "https://graph.microsoft.com", "/v1.0/users")
        .with(header::AUTHORIZATION, &format!("Bearer {token}"))
}

#[test]
fn a_secret_gets_a_token_that_the_resource_accepts() {
    let emulator = emulator();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", READER),
        ("client_secret", SECRET),
        ("scope", GRAPH),
    ];
    let (status, body) = post(&emulator, "/contoso.onmicrosoft.com/oauth2/v2.0/token", &fields);
    assert_eq!(status, 200, "{body}");
    assert!(
        body["expires_in"]
            .as_i64()
            .is_some_and(|seconds| (3599..5400).contains(&seconds))
    );
    assert!(body.get("refresh_token").is_none());
    let token = body["access_token"].as_str().unwrap();
    let said = claims(token);
    assert_eq!(said["aud"], "https://graph.microsoft.com");
    assert_eq!(said["tid"], TENANT);
    assert_eq!(said["iss"], format!("https://sts.windows.net/{TENANT}/"));
    assert_eq!(said["idtyp"], "app");
    assert_eq!(said["oid"], said["sub"]);
    assert!(said["roles"].as_array().unwrap().contains(&json!("Policy.Read.All")));
    let caller = tokens::verify(&emulator, &bearer(token), &["https://graph.microsoft.com"]).unwrap();
    assert_eq!(caller.app_id, READER);
    assert!(caller.is_application());
    assert!(caller.roles.iter().any(|role| role == "User.Read.All"));
    // A token says nothing of roles where none is granted.
    let fields = [fields[0], fields[1], fields[2], ("scope", DATAVERSE)];
    let (_, body) = post(&emulator, &v2(), &fields);
    assert!(claims(body["access_token"].as_str().unwrap()).get("roles").is_none());
}

#[test]
fn the_older_endpoint_takes_a_resource_and_answers_texts() {
    let emulator = emulator();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", READER),
        ("client_secret", SECRET),
        ("resource", "https://contoso.crm4.dynamics.com/"),
    ];
    let (status, body) = post(&emulator, &format!("/{TENANT}/oauth2/token"), &fields);
    assert_eq!(status, 200, "{body}");
    assert!(body["expires_in"].as_str().unwrap().parse::<i64>().unwrap() >= 3599);
    let token = body["access_token"].as_str().unwrap();
    let audiences = &["https://contoso.crm4.dynamics.com"];
    assert!(tokens::verify(&emulator, &bearer(token), audiences).is_ok());
}

#[test]
fn each_mistake_has_its_number() {
    let ok = [
        ("grant_type", "client_credentials"),
        ("client_id", READER),
        ("client_secret", SECRET),
        ("scope", GRAPH),
    ];
    type Change = (&'static str, &'static str);
    let here = v2();
    let cases: &[(&str, &[Change], u16, &str, u32)] = &[
        (&here, &[("client_secret", "wrong")], 401, "invalid_client", 7_000_215),
        (
            &here,
            &[("client_secret", "emulated-secret-that-has-expired")],
            401,
            "invalid_client",
            7_000_222,
        ),
        (&here, &[("client_secret", "")], 401, "invalid_client", 7_000_218),
        (
            &here,
            &[("client_id", "00000000-0000-0000-0000-00000000dead")],
            400,
            "unauthorized_client",
            700_016,
        ),
        (&here, &[("client_id", "")], 400, "invalid_request", 900_144),
        (&here, &[("grant_type", "")], 400, "invalid_request", 900_144),
        (&here, &[("grant_type", "magic")], 400, "unsupported_grant_type", 70_003),
        (&here, &[("scope", "")], 400, "invalid_request", 900_144),
        (
            &here,
            &[("scope", "https://graph.microsoft.com/User.Read.All")],
            400,
            "invalid_scope",
            1_002_012,
        ),
        (&here, &[("scope", "/.default")], 400, "invalid_scope", 1_002_012),
        (
            &here,
            &[("scope", "https://graph.microsoft.com/.default openid")],
            400,
            "invalid_scope",
            70_011,
        ),
        (
            &here,
            &[(
                "scope",
                "https://graph.microsoft.com/.default https://contoso.crm4.dynamics.com/.default",
            )],
            400,
            "invalid_scope",
            700_022,
        ),
        (
            &here,
            &[("scope", "https://other.crm4.dynamics.com/.default")],
            400,
            "invalid_resource",
            500_011,
        ),
        (
            "/fabrikam.onmicrosoft.com/oauth2/v2.0/token",
            &[],
            400,
            "invalid_request",
            90_002,
        ),
        ("/common/oauth2/v2.0/token", &[], 400, "invalid_request", 50_059),
    ];
    let emulator = emulator();
    for (target, changes, status, error, code) in cases {
        let fields: Vec<(&str, &str)> = ok
            .iter()
            .map(|(name, value)| {
                let change = changes.iter().find(|(changed, _)| changed == name);
                (*name, change.map_or(*value, |(_, value)| value))
            })
            .collect();
        let (got, body) = post(&emulator, target, &fields);
        assert_eq!(
            (got, &body["error"], &body["error_codes"]),
            (*status, &json!(error), &json!([code])),
            "{body}"
        );
        let text = body["error_description"].as_str().unwrap();
        assert!(text.starts_with(&format!("AADSTS{code}: ")), "{text}");
        assert!(!body.to_string().contains("wrong"), "no secret comes back: {body}");
        assert_eq!(body["timestamp"], "2026-11-23 09:00:00Z");
        assert!(body["trace_id"].is_string() && body["correlation_id"].is_string());
    }
    let (status, body) = post(
        &emulator,
        &here,
        &[("grant_type", "urn:ietf:params:oauth:grant-type:saml2-bearer")],
    );
    assert_eq!(status, 501);
    assert!(body.to_string().contains("saml2-bearer"), "{body}");
}

#[test]
fn a_disabled_application_gets_nothing() {
    let text = "extends = \"ready\"\napp.reader.enabled = false\n";
    let emulator = Emulator::from_world(&World::parse(text, "x.toml").unwrap());
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", READER),
        ("client_secret", SECRET),
        ("scope", GRAPH),
    ];
    let (_, body) = post(&emulator, &v2(), &fields);
    assert_eq!(body["error_codes"], json!([7_000_112]));
}

#[test]
fn a_resource_refuses_what_is_not_meant_for_it() {
    use tokens::TokenRefusal::*;
    let emulator = emulator();
    let graph = &["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"];
    let token = tokens::testing::application(&emulator, READER, "o", graph[0], &[]);
    let ask = |call: &Call, audiences: &[&str]| tokens::verify(&emulator, call, audiences).err();
    assert_eq!(ask(&bearer(&token), graph), None);
    assert_eq!(
        ask(&bearer(&token), &["https://contoso.crm4.dynamics.com"]),
        Some(Audience)
    );
    assert_eq!(ask(&bearer(""), graph), Some(Missing));
    assert_eq!(ask(&bearer("x.y.z"), graph), Some(Malformed));
    let mut forged = token.clone().into_bytes();
    let dot = token.find('.').unwrap();
    forged[dot + 10] ^= 1;
    let forged = String::from_utf8(forged).unwrap();
    assert!(matches!(ask(&bearer(&forged), graph), Some(Signature | Malformed)));
    let header = Header::new(Algorithm::HS256);
    let secret = EncodingKey::from_secret(keys::PUBLIC);
    let confused = jsonwebtoken::encode(&header, &claims(&token), &secret).unwrap();
    assert_eq!(
        ask(&bearer(&confused), graph),
        Some(Signature),
        "the public key is no secret"
    );
    let text = "extends = \"ready\"\ntenant.id = \"00000000-0000-4000-8000-000000000bad\"\n";
    let other = Emulator::from_world(&World::parse(text, "x.toml").unwrap());
    let foreign = tokens::testing::user(&other, "o", "u@x", graph[0], "User.Read");
    assert_eq!(ask(&bearer(&foreign), graph), Some(Tenant));
    emulator.clock().advance(SignedDuration::from_mins(60));
    assert_eq!(ask(&bearer(&token), graph), Some(Expired));
}

#[test]
fn discovery_stays_at_the_origin_and_keys_verify_tokens() {
    let emulator = emulator();
    for (path, issuer) in [
        (
            format!("/{TENANT}/v2.0/.well-known/openid-configuration"),
            format!("{ORIGIN}/{TENANT}/v2.0"),
        ),
        (
            "/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration".to_owned(),
            format!("{ORIGIN}/{TENANT}/v2.0"),
        ),
        (
            "/common/v2.0/.well-known/openid-configuration".to_owned(),
            format!("{ORIGIN}/{{tenantid}}/v2.0"),
        ),
        (
            format!("/{TENANT}/.well-known/openid-configuration"),
            format!("https://sts.windows.net/{TENANT}/"),
        ),
    ] {
        let body = get(&emulator, &path);
        assert_eq!(body["issuer"], issuer, "{path}");
        for key in [
            "token_endpoint",
            "jwks_uri",
            "authorization_endpoint",
            "device_authorization_endpoint",
        ] {
            assert!(body[key].as_str().unwrap().starts_with(ORIGIN), "{path} {key}");
        }
        let keys = get(
            &emulator,
            body["jwks_uri"].as_str().unwrap().strip_prefix(ORIGIN).unwrap(),
        );
        let key: jsonwebtoken::jwk::Jwk = serde_json::from_value(keys["keys"][0].clone()).unwrap();
        let key = jsonwebtoken::DecodingKey::from_jwk(&key).unwrap();
        let token = tokens::testing::application(&emulator, READER, "o", "a", &[]);
        let (message, signature) = token.rsplit_once('.').unwrap();
        assert!(jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::RS256).unwrap());
    }
    let body = get(&emulator, "/fabrikam.com/v2.0/.well-known/openid-configuration");
    assert_eq!(body["error_codes"], json!([90_002]));
    let asked = "authorization_endpoint=https%3A%2F%2Flogin.microsoftonline.com%2Fcontoso.onmicrosoft.com%2Foauth2";
    let body = get(
        &emulator,
        &format!("/common/discovery/instance?api-version=1.1&{asked}"),
    );
    let document = body["tenant_discovery_endpoint"].as_str().unwrap();
    assert_eq!(
        document,
        format!("{ORIGIN}/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration")
    );
}

#[test]
fn equal_emulators_give_equal_tokens() {
    let token = || {
        let emulator = emulator();
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", READER),
            ("client_secret", SECRET),
            ("scope", GRAPH),
        ];
        post(&emulator, &v2(), &fields).1
    };
    assert_eq!(token(), token());
}

#[test]
fn parallel_requests_for_two_tokens_never_swap_what_they_get() {
    let wanted = [GRAPH, DATAVERSE];
    let ask = |order: [usize; 2]| {
        let emulator = emulator();
        let mut tokens = order.map(|which| {
            let fields = [
                ("grant_type", "client_credentials"),
                ("client_id", READER),
                ("client_secret", SECRET),
                ("scope", wanted[which]),
            ];
            let (_, body) = post(&emulator, &v2(), &fields);
            (
                which,
                body["expires_in"].clone(),
                claims(body["access_token"].as_str().unwrap())["uti"].clone(),
            )
        });
        tokens.sort_by_key(|(which, ..)| *which);
        tokens
    };
    let tokens = ask([0, 1]);
    assert_eq!(tokens, ask([1, 0]));
    assert_ne!(tokens[0].2, tokens[1].2);
}
