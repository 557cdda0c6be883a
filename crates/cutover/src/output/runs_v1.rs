//! The JSON of `runs`, version 1. Its schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_report::report_v1::{Outcome, Run};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The form this module writes.
pub const FORMAT: &str = "cutover-runs/1";

/// The runs of this machine.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Runs {
    /// Always `cutover-runs/1`.
    pub format: String,
    /// Oldest first within each state folder.
    pub runs: Vec<Line>,
}

/// A run in a few words; `cutover report RUN --format json` tells all of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    /// Its number in its journal.
    pub run: i64,
    /// The state folder of its journal.
    pub state_folder: String,
    /// Whether a live process drives it.
    pub driven: bool,
    /// Tenant, as configured.
    pub tenant: String,
    /// Entra tenant id.
    pub tenant_id: String,
    /// Address of the environment.
    pub environment: String,
    /// When it was begun.
    #[schemars(with = "String")]
    pub began_at: Timestamp,
    /// When it ended; `null` while something may be owed.
    #[schemars(with = "Option<String>")]
    pub ended_at: Option<Timestamp>,
    /// Digest of its plan.
    pub plan: String,
    /// How many steps it has whose effect stays.
    pub steps: usize,
    /// How many loans.
    pub loans: usize,
    /// What became of the work.
    pub work: Outcome,
    /// What became of what was lent.
    pub returns: Outcome,
    /// What is out, in words.
    pub out: Vec<String>,
}

impl Line {
    pub(crate) fn of(run: &Run, state_folder: String, driven: bool) -> Self {
        let is_out = |state: &str| matches!(state, "out" | "return-refused");
        let out = run.loans.iter().filter(|loan| is_out(&loan.state));
        Self {
            run: run.run,
            state_folder,
            driven,
            tenant: run.tenant.clone(),
            tenant_id: run.tenant_id.clone(),
            environment: run.environment.clone(),
            began_at: run.began_at,
            ended_at: run.ended_at,
            plan: run.plan.digest.clone(),
            steps: run.steps.len(),
            loans: run.loans.len(),
            work: run.work.clone(),
            returns: run.returns.clone(),
            out: out.map(|loan| loan.what.clone()).collect(),
        }
    }
}
