//! `cutover resume`: go on with a run that was interrupted.

use clap::Args;
use cutover_runner::drive::Stopping;
use cutover_runner::journal::{Owner, RunId};
use jiff::Timestamp;

use crate::carrying::{DoneOptions, TellOptions, by_its_caller, carry_out, journal_of, meant, not_begun};
use crate::output::stream;
use crate::session::Session;
use crate::{Exit, Global, Stop};

/// Go on with a run that was interrupted: settle what is in doubt, do what is left, bring back what is lent
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Which run [default: the one that has not ended]
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Take it over from a process on another machine, which has ended
    #[arg(long)]
    take_over: bool,
    #[command(flatten)]
    done: DoneOptions,
    #[command(flatten)]
    tell: TellOptions,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let session = Session::open_in_person(global).await?;
    let refused = |error| not_begun(&error);
    let journal = journal_of(&session)?;
    let record = meant(&journal, options.run)?;
    let plan = journal.plan(record.id).map_err(refused)?;
    by_its_caller(&plan, &session).await?;
    let now = session.clients.connection().clock.now();
    let owner = Owner::this(Timestamp::now());
    let run = journal
        .take_up(record.id, &owner, now, options.take_over)
        .map_err(refused)?;
    stream::note(&format!("going on with run {} of {}", record.id, plan.digest));
    carry_out(&session, global, run, &plan, &options.tell, &options.done, Stopping::No).await
}
