//! A small double of the services: every request is logged, every part of a batch is answered by one function.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use cutover_clients::tenancy::{Home, Partner, TenantId};
use cutover_clients::tokens::{ClientSecret, RefreshToken};
use cutover_clients::{Clients, Clock, Connection, Endpoints, ServiceRoot, Transport};
use futures_util::future::BoxFuture;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

pub(crate) const TENANT: Uuid = uuid!("aaaaaaaa-0000-4000-8000-000000000001");
pub(crate) const PARTNER_TENANT: Uuid = uuid!("aaaaaaaa-0000-4000-8000-000000000003");
pub(crate) const CLIENT: Uuid = uuid!("bbbbbbbb-0000-4000-8000-000000000002");
pub(crate) const SECRET: &str = "s3cret~value";
pub(crate) const REFRESH_TOKEN: &str = "0.refresh~token";
pub(crate) const PARTNER_CENTER: &str = "https://api.partnercenter.microsoft.com";
pub(crate) const POWER_PLATFORM: &str = "https://api.powerplatform.com";
pub(crate) const ORGANISATION: &str = "https://contoso.crm4.dynamics.com";

/// Time that stands until somebody sleeps.
pub(crate) struct StandingClock(Mutex<Timestamp>);

impl StandingClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-11-23T09:00:00Z".parse().unwrap())))
    }
}

pub(crate) struct SharedClock(pub(crate) Arc<StandingClock>);

impl Clock for SharedClock {
    fn now(&self) -> Timestamp {
        *self.0.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let wake = self.now() + SignedDuration::try_from(duration).unwrap();
        let clock = Arc::clone(&self.0);
        Box::pin(async move {
            let mut now = clock.0.lock().unwrap();
            *now = (*now).max(wake);
        })
    }
}

/// One question as it arrived, whether alone or inside a batch.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) at: Timestamp,
    /// Path and query with the version.
    pub(crate) url: String,
    pub(crate) token: String,
}

/// One HTTP request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) at: Timestamp,
    pub(crate) line: String,
    pub(crate) body: String,
    pub(crate) headers: HeaderMap,
}

/// What is answered to one question.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Value,
}

pub(crate) fn told(status: u16, body: Value) -> Told {
    Told {
        status,
        headers: Vec::new(),
        body,
    }
}

pub(crate) fn rows(rows: Value) -> Told {
    told(200, json!({ "value": rows }))
}

impl Told {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

type Answer = dyn FnMut(&Asked) -> Told + Send;
type Carrier = dyn FnMut(&Sent) -> Option<Result<Response<Full<Bytes>>, std::io::Error>> + Send;

pub(crate) struct Double {
    pub(crate) clock: Arc<StandingClock>,
    pub(crate) sent: Arc<Mutex<Vec<Sent>>>,
    pub(crate) asked: Arc<Mutex<Vec<Asked>>>,
    pub(crate) clients: Clients<Home>,
    /// The partner tenant, where a person signs in.
    pub(crate) partner: Clients<Partner>,
    pub(crate) connection: Connection,
}

/// A token without a valid signature; clients do not check it.
pub(crate) fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.sig", part(&json!({"alg": "RS256"})), part(claims))
}

pub(crate) fn claims(audience: &str, serial: usize) -> Value {
    json!({"tid": TENANT, "aud": audience, "oid": Uuid::nil(), "appid": CLIENT, "idtyp": "app",
           "roles": ["User.Read.All"], "exp": 1_795_430_000 + serial, "uti": serial.to_string()})
}

/// What a person's token says.
pub(crate) fn claims_of_person(audience: &str) -> Value {
    json!({"tid": PARTNER_TENANT, "aud": audience, "oid": Uuid::nil(), "appid": CLIENT, "idtyp": "user",
           "scp": "user_impersonation", "amr": ["pwd", "mfa"], "exp": 1_795_430_000})
}

/// The API that a form asks a token for.
pub(crate) fn audience_of(form: &str) -> &'static str {
    [
        "https://graph.microsoft.com",
        POWER_PLATFORM,
        PARTNER_CENTER,
        ORGANISATION,
    ]
    .into_iter()
    .find(|audience| form.contains(audience.trim_start_matches("https://")))
    .unwrap()
}

impl Double {
    pub(crate) fn new(answer: impl FnMut(&Asked) -> Told + Send + 'static) -> Self {
        Self::with_carrier(answer, |_| None)
    }

    /// `carrier` may answer a whole request by itself, or drop it.
    pub(crate) fn with_carrier(
        answer: impl FnMut(&Asked) -> Told + Send + 'static,
        carrier: impl FnMut(&Sent) -> Option<Result<Response<Full<Bytes>>, std::io::Error>> + Send + 'static,
    ) -> Self {
        let clock = StandingClock::new();
        let sent: Arc<Mutex<Vec<Sent>>> = Arc::default();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let answer: Arc<Mutex<Box<Answer>>> = Arc::new(Mutex::new(Box::new(answer)));
        let carrier: Arc<Mutex<Box<Carrier>>> = Arc::new(Mutex::new(Box::new(carrier)));
        let service = {
            let (clock, sent, asked) = (Arc::clone(&clock), Arc::clone(&sent), Arc::clone(&asked));
            tower::service_fn(move |request: Request<Full<Bytes>>| {
                let now = SharedClock(Arc::clone(&clock)).now();
                let (sent, asked) = (Arc::clone(&sent), Arc::clone(&asked));
                let (answer, carrier) = (Arc::clone(&answer), Arc::clone(&carrier));
                async move {
                    let (head, body) = request.into_parts();
                    let body = body.collect().await.unwrap_or_else(|never: Infallible| match never {});
                    let body = String::from_utf8(body.to_bytes().to_vec()).unwrap();
                    let url = head.uri.path_and_query().unwrap().to_string();
                    let one = Sent {
                        at: now,
                        line: format!("{} {url}", head.method),
                        body: body.clone(),
                        headers: head.headers.clone(),
                    };
                    let serial = {
                        let mut sent = sent.lock().unwrap();
                        sent.push(one.clone());
                        sent.iter().filter(|sent| sent.line.ends_with("/token")).count()
                    };
                    if let Some(answer) = (carrier.lock().unwrap())(&one) {
                        return answer;
                    }
                    if url.ends_with("/token") {
                        let audience = audience_of(&body);
                        let token = token(&if body.contains("grant_type=refresh_token") {
                            claims_of_person(audience)
                        } else {
                            claims(audience, serial)
                        });
                        return Ok(json_response(
                            200,
                            &json!({"token_type": "Bearer", "access_token": token, "expires_in": 3599}),
                        ));
                    }
                    let bearer = head.headers["authorization"].to_str().unwrap().to_owned();
                    let mut part = |url: String| {
                        let one = Asked {
                            at: now,
                            url,
                            token: bearer.clone(),
                        };
                        asked.lock().unwrap().push(one.clone());
                        (answer.lock().unwrap())(&one)
                    };
                    Ok(if url == "/api/data/v9.2/$batch" {
                        dataverse_batch(&body, &mut part)
                    } else if url.ends_with("/$batch") {
                        graph_batch(url.trim_end_matches("/$batch"), &body, &mut part)
                    } else {
                        let told = part(url);
                        let mut response = json_response(told.status, &told.body);
                        for (name, value) in &told.headers {
                            response.headers_mut().insert(*name, value.parse().unwrap());
                        }
                        response
                    })
                }
            })
        };
        let endpoints = Endpoints::commercial(ServiceRoot::parse(ORGANISATION).unwrap()).unwrap();
        let ids = Arc::new(Mutex::new(0_u128));
        let connection = Connection::new(Transport::from_service(service), endpoints)
            .with_clock(Arc::new(SharedClock(Arc::clone(&clock))))
            .with_ids(Arc::new(move || {
                let mut next = ids.lock().unwrap();
                *next += 1;
                Uuid::from_u128(*next)
            }));
        let source = ClientSecret::new(CLIENT, SECRET.into());
        let clients = Clients::new(connection.clone(), TenantId::new(TENANT), Arc::new(source));
        let person = RefreshToken::new(CLIENT, Some(SECRET.into()), REFRESH_TOKEN.into());
        let partner = Clients::new(connection.clone(), TenantId::new(PARTNER_TENANT), Arc::new(person));
        Self {
            clock,
            sent,
            asked,
            clients,
            partner,
            connection,
        }
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|sent| sent.line.clone()).collect()
    }

    /// Requests other than those for tokens.
    pub(crate) fn requests(&self) -> Vec<String> {
        let mut lines = self.lines();
        lines.retain(|line| !line.ends_with("/token"));
        lines
    }

    /// Seconds since the start at which a question that contains `word` arrived.
    pub(crate) fn seconds(&self, word: &str) -> Vec<f64> {
        let start: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|asked| asked.url.contains(word))
            .map(|asked| asked.at.duration_since(start).as_secs_f64())
            .collect()
    }
}

pub(crate) fn json_response(status: u16, body: &Value) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("request-id", "carrier-graph")
        .header("x-ms-service-request-id", "carrier-dataverse")
        .body(Full::from(body.to_string()))
        .unwrap()
}

fn graph_batch(version: &str, body: &str, part: &mut dyn FnMut(String) -> Told) -> Response<Full<Bytes>> {
    let batch: Value = serde_json::from_str(body).unwrap();
    let requests = batch["requests"].as_array().unwrap();
    assert!((2..=20).contains(&requests.len()), "{} parts", requests.len());
    // Backwards, since the order of answers is free.
    let responses: Vec<Value> = requests
        .iter()
        .map(|request| {
            assert_eq!(request["method"], "GET");
            assert_eq!(request.get("body"), None);
            let told = part(format!("{version}{}", request["url"].as_str().unwrap()));
            let headers: serde_json::Map<String, Value> = told
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                .collect();
            json!({"id": request["id"], "status": told.status, "headers": headers, "body": told.body})
        })
        .rev()
        .collect();
    json_response(200, &json!({ "responses": responses }))
}

fn dataverse_batch(body: &str, part: &mut dyn FnMut(String) -> Told) -> Response<Full<Bytes>> {
    let mut answer = String::new();
    for line in body.lines() {
        let Some(url) = line.strip_prefix("GET ") else { continue };
        let url = url
            .strip_suffix(" HTTP/1.1")
            .unwrap()
            .strip_prefix(ORGANISATION)
            .unwrap();
        let told = part(url.to_owned());
        answer.push_str("--batchresponse_1\r\nContent-Type: application/http\r\n\r\n");
        answer.push_str(&format!("HTTP/1.1 {} Told\r\n", told.status));
        for (name, value) in &told.headers {
            answer.push_str(&format!("{name}: {value}\r\n"));
        }
        answer.push_str(&format!("\r\n{}\r\n", told.body));
    }
    answer.push_str("--batchresponse_1--\r\n");
    Response::builder()
        .header("content-type", "multipart/mixed; boundary=batchresponse_1")
        .header("x-ms-service-request-id", "carrier-dataverse")
        .body(Full::from(answer))
        .unwrap()
}
