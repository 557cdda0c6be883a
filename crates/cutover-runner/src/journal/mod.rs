//! The journal: what was planned, and what happened, so that whoever comes after a crash knows what is owed.
//!
//! One SQLite file in the state folder, with one writer at a time ([`DrivenRun`]). What an append returned for survives the
//! end of the process at once, and a power cut by SQLite's settings: a rollback journal with `synchronous=EXTRA` (each commit
//! syncs the file and the folder that names it) and `fullfsync` (which macOS needs to reach the disk itself). That these settings
//! do what SQLite's documentation says of them (sqlite.org/pragma.html#pragma_synchronous) is taken from there: killing a
//! process proves that nothing is kept in memory, not that a disk was written.

mod documents;
mod driven;
mod error;
mod owner;
mod record;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};

use cutover_core::machine::{Event, What};
use cutover_core::plan::Plan;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use uuid::Uuid;

pub use documents::Document;
pub use driven::DrivenRun;
pub use error::JournalError;
pub use owner::Owner;
pub use record::{RunId, RunRecord, Wish};

use owner::Turn;

use crate::sha256::sha256;

/// How long is waited for another program that holds the file.
const BUSY: std::time::Duration = std::time::Duration::from_secs(5);

/// The journal of a state folder.
#[derive(Debug)]
pub struct Journal {
    connection: Connection,
    folder: PathBuf,
    path: PathBuf,
}

/// Where the journal of a state folder is.
pub fn path_in(folder: &Path) -> PathBuf {
    folder.join("journal.sqlite3")
}

impl Journal {
    /// Opens the journal of a state folder, and makes it when it is not there yet.
    ///
    /// # Errors
    /// When it is locked, read-only, damaged, of a later version or something else, or the disk is full.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        let io = |what, path: &Path| {
            let path = path.to_owned();
            move |source| JournalError::Io { what, path, source }
        };
        fs::create_dir_all(folder).map_err(io("create", folder))?;
        let path = path_in(folder);
        if !path.exists() {
            create(&path).map_err(io("create", &path))?;
        }
        let journal = Self::connect(folder)?;
        match journal.connection.is_readonly("main") {
            Ok(false) => Ok(journal),
            Ok(true) => Err(JournalError::ReadOnly { path: journal.path }),
            Err(source) => Err(JournalError::of("open", &journal.path, source)),
        }
    }

    /// Opens the journal of a state folder if there is one.
    ///
    /// # Errors
    /// As [`Self::open`], but a read-only journal can be read.
    pub fn open_if_there(folder: &Path) -> Result<Option<Self>, JournalError> {
        path_in(folder).exists().then(|| Self::connect(folder)).transpose()
    }

    fn connect(folder: &Path) -> Result<Self, JournalError> {
        let path = path_in(folder);
        let refused = |source| JournalError::of("open", &path, source);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags).map_err(refused)?;
        connection.busy_timeout(BUSY).map_err(refused)?;
        schema::prepare(&mut connection, &path)?;
        Ok(Self {
            connection,
            folder: folder.to_owned(),
            path,
        })
    }

    /// Every run, oldest first.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn runs(&self) -> Result<Vec<RunRecord>, JournalError> {
        let refused = |source| JournalError::of("read", &self.path, source);
        let sql = "SELECT id, digest, tenant_id, environment, opened_at, closed_at, owner FROM run ORDER BY id";
        let mut statement = self.connection.prepare(sql).map_err(refused)?;
        let rows = statement.query_map([], record).map_err(refused)?;
        rows.collect::<Result<_, _>>().map_err(refused)
    }

    /// One run.
    ///
    /// # Errors
    /// When there is none of this number, or the journal cannot be read.
    pub fn run(&self, id: RunId) -> Result<RunRecord, JournalError> {
        let path = self.path.clone();
        let found = self.runs()?.into_iter().find(|run| run.id == id);
        found.ok_or(JournalError::NoSuchRun { path, run: id })
    }

    /// The plan of a run, with its digest compared.
    ///
    /// # Errors
    /// When there is no such run, its plan was changed, or the journal cannot be read.
    pub fn plan(&self, run: RunId) -> Result<Plan, JournalError> {
        let sql = "SELECT plan FROM run WHERE id = ?1";
        let text: Option<String> = self
            .connection
            .query_row(sql, [run.0], |row| row.get(0))
            .optional()
            .map_err(|source| JournalError::of("read", &self.path, source))?;
        let path = self.path.clone();
        let Some(text) = text else {
            return Err(JournalError::NoSuchRun { path, run });
        };
        Plan::from_json(&text, sha256).map_err(|source| JournalError::Plan { path, run, source })
    }

    /// What happened in a run, oldest first.
    ///
    /// # Errors
    /// When an entry is not one that this version knows, or the journal cannot be read.
    pub fn events(&self, run: RunId) -> Result<Vec<Event>, JournalError> {
        let refused = |source| JournalError::of("read", &self.path, source);
        let sql = "SELECT seq, at, what FROM event WHERE run = ?1 ORDER BY seq";
        let mut statement = self.connection.prepare(sql).map_err(refused)?;
        let rows = statement
            .query_map([run.0], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                ))
            })
            .map_err(refused)?;
        rows.map(|row| {
            let (seq, at, what) = row.map_err(refused)?;
            let unreadable = |problem: String| JournalError::Corrupt {
                path: self.path.clone(),
                what: format!("entry {seq} of run {run}: {problem}"),
            };
            let at: Timestamp = at.parse().map_err(|error: jiff::Error| unreadable(error.to_string()))?;
            let what: What = serde_json::from_str(&what).map_err(|error| unreadable(error.to_string()))?;
            Ok(Event { at, what })
        })
        .collect()
    }

    /// Whether a live process drives a run of this journal.
    ///
    /// # Errors
    /// When the lock cannot be looked at.
    pub fn is_driven(&self) -> Result<bool, JournalError> {
        Turn::is_taken(&self.folder)
    }

    /// Asks something of the process that drives a run.
    ///
    /// # Errors
    /// When the journal cannot be written to.
    pub fn wish(&self, run: RunId, wish: &Wish) -> Result<(), JournalError> {
        // A wish holds strings and moments only, which always become JSON.
        let text = serde_json::to_string(wish).unwrap_or_default();
        self.connection
            .execute("INSERT INTO wish (run, wish) VALUES (?1, ?2)", params![run.0, text])
            .map(|_| ())
            .map_err(|source| JournalError::of("write to", &self.path, source))
    }

    /// What the durability of a commit stands on: journal mode, `synchronous`, `fullfsync`.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn durability(&self) -> Result<(String, i64, i64), JournalError> {
        schema::durability(&self.connection).map_err(|source| JournalError::of("read", &self.path, source))
    }

    /// Lets the file grow no more, as a full disk would; for tests, which cannot fill one.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn let_be_full(&self) -> Result<(), JournalError> {
        let full = self.connection.pragma_update(None, "max_page_count", 1);
        full.map_err(|source| JournalError::of("open", &self.path, source))
    }

    fn driven_by_another(&self) -> JournalError {
        let owner = self
            .runs()
            .ok()
            .and_then(|runs| runs.into_iter().rev().find_map(|run| run.owner));
        JournalError::Driven {
            path: self.path.clone(),
            owner,
        }
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        let text: Option<String> = row.get(column)?;
        let parsed = text.map(|text| text.parse()).transpose();
        parsed.map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
        })
    }
    let owner: Option<String> = row.get(6)?;
    Ok(RunRecord {
        id: RunId(row.get(0)?),
        digest: row.get(1)?,
        tenant_id: parsed::<Uuid>(row, 2)?.unwrap_or_default(),
        environment: row.get(3)?,
        opened_at: parsed(row, 4)?.unwrap_or_default(),
        closed_at: parsed(row, 5)?,
        owner: owner.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

/// An empty file that only its owner may read, where the system knows owners: SQLite would let everybody read it.
fn create(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(|_| ())
}
