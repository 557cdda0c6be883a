//! Tokens: asked for, compared with what was asked, kept in memory, renewed.
//!
//! Every way to sign in is a [`TokenSource`]: one file each. The grants of Entra's token endpoint (authorization code with PKCE, device
//! code, refresh token, client credentials) go through the crate `oauth2`, on our transport and by our clock.
//!
//! Why not the official `azure_identity` where it has a credential (looked at: 1.0.0). Its `TokenRequestOptions` have no place for
//! claims, so that it can neither say that this client answers claims challenges nor answer one, and a session that
//! continuous access evaluation ends could not go on. It folds Entra's `error_codes` into text, from which no next step should
//! be read, and retries by a clock of its own. It refuses a sign-in host on plain loopback http, where the emulator lives. It has
//! neither browser, device code nor refresh token. And what it would save, a form with three fields, is `oauth2`'s anyway.

mod aadsts;
mod azure_cli;
mod browser;
mod cache;
mod challenge;
mod claims;
mod client_certificate;
mod client_secret;
mod device_code;
mod discovery;
mod endpoint;
mod error;
mod first_failure;
mod loopback;
mod managed_identity;
mod oauth;
mod person;
mod person_at_partner_center;
mod prompt;
mod proof;
mod refresh_token;
mod workload_identity;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

pub use aadsts::{Aadsts, explain};
pub use azure_cli::AzureCli;
pub(crate) use cache::{RefusedToken, TokenCache};
pub(crate) use challenge::challenge;
pub use claims::TokenClaims;
pub use client_certificate::{ClientCertificate, InvalidCertificate};
pub use client_secret::ClientSecret;
pub use discovery::{DiscoveredTenant, discover_tenant, resolve_tenant};
pub use error::{TokenError, TokenRefusal};
pub use managed_identity::ManagedIdentity;
pub use person::{Person, Way};
pub use person_at_partner_center::PersonAtPartnerCenter;
pub use prompt::{Keep, NotKept, Place, Prompt};
pub use refresh_token::RefreshToken;
pub use workload_identity::WorkloadIdentity;

use crate::connection::{Connection, Resource};
use crate::tenancy::Tenancy;

/// A way to sign in. It only fetches; who the token is really for is compared by its caller, so that no kind
/// of sign-in can leave that out.
pub trait TokenSource: Send + Sync + fmt::Debug {
    /// Fetches a fresh token.
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>>;
}

/// What a token is wanted for. Only this crate can make one, so that nobody else can ask a source for a token.
///
/// ```compile_fail,E0639
/// # fn forge(tenant: uuid::Uuid, resource: &cutover_clients::Resource) {
/// let forged = cutover_clients::tokens::TokenRequest { tenant, resource, claims: None };
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct TokenRequest<'a> {
    /// The tenant it must be of.
    pub tenant: Uuid,
    /// The API it must be for.
    pub resource: &'a Resource,
    /// What it must have beyond that, as JSON text: the claims challenge of the service that refused the one before.
    pub claims: Option<&'a str>,
}

/// A token as it came, not yet compared with what was asked. A source can make one; only this crate can use it.
///
/// ```compile_fail,E0616
/// # fn take(fetched: cutover_clients::tokens::FetchedToken) {
/// let taken = fetched.secret;
/// # }
/// ```
#[derive(Debug)]
pub struct FetchedToken {
    secret: SecretString,
    expires_in: Option<u64>,
}

impl FetchedToken {
    /// The access token, and how long it lasts from now on, seconds, when the service says so.
    pub fn new(secret: SecretString, expires_in: Option<u64>) -> Self {
        Self { secret, expires_in }
    }
}

/// A token that was compared with the tenant and the API it was asked for.
pub struct Token<T: Tenancy> {
    secret: SecretString,
    claims: Arc<TokenClaims>,
    renew_at: Timestamp,
    serial: u64,
    tenancy: PhantomData<fn() -> T>,
}

impl<T: Tenancy> Token<T> {
    /// What the token says about its holder.
    pub fn claims(&self) -> &Arc<TokenClaims> {
        &self.claims
    }

    /// Which of the tokens fetched for this API it is; tells a token that was refused from its successor.
    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// The `Authorization` header, marked sensitive so that it is never printed.
    pub(crate) fn authorization(&self) -> Result<http::HeaderValue, TokenError> {
        let mut value = http::HeaderValue::try_from(format!("Bearer {}", self.secret.expose_secret()))
            .map_err(|_| TokenError::NotAToken("it holds characters no header can carry"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl<T: Tenancy> Clone for Token<T> {
    fn clone(&self) -> Self {
        Self {
            secret: self.secret.clone(),
            claims: Arc::clone(&self.claims),
            renew_at: self.renew_at,
            serial: self.serial,
            tenancy: PhantomData,
        }
    }
}

impl<T: Tenancy> fmt::Debug for Token<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("tenancy", &T::NAME)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}
