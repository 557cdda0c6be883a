//! The journal of requests: what reached the emulator and what it answered, so that tests can count.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

/// Entries that are kept; an emulator that stands for long forgets the oldest.
pub const KEPT: usize = 10_000;

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
    /// Whether it came earlier than an answer 429 or 503 to the same caller had asked for, with `Retry-After` or,
    /// for Conditional Access, by the second that its limit spans.
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

/// The last [`KEPT`] requests, in the order their answers were made, and how many there were of each service.
#[derive(Debug, Default)]
pub struct Log(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Entry>,
    counts: BTreeMap<&'static str, usize>,
    patience: Patience,
}

/// How patient the callers were, requests inside batches counted as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Patience {
    /// Requests of their own and requests inside a batch.
    pub requests: usize,
    /// Those of them that were answered 429.
    pub throttled: usize,
    /// Those of them that came earlier than an answer had asked for.
    pub early_retries: usize,
}

impl Log {
    /// A copy of the entries that are kept.
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.iter().cloned().collect()
    }

    /// All requests of one service so far, forgotten ones included; a batch counts once.
    pub fn count(&self, service: &str) -> usize {
        self.lock().counts.get(service).copied().unwrap_or_default()
    }

    /// How patient the callers were so far, forgotten requests included.
    pub fn patience(&self) -> Patience {
        self.lock().patience
    }

    pub(crate) fn push(&self, entry: Entry) {
        let mut kept = self.lock();
        let parts = entry.parts.iter().map(|part| (part.status, part.early_retry));
        for (status, early) in std::iter::once((entry.status, entry.early_retry)).chain(parts) {
            kept.patience.requests += 1;
            kept.patience.throttled += usize::from(status == 429);
            kept.patience.early_retries += usize::from(early);
        }
        *kept.counts.entry(entry.service).or_default() += 1;
        if kept.entries.len() == KEPT {
            kept.entries.pop_front();
        }
        kept.entries.push_back(entry);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entries_go_and_the_count_stays() {
        let log = Log::default();
        for number in 0..KEPT + 5 {
            log.push(Entry {
                at: Timestamp::UNIX_EPOCH,
                service: if number < 3 { "entra" } else { "graph" },
                method: "GET".to_owned(),
                target: number.to_string(),
                status: 200,
                dropped: false,
                early_retry: number == 1,
                parts: vec![PartEntry {
                    method: "GET".to_owned(),
                    target: number.to_string(),
                    status: if number < 2 { 429 } else { 200 },
                    early_retry: number == 2,
                }],
            });
        }
        let patience = Patience {
            requests: 2 * (KEPT + 5),
            throttled: 2,
            early_retries: 2,
        };
        assert_eq!(log.patience(), patience);
        let entries = log.entries();
        assert_eq!((entries.len(), entries[0].target.as_str()), (KEPT, "5"));
        assert_eq!(
            (log.count("entra"), log.count("graph"), log.count("none")),
            (3, KEPT + 2, 0)
        );
    }
}
