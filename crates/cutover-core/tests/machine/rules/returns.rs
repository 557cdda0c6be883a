//! When what is lent comes back, and in which order.

use cutover_core::machine::{Event, LoanState, Next, Outcome, Retry, Way, What, next, state};
use cutover_core::plan::Step;

use super::story::{
    aborted, all, already, at, done, ended, hold, lent_for_one, pending, proved, refused, started, time, two_loans,
    unread, words,
};
use crate::plans::{change, loan, minutes, plan};

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
fn a_return_is_tried_until_it_is_proved() {
    let one = lent_for_one();
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
    let undo_begun = &[started(2, "role", Way::Undo)][..];
    hold(&[
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
    ]);
}

#[test]
fn returns_keep_their_order() {
    let two = two_loans();
    let role = &done(0, "role", Way::Do)[..];
    let licence = &done(0, "licence", Way::Do)[..];
    let change_done = &done(1, "change", Way::Do)[..];
    let back = &done(2, "role", Way::Undo)[..];
    let undo_begun = &[started(2, "role", Way::Undo)][..];
    hold(&[
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
    ]);
}

#[test]
fn a_second_loan_follows_the_proof_that_the_first_is_back() {
    let twice = plan(vec![
        loan("first", &["early"], &[]),
        change("early", &["first"]),
        Step {
            after_return: vec!["first".into()],
            ..loan("again", &["late"], &[])
        },
        change("late", &["early", "again"]),
    ]);
    let used = all(&[&done(0, "first", Way::Do), &done(1, "early", Way::Do)]);
    let back = all(&[&used, &done(2, "first", Way::Undo)]);
    let proof = |gone| all(&[&back, &[time(3), proved(3, "first", gone), time(4)]]);
    hold(&[
        ("while the first is out", &twice, used.clone(), "undo first"),
        ("before its return is proved", &twice, back.clone(), "wait 3 for first"),
        ("when it is proved", &twice, proof(true), "do again"),
        ("when its return did not hold", &twice, proof(false), "undo first"),
    ]);
}

#[test]
fn a_right_of_return_is_lent_whole_or_not_at_all() {
    let mut licence = loan("licence", &["change"], &[]);
    if let Some(lent) = &mut licence.loan {
        lent.returned_with = Some("right".into());
    }
    let mut right = loan("right", &[], &["licence"]);
    right.after = vec!["way".into()];
    if let Some(lent) = &mut right.loan {
        lent.limit = minutes(10);
    }
    let plan = plan(vec![
        licence,
        change("change", &["licence"]),
        loan("way", &["right"], &[]),
        right,
    ]);
    let used = &[done(0, "licence", Way::Do), done(1, "change", Way::Do)].concat()[..];
    let way = &done(1, "way", Way::Do)[..];
    let begun = &[started(2, "right", Way::Do), pending(2, "right", Way::Do, 20)][..];
    let lost = &[
        started(1, "way", Way::Do),
        refused(1, "way", Way::Do, Retry::Never),
        aborted(1),
    ][..];
    hold(&[
        ("the way to the right comes first", &plan, all(&[used]), "do way"),
        ("then the right", &plan, all(&[used, way]), "do right"),
        (
            "without its way it is not lent, and the return is tried without",
            &plan,
            all(&[used, &lost[..2]]),
            "undo licence",
        ),
        ("nor after an abort", &plan, all(&[used, lost]), "undo licence"),
        (
            "a right that does not show yet is waited for when its own time is over",
            &plan,
            all(&[used, way, begun, &[time(15)]]),
            "wait 20 for right",
        ),
        (
            "and when the run was ended",
            &plan,
            all(&[used, way, begun, &[aborted(3), time(15)]]),
            "wait 20 for right",
        ),
        (
            "then it is looked at",
            &plan,
            all(&[used, way, begun, &[aborted(3), time(15), time(20)]]),
            "settle right",
        ),
    ]);
}
