//! A person who signed in earlier, by the refresh token of that sign-in (Secure Application Model of Partner Center).

use std::fmt;
use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::oauth::{Carrier, client, scopes_of_person, taken};
use super::proof::Proof;
use super::{ClientCertificate, FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// A refresh token. One serves every API that the person consented to, and each use gives a newer one, which is kept in
/// memory; the older ones stay good until they run out, so several APIs may be asked at once (Microsoft identity platform
/// documentation, refresh tokens).
pub struct RefreshToken {
    client_id: Uuid,
    proof: Proof,
    newest: Mutex<SecretString>,
}

impl RefreshToken {
    /// The application that the person signed in with, its secret unless it is a public client, and the refresh token.
    pub fn new(client_id: Uuid, client_secret: Option<SecretString>, refresh_token: SecretString) -> Self {
        Self {
            client_id,
            proof: client_secret.map_or(Proof::Public, Proof::Secret),
            newest: Mutex::new(refresh_token),
        }
    }

    /// The same for an application that proves itself by a certificate instead of a secret.
    #[must_use]
    pub fn with_certificate(mut self, certificate: &ClientCertificate) -> Self {
        self.proof = certificate.proof();
        self
    }

    fn newest(&self) -> SecretString {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Asks for a token by a refresh token; gives the newer refresh token as well, if one came along.
pub(super) async fn refresh(
    connection: &Connection,
    wanted: TokenRequest<'_>,
    client_id: Uuid,
    proof: &Proof,
    refresh_token: &SecretString,
) -> Result<(FetchedToken, Option<SecretString>), TokenError> {
    let carrier = Carrier::new(connection, wanted, proof);
    let client = client(connection, client_id, wanted)?;
    let token = oauth2::RefreshToken::new(refresh_token.expose_secret().to_owned());
    // Without `offline_access` no newer refresh token comes along.
    let request = client
        .exchange_refresh_token(&token)
        .add_scopes(scopes_of_person(wanted));
    let tokens = request.request_async(&carrier).await;
    Ok(taken(&tokens.map_err(|error| carrier.failure(error))?))
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl TokenSource for RefreshToken {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        Box::pin(async move {
            let token = self.newest();
            let (fetched, newer) = refresh(connection, wanted, self.client_id, &self.proof, &token).await?;
            if let Some(newer) = newer {
                *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = newer;
            }
            Ok(fetched)
        })
    }
}
