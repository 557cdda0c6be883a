//! What is out on loan, for a person.

use std::fmt::Write as _;

use cutover_core::Plan;
use cutover_core::machine::{Approval, Given, LoanState, RunState, StepState};
use cutover_core::plan::{Loan, Step};
use jiff::Timestamp;

use super::escape;
use super::leases_v1::Standing;
use super::style::Style;

/// The whole text.
pub(crate) fn render(runs: &[Standing], all: bool, style: Style) -> String {
    let mut out = String::new();
    let shown: Vec<&Standing> = runs
        .iter()
        .filter(|run| all || run.record.closed_at.is_none())
        .collect();
    for run in &shown {
        self::run(&mut out, run, style);
    }
    let lent = runs.iter().flat_map(Standing::owed).count();
    let _ = match lent {
        0 => writeln!(out, "{}", style.bold("Nothing is out on loan.")),
        1 => writeln!(out, "{}", style.bold("1 loan is out.")),
        more => writeln!(out, "{}", style.bold(&format!("{more} loans are out."))),
    };
    out
}

/// What stays out while a person is waited for, each with its end.
pub(crate) fn out_for_now(plan: &Plan, state: &RunState) -> String {
    let out: Vec<String> = plan
        .loans()
        .filter_map(|(step, _)| {
            let due = state.of(&step.id).due(step)?;
            let what = step.action.describe().does();
            Some(format!(
                "  {}: {} (comes back at {} at the latest)",
                step.id,
                escape::line(&what),
                moment(due)
            ))
        })
        .collect();
    match out.as_slice() {
        [] => "nothing is lent meanwhile".to_owned(),
        out => format!("this stays as it is meanwhile:\n{}", out.join("\n")),
    }
}

fn run(out: &mut String, run: &Standing, style: Style) {
    let dot = style.dot();
    let record = &run.record;
    let driven = match (&record.closed_at, &record.owner, run.is_driven) {
        (Some(at), ..) => format!("ended {}", moment(*at)),
        (None, _, false) if run.waits_for_a_person => "waits for a person".to_owned(),
        (None, Some(owner), true) => format!("driven by {owner}"),
        (None, None, true) => "driven".to_owned(),
        (None, Some(owner), false) if owner.is_of_this_machine() => format!("DEAD: it was driven by {owner}"),
        (None, Some(owner), false) => format!("driven from another machine, if at all: {owner}"),
        (None, None, false) => "left: nobody drives it".to_owned(),
    };
    let head = format!(
        "Run {} {dot} {} {dot} {} {dot} {driven}",
        record.id, run.plan.scene.tenant, run.plan.scene.environment_url
    );
    let _ = writeln!(out, "{}", style.bold(&escape::line(&head)));
    if record.closed_at.is_none() && !run.is_driven {
        let id = record.id;
        let _ = writeln!(out, "  next: cutover resume {id}, or cutover give-back {id}");
    }
    if let Some(Approval { at, by, .. }) = &run.state.approved {
        let _ = writeln!(out, "  approved by {} at {}", escape::line(by), moment(*at));
    }
    for (step, loan) in run.plan.loans() {
        self::loan(out, step, loan, &run.state.of(&step.id), style);
    }
    out.push('\n');
}

fn loan(out: &mut String, step: &Step, loan: &Loan, state: &StepState, style: Style) {
    let text = style.wrapped(&escape::line(&step.action.describe().does()), 4, "      ");
    let _ = writeln!(out, "  {} {text}", style.loan());
    let mut line = |label: &str, text: &str| {
        let text = style.wrapped(&escape::line(text), 18, "                  ");
        let _ = writeln!(out, "        {}{text}", style.dim(&format!("{label:10}")));
    };
    let told = match (&state.undone, state.loan()) {
        (_, LoanState::NotOut) => "not out".to_owned(),
        (Given::Again { at, why }, LoanState::Out) => format!("out, and comes back not before {}: {why}", moment(*at)),
        (_, LoanState::Out) => "out".to_owned(),
        (Given::Again { why, .. }, _) => format!("STILL LENT: its return was refused: {why}"),
        (_, LoanState::ReturnRefused) => "STILL LENT".to_owned(),
        (_, LoanState::Returned) => "returned, not proved yet".to_owned(),
        (_, LoanState::Proved) => "returned and proved".to_owned(),
        (_, LoanState::Left) => "left as it is: somebody else changed it".to_owned(),
    };
    line("state", &told);
    if let Some(lent) = state.lent {
        line("lent", &moment(lent));
    }
    if let Some(due) = state.due(step) {
        let end = if loan.ends_by_itself {
            "; the platform ends it by itself"
        } else {
            ""
        };
        line("until", &format!("{} at the latest{end}", moment(due)));
        line("by hand", &loan.by_hand);
        line("link", &loan.link);
    }
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// What is out, each with where a person takes it back: for when the program leaves.
pub(crate) fn by_hand(plan: &Plan, state: &RunState) -> String {
    let mut out = String::new();
    for (step, loan) in plan.loans().filter(|(step, _)| state.of(&step.id).owes()) {
        let describe = step.action.describe();
        let what = describe.gives_back().unwrap_or_else(|| describe.does());
        let _ = writeln!(
            out,
            "  still lent: {}\n    by hand: {what}: {}\n    {}",
            describe.does(),
            loan.by_hand,
            loan.link
        );
    }
    out
}
