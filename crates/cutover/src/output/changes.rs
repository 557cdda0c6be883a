//! `diff` for a person: a table, or one line for each change.

use std::fmt::Write as _;

use super::diff_v1::{Report, Side, Stand, Verdict};
use super::escape;
use super::style::Style;

/// What stands where a requirement was not looked at.
const NOT_LOOKED_AT: &str = "not looked at";

/// What an administrator reads.
pub(crate) fn table(report: &Report, style: Style) -> String {
    let mut out = String::new();
    let dot = style.dot();
    let after = &report.after;
    let _ = writeln!(
        out,
        "{} {dot} {} {dot} {}",
        style.bold("What changed"),
        escape::line(&after.tenant),
        escape::line(&after.environment)
    );
    side(&mut out, "before", &report.before);
    side(&mut out, "after", after);
    for note in &report.notes {
        let _ = writeln!(out, "note    {}", escape::line(note));
    }
    let _ = writeln!(out, "\n{}", style.bold("Verdicts"));
    if report.verdicts.is_empty() {
        out.push_str("  none changed\n");
    }
    for change in &report.verdicts {
        let _ = writeln!(out, "  {}", style.bold(&turn(change, style)));
        for (label, stand) in [("was", &change.before), ("is", &change.after)] {
            if let Some(stand) = stand {
                let _ = writeln!(out, "        {label:<4} {}", escape::line(&stand.sentence));
            }
        }
    }
    if let Some(facts) = &report.facts {
        let _ = writeln!(out, "\n{}", style.bold("Facts"));
        if facts.is_empty() {
            out.push_str("  none changed\n");
        }
        for fact in facts {
            let _ = writeln!(out, "  {}", escape::line(&fact.sentence));
        }
    }
    let _ = writeln!(out, "\n{}", sum(report));
    out
}

/// One line for each change, and the sum.
pub(crate) fn short(report: &Report, style: Style) -> String {
    let mut out = String::new();
    for change in &report.verdicts {
        let stand = change.after.as_ref().or(change.before.as_ref());
        let sentence = stand.map(|stand| stand.sentence.as_str()).unwrap_or_default();
        let _ = writeln!(out, "{}: {}", turn(change, style), escape::line(sentence));
    }
    for fact in report.facts.iter().flatten() {
        let _ = writeln!(out, "{}", escape::line(&fact.sentence));
    }
    let _ = writeln!(out, "{}", sum(report));
    out
}

fn side(out: &mut String, label: &str, side: &Side) {
    let what = match side.kind.as_str() {
        "check" => "check with facts",
        _ => "facts",
    };
    let redacted = if side.redacted { ", redacted" } else { "" };
    let _ = writeln!(
        out,
        "{label:<7} {what} of {} ({}{redacted}): {}",
        escape::line(&side.collected_at),
        escape::line(&side.file),
        escape::line(&side.readiness)
    );
}

/// `W301 missing → met`.
fn turn(change: &Verdict, style: Style) -> String {
    let word = |stand: &Option<Stand>| match stand {
        None => NOT_LOOKED_AT.to_owned(),
        Some(stand) => stand.verdict.clone(),
    };
    let (before, after) = (word(&change.before), word(&change.after));
    let (was, is) = (&change.before, &change.after);
    let weight = match (was.as_ref().map(|one| one.blocks), is.as_ref().map(|one| one.blocks)) {
        (Some(true), Some(false)) if before == after => ", stands in the way no more",
        (Some(false), Some(true)) if before == after => ", stands in the way now",
        _ => "",
    };
    format!(
        "{} {} {} {}{weight}",
        escape::line(&change.code),
        escape::line(&before),
        style.arrow(),
        escape::line(&after)
    )
}

fn sum(report: &Report) -> String {
    let count = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let verdicts = count(report.verdicts.len(), "verdict");
    match &report.facts {
        Some(facts) => format!("{verdicts} and {} changed", count(facts.len(), "fact")),
        None => format!("{verdicts} changed"),
    }
}
