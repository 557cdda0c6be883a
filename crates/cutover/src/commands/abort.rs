//! `cutover abort`: stop a run, give back what is lent, and say what stays.

use clap::Args;
use cutover_report::Told;
use cutover_runner::journal::RunRecord;

use crate::carrying::{journal_of_folder, not_begun};
use crate::commands::give_back;
use crate::output::style::Style;
use crate::output::{runs, stream};
use crate::{Exit, Global, Stop};

/// Stop a run: no new work, what is lent comes back, and what stays in the tenant is said
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Options {
    #[command(flatten)]
    ending: give_back::Options,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let (exit, ended) = give_back::end(global, &options.ending, "abort").await?;
    if options.ending.is_for_a_person() {
        stays(global, &ended)?;
    }
    Ok(exit)
}

/// What a return does not take back: what was done to stay, and what nobody knows the outcome of.
fn stays(global: &Global, ended: &give_back::Ended) -> Result<(), Stop> {
    let refused = |error| not_begun(&error);
    let journal = journal_of_folder(&ended.folder)?;
    let record: RunRecord = journal.run(ended.run).map_err(refused)?;
    let plan = journal.plan(ended.run).map_err(refused)?;
    let events = journal.events(ended.run).map_err(refused)?;
    let told = Told {
        run: record.id.0,
        opened_at: record.opened_at,
        closed_at: record.closed_at,
        plan: &plan,
        events: &events,
    };
    stream::text(
        &runs::stays(&told.report(), Style::of_stdout(global.plain)),
        global.plain,
    );
    Ok(())
}
