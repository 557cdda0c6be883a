//! `cutover resume`: go on with a run that was interrupted.

use clap::Args;
use cutover_runner::drive::Stopping;

use crate::carrying::{Asked, DoneOptions, Interrupted, RunOptions, Streams, carry_out, not_begun};
use crate::commands::upgrade::verified_where_it_installs;
use crate::output::stream;
use crate::{Exit, Global, Stop};

/// Go on with a run that was interrupted: settle what is in doubt, do what is left, bring back what is lent
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    run: RunOptions,
    #[command(flatten)]
    done: DoneOptions,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let Interrupted {
        session,
        journal,
        record,
        plan,
    } = Interrupted::open(global, &options.run).await?;
    let run = options.run.take_up(journal, &record, &session);
    let run = run.map_err(|error| not_begun(&error))?;
    stream::note(&format!("going on with run {} of {}", record.id, plan.digest));
    let voice = &mut Streams { plain: global.plain };
    let person = &mut Asked::of(&options.done, global, &plan.caller.name);
    let form = options.run.tell.output;
    let exit = carry_out(
        &session,
        global,
        run,
        &plan,
        &options.run.tell,
        person,
        Stopping::No,
        voice,
    )
    .await?;
    verified_where_it_installs(&plan, &session, global, exit, form, voice).await
}
