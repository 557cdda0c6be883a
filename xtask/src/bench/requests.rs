//! What the double's log says about one run: how many requests, and how many had to follow one another.

use std::time::Duration;

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// One request: when its answer was made, by the double's running clock, and for which service.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    ends: SignedDuration,
    service: String,
    target: String,
}

impl Entry {
    /// An entry of the double's log as its control port gives it.
    pub(super) fn read(value: &Value) -> Result<Self> {
        let at = value["at"].as_str().context("an entry of the log has no time")?;
        let at: Timestamp = at.parse().with_context(|| format!("{at} is not a time"))?;
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            ends: at.as_duration(),
            service: text("service"),
            target: text("target"),
        })
    }

    #[cfg(test)]
    fn new(milliseconds: i64, service: &str, target: &str) -> Self {
        Self {
            ends: SignedDuration::from_millis(milliseconds),
            service: service.to_owned(),
            target: target.to_owned(),
        }
    }
}

/// The figures of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requests {
    /// Requests for anything but tokens and discovery; a batch is one.
    pub(super) round_trips: usize,
    /// Requests for tokens and discovery.
    pub(super) sign_in: usize,
    /// The most reads that followed one another.
    pub(super) critical_path: usize,
    /// The same, with the sign-in before them.
    pub(super) critical_path_with_sign_in: usize,
    /// Requests to Conditional Access, which Microsoft allows once a second.
    conditional_access: u32,
}

/// Every service that a full check asks, as the double's log names them.
const SERVICES: [&str; 5] = ["entra", "graph", "dataverse", "power-platform", "partner-center"];

/// The services that a run did not ask, so that its figures are not those of a full check.
pub(super) fn unasked(log: &[Entry]) -> Vec<&'static str> {
    let asked = |service: &&str| log.iter().any(|entry| entry.service == **service);
    SERVICES.into_iter().filter(|service| !asked(service)).collect()
}

impl Requests {
    /// Counts the requests of one run, each of which took at least `latency`.
    pub(super) fn of(log: &[Entry], latency: Duration) -> Self {
        let is_sign_in = |entry: &&Entry| entry.service == "entra";
        let reads: Vec<&Entry> = log.iter().filter(|entry| !is_sign_in(entry)).collect();
        let lane = reads
            .iter()
            .filter(|entry| entry.target.contains("/identity/conditionalAccess"))
            .count();
        Self {
            round_trips: reads.len(),
            sign_in: log.iter().filter(is_sign_in).count(),
            critical_path: longest_chain(reads.iter().map(|entry| entry.ends), latency),
            critical_path_with_sign_in: longest_chain(log.iter().map(|entry| entry.ends), latency),
            conditional_access: u32::try_from(lane).unwrap_or(u32::MAX),
        }
    }

    /// How long the lane of Conditional Access keeps a check busy at one request a second: the first goes at once.
    pub(super) fn paced(&self) -> Duration {
        Duration::from_secs(u64::from(self.conditional_access.saturating_sub(1)))
    }
}

/// How many requests, at most, lay one after the other without overlapping: what can be waited for in parallel overlaps.
///
/// Taking the request that ends first, then the next that began after it, gives the longest such chain.
fn longest_chain(ends: impl Iterator<Item = SignedDuration>, latency: Duration) -> usize {
    let mut ends: Vec<SignedDuration> = ends.collect();
    ends.sort();
    let latency = SignedDuration::try_from(latency).unwrap_or_default();
    let mut chain = 0;
    let mut free_from = SignedDuration::MIN;
    for end in ends {
        if end.saturating_sub(latency) >= free_from {
            chain += 1;
            free_from = end;
        }
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_was_not_asked_is_named() {
        let log = [Entry::new(81, "entra", "/t"), Entry::new(90, "graph", "/v1.0/$batch")];
        assert_eq!(unasked(&log), ["dataverse", "power-platform", "partner-center"]);
    }

    #[test]
    fn requests_side_by_side_are_one_step_and_requests_in_turn_are_several() {
        let log = [
            Entry::new(81, "entra", "/t/v2.0/.well-known/openid-configuration"),
            Entry::new(163, "entra", "/t/oauth2/v2.0/token"),
            Entry::new(164, "entra", "/t/oauth2/v2.0/token"),
            Entry::new(246, "graph", "/v1.0/$batch"),
            Entry::new(247, "dataverse", "/api/data/v9.2/$batch"),
            Entry::new(250, "graph", "/v1.0/identity/conditionalAccess/policies"),
            Entry::new(329, "graph", "/v1.0/$batch"),
            Entry::new(1300, "graph", "/v1.0/identity/conditionalAccess/namedLocations"),
        ];
        let requests = Requests::of(&log, Duration::from_millis(80));
        assert_eq!(
            requests,
            Requests {
                round_trips: 5,
                sign_in: 3,
                critical_path: 3,
                critical_path_with_sign_in: 5,
                conditional_access: 2
            }
        );
        assert_eq!(requests.paced(), Duration::from_secs(1));
    }
}
