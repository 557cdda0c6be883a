//! Requests to Entra's own endpoints.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use uuid::Uuid;

use super::{TokenError, TokenRefusal};
use crate::clock::until;
use crate::connection::Connection;
use crate::retry::{Patience, Round, Verdict};

/// The address of a tenant's token endpoint, which is also the audience of a certificate assertion.
pub(super) fn token_endpoint(connection: &Connection, tenant: Uuid) -> String {
    connection.endpoints.login.join(&format!("/{tenant}/oauth2/v2.0/token"))
}

/// Where a browser begins to sign in.
pub(super) fn authorization_endpoint(connection: &Connection, tenant: Uuid) -> String {
    connection
        .endpoints
        .login
        .join(&format!("/{tenant}/oauth2/v2.0/authorize"))
}

/// Where a device begins to sign in.
pub(super) fn device_endpoint(connection: &Connection, tenant: Uuid) -> String {
    connection
        .endpoints
        .login
        .join(&format!("/{tenant}/oauth2/v2.0/devicecode"))
}

/// Asks the sign-in host for a document.
pub(super) async fn document(connection: &Connection, address: &str) -> Result<Bytes, TokenError> {
    let answer = exchange(connection, &Question::get(address, HeaderMap::new()), || {
        Ok(Bytes::new())
    })
    .await?;
    if answer.status().is_success() {
        return Ok(answer.into_body());
    }
    Err(refusal(&answer))
}

/// What an answer that is no success means.
pub(super) fn refusal(answer: &Response<Bytes>) -> TokenError {
    TokenError::Refused(TokenRefusal::read(answer.status().as_u16(), answer.body()).into())
}

/// Where a request goes, and how.
pub(super) struct Question<'a> {
    method: Method,
    address: &'a str,
    headers: HeaderMap,
    /// Whether it uses something up that can be used once.
    once: bool,
}

impl<'a> Question<'a> {
    /// A form that is posted.
    pub(super) fn post(address: &'a str) -> Self {
        let form = header::HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
        Self {
            method: Method::POST,
            address,
            headers: [(header::CONTENT_TYPE, form)].into_iter().collect(),
            once: false,
        }
    }

    /// A question without a body.
    pub(super) fn get(address: &'a str, headers: HeaderMap) -> Self {
        Self {
            method: Method::GET,
            address,
            headers,
            once: false,
        }
    }

    /// The same, for what is used up when it is looked at, such as a code: only a refusal that says that it was not looked at is
    /// followed by another attempt (RFC 6749, 4.1.2: a code that comes twice ends what it gave).
    pub(super) fn once(mut self, once: bool) -> Self {
        self.once = once;
        self
    }
}

/// Sends a request to whoever gives tokens until there is an answer, or patience ends. Unless it uses a code up, a request for a
/// token changes nothing, so it may be repeated; `body` is made anew each time, since Entra takes an assertion only once. An answer may be a refusal.
pub(super) async fn exchange(
    connection: &Connection,
    question: &Question<'_>,
    body: impl Fn() -> Result<Bytes, TokenError>,
) -> Result<Response<Bytes>, TokenError> {
    let mut patience = Patience::begin(connection);
    let mut made = Some(body()?);
    let kind = asked(question.address, made.as_deref().unwrap_or_default());
    if let Some(then) = connection.pace.not_before(&kind) {
        let now = connection.clock.now();
        if then > patience.deadline() {
            return Err(TokenError::Throttled(patience.waited(now, Some(then))));
        }
        connection.clock.sleep(until(now, then)).await;
        if connection.clock.now() < then {
            return Err(TokenError::Throttled(patience.waited(now, Some(then))));
        }
        // An assertion made before the wait would be older than it says.
        made = None;
    }
    loop {
        let mut request = Request::builder()
            .method(question.method.clone())
            .uri(question.address)
            .header(header::ACCEPT, "application/json")
            .header("client-request-id", (connection.ids)().to_string())
            .body(made.take().map_or_else(&body, Ok)?)
            .map_err(|_| TokenError::InvalidRequest)?;
        request.headers_mut().extend(question.headers.clone());
        let (end, mut verdict) = match connection.transport.exchange(request).await {
            Ok(answer) if answer.status().is_success() => return Ok(answer),
            Ok(answer) => {
                let now = connection.clock.now();
                let verdict = patience.after_answer(&Round::now(connection), answer.status(), answer.headers());
                if let Some(told) = patience.told() {
                    connection.pace.refused(now, kind.clone(), told);
                }
                let end = match answer.status() {
                    StatusCode::TOO_MANY_REQUESTS => Err(TokenError::Throttled(patience.waited(now, patience.told()))),
                    status if question.once && status.is_server_error() => Err(TokenError::AnswerLost),
                    _ => Ok(answer),
                };
                (end, verdict)
            }
            Err(error) => {
                let verdict = patience.after_silence(&Round::now(connection), &error);
                let end = match question.once {
                    true => TokenError::AnswerLost,
                    false => error.into(),
                };
                (Err(end), verdict)
            }
        };
        if matches!(end, Err(TokenError::AnswerLost)) {
            verdict = Verdict::Final;
        }
        match verdict {
            Verdict::Final => return end,
            Verdict::Again(at) => {
                let wait = until(connection.clock.now(), at);
                connection.clock.sleep(wait).await;
            }
        }
    }
}

/// What tells a request to the sign-in host from others: its address and the scope it asks for. Nothing secret is in it.
fn asked(address: &str, form: &[u8]) -> String {
    let scope = url::form_urlencoded::parse(form).find(|(name, _)| name == "scope");
    let scope = scope.map(|(_, scope)| scope.into_owned()).unwrap_or_default();
    format!("{address} {scope}")
}
