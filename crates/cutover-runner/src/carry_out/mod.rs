//! Carrying a plan out: the effects that steps have in a tenant.
//!
//! Whoever drives a run knows effects only as [`Effects`]; what a step writes, and how it is read back, is the business of one
//! file for each action.

mod actions;
mod busy;
mod drive;
mod ensure;
mod handle;
mod import;
mod import_record;
mod last_holder;
mod operation;
mod refusal;
mod row;
mod schedule;
mod security_role;
mod site;
mod standing;
mod tenant_effects;
mod window;

pub use tenant_effects::{NoPartner, TenantEffects};

use cutover_core::machine::{Outcome, StepState, Way};
use cutover_core::plan::Step;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// What is there now.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// Whether it is as the step would make it: then nothing is done and nothing is owed.
    pub held: bool,
    /// What a return needs to know of it, in the action's own shape; goes into the journal as it is, so never a secret.
    pub value: Value,
    /// The same in words.
    pub seen: String,
}

/// What came of an attempt, or of looking for what came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Attempt {
    /// It is settled.
    Ended(Outcome),
    /// It has its effect, or may get it, and does not show yet.
    Pending {
        /// What is waited for.
        for_what: String,
        /// When to look again.
        look_at: Timestamp,
        /// What the service named it by; null where it named nothing.
        handle: Value,
    },
}

/// A text that was read on the way and is kept with the run. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name within the run, as [`crate::journal::Document::name`].
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// Why something could not be read; the same may be tried later.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct CannotLook {
    /// What happened, where, and what to do.
    pub why: String,
    /// When to try again.
    pub again: Timestamp,
}

/// The effects of steps, in one tenant and environment. All methods are safe to call again.
#[allow(async_fn_in_trait, reason = "driven on one thread")]
pub trait Effects {
    /// Reads what is there. Sends nothing but reads.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn look(&self, step: &Step) -> Result<Looked, CannotLook>;

    /// Makes the step's effect; `key` names this attempt and is sent along where the service keeps it. `before` is what was
    /// there. Reads back before it says *done*.
    async fn make(&self, step: &Step, before: &Value, key: Uuid) -> Attempt;

    /// Takes the effect back, if what is there is still ours; reads back before it says *done*.
    async fn take_back(&self, step: &Step, state: &StepState, key: Uuid) -> Attempt;

    /// Looks what came of the newest attempt: by what the service named it by, else by its key, else by what is there against
    /// what was there before. Never repeats it. An attempt without an effect is `Refused` with a moment to try again.
    async fn settle(&self, step: &Step, way: Way, state: &StepState) -> Attempt;

    /// Whether a returned loan is gone, and what was there before is there; with what was read, in words.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn prove(&self, step: &Step, state: &StepState) -> Result<(bool, String), CannotLook>;

    /// What was read on the way since the last time and is to be kept with the run.
    fn found(&self) -> Vec<Found> {
        Vec::new()
    }
}
