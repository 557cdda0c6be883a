//! The decision itself.

use jiff::Timestamp;

use super::end::End;
use super::event::{Event, Way};
use super::outlook::Outlook;
use super::state::{Given, StepState, later, state};
use crate::plan::{Loan, Plan, Step, StepId};

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Make a step's effect.
    Do(StepId),
    /// Take it back.
    Undo(StepId),
    /// Look what came of an attempt.
    Settle(StepId, Way),
    /// Read a returned loan once more.
    Prove(StepId),
    /// Nothing can be done before a person has done these tasks, and said so.
    Ask(Vec<StepId>),
    /// Nothing can be done before this moment, which is always later than the newest event.
    Wait {
        /// When to ask again.
        until: Timestamp,
        /// What is waited for, the earliest first.
        wakes: Vec<Wake>,
    },
    /// The run has ended. Never while something is owed.
    Done(End),
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wake {
    /// When.
    pub at: Timestamp,
    /// Whose step.
    pub step: StepId,
    /// In words.
    pub for_what: String,
}

/// What comes next. Total: every plan and every list of events has an answer.
pub fn next(plan: &Plan, events: &[Event]) -> Next {
    let run = state(plan, events);
    let mut decision = Decision {
        view: Outlook::new(plan, &run),
        wakes: Vec::new(),
        ends: Vec::new(),
        tasks: Vec::new(),
        held_back: None,
    };
    // Attempts of which nobody knows the outcome come before everything, and returns before new work.
    let now = decision.settle().or_else(|| decision.give_back());
    if let Some(next) = now.or_else(|| decision.work()) {
        return next;
    }
    // A person is asked when nothing else goes on; that a loan ends some day is no reason to wait for it first.
    if decision.wakes.is_empty() && !decision.tasks.is_empty() {
        return Next::Ask(decision.tasks);
    }
    let mut wakes = decision.wakes;
    wakes.append(&mut decision.ends);
    wakes.sort();
    match (wakes.first(), decision.held_back) {
        (Some(first), _) => Next::Wait { until: first.at, wakes },
        // Nothing will ever give the right: the return is tried without.
        (None, Some(step)) => Next::Undo(step),
        (None, None) => Next::Done(End::of(&decision.view)),
    }
}

struct Decision<'a> {
    view: Outlook<'a>,
    /// What is waited for.
    wakes: Vec<Wake>,
    /// When loans end.
    ends: Vec<Wake>,
    /// What a person is asked for.
    tasks: Vec<StepId>,
    /// A return that waits for the right to make it.
    held_back: Option<StepId>,
}

/// Whether a return may be made.
enum Right {
    /// As far as can be told.
    There,
    /// By lending this.
    Lend(StepId),
    /// Not yet.
    Comes,
    /// Never: it is done without, then the return is refused, and told.
    Lost,
}

impl<'a> Decision<'a> {
    /// Whether a moment has come; otherwise it is one to wake at.
    fn has_come(&mut self, at: Timestamp, step: &Step, for_what: impl FnOnce() -> String) -> bool {
        if at > self.view.now {
            self.wakes.push(Wake {
                at,
                step: step.id.clone(),
                for_what: for_what(),
            });
        }
        at <= self.view.now
    }

    fn settle(&mut self) -> Option<Next> {
        for step in &self.view.plan.steps {
            let state = self.view.of(&step.id);
            for (way, given) in [(Way::Undo, &state.undone), (Way::Do, &state.done)] {
                let Given::Begun { look_at, for_what } = given else {
                    continue;
                };
                // A return that was begun, or is due, makes what becomes of the effect unimportant.
                if way == Way::Do && for_what.is_some() && self.view.is_given_up(step) {
                    continue;
                }
                if self.has_come(*look_at, step, || for_what.clone().unwrap_or_default()) {
                    return Some(Next::Settle(step.id.clone(), way));
                }
            }
        }
        None
    }

    /// What was lent last comes back first, unless the plan says otherwise.
    fn give_back(&mut self) -> Option<Next> {
        let loans: Vec<(&'a Step, &'a Loan)> = self.view.plan.loans().collect();
        for (step, loan) in loans.into_iter().rev() {
            let state = self.view.of(&step.id);
            if !state.touched {
                continue;
            }
            let next = match &state.undone {
                Given::Begun { .. } => None,
                Given::Done { at, not_ours, .. } => self.prove(step, &state, *at, *not_ours),
                Given::Not | Given::Again { .. } | Given::Failed { .. } => self.undo(step, loan, &state),
            };
            if next.is_some() {
                return next;
            }
        }
        None
    }

    fn prove(&mut self, step: &Step, state: &StepState, at: Timestamp, not_ours: bool) -> Option<Next> {
        if not_ours || state.proved.is_some() {
            return None;
        }
        let proof = later(at, step.action.describe().settles_back());
        let (at, for_what) = match &state.unread {
            Some(unread) => (
                proof.max(unread.again),
                format!("the proof that it is back: {}", unread.why),
            ),
            None => (proof, "the proof that it is back".to_owned()),
        };
        self.has_come(at, step, || for_what)
            .then(|| Next::Prove(step.id.clone()))
    }

    fn undo(&mut self, step: &Step, loan: &Loan, state: &StepState) -> Option<Next> {
        // The end of a loan wakes in any case: it may be another one that has to come back then.
        if let Some(at) = state
            .due(step)
            .filter(|due| !state.is_returning() && *due > self.view.now)
        {
            self.ends.push(Wake {
                at,
                step: step.id.clone(),
                for_what: "the end of the loan".to_owned(),
            });
        }
        // Settled first, unless nobody waits for it any more.
        let waits = matches!(state.done, Given::Begun { .. }) && !self.view.is_given_up(step);
        let serves = !state.is_returning() && self.view.is_needed(step, loan) && !self.view.is_due(step);
        if waits || serves {
            return None;
        }
        if self.view.waits_for_others(step, loan) {
            return None;
        }
        if let Given::Again { at, why } = &state.undone
            && !self.has_come(*at, step, || format!("another try to return it: {why}"))
        {
            return None;
        }
        let right = match self.view.right_of_return(step, loan) {
            Some(right) => self.right(right, 0),
            None => Right::There,
        };
        match right {
            Right::There | Right::Lost => Some(Next::Undo(step.id.clone())),
            Right::Lend(id) => Some(Next::Do(id)),
            Right::Comes => {
                self.held_back.get_or_insert_with(|| step.id.clone());
                None
            }
        }
    }

    /// How the right stands that a loan gives, with the loans that it is lent by: without one of those it is not lent either.
    fn right(&mut self, step: &'a Step, depth: usize) -> Right {
        let state = self.view.of(&step.id);
        if self.view.serves(&step.id) {
            return Right::There;
        }
        if state.has_failed() || state.is_returning() || depth > self.view.plan.steps.len() {
            return Right::Lost;
        }
        if let Given::Begun { .. } = state.done {
            return Right::Comes;
        }
        // While the first loan of the same right is out, that one serves.
        let first: Vec<StepId> = step
            .after_return
            .iter()
            .filter(|id| self.view.is_on_its_way_back(id))
            .cloned()
            .collect();
        if !first.is_empty() {
            return match first.iter().any(|id| self.view.serves(id)) {
                true => Right::There,
                false => Right::Comes,
            };
        }
        for id in &step.after {
            let Some(needed) = self.view.plan.step(id).filter(|needed| needed.loan.is_some()) else {
                continue;
            };
            match self.right(needed, depth + 1) {
                Right::There => {}
                other => return other,
            }
        }
        if let Given::Again { at, why } = &state.done
            && !self.has_come(*at, step, || format!("another try: {why}"))
        {
            return Right::Comes;
        }
        if let Some(unread) = &state.unread
            && !self.has_come(unread.again, step, || format!("another look: {}", unread.why))
        {
            return Right::Comes;
        }
        Right::Lend(step.id.clone())
    }

    fn work(&mut self) -> Option<Next> {
        if self.view.stops() {
            return None;
        }
        for step in &self.view.plan.steps {
            let state = self.view.of(&step.id);
            if !matches!(state.done, Given::Not | Given::Again { .. }) || !self.view.may_follow(step) {
                continue;
            }
            if step.is_task() {
                self.tasks.push(step.id.clone());
                continue;
            }
            if let Given::Again { at, why } = &state.done
                && !self.has_come(*at, step, || format!("another try: {why}"))
            {
                continue;
            }
            if let Some(unread) = &state.unread
                && !self.has_come(unread.again, step, || format!("another look: {}", unread.why))
            {
                continue;
            }
            return Some(Next::Do(step.id.clone()));
        }
        None
    }
}
