//! When a request may be asked again. Only for requests that change nothing.

use std::cell::OnceCell;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;

use crate::clock::{after, until};
use crate::connection::Connection;
use crate::failure::Waited;
use crate::retry_after::retry_after;
use crate::transport::TransportError;

/// How often one page is asked for at most, the first time included.
const ATTEMPTS: u32 = 5;
/// How often when nothing answers at all: a service that is away is not there a few seconds later either,
/// and its facts are better unknown soon than after minutes.
const ATTEMPTS_IN_SILENCE: u32 = 2;
/// How long one question may take, all its pages and attempts together.
pub(crate) const DEADLINE: Duration = Duration::from_secs(180);
/// The first wait when the service names none; each next one is twice as long, and up to half as much is added so that
/// those who were refused together do not come back together (Microsoft Graph documentation: exponential with jitter).
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// What follows from a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Asking again does not help or is not allowed any more.
    Final,
    /// Ask again, not before this time.
    Again(Timestamp),
}

/// The moment in which a round of answers came. Whoever was refused in the same round without a time to wait waits
/// equally long, so that what travelled together can travel together again.
pub(crate) struct Round<'a> {
    pub(crate) now: Timestamp,
    pub(crate) connection: &'a Connection,
    jitter: OnceCell<u32>,
}

impl<'a> Round<'a> {
    pub(crate) fn now(connection: &'a Connection) -> Self {
        Self {
            now: connection.clock.now(),
            connection,
            jitter: OnceCell::new(),
        }
    }

    /// `wait` and up to half of it more, by the connection's ids, so that equal runs wait equally.
    fn jittered(&self, wait: Duration) -> Duration {
        let thousandths = *self
            .jitter
            .get_or_init(|| u32::try_from((self.connection.ids)().as_u128() % 1000).unwrap_or_default());
        wait.saturating_add(wait.saturating_mul(thousandths) / 2000)
    }
}

/// What is left of the patience for one question.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    /// Since the last success.
    attempts: u32,
    /// All attempts so far.
    asked: u32,
    begun: Timestamp,
    deadline: Timestamp,
    /// Before when the same must not be asked again: what the service said last, or the back-off when it named no time.
    told: Option<Timestamp>,
}

impl Patience {
    pub(crate) fn begin(connection: &Connection) -> Self {
        let begun = connection.clock.now();
        Self {
            attempts: 0,
            asked: 0,
            begun,
            deadline: after(begun, DEADLINE),
            told: None,
        }
    }

    /// When the question ends unanswered, whatever happens.
    pub(crate) fn deadline(&self) -> Timestamp {
        self.deadline
    }

    /// Before when nobody may ask the same again, after an answer that may be another one later.
    pub(crate) fn told(&self) -> Option<Timestamp> {
        self.told
    }

    /// What a person is told about the wait that ends now; `next` is when the question could have been asked next.
    pub(crate) fn waited(&self, now: Timestamp, next: Option<Timestamp>) -> Waited {
        Waited {
            asked: self.asked,
            waited: until(self.begun, now),
            wanted: next.map(|next| until(now, next)).filter(|wanted| !wanted.is_zero()),
            most: DEADLINE,
        }
    }

    /// After a page that leads to another one: whether there is time to ask for it.
    pub(crate) fn next_page(&mut self, round: &Round<'_>) -> bool {
        self.attempts = 0;
        self.asked = self.asked.saturating_add(1);
        round.now <= self.deadline
    }

    /// After an answer that is not a success.
    pub(crate) fn after_answer(&mut self, round: &Round<'_>, status: StatusCode, headers: &HeaderMap) -> Verdict {
        let may_pass = matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::REQUEST_TIMEOUT
                | StatusCode::FAILED_DEPENDENCY
                | StatusCode::INTERNAL_SERVER_ERROR
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT
        );
        if !may_pass {
            self.asked = self.asked.saturating_add(1);
            self.told = None;
            return Verdict::Final;
        }
        let (verdict, at) = self.again(round, retry_after(round.now, headers), ATTEMPTS);
        self.told = Some(at);
        verdict
    }

    /// After no answer.
    pub(crate) fn after_silence(&mut self, round: &Round<'_>, error: &TransportError) -> Verdict {
        match error {
            TransportError::Dropped { .. } => self.again(round, None, ATTEMPTS).0,
            TransportError::TimedOut { .. } | TransportError::Unreachable { .. } => {
                self.again(round, None, ATTEMPTS_IN_SILENCE).0
            }
            TransportError::TooLarge { .. } => {
                self.asked = self.asked.saturating_add(1);
                Verdict::Final
            }
        }
    }

    /// What follows, and when the same may be asked at the earliest, by whomever.
    fn again(&mut self, round: &Round<'_>, wait: Option<Duration>, attempts: u32) -> (Verdict, Timestamp) {
        let doublings = self.attempts.min(16);
        self.attempts = self.attempts.saturating_add(1);
        self.asked = self.asked.saturating_add(1);
        let wait = wait.unwrap_or_else(|| round.jittered(FIRST_WAIT.saturating_mul(1 << doublings)));
        let at = after(round.now, wait);
        let verdict = match self.attempts >= attempts || at > self.deadline {
            true => Verdict::Final,
            false => Verdict::Again(at),
        };
        (verdict, at)
    }
}
