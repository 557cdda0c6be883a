//! From a domain name to a tenant id.

use serde::Deserialize;
use url::Url;
use uuid::Uuid;

use super::TokenError;
use super::endpoint::document;
use crate::connection::Connection;

/// The id of the tenant named by a domain or an id. The discovery document's issuer holds it; no sign-in is
/// needed (Microsoft identity platform documentation).
pub async fn resolve_tenant(connection: &Connection, tenant: &str) -> Result<Uuid, TokenError> {
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
        _ => Ok(found),
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
