//! `cutover give-back`: end a run, and bring back what is lent.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cutover_core::machine::{Next, next, state};
use cutover_runner::drive::Stopping;
use cutover_runner::journal::{Journal, JournalError, Owner, RunId, RunRecord, Wish};
use jiff::Timestamp;

use crate::carrying::{Format, TellOptions, by_its_caller, carry_out, journal_of, meant, not_begun};
use crate::output::style::Style;
use crate::output::{proof, stream};
use crate::session::Session;
use crate::{Exit, Global, Stop};

/// End a run: no new work, everything that is lent comes back
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Which run [default: the one that has not ended]
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Take it over from a process on another machine, which has ended
    #[arg(long)]
    take_over: bool,
    #[command(flatten)]
    tell: TellOptions,
}

impl Options {
    /// Whether what is told is for a person.
    pub(crate) fn is_for_a_person(&self) -> bool {
        self.tell.output == Format::Table
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
    let session = Session::open_in_person(global).await?;
    let refused = |error| not_begun(&error);
    let journal = journal_of(&session)?;
    let record = meant(&journal, options.run)?;
    let plan = journal.plan(record.id).map_err(refused)?;
    by_its_caller(&plan, &session).await?;
    let by = format!("{command}, by {}", session.scene.caller);
    let ended = Ended {
        folder: session.folder.clone(),
        run: record.id,
    };
    let now = session.clients.connection().clock.now();
    let owner = Owner::this(Timestamp::now());
    let exit = match journal.take_up(record.id, &owner, now, options.take_over) {
        Ok(run) => {
            let stopping = Stopping::GiveBack { by };
            carry_out(&session, global, run, &plan, &options.tell, stopping).await?
        }
        Err(error @ JournalError::Driven { .. }) => {
            stream::note(&format!("{error}"));
            let journal = journal_of(&session)?;
            journal.wish(record.id, &Wish::GiveBack { by }).map_err(refused)?;
            followed(&journal, &record, options, global).await?
        }
        Err(error) => return Err(refused(error)),
    };
    Ok((exit, ended))
}

/// Waits until the process that drives the run has given everything back.
async fn followed(journal: &Journal, record: &RunRecord, options: &Options, global: &Global) -> Result<Exit, Stop> {
    stream::note(&format!(
        "run {} was asked to give back; waiting until it has",
        record.id
    ));
    let refused = |error| not_begun(&error);
    let plan = journal.plan(record.id).map_err(refused)?;
    let patience = Duration::try_from(options.tell.patience).unwrap_or_default();
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
    let text = proof::render(
        &plan,
        &state(&plan, &events),
        end.as_ref(),
        Style::of_stdout(global.plain),
    );
    stream::text(&text, global.plain);
    Ok(Exit::Done)
}
