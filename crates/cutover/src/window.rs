//! The end of a maintenance window, as people say it: a moment, or what a clock in the tenant's time zone shows.

use std::str::FromStr;

use cutover_core::planner::Window;
use jiff::civil::{DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan, Zoned};

/// When a window ends, as somebody wrote it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum WindowEnds {
    /// A moment with its offset, such as `2026-12-01T02:00:00+01:00`.
    Moment(Timestamp),
    /// A moment in a zone that it names, such as `2026-12-01T02:00[Europe/Berlin]`.
    Zoned(Box<Zoned>),
    /// What a clock shows on a day, such as `2026-12-01T02:00`.
    Clock(DateTime),
    /// What a clock shows next, such as `02:00`.
    Next(Time),
}

impl FromStr for WindowEnds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // A time of the day has no day that could be read out of it, and none of the others is as short.
        if text.len() <= "02:00:00".len() {
            let time = text.parse().map(Self::Next);
            return time.map_err(|_| format!("`{text}` is not a time of the day, such as 02:00"));
        }
        if text.contains('[') {
            let zoned = text.parse::<Zoned>().map(|zoned| Self::Zoned(Box::new(zoned)));
            return zoned.map_err(|error| format!("this is not a moment in a time zone: {error}"));
        }
        if let Ok(moment) = text.parse() {
            return Ok(Self::Moment(moment));
        }
        text.parse().map(Self::Clock).map_err(|_| {
            format!("`{text}` is not a moment, such as 2026-12-01T02:00, 2026-12-01T02:00:00+01:00 or 02:00")
        })
    }
}

impl WindowEnds {
    /// The moment, seen from `now`, in the environment's time zone if it is known.
    ///
    /// # Errors
    /// When a zone is needed and not known, or the clock shows that time twice or not at all: what to write instead.
    pub(crate) fn window(&self, zone: Option<&TimeZone>, now: Timestamp) -> Result<Window, String> {
        let of_clock = |shown: DateTime| {
            let zone = zone.ok_or_else(|| {
                format!(
                    "error: nothing says in which time zone the window ends at {shown}\n  hint: environment.time_zone = \
                     \"Europe/Berlin\" in the configuration, or the offset with it: {shown}+01:00"
                )
            })?;
            once(shown, zone)
        };
        let ends = match self {
            Self::Moment(moment) => moment.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC)),
            Self::Zoned(zoned) => (**zoned).clone(),
            Self::Clock(shown) => of_clock(*shown)?,
            Self::Next(time) => {
                let today = now.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC)).datetime();
                let day = match *time > today.time() {
                    true => today.date(),
                    false => today
                        .date()
                        .checked_add(1.day())
                        .map_err(|_| "error: the calendar ends before the window does".to_owned())?,
                };
                of_clock(day.to_datetime(*time))?
            }
        };
        let shown = match ends.time_zone().iana_name() {
            Some(name) => format!("{} {name}", ends.strftime("%Y-%m-%d %H:%M")),
            None => format!("{} {}", ends.strftime("%Y-%m-%d %H:%M"), ends.offset()),
        };
        let ends = ends.timestamp();
        Ok(Window { ends, shown })
    }
}

/// The moment at which a clock shows this.
fn once(shown: DateTime, zone: &TimeZone) -> Result<Zoned, String> {
    let name = zone.iana_name().unwrap_or("that zone");
    let ambiguous = zone.to_ambiguous_zoned(shown);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {}
        AmbiguousOffset::Gap { before, after } => {
            return Err(format!(
                "error: a clock in {name} never shows {shown}: it is put forward from {before} to {after}\n  hint: say \
                 {shown}{before} or {shown}{after}"
            ));
        }
        AmbiguousOffset::Fold { before, after } => {
            return Err(format!(
                "error: a clock in {name} shows {shown} twice, before and after it is put back\n  hint: say \
                 {shown}{before} or {shown}{after}"
            ));
        }
    }
    ambiguous
        .compatible()
        .map_err(|error| format!("error: the window ends at no moment that a calendar knows: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, zone: Option<&str>) -> String {
        let zone = zone.map(|name| TimeZone::get(name).unwrap());
        let now = "2026-10-24T22:30:00Z".parse().unwrap();
        let ends = match text.parse::<WindowEnds>() {
            Ok(ends) => ends,
            Err(why) => return format!("not read: {why}"),
        };
        match ends.window(zone.as_ref(), now) {
            Ok(window) => format!("{} = {}", window.shown, window.ends),
            Err(why) => why.lines().next().unwrap().to_owned(),
        }
    }

    #[test]
    fn it_ends_when_a_clock_in_the_tenant_shows_it() {
        let berlin = Some("Europe/Berlin");
        for (text, zone, expected) in [
            (
                "2026-12-01T02:00:00+01:00",
                None,
                "2026-12-01 01:00 UTC = 2026-12-01T01:00:00Z",
            ),
            (
                "2026-12-01T01:00:00Z",
                berlin,
                "2026-12-01 02:00 Europe/Berlin = 2026-12-01T01:00:00Z",
            ),
            (
                "2026-12-01T02:00",
                berlin,
                "2026-12-01 02:00 Europe/Berlin = 2026-12-01T01:00:00Z",
            ),
            (
                "2026-12-01 02:00",
                berlin,
                "2026-12-01 02:00 Europe/Berlin = 2026-12-01T01:00:00Z",
            ),
            (
                "2026-07-01T02:00",
                berlin,
                "2026-07-01 02:00 Europe/Berlin = 2026-07-01T00:00:00Z",
            ),
            (
                "2026-12-01T02:00[America/New_York]",
                berlin,
                "2026-12-01 02:00 America/New_York = 2026-12-01T07:00:00Z",
            ),
            // It is half past midnight there, on the day on which the clocks are put back.
            ("23:00", berlin, "2026-10-25 23:00 Europe/Berlin = 2026-10-25T22:00:00Z"),
            ("00:30", berlin, "2026-10-26 00:30 Europe/Berlin = 2026-10-25T23:30:00Z"),
            (
                "02:30",
                berlin,
                "error: a clock in Europe/Berlin shows 2026-10-25T02:30:00 twice, before and after it is put back",
            ),
            (
                "2026-03-29T02:30",
                berlin,
                "error: a clock in Europe/Berlin never shows 2026-03-29T02:30:00: it is put forward from +01 to +02",
            ),
            (
                "2026-12-01T02:00",
                None,
                "error: nothing says in which time zone the window ends at 2026-12-01T02:00:00",
            ),
            (
                "25:00",
                berlin,
                "not read: `25:00` is not a time of the day, such as 02:00",
            ),
            (
                "tomorrow at two",
                berlin,
                "not read: `tomorrow at two` is not a moment, such as 2026-12-01T02:00, 2026-12-01T02:00:00+01:00 or 02:00",
            ),
        ] {
            assert_eq!(told(text, zone), expected, "{text} in {zone:?}");
        }
        let lost = told("2026-12-01T02:00[Europe/Nowhere]", berlin);
        assert!(
            lost.starts_with("not read: this is not a moment in a time zone"),
            "{lost}"
        );
    }

    #[test]
    fn no_text_stops_the_program() {
        for text in [
            "",
            " ",
            "[",
            "2026-12-01T02:00[",
            "9999-12-31T23:59:59",
            "-009999-01-01T00:00",
            "٠٢:٠٠",
            "\u{0}",
        ] {
            let _ = told(text, Some("Pacific/Kiritimati"));
        }
    }
}
