//! How a loan ends, and how a run does.

use cutover_core::machine::{Next, Retry, Way, Work, next};
use cutover_core::plan::StepId;

use super::story::{
    aborted, all, at, done, hold, lent_for_one, pending, proved, refused, renewed, started, time, two_loans,
};

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

#[test]
fn a_loan_ends_at_its_end() {
    let one = lent_for_one();
    let two = two_loans();
    let role = &done(0, "role", Way::Do)[..];
    let licence = &done(0, "licence", Way::Do)[..];
    let back = &done(2, "role", Way::Undo)[..];
    let change_begun = &[started(1, "change", Way::Do)][..];
    hold(&[
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
    ]);
}

#[test]
fn an_abort_gives_back_and_says_what_it_gave_up() {
    let one = lent_for_one();
    let role = &done(0, "role", Way::Do)[..];
    let back = &done(2, "role", Way::Undo)[..];
    let role_begun = &[started(0, "role", Way::Do)][..];
    let change_begun = &[started(1, "change", Way::Do)][..];
    hold(&[
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
    ]);
}
