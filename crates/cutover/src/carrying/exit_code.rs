//! With which code a run ends.

use cutover_core::machine::{End, Given, RunState, Work};
use cutover_core::plan::StepId;

use crate::Exit;

/// What a command wants of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Its work.
    Work,
    /// What is lent, and no more work.
    GiveBack,
}

/// The exit code of a run: something that is out weighs most, then what nobody knows, then what was not done. Whoever only wants
/// back what is lent gave the rest of the work up by that, so it counts as done; what failed, or may still show, does not.
pub(crate) fn exit(end: Option<&End>, state: &RunState, goal: Goal) -> Exit {
    let (failed, given_up) = match end.map(|end| &end.work) {
        None => return Exit::LoanOut,
        Some(Work::Complete) => return Exit::Done,
        Some(Work::Incomplete { failed, given_up, .. }) => (failed, given_up),
    };
    let in_doubt = |(step, _): &(StepId, String)| {
        let state = state.of(step);
        // What an unheard attempt may still bring is known again once it was returned.
        goal == Goal::Work || state.doubted && !matches!(state.undone, Given::Done { .. })
    };
    if given_up.iter().any(in_doubt) {
        Exit::OutcomeUnknown
    } else if goal == Goal::GiveBack && failed.is_empty() {
        Exit::Done
    } else {
        Exit::WorkFailed
    }
}

#[cfg(test)]
mod tests;
