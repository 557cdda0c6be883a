//! The three tests of sagas, over every action: twice is once; whatever fails, it settles and ends right; twice back is once
//! back.

use cutover_core::machine::{LoanState, Outcome, StepState, Way, Work, state};
use cutover_core::plan::{Action, StepId};
use cutover_emulator::faults::{Fault, FaultKind, Service};
use cutover_runner::carry_out::{Attempt, Effects};

use super::driven::Driven;
use super::examples::{every_action, name, stage};
use super::made::assert_same;
use super::stage::{STEP, Stage};
use crate::harness::block_on;

#[test]
fn every_action_made_twice_is_made_once() {
    for action in every_action() {
        let what = name(&action);
        let stage = stage(action);
        let standing = stage.made();
        let once = stage.holds();
        let before = standing.before.clone().expect("what was there");
        let attempt = block_on(stage.effects.make(stage.step(), &before, stage.key()));
        let again = matches!(attempt, Attempt::Ended(Outcome::AlreadySo { .. }));
        assert!(again, "{what}: {attempt:?}");
        assert_same(&stage, &once, &what);
    }
}

#[test]
fn every_action_taken_back_twice_is_taken_back_once() {
    for action in every_action().filter(|action| action.describe().gives_back().is_some()) {
        let what = name(&action);
        let stage = stage(action);
        let before = stage.holds();
        let standing = stage.made();
        stage.taken_back(&standing);
        let attempt = block_on(stage.effects.take_back(stage.step(), &standing, stage.key()));
        let again = matches!(attempt, Attempt::Ended(Outcome::AlreadySo { .. }));
        assert!(again, "{what}: {attempt:?}");
        assert_same(&stage, &before, &what);
    }
}

/// What may go wrong with a write.
const WRONG: &[(&str, FaultKind, u16, Option<&str>)] = &[
    ("applied and the answer lost", FaultKind::DropAfter, 0, None),
    ("dropped", FaultKind::DropBefore, 0, None),
    ("throttled", FaultKind::Throttle, 0, Some("40")),
    ("throttled without a time", FaultKind::Throttle, 0, None),
    ("500", FaultKind::Error, 500, None),
    ("503", FaultKind::Error, 503, Some("20")),
    ("token refused", FaultKind::ClaimsChallenge, 0, None),
];

/// The same fault at the `nth` write of each kind.
fn faults(kind: FaultKind, status: u16, retry_after: Option<&str>, nth: u32) -> Vec<Fault> {
    let services = [Service::Graph, Service::Dataverse, Service::PowerPlatform];
    let of = |service| {
        ["POST", "PATCH", "DELETE"].map(|method| Fault {
            service: Some(service),
            method: Some(method.to_owned()),
            skip: nth,
            count: Some(1),
            status: status.max(500),
            retry_after: retry_after.map(str::to_owned),
            ..Fault::of(kind)
        })
    };
    services.into_iter().flat_map(of).collect()
}

/// How many writes an effect takes.
pub(super) fn writes(action: &Action) -> u32 {
    match action {
        // What waits writes nothing.
        Action::AwaitQuiet(_) | Action::FollowInstallation(_) => 0,
        // It is staged first.
        Action::UpgradeSolution(_) => 2,
        _ => 1,
    }
}

fn is_complete(driven: &Driven) -> bool {
    driven.end.work == Work::Complete
}

fn standing(stage: &Stage, driven: &Driven) -> StepState {
    state(&stage.plan, &driven.events).of(&StepId::from(STEP))
}

#[test]
fn whatever_goes_wrong_with_a_write_it_ends_right() {
    let mut tried = 0;
    for action in every_action() {
        let returns = action.describe().gives_back().is_some();
        // The second write is the return.
        for nth in 0..writes(&action) + u32::from(returns) {
            for (wrong, kind, status, retry_after) in WRONG {
                let what = format!("{}: write {nth} {wrong}", name(&action));
                let mut stage = stage(action.clone());
                for fault in faults(*kind, *status, *retry_after, nth) {
                    stage.tenant.emulator.faults().add(fault);
                }
                let before = stage.holds();
                let driven = stage.drive();
                assert!(is_complete(&driven), "{what}: {:?}\n{}", driven.end, driven.story());
                let standing = standing(&stage, &driven);
                if returns {
                    assert_eq!(standing.loan(), LoanState::Proved, "{what}\n{}", driven.story());
                    assert_same(&stage, &before, &what);
                } else {
                    assert!(
                        block_on(stage.effects.look(stage.step())).expect("a look").held,
                        "{what}"
                    );
                }
                tried += 1;
            }
        }
    }
    assert!(tried >= (26 + 14) * WRONG.len(), "{tried} tried");
}

/// The process ends after each event in turn: what follows knows only the journal.
#[test]
fn a_process_that_ends_anywhere_leaves_nothing_behind() {
    for action in every_action().filter(|action| action.describe().gives_back().is_some()) {
        let what = name(&action);
        let mut stage = stage(action);
        let before = stage.holds();
        let driven = stage.drive_restarting();
        assert!(is_complete(&driven), "{what}\n{}", driven.story());
        assert_same(&stage, &before, &what);
    }
}

/// What Graph and Dataverse are told shows there only after a minute and a half, with and without an answer.
#[test]
fn what_shows_late_is_waited_for() {
    for action in every_action() {
        let returns = action.describe().gives_back().is_some();
        for lost in [false, true] {
            let what = format!("{}, lost: {lost}", name(&action));
            let mut stage = stage(action.clone());
            let before = stage.holds();
            let mut wrong = if lost {
                faults(FaultKind::DropAfter, 0, None, 0)
            } else {
                Vec::new()
            };
            wrong.push(Fault {
                seconds: 90,
                ..Fault::of(FaultKind::Propagation)
            });
            for fault in wrong {
                stage.tenant.emulator.faults().add(fault);
            }
            let driven = stage.drive();
            assert!(is_complete(&driven), "{what}\n{}", driven.story());
            let wanted = writes(&action) + u32::from(returns);
            let written = stage.written();
            // What is staged twice is staged once more, and nothing else.
            let staged = written
                .iter()
                .filter(|request| request.ends_with("/StageSolution"))
                .count();
            let written = written.len() - staged.saturating_sub(1);
            assert_eq!(written, wanted as usize, "{what}: {:#?}", stage.written());
            if returns {
                assert_same(&stage, &before, &what);
            }
        }
    }
}

/// What may have had its effect and was given up comes back, although nobody ever saw it.
#[test]
fn an_attempt_that_was_given_up_comes_back() {
    for action in every_action().filter(|action| action.describe().gives_back().is_some()) {
        let what = name(&action);
        let stage = stage(action);
        let before = stage.holds();
        let looked = block_on(stage.effects.look(stage.step())).expect("a look");
        for fault in faults(FaultKind::DropAfter, 0, None, 0) {
            stage.tenant.emulator.faults().add(fault);
        }
        let key = stage.key();
        let attempt = block_on(stage.effects.make(stage.step(), &looked.value, key));
        let unclear = matches!(attempt, Attempt::Ended(Outcome::Unclear { .. }));
        assert!(unclear, "{what}: {attempt:?}");
        stage.tenant.emulator.faults().clear();
        let standing = StepState {
            before: Some(looked.value),
            begun: Some(stage.tenant.emulator.clock().now()),
            keys: [(Way::Do, key)].into(),
            touched: true,
            ..StepState::default()
        };
        let outcome = stage.taken_back(&standing);
        assert!(matches!(outcome, Outcome::Done { .. }), "{what}: {outcome:?}");
        assert_same(&stage, &before, &what);
    }
}
