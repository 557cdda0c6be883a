//! The time of a run: the connection's clock, which may be put back or forward while loans are out.

use std::sync::Arc;

use cutover_clients::Clock;
use jiff::{SignedDuration, Timestamp};

/// A difference that is the clock's own unevenness.
const UNEVEN: SignedDuration = SignedDuration::from_secs(2);
/// More than this at once is no passing of time that anybody waited for.
const LEAP: SignedDuration = SignedDuration::from_mins(5);

/// Time that never goes back. A clock that is put back would lengthen what is lent, so the time that passed is counted on; one
/// that is put forward, or a machine that slept, shortens it, which is the safe side. Both are told.
pub(super) struct RunTime {
    clock: Arc<dyn Clock>,
    /// How far the run is ahead of a clock that was put back.
    ahead: SignedDuration,
    newest: Timestamp,
}

impl RunTime {
    /// From the newest moment that is known of the run; and how far the clock is behind it.
    pub(super) fn new(clock: Arc<dyn Clock>, newest: Option<Timestamp>) -> (Self, Option<SignedDuration>) {
        let newest = newest.unwrap_or_else(|| clock.now());
        let mut time = Self {
            clock,
            ahead: SignedDuration::ZERO,
            newest,
        };
        let leap = time.at_least(newest);
        (time, leap)
    }

    /// The present moment.
    pub(super) fn now(&mut self) -> Timestamp {
        self.at_least(self.newest);
        self.newest
    }

    /// A moment of the clock as one of the run.
    pub(super) fn of_clock(&self, moment: Timestamp) -> Timestamp {
        moment.checked_add(self.ahead).unwrap_or(Timestamp::MAX)
    }

    /// After a wait that should have lasted until a moment: how far the clock had leapt, if it had.
    pub(super) fn at_least(&mut self, expected: Timestamp) -> Option<SignedDuration> {
        let shown = self.clock.now().checked_add(self.ahead).unwrap_or(Timestamp::MAX);
        let leap = shown.duration_since(expected);
        if leap.is_negative() {
            self.ahead = self.ahead.saturating_sub(leap);
        }
        self.newest = shown.max(expected).max(self.newest);
        (leap < -UNEVEN || leap > LEAP).then_some(leap)
    }
}
