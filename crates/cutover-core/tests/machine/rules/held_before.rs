//! What was there before the first attempt, and whose it is that shows later.

use cutover_core::machine::{Event, Retry, Way, state};
use serde_json::json;

use super::story::{aborted, all, already, at, done, hold, lent_for_one, refused, started, taken_over, time, unclear};

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
fn what_was_held_before_is_not_taken() {
    let one = lent_for_one();
    let change_done = &done(1, "change", Way::Do)[..];
    hold(&[
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
    ]);
}

#[test]
fn what_was_never_heard_is_settled_and_is_ours() {
    let one = lent_for_one();
    let change_done = &done(1, "change", Way::Do)[..];
    let role_begun = &[started(0, "role", Way::Do)][..];
    hold(&[
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
    ]);
}
