//! Managed identities: what code on a resource of Azure asks for a token of the resource's own identity. A virtual
//! machine has its metadata service for it, App Service an endpoint and a secret in the environment of the code.
//!
//! Which identities there are is said by the world: `managed_identity` of an app.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::emulator::{Emulator, not_there};
use crate::entra;
use crate::entra::tokens;
use crate::exchange::{Call, Reply};
use crate::operation::Operation;
use crate::state::{Client, ManagedIdentity, State};

const METADATA_SERVICE: &str = "/metadata/identity/oauth2/token";
const APP_SERVICE: &str = "/msi/token";
/// The version that the metadata service has known since it has identities, and the one of App Service.
const VERSIONS: [&str; 2] = ["2018-02-01", "2019-08-01"];
/// How long such a token lasts (Entra documents: how managed identities for Azure resources work: 24 hours).
const LASTS: SignedDuration = SignedDuration::from_hours(24);

/// What the services can answer.
pub const OPERATIONS: &[Operation] = &[
    operation(
        METADATA_SERVICE,
        "header Metadata: true; api-version 2018-02-01 and later, resource; client_id, object_id or msi_res_id of a user-assigned identity",
        "400 invalid_request: Required metadata header not specified, Identity not found; 400 invalid_resource; 405",
        "Entra documents: how-to-use-vm-token; azure-rest-api-specs: imds.json",
    ),
    operation(
        APP_SERVICE,
        "header X-IDENTITY-HEADER; api-version 2019-08-01, resource; client_id, principal_id, object_id or mi_res_id of a user-assigned identity",
        "400 no such identity, 401 wrong header (assumed), 500 unknown resource (assumed)",
        "Azure documents: app-service overview-managed-identity, REST endpoint reference; MSAL for Python: managed_identity.py",
    ),
];

const fn operation(path: &'static str, shapes: &'static str, errors: &'static str, source: &'static str) -> Operation {
    Operation {
        service: "Managed identity",
        method: "GET",
        path,
        application: &[],
        delegated: &[],
        directory_roles: &[],
        shapes,
        errors,
        throttle: "none of its own",
        delay: "none",
        source,
    }
}

/// Whether a path is one of these services'.
pub(crate) fn has(path: &str) -> bool {
    [METADATA_SERVICE, APP_SERVICE].contains(&path.trim_end_matches('/'))
}

/// Whether a tenant has managed identities.
pub(crate) fn is_there(state: &State) -> bool {
    state.clients.iter().any(|client| client.managed_identity.is_some())
}

/// Answers a request for one of the services.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let app_service = call.path.trim_end_matches('/') == APP_SERVICE;
    if call.method != Method::GET {
        return not_there(call);
    }
    let asked = Asked::of(call);
    let known = match app_service {
        true => asked.version == VERSIONS[1],
        // Dates compare as texts.
        false => asked.version.as_str() >= VERSIONS[0],
    };
    if !known {
        let mut named = call.clone();
        named.path = format!("{} (api-version={})", call.path, asked.version);
        return not_there(&named);
    }
    let result = match app_service {
        true => at_app_service(emulator, call, &asked),
        false => at_metadata_service(emulator, call, &asked),
    };
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err((status, body)) => (status, body),
    };
    Reply::json(status, "application/json; charset=utf-8", &body)
}

/// The body of a refusal, and its status.
type Refused = (StatusCode, Value);

/// What a request names.
struct Asked {
    version: String,
    resource: String,
    /// The property of a user-assigned identity and its value.
    identity: Option<(&'static str, String)>,
}

impl Asked {
    fn of(call: &Call) -> Self {
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(call.query.as_bytes())
            .into_owned()
            .collect();
        let get = |name: &str| {
            let found = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
        };
        let named = [
            ("client_id", "client"),
            ("object_id", "object"),
            ("principal_id", "object"),
            ("msi_res_id", "resource"),
            ("mi_res_id", "resource"),
        ];
        Self {
            version: get("api-version").unwrap_or_default(),
            resource: get("resource").unwrap_or_default(),
            identity: named
                .into_iter()
                .find_map(|(name, property)| Some((property, get(name)?))),
        }
    }

    /// The identity that is meant: the system-assigned one when none is named.
    fn find(&self, state: &State) -> Option<(Client, ManagedIdentity)> {
        let fits = |client: &&Client| {
            let Some(identity) = &client.managed_identity else {
                return false;
            };
            match &self.identity {
                None => identity.resource_id.is_none(),
                Some(("client", value)) => client.app_id.eq_ignore_ascii_case(value),
                Some(("object", value)) => client.object_id.eq_ignore_ascii_case(value),
                Some((_, value)) => identity
                    .resource_id
                    .as_ref()
                    .is_some_and(|id| id.eq_ignore_ascii_case(value)),
            }
        };
        let client = state.clients.iter().find(fits)?;
        Some((client.clone(), client.managed_identity.clone()?))
    }
}

fn at_metadata_service(emulator: &Emulator, call: &Call, asked: &Asked) -> Result<Value, Refused> {
    let refused = |error: &str, text: &str| {
        let body = json!({"error": error, "error_description": text});
        (StatusCode::BAD_REQUEST, body)
    };
    // Neither a redirected request nor one that a proxy passed on may get a token.
    if !call
        .header("metadata")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    {
        return Err(refused("invalid_request", "Required metadata header not specified"));
    }
    if call.header("x-forwarded-for").is_some() {
        return Err(refused(
            "invalid_request",
            "The request must not contain the X-Forwarded-For header",
        ));
    }
    let (client, _) = emulator
        .read(|state| asked.find(state))
        .ok_or_else(|| refused("invalid_request", "Identity not found"))?;
    let token = token(emulator, call, &client, &asked.resource).map_err(|text| refused("invalid_resource", &text))?;
    let mut body = token.body(&client, &asked.resource);
    let lasts = LASTS.as_secs().saturating_sub(1).to_string();
    body["expires_in"] = lasts.clone().into();
    body["ext_expires_in"] = lasts.into();
    body["not_before"] = token.begins.to_string().into();
    Ok(body)
}

fn at_app_service(emulator: &Emulator, call: &Call, asked: &Asked) -> Result<Value, Refused> {
    let refused = |status: StatusCode, text: &str| {
        let body = json!({"statusCode": status.as_u16(), "message": text, "correlationId": emulator.request_id(call)});
        (status, body)
    };
    let presented = call.header("x-identity-header");
    let known = emulator.read(|state| {
        let mut identities = state
            .clients
            .iter()
            .filter_map(|client| client.managed_identity.as_ref());
        identities
            .any(|identity| identity.identity_header.is_some() && identity.identity_header.as_deref() == presented)
    });
    if !known {
        let text = "The X-IDENTITY-HEADER is not the one that this application was started with.";
        return Err(refused(StatusCode::UNAUTHORIZED, text));
    }
    let found = emulator.read(|state| asked.find(state));
    let found = found.filter(|(_, identity)| identity.identity_header.as_deref() == presented);
    let (client, _) = found.ok_or_else(|| {
        let text =
            "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.";
        refused(StatusCode::BAD_REQUEST, text)
    })?;
    let token = token(emulator, call, &client, &asked.resource)
        .map_err(|text| refused(StatusCode::INTERNAL_SERVER_ERROR, &text))?;
    Ok(token.body(&client, &asked.resource))
}

struct Token {
    value: String,
    begins: i64,
}

impl Token {
    fn body(&self, client: &Client, resource: &str) -> Value {
        json!({
            "access_token": self.value, "client_id": client.app_id, "resource": resource, "token_type": "Bearer",
            "expires_on": self.begins.saturating_add(LASTS.as_secs()).to_string(),
        })
    }
}

/// A token for the identity itself; the text of the refusal when the tenant has no such resource.
fn token(emulator: &Emulator, call: &Call, client: &Client, resource: &str) -> Result<Token, String> {
    let (tenant, found) = emulator.read(|state| (state.tenant.id.clone(), entra::resource_of(state, call, resource)));
    let app = found?;
    let now = emulator.clock().now();
    let request_id = emulator.request_id(call);
    let grant = tokens::Grant {
        app_id: &client.app_id,
        proof: "2",
        audience: resource,
        subject: tokens::Subject::Application {
            object_id: &client.object_id,
            roles: client.app_roles.get(&app).cloned().unwrap_or_default(),
        },
        id: &URL_SAFE_NO_PAD.encode(Uuid::parse_str(&request_id).unwrap_or_default()),
        lifetime: LASTS,
        capabilities: Vec::new(),
        claims: None,
    };
    let value = tokens::issue(&tenant, now, grant).map_err(|_| "The token could not be signed.".to_owned())?;
    Ok(Token {
        value,
        begins: now.as_second(),
    })
}

#[cfg(test)]
mod tests;
