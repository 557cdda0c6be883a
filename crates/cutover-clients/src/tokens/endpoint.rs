//! Requests to Entra's own endpoints.

use bytes::Bytes;
use http::{Method, Request, header};
use secrecy::SecretString;
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::{FetchedToken, TokenError, TokenRefusal, TokenRequest};
use crate::clock::until;
use crate::connection::Connection;
use crate::retry::{Patience, Round, Verdict};

/// The address of a tenant's token endpoint, which is also the audience of a certificate assertion.
pub(super) fn token_endpoint(connection: &Connection, tenant: Uuid) -> String {
    connection.endpoints.login.join(&format!("/{tenant}/oauth2/v2.0/token"))
}

/// What a token is asked for by.
pub(super) struct Grant {
    /// The OAuth name of the grant.
    pub(super) name: &'static str,
    /// The application that asks.
    pub(super) client_id: Uuid,
    /// A scope beside the API's own.
    pub(super) also_scope: Option<&'static str>,
}

/// Client credentials: `proof` adds what tells this client apart, a secret or an assertion.
pub(super) async fn client_credentials(
    connection: &Connection,
    wanted: TokenRequest<'_>,
    client_id: Uuid,
    proof: impl Fn(&mut Serializer<'_, String>) -> Result<(), TokenError>,
) -> Result<FetchedToken, TokenError> {
    let grant = Grant {
        name: "client_credentials",
        client_id,
        also_scope: None,
    };
    Ok(token(connection, wanted, grant, proof).await?.0)
}

/// Asks for a token; gives it and the refresh token that came along, if one did. `proof` is called for each attempt, since
/// Entra takes an assertion only once.
pub(super) async fn token(
    connection: &Connection,
    wanted: TokenRequest<'_>,
    grant: Grant,
    proof: impl Fn(&mut Serializer<'_, String>) -> Result<(), TokenError>,
) -> Result<(FetchedToken, Option<SecretString>), TokenError> {
    let mut scope = format!("{}/.default", wanted.resource.audience);
    if let Some(also) = grant.also_scope {
        scope.push(' ');
        scope.push_str(also);
    }
    let form = || {
        let mut form = Serializer::new(String::new());
        form.append_pair("client_id", &grant.client_id.to_string())
            .append_pair("scope", &scope)
            .append_pair("grant_type", grant.name);
        proof(&mut form)?;
        Ok(Bytes::from(form.finish()))
    };
    let address = token_endpoint(connection, wanted.tenant);
    let answer = exchange(connection, Method::POST, &address, form).await?;

    #[derive(Deserialize)]
    struct Wire {
        access_token: String,
        expires_in: Option<u64>,
        refresh_token: Option<String>,
    }
    let wire: Wire =
        serde_json::from_slice(&answer).map_err(|_| TokenError::NotAToken("the answer holds no access_token"))?;
    let fetched = FetchedToken::new(SecretString::from(wire.access_token), wire.expires_in);
    Ok((fetched, wire.refresh_token.map(SecretString::from)))
}

/// Sends a request to the sign-in host until it answers, refuses or patience ends. A request for a token
/// changes nothing, so it may be repeated; `form` makes its body anew each time.
pub(super) async fn exchange(
    connection: &Connection,
    method: Method,
    address: &str,
    form: impl Fn() -> Result<Bytes, TokenError>,
) -> Result<Bytes, TokenError> {
    let mut patience = Patience::begin(connection);
    let mut body = Some(form()?);
    let kind = asked(address, body.as_deref().unwrap_or_default());
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
        body = None;
    }
    loop {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(address)
            .header(header::ACCEPT, "application/json")
            .header("client-request-id", (connection.ids)().to_string());
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8");
        }
        let body = body.take().map_or_else(&form, Ok)?;
        let request = request.body(body).map_err(|_| TokenError::InvalidRequest)?;
        let (error, verdict) = match connection.transport.exchange(request).await {
            Ok(answer) if answer.status().is_success() => return Ok(answer.into_body()),
            Ok(answer) => {
                let status = answer.status();
                let now = connection.clock.now();
                let verdict = patience.after_answer(&Round::now(connection), status, answer.headers());
                if let Some(told) = patience.told() {
                    connection.pace.refused(now, kind.clone(), told);
                }
                let refusal = TokenRefusal::read(status.as_u16(), answer.body());
                let error = if status == http::StatusCode::TOO_MANY_REQUESTS {
                    TokenError::Throttled(patience.waited(now, patience.told()))
                } else {
                    TokenError::Refused(refusal.into())
                };
                (error, verdict)
            }
            Err(error) => {
                let verdict = patience.after_silence(&Round::now(connection), &error);
                (error.into(), verdict)
            }
        };
        match verdict {
            Verdict::Final => return Err(error),
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
