//! Disturbances: what goes wrong on purpose, set by a world or through the control port.
//!
//! Most of them strike requests. Propagation strikes changes: what a world scheduled ([`crate::later`]) shows
//! only when the seconds of the fault have passed after its time, in Graph and in Dataverse each by itself. It
//! strikes no single request, so `method`, `path`, `strikes`, `skip` and `count` mean nothing to it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::exchange::{Call, Reply};

/// A disturbance and the requests it strikes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// The service it strikes; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// HTTP method; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Start of the path, with the service's prefix, such as `/v1.0/users`; empty for all. A `*` stands for any letters:
    /// `/v1.0/users/*/assignLicense`.
    #[serde(default)]
    pub path: String,
    /// Whether it strikes requests of their own, requests inside a batch, or both.
    #[serde(default)]
    pub strikes: Strikes,
    /// Matching requests that go unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// Requests that it strikes; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// `latency`: the wait, in milliseconds.
    #[serde(default)]
    pub milliseconds: u64,
    /// `throttle`, `error`: the `Retry-After` header word for word, whole or decimal seconds; none when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<String>,
    /// `error`: the HTTP status, from 500 to 599.
    #[serde(default = "service_unavailable")]
    pub status: u16,
    /// `token-lifetime`, `propagation`: emulator seconds.
    #[serde(default)]
    pub seconds: u32,
    /// `claims-challenge`: what the access token has to say, such as `{"acrs": {"essential": true, "value": "c1"}}`; a
    /// token that begins no earlier than the challenge when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<serde_json::Map<String, Value>>,
    /// `near-limit`: how much of the limit is said to be used. `import-fails`: how far it comes, half the way when absent.
    #[serde(default)]
    pub percent: u16,
    /// `import-fails`, `promotion-fails`: the code it fails with, such as `0x8004801d`; `0x80048033` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `import-fails`, `promotion-fails`: what is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

fn service_unavailable() -> u16 {
    503
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The answer takes longer, in real time.
    Latency,
    /// 429.
    Throttle,
    /// A 5xx, nothing done.
    Error,
    /// The connection breaks before anything was done.
    DropBefore,
    /// The connection breaks after everything was done: the answer is lost.
    DropAfter,
    /// The request is held before anything is done, until the control port lets it go or its client goes away.
    HoldBefore,
    /// The request is held after everything is done, and before it is answered.
    HoldAfter,
    /// The resource takes the token for one that has expired: 401, nothing done.
    TokenExpired,
    /// Tokens last as long as `seconds` says.
    TokenLifetime,
    /// A page of a Graph collection comes without rows but with the link to the next page, which begins where this one
    /// should have (GD `paging`). It strikes reads of a collection that comes in pages, of their own and inside a batch
    /// alike; without `count` the rows never come.
    EmptyPage,
    /// Privileged Identity Management takes a role back and answers that there was none (measured by those who use it; no
    /// document says when). It strikes requests that remove or deactivate.
    RemovalDenied,
    /// A resource answers 401 `insufficient_claims` to a client that said it can handle that (`cp1`), until it comes with
    /// a token that was asked for with the `claims` of the challenge (Entra documents: claims-challenge).
    ClaimsChallenge,
    /// Changes of a service show only `seconds` after they happened; of several such faults the longest holds.
    Propagation,
    /// Graph and Dataverse answer, and say in the headers in which they tell what is left of a limit that `percent` of it is
    /// used: others ask them too. It refuses nothing.
    NearLimit,
    /// 409: something else is going on for the moment; nothing done.
    Conflict,
    /// The import or the installation that the request starts is accepted, and fails on its way: with a missing dependency,
    /// with an error in the middle.
    ImportFails,
    /// The upgrade, the promotion or the installation that the request starts is accepted and imports everything, but the new
    /// version does not take the place of the old one: "If promote fails, the holding solution stays".
    PromotionFails,
    /// Calls of Dataverse time out as long as a solution operation goes on in the environment (0x80048543).
    ImportTimesOut,
}

/// How a solution operation fails that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// `0x8004801d` and the like.
    pub(crate) code: u32,
    /// What is said of it.
    pub(crate) message: String,
    /// How far the import comes, of 100; 100 when only the promotion fails.
    pub(crate) percent: u16,
}

impl Failure {
    /// Whether everything was imported.
    pub(crate) fn is_of_promotion(&self) -> bool {
        self.percent >= 100
    }
}

/// A service of the double.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Entra ID's sign-in service.
    Entra,
    /// Microsoft Graph.
    Graph,
    /// Dataverse.
    Dataverse,
    /// Partner Center.
    PartnerCenter,
    /// Azure Resource Manager.
    Azure,
    /// What a resource of Azure asks for its own identity.
    ManagedIdentity,
    /// Power Platform's control plane.
    PowerPlatform,
}

impl Service {
    /// The name in worlds and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entra => "entra",
            Self::Graph => "graph",
            Self::Dataverse => "dataverse",
            Self::PartnerCenter => "partner-center",
            Self::Azure => "azure",
            Self::ManagedIdentity => "managed-identity",
            Self::PowerPlatform => "power-platform",
        }
    }
}

/// Which requests a fault strikes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strikes {
    /// Requests of their own and requests inside a batch.
    #[default]
    All,
    /// Requests of their own; a batch is one.
    Requests,
    /// Requests inside a batch.
    Parts,
}

/// All disturbances, and how often each struck.
#[derive(Debug, Default)]
pub struct Faults {
    active: Mutex<Vec<(Fault, u32)>>,
}

impl Faults {
    /// Adds a disturbance after those that are there.
    pub fn add(&self, fault: Fault) {
        self.lock().push((fault, 0));
    }

    /// Ends all disturbances.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// How long the answer to a request of its own must wait, in real time; uses up counted latencies.
    pub(crate) fn latency(&self, service: Option<Service>, call: &Call) -> Duration {
        let mut total = 0_u64;
        for (fault, met) in self.lock().iter_mut() {
            if fault.kind == FaultKind::Latency && fault.matches(service, call, false) && fault.strikes_now(met) {
                total = total.saturating_add(fault.milliseconds);
            }
        }
        Duration::from_millis(total)
    }

    /// The first disturbance that strikes this request in place of, or after, its answer.
    pub(crate) fn strike(&self, service: Option<Service>, call: &Call, is_part: bool) -> Option<Fault> {
        self.lock().iter_mut().find_map(|(fault, met)| {
            let answers = match fault.kind {
                FaultKind::Throttle | FaultKind::Error | FaultKind::Conflict => true,
                // A part has no connection of its own.
                FaultKind::DropBefore | FaultKind::DropAfter => !is_part,
                FaultKind::Latency
                | FaultKind::HoldBefore
                | FaultKind::HoldAfter
                | FaultKind::TokenExpired
                | FaultKind::TokenLifetime
                | FaultKind::EmptyPage
                | FaultKind::RemovalDenied
                | FaultKind::ClaimsChallenge
                | FaultKind::Propagation
                | FaultKind::ImportFails
                | FaultKind::PromotionFails
                | FaultKind::ImportTimesOut
                | FaultKind::NearLimit => false,
            };
            (answers && fault.matches(service, call, is_part) && fault.strikes_now(met)).then(|| fault.clone())
        })
    }

    /// How long a token issued now lasts, if a fault says so.
    pub(crate) fn token_lifetime(&self, call: &Call) -> Option<SignedDuration> {
        self.lock().iter_mut().find_map(|(fault, met)| {
            (fault.kind == FaultKind::TokenLifetime
                && fault.matches(Some(Service::Entra), call, false)
                && fault.strikes_now(met))
            .then(|| SignedDuration::from_secs(fault.seconds.into()))
        })
    }

    /// Whether the removal of a role that `call` asked for is done and denied.
    pub(crate) fn denies_removal(&self, call: &Call) -> bool {
        self.strikes_anywhere(FaultKind::RemovalDenied, Some(Service::Graph), call)
    }

    /// Whether the page of a Graph collection that `call` reads comes without its rows.
    pub(crate) fn empties_page(&self, call: &Call) -> bool {
        self.strikes_anywhere(FaultKind::EmptyPage, Some(Service::Graph), call)
    }

    /// Whether the token that `call` comes with has expired for a resource.
    pub(crate) fn expires_token(&self, service: Option<Service>, call: &Call) -> bool {
        self.strikes_anywhere(FaultKind::TokenExpired, service, call)
    }

    /// How the solution operation fails that `call` starts, if a fault says so.
    pub(crate) fn failure(&self, service: Service, call: &Call) -> Option<Failure> {
        self.lock().iter_mut().find_map(|(fault, met)| {
            let is_promotion = match fault.kind {
                FaultKind::ImportFails => false,
                FaultKind::PromotionFails => true,
                _ => return None,
            };
            let matches = [false, true]
                .into_iter()
                .any(|is_part| fault.matches(Some(service), call, is_part));
            if !(matches && fault.strikes_now(met)) {
                return None;
            }
            let code = fault.code.as_deref().and_then(|code| code.strip_prefix("0x"));
            let usual = if is_promotion {
                "The solution was imported, and could not be promoted."
            } else {
                "The solution could not be imported."
            };
            Some(Failure {
                code: code
                    .and_then(|code| u32::from_str_radix(code, 16).ok())
                    .unwrap_or(0x8004_8033),
                message: fault.message.clone().unwrap_or_else(|| usual.to_owned()),
                percent: match (is_promotion, fault.percent) {
                    (true, _) => 100,
                    (false, 0) => 50,
                    (false, percent) => percent.min(99),
                },
            })
        })
    }

    /// Whether `call` times out because a solution operation goes on.
    pub(crate) fn times_out(&self, call: &Call) -> bool {
        self.strikes_anywhere(FaultKind::ImportTimesOut, Some(Service::Dataverse), call)
    }

    /// Whether the request is held, and at which side of its effect.
    pub(crate) fn hold(&self, service: Option<Service>, call: &Call) -> Option<FaultKind> {
        self.lock().iter_mut().find_map(|(fault, met)| {
            (matches!(fault.kind, FaultKind::HoldBefore | FaultKind::HoldAfter)
                && fault.matches(service, call, false)
                && fault.strikes_now(met))
            .then_some(fault.kind)
        })
    }

    /// All disturbances, and how many requests each has met.
    pub fn met(&self) -> Vec<(Fault, u32)> {
        self.lock().clone()
    }

    /// Whether a disturbance of a kind strikes, be the call a request of its own or inside a batch.
    fn strikes_anywhere(&self, kind: FaultKind, service: Option<Service>, call: &Call) -> bool {
        self.lock().iter_mut().any(|(fault, met)| {
            fault.kind == kind
                && [false, true]
                    .into_iter()
                    .any(|is_part| fault.matches(service, call, is_part))
                && fault.strikes_now(met)
        })
    }

    /// The first disturbance that challenges a request whose token `lacks` what it asks for.
    pub(crate) fn challenge(
        &self,
        service: Service,
        call: &Call,
        is_part: bool,
        lacks: impl Fn(&Fault) -> bool,
    ) -> Option<Fault> {
        self.lock().iter_mut().find_map(|(fault, met)| {
            (fault.kind == FaultKind::ClaimsChallenge
                && fault.matches(Some(service), call, is_part)
                && lacks(fault)
                && fault.strikes_now(met))
            .then(|| fault.clone())
        })
    }

    /// How much of its limit `service` says is used when it answers `call`, as a share.
    pub(crate) fn used(&self, service: Service, call: &Call, is_part: bool) -> Option<f64> {
        self.lock().iter_mut().find_map(|(fault, met)| {
            (fault.kind == FaultKind::NearLimit
                && fault.matches(Some(service), call, is_part)
                && fault.strikes_now(met))
            .then(|| f64::from(fault.percent) / 100.0)
        })
    }

    /// How long changes of a service take until reads show them; zero unless a fault says otherwise.
    pub fn propagation(&self, service: Service) -> SignedDuration {
        self.lock()
            .iter()
            .filter(|(fault, _)| fault.kind == FaultKind::Propagation)
            .filter(|(fault, _)| fault.service.is_none_or(|struck| struck == service))
            .map(|(fault, _)| SignedDuration::from_secs(fault.seconds.into()))
            .max()
            .unwrap_or_default()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Fault, u32)>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    /// A disturbance of this kind that strikes every request; narrow it through its fields.
    pub fn of(kind: FaultKind) -> Self {
        Self {
            kind,
            service: None,
            method: None,
            path: String::new(),
            strikes: Strikes::All,
            skip: 0,
            count: None,
            milliseconds: 0,
            retry_after: None,
            status: service_unavailable(),
            seconds: 0,
            claims: None,
            percent: 0,
            code: None,
            message: None,
        }
    }

    fn matches(&self, service: Option<Service>, call: &Call, is_part: bool) -> bool {
        let place = match self.strikes {
            Strikes::All => true,
            Strikes::Requests => !is_part,
            Strikes::Parts => is_part,
        };
        place
            && self.service.is_none_or(|struck| Some(struck) == service)
            && self
                .method
                .as_deref()
                .is_none_or(|method| method.eq_ignore_ascii_case(call.method.as_str()))
            && fits(&self.path, &call.path)
    }

    /// Counts a matching request and says whether it is struck.
    fn strikes_now(&self, met: &mut u32) -> bool {
        let before = *met;
        *met = met.saturating_add(1);
        before >= self.skip && self.count.is_none_or(|count| before.saturating_sub(self.skip) < count)
    }

    /// The error that stands in for the answer.
    pub(crate) fn reply(&self, service: Option<Service>, request_id: &str, date: &str) -> Reply {
        let status = match self.kind {
            FaultKind::Throttle => StatusCode::TOO_MANY_REQUESTS,
            FaultKind::Conflict => StatusCode::CONFLICT,
            _ => StatusCode::from_u16(self.status)
                .ok()
                .filter(StatusCode::is_server_error)
                .unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
        };
        let throttled = status == StatusCode::TOO_MANY_REQUESTS;
        let body = match service {
            Some(Service::Entra) => json!({
                "error": "temporarily_unavailable",
                "error_description": "AADSTS90055: The server is busy, try again later.",
                "error_codes": [90055], "timestamp": date, "trace_id": request_id,
                "correlation_id": request_id,
            }),
            Some(Service::Dataverse) => dataverse_body(throttled, status),
            Some(Service::PartnerCenter) => self.partner_center_body(throttled, status),
            Some(Service::PowerPlatform) => json!({"error": {
                "code": match status {
                    StatusCode::TOO_MANY_REQUESTS => "TooManyRequests",
                    StatusCode::CONFLICT => "Conflict",
                    _ => "InternalServerError",
                },
                "message": reason(status),
            }}),
            Some(Service::ManagedIdentity) => {
                json!({"error": "temporarily_unavailable", "error_description": reason(status)})
            }
            Some(Service::Graph | Service::Azure) | None => {
                let code = match status.as_u16() {
                    429 => "TooManyRequests",
                    503 => "serviceNotAvailable",
                    504 => "gatewayTimeout",
                    _ => "generalException",
                };
                json!({"error": {"code": code, "message": reason(status),
                    "innerError": {"date": date, "request-id": request_id, "client-request-id": request_id}}})
            }
        };
        let mut reply = Reply::json(status, "application/json", &body);
        if let Some(after) = &self.retry_after {
            reply = reply.with(http::header::RETRY_AFTER, after);
        }
        reply
    }

    /// Partner Center throttles at a gateway in front of it, whose errors have a shape of their own.
    fn partner_center_body(&self, throttled: bool, status: StatusCode) -> Value {
        if throttled {
            let seconds = self.retry_after.as_deref().unwrap_or("60");
            json!({"statusCode": 429, "message": format!("Rate limit is exceeded. Try again in {seconds} seconds.")})
        } else {
            json!({"code": 800_003, "description": reason(status), "data": [], "source": "PartnerFD"})
        }
    }
}

/// Whether a path begins as a pattern says, each `*` standing for any letters.
fn fits(pattern: &str, path: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    pieces.all(|piece| match rest.split_once(piece) {
        Some((_, behind)) => {
            rest = behind;
            true
        }
        None => false,
    })
}

/// Error codes of Dataverse's service protection limits and of an unexpected fault.
fn dataverse_body(throttled: bool, status: StatusCode) -> Value {
    if throttled {
        json!({"error": {"code": "0x80072322",
            "message": "Number of requests exceeded the limit of 6000 over time window of 300 seconds."}})
    } else {
        json!({"error": {"code": "0x80040216", "message": reason(status)}})
    }
}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("the service failed")
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_pattern_is_a_start_with_gaps() {
        for (pattern, path, expected) in [
            ("", "/v1.0/users", true),
            ("/v1.0/users", "/v1.0/users/1", true),
            ("/v1.0/users", "/beta/users", false),
            ("/v1.0/users/*/assignLicense", "/v1.0/users/1/assignLicense", true),
            ("/v1.0/users/*/assignLicense", "/v1.0/users/1/licenseDetails", false),
            (
                "*/applyAdminRole",
                "/usermanagement/environments/1/user/applyAdminRole",
                true,
            ),
            ("/v1.0/groups/*/members/*/$ref", "/v1.0/groups/1/members/2/$ref", true),
            ("/v1.0/groups/*/members/*/$ref", "/v1.0/groups/1/members/$ref", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} on {path}");
        }
    }
}
