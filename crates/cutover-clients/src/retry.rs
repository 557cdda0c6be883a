//! When a request may be asked again. Only for requests that change nothing.

use std::cell::OnceCell;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::clock::{after, until};
use crate::connection::{Connection, IdSource};
use crate::transport::TransportError;

/// How often one page is asked for at most, the first time included.
const ATTEMPTS: u32 = 5;
/// How often when nothing answers at all: a service that is away is not there a few seconds later either,
/// and its facts are better unknown soon than after minutes.
const ATTEMPTS_IN_SILENCE: u32 = 2;
/// How long one question may take, all its pages and attempts together.
const DEADLINE: Duration = Duration::from_secs(180);
/// The first wait when the service names none; each next one is twice as long, and up to half as much is added so that
/// those who were refused together do not come back together (Microsoft Graph documentation: exponential with jitter).
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The wait when the service names one that cannot be read: rather long than early.
const UNREADABLE_WAIT: Duration = Duration::from_secs(60);

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
    ids: &'a IdSource,
    jitter: OnceCell<u32>,
}

impl<'a> Round<'a> {
    pub(crate) fn now(connection: &'a Connection) -> Self {
        Self {
            now: connection.clock.now(),
            ids: &connection.ids,
            jitter: OnceCell::new(),
        }
    }

    /// `wait` and up to half of it more, by the connection's ids, so that equal runs wait equally.
    fn jittered(&self, wait: Duration) -> Duration {
        let thousandths = *self
            .jitter
            .get_or_init(|| u32::try_from((self.ids)().as_u128() % 1000).unwrap_or_default());
        wait.saturating_add(wait.saturating_mul(thousandths) / 2000)
    }
}

/// What is left of the patience for one question.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    attempts: u32,
    deadline: Timestamp,
}

impl Patience {
    pub(crate) fn begin(connection: &Connection) -> Self {
        Self {
            attempts: 0,
            deadline: after(connection.clock.now(), DEADLINE),
        }
    }

    /// After a page that leads to another one: whether there is time to ask for it.
    pub(crate) fn next_page(&mut self, round: &Round<'_>) -> bool {
        self.attempts = 0;
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
        if may_pass {
            self.again(round, retry_after(round.now, headers), ATTEMPTS)
        } else {
            Verdict::Final
        }
    }

    /// After no answer.
    pub(crate) fn after_silence(&mut self, round: &Round<'_>, error: &TransportError) -> Verdict {
        match error {
            TransportError::Dropped { .. } => self.again(round, None, ATTEMPTS),
            TransportError::TimedOut { .. } | TransportError::Unreachable { .. } => {
                self.again(round, None, ATTEMPTS_IN_SILENCE)
            }
            TransportError::TooLarge { .. } => Verdict::Final,
        }
    }

    fn again(&mut self, round: &Round<'_>, wait: Option<Duration>, attempts: u32) -> Verdict {
        let doublings = self.attempts.min(16);
        self.attempts = self.attempts.saturating_add(1);
        let wait = wait.unwrap_or_else(|| round.jittered(FIRST_WAIT.saturating_mul(1 << doublings)));
        let at = after(round.now, wait);
        if self.attempts >= attempts || at > self.deadline {
            Verdict::Final
        } else {
            Verdict::Again(at)
        }
    }
}

/// How long the service asks to wait: whole or decimal seconds, or a date. A date is measured against the
/// answer's own `Date` when it has one, since the clocks may differ. Of several headers the longest wait counts.
/// `None` when there is none.
fn retry_after(now: Timestamp, headers: &HeaderMap) -> Option<Duration> {
    let parser = DateTimeParser::new();
    let date = headers.get(header::DATE).and_then(|date| date.to_str().ok());
    let from = date.and_then(|date| parser.parse_timestamp(date).ok()).unwrap_or(now);
    let wait = |value: &HeaderValue| {
        let value = value.to_str().ok()?.trim();
        match value.parse::<f64>() {
            // More seconds than a duration holds are more than anybody waits.
            Ok(seconds) if seconds >= 0.0 => Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)),
            Ok(_) => None,
            Err(_) => parser.parse_timestamp(value).ok().map(|then| until(from, then)),
        }
    };
    headers
        .get_all(header::RETRY_AFTER)
        .iter()
        .map(|value| wait(value).unwrap_or(UNREADABLE_WAIT))
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    name.clone(),
                    HeaderValue::from_bytes(value.as_bytes()).expect("header value"),
                )
            })
            .collect()
    }

    #[test]
    fn retry_after_in_all_its_spellings() {
        let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("time");
        let for_ever = Duration::MAX.as_secs_f64();
        let cases: [(&[&str], f64); 19] = [
            (&["7"], 7.0),
            (&[" 2.5 "], 2.5),
            (&["0"], 0.0),
            (&["Mon, 23 Nov 2026 09:00:30 GMT"], 30.0),
            (&["Mon, 23 Nov 2026 08:00:00 GMT"], 0.0),
            (&["99999999999999999999999"], for_ever),
            (&["1e999"], for_ever),
            (&["inf"], for_ever),
            (&["-1"], 60.0),
            (&["-inf"], 60.0),
            (&["NaN"], 60.0),
            (&["120 s"], 60.0),
            (&["5, 10"], 60.0),
            (&["Mon, 99 Nov 2026 08:00:00 GMT"], 60.0),
            (&["soon"], 60.0),
            (&["\u{e4}"], 60.0),
            (&[""], 60.0),
            (&["3", "Mon, 23 Nov 2026 09:00:30 GMT", "7"], 30.0),
            (&["3", "soon"], 60.0),
        ];
        for (values, wanted) in cases {
            let pairs: Vec<_> = values.iter().map(|value| (header::RETRY_AFTER, *value)).collect();
            let got = retry_after(now, &headers(&pairs)).map(|wait| wait.as_secs_f64());
            assert_eq!(got, Some(wanted), "{values:?}");
        }
        assert_eq!(retry_after(now, &HeaderMap::new()), None);
        let skewed = headers(&[
            (header::RETRY_AFTER, "Mon, 23 Nov 2026 10:00:30 GMT"),
            (header::DATE, "Mon, 23 Nov 2026 10:00:00 GMT"),
        ]);
        assert_eq!(retry_after(now, &skewed), Some(Duration::from_secs(30)));
    }
}
