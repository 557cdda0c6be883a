//! What is kept beside the events of a run, so that somebody can read later what was seen before and after it.
//!
//! Each text is kept once, with its digest: a text that was changed in the file is not read as if it had been kept so.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::driven::DrivenRun;
use super::error::JournalError;
use super::record::RunId;
use super::{Journal, path_in};
use crate::sha256::sha256;

/// A text that was kept with a run. It names people and objects of the tenant, and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name within the run, such as `facts-before.json`, and its name in an evidence bundle: small letters, digits, dashes
    /// and points, in folders if need be.
    pub name: String,
    /// When it was kept, by the connection's clock.
    pub at: Timestamp,
    /// The whole text.
    pub text: String,
}

impl DrivenRun {
    /// Keeps a text with the run. What is kept under this name already stays.
    ///
    /// # Errors
    /// As [`DrivenRun::append`].
    pub fn keep(&mut self, name: &str, text: &str, at: Timestamp) -> Result<(), JournalError> {
        self.write(|transaction, id, _| insert(transaction, id, name, text, at))
    }
}

impl Journal {
    /// Keeps a text with a run that has ended, such as what was seen afterwards. What is kept under this name already stays.
    ///
    /// # Errors
    /// When there is no such run, it has not ended, or the journal cannot be written to.
    pub fn keep_after_end(&mut self, run: RunId, name: &str, text: &str, at: Timestamp) -> Result<(), JournalError> {
        if self.run(run)?.closed_at.is_none() {
            return Err(JournalError::Unfinished { run });
        }
        let path = path_in(&self.folder);
        let refused = |source| JournalError::of("write to", &path, source);
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior).map_err(refused)?;
        insert(&transaction, run, name, text, at).map_err(refused)?;
        transaction.commit().map_err(refused)
    }

    /// What was kept with a run, by name. A journal of the first form, which only may be read, holds none.
    ///
    /// # Errors
    /// When a text is not the one that was kept, or the journal cannot be read.
    pub fn documents(&self, run: RunId) -> Result<Vec<Document>, JournalError> {
        let refused = |source| JournalError::of("read", &self.path, source);
        let known = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'document'";
        let is_there: Option<i64> = self
            .connection
            .query_row(known, [], |row| row.get(0))
            .optional()
            .map_err(refused)?;
        if is_there.is_none() {
            return Ok(Vec::new());
        }
        let sql = "SELECT name, at, digest, text FROM document WHERE run = ?1 ORDER BY name";
        let mut statement = self.connection.prepare(sql).map_err(refused)?;
        let rows = statement
            .query_map([run.0], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })
            .map_err(refused)?;
        rows.map(|row| {
            let (name, at, digest, text) = row.map_err(refused)?;
            let unreadable = |problem: String| JournalError::Corrupt {
                path: self.path.clone(),
                what: format!("{name} of run {run}: {problem}"),
            };
            if sha256(text.as_bytes()) != digest {
                return Err(unreadable("is not what was kept".to_owned()));
            }
            let at: Timestamp = at.parse().map_err(|error: jiff::Error| unreadable(error.to_string()))?;
            Ok(Document { name, at, text })
        })
        .collect()
    }
}

fn insert(transaction: &Transaction<'_>, run: RunId, name: &str, text: &str, at: Timestamp) -> rusqlite::Result<()> {
    let sql = "INSERT INTO document (run, name, at, digest, text) VALUES (?1, ?2, ?3, ?4, ?5) \
               ON CONFLICT (run, name) DO NOTHING";
    let values = params![run.0, name, at.to_string(), sha256(text.as_bytes()), text];
    transaction.execute(sql, values).map(|_| ())
}
