//! Sign-in by device code: what is shown, how often is asked, and when it ends.

use std::sync::{Arc, Mutex};

use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::{Person, Prompt, TokenError, Way};
use cutover_clients::{Api, Clients};
use serde_json::{Value, json};

use crate::double::{CLIENT, Double, Sent, TENANT, audience_of, claims_of_person, json_response, rows, token};

/// Writes down what a person would be shown.
#[derive(Debug, Default)]
pub(crate) struct Shown(pub(crate) Mutex<Vec<String>>);

impl Prompt for Shown {
    fn browse(&self, address: &str, minutes: u64) {
        self.0.lock().unwrap().push(format!("{minutes} min: {address}"));
    }

    fn enter_code(&self, page: &str, code: &str, minutes: u64) {
        self.0.lock().unwrap().push(format!("{minutes} min: {code} at {page}"));
    }
}

/// A tenant whose token endpoint answers polls one after the other; the last answer stays.
fn polled(codes: Value, mut answers: Vec<(u16, Value)>) -> (Double, Clients<Home>, Arc<Shown>) {
    answers.reverse();
    let double = Double::with_carrier(
        |_| rows(json!([])),
        move |sent: &Sent| {
            if sent.line.ends_with("/devicecode") {
                let refused = codes.get("error").is_some();
                return Some(Ok(json_response(if refused { 400 } else { 200 }, &codes)));
            }
            let (status, mut body) = match answers.len() {
                1 => answers[0].clone(),
                _ => answers.pop().unwrap(),
            };
            if status == 200 {
                let mut claims = claims_of_person("https://graph.microsoft.com");
                claims["tid"] = json!(TENANT);
                if sent.body.contains("scope") {
                    claims["aud"] = json!(audience_of(&sent.body));
                }
                body = json!({"token_type": "Bearer", "access_token": token(&claims), "expires_in": 3599,
                              "refresh_token": "0.newer"});
            }
            Some(Ok(json_response(status, &body)))
        },
    );
    let shown = Arc::new(Shown::default());
    let person = Person::new(CLIENT, Way::DeviceCode, Some(shown.clone()));
    let clients = Clients::new(double.connection.clone(), TenantId::new(TENANT), Arc::new(person));
    (double, clients, shown)
}

fn codes() -> Value {
    json!({"device_code": "0.DEVICE", "user_code": "BCDFGHJKL", "verification_uri": "https://microsoft.com/devicelogin",
           "expires_in": 900, "interval": 5, "message": "…"})
}

fn refusal(error: &str, code: u32) -> (u16, Value) {
    (
        400,
        json!({"error": error, "error_codes": [code], "error_description": format!("AADSTS{code}: …")}),
    )
}

fn seconds_of_polls(double: &Double) -> Vec<i64> {
    let start: jiff::Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let sent = double.sent.lock().unwrap();
    let polls = sent.iter().filter(|sent| sent.line.ends_with("/token"));
    polls.map(|sent| sent.at.as_second() - start.as_second()).collect()
}

#[tokio::test]
async fn a_code_is_shown_and_asked_for_as_slowly_as_entra_says() {
    let pending = || refusal("authorization_pending", 70_016);
    let answers = vec![
        pending(),
        pending(),
        refusal("slow_down", 70_016),
        pending(),
        (200, Value::Null),
    ];
    let (double, clients, shown) = polled(codes(), answers);
    let claims = clients.claims(Api::Graph).await.unwrap();
    assert!(!claims.is_application());
    assert_eq!(
        *shown.0.lock().unwrap(),
        ["15 min: BCDFGHJKL at https://microsoft.com/devicelogin"]
    );
    // The interval is five seconds, and ten after Entra said to slow down (RFC 8628, 3.5).
    assert_eq!(seconds_of_polls(&double), [0, 5, 10, 20, 30]);
    // The sign-in serves the next API by its refresh token: nobody is asked again.
    clients.claims(Api::Dataverse).await.unwrap();
    assert_eq!(shown.0.lock().unwrap().len(), 1);
    let sent = double.sent.lock().unwrap();
    assert_eq!(sent[0].line, format!("POST /{TENANT}/oauth2/v2.0/devicecode"));
    assert!(
        sent[0].body.contains(&format!("client_id={CLIENT}")),
        "{}",
        sent[0].body
    );
    assert!(sent[0].body.contains("offline_access"), "{}", sent[0].body);
    let last = &sent.last().unwrap().body;
    assert!(
        last.contains("grant_type=refresh_token&refresh_token=0.newer"),
        "{last}"
    );
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_the_code_lasts() {
    let mut endless = codes();
    endless["expires_in"] = json!(86_400 * 365);
    endless["interval"] = json!(0);
    for (codes, last) in [
        (codes(), 900),
        (endless, 900),
        (
            json!({"device_code": "0.D", "user_code": "BCD", "expires_in": 60,
        "verification_uri": "https://microsoft.com/devicelogin"}),
            60,
        ),
    ] {
        let (double, clients, _) = polled(codes.clone(), vec![refusal("authorization_pending", 70_016)]);
        let error = clients.claims(Api::Graph).await.unwrap_err();
        assert!(matches!(error, TokenError::NobodyCame { .. }), "{error:?}");
        assert!(error.next_step().is_some());
        let polls = seconds_of_polls(&double);
        assert_eq!(polls.last(), Some(&last), "{codes}");
        assert!(polls.len() <= 901, "{} polls", polls.len());
    }
}

#[tokio::test]
async fn what_entra_says_instead_is_told_with_a_next_step() {
    for (code, error, next) in [
        (70_019, "expired_token", "Start"),
        (70_018, "bad_verification_code", "new code"),
        (65_004, "authorization_declined", "administrator"),
        (50_076, "interaction_required", "Sign in again"),
    ] {
        let (double, clients, _) = polled(codes(), vec![refusal(error, code)]);
        let error = clients.claims(Api::Graph).await.unwrap_err();
        assert!(error.next_step().unwrap().contains(next), "{code}: {error:?}");
        assert_eq!(seconds_of_polls(&double), [0]);
    }
    // The tenant forbids device codes: said before anybody is shown a code.
    let blocked = refusal("access_denied", 530_036).1;
    let (_, clients, shown) = polled(blocked, vec![refusal("authorization_pending", 70_016)]);
    let error = clients.claims(Api::Graph).await.unwrap_err();
    assert!(error.to_string().contains("blocks sign-in by device code"), "{error}");
    assert!(error.next_step().unwrap().contains("method = \"browser\""), "{error:?}");
    assert!(shown.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn throttling_while_polling_is_waited_out_as_long_as_it_says() {
    let mut polls = 0;
    let double = Double::with_carrier(
        |_| rows(json!([])),
        move |sent: &Sent| {
            if sent.line.ends_with("/devicecode") {
                return Some(Ok(json_response(200, &codes())));
            }
            polls += 1;
            let mut claims = claims_of_person("https://graph.microsoft.com");
            claims["tid"] = json!(TENANT);
            Some(Ok(match polls {
                1 => {
                    let mut answer = json_response(
                        429,
                        &json!({"error": "temporarily_unavailable", "error_codes": [90055]}),
                    );
                    answer.headers_mut().insert("retry-after", "17".parse().unwrap());
                    answer
                }
                _ => json_response(200, &json!({"token_type": "Bearer", "access_token": token(&claims)})),
            }))
        },
    );
    let person = Person::new(CLIENT, Way::DeviceCode, Some(Arc::new(Shown::default())));
    let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), Arc::new(person));
    clients.claims(Api::Graph).await.unwrap();
    assert_eq!(seconds_of_polls(&double), [0, 17]);
}

#[tokio::test]
async fn a_code_whose_answer_was_lost_is_not_told_as_a_refusal() {
    // The service gave the tokens, and the answer did not arrive: the next question finds the code used up.
    for lost in [500, 503] {
        let answers = vec![
            refusal("authorization_pending", 70_016),
            (lost, json!({})),
            refusal("invalid_grant", 54_005),
        ];
        let (double, clients, _) = polled(codes(), answers);
        let error = clients.claims(Api::Graph).await.unwrap_err();
        assert!(error.to_string().contains("answer was lost"), "{error}");
        assert!(
            error.next_step().unwrap().contains("tart the sign-in again"),
            "{error:?}"
        );
        // As slowly as ever: what was lost is not asked for at once again.
        assert_eq!(seconds_of_polls(&double)[..2], [0, 5]);
        assert!(seconds_of_polls(&double)[2] >= 10);
        assert_eq!(seconds_of_polls(&double).len(), 3);
    }
}
