//! How a run ended.

use super::outlook::Outlook;
use super::state::{Given, LoanState};
use crate::plan::StepId;

/// How a run ended: the work and the returns are two values, and neither changes the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// What became of the work.
    pub work: Work,
    /// What became of what was lent.
    pub returns: Returns,
}

/// What became of the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Every step is done.
    Complete,
    /// Some are not.
    Incomplete {
        /// Failed, or refused and not tried again, with the reason.
        failed: Vec<(StepId, String)>,
        /// Begun and given up, with what was waited for: their effect may still show.
        given_up: Vec<(StepId, String)>,
        /// Never begun.
        not_begun: Vec<StepId>,
        /// Who ended the run, if somebody did.
        aborted: Option<String>,
    },
}

/// What became of what was lent. There is no value for "still out": a run does not end with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returns {
    /// Returned and proved, in the order of the plan.
    pub proved: Vec<StepId>,
    /// Left as they were found, because somebody else had changed them.
    pub left: Vec<StepId>,
}

impl End {
    pub(super) fn of(view: &Outlook<'_>) -> Self {
        let mut failed = Vec::new();
        let mut given_up = Vec::new();
        let mut not_begun = Vec::new();
        for step in &view.plan.steps {
            // A loan that nothing asks for any more is no work left over.
            let asked = match &step.loan {
                None => true,
                Some(loan) => loan.for_steps.iter().any(|id| !view.of(id).is_done()),
            };
            let id = || step.id.clone();
            let state = view.of(&step.id);
            match state.done {
                Given::Failed { why, .. } => failed.push((id(), why)),
                Given::Begun { for_what, .. } if asked => given_up.push((id(), for_what.unwrap_or_default())),
                // A refusal is known to have had no effect, unless another attempt was never answered.
                Given::Again { why, .. } if asked && state.touched => given_up.push((id(), why)),
                Given::Again { why, .. } if asked => failed.push((id(), why)),
                Given::Not if asked => not_begun.push(id()),
                _ => {}
            }
        }
        let work = match failed.is_empty() && given_up.is_empty() && not_begun.is_empty() {
            true => Work::Complete,
            false => Work::Incomplete {
                failed,
                given_up,
                not_begun,
                aborted: view.run.aborted.clone(),
            },
        };
        let with = |wanted: LoanState| {
            let loans = view.plan.loans();
            let loans = loans.filter(|(step, _)| view.of(&step.id).loan() == wanted);
            loans.map(|(step, _)| step.id.clone()).collect()
        };
        Self {
            work,
            returns: Returns {
                proved: with(LoanState::Proved),
                left: with(LoanState::Left),
            },
        }
    }
}
