//! A run that this process drives.

use cutover_core::machine::{Event, What};
use cutover_core::plan::Plan;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::error::JournalError;
use super::owner::{Owner, Turn};
use super::record::{RunId, Wish};
use super::{Journal, path_in};
use crate::crash_points::{self, CrashPoint};

/// A run that this process drives, until another one takes it over. It alone adds to what happened.
#[derive(Debug)]
pub struct DrivenRun {
    journal: Journal,
    id: RunId,
    epoch: i64,
    _turn: Turn,
}

impl Journal {
    /// Begins a run of a plan.
    ///
    /// # Errors
    /// When another process drives a run, an earlier one has not ended, or the journal cannot be written to.
    pub fn begin(self, plan: &Plan, owner: &Owner, at: Timestamp) -> Result<DrivenRun, JournalError> {
        self.begin_after(plan, owner, at, &[])
    }

    /// Begins a run of a plan for which something has happened already, such as its approval: the run is never without it.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn begin_after(
        mut self,
        plan: &Plan,
        owner: &Owner,
        at: Timestamp,
        happened: &[Event],
    ) -> Result<DrivenRun, JournalError> {
        let turn = self.turn()?;
        let path = path_in(&self.folder);
        let refused = |source| JournalError::of("write to", &path, source);
        let transaction = immediate(&mut self.connection).map_err(refused)?;
        let open: Option<i64> = transaction
            .query_row("SELECT id FROM run WHERE closed_at IS NULL", [], |row| row.get(0))
            .optional()
            .map_err(refused)?;
        if let Some(run) = open {
            return Err(JournalError::Unfinished { run: RunId(run) });
        }
        // A plan holds strings, numbers and lists only, which always become JSON.
        let text = serde_json::to_string(plan).unwrap_or_default();
        let values = params![
            text,
            plan.digest,
            plan.scene.tenant_id.to_string(),
            plan.scene.environment_url,
            at.to_string(),
            words(owner)
        ];
        let sql = "INSERT INTO run (plan, digest, tenant_id, environment, opened_at, epoch, owner) \
                   VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)";
        transaction.execute(sql, values).map_err(refused)?;
        let id = RunId(transaction.last_insert_rowid());
        for event in happened {
            insert(&transaction, id, 1, event).map_err(refused)?;
        }
        transaction.commit().map_err(refused)?;
        Ok(DrivenRun {
            journal: self,
            id,
            epoch: 1,
            _turn: turn,
        })
    }

    /// Takes up a run that nobody drives any more; that it was taken over is the first thing that happens in it then.
    ///
    /// # Errors
    /// When a live process drives it, its last owner was on another machine and `take_over` is not said, it has ended, or the
    /// journal cannot be written to.
    pub fn take_up(
        mut self,
        id: RunId,
        owner: &Owner,
        at: Timestamp,
        take_over: bool,
    ) -> Result<DrivenRun, JournalError> {
        let turn = self.turn()?;
        let path = path_in(&self.folder);
        let run = self.run(id)?;
        if run.closed_at.is_some() {
            return Err(JournalError::Ended { run: id });
        }
        if let Some(last) = run.owner.filter(|last| last.host != owner.host && !take_over) {
            return Err(JournalError::OtherHost { run: id, owner: last });
        }
        let refused = |source| JournalError::of("write to", &path, source);
        let transaction = immediate(&mut self.connection).map_err(refused)?;
        let sql = "UPDATE run SET epoch = epoch + 1, owner = ?2 WHERE id = ?1 RETURNING epoch";
        let epoch: i64 = transaction
            .query_row(sql, params![id.0, words(owner)], |row| row.get(0))
            .map_err(refused)?;
        let by = owner.to_string();
        let taken_over = Event {
            at,
            what: What::TakenOver { by },
        };
        insert(&transaction, id, epoch, &taken_over).map_err(refused)?;
        transaction.commit().map_err(refused)?;
        Ok(DrivenRun {
            journal: self,
            id,
            epoch,
            _turn: turn,
        })
    }

    fn turn(&self) -> Result<Turn, JournalError> {
        Turn::take(&self.folder)?.ok_or_else(|| self.driven_by_another())
    }
}

impl DrivenRun {
    /// Its number.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// The journal it stands in.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Adds what happened. It is durable when this returns.
    ///
    /// # Errors
    /// When the run was taken over, or the journal cannot be written to.
    pub fn append(&mut self, event: &Event) -> Result<(), JournalError> {
        self.write(|transaction, id, epoch| insert(transaction, id, epoch, event))
    }

    /// Adds what happened because somebody asked for it; the wish is heard in the same moment.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_for(&mut self, wish: i64, event: &Event) -> Result<(), JournalError> {
        self.write(|transaction, id, epoch| {
            insert(transaction, id, epoch, event)?;
            transaction.execute("UPDATE wish SET heard = 1 WHERE id = ?1", [wish])?;
            Ok(())
        })
    }

    /// What was asked and not heard yet, oldest first, each with its number.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn wishes(&self) -> Result<Vec<(i64, Wish)>, JournalError> {
        let refused = |source| JournalError::of("read", &self.journal.path, source);
        let sql = "SELECT id, wish FROM wish WHERE run = ?1 AND heard = 0 ORDER BY id";
        let mut statement = self.journal.connection.prepare(sql).map_err(refused)?;
        let rows = statement
            .query_map([self.id.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
            .map_err(refused)?;
        let rows: Vec<(i64, String)> = rows.collect::<Result<_, _>>().map_err(refused)?;
        // One that a later version wrote means nothing here.
        let known = rows
            .into_iter()
            .filter_map(|(id, text)| Some((id, serde_json::from_str(&text).ok()?)));
        Ok(known.collect())
    }

    /// Whether this process still drives the run; asked before each effect.
    ///
    /// # Errors
    /// When another one took it over, or the journal cannot be read.
    pub fn is_still_ours(&self) -> Result<(), JournalError> {
        let epoch = epoch(&self.journal.connection, self.id);
        let epoch = epoch.map_err(|source| JournalError::of("read", &self.journal.path, source))?;
        if epoch == self.epoch {
            Ok(())
        } else {
            Err(self.fenced())
        }
    }

    /// Closes the run: nothing of it is out.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn close(mut self, at: Timestamp) -> Result<(), JournalError> {
        self.write(|transaction, id, _| {
            let sql = "UPDATE run SET closed_at = ?2, owner = NULL WHERE id = ?1";
            transaction.execute(sql, params![id.0, at.to_string()]).map(|_| ())
        })
    }

    /// Leaves the run as it is, to be taken up by whoever comes, from any machine.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn let_go(mut self) -> Result<(), JournalError> {
        self.write(|transaction, id, _| {
            transaction
                .execute("UPDATE run SET owner = NULL WHERE id = ?1", [id.0])
                .map(|_| ())
        })
    }

    pub(super) fn write(
        &mut self,
        change: impl FnOnce(&Transaction<'_>, RunId, i64) -> rusqlite::Result<()>,
    ) -> Result<(), JournalError> {
        crash_points::reached(CrashPoint::BeforeAppend);
        let path = path_in(&self.journal.folder);
        let refused = |source| JournalError::of("write to", &path, source);
        let transaction = immediate(&mut self.journal.connection).map_err(refused)?;
        if epoch(&transaction, self.id).map_err(refused)? != self.epoch {
            drop(transaction);
            return Err(self.fenced());
        }
        change(&transaction, self.id, self.epoch).map_err(refused)?;
        transaction.commit().map_err(refused)?;
        crash_points::reached(CrashPoint::AfterAppend);
        Ok(())
    }

    fn fenced(&self) -> JournalError {
        let owner = self.journal.run(self.id).ok().and_then(|run| run.owner);
        JournalError::Fenced { run: self.id, owner }
    }
}

fn immediate(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

fn epoch(connection: &Connection, run: RunId) -> rusqlite::Result<i64> {
    connection.query_row("SELECT epoch FROM run WHERE id = ?1", [run.0], |row| row.get(0))
}

fn insert(transaction: &Transaction<'_>, run: RunId, epoch: i64, event: &Event) -> rusqlite::Result<()> {
    // What happened holds strings, moments and JSON only, which always become JSON.
    let what = serde_json::to_string(&event.what).unwrap_or_default();
    let sql = "INSERT INTO event (run, seq, epoch, at, what) \
               SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4 FROM event WHERE run = ?1";
    transaction.execute(sql, params![run.0, epoch, event.at.to_string(), what])?;
    Ok(())
}

fn words(owner: &Owner) -> String {
    serde_json::to_string(owner).unwrap_or_default()
}
