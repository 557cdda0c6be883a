//! Claims challenges: a service that refuses a token and says what the next one must have (continuous access evaluation).

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cutover_clients::dataverse::who_am_i::who_am_i;
use cutover_clients::graph::{licences, organization};
use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::{Person, RefreshToken, TokenError, Way};
use cutover_clients::{Clients, Failure, Wave};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::device_code::Shown;
use crate::double::{
    Asked, CLIENT, Double, REFRESH_TOKEN, TENANT, Told, claims_of_person, json_response, rows, token, told,
};

const CHALLENGE: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;

/// A refusal that asks for another token.
fn challenged() -> Told {
    let claims = STANDARD.encode(CHALLENGE);
    told(401, json!({"error": {"code": "InvalidAuthenticationToken", "message": "Continuous access evaluation"}})).with(
        "WWW-Authenticate",
        format!(r#"Bearer realm="", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="{claims}""#),
    )
}

/// The claims that each request for a token asked for, by API.
fn asked_for(double: &Double) -> Vec<(bool, Value)> {
    let sent = double.sent.lock().unwrap();
    let tokens = sent.iter().filter(|sent| sent.line.ends_with("/token"));
    tokens
        .map(|sent| {
            let form: HashMap<_, _> = url::form_urlencoded::parse(sent.body.as_bytes()).collect();
            let claims = serde_json::from_str(&form["claims"]).unwrap();
            (form["scope"].contains("graph.microsoft.com"), claims)
        })
        .collect()
}

#[tokio::test]
async fn one_fetch_has_what_was_asked_for_and_every_request_says_what_this_client_can() {
    let mut first = None;
    let double = Double::new(move |asked: &Asked| {
        let refused = first.get_or_insert_with(|| asked.token.clone()) == &asked.token;
        // One part of a batch is challenged and the other one is not.
        match refused && asked.url.contains("subscribedSkus") {
            true => challenged(),
            false => rows(json!([])),
        }
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let organization = wave.ask(organization::organization());
    let answers = wave.send(&double.clients).await;
    assert!(answers.take(skus).result.is_ok());
    assert!(answers.take(organization).result.is_ok());
    let can = json!({"access_token": {"xms_cc": {"values": ["cp1"]}}});
    let asked = json!({"access_token": {"nbf": {"essential": true, "value": "1604106651"},
                                        "xms_cc": {"values": ["cp1"]}}});
    assert_eq!(asked_for(&double), [(true, can.clone()), (true, asked.clone())]);
    // Another API's token is none of that challenge's business, and a challenge that stays is answered once.
    let never = Double::new(|asked| match asked.url.contains("WhoAmI") {
        true => challenged(),
        false => rows(json!([])),
    });
    let mut wave = Wave::new();
    let me = wave.ask(who_am_i());
    let skus = wave.ask(licences::subscribed_skus());
    let answers = wave.send(&never.clients).await;
    assert!(matches!(
        answers.take(me).result,
        Err(Failure::Refused { status: 401, .. })
    ));
    assert!(answers.take(skus).result.is_ok());
    let mut fetched = asked_for(&never);
    fetched.sort_by_key(|(graph, claims)| (*graph, claims.to_string().len()));
    assert_eq!(fetched, [(false, can.clone()), (false, asked), (true, can)]);
}

#[tokio::test]
async fn what_entra_asks_of_a_person_meanwhile_is_told() {
    let mut fetched = 0;
    let double = Double::with_carrier(
        |_| challenged(),
        move |sent| {
            if !sent.line.ends_with("/token") {
                return None;
            }
            fetched += 1;
            let claims = json!({"tid": TENANT, "aud": "https://graph.microsoft.com", "oid": Uuid::nil(), "idtyp": "user",
                                "scp": "User.Read", "exp": 1_795_430_000});
            Some(Ok(match fetched {
                1 => json_response(200, &json!({"token_type": "Bearer", "access_token": token(&claims)})),
                _ => json_response(
                    400,
                    &json!({"error": "interaction_required", "error_description": "AADSTS50076: …",
                            "error_codes": [50076], "suberror": "basic_action", "claims": CHALLENGE}),
                ),
            }))
        },
    );
    let person = Arc::new(RefreshToken::new(CLIENT, None, REFRESH_TOKEN.into()));
    let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), person);
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    match wave.send(&clients).await.take(skus).result.unwrap_err() {
        Failure::NotSignedIn(TokenError::Refused(refusal)) => {
            assert_eq!(refusal.claims.as_deref(), Some(CHALLENGE));
            assert_eq!(refusal.suberror.as_deref(), Some("basic_action"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(double.requests().len(), 1);
}

#[tokio::test]
async fn a_person_is_asked_once_more_when_the_refresh_token_does_not_do() {
    let mut first = None;
    let mut signed_in = 0;
    let double = Double::with_carrier(
        move |asked: &Asked| match first.get_or_insert_with(|| asked.token.clone()) == &asked.token {
            true => challenged(),
            false => rows(json!([])),
        },
        move |sent| {
            let body = if sent.line.ends_with("/devicecode") {
                json!({"device_code": "0.D", "user_code": "BCD", "verification_uri": "https://microsoft.com/devicelogin",
                       "expires_in": 900, "interval": 5})
            } else if sent.body.contains("grant_type=refresh_token") {
                let refused = json!({"error": "interaction_required", "error_description": "AADSTS50076: …",
                                     "error_codes": [50076], "suberror": "basic_action"});
                return Some(Ok(json_response(400, &refused)));
            } else if sent.line.ends_with("/token") {
                signed_in += 1;
                let mut claims = claims_of_person("https://graph.microsoft.com");
                claims["tid"] = json!(TENANT);
                claims["uti"] = json!(signed_in);
                json!({"token_type": "Bearer", "access_token": token(&claims), "refresh_token": "0.A"})
            } else {
                return None;
            };
            Some(Ok(json_response(200, &body)))
        },
    );
    let shown = Arc::new(Shown::default());
    let person = Arc::new(Person::new(CLIENT, Way::DeviceCode, Some(shown.clone())));
    let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), person);
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    assert!(wave.send(&clients).await.take(skus).result.is_ok());
    assert_eq!(shown.0.lock().unwrap().len(), 2, "the person signed in, and once more");
    let asked: Vec<bool> = asked_for_claims(&double)
        .iter()
        .map(|claims| claims.contains("1604106651"))
        .collect();
    // Sign-in without, then with what the service asked for: refresh, and the second sign-in.
    assert_eq!(asked, [false, false, true, true, true]);
}

/// The `claims` of every request to Entra, in order.
fn asked_for_claims(double: &Double) -> Vec<String> {
    let sent = double.sent.lock().unwrap();
    let to_entra = sent.iter().filter(|sent| sent.line.contains("/oauth2/"));
    let claims = |body: &str| {
        let form: HashMap<_, _> = url::form_urlencoded::parse(body.as_bytes()).collect();
        form["claims"].to_string()
    };
    to_entra.map(|sent| claims(&sent.body)).collect()
}
