//! What proves an application to Entra.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::TokenError;
use super::client_certificate::SigningKey;
use super::workload_identity::Federation;
use crate::connection::Connection;

/// What proves an application: nothing for a public client, which whoever has the program could be.
#[derive(Debug, Clone, Default)]
pub(super) enum Proof {
    /// A public client.
    #[default]
    Public,
    /// A secret.
    Secret(SecretString),
    /// An assertion signed by the key of a certificate.
    Certificate(Arc<SigningKey>),
    /// An assertion of another issuer.
    Federated(Arc<Federation>),
}

/// What an assertion is called in a request (RFC 7523).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl Proof {
    /// Puts the proof into a request for a token; anew for each attempt, since Entra takes an assertion only once.
    pub(super) fn write(
        &self,
        connection: &Connection,
        tenant: Uuid,
        form: &mut Serializer<'_, String>,
    ) -> Result<(), TokenError> {
        let assertion = match self {
            Self::Public => return Ok(()),
            Self::Secret(secret) => {
                form.append_pair("client_secret", secret.expose_secret());
                return Ok(());
            }
            Self::Certificate(certificate) => certificate.assertion(connection, tenant)?,
            Self::Federated(federation) => federation.assertion()?,
        };
        form.append_pair("client_assertion_type", JWT_BEARER)
            .append_pair("client_assertion", assertion.expose_secret());
        Ok(())
    }
}
