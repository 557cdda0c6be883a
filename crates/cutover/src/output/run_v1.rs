//! The lines of JSON of `apply`, `resume` and `give-back`, version 1. Their schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_core::Plan;
use cutover_core::machine::{End, Event, Given, LoanState, RunState, Wake, What, Work};
use cutover_core::plan::action::Task;
use cutover_core::plan::{Action, StepId};
use cutover_runner::journal::RunId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::Exit;

/// The form this module writes.
pub const FORMAT: &str = "cutover-run/1";

/// One line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// Something happened, as the journal holds it.
    Event {
        /// Always `cutover-run/1`.
        format: String,
        /// Number of the run in its journal.
        run: i64,
        /// When.
        #[schemars(with = "String")]
        at: Timestamp,
        /// What.
        what: Box<What>,
    },
    /// Nothing can be done for a while.
    Waits {
        /// Always `cutover-run/1`.
        format: String,
        /// Number of the run in its journal.
        run: i64,
        /// Since when.
        #[schemars(with = "String")]
        at: Timestamp,
        /// When is looked again.
        #[schemars(with = "String")]
        until: Timestamp,
        /// Whose step.
        step: String,
        /// What is waited for.
        for_what: String,
    },
    /// Nothing can be done before a person has done something; the run is taken up by `resume`.
    Asks {
        /// Always `cutover-run/1`.
        format: String,
        /// Number of the run in its journal.
        run: i64,
        /// What is to be done.
        tasks: Vec<Asked>,
        /// Each loan.
        loans: Vec<Loan>,
        /// The exit code that goes with it.
        exit_code: u8,
    },
    /// The run has ended, or was left.
    End {
        /// Always `cutover-run/1`.
        format: String,
        /// Number of the run in its journal.
        run: i64,
        /// `complete`, `incomplete`, or `left` when something may still be out.
        work: String,
        /// What failed, with the reason.
        failed: Vec<Failed>,
        /// The second person who approved the plan, where one was asked for.
        approved_by: Option<String>,
        /// Each loan.
        loans: Vec<Loan>,
        /// The exit code that goes with it.
        exit_code: u8,
    },
}

/// Something that a person does.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Asked {
    /// Which step.
    pub step: String,
    /// What is to be done, where, and how it is verified.
    pub task: Task,
}

/// A step that failed, or whose outcome is not known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Failed {
    /// Which step.
    pub step: String,
    /// Why.
    pub why: String,
    /// Whether its effect may still show.
    pub unknown: bool,
}

/// What became of a loan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Loan {
    /// Which step.
    pub step: String,
    /// `not-out`, `out`, `return-refused`, `returned`, `proved`, `left`.
    pub state: String,
    /// Since when it was out.
    #[schemars(with = "Option<String>")]
    pub lent_at: Option<Timestamp>,
    /// When it was returned.
    #[schemars(with = "Option<String>")]
    pub returned_at: Option<Timestamp>,
    /// When its return was proved.
    #[schemars(with = "Option<String>")]
    pub proved_at: Option<Timestamp>,
    /// What was read then.
    pub seen: Option<String>,
}

/// The stored name of a loan's state.
pub(crate) fn state_name(state: LoanState) -> &'static str {
    match state {
        LoanState::NotOut => "not-out",
        LoanState::Out => "out",
        LoanState::ReturnRefused => "return-refused",
        LoanState::Returned => "returned",
        LoanState::Proved => "proved",
        LoanState::Left => "left",
    }
}

impl Line {
    pub(crate) fn event(run: RunId, event: &Event) -> Self {
        Self::Event {
            format: FORMAT.to_owned(),
            run: run.0,
            at: event.at,
            what: Box::new(event.what.clone()),
        }
    }

    pub(crate) fn waits(run: RunId, now: Timestamp, wake: &Wake) -> Self {
        Self::Waits {
            format: FORMAT.to_owned(),
            run: run.0,
            at: now,
            until: wake.at,
            step: wake.step.to_string(),
            for_what: wake.for_what.clone(),
        }
    }

    pub(crate) fn end(run: RunId, plan: &Plan, state: &RunState, end: Option<&End>, exit: Exit) -> Self {
        let (work, failed) = match end.map(|end| &end.work) {
            None => ("left", Vec::new()),
            Some(Work::Complete) => ("complete", Vec::new()),
            Some(Work::Incomplete { failed, given_up, .. }) => {
                let known = failed.iter().map(|step| (step, false));
                let unknown = given_up.iter().map(|step| (step, true));
                let failed = known.chain(unknown).map(|((step, why), unknown)| Failed {
                    step: step.to_string(),
                    why: why.clone(),
                    unknown,
                });
                ("incomplete", failed.collect())
            }
        };
        Self::End {
            format: FORMAT.to_owned(),
            run: run.0,
            work: work.to_owned(),
            failed,
            approved_by: state.approved.as_ref().map(|approval| approval.by.clone()),
            loans: loans(plan, state),
            exit_code: exit.code(),
        }
    }

    pub(crate) fn asks(run: RunId, plan: &Plan, state: &RunState, tasks: &[StepId], exit: Exit) -> Self {
        let tasks = tasks.iter().filter_map(|id| match &plan.step(id)?.action {
            Action::Task(task) => Some(Asked {
                step: id.to_string(),
                task: task.clone(),
            }),
            _ => None,
        });
        Self::Asks {
            format: FORMAT.to_owned(),
            run: run.0,
            tasks: tasks.collect(),
            loans: loans(plan, state),
            exit_code: exit.code(),
        }
    }

    /// One line of text.
    pub(crate) fn text(&self) -> String {
        // It holds strings, numbers and moments only, which always become JSON.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }
}

fn loans(plan: &Plan, state: &RunState) -> Vec<Loan> {
    plan.loans()
        .map(|(step, _)| {
            let state = state.of(&step.id);
            let returned_at = match &state.undone {
                Given::Done { at, .. } => Some(*at),
                _ => None,
            };
            Loan {
                step: step.id.to_string(),
                state: state_name(state.loan()).to_owned(),
                lent_at: state.lent,
                returned_at,
                proved_at: state.proved.as_ref().map(|proof| proof.at),
                seen: state.proved.map(|proof| proof.seen),
            }
        })
        .collect()
}
