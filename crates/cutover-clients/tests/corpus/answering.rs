//! A service that gives one recorded answer, and what a client of this crate reads of it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use cutover_clients::tenancy::{AskedIn, Tenancy, TenantId};
use cutover_clients::tokens::RefreshToken;
use cutover_clients::{Clients, Clock, Connection, Endpoints, Failure, Read, ServiceRoot, Transport, Wave};
use futures_util::future::BoxFuture;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

/// Time that passes when somebody waits for it.
struct Waited(Mutex<Timestamp>);

impl Clock for Waited {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        *self.0.lock().unwrap() += SignedDuration::try_from(duration).unwrap();
        Box::pin(async {})
    }
}

/// What a client makes of an answer to its question. The next page, if the answer leads to one, is empty.
pub(crate) async fn answered<A: DeserializeOwned, T: Tenancy, On: AskedIn<T>>(
    read: Read<A, On>,
    status: u16,
    body: &str,
) -> Result<A, Failure> {
    let tenant = Uuid::from_u128(1);
    let body = body.to_owned();
    let first: Arc<Mutex<Option<String>>> = Arc::default();
    let service = tower::service_fn(move |request: Request<Full<Bytes>>| {
        let (body, first) = (body.clone(), Arc::clone(&first));
        async move {
            let (head, form) = request.into_parts();
            let (status, body) = if head.uri.path().ends_with("/token") {
                let form = form.collect().await.unwrap().to_bytes();
                let scope = url::form_urlencoded::parse(&form)
                    .find(|(name, _)| name == "scope")
                    .unwrap()
                    .1;
                let audience = scope.split("/.default").next().unwrap();
                let claims = json!({"tid": tenant, "aud": audience, "scp": "every.thing", "exp": 4_000_000_000_u64});
                let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                let token = format!("{}.{}.sig", part(&json!({})), part(&claims));
                (200, json!({"token_type": "Bearer", "access_token": token}).to_string())
            } else {
                let address = head.uri.to_string();
                let is_first = *first.lock().unwrap().get_or_insert_with(|| address.clone()) == address;
                if is_first {
                    (status, body)
                } else {
                    (200, json!({"value": [], "items": []}).to_string())
                }
            };
            Ok::<_, Infallible>(Response::builder().status(status).body(Full::from(body)).unwrap())
        }
    });
    let endpoints = Endpoints::commercial(ServiceRoot::parse("https://contoso.crm4.dynamics.com").unwrap()).unwrap();
    let start = Mutex::new("2026-11-23T09:00:00Z".parse().unwrap());
    let connection = Connection::new(Transport::from_service(service), endpoints).with_clock(Arc::new(Waited(start)));
    let source = Arc::new(RefreshToken::new(Uuid::nil(), None, "none".into()));
    let clients: Clients<T> = Clients::new(connection, TenantId::new(tenant), source);
    let mut wave = Wave::new();
    let ticket = wave.ask(read);
    wave.send(&clients).await.take(ticket).result
}
