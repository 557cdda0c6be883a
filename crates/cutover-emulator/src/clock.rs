//! The emulator's time.

use std::sync::Mutex;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Time as the emulator tells it: a start, what was added on purpose, and, when it runs, what went by.
///
/// A world for tests and demos stands still until somebody advances it, so that equal commands see equal
/// times. A standing emulator for other people's clients runs, because those compare tokens with their own clock.
#[derive(Debug)]
pub struct Clock {
    base: Mutex<Timestamp>,
    runs_since: Option<Instant>,
}

impl Clock {
    /// A clock that stands at `now` until it is advanced.
    pub fn standing(now: Timestamp) -> Self {
        Self {
            base: Mutex::new(now),
            runs_since: None,
        }
    }

    /// A clock that starts at `now` and runs with the machine's own.
    pub fn running(now: Timestamp) -> Self {
        Self {
            base: Mutex::new(now),
            runs_since: Some(Instant::now()),
        }
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        let base = *self.base.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let gone = self.runs_since.map(|since| since.elapsed()).unwrap_or_default();
        SignedDuration::try_from(gone)
            .ok()
            .and_then(|gone| base.checked_add(gone).ok())
            .unwrap_or(base)
    }

    /// Whether time also goes by itself.
    pub fn is_running(&self) -> bool {
        self.runs_since.is_some()
    }

    /// Moves time on; going beyond the end of time leaves it where it was.
    pub fn advance(&self, by: SignedDuration) {
        let mut base = self.base.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Ok(later) = base.checked_add(by) {
            *base = later;
        }
    }
}
