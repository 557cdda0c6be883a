//! An application that signs in with a secret.

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use uuid::Uuid;

use super::oauth::client_credentials;
use super::proof::Proof;
use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// Client credentials with a secret.
#[derive(Debug)]
pub struct ClientSecret {
    client_id: Uuid,
    proof: Proof,
}

impl ClientSecret {
    /// The application's id and the *value* of its secret.
    pub fn new(client_id: Uuid, secret: SecretString) -> Self {
        Self {
            client_id,
            proof: Proof::Secret(secret),
        }
    }
}

impl TokenSource for ClientSecret {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        Box::pin(client_credentials(connection, wanted, self.client_id, &self.proof))
    }
}
