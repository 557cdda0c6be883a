//! Named places where a test lets the program die, to see what the next one makes of it.
//!
//! Without the feature `crash-points` nothing of it is compiled in. With it, `CUTOVER_CRASH_AT=append.after:7` ends the process, as a
//! power cut would, when it is there the seventh time, and `*:7` at the seventh place of any name;
//! `CUTOVER_CRASH_LOG=FILE` gets a line for each place that is reached.

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CrashPoint {
    /// Before something is added to the journal.
    BeforeAppend,
    /// After it is durable.
    AfterAppend,
    /// Before an effect is asked for.
    BeforeEffect,
    /// After its answer was heard.
    AfterEffect,
}

impl CrashPoint {
    /// Its name.
    #[cfg(feature = "crash-points")]
    fn name(self) -> &'static str {
        match self {
            Self::BeforeAppend => "append.before",
            Self::AfterAppend => "append.after",
            Self::BeforeEffect => "effect.before",
            Self::AfterEffect => "effect.after",
        }
    }
}

/// Says that a place is reached.
#[cfg(not(feature = "crash-points"))]
pub(crate) fn reached(_: CrashPoint) {}

/// Says that a place is reached.
#[cfg(feature = "crash-points")]
pub(crate) fn reached(point: CrashPoint) {
    use std::collections::BTreeMap;
    use std::io::Write as _;
    use std::sync::{Mutex, PoisonError};

    static COUNTS: Mutex<BTreeMap<&str, usize>> = Mutex::new(BTreeMap::new());
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut here = Vec::new();
    for name in [point.name(), "*"] {
        let count = counts.entry(name).or_default();
        *count += 1;
        here.push(format!("{name}:{count}"));
    }
    if let Some(path) = std::env::var_os("CUTOVER_CRASH_LOG")
        && let Ok(mut log) = std::fs::OpenOptions::new().create(true).append(true).open(path)
    {
        let _ = writeln!(log, "{}", here.join(" "));
    }
    let wanted = std::env::var("CUTOVER_CRASH_AT").unwrap_or_default();
    if here.contains(&wanted) {
        std::process::abort();
    }
}
