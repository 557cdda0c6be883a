//! Runs, for a person.

use std::fmt::Write as _;

use cutover_report::html::{between, moment};
use cutover_report::report_v1::{Attempt, Run};

use super::escape;
use super::runs_v1::Line;
use super::style::Style;

/// A labelled line below a run or a step.
fn labelled(out: &mut String, label: &str, text: &str, style: Style) {
    let text = style.wrapped(&escape::line(text), 14, "              ");
    let _ = writeln!(out, "    {}{text}", style.dim(&format!("{label:10}")));
}

/// When a run began, and how long it took.
fn time(began: &jiff::Timestamp, ended: Option<&jiff::Timestamp>, driven: bool) -> String {
    let rest = match (ended, driven) {
        (Some(at), _) => format!("took {}", between(began, at)),
        (None, true) => "goes on".to_owned(),
        (None, false) => "HAS NOT ENDED".to_owned(),
    };
    format!("{}, {rest}", moment(began))
}

/// The list.
pub(crate) fn list(runs: &[Line], style: Style) -> String {
    let mut out = String::new();
    let dot = style.dot();
    for run in runs {
        let head = format!("Run {} {dot} {} {dot} {}", run.run, run.tenant, run.environment);
        let _ = writeln!(out, "{}", style.bold(&escape::line(&head)));
        labelled(
            &mut out,
            "began",
            &time(&run.began_at, run.ended_at.as_ref(), run.driven),
            style,
        );
        labelled(
            &mut out,
            "work",
            &format!("{}: {} ({} steps)", run.work.is, run.work.sentence, run.steps),
            style,
        );
        labelled(
            &mut out,
            "lent",
            &format!("{}: {} ({} loans)", run.returns.is, run.returns.sentence, run.loans),
            style,
        );
        for what in &run.out {
            labelled(&mut out, "OUT", what, style);
        }
        out.push('\n');
    }
    let _ = match runs.len() {
        0 => writeln!(out, "No run was begun here. cutover apply begins one."),
        1 => writeln!(out, "1 run. cutover runs show ID tells what happened in it."),
        more => writeln!(out, "{more} runs. cutover runs show ID tells what happened in one."),
    };
    out
}

/// One run: what became of each step, and everything that happened.
pub(crate) fn show(run: &Run, driven: bool, style: Style) -> String {
    let mut out = String::new();
    let dot = style.dot();
    let head = format!("Run {} {dot} {} {dot} {}", run.run, run.tenant, run.environment);
    let _ = writeln!(out, "{}", style.bold(&escape::line(&head)));
    let mut line = |label: &str, text: &str| labelled(&mut out, label, text, style);
    line("began", &time(&run.began_at, run.ended_at.as_ref(), driven));
    line("by", &run.carried_out_by.name);
    line("plan", &run.plan.digest);
    line("work", &format!("{}: {}", run.work.is, run.work.sentence));
    line("lent", &format!("{}: {}", run.returns.is, run.returns.sentence));
    if !run.steps.is_empty() {
        let _ = writeln!(out, "\n{}", style.bold("Steps"));
    }
    for step in &run.steps {
        let took = step.began_at.zip(step.ended_at);
        let took = took.map(|(from, to)| format!(", after {}", between(&from, &to)));
        let state = format!("{}{}", step.told, took.unwrap_or_default());
        block(
            &mut out,
            &step.what,
            &state,
            step.seen.as_deref(),
            &step.attempts,
            style,
        );
    }
    if !run.loans.is_empty() {
        let _ = writeln!(out, "\n{}", style.bold("Loans"));
    }
    for loan in &run.loans {
        let out_for = loan.lent_at.zip(loan.returned_at);
        let out_for = out_for.map(|(from, to)| format!(", out for {}", between(&from, &to)));
        let state = format!("{}{}", loan.told, out_for.unwrap_or_default());
        let seen = loan.proved_seen.as_deref().or(loan.returned_seen.as_deref());
        block(&mut out, &loan.what, &state, seen, &loan.attempts, style);
    }
    let _ = writeln!(out, "\n{}", style.bold("What happened"));
    for entry in &run.timeline {
        let text = style.wrapped(&escape::line(&entry.text), 27, "                           ");
        let _ = writeln!(out, "  {}{text}", style.dim(&format!("{:25}", moment(&entry.at))));
    }
    out
}

fn block(out: &mut String, what: &str, state: &str, seen: Option<&str>, attempts: &[Attempt], style: Style) {
    let what = style.wrapped(&escape::line(what), 2, "    ");
    let _ = writeln!(out, "  {what}");
    labelled(out, "state", state, style);
    if let Some(seen) = seen {
        labelled(out, "read", seen, style);
    }
    for attempt in attempts {
        let way = if attempt.way == "undo" { "return" } else { "sent" };
        labelled(out, way, &format!("{} as {}", moment(&attempt.at), attempt.key), style);
    }
}

/// What stays in the tenant when a run was ended: what was done to stay, and what nobody knows the outcome of.
pub(crate) fn stays(run: &Run, style: Style) -> String {
    let mut out = format!("\n{}\n", style.bold("What stays"));
    let staying = |state: &str| matches!(state, "done" | "begun");
    let steps: Vec<_> = run.steps.iter().filter(|step| staying(&step.state)).collect();
    for step in &steps {
        let what = style.wrapped(&escape::line(&step.what), 2, "    ");
        let _ = writeln!(out, "  {what}");
        let state = match step.state.as_str() {
            "done" => "done; nobody takes it back but by hand".to_owned(),
            _ => format!("{}; look at it by hand", step.told),
        };
        labelled(&mut out, "state", &state, style);
        labelled(&mut out, "by hand", &step.place, style);
        labelled(&mut out, "link", &step.link, style);
    }
    let left = run.loans.iter().filter(|loan| loan.state == "left");
    for loan in left.clone() {
        let what = style.wrapped(&escape::line(&loan.what), 2, "    ");
        let _ = writeln!(out, "  {what}");
        labelled(&mut out, "state", &loan.told, style);
        labelled(&mut out, "by hand", &loan.by_hand, style);
        labelled(&mut out, "link", &loan.link, style);
    }
    if steps.is_empty() && left.count() == 0 {
        let _ = writeln!(out, "  Nothing: the tenant is as it was found.");
    }
    out
}
