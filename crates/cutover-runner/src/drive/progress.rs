//! What a run tells while it goes on.

use cutover_core::machine::{Event, RunState, Wake};
use cutover_core::plan::{Plan, StepId};
use jiff::{SignedDuration, Timestamp};

use crate::journal::RunId;

/// Where the run stands, for whoever tells of it.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Its number in the journal.
    pub run: RunId,
    /// Its plan.
    pub plan: &'a Plan,
    /// Each step.
    pub state: &'a RunState,
    /// The time of the run.
    pub now: Timestamp,
}

/// Whoever wants to know how a run goes on. What it does changes nothing in the run.
pub trait Progress {
    /// Something happened, and is in the journal.
    fn happened(&mut self, view: View<'_>, event: &Event);
    /// Nothing can be done before a moment.
    fn waits(&mut self, view: View<'_>, until: Timestamp, wakes: &[Wake]);
    /// The clock was put back (negative) or forward.
    fn clock_leapt(&mut self, by: SignedDuration);
    /// An effect is asked for, or looked for; it may take a while.
    fn asks(&mut self, view: View<'_>, step: &StepId) {
        let _ = (view, step);
    }
}

/// Tells nobody.
impl Progress for () {
    fn happened(&mut self, _: View<'_>, _: &Event) {}
    fn waits(&mut self, _: View<'_>, _: Timestamp, _: &[Wake]) {}
    fn clock_leapt(&mut self, _: SignedDuration) {}
}
