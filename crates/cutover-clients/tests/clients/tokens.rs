//! Signing in: what is sent, what is compared, what is kept.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use cutover_clients::graph::licences;
use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::{
    ClientCertificate, ClientSecret, InvalidCertificate, TokenError, TokenSource, resolve_tenant,
};
use cutover_clients::{Api, Clients, Clock, Failure, Wave};
use http::Response;
use http_body_util::Full;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use secrecy::SecretSlice;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::double::{
    CLIENT, Double, ORGANISATION, SECRET, Sent, SharedClock, TENANT, claims, json_response, rows, token, told,
};

// A key made for these tests alone; nothing trusts it.
const CERTIFICATE: &str = include_str!("certificate.pem");
const PKCS1_KEY: &str = include_str!("key-pkcs1.pem");

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

#[tokio::test]
async fn a_token_of_another_tenant_or_api_is_refused() {
    let stranger = Uuid::from_u128(9);
    let cases: [(&str, Value, &str); 6] = [
        ("tid", json!(stranger), "WrongTenant"),
        ("aud", json!("https://evil.example"), "WrongAudience"),
        ("aud", json!(ORGANISATION), "WrongAudience"),
        ("aud", json!("https://graph.microsoft.com/"), "good"),
        ("aud", json!("00000003-0000-0000-c000-000000000000"), "good"),
        ("exp", json!("soon"), "NotAToken"),
    ];
    for (name, value, wanted) in cases {
        let mut claims = claims("https://graph.microsoft.com", 0);
        claims[name] = value;
        let double = signing_in(move |_| (200, json!({"token_type": "Bearer", "access_token": token(&claims)})));
        let got = match double.clients.claims(Api::Graph).await {
            Ok(_) => "good",
            Err(TokenError::WrongTenant { asked, got }) => {
                assert_eq!((asked, got), (TENANT, stranger));
                "WrongTenant"
            }
            Err(TokenError::WrongAudience { .. }) => "WrongAudience",
            Err(TokenError::NotAToken(_)) => "NotAToken",
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(got, wanted, "{name}");
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        let answer = wave.send(&double.clients).await.take(skus);
        match answer.result {
            Ok(_) => assert_eq!(wanted, "good"),
            Err(Failure::NotSignedIn(_)) => assert!(double.requests().is_empty(), "{name}"),
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn one_token_serves_many_until_shortly_before_its_end() {
    let double = Double::new(|_| rows(json!([])));
    let tokens = || double.lines().iter().filter(|line| line.ends_with("/token")).count();
    let ask = async || double.clients.claims(Api::Graph).await.unwrap();
    let (one, other) = futures_util::future::join(ask(), ask()).await;
    assert_eq!(one, other);
    assert_eq!(tokens(), 1);
    let clock = SharedClock(double.clock.clone());
    clock.sleep(std::time::Duration::from_secs(3290)).await;
    ask().await;
    assert_eq!(tokens(), 1);
    clock.sleep(std::time::Duration::from_secs(10)).await;
    let renewed = ask().await;
    assert_eq!(tokens(), 2);
    assert!(renewed.is_application() && renewed.permissions() == ["User.Read.All"]);

    let body = double.sent.lock().unwrap()[0].clone();
    assert_eq!(body.line, format!("POST /{TENANT}/oauth2/v2.0/token"));
    assert_eq!(
        body.body,
        format!(
            "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&client_id={CLIENT}\
             &claims=%7B%22access_token%22%3A%7B%22xms_cc%22%3A%7B%22values%22%3A%5B%22cp1%22%5D%7D%7D%7D\
             &client_secret=s3cret%7Evalue"
        )
    );
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let double = Double::new({
        let first: Mutex<Option<String>> = Mutex::default();
        move |asked| {
            let mut first = first.lock().unwrap();
            let expired = first.get_or_insert_with(|| asked.token.clone());
            if *expired == asked.token {
                return told(
                    401,
                    json!({"error": {"code": "InvalidAuthenticationToken", "message": "expired"}}),
                );
            }
            rows(json!([]))
        }
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answers = wave.send(&double.clients).await;
    assert!(answers.take(skus).result.is_ok());
    assert_eq!(double.lines().len(), 4);

    let never = Double::new(|_| {
        told(
            401,
            json!({"error": {"code": "InvalidAuthenticationToken", "message": ""}}),
        )
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answer = wave.send(&never.clients).await.take(skus);
    assert!(
        matches!(answer.result, Err(Failure::Refused { status: 401, .. })),
        "{answer:?}"
    );
    assert_eq!(never.requests().len(), 2);
}

#[tokio::test]
async fn a_refusal_keeps_its_codes_and_says_what_to_do() {
    let double = signing_in(|_| {
        (
            401,
            json!({"error": "invalid_client", "error_description": "AADSTS7000222: \u{1b}[31mexpired",
                     "error_codes": [7000222], "trace_id": "t-1"}),
        )
    });
    let error = double.clients.claims(Api::Dataverse).await.unwrap_err();
    let TokenError::Refused(refusal) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(refusal.codes, [7000222]);
    assert_eq!(refusal.trace_id.as_deref(), Some("t-1"));
    assert!(refusal.advice().unwrap().next_step.contains("client secret"));
    assert_eq!(
        error.to_string(),
        "sign-in was refused: the client secret has expired (AADSTS7000222)"
    );
    assert_eq!(double.lines().len(), 1, "a refusal is not repeated");

    let mut attempts = 0;
    let throttled = signing_in(move |_| {
        attempts += 1;
        (
            if attempts < 3 { 429 } else { 200 },
            json!({"token_type": "Bearer", "access_token": token(&claims("https://graph.microsoft.com", 0))}),
        )
    });
    assert!(throttled.clients.claims(Api::Graph).await.is_ok());
    let start: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let sent = throttled.sent.lock().unwrap();
    let times: Vec<f64> = sent
        .iter()
        .map(|sent| sent.at.duration_since(start).as_secs_f64())
        .collect();
    assert_eq!(times.len(), 3);
    for (between, least) in times.windows(2).zip([1.0, 2.0]) {
        let wait = between[1] - between[0];
        assert!(wait > least && wait <= least * 1.5, "{times:?}");
    }
}

fn pem(text: &str) -> SecretSlice<u8> {
    text.as_bytes().to_vec().into()
}

#[tokio::test]
async fn a_certificate_signs_a_fresh_assertion() {
    // The key before and after the certificate, in both of its containers.
    let (certificate, key) = CERTIFICATE.split_at(CERTIFICATE.find("-----BEGIN PRIVATE KEY").unwrap());
    for text in [
        CERTIFICATE.to_owned(),
        format!("{key}\r\n{certificate}"),
        format!("{PKCS1_KEY}\n{certificate}"),
    ] {
        let double = Double::new(|_| rows(json!([])));
        let source: Arc<dyn TokenSource> = Arc::new(ClientCertificate::from_pem(CLIENT, &pem(&text)).unwrap());
        let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), source);
        clients.claims(Api::Graph).await.unwrap();

        let sent = double.sent.lock().unwrap()[0].clone();
        let form: Vec<(String, String)> = url::form_urlencoded::parse(sent.body.as_bytes()).into_owned().collect();
        let field = |name: &str| {
            form.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
                .unwrap()
        };
        assert_eq!(
            field("client_assertion_type"),
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        let assertion = field("client_assertion");
        let header = decode_header(assertion).unwrap();
        let der = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
        assert_eq!(header.alg, Algorithm::PS256);
        assert_eq!(header.x5t_s256, Some(URL_SAFE_NO_PAD.encode(digest(&SHA256, &der))));
        let audience = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
        let mut rules = Validation::new(Algorithm::PS256);
        rules.set_audience(&[&audience]);
        rules.validate_exp = false;
        let public = DecodingKey::from_rsa_pem(include_bytes!("public-key.pem")).unwrap();
        let claims = decode::<Value>(assertion, &public, &rules).unwrap().claims;
        assert_eq!(claims["iss"], json!(CLIENT));
        assert_eq!(claims["sub"], json!(CLIENT));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["nbf"].as_i64().unwrap(), 600);
        assert_eq!(claims["iat"], json!(1_795_424_400));
        // The second id that was made: the first names the request.
        assert!(Uuid::parse_str(claims["jti"].as_str().unwrap()).is_ok());
    }
}

#[tokio::test]
async fn a_pkcs12_file_gives_the_same_credential_as_its_pem_text() {
    let thumbprint = async |source: ClientCertificate| {
        let double = Double::new(|_| rows(json!([])));
        let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), Arc::new(source));
        clients.claims(Api::Graph).await.unwrap();
        let sent = double.sent.lock().unwrap()[0].body.clone();
        let form: HashMap<_, _> = url::form_urlencoded::parse(sent.as_bytes()).collect();
        decode_header(&*form["client_assertion"]).unwrap().x5t_s256.unwrap()
    };
    let wanted = thumbprint(ClientCertificate::from_pem(CLIENT, &pem(CERTIFICATE)).unwrap()).await;
    // What OpenSSL 3 writes unasked (AES-256, SHA-256), and what older Windows writes (3DES, SHA-1, here without a password).
    let modern: (&[u8], &str) = (include_bytes!("modern.p12"), "pässword");
    let older: (&[u8], &str) = (include_bytes!("older.p12"), "");
    for (file, password) in [modern, older] {
        let open = |password: &str| {
            ClientCertificate::from_pkcs12(CLIENT, &SecretSlice::from(file.to_vec()), &password.into())
        };
        assert_eq!(thumbprint(open(password).unwrap()).await, wanted);
        assert!(matches!(open("another").unwrap_err(), InvalidCertificate::NotOpened));
    }
    let no_file = ClientCertificate::from_pkcs12(CLIENT, &pem(CERTIFICATE), &"".into());
    assert!(matches!(no_file.unwrap_err(), InvalidCertificate::NotOpened));
}

#[tokio::test]
async fn an_assertion_is_used_once() {
    let mut attempts = 0;
    let double = signing_in(move |_| {
        attempts += 1;
        (
            if attempts < 3 { 503 } else { 200 },
            json!({"token_type": "Bearer", "access_token": token(&claims("https://graph.microsoft.com", 0))}),
        )
    });
    let source = Arc::new(ClientCertificate::from_pem(CLIENT, &pem(CERTIFICATE)).unwrap());
    let clients: Clients<Home> = Clients::new(double.connection.clone(), TenantId::new(TENANT), source);
    clients.claims(Api::Graph).await.unwrap();
    let sent = double.sent.lock().unwrap();
    let ids: HashSet<String> = sent
        .iter()
        .map(|sent| {
            let form: HashMap<_, _> = url::form_urlencoded::parse(sent.body.as_bytes()).collect();
            let payload = form["client_assertion"].split('.').nth(1).unwrap();
            let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
            claims["jti"].to_string()
        })
        .collect();
    assert_eq!((sent.len(), ids.len()), (3, 3), "each attempt has an id of its own");
}

#[test]
fn what_is_no_certificate_credential_is_said() {
    let (certificate, key) = CERTIFICATE.split_at(CERTIFICATE.find("-----BEGIN PRIVATE KEY").unwrap());
    let attempt = |text: &str| ClientCertificate::from_pem(CLIENT, &pem(text)).unwrap_err();
    assert!(matches!(attempt(key), InvalidCertificate::NoCertificate));
    assert!(matches!(attempt(certificate), InvalidCertificate::NoKey));
    assert!(matches!(attempt(""), InvalidCertificate::NoCertificate));
    let broken = format!("{certificate}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assert!(matches!(attempt(&broken), InvalidCertificate::NotRsa));
}

#[tokio::test]
async fn a_domain_is_resolved_by_the_issuer() {
    let double = Double::with_carrier(
        |_| rows(json!([])),
        |sent| {
            let known = sent.line.contains("contoso.com") || sent.line.contains(&TENANT.to_string());
            let answer = if known || sent.line.contains("cccccccc") {
                (
                    200,
                    json!({"issuer": format!("https://login.microsoftonline.com/{TENANT}/v2.0")}),
                )
            } else {
                (
                    400,
                    json!({"error": "invalid_tenant", "error_description": "", "error_codes": [90002]}),
                )
            };
            Some(Ok(json_response(answer.0, &answer.1)))
        },
    );
    let connection = &double.connection;
    assert_eq!(resolve_tenant(connection, "contoso.com").await.unwrap(), TENANT);
    for spelling in [
        TENANT.to_string(),
        format!("{{{TENANT}}}"),
        format!("urn:uuid:{TENANT}"),
        TENANT.simple().to_string().to_uppercase(),
    ] {
        assert_eq!(resolve_tenant(connection, &spelling).await.unwrap(), TENANT);
        assert_eq!(
            double.lines().last().unwrap(),
            &format!("GET /{TENANT}/v2.0/.well-known/openid-configuration")
        );
    }
    let other = "cccccccc-0000-4000-8000-000000000001";
    assert!(matches!(
        resolve_tenant(connection, other).await,
        Err(TokenError::WrongTenant { got: TENANT, .. })
    ));
    assert!(matches!(
        resolve_tenant(connection, "nobody.example").await,
        Err(TokenError::Refused(refusal)) if refusal.codes == [90002]
    ));
    let before = double.lines().len();
    for wrong in [
        "common",
        "organizations",
        "",
        "a/b.c",
        "..",
        "contoso.com?x",
        "contoso.com#",
        "a b.c",
    ] {
        assert!(
            matches!(
                resolve_tenant(connection, wrong).await,
                Err(TokenError::InvalidTenant(_))
            ),
            "{wrong}"
        );
    }
    assert_eq!(double.lines().len(), before);
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let double = Double::new(|_| told(403, json!({"error": {"code": "x", "message": "y"}})));
    let secret = ClientSecret::new(CLIENT, SECRET.into());
    let certificate = ClientCertificate::from_pem(CLIENT, &pem(CERTIFICATE)).unwrap();
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answers = wave.send(&double.clients).await;
    let claims = double.clients.claims(Api::Graph).await.unwrap();
    let printed = format!(
        "{secret:?} {certificate:?} {:?} {:?} {answers:?} {:?} {claims:?} {:?}",
        double.clients,
        double.connection,
        answers.take(skus),
        pem(CERTIFICATE),
    );
    let bearer = double.asked.lock().unwrap()[0].token.clone();
    let bearer = bearer.strip_prefix("Bearer ").unwrap();
    let key_line = CERTIFICATE
        .lines()
        .skip_while(|line| !line.contains("PRIVATE KEY"))
        .nth(1)
        .unwrap();
    for hidden in [SECRET, bearer, key_line] {
        assert!(hidden.len() > 10 && !printed.contains(hidden), "{printed}");
    }
}
