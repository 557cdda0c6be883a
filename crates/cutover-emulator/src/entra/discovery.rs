//! Discovery documents and signing keys.

use http::StatusCode;
use serde_json::{Value, json};

use super::error::Refusal;
use super::{Version, answered, keys, tenant_of, tokens};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::faults::Service;

/// `.well-known/openid-configuration`. Every address belongs to the origin the client called, since clients
/// refuse documents that send them elsewhere.
pub(super) fn configuration(
    emulator: &Emulator,
    call: &Call,
    segment: &str,
    version: Version,
) -> Result<Reply, Refusal> {
    let tenant = tenant_of(emulator, segment)?;
    // `common` answers with a template that the client fills in.
    let id = tenant.as_deref().unwrap_or("{tenantid}");
    let place = tenant.as_deref().unwrap_or(segment);
    let base = format!("{}/{place}", call.origin);
    let (path, key_path, issuer) = match version {
        Version::V1 => ("oauth2", "discovery/keys", tokens::issuer(id)),
        Version::V2 => (
            "oauth2/v2.0",
            "discovery/v2.0/keys",
            format!("{}/{id}/v2.0", call.origin),
        ),
    };
    // Until a tenant is named it is that of the first one: a double has one cloud, as a sign-in host has.
    let cloud = emulator.read(|state| state.tenant.cloud);
    let graph = cloud.host(Service::Graph).unwrap_or_default();
    let mut body = json!({
        "token_endpoint": format!("{base}/{path}/token"),
        "token_endpoint_auth_methods_supported":
            ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{base}/{key_path}"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer,
        "request_uri_parameter_supported": false,
        "userinfo_endpoint": format!("https://{graph}/oidc/userinfo"),
        "authorization_endpoint": format!("{base}/{path}/authorize"),
        "device_authorization_endpoint": format!("{base}/{path}/devicecode"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{base}/{path}/logout"),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "nonce",
            "preferred_username", "name", "tid", "ver", "at_hash", "c_hash", "email"],
        "kerberos_endpoint": format!("{base}/kerberos"),
        "tenant_region_scope": cloud.region_scope(),
        "cloud_instance_name": cloud.instance(),
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": graph,
        "rbac_url": "https://pas.windows.net",
    });
    if let (Some(sub_scope), Some(members)) = (cloud.region_sub_scope(), body.as_object_mut()) {
        members.insert("tenant_region_sub_scope".to_owned(), sub_scope.into());
    }
    Ok(ok(emulator, call, &body))
}

/// The keys tokens are signed with.
pub(super) fn keys(emulator: &Emulator, call: &Call, segment: &str, version: Version) -> Result<Reply, Refusal> {
    let tenant = tenant_of(emulator, segment)?;
    let id = tenant.as_deref().unwrap_or("{tenantid}");
    let issuer = match version {
        Version::V1 => tokens::issuer(id),
        Version::V2 => format!("{}/{id}/v2.0", call.origin),
    };
    Ok(ok(emulator, call, &keys::key_set(&issuer)))
}

/// Which hosts belong to the cloud that an authority is in.
pub(super) fn instance(emulator: &Emulator, call: &Call) -> Reply {
    let asked = url::form_urlencoded::parse(call.query.as_bytes())
        .find(|(name, _)| name == "authorization_endpoint")
        .and_then(|(_, value)| {
            let path = url::Url::parse(&value).ok()?;
            path.path_segments()?.next().map(str::to_owned)
        });
    let segment = asked.as_deref().unwrap_or("common");
    let body = json!({
        "tenant_discovery_endpoint":
            format!("{}/{segment}/v2.0/.well-known/openid-configuration", call.origin),
        "api-version": "1.1",
        "metadata": [{
            "preferred_network": "login.microsoftonline.com",
            "preferred_cache": "login.windows.net",
            "aliases": ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        }],
    });
    ok(emulator, call, &body)
}

fn ok(emulator: &Emulator, call: &Call, body: &Value) -> Reply {
    answered(call, &emulator.request_id(call), StatusCode::OK, body)
}
