//! Continuous access evaluation: a resource refuses a token that is still good otherwise, and says what a new one has
//! to carry. Only clients that said `cp1` are asked; the others keep their token until it ends.
//!
//! Two things cause it: the fault `claims-challenge`, at any resource, and in Graph the end of a user's sessions. What
//! the answer looks like beside the status and the header is recorded for Graph alone; that the others answer with the
//! same body is assumed.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::emulator::Emulator;
use crate::exchange::{Call, Reply, host_of, is_loopback};
use crate::faults::{Fault, Service};
use crate::state::State;

/// The claims of a token that decide, unverified: what does not verify is the service's to refuse.
#[derive(Deserialize)]
struct Shown {
    nbf: i64,
    #[serde(default)]
    oid: String,
    #[serde(default)]
    upn: Option<String>,
    #[serde(default)]
    xms_cc: Vec<String>,
    #[serde(default)]
    emulator_claims: Map<String, Value>,
}

impl Shown {
    fn of(call: &Call) -> Option<Self> {
        let (scheme, token) = call.header("authorization")?.split_once(' ')?;
        let claims = URL_SAFE_NO_PAD.decode(token.trim().split('.').nth(1)?).ok()?;
        let shown: Self = serde_json::from_slice(&claims).ok()?;
        let handles = shown.xms_cc.iter().any(|said| said.eq_ignore_ascii_case("cp1"));
        (scheme.eq_ignore_ascii_case("bearer") && handles).then_some(shown)
    }

    /// Whether it was asked for without the claims of a fault's challenge. Of a challenge by time any answer counts: a
    /// clock that stands would tell an old token from a new one by nothing.
    fn lacks(&self, fault: &Fault) -> bool {
        match &fault.claims {
            None => !self.emulator_claims.contains_key("nbf"),
            Some(claims) => claims
                .iter()
                .any(|(name, asked)| self.emulator_claims.get(name) != Some(asked)),
        }
    }
}

/// The challenge that a request meets in place of its answer; `None` when it meets none.
pub(crate) fn of(emulator: &Emulator, service: Service, call: &Call, is_part: bool) -> Option<Reply> {
    if matches!(service, Service::Entra | Service::ManagedIdentity) {
        return None;
    }
    let shown = Shown::of(call)?;
    let since_now = |at: i64| {
        let mut claims = Map::new();
        claims.insert("nbf".to_owned(), json!({"essential": true, "value": at.to_string()}));
        claims
    };
    let now = emulator.clock().now();
    if service == Service::Graph
        && let Some(ended) = emulator.read(|state| sessions_ended(state, &shown))
    {
        return Some(reply(
            emulator,
            service,
            call,
            now,
            &since_now(ended),
            "TokenIssuedBeforeRevocationTimestamp",
        ));
    }
    let fault = emulator
        .faults()
        .challenge(service, call, is_part, |fault| shown.lacks(fault))?;
    let claims = fault.claims.unwrap_or_else(|| since_now(now.as_second()));
    Some(reply(
        emulator,
        service,
        call,
        now,
        &claims,
        "TokenCreatedWithOutdatedPolicies",
    ))
}

/// The second in which the sessions of the token's user ended, when the token began before it.
fn sessions_ended(state: &State, shown: &Shown) -> Option<i64> {
    shown.upn.as_ref()?;
    let user = state.directory.find("users", "id", &shown.oid)?;
    let since = user.get("signInSessionsValidFromDateTime")?.as_str()?;
    let since = since.parse::<Timestamp>().ok()?.as_second();
    (shown.nbf < since).then_some(since)
}

fn reply(
    emulator: &Emulator,
    service: Service,
    call: &Call,
    now: Timestamp,
    claims: &Map<String, Value>,
    code: &str,
) -> Reply {
    let text =
        format!("Continuous access evaluation resulted in challenge with result: InteractionRequired and code: {code}");
    let login = match is_loopback(host_of(&call.origin)) {
        true => call.origin.as_str(),
        false => "https://login.microsoftonline.com",
    };
    let claims = STANDARD.encode(json!({"access_token": claims}).to_string());
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"{login}/common/oauth2/authorize\", error=\"insufficient_claims\", \
         claims=\"{claims}\", errorDescription=\"{text}\""
    );
    let request_id = emulator.request_id(call);
    let body = match service {
        Service::Graph => json!({"error": {
            "code": "InvalidAuthenticationToken", "message": text,
            "innerError": {
                "date": now.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "request-id": request_id,
                "client-request-id": call.header("client-request-id").unwrap_or(&request_id),
            },
        }}),
        _ => json!({"error": {"code": "InvalidAuthenticationToken", "message": text}}),
    };
    Reply::json(StatusCode::UNAUTHORIZED, "application/json", &body).with(header::WWW_AUTHENTICATE, &challenge)
}

#[cfg(test)]
mod tests;
