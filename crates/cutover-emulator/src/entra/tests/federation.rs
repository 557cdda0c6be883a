//! Applications that an issuer elsewhere speaks for.

use super::*;

const ISSUER: &str = "https://token.actions.githubusercontent.com";
const SUBJECT: &str = "repo:contoso/upgrade:environment:production";

fn federated() -> Emulator {
    let text =
        format!("extends = \"ready\"\napp.reader.federated = [{{ issuer = \"{ISSUER}\", subject = \"{SUBJECT}\" }}]\n");
    Emulator::from_world(&World::parse(&text, "x.toml").unwrap())
}

fn present(emulator: &Emulator, assertion: &str) -> (u16, Value) {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", READER),
        ("client_assertion_type", assertion::TYPE),
        ("client_assertion", assertion),
        ("scope", GRAPH),
    ];
    post(emulator, &v2(), &fields)
}

async fn minted(emulator: &Emulator, asked: Value) -> String {
    let request = http::Request::post("http://127.0.0.1/_emulator/federation/token")
        .body(axum::body::Body::from(asked.to_string()))
        .unwrap();
    let answer = tower::ServiceExt::oneshot(emulator.router(), request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = http_body_util::BodyExt::collect(answer.into_body())
        .await
        .unwrap()
        .to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_assertion_has_to_match_a_credential_letter_by_letter() {
    let emulator = federated();
    let cases = [
        (json!({"issuer": ISSUER, "subject": SUBJECT}), None),
        (
            json!({"issuer": "https://other.example", "subject": SUBJECT}),
            Some(700_211),
        ),
        (
            json!({"issuer": ISSUER, "subject": SUBJECT.to_uppercase()}),
            Some(700_213),
        ),
        (
            json!({"issuer": ISSUER, "subject": SUBJECT, "audience": "api://other"}),
            Some(700_212),
        ),
        (
            json!({"issuer": ISSUER, "subject": SUBJECT, "seconds": -301}),
            Some(700_024),
        ),
    ];
    for (asked, code) in cases {
        let token = minted(&emulator, asked.clone()).await;
        let (status, body) = present(&emulator, &token);
        match code {
            None => {
                let said = claims(body["access_token"].as_str().unwrap());
                assert_eq!(
                    (status, &said["appidacr"], &said["appid"]),
                    (200, &json!("2"), &json!(READER))
                );
            }
            Some(code) => assert_eq!(
                (status, &body["error"], &body["error_codes"]),
                (401, &json!("invalid_client"), &json!([code])),
                "{asked}: {body}"
            ),
        }
    }
    let token = minted(&emulator, json!({"issuer": ISSUER, "subject": SUBJECT})).await;
    let foreign = Emulator::from_world(&World::built_in("ready").unwrap());
    assert_eq!(
        present(&foreign, &token).1["error_codes"],
        json!([700_211]),
        "nobody trusts it there"
    );
    // Signed by somebody else in the issuer's name.
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some("1".to_owned());
    let forged = jsonwebtoken::encode(&header, &claims(&token), &EncodingKey::from_rsa_der(keys::PRIVATE)).unwrap();
    assert_eq!(present(&emulator, &forged).1["error_codes"], json!([700_027]));
    let confused = jsonwebtoken::encode(
        &Header::new(Algorithm::HS256),
        &claims(&token),
        &EncodingKey::from_secret(b"x"),
    );
    assert_eq!(
        present(&emulator, &confused.unwrap()).1["error_codes"],
        json!([700_027])
    );
}
