//! `cutover apply`: carry out exactly what a plan says, and bring back what it lends.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cutover_core::plan::{lint, stale};
use cutover_core::{Facts, Finding, Plan, Selection};
use cutover_runner::drive::Stopping;
use cutover_runner::journal::{Journal, Owner};
use cutover_runner::sha256;
use jiff::Timestamp;

use crate::carrying::{TellOptions, by_its_caller, carry_out, evidence, interrupted, not_begun};
use crate::commands::check::{called, look};
use crate::output::plan::return_card;
use crate::output::style::Style;
use crate::output::{escape, stream};
use crate::session::Session;
use crate::{Exit, Global, Stop, terminal};

/// Carry out exactly what a plan says; what it lends comes back, whatever happens
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The plan, as `cutover plan -o FILE` wrote it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Do not ask whether to begin
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    tell: TellOptions,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let plan = read(&options.file)?;
    let session = Session::open_in_person(global).await?;
    of_this_tenant(&plan, &session)?;
    if plan.steps.is_empty() {
        stream::note("the plan has no step: nothing was done");
        return Ok(Exit::Done);
    }
    by_its_caller(&plan, &session).await?;
    // Said before anything is asked: a run that has not ended comes first.
    let journal = Journal::open(&session.folder).map_err(|error| not_begun(&error))?;
    let (facts, findings) = still_so(&plan, &session, global).await?;
    stream::error(&return_card(&plan, Style::uncoloured(global.plain)), global.plain);
    confirmed(&plan, options, global)?;
    let now = session.clients.connection().clock.now();
    let mut run = journal
        .begin(&plan, &Owner::this(Timestamp::now()), now)
        .map_err(|error| not_begun(&error))?;
    let call = |command: &str| called(command, global);
    evidence::before(&mut run, &session, &facts, &findings, now)
        .map_err(|error| interrupted(&error, run.id(), &call))?;
    stream::note(&format!("run {} of {}", run.id(), plan.digest));
    carry_out(&session, global, run, &plan, &options.tell, Stopping::No).await
}

/// A plan that keeps all rules of plans.
fn read(file: &Path) -> Result<Plan, Stop> {
    let refused = |what: String| {
        Stop::usage(format!(
            "error: the plan {} {what}: nothing was started",
            file.display()
        ))
    };
    let text = fs::read_to_string(file).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let plan = Plan::from_json(&text, sha256).map_err(|error| refused(error.to_string()))?;
    let faults: Vec<String> = lint(&plan).iter().map(ToString::to_string).collect();
    match faults.is_empty() {
        true => Ok(plan),
        false => Err(refused(format!("breaks rules of plans: {}", faults.join("; ")))),
    }
}

fn of_this_tenant(plan: &Plan, session: &Session) -> Result<(), Stop> {
    let (planned, here) = (&plan.scene, &session.scene);
    if planned.tenant_id == here.tenant_id && planned.environment_url == here.environment_url {
        return Ok(());
    }
    Err(Stop::usage(format!(
        "error: the plan is for {} in the tenant {} ({}), this is {} in {} ({}): nothing was started\n  hint: use the configuration it was made with, or plan again",
        escape::line(&planned.environment_url),
        escape::line(&planned.tenant),
        planned.tenant_id,
        escape::line(&here.environment_url),
        escape::line(&here.tenant),
        here.tenant_id
    )))
}

/// What was seen just now, when everything the plan stands on is as it was.
async fn still_so(plan: &Plan, session: &Session, global: &Global) -> Result<(Facts, Vec<Finding>), Stop> {
    let (facts, findings) = look(session, &Selection::default()).await?;
    session.keep()?;
    let stale = stale(plan, &facts, &findings);
    if stale.is_empty() {
        return Ok((facts, findings));
    }
    let lines: Vec<String> = stale
        .iter()
        .map(|stale| {
            format!(
                "\n  {}: was {}; is {}",
                stale.what,
                escape::line(&stale.was),
                escape::line(&stale.is)
            )
        })
        .collect();
    Err(Stop::usage(format!(
        "error: the plan is stale, the tenant has changed since {}: nothing was started{}\n  hint: plan again: {}",
        plan.made_at,
        lines.concat(),
        called("plan -o plan.json", global)
    )))
}

/// The person's word, or `--yes`.
fn confirmed(plan: &Plan, options: &Options, global: &Global) -> Result<(), Stop> {
    if options.yes {
        return Ok(());
    }
    if global.non_interactive || !terminal::is_there() {
        return Err(Stop::usage(
            "error: nobody is there to confirm: nothing was started\n  hint: read the plan, then add --yes",
        ));
    }
    let lent = plan.loans().count();
    let question = format!(
        "carry out {} step(s), {lent} of them on loan, in {}? type yes to begin",
        plan.steps.len(),
        plan.scene.tenant
    );
    let answer = terminal::ask(&question, None).map_err(anyhow::Error::from)?;
    match answer.as_str() {
        "yes" => Ok(()),
        _ => Err(Stop::usage("error: it was not confirmed: nothing was started")),
    }
}
