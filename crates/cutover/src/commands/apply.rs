//! `cutover apply`: carry out exactly what a plan says, and bring back what it lends.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use cutover_core::machine::{Event, What};
use cutover_core::plan::{Stale, lint, stale};
use cutover_core::{Facts, Finding, Plan, Selection};
use cutover_runner::drive::Stopping;
use cutover_runner::journal::{DrivenRun, Journal, Owner};
use cutover_runner::sha256;
use jiff::Timestamp;

use crate::carrying::{
    ApproverOptions, Asked, DoneOptions, Format, Streams, TellOptions, Voice, approved, by_its_caller, carry_out,
    evidence, interrupted, may_begin, not_begun,
};
use crate::commands::check::{called, look};
use crate::commands::upgrade::verified_where_it_installs;
use crate::output::plan::return_card;
use crate::output::run_v1::Line;
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
    #[command(flatten)]
    carry: CarryOptions,
}

/// How a plan is carried out, whichever command made it.
#[derive(Debug, Args)]
pub(crate) struct CarryOptions {
    /// Do not ask whether to begin
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    approver: ApproverOptions,
    #[command(flatten)]
    done: DoneOptions,
    #[command(flatten)]
    tell: TellOptions,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let plan = read(&options.file)?;
    let session = Session::open_in_person(global).await?;
    of_this_tenant(&plan, &session)?;
    may_begin(&session, global)?;
    if plan.steps.is_empty() {
        stream::note("the plan has no step: nothing was done");
        return Ok(Exit::Done);
    }
    let voice = &mut Streams { plain: global.plain };
    let (journal, seen) = looked_over(&plan, &session, global, voice).await?;
    carried_out(journal, &plan, seen, &session, global, &options.carry).await
}

/// From the person's word, and a second one's where it is asked for, to the last look after what installs something.
///
/// # Errors
/// When it is not confirmed or approved, or the run cannot be begun or be written down.
pub(crate) async fn carried_out(
    journal: Journal,
    plan: &Plan,
    mut seen: Seen,
    session: &Session,
    global: &Global,
    options: &CarryOptions,
) -> Result<Exit, Stop> {
    let voice = &mut Streams { plain: global.plain };
    confirmed(plan, options.yes, global)?;
    let approval = match &options.approver.approve_by {
        None => None,
        Some(named) => {
            let approval = approved(plan, session, global, named, &options.approver).await?;
            // A person takes a quarter of an hour to sign in, and the tenant may have changed meanwhile.
            seen = still_so(plan, session, global).await?;
            Some(approval)
        }
    };
    let form = options.tell.output;
    let run = begun(journal, plan, session, global, &seen, approval, (form, voice))?;
    let person = &mut Asked::of(&options.done, global, &plan.caller.name);
    let exit = carry_out(session, global, run, plan, &options.tell, person, Stopping::No, voice).await?;
    verified_where_it_installs(plan, session, global, exit, form, voice).await
}

/// Compares whoever is signed in and the tenant with the plan, and shows the return card. Nothing is begun by it.
///
/// # Errors
/// When the plan must not be carried out by this person, or not any more, or its journal cannot be used.
pub(crate) async fn looked_over(
    plan: &Plan,
    session: &Session,
    global: &Global,
    voice: &mut impl Voice,
) -> Result<(Journal, Seen), Stop> {
    by_its_caller(plan, session).await?;
    let journal = Journal::open(&session.folder).map_err(|error| not_begun(&error))?;
    let seen = still_so(plan, session, global).await?;
    voice.note(&return_card(plan, Style::uncoloured(global.plain)));
    Ok((journal, seen))
}

/// Begins the run of a plan, with its approval where one was asked for.
///
/// # Errors
/// When an earlier run has not ended, or the journal cannot be written to.
pub(crate) fn begun(
    journal: Journal,
    plan: &Plan,
    session: &Session,
    global: &Global,
    seen: &Seen,
    approval: Option<What>,
    (form, voice): (Format, &mut impl Voice),
) -> Result<DrivenRun, Stop> {
    let at = session.clients.connection().clock.now();
    let happened: Vec<Event> = approval.map(|what| Event { at, what }).into_iter().collect();
    let mut run = journal
        .begin_after(plan, &Owner::this(Timestamp::now()), at, &happened)
        .map_err(|error| not_begun(&error))?;
    let call = |command: &str| called(command, global);
    evidence::before(&mut run, session, &seen.facts, &seen.findings, at)
        .map_err(|error| interrupted(&error, run.id(), &call))?;
    voice.note(&format!("run {} of {}", run.id(), plan.digest));
    if form == Format::Jsonl {
        for event in &happened {
            voice.json(&Line::event(run.id(), event).text());
        }
    }
    Ok(run)
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

/// What was seen before a run, by whoever looked.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) facts: Facts,
    pub(crate) findings: Vec<Finding>,
}

/// What was seen just now, when everything the plan stands on is as it was. The person who carries it out may see less than whoever
/// looked when it was made, so that one looks too where something is hidden.
async fn still_so(plan: &Plan, session: &Session, global: &Global) -> Result<Seen, Stop> {
    let (mut differs, mut seen) = match session.reader(global).await? {
        Some(reader) => differing(plan, &reader).await?,
        None => differing(plan, session).await?,
    };
    if differs.iter().any(|stale| stale.is_hidden)
        && let Some(onlooker) = Session::onlooker(global).await
    {
        (differs, seen) = differing(plan, &onlooker).await?;
    }
    if differs.is_empty() {
        return Ok(seen);
    }
    let lines: Vec<String> = differs
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
    if differs.iter().all(|stale| stale.is_hidden) {
        return Err(Stop::usage(format!(
            "error: whoever is signed in does not see what the plan stands on, so nobody knows whether it still holds: nothing was started{}\n  hint: let the application that looked look again, or give {} the rights to: {} shows what is lacking",
            lines.concat(),
            escape::line(&plan.caller.name),
            called("check", global)
        )));
    }
    Err(Stop::usage(format!(
        "error: the plan is stale, the tenant has changed since {}: nothing was started{}\n  hint: plan again: {}",
        plan.made_at,
        lines.concat(),
        called("plan -o plan.json", global)
    )))
}

/// What is not as it was when the plan was made, and all that was seen, as one identity sees it.
async fn differing(plan: &Plan, session: &Session) -> Result<(Vec<Stale>, Seen), Stop> {
    let (facts, findings) = look(session, &Selection::default()).await?;
    session.keep()?;
    Ok((stale(plan, &facts, &findings), Seen { facts, findings }))
}

/// The person's word, or `--yes`.
fn confirmed(plan: &Plan, yes: bool, global: &Global) -> Result<(), Stop> {
    if yes {
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
    match terminal::ask(&question, None) {
        Ok(answer) if answer == "yes" => Ok(()),
        // Whoever ends the input says no.
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(Stop::failed(&error.into())),
        _ => Err(Stop::usage("error: it was not confirmed: nothing was started")),
    }
}
