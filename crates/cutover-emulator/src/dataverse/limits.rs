//! Service protection limits: what one user may ask of one web server within five minutes.
//!
//! Figures, codes and messages follow Microsoft's page *Service protection API limits*. How long a request
//! takes the real service is nowhere said, so each costs a fixed time here (assumed). Time is the emulator's.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

use http::StatusCode;
use jiff::Timestamp;

use super::error::Refusal;
use super::present::grouped;
use crate::exchange::Call;

/// Length of the sliding window in seconds.
const WINDOW: i64 = 300;
/// Milliseconds that one operation is taken to run (assumed).
const OPERATION_MILLISECONDS: u64 = 50;

/// The counters of all users, with the figures they are held against.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Requests within the window; a batch is one.
    requests: u64,
    /// Execution time within the window, in milliseconds; the parts of a batch add up.
    milliseconds: u64,
    /// Requests at the same time.
    concurrent: u32,
    users: Mutex<HashMap<String, Usage>>,
    /// Requests between arrival and answer, by a hash of the token they came with.
    in_flight: Mutex<HashMap<u64, u32>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: 6_000,
            milliseconds: 1_200_000,
            concurrent: 52,
            users: Mutex::default(),
            in_flight: Mutex::default(),
        }
    }
}

/// What one user used: one entry a second in which there was something, oldest first.
#[derive(Debug, Default)]
struct Usage {
    running: u32,
    seconds: VecDeque<Second>,
}

#[derive(Debug)]
struct Second {
    at: i64,
    requests: u64,
    milliseconds: u64,
}

/// A request that has arrived; it counts as running until this goes. A slow answer is waited for outside the
/// service, so requests at the same time are counted from their arrival.
#[derive(Debug)]
pub(crate) struct InFlight<'a> {
    limits: &'a Limits,
    token: u64,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let mut in_flight = self.limits.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = in_flight.get_mut(&self.token) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                in_flight.remove(&self.token);
            }
        }
    }
}

/// A request that was let in; it counts as running until this goes.
#[derive(Debug)]
pub(super) struct Admission<'a> {
    limits: &'a Limits,
    user: String,
    /// Requests that the user has left in the window.
    pub requests_left: u64,
    /// Execution time that the user has left in the window, in milliseconds.
    pub milliseconds_left: u64,
}

impl Admission<'_> {
    /// Says that no more than this share of the limits is left, because others used the rest.
    pub(super) fn leave(&mut self, share: f64) {
        let thousandths = (share.clamp(0.0, 1.0) * 1000.0).round() as u64;
        let at_most = |limit: u64| limit.saturating_mul(thousandths) / 1000;
        self.requests_left = self.requests_left.min(at_most(self.limits.requests));
        self.milliseconds_left = self.milliseconds_left.min(at_most(self.limits.milliseconds));
    }

    /// The time left as the header shows it: seconds with two decimals.
    pub(super) fn time_left(&self) -> String {
        let seconds = i64::try_from(self.milliseconds_left / 1000).unwrap_or(i64::MAX);
        format!("{}.{:02}", grouped(seconds), self.milliseconds_left % 1000 / 10)
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        let mut users = self.limits.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(usage) = users.get_mut(&self.user) {
            usage.running = usage.running.saturating_sub(1);
        }
    }
}

impl Limits {
    /// Notes that a request has arrived.
    pub(crate) fn arrive(&self, call: &Call) -> InFlight<'_> {
        let token = token_hash(call);
        let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        let count = in_flight.entry(token).or_default();
        *count = count.saturating_add(1);
        InFlight { limits: self, token }
    }

    /// Lets a request in, or says which limit it would break. A part of a batch is no request of its own, but
    /// takes time as one.
    pub(super) fn admit(
        &self,
        call: &Call,
        user: &str,
        now: Timestamp,
        is_part: bool,
    ) -> Result<Admission<'_>, Refusal> {
        let now = now.as_second();
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let usage = users.entry(user.to_owned()).or_default();
        while usage
            .seconds
            .front()
            .is_some_and(|second| second.at <= now.saturating_sub(WINDOW))
        {
            usage.seconds.pop_front();
        }
        let requests: u64 = usage.seconds.iter().map(|second| second.requests).sum();
        let milliseconds: u64 = usage.seconds.iter().map(|second| second.milliseconds).sum();
        let oldest = usage.seconds.front().map_or(now, |second| second.at);
        let wait = oldest.saturating_add(WINDOW).saturating_sub(now).max(1);
        let refuse = |code, message: String, wait: i64| {
            let mut refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, code, message);
            refusal.retry_after = u64::try_from(wait).ok();
            Err(refusal)
        };
        let in_flight = self
            .in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&token_hash(call))
            .copied()
            .unwrap_or_default();
        // A request that arrived is among those in flight itself.
        if !is_part && usage.running.max(in_flight.saturating_sub(1)) >= self.concurrent {
            return refuse(
                0x8007_2326,
                format!(
                    "Number of concurrent requests exceeded the limit of {}.",
                    self.concurrent
                ),
                1,
            );
        }
        if !is_part && requests >= self.requests {
            return refuse(
                0x8007_2322,
                format!(
                    "Number of requests exceeded the limit of {} over time window of {WINDOW} seconds.",
                    self.requests
                ),
                wait,
            );
        }
        if milliseconds >= self.milliseconds {
            return refuse(
                0x8007_2321,
                format!(
                    "Combined execution time of incoming requests exceeded limit of {} milliseconds over time \
                     window of {WINDOW} seconds. Decrease number of concurrent requests or reduce the duration \
                     of requests and try again later.",
                    grouped(i64::try_from(self.milliseconds).unwrap_or(i64::MAX))
                ),
                wait,
            );
        }
        let counted = u64::from(!is_part);
        match usage.seconds.back_mut() {
            Some(second) if second.at >= now => {
                second.requests += counted;
                second.milliseconds += OPERATION_MILLISECONDS;
            }
            _ => usage.seconds.push_back(Second {
                at: now,
                requests: counted,
                milliseconds: OPERATION_MILLISECONDS,
            }),
        }
        usage.running += 1;
        Ok(Admission {
            limits: self,
            user: user.to_owned(),
            requests_left: self.requests.saturating_sub(requests + counted),
            milliseconds_left: self.milliseconds.saturating_sub(milliseconds + OPERATION_MILLISECONDS),
        })
    }
}

fn token_hash(call: &Call) -> u64 {
    let mut hasher = DefaultHasher::new();
    call.headers.get(http::header::AUTHORIZATION).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    fn call() -> Call {
        Call::new(http::Method::GET, "https://contoso.crm4.dynamics.com", "/")
    }

    fn now() -> Timestamp {
        "2026-03-01T08:00:00Z".parse().expect("a time")
    }

    #[test]
    fn the_request_after_the_last_allowed_one_waits_for_the_window() {
        let limits = Limits::default();
        for count in 1..=6_000 {
            let admission = limits.admit(&call(), "u", now(), false).expect("within the limit");
            assert_eq!(admission.requests_left, 6_000 - count);
        }
        let later = now() + 100.seconds();
        let refusal = limits.admit(&call(), "u", later, false).expect_err("one too many");
        assert_eq!((refusal.code, refusal.retry_after), (Some(0x8007_2322), Some(200)));
        assert!(limits.admit(&call(), "other", later, false).is_ok());
        assert!(limits.admit(&call(), "u", now() + 299.seconds(), false).is_err());
        let after = limits
            .admit(&call(), "u", now() + 300.seconds(), false)
            .expect("a new window");
        assert_eq!(after.requests_left, 5_999);
        assert_eq!(after.time_left(), "1,199.95");
    }

    #[test]
    fn parts_of_batches_use_time_but_no_requests() {
        let limits = Limits::default();
        for _ in 0..1_200_000 / OPERATION_MILLISECONDS {
            limits.admit(&call(), "u", now(), true).expect("time is left");
        }
        let refusal = limits.admit(&call(), "u", now(), true).expect_err("no time is left");
        assert_eq!((refusal.code, refusal.retry_after), (Some(0x8007_2321), Some(300)));
    }

    #[test]
    fn the_fifty_third_at_the_same_time_is_refused_until_one_ends() {
        let limits = Limits::default();
        let mut running: Vec<_> = (0..52)
            .map(|_| limits.admit(&call(), "u", now(), false).expect("room"))
            .collect();
        let refusal = limits.admit(&call(), "u", now(), false).expect_err("no room");
        assert_eq!((refusal.code, refusal.retry_after), (Some(0x8007_2326), Some(1)));
        running.pop();
        assert!(limits.admit(&call(), "u", now(), false).is_ok());
    }

    #[test]
    fn requests_that_wait_for_their_answer_count_as_running() {
        let limits = Limits::default();
        let mut waiting: Vec<_> = (0..53).map(|_| limits.arrive(&call())).collect();
        let refusal = limits.admit(&call(), "u", now(), false).expect_err("no room");
        assert_eq!(refusal.code, Some(0x8007_2326));
        waiting.pop();
        assert!(limits.admit(&call(), "u", now(), false).is_ok());
        let other = call().with(http::header::AUTHORIZATION, "Bearer other");
        assert!(limits.admit(&other, "v", now(), false).is_ok());
        drop(waiting);
        assert!(limits.in_flight.lock().expect("not poisoned").is_empty());
    }
}
