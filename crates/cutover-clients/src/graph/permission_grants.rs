//! Delegated permissions granted for the whole organisation.

use serde_json::json;
use uuid::Uuid;

use super::permissions_of_apply;
use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::odata::{Address, segment};
use crate::write::Write;

pub(super) static GRANT: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/oauth2PermissionGrants",
    "grants delegated permissions for the whole organisation",
    &permissions_of_apply::GRANT,
);
pub(super) static UPDATE: CallSpec = CallSpec::writing(
    Api::Graph,
    "PATCH",
    "/oauth2PermissionGrants/{id}",
    "replaces the permissions of a grant",
    &permissions_of_apply::GRANT,
);
pub(super) static REVOKE: CallSpec = CallSpec::writing(
    Api::Graph,
    "DELETE",
    "/oauth2PermissionGrants/{id}",
    "revokes a grant",
    &permissions_of_apply::GRANT,
);

fn path(grant: &str) -> Address {
    Address::path(format!("/oauth2PermissionGrants/{}", segment(grant)))
}

/// Grants an app permissions of an API, both by object id of their service principals.
pub fn grant(client: Uuid, resource: Uuid, scope: &str) -> Write {
    Write::new(&GRANT, Address::path(GRANT.path)).with(json!({
        "clientId": client, "consentType": "AllPrincipals", "resourceId": resource, "scope": scope,
    }))
}

/// Replaces the whole scope string of a grant.
pub fn update(grant: &str, scope: &str) -> Write {
    Write::new(&UPDATE, path(grant)).with(json!({"scope": scope}))
}

/// Revokes a grant.
pub fn revoke(grant: &str) -> Write {
    Write::new(&REVOKE, path(grant))
}
