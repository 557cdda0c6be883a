//! What a run ends with, by what was wanted of it.

use std::collections::BTreeMap;

use cutover_core::machine::{End, Returns, RunState, StepState, Work};
use cutover_core::plan::StepId;

use super::{Goal, exit};
use crate::Exit;

fn step(name: &str) -> StepId {
    StepId(name.to_owned())
}

/// The codes of a run for the two goals, when these steps failed, were given up and were never begun; `doubted` are those of which an
/// attempt was never answered.
fn codes(failed: &[&str], given_up: &[&str], not_begun: &[&str], doubted: &[&str]) -> (Exit, Exit) {
    let with_reason = |names: &[&str]| names.iter().map(|name| (step(name), "why".to_owned())).collect();
    let work = match failed.is_empty() && given_up.is_empty() && not_begun.is_empty() {
        true => Work::Complete,
        false => Work::Incomplete {
            failed: with_reason(failed),
            given_up: with_reason(given_up),
            not_begun: not_begun.iter().map(|name| step(name)).collect(),
            aborted: Some("give-back".to_owned()),
        },
    };
    let end = End {
        work,
        returns: Returns {
            proved: Vec::new(),
            left: Vec::new(),
        },
    };
    let doubted = doubted.iter().map(|name| {
        let state = StepState {
            doubted: true,
            ..StepState::default()
        };
        (step(name), state)
    });
    let state = RunState {
        now: None,
        aborted: None,
        approved: None,
        steps: doubted.collect::<BTreeMap<_, _>>(),
    };
    (
        exit(Some(&end), &state, Goal::Work),
        exit(Some(&end), &state, Goal::GiveBack),
    )
}

#[test]
fn who_gives_back_gave_the_rest_of_the_work_up() {
    assert_eq!(codes(&[], &[], &[], &[]), (Exit::Done, Exit::Done));
    assert_eq!(codes(&[], &[], &["english"], &[]), (Exit::WorkFailed, Exit::Done));
    assert_eq!(
        codes(&[], &["english"], &["role"], &[]),
        (Exit::OutcomeUnknown, Exit::Done)
    );
}

#[test]
fn what_failed_or_may_still_show_is_not_given_up_by_that() {
    assert_eq!(
        codes(&["role"], &[], &["english"], &[]),
        (Exit::WorkFailed, Exit::WorkFailed)
    );
    assert_eq!(
        codes(&[], &["english"], &[], &["english"]),
        (Exit::OutcomeUnknown, Exit::OutcomeUnknown)
    );
    // Of another step it says nothing.
    assert_eq!(
        codes(&[], &["english"], &[], &["role"]),
        (Exit::OutcomeUnknown, Exit::Done)
    );
}

#[test]
fn what_is_out_outweighs_everything() {
    let state = RunState {
        now: None,
        aborted: None,
        approved: None,
        steps: BTreeMap::new(),
    };
    for goal in [Goal::Work, Goal::GiveBack] {
        assert_eq!(exit(None, &state, goal), Exit::LoanOut);
    }
}
