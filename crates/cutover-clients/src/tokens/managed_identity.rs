//! Managed identity: an application that Azure itself proves, on a machine or in a service of Azure.

use std::fmt;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::endpoint::{Question, exchange, refusal};
use super::first_failure::FirstFailure;
use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// Where a machine of Azure asks (Entra documentation, how to use managed identities on a virtual machine).
const INSTANCE_METADATA: &str = "http://169.254.169.254";
const INSTANCE_METADATA_PATH: &str = "/metadata/identity/oauth2/token";
const NEXT: &str =
    "Run it on a machine or in a service of Azure that has a managed identity, or choose another sign-in.";

/// The managed identity of the machine or service that this runs on.
pub struct ManagedIdentity {
    place: Place,
    client_id: Option<Uuid>,
    first_failure: FirstFailure,
}

enum Place {
    /// Instance metadata of a virtual machine: address.
    Machine(Url),
    /// App Service, Functions, Container Apps: address and the secret of this instance.
    AppService(Url, SecretString),
}

impl ManagedIdentity {
    /// The identity that the environment speaks of: `IDENTITY_ENDPOINT` with `IDENTITY_HEADER` in App Service and its kin, else
    /// that of a virtual machine, whose address `AZURE_POD_IDENTITY_AUTHORITY_HOST` may replace. `client_id` is given for a
    /// user-assigned identity.
    ///
    /// # Errors
    /// When the environment is of a kind that is not known here.
    pub fn of_environment(
        client_id: Option<Uuid>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, TokenError> {
        let unknown = |what: &str| TokenError::Unavailable {
            what: what.to_owned(),
            next_step: NEXT.into(),
        };
        let address = |name: &str, text: &str| {
            Url::parse(text).map_err(|_| unknown(&format!("the environment variable {name} is not an address")))
        };
        let place = match (variable("IDENTITY_ENDPOINT"), variable("IDENTITY_HEADER")) {
            (Some(endpoint), Some(secret)) => {
                Place::AppService(address("IDENTITY_ENDPOINT", &endpoint)?, SecretString::from(secret))
            }
            (Some(_), None) => {
                return Err(unknown(
                    "IDENTITY_ENDPOINT is set without IDENTITY_HEADER, as on machines of Azure Arc, which are not supported",
                ));
            }
            (None, _) => {
                let name = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
                let host = variable(name).unwrap_or_else(|| INSTANCE_METADATA.to_owned());
                let mut url = address(name, &host)?;
                url.set_path(INSTANCE_METADATA_PATH);
                Place::Machine(url)
            }
        };
        Ok(Self {
            place,
            client_id,
            first_failure: FirstFailure::default(),
        })
    }

    fn question(&self, resource: &str) -> Result<(String, HeaderMap), TokenError> {
        let mut headers = HeaderMap::new();
        let (url, version) = match &self.place {
            Place::Machine(url) => {
                headers.insert("metadata", HeaderValue::from_static("true"));
                (url, "2018-02-01")
            }
            Place::AppService(url, secret) => {
                let mut secret =
                    HeaderValue::try_from(secret.expose_secret()).map_err(|_| TokenError::InvalidRequest)?;
                secret.set_sensitive(true);
                headers.insert(HeaderName::from_static("x-identity-header"), secret);
                (url, "2019-08-01")
            }
        };
        let mut url = url.clone();
        url.query_pairs_mut()
            .append_pair("api-version", version)
            .append_pair("resource", resource)
            .extend_pairs(self.client_id.map(|id| ("client_id", id.to_string())));
        Ok((url.into(), headers))
    }

    async fn token(&self, connection: &Connection, wanted: TokenRequest<'_>) -> Result<FetchedToken, TokenError> {
        let (address, headers) = self.question(&wanted.resource.audience)?;
        let question = Question::get(&address, headers);
        let answer = exchange(connection, &question, || Ok(Bytes::new())).await;
        let answer = answer.map_err(|error| match error {
            TokenError::Transport(error) => TokenError::Unavailable {
                what: format!("no managed identity answers here: {error}"),
                next_step: NEXT.into(),
            },
            other => other,
        })?;
        if !answer.status().is_success() {
            return Err(refusal(&answer));
        }

        #[derive(Deserialize)]
        struct Wire {
            access_token: String,
            expires_in: Option<Value>,
        }
        let wire: Wire = serde_json::from_slice(answer.body())
            .map_err(|_| TokenError::NotAToken("the answer of the managed identity holds no access_token"))?;
        // Numbers come as texts here. App Service tells the end alone, which the token itself says as well.
        let lasts = wire.expires_in.and_then(|lasts| match lasts {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        });
        Ok(FetchedToken::new(SecretString::from(wire.access_token), lasts))
    }
}

impl fmt::Debug for ManagedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &self.place {
            Place::Machine(url) | Place::AppService(url, _) => url.as_str(),
        };
        f.debug_struct("ManagedIdentity")
            .field("place", &place)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl TokenSource for ManagedIdentity {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        Box::pin(self.first_failure.unless_known(self.token(connection, wanted)))
    }
}
