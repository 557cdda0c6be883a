//! From a domain name to a tenant id.

use cutover_core::cloud::Cloud;
use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use super::TokenError;
use super::endpoint::document;
use crate::connection::Connection;

/// What a tenant's discovery document says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveredTenant {
    /// Its id.
    pub id: Uuid,
    /// `cloud_instance_name`, such as `microsoftonline.us`.
    pub cloud_instance: Option<String>,
    /// `tenant_region_scope`, such as `EU`.
    pub region_scope: Option<String>,
    /// `tenant_region_sub_scope`, such as `DODCON` for GCC High.
    pub region_sub_scope: Option<String>,
}

impl DiscoveredTenant {
    /// Whether nothing in it speaks against a cloud.
    pub fn may_be_in(&self, cloud: Cloud) -> bool {
        cloud.may_be(self.cloud_instance.as_deref(), self.region_sub_scope.as_deref())
    }

    /// The cloud it is in, when that is clear.
    pub fn cloud(&self) -> Option<Cloud> {
        Cloud::of_discovery(self.cloud_instance.as_deref()?, self.region_sub_scope.as_deref())
    }
}

/// The id of the tenant named by a domain or an id.
///
/// # Errors
/// As [`discover_tenant`].
pub async fn resolve_tenant(connection: &Connection, tenant: &str) -> Result<Uuid, TokenError> {
    Ok(discover_tenant(connection, tenant).await?.id)
}

/// What a tenant named by a domain or an id says of itself to everybody. The discovery document's issuer holds its id; no
/// sign-in is needed (Microsoft identity platform documentation).
///
/// # Errors
/// When the name is none, there is no such tenant, or the sign-in host gives no answer.
pub async fn discover_tenant(connection: &Connection, tenant: &str) -> Result<DiscoveredTenant, TokenError> {
    let asked = Uuid::parse_str(tenant).ok();
    if asked.is_none() && !is_domain(tenant) {
        return Err(TokenError::InvalidTenant(tenant.to_owned()));
    }
    // An id has other spellings, such as in braces, that are no path segment.
    let segment = asked.map_or_else(|| tenant.to_owned(), |id| id.to_string());
    let address = connection
        .endpoints
        .login
        .join(&format!("/{segment}/v2.0/.well-known/openid-configuration"));
    let answer = document(connection, &address).await?;

    #[derive(Deserialize)]
    struct Document {
        issuer: Url,
        #[serde(default)]
        cloud_instance_name: Option<String>,
        #[serde(default)]
        tenant_region_scope: Option<String>,
        #[serde(default)]
        tenant_region_sub_scope: Option<String>,
    }
    let document: Document =
        serde_json::from_slice(&answer).map_err(|_| TokenError::NotAToken("the discovery document has no issuer"))?;
    let found = document
        .issuer
        .path_segments()
        .into_iter()
        .flatten()
        .find_map(|segment| Uuid::parse_str(segment).ok())
        .ok_or(TokenError::NotAToken("the issuer names no tenant id"))?;
    match asked {
        Some(asked) if asked != found => Err(TokenError::WrongTenant { asked, got: found }),
        _ => Ok(DiscoveredTenant {
            id: found,
            cloud_instance: document.cloud_instance_name,
            region_scope: document.tenant_region_scope,
            region_sub_scope: document.tenant_region_sub_scope,
        }),
    }
}

/// A domain name with at least one dot; so neither a path nor `common`, `organizations` or `consumers`.
fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.contains('.')
        && text.split('.').all(|label| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        })
}
