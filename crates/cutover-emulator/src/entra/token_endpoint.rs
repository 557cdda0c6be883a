//! The token endpoint: client credentials, with a secret or a certificate.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use super::error::Refusal;
use super::{Version, answered, assertion, tenant_of, tokens};
use crate::emulator::{Emulator, not_there};
use crate::exchange::{Call, Reply};
use crate::state::{Client, State};
use crate::world::first_party::DATAVERSE;

/// The fields of the form. Nothing here may reach a log: it holds secrets.
struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }
}

/// Grants that Entra documents and the emulator does not have.
const ABSENT_GRANTS: &[&str] = &[
    "authorization_code",
    "refresh_token",
    "password",
    "device_code",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
];

pub(super) fn answer(emulator: &Emulator, call: &Call, segment: &str, version: Version) -> Result<Reply, Refusal> {
    let tenant = tenant_of(emulator, segment)?;
    let form = form(call);
    let grant = form.need("grant_type")?;
    if ABSENT_GRANTS.contains(&grant) {
        let mut named = call.clone();
        named.path = format!("{} (grant_type={grant})", call.path);
        return Ok(not_there(&named));
    }
    if grant != "client_credentials" {
        let text = format!("The app requested an unsupported grant type '{grant}'.");
        return Err(Refusal::new("unsupported_grant_type", 70_003, text));
    }
    let tenant = tenant.ok_or_else(|| {
        let text = "No tenant-identifying information found in either the request or implied by any provided \
                    credentials.";
        Refusal::new("invalid_request", 50_059, text)
    })?;
    let client_id = form.need("client_id")?;
    let client = emulator.read(|state| find_client(state, client_id))?;
    let audience = match version {
        Version::V1 => form.need("resource")?,
        Version::V2 => default_scope(form.need("scope")?)?,
    };
    let resource = emulator.read(|state| resource_app(state, audience)).ok_or_else(|| {
        let text = format!("The resource principal named {audience} was not found in the tenant named {tenant}.");
        Refusal::new("invalid_resource", 500_011, text)
    })?;
    let proof = prove(emulator, call, &form, &[&tenant, segment], &client)?;
    let request_id = emulator.request_id(call);
    let lifetime = emulator
        .faults()
        .token_lifetime(call)
        .unwrap_or_else(|| usual_lifetime(&request_id));
    let now = emulator.clock().now();
    let roles = client.app_roles.get(&resource).cloned().unwrap_or_default();
    let grant = tokens::Grant {
        app_id: &client.app_id,
        proof,
        audience,
        subject: tokens::Subject::Application {
            object_id: &client.object_id,
            roles,
        },
        id: &URL_SAFE_NO_PAD.encode(Uuid::parse_str(&request_id).unwrap_or_default()),
        lifetime,
    };
    let token = tokens::issue(&tenant, now, grant).map_err(|_| {
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

/// Grant, client and resource of a request, without what proves the client.
pub(super) fn asked(call: &Call) -> String {
    let form = form(call);
    let fields = ["grant_type", "client_id", "scope", "resource"].map(|name| form.get(name).unwrap_or_default());
    fields.join("\n")
}

/// The form's fields; a client may put id and secret into a Basic header in place of the form.
fn form(call: &Call) -> Form {
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(&call.body).into_owned().collect();
    let basic = call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok())
        .and_then(|value| String::from_utf8(value).ok());
    if let Some((id, secret)) = basic.as_deref().and_then(|basic| basic.split_once(':')) {
        for (name, value) in [("client_id", id), ("client_secret", secret)] {
            let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
            fields.push((name.to_owned(), value.into_owned()));
        }
    }
    Form(fields)
}

fn find_client(state: &State, client_id: &str) -> Result<Client, Refusal> {
    let client = state
        .clients
        .iter()
        .find(|client| client.app_id.eq_ignore_ascii_case(client_id))
        .cloned()
        .ok_or_else(|| {
            let text = format!(
                "Application with identifier '{client_id}' was not found in the directory '{}'.",
                state.tenant.display_name
            );
            Refusal::new("unauthorized_client", 700_016, text)
        })?;
    let principal = state.directory.find("servicePrincipals", "appId", &client.app_id);
    let enabled = principal.and_then(|row| row.get("accountEnabled")?.as_bool());
    if enabled == Some(false) {
        let text = format!("Application '{client_id}' is disabled.");
        return Err(Refusal::new("unauthorized_client", 7_000_112, text));
    }
    Ok(client)
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

/// The application id of the resource a client names: by id, by one of its names, by an environment's address.
fn resource_app(state: &State, name: &str) -> Option<String> {
    let name = name.trim_end_matches('/');
    let is_environment = state
        .environments
        .iter()
        .any(|environment| environment.url.eq_ignore_ascii_case(name));
    if is_environment {
        return Some(DATAVERSE.to_owned());
    }
    state
        .directory
        .rows("servicePrincipals")
        .iter()
        .find(|row| {
            let named = row.get("servicePrincipalNames").and_then(serde_json::Value::as_array);
            named.is_some_and(|named| {
                named
                    .iter()
                    .filter_map(serde_json::Value::as_str)
                    .any(|known| known.eq_ignore_ascii_case(name))
            })
        })
        .and_then(|row| row.get("appId")?.as_str().map(str::to_owned))
}

/// Checks secret or assertion; gives `appidacr`.
fn prove(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    tenants: &[&str],
    client: &Client,
) -> Result<&'static str, Refusal> {
    if let Some(presented) = form.get("client_assertion") {
        if form.need("client_assertion_type")? != assertion::TYPE {
            return Err(Refusal::missing("client_assertion_type"));
        }
        assertion::verify(emulator, call, tenants, client, presented)?;
        return Ok("2");
    }
    let secret = form.get("client_secret").ok_or_else(|| {
        let text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        Refusal::of_client(7_000_218, text)
    })?;
    let known = client.secrets.iter().find(|known| known.value == secret);
    let Some(known) = known else {
        let text = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
             value, not the client secret ID, for a secret added to app '{}'.",
            client.app_id
        );
        return Err(Refusal::of_client(7_000_215, text));
    };
    if known.ends.is_some_and(|ends| ends <= emulator.clock().now()) {
        let text = format!(
            "The provided client secret keys for app '{}' are expired.",
            client.app_id
        );
        return Err(Refusal::of_client(7_000_222, text));
    }
    Ok("1")
}

/// Between 60 and 90 minutes, as Entra chooses it; the choice hangs on the request's id alone.
fn usual_lifetime(request_id: &str) -> SignedDuration {
    let drawn = Uuid::parse_str(request_id).map_or(0, |id| id.as_u128() % 1800);
    SignedDuration::from_secs(3600 + i64::try_from(drawn).unwrap_or_default())
}
