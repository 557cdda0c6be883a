//! `cutover give-back`: end a run, and bring back what is lent.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cutover_core::machine::{Next, next, state};
use cutover_runner::drive::{Nobody, Stopping};
use cutover_runner::journal::{Journal, JournalError, RunId, RunRecord, Wish};

use crate::carrying::{
    Format, Goal, Interrupted, RunOptions, Streams, TellOptions, carry_out, exit, journal_of, not_begun,
};
use crate::output::style::Style;
use crate::output::{proof, stream};
use crate::{Exit, Global, Stop};

/// End a run: no new work, everything that is lent comes back
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    run: RunOptions,
}

impl Options {
    /// Whether what is told is for a person.
    pub(crate) fn is_for_a_person(&self) -> bool {
        self.run.tell.output == Format::Table
    }
}

/// The run that was ended, or left with something out.
pub(crate) struct Ended {
    /// The state folder.
    pub(crate) folder: PathBuf,
    /// Its number in the journal there.
    pub(crate) run: RunId,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    end(global, options, "give-back").await.map(|(exit, _)| exit)
}

/// Ends a run in the name of a command.
pub(crate) async fn end(global: &Global, options: &Options, command: &str) -> Result<(Exit, Ended), Stop> {
    let Interrupted {
        session,
        journal,
        record,
        plan,
    } = Interrupted::open(global, &options.run).await?;
    let by = format!("{command}, by {}", session.scene.caller);
    let ended = Ended {
        folder: session.folder.clone(),
        run: record.id,
    };
    let exit = match options.run.take_up(journal, &record, &session) {
        Ok(run) => {
            let stopping = Stopping::GiveBack { by };
            let voice = &mut Streams { plain: global.plain };
            let tell = &options.run.tell;
            carry_out(&session, global, run, &plan, tell, &mut Nobody, stopping, voice).await?
        }
        Err(error @ JournalError::Driven { .. }) => {
            stream::note(&format!("{error}"));
            let journal = journal_of(&session)?;
            let wished = journal.wish(record.id, &Wish::GiveBack { by });
            wished.map_err(|error| not_begun(&error))?;
            followed(&journal, &record, &options.run.tell, global).await?
        }
        Err(error) => return Err(not_begun(&error)),
    };
    Ok((exit, ended))
}

/// Waits until the process that drives the run has given everything back.
async fn followed(journal: &Journal, record: &RunRecord, tell: &TellOptions, global: &Global) -> Result<Exit, Stop> {
    stream::note(&format!(
        "run {} was asked to give back; waiting until it has",
        record.id
    ));
    let refused = |error| not_begun(&error);
    let plan = journal.plan(record.id).map_err(refused)?;
    let patience = Duration::try_from(tell.patience).unwrap_or_default();
    let ends = tokio::time::Instant::now() + patience;
    while journal.run(record.id).map_err(refused)?.closed_at.is_none() {
        if tokio::time::Instant::now() >= ends || !journal.is_driven().map_err(refused)? {
            return Err(Stop {
                exit: Exit::LoanOut,
                message: format!(
                    "error: run {} has not ended\n  hint: cutover leases shows what is out; cutover give-back {} tries again",
                    record.id, record.id
                ),
            });
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let events = journal.events(record.id).map_err(refused)?;
    let end = match next(&plan, &events) {
        Next::Done(end) => Some(end),
        _ => None,
    };
    let state = state(&plan, &events);
    let style = Style::of_stdout(global.plain);
    stream::text(&proof::render(&plan, &state, end.as_ref(), style), global.plain);
    Ok(exit(end.as_ref(), &state, Goal::GiveBack))
}
