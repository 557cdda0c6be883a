//! Why a journal cannot be used.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::owner::Owner;
use super::record::RunId;

/// Why a journal, or a run in it, cannot be used. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system refused.
    #[error("cannot {what} {path}", path = path.display())]
    Io {
        /// `create`, `open`, `lock`.
        what: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another program holds the file.
    #[error("the journal {path} is locked by another program, such as a backup or a virus scanner: try again, or let it skip this folder", path = path.display())]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// The file, its folder or its disk may not be written to.
    #[error("the journal {path} cannot be written to: make the file and its folder writable, or name another folder with --state", path = path.display())]
    ReadOnly {
        /// Which file.
        path: PathBuf,
    },
    /// No space is left.
    #[error("the disk of the journal {path} is full: make room", path = path.display())]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// It is damaged.
    #[error("the journal {path} is damaged ({what}): keep a copy of it, and take back by hand what its return card names", path = path.display())]
    Corrupt {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// It is something else.
    #[error("{path} is not a journal of cutover: move it away, or name another folder with --state", path = path.display())]
    NotAJournal {
        /// Which file.
        path: PathBuf,
    },
    /// A later version of cutover wrote it.
    #[error("the journal {path} was written by a later version of cutover (its form is {found}, this version reads up to {known}): use that version", path = path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// The form it has.
        found: i64,
        /// The newest form this version reads.
        known: i64,
    },
    /// The database refused for another reason.
    #[error("cannot {what} the journal {path}", path = path.display())]
    Database {
        /// What was tried.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// A run of this journal is being driven.
    #[error(
        "{} drives a run of the journal {path} right now: wait until it has ended, or ask it to give back with `cutover give-back`",
        said(owner.as_ref()), path = path.display()
    )]
    Driven {
        /// Which file.
        path: PathBuf,
        /// By whom; `None` in the moment before it has said so.
        owner: Option<Owner>,
    },
    /// The run was left by a process on another machine, which may be alive.
    #[error(
        "run {run} is driven by {owner}, on another machine than this: make sure that it has ended there, then add --take-over"
    )]
    OtherHost {
        /// Which run.
        run: RunId,
        /// By whom.
        owner: Owner,
    },
    /// A run has not ended, so no other one begins.
    #[error("run {run} has not ended: go on with `cutover resume {run}`, or end it with `cutover give-back {run}`")]
    Unfinished {
        /// Which run.
        run: RunId,
    },
    /// There is no such run.
    #[error("the journal {path} has no run {run}: `cutover runs` names them", path = path.display())]
    NoSuchRun {
        /// Which file.
        path: PathBuf,
        /// Which run.
        run: RunId,
    },
    /// The run has ended.
    #[error("run {run} has ended: nothing of it is out")]
    Ended {
        /// Which run.
        run: RunId,
    },
    /// Another process took the run over; this one does nothing more.
    #[error("run {run} was taken over by {}: this process does nothing more", said(owner.as_ref()))]
    Fenced {
        /// Which run.
        run: RunId,
        /// By whom.
        owner: Option<Owner>,
    },
    /// The stored plan is not what was stored.
    #[error("the plan of run {run} in the journal {path}", path = path.display())]
    Plan {
        /// Which file.
        path: PathBuf,
        /// Which run.
        run: RunId,
        /// What is wrong with it.
        source: cutover_core::plan::PlanError,
    },
}

fn said(owner: Option<&Owner>) -> String {
    owner.map_or_else(|| "another process".to_owned(), ToString::to_string)
}

impl JournalError {
    /// What a refusal of the database means.
    pub(super) fn of(what: &'static str, path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::NotADatabase) => Self::NotAJournal { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt {
                path,
                what: source.to_string(),
            },
            _ => Self::Database { what, path, source },
        }
    }
}
