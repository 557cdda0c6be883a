//! The end of a run: what became of the work, and the proof that what was lent is back.

use std::fmt::Write as _;

use cutover_core::Plan;
use cutover_core::machine::{Approval, End, Given, LoanState, RunState, StepState, Work};
use cutover_core::plan::{Action, Step};
use jiff::Timestamp;

use super::escape;
use super::style::Style;

/// The whole text; `end` is `None` when the run was left with something out.
pub(crate) fn render(plan: &Plan, state: &RunState, end: Option<&End>, style: Style) -> String {
    let mut out = String::new();
    work(&mut out, plan, state, end, style);
    still_to_do(&mut out, plan, state, style);
    if let Some(Approval { at, by, object_id }) = &state.approved {
        let text = format!("Approved by {by} ({object_id}) at {}", moment(*at));
        let _ = writeln!(out, "\n{}", escape::line(&text));
    }
    if plan.loans().next().is_some() {
        let _ = writeln!(out, "\n{}", style.bold("Proof of return"));
        for (step, _) in plan.loans() {
            loan(&mut out, step, &state.of(&step.id), style);
        }
    }
    let _ = writeln!(out, "\n{}", style.bold(outcome(state, plan, end)));
    out
}

fn work(out: &mut String, plan: &Plan, state: &RunState, end: Option<&End>, style: Style) {
    let _ = writeln!(out, "{}", style.bold("Work"));
    let mut line = |sign: &str, step: &Step, what: &str| {
        let text = format!("{}: {what}", step.action.describe().does());
        let text = style.wrapped(&escape::line(&text), 4, "      ");
        let _ = writeln!(out, "  {sign} {text}");
    };
    let lasting = plan.steps.iter().filter(|step| step.loan.is_none());
    for step in lasting {
        let Some(end) = end else {
            line("?", step, "see the journal");
            continue;
        };
        let Work::Incomplete {
            failed,
            given_up,
            not_begun,
            ..
        } = &end.work
        else {
            line("+", step, "done");
            continue;
        };
        let why = |list: &[(cutover_core::plan::StepId, String)]| {
            list.iter().find(|(id, _)| *id == step.id).map(|(_, why)| why.clone())
        };
        match (why(failed), why(given_up)) {
            (Some(why), _) => line(style.refused(), step, &format!("failed: {why}")),
            (_, Some(_)) => {
                let still = still_open(&state.of(&step.id));
                line("?", step, &format!("begun, its outcome is not known{still}"));
            }
            _ if not_begun.contains(&step.id) => line("-", step, "not begun"),
            _ => line("+", step, "done"),
        }
    }
    if let Some(End {
        work: Work::Incomplete {
            failed,
            given_up,
            aborted,
            ..
        },
        ..
    }) = end
    {
        let loans = failed.iter().filter_map(|(id, why)| Some((plan.step(id)?, why)));
        for (step, why) in loans.filter(|(step, _)| step.loan.is_some()) {
            line(style.refused(), step, &format!("failed: {why}"));
        }
        // Without it, nobody would be told why what needs the loan was never begun.
        let loans = given_up.iter().filter_map(|(id, _)| plan.step(id));
        for step in loans.filter(|step| step.loan.is_some()) {
            let still = still_open(&state.of(&step.id));
            line(style.refused(), step, &format!("given up before it was had{still}"));
        }
        if let Some(by) = aborted {
            let _ = writeln!(out, "  ended by {}", escape::line(by));
        }
    }
}

/// What was awaited of a step, or said of it, when it was given up.
fn still_open(state: &StepState) -> String {
    match &state.done {
        Given::Begun {
            for_what: Some(for_what),
            ..
        } => format!("; awaited was: {for_what}"),
        Given::Again { why, .. } => format!(": {why}"),
        _ => String::new(),
    }
}

/// What a person did for the time of the run, and has not taken back: nothing and nobody else does.
fn still_to_do(out: &mut String, plan: &Plan, state: &RunState, style: Style) {
    let open: Vec<&Step> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::Task(task) if state.of(&step.id).is_done() => plan.step(task.taken_back_by.as_ref()?),
            _ => None,
        })
        .filter(|back| !state.of(&back.id).is_done())
        .collect();
    if open.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", style.bold("Still to do by hand"));
    for step in open {
        let Action::Task(task) = &step.action else {
            continue;
        };
        let text = format!("{}: {}", task.title, task.work.what.join("; "));
        let text = style.wrapped(&escape::line(&text), 4, "      ");
        let _ = writeln!(out, "  {} {text}", style.by_hand());
        if let Some(path) = &task.work.path {
            let _ = writeln!(out, "        {}", escape::line(path));
        }
    }
}

fn loan(out: &mut String, step: &Step, state: &StepState, style: Style) {
    let text = style.wrapped(&escape::line(&step.action.describe().does()), 4, "      ");
    let _ = writeln!(out, "  {} {text}", style.loan());
    let mut line = |label: &str, text: String| {
        let text = style.wrapped(&escape::line(&text), 18, "                  ");
        let _ = writeln!(out, "        {}{text}", style.dim(&format!("{label:10}")));
    };
    match (&state.done, state.loan()) {
        (
            Given::Done {
                already: true, seen, ..
            },
            _,
        ) => {
            line("kept", format!("held before, and not touched: {seen}"));
            return;
        }
        (_, LoanState::NotOut) => {
            line("never", "it was not lent".to_owned());
            return;
        }
        _ => {}
    }
    match (state.lent, &state.done) {
        (Some(lent), Given::Done { .. }) => line("lent", moment(lent)),
        // Taken back all the same: what nobody saw may have been there.
        (Some(asked), _) => line("asked for", format!("{}; nobody saw it held", moment(asked))),
        (None, _) => {}
    }
    match &state.undone {
        Given::Done {
            at,
            not_ours: true,
            seen,
            ..
        } => {
            line("left", format!("{}: somebody else changed it: {seen}", moment(*at)));
        }
        Given::Done { at, seen, .. } => line("returned", format!("{}: {seen}", moment(*at))),
        Given::Again { at, why } if state.refusals == 0 => {
            line("STILL OUT", format!("it comes back not before {}: {why}", moment(*at)));
        }
        Given::Again { why, .. } => line("STILL OUT", format!("its return was refused: {why}")),
        _ => line("STILL OUT", "its return was not done".to_owned()),
    }
    match (&state.proved, state.loan()) {
        (Some(proof), _) => line("proved", format!("{}: {}", moment(proof.at), proof.seen)),
        (None, LoanState::Returned) => line("unproved", "it was not read once more".to_owned()),
        _ => {}
    }
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn outcome(state: &RunState, plan: &Plan, end: Option<&End>) -> &'static str {
    let owes = plan.loans().any(|(step, _)| state.of(&step.id).owes());
    match end.map(|end| &end.work) {
        None if owes => "Left with something still lent.",
        None => "Left before everything was proved to be back.",
        Some(Work::Complete) => "Done, and everything that was lent is proved to be back.",
        Some(Work::Incomplete { .. }) => "Not done as planned; everything that was lent is back.",
    }
}
