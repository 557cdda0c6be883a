//! Who drives a run, and whether that process is alive.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::JournalError;

/// A process that drives a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Name of its machine.
    pub host: String,
    /// Its process id there.
    pub pid: u32,
    /// Since when, by the machine's own clock.
    pub since: Timestamp,
}

/// Name of this machine.
fn this_machine() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}

impl Owner {
    /// This process.
    pub fn this(since: Timestamp) -> Self {
        Self {
            host: this_machine(),
            pid: std::process::id(),
            since,
        }
    }

    /// Whether it is, or was, a process of this machine; only of those is it known whether they live.
    pub fn is_of_this_machine(&self) -> bool {
        self.host == this_machine()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "process {} on {}, since {:.0}", self.pid, self.host, self.since)
    }
}

/// The right to drive runs of one journal: an exclusive lock on a file beside it.
///
/// The system gives it up when the process ends, however it ends; so whoever gets it knows that the last owner on this
/// machine is gone, on every system, and no process id has to be believed.
#[derive(Debug)]
pub(super) struct Turn {
    _held: File,
}

/// A short look by somebody who only wants to know lets go within this time.
const TRIES: u32 = 4;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

fn lock_file(folder: &Path) -> Result<File, JournalError> {
    let path = folder.join("journal.lock");
    let options = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .read(true)
        .open(&path);
    options.map_err(|source| JournalError::Io {
        what: "open",
        path,
        source,
    })
}

fn refused(folder: &Path, source: std::io::Error) -> JournalError {
    let path = folder.join("journal.lock");
    JournalError::Io {
        what: "lock",
        path,
        source,
    }
}

impl Turn {
    /// Takes the turn; `None` when a live process has it.
    pub(super) fn take(folder: &Path) -> Result<Option<Self>, JournalError> {
        let file = lock_file(folder)?;
        for number in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { _held: file })),
                Err(TryLockError::WouldBlock) if number + 1 < TRIES => std::thread::sleep(BETWEEN_TRIES),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => return Err(refused(folder, source)),
            }
        }
        Ok(None)
    }

    /// Whether a live process has it.
    pub(super) fn is_taken(folder: &Path) -> Result<bool, JournalError> {
        if !folder.join("journal.lock").exists() {
            return Ok(false);
        }
        match lock_file(folder)?.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(source)) => Err(refused(folder, source)),
        }
    }
}
