//! Carrying a plan out in front of a person: what `apply`, `resume` and `give-back` have in common.

mod approval;
mod ctrl_c;
pub(crate) mod evidence;
mod exit_code;
mod interrupted;
mod person;
mod standing;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use cutover_clients::{Api, Clock};
use cutover_core::Plan;
use cutover_core::machine::RunState;
use cutover_core::plan::StepId;
use cutover_runner::CollectError;
use cutover_runner::carry_out::Effects;
use cutover_runner::drive::{Driving, Drove, Person, Stopping, drive};
use cutover_runner::journal::{DrivenRun, Journal, JournalError, RunId, RunRecord};
use jiff::SignedDuration;
use tokio::sync::watch;

pub(crate) use approval::{ApproverOptions, approved};
pub(crate) use exit_code::{Goal, exit};
pub(crate) use interrupted::{Interrupted, RunOptions};
pub(crate) use standing::{StillOut, may_begin, standings};

use crate::commands::check::span;
use crate::output::progress::Narrator;
use crate::output::run_v1::Line;
use crate::output::style::Style;
use crate::output::{escape, leases, proof, stream};
use crate::session::{Session, not_collected};
use crate::{Exit, Global, Stop, chain};

pub(crate) use person::Asked;
pub(crate) use person::DoneOptions;
use person::{shown, task_of};

/// How a run is told.
#[derive(Debug, Clone, Args)]
pub(crate) struct TellOptions {
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
    /// How long refused returns are tried before cutover leaves with something still out, such as 2h
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = patience)]
    pub(crate) patience: SignedDuration,
}

/// Forms of what is told of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person: the proof of return at the end; progress goes to standard error.
    Table,
    /// For a program: one line of JSON for each thing that happens, with a published schema.
    Jsonl,
}

fn patience(text: &str) -> Result<SignedDuration, String> {
    span(text)
        .filter(|time| !time.is_negative())
        .ok_or_else(|| "expected a time such as 30m or 2h".to_owned())
}

/// Where what is told of a run goes: standard output and standard error, or a test.
pub(crate) trait Voice {
    /// A result.
    fn result(&mut self, text: &str);
    /// A line of JSON.
    fn json(&mut self, text: &str);
    /// Progress.
    fn note(&mut self, text: &str);
}

/// The program's own two streams.
pub(crate) struct Streams {
    pub(crate) plain: bool,
}

impl Voice for Streams {
    fn result(&mut self, text: &str) {
        stream::text(text, self.plain);
    }

    fn json(&mut self, text: &str) {
        stream::json(text, self.plain);
    }

    fn note(&mut self, text: &str) {
        stream::error(text, self.plain);
    }
}

/// A run to be carried out, and who is told.
pub(crate) struct Carrying<'a, E> {
    pub(crate) run: DrivenRun,
    pub(crate) plan: &'a Plan,
    pub(crate) effects: &'a E,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stops: watch::Receiver<Stopping>,
    pub(crate) goal: Goal,
    pub(crate) tell: &'a TellOptions,
    pub(crate) style: Style,
    /// How a person calls `leases` and `give-back` for this run.
    pub(crate) called: &'a dyn Fn(&str) -> String,
    /// Who does what only people can do.
    pub(crate) person: &'a mut dyn Person,
}

/// Carries a run out in front of the person at the terminal, whose Ctrl-C ends it.
#[allow(
    clippy::too_many_arguments,
    reason = "who, what, and before whom: each is another one"
)]
pub(crate) async fn carry_out(
    session: &Session,
    global: &Global,
    run: DrivenRun,
    plan: &Plan,
    tell: &TellOptions,
    person: &mut dyn Person,
    stopping: Stopping,
    voice: &mut impl Voice,
) -> Result<Exit, Stop> {
    let id = run.id();
    let goal = match stopping {
        Stopping::GiveBack { .. } => Goal::GiveBack,
        Stopping::No | Stopping::Leave => Goal::Work,
    };
    let (sender, stops) = watch::channel(stopping);
    let listening = tokio::spawn(ctrl_c::listen(sender));
    let carrying = Carrying {
        run,
        plan,
        effects: &session.effects(plan)?,
        clock: Arc::clone(&session.clients.connection().clock),
        stops,
        goal,
        tell,
        style: Style::of_stdout(global.plain),
        called: &|command| crate::commands::check::called(command, global),
        person,
    };
    let exit = carry(carrying, voice).await;
    listening.abort();
    // What comes after a run never changes how it ended.
    if let Err(stop) = person::attest(session, plan, id) {
        voice.note(&format!(
            "what people said was not kept as attestations: {}",
            stop.message
        ));
    }
    evidence::after(session, id).await;
    session.keep()?;
    exit
}

/// Carries a run out, tells of it, and gives the exit code.
pub(crate) async fn carry<E: Effects>(carrying: Carrying<'_, E>, voice: &mut impl Voice) -> Result<Exit, Stop> {
    let Carrying {
        run,
        plan,
        goal,
        tell,
        style,
        called,
        ..
    } = carrying;
    let id = run.id();
    let mut narrator = Narrator::new(voice, tell.output == Format::Jsonl);
    let driving = Driving {
        run,
        plan,
        effects: carrying.effects,
        clock: carrying.clock,
        stops: carrying.stops,
        patience: tell.patience,
        progress: &mut narrator,
        person: carrying.person,
    };
    let drove = drive(driving).await.map_err(|error| interrupted(&error, id, called))?;
    let (state, end) = match &drove {
        Drove::ToItsEnd { end, state } => (state, Some(end)),
        Drove::Away { state } => (state, None),
        Drove::ForAPerson { tasks, state } => {
            return Ok(waits_for_a_person(plan, state, tasks, id, called, tell, style, voice));
        }
    };
    let exit = exit(end, state, goal);
    match tell.output {
        Format::Table => voice.result(&proof::render(plan, state, end, style)),
        Format::Jsonl => voice.json(&Line::end(id, plan, state, end, exit).text()),
    }
    if end.is_none() {
        voice.note(&still_out(plan, state, id, called));
    }
    Ok(exit)
}

/// Nothing goes on before a person has done something: what that is, and how the run is told of it.
#[allow(clippy::too_many_arguments, reason = "a moment's view of a run, used once")]
fn waits_for_a_person(
    plan: &Plan,
    state: &RunState,
    tasks: &[StepId],
    run: RunId,
    called: &dyn Fn(&str) -> String,
    tell: &TellOptions,
    style: Style,
    voice: &mut impl Voice,
) -> Exit {
    let exit = Exit::PersonMustAct;
    if tell.output == Format::Jsonl {
        voice.json(&Line::asks(run, plan, state, tasks, exit).text());
        return exit;
    }
    let mut text = format!("{}\n", style.bold("The run waits for a person"));
    for step in tasks.iter().filter_map(|id| plan.step(id)) {
        if let Some(task) = task_of(step) {
            text.push_str(&format!("{}\n", shown(task, style)));
            let said = format!("--done {}=\"{}\"", step.id, task.asks);
            text.push_str(&format!(
                "        then      {}\n",
                called(&format!("resume {run} {said}"))
            ));
        }
    }
    voice.result(&text);
    voice.note(&leases::out_for_now(plan, state));
    exit
}

fn still_out(plan: &Plan, state: &RunState, run: RunId, called: &dyn Fn(&str) -> String) -> String {
    format!(
        "run {run} was left with something out:\n{}next: {}, or {}",
        leases::by_hand(plan, state),
        called(&format!("resume {run}")),
        called(&format!("give-back {run}"))
    )
}

/// The journal gave up in the middle of a run: nothing more is done, and what is out stays out.
pub(crate) fn interrupted(error: &JournalError, run: RunId, called: &dyn Fn(&str) -> String) -> Stop {
    Stop {
        exit: match error {
            JournalError::Fenced { .. } => Exit::Failed,
            _ => Exit::LoanOut,
        },
        message: format!(
            "error: run {run} stopped: {}\n  hint: nothing more was done; what is lent stays lent until {}",
            chain(error),
            called(&format!("resume {run}"))
        ),
    }
}

/// Why the journal of a state folder cannot be used before anything was begun.
pub(crate) fn not_begun(error: &JournalError) -> Stop {
    let exit = match error {
        JournalError::Unfinished { .. } => Exit::LoanOut,
        JournalError::Driven { .. }
        | JournalError::OtherHost { .. }
        | JournalError::NoSuchRun { .. }
        | JournalError::Ended { .. } => Exit::Usage,
        _ => Exit::Failed,
    };
    Stop {
        exit,
        message: format!("error: {}: nothing was started", chain(error)),
    }
}

/// Whoever is signed in is the one the plan was made for: nobody else's rights were looked at, and nobody else returns its loans.
pub(crate) async fn by_its_caller(plan: &Plan, session: &Session) -> Result<(), Stop> {
    let claims = session.clients.claims(Api::Graph).await;
    let claims = claims.map_err(|error| not_collected(&CollectError::NotSignedIn(error), session.sign_in.method))?;
    if claims.oid == Some(plan.caller.object_id) {
        return Ok(());
    }
    let who = match (&claims.upn, claims.appid) {
        (Some(name), _) => name.clone(),
        (None, Some(app)) => format!("application {app}"),
        (None, None) => "somebody else".to_owned(),
    };
    Err(Stop::usage(format!(
        "error: {} is signed in, the plan was made for {} ({}): nothing was started\n  hint: sign in as that account, such as with --sign-in browser, or plan again",
        escape::line(&who),
        escape::line(&plan.caller.name),
        plan.caller.object_id
    )))
}

/// The run that is meant: the one that is named, else the only one that has not ended.
pub(crate) fn meant(journal: &Journal, named: Option<RunId>) -> Result<RunRecord, Stop> {
    if let Some(id) = named {
        return journal.run(id).map_err(|error| not_begun(&error));
    }
    let runs = journal.runs().map_err(|error| not_begun(&error))?;
    runs.into_iter().find(|run| run.closed_at.is_none()).ok_or_else(|| {
        Stop::usage("error: every run has ended, nothing is out\n  hint: cutover leases --all shows them")
    })
}

/// The journal of a session's state folder.
pub(crate) fn journal_of(session: &Session) -> Result<Journal, Stop> {
    journal_of_folder(&session.folder)
}

/// The journal of a state folder.
pub(crate) fn journal_of_folder(folder: &Path) -> Result<Journal, Stop> {
    let journal = Journal::open_if_there(folder).map_err(|error| not_begun(&error))?;
    journal.ok_or_else(|| {
        Stop::usage(format!(
            "error: there is no run in {}: nothing is out\n  hint: cutover apply begins one",
            folder.display()
        ))
    })
}
