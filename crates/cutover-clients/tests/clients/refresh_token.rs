//! A person's refresh token: what is sent, which one is kept, and that each tenant's token is of that tenant.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use cutover_clients::graph::licences;
use cutover_clients::partner_center::organization_profile::organization_profile;
use cutover_clients::tenancy::{Home, Partner, Tenancy, TenantId};
use cutover_clients::tokens::{RefreshToken, TokenError};
use cutover_clients::{Api, Clients, Clock, Failure, Wave};
use http::Response;
use http_body_util::Full;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::double::{
    CLIENT, Double, PARTNER_TENANT, REFRESH_TOKEN, SECRET, Sent, SharedClock, TENANT, audience_of, claims_of_person,
    json_response, rows, token,
};

type Reply = Option<Result<Response<Full<Bytes>>, std::io::Error>>;

fn signing_in(mut answer: impl FnMut(&Sent) -> (u16, Value) + Send + 'static) -> Double {
    Double::with_carrier(
        |_| rows(json!([])),
        move |sent| -> Reply {
            sent.line.ends_with("/token").then(|| {
                let (status, body) = answer(sent);
                Ok(json_response(status, &body))
            })
        },
    )
}

fn field(sent: &Sent, name: &str) -> Option<String> {
    let form: HashMap<String, String> = url::form_urlencoded::parse(sent.body.as_bytes()).into_owned().collect();
    form.get(name).cloned()
}

fn token_for(sent: &Sent) -> String {
    token(&claims_of_person(audience_of(&sent.body)))
}

#[tokio::test]
async fn the_newest_refresh_token_is_used_and_one_serves_every_api() {
    let mut given = 0;
    let double = signing_in(move |sent| {
        given += 1;
        let mut body = json!({"token_type": "Bearer", "access_token": token_for(sent), "expires_in": 3600, "refresh_token": format!("newer {given}")});
        if given == 3 {
            // Entra need not give a newer one.
            body["refresh_token"] = Value::Null;
        }
        (200, body)
    });
    let claims = double.partner.claims(Api::PartnerCenter).await.unwrap();
    assert!(!claims.is_application() && claims.permissions() == ["user_impersonation"]);
    assert_eq!(claims.amr, ["pwd", "mfa"]);
    double.partner.claims(Api::Graph).await.unwrap();
    let clock = SharedClock(double.clock.clone());
    for _ in 0..2 {
        clock.sleep(std::time::Duration::from_secs(3600)).await;
        double.partner.claims(Api::PartnerCenter).await.unwrap();
    }
    let sent = double.sent.lock().unwrap();
    let used: Vec<Option<String>> = sent.iter().map(|sent| field(sent, "refresh_token")).collect();
    assert_eq!(
        used.iter().flatten().map(String::as_str).collect::<Vec<_>>(),
        [REFRESH_TOKEN, "newer 1", "newer 2", "newer 2"]
    );
    assert_eq!(sent[0].line, format!("POST /{PARTNER_TENANT}/oauth2/v2.0/token"));
    assert_eq!(
        sent[0].body,
        format!(
            "grant_type=refresh_token&refresh_token=0.refresh%7Etoken\
             &scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default+offline_access+openid+profile\
             &client_id={CLIENT}&claims=%7B%22access_token%22%3A%7B%22xms_cc%22%3A%7B%22values%22%3A%5B%22cp1%22%5D%7D%7D%7D\
             &client_secret=s3cret%7Evalue"
        )
    );
}

#[tokio::test]
async fn a_public_client_sends_no_secret_and_a_refusal_loses_nothing() {
    let mut attempts = 0;
    let double = signing_in(move |sent| {
        attempts += 1;
        if attempts == 1 {
            let body = json!({"error": "invalid_grant", "error_codes": [700_082], "refresh_token": "of a refusal",
                              "error_description": "AADSTS700082: the refresh token has expired"});
            (400, body)
        } else {
            (200, json!({"token_type": "Bearer", "access_token": token_for(sent)}))
        }
    });
    let person = Arc::new(RefreshToken::new(CLIENT, None, REFRESH_TOKEN.into()));
    let clients: Clients<Partner> = Clients::new(double.connection.clone(), TenantId::new(PARTNER_TENANT), person);
    match clients.claims(Api::PartnerCenter).await.unwrap_err() {
        TokenError::Refused(refusal) => assert!(refusal.advice().is_some(), "{refusal:?}"),
        other => panic!("{other:?}"),
    }
    clients.claims(Api::PartnerCenter).await.unwrap();
    for sent in double.sent.lock().unwrap().iter() {
        assert_eq!(field(sent, "refresh_token").as_deref(), Some(REFRESH_TOKEN));
        assert_eq!(field(sent, "client_secret"), None);
    }
}

/// What a person of `given` who signs in to `configured` is answered, and how much was asked with that token.
async fn signed_in_elsewhere<T: Tenancy>(configured: Uuid, given: Uuid) -> (Failure, usize) {
    let double = signing_in(move |sent| {
        let mut claims = claims_of_person(audience_of(&sent.body));
        claims["tid"] = json!(given);
        (
            200,
            json!({"token_type": "Bearer", "access_token": token(&claims), "refresh_token": "of a stranger"}),
        )
    });
    let person = Arc::new(RefreshToken::new(CLIENT, None, REFRESH_TOKEN.into()));
    let clients: Clients<T> = Clients::new(double.connection.clone(), TenantId::new(configured), person);
    let mut wave = Wave::new();
    let ticket = wave.ask(licences::subscribed_skus());
    let failure = wave.send(&clients).await.take(ticket).result.unwrap_err();
    (failure, double.requests().len())
}

#[tokio::test]
async fn each_tenant_takes_tokens_of_its_own_only() {
    for (failure, asked, configured, given) in [
        {
            let (failure, asked) = signed_in_elsewhere::<Home>(TENANT, PARTNER_TENANT).await;
            (failure, asked, TENANT, PARTNER_TENANT)
        },
        {
            let (failure, asked) = signed_in_elsewhere::<Partner>(PARTNER_TENANT, TENANT).await;
            (failure, asked, PARTNER_TENANT, TENANT)
        },
    ] {
        match failure {
            Failure::NotSignedIn(TokenError::WrongTenant { asked, got }) => {
                assert_eq!((asked, got), (configured, given));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(asked, 0, "nothing is asked with a stranger's token");
    }
}

#[tokio::test]
async fn no_refresh_token_is_printed() {
    let double = signing_in(|sent| {
        (
            200,
            json!({"token_type": "Bearer", "access_token": token_for(sent), "refresh_token": "0.newer~refresh~token"}),
        )
    });
    let person = Arc::new(RefreshToken::new(CLIENT, Some(SECRET.into()), REFRESH_TOKEN.into()));
    let before = format!("{person:?}");
    let clients: Clients<Partner> =
        Clients::new(double.connection.clone(), TenantId::new(PARTNER_TENANT), person.clone());
    let mut wave = Wave::new();
    let ticket = wave.ask(organization_profile());
    let answers = wave.send(&clients).await;
    let printed = format!("{before} {person:?} {clients:?} {answers:?} {:?}", answers.take(ticket));
    assert!(printed.contains(&CLIENT.to_string()) && double.requests() == ["GET /v1/profiles/organization"]);
    let bearer = double.asked.lock().unwrap()[0].token.clone();
    for hidden in [
        REFRESH_TOKEN,
        "0.newer~refresh~token",
        SECRET,
        bearer.trim_start_matches("Bearer "),
    ] {
        assert!(hidden.len() > 10 && !printed.contains(hidden), "{printed}");
    }
}
