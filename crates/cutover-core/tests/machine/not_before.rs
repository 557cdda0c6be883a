//! A return that the platform takes from nobody yet is put off, and is no failure.

use cutover_core::machine::{Event, Given, LoanState, Next, Outcome, Retry, Way, What, next, state};
use cutover_core::plan::Plan;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::plans::{change, loan, minutes, plan, start};

fn at(minute: i64) -> Timestamp {
    start() + minutes(minute)
}

/// A role that was lent, used, and asked back in the first minute, with this answer.
fn asked_back(retry: Retry) -> (Plan, Vec<Event>) {
    let plan = plan(vec![loan("role", &["change"], &[]), change("change", &["role"])]);
    let started = |step: &str, way| What::Started {
        step: step.into(),
        way,
        before: Value::Null,
        key: Uuid::from_u128(7),
    };
    let ended = |step: &str, way, outcome| What::Ended {
        step: step.into(),
        way,
        outcome,
    };
    let done = || Outcome::Done {
        kept: Value::Null,
        seen: "it is so".to_owned(),
    };
    let why = "it is kept for five minutes".to_owned();
    let happened = [
        started("role", Way::Do),
        ended("role", Way::Do, done()),
        started("change", Way::Do),
        ended("change", Way::Do, done()),
        started("role", Way::Undo),
        ended("role", Way::Undo, Outcome::Refused { why, retry }),
    ];
    let events = happened.map(|what| Event { at: at(1), what });
    (plan, events.into())
}

#[test]
fn it_is_tried_again_then_and_alarms_nobody() {
    let (plan, events) = asked_back(Retry::NotBefore(at(6)));
    let role = state(&plan, &events).of(&"role".into());
    assert!(role.owes());
    assert_eq!((role.loan(), role.refusals), (LoanState::Out, 0));
    assert!(
        matches!(role.undone, Given::Again { at: again, .. } if again == at(6)),
        "{role:?}"
    );
    let Next::Wait { until, .. } = next(&plan, &events) else {
        panic!("{:?}", next(&plan, &events));
    };
    assert_eq!(until, at(6));
    let later = Event {
        at: at(6),
        what: What::Time {},
    };
    let events: Vec<Event> = events.into_iter().chain([later]).collect();
    assert_eq!(next(&plan, &events), Next::Undo("role".into()));
}

#[test]
fn any_other_refusal_alarms() {
    for retry in [Retry::At(at(6)), Retry::Never] {
        let (plan, events) = asked_back(retry);
        let role = state(&plan, &events).of(&"role".into());
        assert_eq!((role.loan(), role.refusals), (LoanState::ReturnRefused, 1), "{retry:?}");
    }
}
