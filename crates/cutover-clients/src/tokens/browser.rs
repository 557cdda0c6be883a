//! Sign-in in the browser of this machine: authorization code with PKCE, carried back to a port of 127.0.0.1 (RFC 7636,
//! RFC 8252; Entra documentation, authorization code flow).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl};
use secrecy::SecretString;
use serde::Deserialize;
use uuid::Uuid;

use super::challenge::claims_parameter;
use super::error::TokenRefusal;
use super::loopback::{Carried, Loopback};
use super::oauth::{Carrier, EntraClient, Tokens, client, scopes_of_person, taken};
use super::prompt::Prompt;
use super::proof::Proof;
use super::{FetchedToken, TokenError, TokenRequest};
use crate::connection::Connection;

/// How long a person has at the browser. By the machine's time, since a person lives in no other.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Sends the person to the sign-in page and waits until the browser comes back.
pub(super) async fn sign_in(
    connection: &Connection,
    wanted: TokenRequest<'_>,
    client_id: Uuid,
    hint: Option<&str>,
    prompt: &dyn Prompt,
) -> Result<(FetchedToken, Option<SecretString>), TokenError> {
    let no_port = |error: std::io::Error| TokenError::Unavailable {
        what: format!("no port of this machine could be opened for the browser's answer: {error}"),
        next_step: "Sign in by device code instead: --sign-in device-code, or sign_in.method.".into(),
    };
    let loopback = Loopback::open().await.map_err(no_port)?;
    let redirect = RedirectUrl::new(loopback.redirect_uri()).map_err(|_| TokenError::InvalidRequest)?;
    let client = client(connection, client_id, wanted)?.set_redirect_uri(redirect);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let nonce = CsrfToken::new_random();
    let claims = claims_parameter(wanted.claims);
    let mut request = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(scopes_of_person(wanted))
        .set_pkce_challenge(challenge)
        .add_extra_param("response_mode", "query")
        .add_extra_param("nonce", nonce.secret())
        .add_extra_param("claims", &claims);
    request = match hint {
        Some(hint) => request.add_extra_param("login_hint", hint),
        // A browser may be signed in as somebody else.
        None => request.add_extra_param("prompt", "select_account"),
    };
    let (address, state) = request.url();
    prompt.browse(address.as_str(), PATIENCE.as_secs() / 60);
    let arrival = tokio::time::timeout(PATIENCE, loopback.arrival(state.secret()))
        .await
        .map_err(|_| TokenError::NobodyCame {
            minutes: PATIENCE.as_secs() / 60,
        })?
        .map_err(no_port)?;
    let tokens = match &arrival.carried {
        Carried::Code(code) => {
            let redeemed = redeem(connection, wanted, &client, code.clone(), verifier).await;
            redeemed.and_then(|tokens| same_sign_in(&tokens, nonce.secret(), client_id).map(|()| tokens))
        }
        Carried::Refusal(error, description) => {
            let refusal = TokenRefusal::carried(error.clone(), description.clone());
            Err(TokenError::Refused(refusal.into()))
        }
    };
    arrival.show(tokens.is_ok()).await;
    Ok(taken(&tokens?))
}

async fn redeem(
    connection: &Connection,
    wanted: TokenRequest<'_>,
    client: &EntraClient,
    code: String,
    verifier: PkceCodeVerifier,
) -> Result<Tokens, TokenError> {
    let proof = Proof::Public;
    let carrier = Carrier::new(connection, wanted, &proof);
    let tokens = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(&carrier)
        .await;
    tokens.map_err(|error| carrier.failure(error))
}

/// Compares the id token with what was asked: the answer must be to this very request, of this very application. It came from
/// the token endpoint itself, so that its signature adds nothing (OpenID Connect Core, 3.1.3.7).
fn same_sign_in(tokens: &Tokens, nonce: &str, client_id: Uuid) -> Result<(), TokenError> {
    #[derive(Deserialize)]
    struct Claims {
        nonce: String,
        aud: Uuid,
    }
    let payload = tokens
        .extra_fields()
        .id_token
        .as_deref()
        .and_then(|token| token.split('.').nth(1));
    let payload = payload.and_then(|payload| URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok());
    let claims: Option<Claims> = payload.and_then(|payload| serde_json::from_slice(&payload).ok());
    match claims {
        Some(claims) if claims.nonce == nonce && claims.aud == client_id => Ok(()),
        Some(_) => Err(TokenError::NotAToken(
            "its id token is of another sign-in than this one",
        )),
        None => Err(TokenError::NotAToken("it holds no id token that could be compared")),
    }
}
