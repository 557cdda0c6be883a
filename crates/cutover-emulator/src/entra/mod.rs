//! Entra ID's sign-in service: discovery, keys, tokens.

mod assertion;
mod discovery;
mod error;
pub(crate) mod keys;
mod token_endpoint;
pub(crate) mod tokens;

use http::{HeaderName, Method, StatusCode, header};
use serde_json::Value;

use crate::emulator::{Emulator, not_there};
use crate::exchange::{Call, Reply};
use crate::operation::Operation;
use error::Refusal;

const SOURCE: &str =
    "Entra documents: v2-oauth2-client-creds-grant-flow, certificate-credentials, reference-error-codes";

/// What the sign-in service can answer.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        service: "Entra",
        method: "POST",
        path: "/{tenant}/oauth2/v2.0/token",
        application: &[],
        delegated: &[],
        directory_roles: &[],
        shapes: "client_credentials with client_secret (form or Basic) or client_assertion (PS256 with x5t#S256, RS256 with x5t); one {resource}/.default",
        errors: "7000112, 7000215, 7000218, 7000222, 700016, 700021, 700022, 700023, 700024, 700027, 50027, 50059, 500011, 70003, 70011, 90002, 900144, 1002012; other documented grants answer 501",
        throttle: "none of its own",
        delay: "none",
        source: SOURCE,
    },
    Operation {
        service: "Entra",
        method: "POST",
        path: "/{tenant}/oauth2/token",
        application: &[],
        delegated: &[],
        directory_roles: &[],
        shapes: "as v2.0, with resource in place of scope; numbers in the answer are texts",
        errors: "as v2.0",
        throttle: "none of its own",
        delay: "none",
        source: SOURCE,
    },
    discovery_operation("/{tenant}/v2.0/.well-known/openid-configuration"),
    discovery_operation("/{tenant}/.well-known/openid-configuration"),
    discovery_operation("/{tenant}/discovery/v2.0/keys"),
    discovery_operation("/{tenant}/discovery/keys"),
    discovery_operation("/common/discovery/instance"),
];

const fn discovery_operation(path: &'static str) -> Operation {
    Operation {
        service: "Entra",
        method: "GET",
        path,
        application: &[],
        delegated: &[],
        directory_roles: &[],
        shapes: "tenant by id, by verified domain, common, organizations",
        errors: "90002",
        throttle: "none of its own",
        delay: "none",
        source: "Entra documents: v2-protocols-oidc; answers of the public endpoint",
    }
}

/// The endpoint a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `/{tenant}/oauth2/token` and `/{tenant}/oauth2/v2.0/token`.
    Token(Version),
    /// OpenID discovery.
    Discovery(Version),
    /// Signing keys.
    Keys(Version),
    /// `/common/discovery/instance`.
    Instance,
    /// Known to Entra, not to the emulator.
    Other,
}

/// The generation of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Resources by name: `resource=`.
    V1,
    /// Scopes.
    V2,
}

/// The endpoint and tenant segment of an Entra path; `None` when the path is another service's.
pub(crate) fn endpoint_of(call: &Call) -> Option<(Endpoint, &str)> {
    let segments: Vec<&str> = call.path.split('/').skip(1).collect();
    let (tenant, rest) = segments.split_first()?;
    let endpoint = match rest {
        ["oauth2", "token"] => Endpoint::Token(Version::V1),
        ["oauth2", "v2.0", "token"] => Endpoint::Token(Version::V2),
        [".well-known", "openid-configuration"] => Endpoint::Discovery(Version::V1),
        ["v2.0", ".well-known", "openid-configuration"] => Endpoint::Discovery(Version::V2),
        ["discovery", "keys"] => Endpoint::Keys(Version::V1),
        ["discovery", "v2.0", "keys"] => Endpoint::Keys(Version::V2),
        ["discovery", "instance"] if *tenant == "common" => Endpoint::Instance,
        ["oauth2", ..] | ["adminconsent"] | ["v2.0", "adminconsent"] | ["userrealm", ..] => Endpoint::Other,
        _ => return None,
    };
    Some((endpoint, tenant))
}

/// What a token request asks for, whatever proves the client: an assertion differs each time. `None` for any
/// other request.
pub(crate) fn asked(call: &Call) -> Option<String> {
    let (Endpoint::Token(_), _) = endpoint_of(call)? else {
        return None;
    };
    Some(token_endpoint::asked(call))
}

/// Answers a request for the sign-in service.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let Some((endpoint, tenant)) = endpoint_of(call) else {
        return not_there(call);
    };
    let result = match (endpoint, &call.method) {
        (Endpoint::Token(version), &Method::POST) => token_endpoint::answer(emulator, call, tenant, version),
        (Endpoint::Discovery(version), &Method::GET) => discovery::configuration(emulator, call, tenant, version),
        (Endpoint::Keys(version), &Method::GET) => discovery::keys(emulator, call, tenant, version),
        (Endpoint::Instance, &Method::GET) => Ok(discovery::instance(emulator, call)),
        _ => return not_there(call),
    };
    result.unwrap_or_else(|refusal| refusal.reply(emulator, call))
}

/// The tenant a path segment names: its id, or `None` for `common` and `organizations`.
fn tenant_of(emulator: &Emulator, segment: &str) -> Result<Option<String>, Refusal> {
    if segment == "common" || segment == "organizations" {
        return Ok(None);
    }
    emulator.read(|state| {
        if state.tenant.is_called(segment) {
            return Ok(Some(state.tenant.id.clone()));
        }
        let text = format!(
            "Tenant '{segment}' not found. Check to make sure you have the correct tenant ID and are signing \
             into the correct cloud."
        );
        Err(Refusal::new("invalid_request", 90_002, text))
    })
}

/// A JSON answer with the headers that the sign-in service puts on each.
fn answered(call: &Call, request_id: &str, status: StatusCode, body: &Value) -> Reply {
    let mut reply = Reply::json(status, "application/json; charset=utf-8", body)
        .with(header::CACHE_CONTROL, "no-store, no-cache")
        .with(header::PRAGMA, "no-cache")
        .with(HeaderName::from_static("x-ms-request-id"), request_id);
    if call.header("return-client-request-id") == Some("true")
        && let Some(id) = call.header("client-request-id")
    {
        reply = reply.with(HeaderName::from_static("client-request-id"), id);
    }
    reply
}

#[cfg(test)]
mod tests;
