//! How long a service asks to wait before the next request.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;

use crate::clock::until;

/// The wait when the service names one that cannot be read: rather long than early.
const UNREADABLE_WAIT: Duration = Duration::from_secs(60);
/// The two old spellings of a date that everybody has to understand (RFC 9110, section 5.6.7).
const OLD_DATES: &[&str] = &["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// How long the service asks to wait: whole or decimal seconds, or a date. A date is measured against the
/// answer's own `Date` when it has one, since the clocks may differ. Of several headers the longest wait counts.
/// `None` when there is none.
pub(crate) fn retry_after(now: Timestamp, headers: &HeaderMap) -> Option<Duration> {
    let told = headers.get(header::DATE).and_then(|date| date.to_str().ok());
    let from = told.and_then(date).unwrap_or(now);
    let wait = |value: &HeaderValue| {
        let value = value.to_str().ok()?.trim();
        match value.parse::<f64>() {
            // More seconds than a duration holds are more than anybody waits.
            Ok(seconds) if seconds >= 0.0 => Some(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)),
            Ok(_) => None,
            Err(_) => date(value).map(|then| until(from, then)),
        }
    };
    headers
        .get_all(header::RETRY_AFTER)
        .iter()
        .map(|value| wait(value).unwrap_or(UNREADABLE_WAIT))
        .max()
}

/// A date as HTTP writes it, in the spelling of today or one of the two old ones.
fn date(text: &str) -> Option<Timestamp> {
    let old = |format: &&str| {
        let at = DateTime::strptime(format, text).ok()?.to_zoned(TimeZone::UTC).ok()?;
        Some(at.timestamp())
    };
    let today = DateTimeParser::new().parse_timestamp(text).ok();
    today.or_else(|| OLD_DATES.iter().find_map(old))
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
        let cases: [(&[&str], f64); 21] = [
            (&["7"], 7.0),
            (&[" 2.5 "], 2.5),
            (&["0"], 0.0),
            (&["Mon, 23 Nov 2026 09:00:30 GMT"], 30.0),
            (&["Mon, 23 Nov 2026 08:00:00 GMT"], 0.0),
            (&["Monday, 23-Nov-26 09:10:00 GMT"], 600.0),
            (&["Mon Nov 23 09:00:05 2026"], 5.0),
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
