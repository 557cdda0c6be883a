//! What Microsoft refuses, and what others do meanwhile.

mod directory;
mod environment;
mod roles;

use cutover_core::machine::{Outcome, Retry, StepState};
use cutover_core::plan::Action;
use cutover_emulator::state::{Row, State};
use cutover_runner::carry_out::{Attempt, Effects};
use jiff::Timestamp;

use super::examples::{example, stage};
use super::stage::Stage;
use crate::harness::block_on;

/// The example that `is` one of, in its tenant.
fn of(is: impl Fn(&Action) -> bool) -> Stage {
    stage(example(is))
}

/// One attempt to take it back.
fn take_back(stage: &Stage, standing: &StepState) -> Outcome {
    match block_on(stage.effects.take_back(stage.step(), standing, stage.key())) {
        Attempt::Ended(outcome) => outcome,
        pending @ Attempt::Pending { .. } => panic!("{pending:?}"),
    }
}

/// Refused for now, with these words; when it may be tried again.
pub(in crate::effects) fn later(outcome: Outcome, words: &str) -> Timestamp {
    match outcome {
        Outcome::Refused {
            why,
            retry: Retry::At(at) | Retry::NotBefore(at),
        } if why.contains(words) => at,
        other => panic!("wanted {words:?}: {other:?}"),
    }
}

/// Refused for good, with these words.
fn never(attempt: Attempt, words: &str) {
    match attempt {
        Attempt::Ended(Outcome::Refused {
            why,
            retry: Retry::Never,
        }) if why.contains(words) => {}
        other => panic!("wanted {words:?}: {other:?}"),
    }
}

/// The row of a user.
fn user(state: &mut State, id: uuid::Uuid) -> &mut Row {
    let user = state.directory.find_mut("users", "id", &id.to_string());
    user.expect("the user")
}
