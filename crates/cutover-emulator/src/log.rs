//! The journal of requests: what reached the emulator and what it answered, so that tests can count.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::exchange::{Call, Reply};
use crate::faults::Service;

/// One request that reached the emulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Emulator time of arrival.
    pub at: Timestamp,
    /// `entra`, `graph`, `dataverse` or `none`.
    pub service: &'static str,
    /// HTTP method.
    pub method: String,
    /// Path and query; secrets travel in headers and bodies only, which are not kept.
    pub target: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// Whether the connection was broken in place of the answer.
    pub dropped: bool,
    /// Whether it came earlier than an answer 429 or 503 had asked for with `Retry-After`.
    pub early_retry: bool,
    /// The requests inside a batch, in the order they were answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartEntry>,
}

/// One request inside a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartEntry {
    /// HTTP method.
    pub method: String,
    /// Path and query, with the service's prefix.
    pub target: String,
    /// HTTP status of the part's answer.
    pub status: u16,
    /// As [`Entry::early_retry`].
    pub early_retry: bool,
}

/// All requests so far, in the order their answers were made.
#[derive(Debug, Default)]
pub struct Log {
    entries: Mutex<Vec<Entry>>,
    /// From when a request that was told to wait may come again.
    told: Mutex<HashMap<String, Timestamp>>,
}

impl Log {
    /// A copy of all entries.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Requests of one service; a batch counts once.
    pub fn count(&self, service: &str) -> usize {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .filter(|entry| entry.service == service)
            .count()
    }

    pub(crate) fn push(&self, entry: Entry) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// Whether `call` came before the time its last answer had asked for; notes what `reply` asks for.
    pub(crate) fn is_early(&self, service: Option<Service>, call: &Call, reply: &Reply, at: Timestamp) -> bool {
        let service = service.map_or("none", Service::name);
        let request = format!("{service} {} {}", call.method, call.target());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let early = told.remove(&request).is_some_and(|from| at < from);
        let wait = reply
            .headers
            .get(http::header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.trim().parse::<f64>().ok())
            .and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok())
            .and_then(|wait| at.checked_add(wait).ok());
        if let Some(from) = wait {
            told.insert(request, from);
        }
        early
    }
}
