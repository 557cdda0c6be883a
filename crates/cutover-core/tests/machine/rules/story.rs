//! What the rules are told in: plans, what happens to them, and what comes next in words.

use cutover_core::machine::{Event, Next, Outcome, Retry, Way, What, Work, next};
use cutover_core::plan::Plan;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::plans::{change, loan, minutes, plan, start};

/// A rule: its name, the plan, what has happened, and what comes next in [`words`].
pub(super) type Rule<'a> = (&'a str, &'a Plan, Vec<Event>, &'a str);

/// All rules hold, or those that do not are named.
pub(super) fn hold(rules: &[Rule<'_>]) {
    let wrong: Vec<String> = rules
        .iter()
        .map(|(rule, plan, events, expected)| (rule, words(&next(plan, events)), expected))
        .filter(|(_, came, expected)| came != *expected)
        .map(|(rule, came, expected)| format!("{rule}: {came}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// So many minutes after the start.
pub(super) fn at(minute: i64) -> Timestamp {
    start() + minutes(minute)
}

pub(super) fn event(minute: i64, what: What) -> Event {
    Event { at: at(minute), what }
}

pub(super) fn started(minute: i64, step: &str, way: Way) -> Event {
    let key = Uuid::from_u128(7);
    let before = json!({"seen": minute});
    event(
        minute,
        What::Started {
            step: step.into(),
            way,
            before,
            key,
        },
    )
}

pub(super) fn ended(minute: i64, step: &str, way: Way, outcome: Outcome) -> Event {
    event(
        minute,
        What::Ended {
            step: step.into(),
            way,
            outcome,
        },
    )
}

pub(super) fn done(minute: i64, step: &str, way: Way) -> [Event; 2] {
    let outcome = Outcome::Done {
        kept: Value::Null,
        seen: "it is so".to_owned(),
    };
    [started(minute, step, way), ended(minute, step, way, outcome)]
}

pub(super) fn pending(minute: i64, step: &str, way: Way, look_at: i64) -> Event {
    let for_what = "it to show".to_owned();
    let look_at = at(look_at);
    event(
        minute,
        What::Pending {
            step: step.into(),
            way,
            for_what,
            look_at,
            handle: Value::Null,
        },
    )
}

pub(super) fn refused(minute: i64, step: &str, way: Way, retry: Retry) -> Event {
    ended(
        minute,
        step,
        way,
        Outcome::Refused {
            why: "not now".to_owned(),
            retry,
        },
    )
}

pub(super) fn unclear(minute: i64, step: &str, way: Way) -> Event {
    let look_at = at(minute);
    ended(
        minute,
        step,
        way,
        Outcome::Unclear {
            why: "no answer".to_owned(),
            look_at,
        },
    )
}

pub(super) fn already(minute: i64, step: &str, way: Way) -> Event {
    ended(
        minute,
        step,
        way,
        Outcome::AlreadySo {
            seen: "it was so".to_owned(),
        },
    )
}

pub(super) fn proved(minute: i64, step: &str, gone: bool) -> Event {
    event(
        minute,
        What::Proved {
            step: step.into(),
            gone,
            seen: "read".to_owned(),
        },
    )
}

pub(super) fn time(minute: i64) -> Event {
    event(minute, What::Time {})
}

pub(super) fn aborted(minute: i64) -> Event {
    event(
        minute,
        What::Aborted {
            by: "Ctrl-C".to_owned(),
        },
    )
}

pub(super) fn renewed(minute: i64, step: &str, until: i64) -> Event {
    event(
        minute,
        What::Renewed {
            step: step.into(),
            until: at(until),
            by: "anna".to_owned(),
        },
    )
}

pub(super) fn unread(minute: i64, step: &str) -> Event {
    event(
        minute,
        What::Unread {
            step: step.into(),
            why: "no answer".to_owned(),
            again: at(minute + 2),
        },
    )
}

pub(super) fn taken_over(minute: i64) -> Event {
    event(
        minute,
        What::TakenOver {
            by: "another".to_owned(),
        },
    )
}

pub(super) fn all(parts: &[&[Event]]) -> Vec<Event> {
    parts.concat()
}

/// One loan, and one change that needs it.
pub(super) fn lent_for_one() -> Plan {
    plan(vec![loan("role", &["change"], &[]), change("change", &["role"])])
}

/// Two loans for one change; `licence` comes back after `role`.
pub(super) fn two_loans() -> Plan {
    plan(vec![
        loan("licence", &["change"], &["role"]),
        loan("role", &["change"], &[]),
        change("change", &["licence", "role"]),
    ])
}

pub(super) fn words(next: &Next) -> String {
    match next {
        Next::Do(step) => format!("do {step}"),
        Next::Undo(step) => format!("undo {step}"),
        Next::Settle(step, Way::Do) => format!("settle {step}"),
        Next::Settle(step, Way::Undo) => format!("settle return of {step}"),
        Next::Prove(step) => format!("prove {step}"),
        Next::Ask(tasks) => format!("ask for {}", tasks[0]),
        Next::Wait { until, wakes } => {
            format!("wait {} for {}", until.duration_since(start()).as_mins(), wakes[0].step)
        }
        Next::Done(end) => match &end.work {
            Work::Complete => "complete".to_owned(),
            Work::Incomplete {
                failed,
                given_up,
                not_begun,
                aborted,
            } => format!(
                "incomplete: {} failed, {} given up, {} not begun{}",
                failed.len(),
                given_up.len(),
                not_begun.len(),
                if aborted.is_some() { ", aborted" } else { "" }
            ),
        },
    }
}
