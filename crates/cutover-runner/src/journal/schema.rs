//! The form of the database, and how older forms become this one.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::JournalError;

/// Tells a journal from every other SQLite file: `cutv`.
const APPLICATION_ID: i64 = 0x6375_7476;

/// What makes each form out of the one before; the first makes it out of nothing. They are never changed after a release.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_runs.sql"),
    include_str!("migrations/0002_documents.sql"),
];

/// The form this version writes.
const FORM: i64 = MIGRATIONS.len() as i64;

/// Sets what durability needs, refuses what is no journal, and brings older forms up to date.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), JournalError> {
    let refused = |source| JournalError::of("open", path, source);
    // Reading first: a file that is something else is not written to.
    let id = number(connection, "application_id").map_err(refused)?;
    let form = number(connection, "user_version").map_err(refused)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(refused)?;
    let is_new = id == 0 && form == 0 && tables == 0;
    if !is_new && id != APPLICATION_ID {
        return Err(JournalError::NotAJournal { path: path.to_owned() });
    }
    if form > FORM {
        return Err(JournalError::Newer {
            path: path.to_owned(),
            found: form,
            known: FORM,
        });
    }
    set_up(connection).map_err(refused)?;
    let sound: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(refused)?;
    if sound != "ok" {
        return Err(JournalError::Corrupt {
            path: path.to_owned(),
            what: sound.lines().collect::<Vec<_>>().join(" "),
        });
    }
    // An older journal that may not be written to can still be read: a later form only adds to it.
    if form < FORM && (is_new || !connection.is_readonly("main").map_err(refused)?) {
        migrate(connection).map_err(refused)?;
    }
    Ok(())
}

fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.pragma_update(None, "synchronous", "EXTRA")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)
}

/// Journal mode, `synchronous` and `fullfsync` of a connection.
pub(super) fn durability(connection: &Connection) -> rusqlite::Result<(String, i64, i64)> {
    Ok((
        connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        number(connection, "synchronous")?,
        number(connection, "fullfsync")?,
    ))
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let turn = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it in the meantime.
    let form = number(&turn, "user_version")?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(form).unwrap_or_default()) {
        turn.execute_batch(migration)?;
    }
    turn.pragma_update(None, "application_id", APPLICATION_ID)?;
    turn.pragma_update(None, "user_version", FORM)?;
    turn.commit()
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}
