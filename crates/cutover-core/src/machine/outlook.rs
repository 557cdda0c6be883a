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

    /// Whether a step that needs the loan may still be done, or a loan has to come back by its right.
    pub(super) fn is_needed(&self, step: &Step, loan: &Loan) -> bool {
        let waits = |id: &StepId| self.alive.contains(id) && !self.of(id).is_done();
        (!self.stops() && loan.for_steps.iter().any(waits)) || self.is_for_return(&step.id, &mut BTreeSet::new())
    }

    /// Whether a loan has to come back by this one's right, or by that of one that is lent by this one's right.
    fn is_for_return<'s>(&'s self, right: &'s StepId, seen: &mut BTreeSet<&'s StepId>) -> bool {
        if !seen.insert(right) {
            return false;
        }
        let mut loans = self.plan.loans();
        let returns = loans.any(|(step, loan)| {
            step.id != *right && loan.returned_with.as_ref() == Some(right) && self.has_to_come_back(step, loan)
        });
        let further = self.plan.step(right).and_then(|step| step.loan.as_ref());
        let mut further = further.iter().flat_map(|loan| &loan.for_steps);
        returns
            || further.any(|id| {
                let state = self.of(id);
                let comes = self.is_loan(id) && !state.is_done() && !state.has_failed();
                comes && self.is_for_return(id, seen)
            })
    }

    /// Another loan that gives the right by which this one is returned. One that is itself returned by another one's right
    /// gives none: a return leads to one further loan, and no further.
    pub(super) fn right_of_return(&self, step: &Step, loan: &Loan) -> Option<&'a Step> {
        let right = self.plan.step(loan.returned_with.as_ref()?)?;
        let returned_alone = right.loan.as_ref().is_some_and(|loan| loan.returned_with.is_none());
        (right.id != step.id && returned_alone).then_some(right)
    }

    /// Whether a loan is out that serves nothing any more.
    fn has_to_come_back(&self, step: &Step, loan: &Loan) -> bool {
        let waits = |id: &StepId| self.alive.contains(id) && !self.of(id).is_done();
        let serves = !self.stops() && loan.for_steps.iter().any(waits) && !self.is_due(step);
        let state = self.of(&step.id);
        state.owes() && (state.is_returning() || !serves)
    }

    /// Whether a loan is back and that is proved, or it will not be lent any more. Before the proof nobody lends the same thing
    /// again: what is read then would be taken for the first loan.
    fn is_back(&self, id: &StepId) -> bool {
        let Some((step, loan)) = self.plan.loans().find(|(step, _)| step.id == *id) else {
            return true;
        };
        let is_needed = !self.of(id).is_returning() && self.is_needed(step, loan);
        !self.is_on_its_way_back(id) && !is_needed
    }

    /// Whether something was lent of which it is not proved that it is back.
    pub(super) fn is_on_its_way_back(&self, id: &StepId) -> bool {
        let state = self.of(id);
        let left = matches!(state.undone, Given::Done { not_ours: true, .. });
        self.is_loan(id) && state.touched && state.proved.is_none() && !left
    }

    /// Whether an effect that does not show yet is waited for no more. The right by which something comes back always is.
    pub(super) fn is_given_up(&self, step: &Step) -> bool {
        if self.of(&step.id).is_returning() {
            return true;
        }
        let Some(loan) = &step.loan else {
            return self.stops();
        };
        let is_over = self.stops() || self.is_due(step) || !self.is_needed(step, loan);
        is_over && !self.is_for_return(&step.id, &mut BTreeSet::new())
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

    /// Whether everything a step needs is done and not given back, and what has to be back before it is. A loan is lent only
    /// when something that needs it could follow at once.
    pub(super) fn may_follow(&self, step: &'a Step) -> bool {
        self.is_open(step) && self.is_wanted(step, &mut BTreeSet::new())
    }

    /// Whether everything a step needs is done and not given back, and what has to be back before it is.
    pub(super) fn is_open(&self, step: &Step) -> bool {
        !self.of(&step.id).is_returning()
            && step.after.iter().all(|id| self.serves(id))
            && step.after_return.iter().all(|id| self.is_back(id))
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
            open && self.lacks_loans_only(user, 0) && self.is_wanted(user, seen)
        })
    }

    /// Whether everything that a step needs is there, but for loans that could be lent by now.
    fn lacks_loans_only(&self, step: &Step, depth: usize) -> bool {
        depth <= self.plan.steps.len()
            && step.after.iter().all(|id| {
                let lent = self.plan.step(id).filter(|step| step.loan.is_some());
                match lent {
                    Some(lent) if !self.serves(id) => self.alive.contains(id) && self.lacks_loans_only(lent, depth + 1),
                    _ => self.serves(id),
                }
            })
    }
}
