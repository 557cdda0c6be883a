//! Client credentials: the application for itself, with a secret or a certificate.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::super::application::Application;
use super::super::error::Refusal;
use super::super::form::Form;
use super::super::scope::{no_resource, resource_app};
use super::super::token_endpoint::usual_lifetime;
use super::super::{Version, answered, tokens};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

pub(in super::super) fn answer(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    tenant: Option<&str>,
    segment: &str,
    version: Version,
) -> Result<Reply, Refusal> {
    let tenant = tenant.ok_or_else(|| {
        let text = "No tenant-identifying information found in either the request or implied by any provided \
                    credentials.";
        Refusal::new("invalid_request", 50_059, text)
    })?;
    let client_id = form.need("client_id")?;
    let app = emulator.read(|state| Application::find(state, client_id))?;
    let audience = match version {
        Version::V1 => form.need("resource")?,
        Version::V2 => default_scope(form.need("scope")?)?,
    };
    let resource =
        emulator.read(|state| resource_app(state, call, audience).ok_or_else(|| no_resource(state, audience)))?;
    let proof = app.prove(emulator, call, form, &[tenant, segment], false)?;
    let request_id = emulator.request_id(call);
    let lifetime = emulator
        .faults()
        .token_lifetime(call)
        .unwrap_or_else(|| usual_lifetime(&request_id));
    let now = emulator.clock().now();
    let asked = form.claims();
    let roles = app.client.as_ref().and_then(|client| client.app_roles.get(&resource));
    let grant = tokens::Grant {
        app_id: &app.app_id,
        proof,
        audience,
        subject: tokens::Subject::Application {
            object_id: app.object_id().unwrap_or_default(),
            roles: roles.cloned().unwrap_or_default(),
        },
        id: &URL_SAFE_NO_PAD.encode(Uuid::parse_str(&request_id).unwrap_or_default()),
        lifetime,
        capabilities: asked.capabilities,
        claims: asked.others,
    };
    let token = tokens::issue(tenant, now, grant).map_err(|_| {
        let text = "The token could not be signed.";
        Refusal::new("server_error", 90_033, text)
    })?;
    // Entra counts the second that the answer takes.
    let lasts = lifetime.as_secs().saturating_sub(1).max(0);
    let body = match version {
        Version::V1 => json!({
            "token_type": "Bearer", "expires_in": lasts.to_string(), "ext_expires_in": lasts.to_string(),
            "expires_on": now.as_second().saturating_add(lifetime.as_secs()).to_string(),
            "not_before": now.as_second().to_string(), "resource": audience, "access_token": token,
        }),
        Version::V2 => json!({
            "token_type": "Bearer", "expires_in": lasts, "ext_expires_in": lasts, "access_token": token,
        }),
    };
    Ok(answered(call, &request_id, StatusCode::OK, &body))
}

/// The resource of a `{resource}/.default` scope.
fn default_scope(scope: &str) -> Result<&str, Refusal> {
    let mut scopes = scope.split_ascii_whitespace();
    let first = scopes.next().ok_or_else(|| Refusal::missing("scope"))?;
    let bad = |code, text: String| Err(Refusal::new("invalid_scope", code, text));
    if let Some(other) = scopes.next() {
        if other.ends_with("/.default") && first.ends_with("/.default") && other != first {
            let text = "The provided value for the input parameter scope isn't valid because it contains more \
                        than one resource.";
            return bad(700_022, text.to_owned());
        }
        let text = format!("The provided value for the input parameter 'scope' is not valid: {scope}.");
        return bad(70_011, text);
    }
    match first.strip_suffix("/.default") {
        Some(resource) if !resource.is_empty() => Ok(resource),
        _ => {
            let text = format!(
                "The provided value for scope {first} is not valid. Client credential flows must have a scope \
                 value with /.default suffixed to the resource identifier (application ID URI)."
            );
            bad(1_002_012, text)
        }
    }
}
