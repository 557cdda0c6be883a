//! What is out on loan by the journal of a state folder, and what of it somebody has to look after.

use std::path::Path;

use cutover_core::machine::{LoanState, Next, next, state};
use cutover_core::plan::Step;
use cutover_runner::journal::{Journal, JournalError};
use jiff::Timestamp;

use super::not_begun;
use crate::commands::check::called;
use crate::output::leases_v1::Standing;
use crate::output::progress::clock;
use crate::output::{escape, stream};
use crate::session::Session;
use crate::{Exit, Global, Stop, chain};

/// Every run of a state folder. `now` is the present moment where it is known; else the newest entry of each run counts.
///
/// # Errors
/// When there is a journal and it cannot be read.
pub(crate) fn standings(folder: &Path, now: Option<Timestamp>) -> Result<Vec<Standing>, JournalError> {
    let Some(journal) = Journal::open_if_there(folder)? else {
        return Ok(Vec::new());
    };
    let is_driven = journal.is_driven()?;
    let mut standings = Vec::new();
    for record in journal.runs()? {
        let plan = journal.plan(record.id)?;
        let events = journal.events(record.id)?;
        let state = state(&plan, &events);
        standings.push(Standing {
            is_driven: is_driven && record.closed_at.is_none(),
            waits_for_a_person: matches!(next(&plan, &events), Next::Ask(_)),
            now: state.now.max(now),
            state,
            record,
            plan,
        });
    }
    Ok(standings)
}

/// What a command on a tenant found out on loan there before it did anything else: only what somebody has to look after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StillOut {
    /// What that makes of the end of the command; `None` when there is nothing to look after.
    exit: Option<Exit>,
}

impl StillOut {
    /// Looks into the journal of a session's tenant, and says loudly what is out and what brings it back. A healthy loan of a live
    /// run is nothing to be said; a journal that cannot be read is, since what is out is not known then.
    pub(crate) fn told(session: &Session, global: &Global) -> Self {
        let exit = match alarming(session, global) {
            Ok(alarms) if alarms.is_empty() => None,
            Ok(alarms) => {
                stream::error(&alarms.join("\n"), global.plain);
                Some(Exit::LoanOut)
            }
            Err(error) => {
                let text = format!("what is out on loan in this tenant is not known: {}", chain(&error));
                stream::error(&text, global.plain);
                Some(Exit::Failed)
            }
        };
        Self { exit }
    }

    /// The exit code of a command that would have ended with this one.
    pub(crate) fn or(self, exit: Exit) -> Exit {
        self.exit.map_or(exit, |out| out.or_worse(exit))
    }

    /// The same for whatever ends the command early.
    pub(crate) fn weigh<T>(self, result: Result<T, Stop>) -> Result<T, Stop> {
        result.map_err(|stop| Stop {
            exit: self.or(stop.exit),
            ..stop
        })
    }
}

/// Refuses to begin anything while something is out that somebody has to look after, or an earlier run has not ended. It is said
/// before anything is planned or asked.
///
/// # Errors
/// When there is such a thing, or the journal cannot be read.
pub(crate) fn may_begin(session: &Session, global: &Global) -> Result<(), Stop> {
    let refused = |error: JournalError| not_begun(&error);
    let alarms = alarming(session, global).map_err(refused)?;
    if !alarms.is_empty() {
        return Err(Stop {
            exit: Exit::LoanOut,
            message: format!("error: {}\nnothing was started", alarms.join("\n")),
        });
    }
    let Some(journal) = Journal::open_if_there(&session.folder).map_err(refused)? else {
        return Ok(());
    };
    let runs = journal.runs().map_err(refused)?;
    match runs.iter().find(|run| run.closed_at.is_none()) {
        Some(run) => Err(refused(JournalError::Unfinished { run: run.id })),
        None => Ok(()),
    }
}

/// A text for each loan of this tenant that somebody has to look after.
fn alarming(session: &Session, global: &Global) -> Result<Vec<String>, JournalError> {
    let now = session.clients.connection().clock.now();
    let runs = standings(&session.folder, Some(now))?;
    let here = runs
        .iter()
        .filter(|run| run.record.tenant_id == session.scene.tenant_id);
    let alarms = here.flat_map(|run| {
        let steps = run.owed().filter(|step| run.is_alarming(step));
        steps.map(|step| alarm(run, step, global))
    });
    Ok(alarms.collect())
}

fn alarm(run: &Standing, step: &Step, global: &Global) -> String {
    let id = run.record.id;
    let state = run.state.of(&step.id);
    let over = state.due(step).zip(run.now).filter(|(due, now)| due <= now);
    let why = match (run.is_driven, over, state.loan()) {
        (false, ..) => format!("nobody drives its run {id} any more"),
        (true, _, LoanState::ReturnRefused) => format!("its return was refused in run {id}, which tries again"),
        (true, Some((due, _)), _) => format!("run {id} should have returned it by {}", clock(due)),
        (true, None, _) => format!("run {id} has it"),
    };
    let what = format!("STILL LENT: {}: {why}", step.action.describe().does());
    let next = called(&format!("give-back {id}"), global);
    format!("{}\n  next: {next}; all of it: cutover leases", escape::line(&what))
}
