//! What is waited for, how long, and by which clock.

use cutover_core::machine::{Retry, Way, next};
use cutover_core::plan::Step;

use super::story::{all, at, done, hold, lent_for_one, pending, refused, started, time, unread, words};
use crate::plans::{change, loan, plan};

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
fn waiting_is_bounded() {
    let one = lent_for_one();
    let role = &done(0, "role", Way::Do)[..];
    let role_begun = &[started(0, "role", Way::Do)][..];
    let change_begun = &[started(1, "change", Way::Do)][..];
    hold(&[
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
    ]);
}

#[test]
fn what_cannot_be_looked_at_is_not_begun() {
    let one = lent_for_one();
    hold(&[
        ("cannot be looked at", &one, vec![unread(0, "role")], "wait 2 for role"),
        ("and then", &one, vec![unread(0, "role"), time(2)], "do role"),
        (
            "for so long",
            &one,
            vec![unread(0, "role"), unread(30, "role")],
            "incomplete: 1 failed, 0 given up, 1 not begun",
        ),
    ]);
}

#[test]
fn a_clock_put_back_lengthens_no_loan() {
    let one = lent_for_one();
    let role = &done(0, "role", Way::Do)[..];
    hold(&[
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
    ]);
}
