//! The JSON of `leases`, version 1. Its schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_core::Plan;
use cutover_core::machine::{Given, LoanState, RunState};
use cutover_core::plan::Step;
use cutover_runner::journal::RunRecord;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::run_v1::state_name;

/// The form this module writes.
pub const FORMAT: &str = "cutover-leases/1";

/// A run as its journal tells it.
pub(crate) struct Standing {
    pub(crate) record: RunRecord,
    pub(crate) plan: Plan,
    pub(crate) state: RunState,
    /// Whether a live process drives it.
    pub(crate) is_driven: bool,
    /// Whether it waits for a person, so that nobody has to drive it.
    pub(crate) waits_for_a_person: bool,
    /// The moment by which loans are overdue: the present one where it is known, else that of the newest entry.
    pub(crate) now: Option<Timestamp>,
}

impl Standing {
    /// The loans that are out.
    pub(crate) fn owed(&self) -> impl Iterator<Item = &Step> {
        let loans = self.plan.loans().map(|(step, _)| step);
        loans.filter(|step| self.state.of(&step.id).owes())
    }

    /// Whether somebody has to look after a loan: its run is dead, its return was refused, or its time is over.
    pub(crate) fn is_alarming(&self, step: &Step) -> bool {
        let state = self.state.of(&step.id);
        let over = state.due(step).zip(self.now).is_some_and(|(due, now)| due <= now);
        state.owes()
            && ((!self.is_driven && !self.waits_for_a_person) || over || state.loan() == LoanState::ReturnRefused)
    }

    /// Whether somebody has to look after any of its loans.
    pub(crate) fn alarms(&self) -> bool {
        self.owed().any(|step| self.is_alarming(step))
    }
}

/// What is out on loan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Leases {
    /// Always `cutover-leases/1`.
    pub format: String,
    /// Every run that has not ended; with `--all` the others too.
    pub runs: Vec<Run>,
    /// The exit code that goes with it.
    pub exit_code: u8,
}

/// A run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Run {
    /// Its number in its journal.
    pub run: i64,
    /// Digest of its plan.
    pub plan: String,
    /// Entra tenant id.
    pub tenant_id: String,
    /// Address of the environment.
    pub environment: String,
    /// Whether a live process drives it.
    pub driven: bool,
    /// Who drives it, or did when that process died; in words.
    pub owner: Option<String>,
    /// When it ended.
    #[schemars(with = "Option<String>")]
    pub ended_at: Option<Timestamp>,
    /// The second person who approved the plan, where one was asked for.
    pub approved_by: Option<String>,
    /// Its loans.
    pub loans: Vec<Lease>,
}

/// A loan.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Lease {
    /// Its step.
    pub step: String,
    /// In words.
    pub what: String,
    /// `not-out`, `out`, `return-refused`, `returned`, `proved`, `left`.
    pub state: String,
    /// Since when it is, or was, out.
    #[schemars(with = "Option<String>")]
    pub lent_at: Option<Timestamp>,
    /// Until when it may be out; `null` when it is not.
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// Why its return was refused.
    pub refused: Option<String>,
    /// Whether somebody has to look after it.
    pub alarming: bool,
    /// How it is taken back by hand: menu path.
    pub by_hand: String,
    /// The same as address.
    pub link: String,
}

impl Leases {
    pub(crate) fn new(runs: &[Standing], all: bool, exit_code: u8) -> Self {
        let runs = runs.iter().filter(|run| all || run.record.closed_at.is_none());
        Self {
            format: FORMAT.to_owned(),
            runs: runs.map(Run::new).collect(),
            exit_code,
        }
    }
}

impl Run {
    fn new(run: &Standing) -> Self {
        let loans = run.plan.loans().map(|(step, loan)| {
            let state = run.state.of(&step.id);
            Lease {
                step: step.id.to_string(),
                what: step.action.describe().does(),
                state: state_name(state.loan()).to_owned(),
                lent_at: state.lent,
                due: state.due(step),
                refused: match &state.undone {
                    Given::Again { why, .. } => Some(why.clone()),
                    _ => None,
                },
                alarming: run.is_alarming(step),
                by_hand: loan.by_hand.clone(),
                link: loan.link.clone(),
            }
        });
        Self {
            run: run.record.id.0,
            plan: run.record.digest.clone(),
            tenant_id: run.record.tenant_id.to_string(),
            environment: run.record.environment.clone(),
            driven: run.is_driven,
            owner: run.record.owner.as_ref().map(ToString::to_string),
            ended_at: run.record.closed_at,
            approved_by: run.state.approved.as_ref().map(|approval| approval.by.clone()),
            loans: loans.collect(),
        }
    }
}
