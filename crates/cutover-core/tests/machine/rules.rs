//! The rules, one by one.

use cutover_core::machine::{Event, LoanState, Next, Outcome, Retry, Way, What, Work, next, state};
use cutover_core::plan::{Plan, Step, StepId};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::plans::{change, loan, minutes, plan, start};

/// So many minutes after the start.
fn at(minute: i64) -> Timestamp {
    start() + minutes(minute)
}

fn event(minute: i64, what: What) -> Event {
    Event { at: at(minute), what }
}

fn started(minute: i64, step: &str, way: Way) -> Event {
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

fn ended(minute: i64, step: &str, way: Way, outcome: Outcome) -> Event {
    event(
        minute,
        What::Ended {
            step: step.into(),
            way,
            outcome,
        },
    )
}

fn done(minute: i64, step: &str, way: Way) -> [Event; 2] {
    let outcome = Outcome::Done {
        kept: Value::Null,
        seen: "it is so".to_owned(),
    };
    [started(minute, step, way), ended(minute, step, way, outcome)]
}

fn pending(minute: i64, step: &str, way: Way, look_at: i64) -> Event {
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

fn refused(minute: i64, step: &str, way: Way, retry: Retry) -> Event {
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

fn unclear(minute: i64, step: &str, way: Way) -> Event {
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

fn already(minute: i64, step: &str, way: Way) -> Event {
    ended(
        minute,
        step,
        way,
        Outcome::AlreadySo {
            seen: "it was so".to_owned(),
        },
    )
}

fn proved(minute: i64, step: &str, gone: bool) -> Event {
    event(
        minute,
        What::Proved {
            step: step.into(),
            gone,
            seen: "read".to_owned(),
        },
    )
}

fn time(minute: i64) -> Event {
    event(minute, What::Time {})
}

fn aborted(minute: i64) -> Event {
    event(
        minute,
        What::Aborted {
            by: "Ctrl-C".to_owned(),
        },
    )
}

fn renewed(minute: i64, step: &str, until: i64) -> Event {
    event(
        minute,
        What::Renewed {
            step: step.into(),
            until: at(until),
            by: "anna".to_owned(),
        },
    )
}

fn unread(minute: i64, step: &str) -> Event {
    event(
        minute,
        What::Unread {
            step: step.into(),
            why: "no answer".to_owned(),
            again: at(minute + 2),
        },
    )
}

fn taken_over(minute: i64) -> Event {
    event(
        minute,
        What::TakenOver {
            by: "another".to_owned(),
        },
    )
}

fn all(parts: &[&[Event]]) -> Vec<Event> {
    parts.concat()
}

/// One loan, and one change that needs it.
fn lent_for_one() -> Plan {
    plan(vec![loan("role", &["change"], &[]), change("change", &["role"])])
}

/// Two loans for one change; `licence` comes back after `role`.
fn two_loans() -> Plan {
    plan(vec![
        loan("licence", &["change"], &["role"]),
        loan("role", &["change"], &[]),
        change("change", &["licence", "role"]),
    ])
}

fn words(next: &Next) -> String {
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

#[test]
fn a_loan_is_lent_just_before_and_returned_right_after() {
    let plan = lent_for_one();
    let story = [
        ("do role", done(0, "role", Way::Do).to_vec()),
        ("do change", done(1, "change", Way::Do).to_vec()),
        ("undo role", done(2, "role", Way::Undo).to_vec()),
        ("wait 3 for role", vec![time(3)]),
        ("prove role", vec![proved(3, "role", true)]),
    ];
    let mut events = Vec::new();
    for (expected, happens) in story {
        assert_eq!(words(&next(&plan, &events)), expected);
        events.extend(happens);
    }
    assert_eq!(words(&next(&plan, &events)), "complete");
    assert_eq!(state(&plan, &events).of(&"role".into()).loan(), LoanState::Proved);
}

#[test]
fn every_rule_of_the_table_holds() {
    let one = lent_for_one();
    let two = two_loans();
    let circle = plan(vec![
        loan("licence", &["change"], &["role"]),
        loan("role", &["change"], &["licence"]),
        change("change", &["licence", "role"]),
    ]);
    // What needs the loan does not build on it.
    let apart = plan(vec![
        loan("role", &["change"], &[]),
        change("other", &[]),
        change("change", &["other"]),
    ]);
    let role = &done(0, "role", Way::Do)[..];
    let licence = &done(0, "licence", Way::Do)[..];
    let change_done = &done(1, "change", Way::Do)[..];
    let back = &done(2, "role", Way::Undo)[..];
    let role_begun = &[started(0, "role", Way::Do)][..];
    let change_begun = &[started(1, "change", Way::Do)][..];
    let undo_begun = &[started(2, "role", Way::Undo)][..];
    let table: Vec<(&str, &Plan, Vec<Event>, &str)> = vec![
        // What was held before.
        ("held before", &one, all(&[&[already(0, "role", Way::Do)]]), "do change"),
        (
            "held before is never taken",
            &one,
            all(&[&[already(0, "role", Way::Do)], change_done]),
            "complete",
        ),
        (
            "held before is not taken by an abort",
            &one,
            all(&[&[already(0, "role", Way::Do), aborted(1)]]),
            "incomplete: 0 failed, 0 given up, 1 not begun, aborted",
        ),
        // An answer that was never heard.
        ("died before the answer", &one, role_begun.to_vec(), "settle role"),
        (
            "unclear",
            &one,
            all(&[role_begun, &[unclear(0, "role", Way::Do), time(1)]]),
            "settle role",
        ),
        (
            "unclear is settled before an abort gives back",
            &one,
            all(&[role_begun, &[taken_over(0), aborted(0)]]),
            "settle role",
        ),
        (
            "what an unheard attempt left is ours, even if it shows later",
            &one,
            all(&[
                role_begun,
                &[
                    taken_over(0),
                    refused(0, "role", Way::Do, Retry::At(at(1))),
                    already(1, "role", Way::Do),
                ],
                change_done,
            ]),
            "undo role",
        ),
        (
            "an unheard attempt that was settled as without effect is read once more all the same",
            &one,
            all(&[
                role_begun,
                &[unclear(0, "role", Way::Do), refused(1, "role", Way::Do, Retry::Never)],
            ]),
            "undo role",
        ),
        (
            "a refusal that was heard owes nothing",
            &one,
            all(&[role_begun, &[refused(1, "role", Way::Do, Retry::Never)]]),
            "incomplete: 1 failed, 0 given up, 1 not begun",
        ),
        (
            "what is there after a refusal that was heard is somebody else's",
            &one,
            all(&[
                role_begun,
                &[
                    refused(0, "role", Way::Do, Retry::At(at(1))),
                    already(1, "role", Way::Do),
                ],
                change_done,
            ]),
            "complete",
        ),
        // Waiting.
        (
            "pending",
            &one,
            all(&[role_begun, &[pending(0, "role", Way::Do, 5)]]),
            "wait 5 for role",
        ),
        (
            "pending is looked at",
            &one,
            all(&[role_begun, &[pending(0, "role", Way::Do, 5), time(5)]]),
            "settle role",
        ),
        (
            "a wish for the end of time is cut",
            &one,
            all(&[role_begun, &[pending(0, "role", Way::Do, 60 * 24 * 365)]]),
            "wait 60 for role",
        ),
        (
            "waiting is bounded, and what was waited for comes back",
            &one,
            all(&[role_begun, &[pending(30, "role", Way::Do, 31)]]),
            "undo role",
        ),
        (
            "a failed step gives its loans back",
            &one,
            all(&[role, change_begun, &[refused(1, "change", Way::Do, Retry::Never)]]),
            "undo role",
        ),
        (
            "a refused step is tried again",
            &one,
            all(&[role, change_begun, &[refused(1, "change", Way::Do, Retry::At(at(4)))]]),
            "wait 4 for change",
        ),
        (
            "and when its moment has come",
            &one,
            all(&[
                role,
                change_begun,
                &[refused(1, "change", Way::Do, Retry::At(at(4))), time(4)],
            ]),
            "do change",
        ),
        // Returns.
        (
            "a refused return is tried again, also what is refused for good",
            &one,
            all(&[
                role,
                change_done,
                undo_begun,
                &[refused(2, "role", Way::Undo, Retry::Never), time(3)],
            ]),
            "undo role",
        ),
        (
            "with a pause",
            &one,
            all(&[
                role,
                change_done,
                undo_begun,
                &[refused(2, "role", Way::Undo, Retry::At(at(9)))],
            ]),
            "wait 9 for role",
        ),
        (
            "an unclear return is settled, not repeated",
            &one,
            all(&[role, change_done, undo_begun]),
            "settle return of role",
        ),
        (
            "a return that does not hold is owed again",
            &one,
            all(&[role, change_done, back, &[time(3), proved(3, "role", false), time(4)]]),
            "undo role",
        ),
        (
            "no proof can be read",
            &one,
            all(&[role, change_done, back, &[unread(3, "role")]]),
            "wait 5 for role",
        ),
        (
            "what somebody else changed is left",
            &one,
            all(&[
                role,
                change_done,
                undo_begun,
                &[ended(
                    2,
                    "role",
                    Way::Undo,
                    Outcome::NotOurs {
                        seen: "a later end".to_owned(),
                    },
                )],
            ]),
            "complete",
        ),
        (
            "what shows after its return is owed again",
            &one,
            all(&[
                role_begun,
                &[pending(0, "role", Way::Do, 5), aborted(1)],
                back,
                &[already(2, "role", Way::Do)],
            ]),
            "wait 3 for role",
        ),
        (
            "also when it shows by itself",
            &one,
            all(&[
                role_begun,
                &[pending(0, "role", Way::Do, 5), aborted(1)],
                back,
                &done(2, "role", Way::Do)[1..],
            ]),
            "undo role",
        ),
        (
            "what becomes of an effect that was taken back is not looked for",
            &apart,
            all(&[
                role_begun,
                &[pending(0, "role", Way::Do, 5), pending(0, "other", Way::Do, 20)],
                back,
                &[time(6), proved(6, "role", true)],
            ]),
            "wait 20 for other",
        ),
        (
            "returns that wait for each other wait for nobody",
            &circle,
            all(&[licence, role, &[aborted(1)]]),
            "undo role",
        ),
        // The order of returns.
        ("in order", &two, all(&[licence, role, change_done]), "undo role"),
        (
            "then the other",
            &two,
            all(&[licence, role, change_done, back]),
            "undo licence",
        ),
        (
            "not before the first is back",
            &two,
            all(&[
                licence,
                role,
                change_done,
                undo_begun,
                &[refused(2, "role", Way::Undo, Retry::At(at(9)))],
            ]),
            "wait 9 for role",
        ),
        // The end of a loan.
        (
            "a loan in use",
            &one,
            all(&[role, change_begun, &[pending(1, "change", Way::Do, 20)]]),
            "wait 20 for change",
        ),
        (
            "its end wakes",
            &one,
            all(&[
                role,
                change_begun,
                &[refused(29, "change", Way::Do, Retry::At(at(30))), aborted(29)],
            ]),
            "undo role",
        ),
        (
            "its end comes though it is needed",
            &one,
            all(&[role, &[time(60)]]),
            "undo role",
        ),
        (
            "renewed",
            &one,
            all(&[role, &[renewed(1, "role", 90), time(60)]]),
            "do change",
        ),
        (
            "renewed, and its new end",
            &one,
            all(&[role, &[renewed(1, "role", 90), time(90)]]),
            "undo role",
        ),
        (
            "cut short",
            &one,
            all(&[role, &[renewed(1, "role", 2), time(2)]]),
            "undo role",
        ),
        (
            "a renewal before it is lent counts for nothing",
            &one,
            all(&[&[renewed(0, "role", 0)], role]),
            "do change",
        ),
        (
            "a renewal does not call a return off",
            &one,
            all(&[
                role,
                &[
                    time(60),
                    started(60, "role", Way::Undo),
                    refused(60, "role", Way::Undo, Retry::Never),
                    renewed(60, "role", 600),
                    time(61),
                ],
            ]),
            "undo role",
        ),
        (
            "one that ends takes along what comes back before it",
            &two,
            all(&[licence, role, &[renewed(1, "licence", 10), time(10)]]),
            "undo role",
        ),
        (
            "a loan that serves nothing any more comes back before its end",
            &two,
            all(&[licence, role, &[renewed(1, "role", 10), time(10)], back]),
            "undo licence",
        ),
        (
            "no step begins without its loan",
            &one,
            all(&[
                role,
                &[time(60)],
                &done(60, "role", Way::Undo),
                &[time(61), proved(61, "role", true)],
            ]),
            "incomplete: 0 failed, 0 given up, 1 not begun",
        ),
        // Ends by hand.
        ("an abort gives back", &one, all(&[role, &[aborted(1)]]), "undo role"),
        (
            "an abort waits for nothing",
            &one,
            all(&[role_begun, &[pending(0, "role", Way::Do, 5), aborted(1)]]),
            "undo role",
        ),
        (
            "and says what it gave up",
            &one,
            all(&[
                role,
                change_begun,
                &[pending(1, "change", Way::Do, 5), aborted(1)],
                back,
                &[proved(3, "role", true)],
            ]),
            "incomplete: 0 failed, 1 given up, 0 not begun, aborted",
        ),
        (
            "a refusal that is not tried again is no doubt",
            &one,
            all(&[
                role,
                change_begun,
                &[refused(1, "change", Way::Do, Retry::At(at(4))), aborted(2)],
                back,
                &[proved(3, "role", true)],
            ]),
            "incomplete: 1 failed, 0 given up, 0 not begun, aborted",
        ),
        // Looks before effects.
        ("cannot be looked at", &one, vec![unread(0, "role")], "wait 2 for role"),
        ("and then", &one, vec![unread(0, "role"), time(2)], "do role"),
        (
            "for so long",
            &one,
            vec![unread(0, "role"), unread(30, "role")],
            "incomplete: 1 failed, 0 given up, 1 not begun",
        ),
        // The clock.
        (
            "a clock put back",
            &one,
            all(&[role, &[time(59), time(10)]]),
            "do change",
        ),
        (
            "does not lengthen a loan",
            &one,
            all(&[role, &[time(60), time(10)]]),
            "undo role",
        ),
    ];
    let wrong: Vec<String> = table
        .iter()
        .map(|(rule, plan, events, expected)| (rule, words(&next(plan, events)), expected))
        .filter(|(_, came, expected)| came != *expected)
        .map(|(rule, came, expected)| format!("{rule}: {came}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pauses_between_refused_returns_grow_and_stay_bounded() {
    let plan = lent_for_one();
    let mut events = all(&[&done(0, "role", Way::Do), &[aborted(0)]]);
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let now = events.last().unwrap().at;
        events.push(Event {
            at: now,
            ..started(0, "role", Way::Undo)
        });
        events.push(Event {
            at: now,
            ..refused(0, "role", Way::Undo, Retry::Never)
        });
        let Next::Wait { until, .. } = next(&plan, &events) else {
            panic!("no pause");
        };
        pauses.push(until.duration_since(now).as_secs());
        events.push(Event {
            at: until,
            what: What::Time {},
        });
    }
    assert_eq!(pauses, [15, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900, 900]);
}

#[test]
fn the_first_look_is_kept_and_a_refusal_that_was_heard_forgets_it() {
    let plan = lent_for_one();
    let before = |events: &[Event]| state(&plan, events).of(&"role".into()).before;
    let unheard = [
        started(0, "role", Way::Do),
        unclear(0, "role", Way::Do),
        refused(1, "role", Way::Do, Retry::At(at(2))),
    ];
    assert_eq!(
        before(&all(&[&unheard, &[started(2, "role", Way::Do)]])),
        Some(json!({"seen": 0}))
    );
    let heard = [
        started(0, "role", Way::Do),
        refused(1, "role", Way::Do, Retry::At(at(2))),
    ];
    assert_eq!(
        before(&all(&[&heard, &[started(2, "role", Way::Do)]])),
        Some(json!({"seen": 2}))
    );
}

#[test]
fn a_loan_waits_until_its_step_lacks_nothing_else() {
    let plan = plan(vec![
        loan("elevated", &["administrator"], &["administrator"]),
        Step {
            after: vec!["elevated".into()],
            ..loan("administrator", &["change"], &[])
        },
        change("language", &[]),
        change("change", &["language", "administrator"]),
    ]);
    assert_eq!(words(&next(&plan, &[])), "do language");
    let waiting = [started(0, "language", Way::Do), pending(0, "language", Way::Do, 5)];
    assert_eq!(
        words(&next(&plan, &waiting)),
        "wait 5 for language",
        "nothing is lent for a step that waits"
    );
    let events = done(6, "language", Way::Do);
    assert_eq!(words(&next(&plan, &events)), "do elevated");
}

#[test]
fn the_end_tells_work_and_returns_apart() {
    let plan = lent_for_one();
    let refused_change = [
        started(1, "change", Way::Do),
        refused(1, "change", Way::Do, Retry::Never),
    ];
    let back = [&done(2, "role", Way::Undo)[..], &[time(3), proved(3, "role", true)]].concat();
    let events = all(&[&done(0, "role", Way::Do), &refused_change, &back]);
    let Next::Done(end) = next(&plan, &events) else {
        panic!("it goes on");
    };
    assert_eq!(end.returns.proved, vec![StepId::from("role")]);
    assert_eq!(
        end.work,
        Work::Incomplete {
            failed: vec![("change".into(), "not now".to_owned())],
            given_up: Vec::new(),
            not_begun: Vec::new(),
            aborted: None,
        }
    );
}
