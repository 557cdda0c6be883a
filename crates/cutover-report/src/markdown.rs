//! A report as Markdown, for a ticket or a wiki.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::check_v1::Item;
use crate::escape::is_hostile;
use crate::html::{between, heading, moment};
use crate::report_v1::{Loan, Look, Report, Run, Step};

/// The whole text.
pub fn render(report: &Report) -> String {
    let mut out = format!("# {}\n", text(&report.title()));
    if let Some(run) = &report.run {
        self::run(&mut out, run);
    }
    for look in &report.checks {
        check(&mut out, look);
    }
    if let Some(run) = &report.run {
        out.push_str("\n## What happened\n\n| when | what |\n|---|---|\n");
        for moment in &run.timeline {
            row(&mut out, &[&self::moment(&moment.at), &moment.text]);
        }
    }
    let _ = writeln!(out, "\nWritten by cutover {}. All times are UTC.", text(&report.tool));
    out
}

/// Text in which nothing is markup: neither a link, nor an element, nor the end of a cell.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            letter if is_hostile(letter) => {
                out.push('\\');
                out.extend(letter.escape_unicode());
            }
            letter => out.push(letter),
        }
    }
    // What some readers make a link of without any markup.
    out.replace("://", "\\://").replace("www.", "www\\.")
}

/// A line of a table, with its cells made harmless.
fn row(out: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| text(cell)).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn at(at: Option<&Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), moment)
}

fn run(out: &mut String, run: &Run) {
    let ended = match &run.ended_at {
        Some(at) => format!("{}, after {}", moment(at), between(&run.began_at, at)),
        None => "it has not ended".to_owned(),
    };
    let by = &run.carried_out_by;
    let plan = &run.plan;
    let ticket = run.ticket.as_ref().map(|ticket| format!("; ticket {ticket}"));
    let facts = [
        ("Work", format!("{}: {}", run.work.is, run.work.sentence)),
        ("What was lent", format!("{}: {}", run.returns.is, run.returns.sentence)),
        ("Tenant", format!("{} ({})", run.tenant, run.tenant_id)),
        ("Environment", run.environment.clone()),
        ("Carried out by", format!("{} ({})", by.name, by.object_id)),
        ("Why", format!("{}{}", run.justification, ticket.unwrap_or_default())),
        ("Began", moment(&run.began_at)),
        ("Ended", ended),
        (
            "Plan",
            format!(
                "{}, made of facts of {} with cutover {}, by the requirement pack {}",
                plan.digest,
                moment(&plan.made_at),
                plan.made_with,
                plan.pack
            ),
        ),
    ];
    out.push('\n');
    for (label, told) in facts {
        let _ = writeln!(out, "- **{label}**: {}", text(&told));
    }
    if !run.loans.is_empty() {
        out.push_str("\n## Loans\n\n| loan | state | lent | returned | proved by |\n|---|---|---|---|---|\n");
        for loan in &run.loans {
            self::loan(out, loan);
        }
    }
    if !run.steps.is_empty() {
        out.push_str("\n## Steps\n\n| step | state | begun | ended | what was read |\n|---|---|---|---|---|\n");
        for step in &run.steps {
            self::step(out, step);
        }
    }
    if !run.hand_work.is_empty() {
        out.push_str("\n## Work by hand\n\n| requirement | what | confirmed |\n|---|---|---|\n");
    }
    for work in &run.hand_work {
        let confirmed = match (&work.confirmed, &work.verdict) {
            (Some(word), _) => format!("by {}, {}: {}", word.by, word.at, word.seen),
            (None, Some(verdict)) => format!("nobody's word; the last check says: {verdict}"),
            (None, None) => "nothing that was kept says so".to_owned(),
        };
        row(out, &[&work.requirement, &work.what.join("; "), &confirmed]);
    }
    if !run.refused.is_empty() {
        out.push_str("\n## Asked for and not done\n\n");
    }
    for one in &run.refused {
        let told = format!("{}: {}: {}", one.requirement, one.what, one.why);
        let _ = writeln!(out, "- {}", text(&told));
    }
    if !run.decisions.is_empty() {
        out.push_str("\n## Decisions of people\n\n");
    }
    for one in &run.decisions {
        let told = format!("{}, {}: {}", moment(&one.at), one.by, one.what);
        let _ = writeln!(out, "- {}", text(&told));
    }
}

fn loan(out: &mut String, loan: &Loan) {
    let returned = match (&loan.returned_at, &loan.returned_seen) {
        (Some(at), Some(seen)) => format!("{}: {seen}", moment(at)),
        _ => "-".to_owned(),
    };
    let proved = match (&loan.proved_at, &loan.proved_seen) {
        (Some(at), Some(seen)) => format!("{}: {seen}", moment(at)),
        _ => "-".to_owned(),
    };
    row(
        out,
        &[&loan.what, &loan.told, &at(loan.lent_at.as_ref()), &returned, &proved],
    );
}

fn step(out: &mut String, step: &Step) {
    let (begun, ended) = (at(step.began_at.as_ref()), at(step.ended_at.as_ref()));
    row(
        out,
        &[
            &step.what,
            &step.told,
            &begun,
            &ended,
            step.seen.as_deref().unwrap_or("-"),
        ],
    );
}

fn check(out: &mut String, look: &Look) {
    let check = &look.check;
    let _ = writeln!(
        out,
        "\n## {}\n\n**{}**, seen {} by the requirement pack {}, with cutover {}\n",
        heading(look),
        text(&check.readiness),
        text(&check.collected_at),
        text(&check.pack),
        text(&check.tool)
    );
    out.push_str(
        "| code | verdict | requirement | severity, phase, life | what was seen | fix |\n|---|---|---|---|---|---|\n",
    );
    for item in &check.findings {
        finding(out, item);
    }
}

fn finding(out: &mut String, item: &Item) {
    let mut seen = vec![item.sentence.clone()];
    seen.extend(item.warnings.iter().map(|warning| format!("warning: {warning}")));
    // The calls behind it are in the other forms: a ticket is to stay legible.
    let evidence = item.evidence.iter().map(|evidence| evidence.seen.clone());
    seen.extend(evidence.filter(|seen| *seen != item.sentence));
    let fix = item.fix.as_ref().map_or_else(String::new, |fix| {
        let mut told: Vec<&str> = fix.automatic.iter().map(String::as_str).collect();
        told.extend(fix.by_hand.iter().map(String::as_str));
        told.extend(fix.link.as_deref());
        told.join("; ")
    });
    let kind = format!("{}, {}, {}", item.severity, item.phase, item.life);
    let verdict = match item.blocks {
        true => format!("{} (keeps the tenant from being ready)", item.verdict),
        false => item.verdict.clone(),
    };
    row(out, &[&item.code, &verdict, &item.title, &kind, &seen.join("; "), &fix]);
}
