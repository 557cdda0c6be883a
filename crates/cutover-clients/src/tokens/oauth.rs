//! The `oauth2` crate on our transport: requests and answers of every grant of Entra's token endpoint are its business; how
//! they travel, when they are repeated, what proves the application and what a refusal says are ours.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Response;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, Client, ClientId, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet,
    ErrorResponse, ExtraTokenFields, HttpRequest, HttpResponse, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::challenge::claims_parameter;
use super::endpoint::{Question, authorization_endpoint, device_endpoint, exchange, token_endpoint};
use super::error::TokenRefusal;
use super::proof::Proof;
use super::{FetchedToken, TokenError, TokenRequest};
use crate::connection::Connection;

/// What Entra answers beside the tokens of RFC 6749.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Beside {
    /// Who signed in; only there when `openid` was asked for.
    pub(super) id_token: Option<String>,
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Beside")
    }
}

impl ExtraTokenFields for Beside {}

/// An answer of the token endpoint.
pub(super) type Tokens = StandardTokenResponse<Beside, BasicTokenType>;

/// An application at a tenant of Entra.
pub(super) type EntraClient = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The application `client_id` at the tenant that a token is wanted of.
pub(super) fn client(
    connection: &Connection,
    client_id: Uuid,
    wanted: TokenRequest<'_>,
) -> Result<EntraClient, TokenError> {
    let unusable = |_| TokenError::InvalidRequest;
    let tenant = wanted.tenant;
    Ok(Client::new(ClientId::new(client_id.to_string()))
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::new(authorization_endpoint(connection, tenant)).map_err(unusable)?)
        .set_device_authorization_url(
            DeviceAuthorizationUrl::new(device_endpoint(connection, tenant)).map_err(unusable)?,
        )
        .set_token_uri(TokenUrl::new(token_endpoint(connection, tenant)).map_err(unusable)?))
}

/// Everything the application is registered for at one API.
pub(super) fn scope(wanted: TokenRequest<'_>) -> Scope {
    Scope::new(format!("{}/.default", wanted.resource.audience))
}

/// The same, with what brings a refresh token and says who signed in.
pub(super) fn scopes_of_person(wanted: TokenRequest<'_>) -> [Scope; 4] {
    let also = |name: &str| Scope::new(name.to_owned());
    [scope(wanted), also("offline_access"), also("openid"), also("profile")]
}

/// Whether a form redeems a code, which serves once.
fn uses_up_a_code(form: &str) -> bool {
    let grant = url::form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "grant_type");
    grant.is_some_and(|(_, grant)| {
        matches!(
            &*grant,
            "authorization_code" | "urn:ietf:params:oauth:grant-type:device_code"
        )
    })
}

/// Carries the requests of one sign-in, proves the application in each of them, and remembers the last refusal, since the
/// crate's own reading of it drops Entra's numbers.
pub(super) struct Carrier<'a> {
    connection: &'a Connection,
    tenant: Uuid,
    proof: &'a Proof,
    claims: String,
    refusal: Mutex<Option<TokenRefusal>>,
    /// Whether an answer that may have held the tokens did not arrive.
    lost: AtomicBool,
}

impl<'a> Carrier<'a> {
    pub(super) fn new(connection: &'a Connection, wanted: TokenRequest<'_>, proof: &'a Proof) -> Self {
        Self {
            connection,
            tenant: wanted.tenant,
            proof,
            claims: claims_parameter(wanted.claims),
            refusal: Mutex::new(None),
            lost: AtomicBool::new(false),
        }
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, TokenError> {
        let (head, form) = request.into_parts();
        let form = String::from_utf8(form).map_err(|_| TokenError::InvalidRequest)?;
        let address = head.uri.to_string();
        let body = || {
            let mut form = Serializer::new(form.clone());
            form.append_pair("claims", &self.claims);
            self.proof.write(self.connection, self.tenant, &mut form)?;
            Ok(Bytes::from(form.finish()))
        };
        let question = Question::post(&address).once(uses_up_a_code(&form));
        let answer = exchange(self.connection, &question, body).await;
        if matches!(answer, Err(TokenError::AnswerLost)) {
            self.lost.store(true, Ordering::Release);
        }
        let answer = answer?;
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = match answer.status().is_success() {
            true => None,
            false => Some(TokenRefusal::read(answer.status().as_u16(), answer.body())),
        };
        let (head, body) = answer.into_parts();
        Ok(Response::from_parts(head, body.to_vec()))
    }

    /// Why there is no token. What the crate says itself could hold an answer, so none of it is passed on.
    pub(super) fn failure<E: ErrorResponse + 'static>(&self, error: RequestTokenError<TokenError, E>) -> TokenError {
        let refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (error, refusal) {
            (RequestTokenError::Request(error), _) => error,
            (_, Some(refusal)) if refusal.error == "invalid_grant" && self.lost.load(Ordering::Acquire) => {
                TokenError::AnswerLost
            }
            (_, Some(refusal)) => TokenError::Refused(refusal.into()),
            (RequestTokenError::Parse(..), None) => {
                TokenError::NotAToken("the answer lacks what an answer to this request has")
            }
            (RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_), None) => {
                TokenError::NotAToken("the answer is not one of a token endpoint")
            }
        }
    }
}

impl<'c> AsyncHttpClient<'c> for Carrier<'_> {
    type Error = TokenError;
    type Future = BoxFuture<'c, Result<HttpResponse, TokenError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}

/// The access token of an answer, and the refresh token that came along, if one did.
pub(super) fn taken(tokens: &Tokens) -> (FetchedToken, Option<SecretString>) {
    let lasts = tokens.expires_in().map(|lasts| lasts.as_secs());
    let access = SecretString::from(tokens.access_token().secret().as_str());
    let refresh = tokens.refresh_token().map(|token| token.secret().as_str().into());
    (FetchedToken::new(access, lasts), refresh)
}

/// Client credentials: an application for itself.
pub(super) async fn client_credentials(
    connection: &Connection,
    wanted: TokenRequest<'_>,
    client_id: Uuid,
    proof: &Proof,
) -> Result<FetchedToken, TokenError> {
    let carrier = Carrier::new(connection, wanted, proof);
    let client = client(connection, client_id, wanted)?;
    let request = client.exchange_client_credentials().add_scope(scope(wanted));
    let tokens = request.request_async(&carrier).await;
    Ok(taken(&tokens.map_err(|error| carrier.failure(error))?).0)
}
