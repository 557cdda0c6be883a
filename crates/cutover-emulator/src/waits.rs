//! Who was told to wait, for what and until when: tells requests that come too early from patient ones.
//!
//! A throttled answer asks its caller to wait before asking *that* again. What was asked says which lane of the
//! service counts it, so service, caller and request together are the scope of a wait. A request is the same
//! whether it comes by itself or inside any batch, and with whatever token the caller has by then.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use crate::exchange::{Call, Reply};
use crate::faults::Service;
use crate::{dataverse, entra, graph};

/// Waits that are kept at most; those of an emulator that stands for long end by themselves.
const MOST: usize = 10_000;
/// Conditional Access takes one request a second of a tenant and names no time when it refuses (text of 2023).
const CONDITIONAL_ACCESS_SECOND: SignedDuration = SignedDuration::from_secs(1);

/// What an answer asked of its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    asked: Vec<Uuid>,
    /// Whether it holds for all that the tenant asks of Conditional Access, whoever calls.
    whole_lane: bool,
    at: Timestamp,
    until: Timestamp,
}

/// All waits that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Waits {
    requests: Mutex<HashMap<Uuid, Timestamp>>,
    /// The last refusal of Conditional Access, and the end of its second.
    conditional_access: Mutex<Option<(Timestamp, Timestamp)>>,
}

impl Waits {
    /// Whether `call` comes before the time that an earlier answer had asked for.
    pub(crate) fn is_early(&self, service: Option<Service>, call: &Call, at: Timestamp) -> bool {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        // Most of the time nobody waits, and a large body need not be looked at.
        if !requests.is_empty() && requests.get(&asked(service, call)).is_some_and(|until| at < *until) {
            return true;
        }
        // Who asks in the very moment of a refusal cannot have seen it yet.
        let second = *self.conditional_access.lock().unwrap_or_else(PoisonError::into_inner);
        second.is_some_and(|(refused, until)| refused < at && at < until) && graph::is_conditional_access(call)
    }

    /// Keeps a wait until its end.
    pub(crate) fn keep(&self, wait: Wait) {
        if wait.whole_lane {
            let mut second = self.conditional_access.lock().unwrap_or_else(PoisonError::into_inner);
            *second = Some((wait.at, wait.until));
        }
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.retain(|_, until| wait.at < *until);
        for asked in wait.asked {
            if requests.len() < MOST || requests.contains_key(&asked) {
                let until = requests.entry(asked).or_insert(wait.until);
                *until = wait.until.max(*until);
            }
        }
    }
}

impl Wait {
    /// What `reply` asks of the caller of `call`; `None` when it asks for no patience.
    pub(crate) fn asked_by(service: Option<Service>, call: &Call, reply: &Reply, at: Timestamp) -> Option<Self> {
        let throttled = matches!(
            reply.status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        );
        // What is lost on the way tells nobody anything.
        if !throttled || reply.dropped {
            return None;
        }
        let named = reply
            .headers
            .get(http::header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| until(value.trim(), at));
        let whole_lane = named.is_none()
            && reply.status == StatusCode::TOO_MANY_REQUESTS
            && service == Some(Service::Graph)
            && graph::is_conditional_access(call);
        let until = match named {
            Some(until) => until,
            None if whole_lane => at.checked_add(CONDITIONAL_ACCESS_SECOND).ok()?,
            None => return None,
        };
        // A batch that was refused whole asks the same when its parts come alone or in other company.
        let inside = match service {
            Some(Service::Graph) => graph::requests_inside(call),
            Some(Service::Dataverse) => dataverse::requests_inside(call),
            Some(
                Service::Entra
                | Service::PartnerCenter
                | Service::PowerPlatform
                | Service::Azure
                | Service::ManagedIdentity,
            )
            | None => Vec::new(),
        };
        let asked = std::iter::once(call)
            .chain(&inside)
            .map(|call| asked(service, call))
            .collect();
        Some(Self {
            asked,
            whole_lane,
            at,
            until,
        })
    }
}

/// The end of a wait: seconds, decimals allowed, or a date (RFC 9110, 10.2.3).
fn until(retry_after: &str, at: Timestamp) -> Option<Timestamp> {
    match retry_after.parse::<f64>() {
        Ok(seconds) => at.checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?).ok(),
        Err(_) => jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(retry_after)
            .ok(),
    }
}

/// The name-based id of a request and its caller.
fn asked(service: Option<Service>, call: &Call) -> Uuid {
    let service = service.map_or("none", Service::name);
    let caller = caller(call).unwrap_or_default();
    Uuid::new_v5(&kind(call), format!("{service} {caller}").as_bytes())
}

/// The name-based id of what a request asks: method, path, query and body.
pub(crate) fn kind(call: &Call) -> Uuid {
    let mut kind = format!("{} {}\n", call.method, call.target()).into_bytes();
    match entra::asked(call) {
        Some(asked) => kind.extend_from_slice(asked.as_bytes()),
        None => kind.extend_from_slice(&call.body),
    }
    Uuid::new_v5(&Uuid::NAMESPACE_URL, &kind)
}

/// Application and object id of a token, unverified: they only tell callers apart.
fn caller(call: &Call) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        #[serde(default)]
        appid: String,
        #[serde(default)]
        oid: String,
    }
    let claims = call.header("authorization")?.split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    Some(format!("{} {}", claims.appid, claims.oid))
}
