//! A person who signed in earlier, by the refresh token of that sign-in (Secure Application Model of Partner Center).

use std::fmt;
use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::endpoint::{Grant, token};
use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// A refresh token. One serves every API that the person consented to, and each use gives a newer one, which is kept in
/// memory; the older ones stay good until they run out, so several APIs may be asked at once (Microsoft identity platform
/// documentation, refresh tokens).
pub struct RefreshToken {
    client_id: Uuid,
    client_secret: Option<SecretString>,
    newest: Mutex<SecretString>,
}

impl RefreshToken {
    /// The application that the person signed in with, its secret unless it is a public client, and the refresh token.
    pub fn new(client_id: Uuid, client_secret: Option<SecretString>, refresh_token: SecretString) -> Self {
        Self {
            client_id,
            client_secret,
            newest: Mutex::new(refresh_token),
        }
    }

    fn newest(&self) -> SecretString {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
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
            let grant = Grant {
                name: "refresh_token",
                client_id: self.client_id,
                // Without this scope no newer refresh token comes along.
                also_scope: Some("offline_access"),
            };
            let (fetched, newer) = token(connection, wanted, grant, |form| {
                form.append_pair("refresh_token", self.newest().expose_secret());
                if let Some(secret) = &self.client_secret {
                    form.append_pair("client_secret", secret.expose_secret());
                }
                Ok(())
            })
            .await?;
            if let Some(newer) = newer {
                *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = newer;
            }
            Ok(fetched)
        })
    }
}
