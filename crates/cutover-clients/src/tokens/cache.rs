//! Tokens kept in memory, one per API, fetched once however many ask at the same time.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::ExposeSecret;

use super::{FetchedToken, Token, TokenClaims, TokenError, TokenRequest, TokenSource};
use crate::clock::{after, until};
use crate::connection::{Connection, Resource};
use crate::tenancy::{Tenancy, TenantId};

/// A token is renewed when less than this is left of it, or a fifth of its life if that is less.
const RENEW_BEFORE: Duration = Duration::from_secs(300);

pub(crate) struct TokenCache<T: Tenancy> {
    tenant: TenantId<T>,
    source: Arc<dyn TokenSource>,
    /// How many tokens were asked for; no two have one serial.
    serials: AtomicU64,
    slots: Mutex<HashMap<String, Arc<Slot<T>>>>,
}

struct Slot<T: Tenancy> {
    /// Counts the attempts, so that whoever waited for one takes its result, even a refusal, instead of
    /// asking again.
    attempts: AtomicU64,
    last: tokio::sync::Mutex<Option<Result<Token<T>, TokenError>>>,
}

/// A token that a service refused.
#[derive(Debug, Clone)]
pub(crate) struct RefusedToken {
    /// Which one it was.
    pub(crate) serial: u64,
    /// What the service asked of the next one, as JSON text.
    pub(crate) claims: Option<String>,
}

impl<T: Tenancy> TokenCache<T> {
    pub(crate) fn new(tenant: TenantId<T>, source: Arc<dyn TokenSource>) -> Self {
        Self {
            tenant,
            source,
            serials: AtomicU64::new(0),
            slots: Mutex::new(HashMap::new()),
        }
    }

    pub(crate) fn tenant(&self) -> TenantId<T> {
        self.tenant
    }

    /// Forgets every token: whoever asks next gets a new one, with the rights of its own issue time.
    pub(crate) fn forget(&self) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// A token that is still good, other than the one that was `refused`.
    pub(crate) async fn token(
        &self,
        connection: &Connection,
        resource: &Resource,
        refused: Option<&RefusedToken>,
    ) -> Result<Token<T>, TokenError> {
        let slot = Arc::clone(
            self.slots
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(resource.audience.clone())
                .or_insert_with(|| {
                    Arc::new(Slot {
                        attempts: AtomicU64::new(0),
                        last: tokio::sync::Mutex::new(None),
                    })
                }),
        );
        let seen = slot.attempts.load(Ordering::Acquire);
        let mut last = slot.last.lock().await;
        let attempts = slot.attempts.load(Ordering::Acquire);
        match &*last {
            Some(Ok(token))
                if Some(token.serial) != refused.map(|refused| refused.serial)
                    && token.renew_at > connection.clock.now() =>
            {
                return Ok(token.clone());
            }
            Some(Err(error)) if attempts != seen => return Err(error.clone()),
            _ => {}
        }
        let serial = self.serials.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let wanted = TokenRequest {
            tenant: self.tenant.id(),
            resource,
            claims: refused.and_then(|refused| refused.claims.as_deref()),
        };
        let fetched = self
            .source
            .fetch(connection, wanted)
            .await
            .and_then(|fetched| self.compare(fetched, resource, connection, serial));
        *last = Some(fetched.clone());
        slot.attempts.store(attempts.wrapping_add(1), Ordering::Release);
        fetched
    }

    /// Every token passes here, whatever kind of sign-in it comes from.
    fn compare(
        &self,
        fetched: FetchedToken,
        resource: &Resource,
        connection: &Connection,
        serial: u64,
    ) -> Result<Token<T>, TokenError> {
        let claims = TokenClaims::decode(fetched.secret.expose_secret())?;
        if claims.tid != self.tenant.id() {
            return Err(TokenError::WrongTenant {
                asked: self.tenant.id(),
                got: claims.tid,
            });
        }
        if !resource.is_audience(&claims.aud) {
            return Err(TokenError::WrongAudience {
                asked: resource.audience.clone(),
                got: claims.aud,
            });
        }
        if connection.endpoints.partner_center.as_ref() == Some(resource) && claims.is_without_mfa() {
            return Err(TokenError::WithoutMfa { claims: claims.into() });
        }
        let now = connection.clock.now();
        // The lifetime counts from now by our clock; `exp` is by the service's, which may differ.
        let lifetime = match fetched.expires_in {
            Some(seconds) => Duration::from_secs(seconds),
            None => until(now, claims.exp),
        };
        let margin = RENEW_BEFORE.min(lifetime / 5);
        Ok(Token {
            secret: fetched.secret,
            renew_at: after(now, lifetime.saturating_sub(margin)),
            claims: Arc::new(claims),
            serial,
            tenancy: PhantomData,
        })
    }
}
