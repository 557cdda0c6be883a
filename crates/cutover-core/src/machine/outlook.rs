//! What can still happen: which steps may end, which loans are due, which may come back now.
//!
//! Everything here holds for plans that no lint has seen: unknown names, loops and steps of the same name end in less work,
//! never in a loan that stays out.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::state::{Given, RunState, StepState};
use crate::plan::{Loan, Plan, Step, StepId};

pub(super) struct Outlook<'a> {
    pub(super) plan: &'a Plan,
    pub(super) run: &'a RunState,
    pub(super) now: Timestamp,
    /// Steps that are done and still hold, or may come to that.
    alive: BTreeSet<&'a StepId>,
    /// Loans whose time is over, and those that have to be back before them.
    due: BTreeSet<&'a StepId>,
}

impl<'a> Outlook<'a> {
    pub(super) fn new(plan: &'a Plan, run: &'a RunState) -> Self {
        let mut view = Self {
            plan,
            run,
            now: run.now.unwrap_or(plan.made_at),
            alive: BTreeSet::new(),
            due: BTreeSet::new(),
        };
        view.find_alive();
        view.find_due();
        view
    }

    pub(super) fn of(&self, step: &StepId) -> StepState {
        self.run.of(step)
    }

    /// No new work: somebody ended the run, or a step failed.
    pub(super) fn stops(&self) -> bool {
        self.run.aborted.is_some() || self.run.steps.values().any(StepState::has_failed)
    }

    pub(super) fn is_loan(&self, id: &StepId) -> bool {
        self.plan.step(id).is_some_and(|step| step.loan.is_some())
    }

    fn owes(&self, id: &StepId) -> bool {
        self.is_loan(id) && self.of(id).owes()
    }

    /// Whether a step is done and, if it lends something, that is still out.
    pub(super) fn serves(&self, id: &StepId) -> bool {
        let state = self.of(id);
        state.is_done() && !state.is_returning()
    }

    /// Grows the set from what is so; what only builds on itself never gets in.
    fn find_alive(&mut self) {
        loop {
            let before = self.alive.len();
            for step in &self.plan.steps {
                let state = self.of(&step.id);
                let begun = matches!(state.done, Given::Begun { .. } | Given::Done { .. });
                let may = !state.has_failed() && !state.is_returning();
                if may && (begun || step.after.iter().all(|id| self.alive.contains(id))) {
                    self.alive.insert(&step.id);
                }
            }
            if self.alive.len() == before {
                return;
            }
        }
    }

    fn find_due(&mut self) {
        for (step, _) in self.plan.loans() {
            if self.of(&step.id).due(step).is_some_and(|due| due <= self.now) {
                self.due.insert(&step.id);
            }
        }
        loop {
            let before = self.due.len();
            for (step, loan) in self.plan.loans() {
                if self.due.contains(&step.id) {
                    self.due
                        .extend(loan.return_after.iter().filter(|id| self.run.of(id).owes()));
                }
            }
            if self.due.len() == before {
                return;
            }
        }
    }

    /// Whether a loan's time is over.
    pub(super) fn is_due(&self, step: &Step) -> bool {
        self.due.contains(&step.id)
    }

    /// Whether a step that needs the loan may still be done.
    pub(super) fn is_needed(&self, loan: &Loan) -> bool {
        let waits = |id: &StepId| self.alive.contains(id) && !self.of(id).is_done();
        !self.stops() && loan.for_steps.iter().any(waits)
    }

    /// Whether an effect that does not show yet is waited for no more.
    pub(super) fn is_given_up(&self, step: &Step) -> bool {
        self.stops()
            || self.of(&step.id).is_returning()
            || step
                .loan
                .as_ref()
                .is_some_and(|loan| self.is_due(step) || !self.is_needed(loan))
    }

    /// Whether loans that come back before this one are still out. Loans that wait for each other wait for nobody.
    pub(super) fn waits_for_others(&self, step: &Step, loan: &Loan) -> bool {
        let first = loan.return_after.iter();
        first
            .filter(|id| **id != step.id && self.owes(id))
            .any(|id| !self.comes_after(id, &step.id))
    }

    /// Whether, by the orders of return of what is out, `id` comes back after `other`.
    fn comes_after(&self, id: &StepId, other: &StepId) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if id == other {
                return true;
            }
            if !seen.insert(id) {
                continue;
            }
            let loan = self.plan.step(id).and_then(|step| step.loan.as_ref());
            let first = loan.iter().flat_map(|loan| &loan.return_after);
            open.extend(first.filter(|id| self.owes(id)));
        }
        false
    }

    /// Whether everything a step needs is done and not given back. A loan is lent only when something that needs it could
    /// follow at once.
    pub(super) fn may_follow(&self, step: &'a Step) -> bool {
        !self.of(&step.id).is_returning()
            && step.after.iter().all(|id| self.serves(id))
            && self.is_wanted(step, &mut BTreeSet::new())
    }

    /// Whether something that needs a loan lacks nothing but loans; of what is no loan always.
    fn is_wanted(&self, step: &'a Step, seen: &mut BTreeSet<&'a StepId>) -> bool {
        let Some(loan) = &step.loan else {
            return true;
        };
        if !seen.insert(&step.id) {
            return false;
        }
        loan.for_steps.iter().any(|id| {
            let Some(user) = self.plan.step(id) else {
                return false;
            };
            let open = matches!(self.of(id).done, Given::Not | Given::Again { .. });
            let lacks_loans_only = user.after.iter().all(|id| match self.is_loan(id) {
                true => self.alive.contains(id),
                false => self.serves(id),
            });
            open && lacks_loans_only && self.is_wanted(user, seen)
        })
    }
}
