//! Entra ID's sign-in service: discovery, keys, tokens.

pub(crate) mod keys;
pub(crate) mod tokens;

use http::StatusCode;
use serde_json::json;

use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::operation::Operation;

/// What the sign-in service can answer.
pub const OPERATIONS: &[Operation] = &[];

/// The operation a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `/{tenant}/oauth2/token` (1) and `/{tenant}/oauth2/v2.0/token` (2).
    Token(u8),
    /// OpenID discovery, version 1 or 2.
    Discovery(u8),
    /// Signing keys, version 1 or 2.
    Keys(u8),
    /// `/common/discovery/instance`.
    Instance,
    /// Known to Entra, not to the emulator.
    Other,
}

/// The endpoint and tenant segment of an Entra path; `None` when the path is another service's.
pub(crate) fn operation_of(call: &Call) -> Option<(Endpoint, &str)> {
    let segments: Vec<&str> = call.path.split('/').skip(1).collect();
    let (tenant, rest) = segments.split_first()?;
    let endpoint = match rest {
        ["oauth2", "token"] => Endpoint::Token(1),
        ["oauth2", "v2.0", "token"] => Endpoint::Token(2),
        [".well-known", "openid-configuration"] => Endpoint::Discovery(1),
        ["v2.0", ".well-known", "openid-configuration"] => Endpoint::Discovery(2),
        ["discovery", "keys"] => Endpoint::Keys(1),
        ["discovery", "v2.0", "keys"] => Endpoint::Keys(2),
        ["discovery", "instance"] if *tenant == "common" => Endpoint::Instance,
        ["oauth2", ..] | ["adminconsent"] | ["v2.0", "adminconsent"] => Endpoint::Other,
        _ => return None,
    };
    Some((endpoint, tenant))
}

/// Answers a request for the sign-in service.
pub(crate) fn answer(_emulator: &Emulator, call: &Call, _endpoint: (Endpoint, &str)) -> Reply {
    Reply::json(
        StatusCode::NOT_IMPLEMENTED,
        "application/json",
        &json!({"error": {
            "code": "EmulatorNotImplemented",
            "message": format!("the emulator has no operation {} {}", call.method, call.path),
        }}),
    )
}
