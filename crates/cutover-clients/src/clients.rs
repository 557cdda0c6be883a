//! The clients of one tenant: what a wave of reads is sent through.

use std::sync::Arc;

use cutover_core::cloud::Lack;

use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::connection::{Connection, Resource};
use crate::tenancy::{Tenancy, TenantId};
use crate::tokens::{RefusedToken, Token, TokenCache, TokenClaims, TokenError, TokenSource};

/// A signed-in connection to one tenant. Clones share tokens; make one for each tenant and caller.
#[derive(Clone)]
pub struct Clients<T: Tenancy> {
    inner: Arc<Inner<T>>,
}

struct Inner<T: Tenancy> {
    connection: Connection,
    tokens: TokenCache<T>,
}

impl<T: Tenancy> Clients<T> {
    /// Clients of `tenant` that sign in by `source`. Nothing is sent before the first question.
    pub fn new(connection: Connection, tenant: TenantId<T>, source: Arc<dyn TokenSource>) -> Self {
        Self {
            inner: Arc::new(Inner {
                connection,
                tokens: TokenCache::new(tenant, source),
            }),
        }
    }

    /// How the services are reached.
    pub fn connection(&self) -> &Connection {
        &self.inner.connection
    }

    /// The tenant that every token is compared with.
    pub fn tenant(&self) -> TenantId<T> {
        self.inner.tokens.tenant()
    }

    /// What the token for an API says about the caller; signs in when there is none yet.
    pub async fn claims(&self, api: Api) -> Result<Arc<TokenClaims>, TokenError> {
        let token = self.token(api, None).await?;
        Ok(Arc::clone(token.claims()))
    }

    /// Forgets every token. A token carries the roles of its issue time, so whoever was given one, or gave one back, shows
    /// it only with a new token.
    pub fn forget_tokens(&self) {
        self.inner.tokens.forget();
    }

    /// Where an API is; `None` when the cloud has none of it.
    pub(crate) fn resource(&self, api: Api) -> Option<&Resource> {
        let endpoints = &self.inner.connection.endpoints;
        match api {
            Api::Dataverse => Some(&endpoints.dataverse),
            Api::Graph | Api::GraphBeta => Some(&endpoints.graph),
            Api::PowerPlatform => Some(&endpoints.power_platform),
            Api::PartnerCenter => endpoints.partner_center.as_ref(),
        }
    }

    /// Why the cloud cannot answer a call; `None` when it can.
    pub(crate) fn lack(&self, spec: &CallSpec) -> Option<&'static Lack> {
        self.inner.connection.endpoints.cloud.lack(spec.service, spec.path)
    }

    pub(crate) async fn token(&self, api: Api, refused: Option<&RefusedToken>) -> Result<Token<T>, TokenError> {
        let Some(resource) = self.resource(api) else {
            return Err(TokenError::NotInCloud {
                service: api.service(),
                cloud: self.inner.connection.endpoints.cloud,
            });
        };
        self.inner.tokens.token(&self.inner.connection, resource, refused).await
    }
}

impl<T: Tenancy> std::fmt::Debug for Clients<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clients")
            .field("tenant", &self.tenant())
            .field("connection", self.connection())
            .finish_non_exhaustive()
    }
}
