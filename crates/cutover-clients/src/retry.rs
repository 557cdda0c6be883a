//! When a request may be asked again. Only for requests that change nothing.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::clock::{Clock, after, until};
use crate::transport::TransportError;

/// How often one request is asked at most, the first time included.
const ATTEMPTS: u32 = 5;
/// How often when nothing answers at all: a service that is away is not there a few seconds later either,
/// and its facts are better unknown soon than after minutes.
const ATTEMPTS_IN_SILENCE: u32 = 2;
/// How long all attempts of one request may take together.
const DEADLINE: Duration = Duration::from_secs(180);
/// The first wait when the service names none; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// What follows from a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Asking again does not help or is not allowed any more.
    Final,
    /// Ask again, not before this time.
    Again(Timestamp),
}

/// What is left of the patience for one request.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    attempts: u32,
    deadline: Timestamp,
}

impl Patience {
    pub(crate) fn begin(clock: &dyn Clock) -> Self {
        Self {
            attempts: 0,
            deadline: after(clock.now(), DEADLINE),
        }
    }

    /// After an answer that is not a success.
    pub(crate) fn after_answer(&mut self, now: Timestamp, status: StatusCode, headers: &HeaderMap) -> Verdict {
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
            self.again(now, retry_after(now, headers), ATTEMPTS)
        } else {
            Verdict::Final
        }
    }

    /// After no answer.
    pub(crate) fn after_silence(&mut self, now: Timestamp, error: &TransportError) -> Verdict {
        match error {
            TransportError::Dropped { .. } => self.again(now, None, ATTEMPTS),
            TransportError::TimedOut { .. } | TransportError::Unreachable { .. } => {
                self.again(now, None, ATTEMPTS_IN_SILENCE)
            }
            TransportError::TooLarge { .. } => Verdict::Final,
        }
    }

    fn again(&mut self, now: Timestamp, wait: Option<Duration>, attempts: u32) -> Verdict {
        self.attempts = self.attempts.saturating_add(1);
        let doubled = FIRST_WAIT.saturating_mul(1 << (self.attempts - 1).min(16));
        let at = after(now, wait.unwrap_or(doubled));
        if self.attempts >= attempts || at > self.deadline {
            Verdict::Final
        } else {
            Verdict::Again(at)
        }
    }
}

/// How long the service asks to wait: whole or decimal seconds, or a date. A date is measured against the
/// answer's own `Date` when it has one, since the clocks may differ. `None` when absent or senseless.
pub(crate) fn retry_after(now: Timestamp, headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, header::RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let parser = DateTimeParser::new();
    let then = parser.parse_timestamp(value).ok()?;
    let from = text(headers, header::DATE)
        .and_then(|date| parser.parse_timestamp(date).ok())
        .unwrap_or(now);
    Some(until(from, then))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("header value")))
            .collect()
    }

    #[test]
    fn retry_after_in_all_its_spellings() {
        let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("time");
        let cases = [
            ("7", Some(7.0)),
            (" 2.5 ", Some(2.5)),
            ("0", Some(0.0)),
            ("Mon, 23 Nov 2026 09:00:30 GMT", Some(30.0)),
            ("Mon, 23 Nov 2026 08:00:00 GMT", Some(0.0)),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("soon", None),
            ("", None),
        ];
        for (value, wanted) in cases {
            let headers = headers(&[(header::RETRY_AFTER, value)]);
            let got = retry_after(now, &headers).map(|wait| wait.as_secs_f64());
            assert_eq!(got, wanted, "{value:?}");
        }
        assert_eq!(retry_after(now, &HeaderMap::new()), None);
        let skewed = headers(&[
            (header::RETRY_AFTER, "Mon, 23 Nov 2026 10:00:30 GMT"),
            (header::DATE, "Mon, 23 Nov 2026 10:00:00 GMT"),
        ]);
        assert_eq!(retry_after(now, &skewed), Some(Duration::from_secs(30)));
    }
}
