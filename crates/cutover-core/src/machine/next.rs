//! The decision itself.

use jiff::Timestamp;

use super::event::{Event, Way};
use super::state::{Given, LoanState, RunState, StepState, state};
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
    /// Nothing can be done before this moment.
    Wait {
        /// When to ask again.
        until: Timestamp,
        /// What is waited for.
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
        /// Failed, with the reason.
        failed: Vec<(StepId, String)>,
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

/// What comes next. Total: every plan and every list of events has an answer.
pub fn next(plan: &Plan, events: &[Event]) -> Next {
    let run = state(plan, events);
    let now = run.now.unwrap_or(plan.made_at);
    let mut wakes = Vec::new();
    let view = View { plan, run: &run, now };

    if let Some(next) = view.settle(&mut wakes) {
        return next;
    }
    if let Some(next) = view.give_back(&mut wakes) {
        return next;
    }
    if let Some(next) = view.work(&mut wakes) {
        return next;
    }
    wakes.sort();
    match wakes.first() {
        Some(first) => Next::Wait { until: first.at, wakes },
        None => Next::Done(view.end()),
    }
}

struct View<'a> {
    plan: &'a Plan,
    run: &'a RunState,
    now: Timestamp,
}

impl View<'_> {
    fn of(&self, step: &StepId) -> StepState {
        self.run.of(step)
    }

    /// No new work: somebody ended the run, or a step failed.
    fn stops(&self) -> bool {
        self.run.aborted.is_some() || self.run.steps.values().any(StepState::has_failed)
    }

    /// Attempts of which nobody knows the outcome are looked at before anything else is begun.
    fn settle(&self, wakes: &mut Vec<Wake>) -> Option<Next> {
        for step in &self.plan.steps {
            let state = self.of(&step.id);
            for (way, given) in [(Way::Undo, &state.undone), (Way::Do, &state.done)] {
                let Given::Begun { look_at, for_what } = given else {
                    continue;
                };
                // A return that was begun, or is due, makes what becomes of the effect unimportant.
                if way == Way::Do && for_what.is_some() && self.is_given_up(step, &state) {
                    continue;
                }
                if *look_at <= self.now {
                    return Some(Next::Settle(step.id.clone(), way));
                }
                wakes.push(Wake {
                    at: *look_at,
                    step: step.id.clone(),
                    for_what: for_what.clone().unwrap_or_default(),
                });
            }
        }
        None
    }

    /// Whether an effect that does not show yet is waited for no more.
    fn is_given_up(&self, step: &Step, state: &StepState) -> bool {
        if self.stops() {
            return true;
        }
        step.loan.is_some() && state.due(step).is_some_and(|due| due <= self.now)
    }

    fn give_back(&self, wakes: &mut Vec<Wake>) -> Option<Next> {
        for (step, loan) in self.plan.loans() {
            let state = self.of(&step.id);
            if !state.touched {
                continue;
            }
            match &state.undone {
                Given::Begun { .. } => {}
                Given::Done { at, not_ours, .. } => {
                    if *not_ours || state.proved.is_some() {
                        continue;
                    }
                    let proof = at.checked_add(step.action.describe().settles_back()).unwrap_or(*at);
                    if proof <= self.now {
                        return Some(Next::Prove(step.id.clone()));
                    }
                    wakes.push(Wake {
                        at: proof,
                        step: step.id.clone(),
                        for_what: "the proof that it is back".to_owned(),
                    });
                }
                Given::Not | Given::Again { .. } | Given::Failed { .. } => {
                    if !self.is_to_be_returned(step, loan, &state) {
                        if let Some(due) = state.due(step) {
                            wakes.push(Wake {
                                at: due,
                                step: step.id.clone(),
                                for_what: "the end of the loan".to_owned(),
                            });
                        }
                        continue;
                    }
                    match &state.undone {
                        Given::Again { at, why } if *at > self.now => wakes.push(Wake {
                            at: *at,
                            step: step.id.clone(),
                            for_what: format!("another try to return it: {why}"),
                        }),
                        _ => return Some(Next::Undo(step.id.clone())),
                    }
                }
            }
        }
        None
    }

    fn is_to_be_returned(&self, step: &Step, loan: &Loan, state: &StepState) -> bool {
        // Settled first, unless nobody waits for it any more.
        if matches!(&state.done, Given::Begun { for_what, .. } if for_what.is_none() || !self.is_given_up(step, state))
        {
            return false;
        }
        let due = state.due(step).is_some_and(|due| due <= self.now);
        let needed = loan.for_steps.iter().any(|id| {
            let state = self.of(id);
            self.plan.step(id).is_some() && !self.stops() && !state.is_done() && !state.has_failed()
        });
        if needed && !due {
            return false;
        }
        // Loans that come back first are back, or were never out.
        loan.return_after
            .iter()
            .all(|id| !self.of(id).owes() || !self.is_loan(id))
    }

    fn is_loan(&self, id: &StepId) -> bool {
        self.plan.step(id).is_some_and(|step| step.loan.is_some())
    }

    fn work(&self, wakes: &mut Vec<Wake>) -> Option<Next> {
        if self.stops() {
            return None;
        }
        for step in &self.plan.steps {
            let state = self.of(&step.id);
            match &state.done {
                Given::Not => {
                    if self.may_begin(step) {
                        return Some(Next::Do(step.id.clone()));
                    }
                }
                Given::Again { at, why } => {
                    if *at <= self.now {
                        return Some(Next::Do(step.id.clone()));
                    }
                    wakes.push(Wake {
                        at: *at,
                        step: step.id.clone(),
                        for_what: format!("another try: {why}"),
                    });
                }
                Given::Begun { .. } | Given::Done { .. } | Given::Failed { .. } => {}
            }
        }
        None
    }

    /// Everything it needs is done and not given back; a loan is lent only when something that needs it could follow at once.
    fn may_begin(&self, step: &Step) -> bool {
        let ready = step.after.iter().all(|id| self.serves(id));
        let Some(loan) = &step.loan else {
            return ready;
        };
        ready
            && loan.for_steps.iter().any(|id| {
                let Some(user) = self.plan.step(id) else {
                    return false;
                };
                let state = self.of(id);
                let others = user.after.iter().filter(|id| !self.is_loan(id));
                matches!(state.done, Given::Not) && others.into_iter().all(|id| self.serves(id))
            })
    }

    /// Whether a step is done and, if it lends something, that is still out.
    fn serves(&self, id: &StepId) -> bool {
        let state = self.of(id);
        state.is_done() && matches!(state.undone, Given::Not)
    }

    fn end(&self) -> End {
        let failed = self.plan.steps.iter().filter_map(|step| match self.of(&step.id).done {
            Given::Failed { why, .. } => Some((step.id.clone(), why)),
            _ => None,
        });
        let failed: Vec<_> = failed.collect();
        let open = self.plan.steps.iter().filter(|step| {
            let state = self.of(&step.id);
            !state.is_done() && !state.has_failed()
        });
        // A loan that nothing asked for is no work left over.
        let not_begun: Vec<StepId> = open
            .filter(|step| match &step.loan {
                None => true,
                Some(loan) => loan.for_steps.iter().any(|id| !self.of(id).is_done()),
            })
            .map(|step| step.id.clone())
            .collect();
        let work = match failed.is_empty() && not_begun.is_empty() {
            true => Work::Complete,
            false => Work::Incomplete {
                failed,
                not_begun,
                aborted: self.run.aborted.clone(),
            },
        };
        let with = |wanted: fn(&StepState) -> bool| {
            let loans = self.plan.loans().filter(|(step, _)| wanted(&self.of(&step.id)));
            loans.map(|(step, _)| step.id.clone()).collect()
        };
        End {
            work,
            returns: Returns {
                proved: with(|state| state.loan() == LoanState::Proved),
                left: with(|state| matches!(state.undone, Given::Done { not_ours: true, .. }) && state.touched),
            },
        }
    }
}
