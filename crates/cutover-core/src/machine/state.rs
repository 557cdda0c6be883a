//! Where a run stands, folded from its events.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::event::{Event, Way};
use crate::plan::{Plan, Step, StepId};

/// Where one way of a step stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Given {
    /// Not begun.
    #[default]
    Not,
    /// Begun, and nobody knows yet what came of it; to be settled by looking, not before this moment.
    Begun {
        /// When to look.
        look_at: Timestamp,
        /// What is waited for; `None` when the process ended or the answer was lost in between.
        for_what: Option<String>,
    },
    /// Refused without an effect, to be tried again not before this moment.
    Again {
        /// When.
        at: Timestamp,
        /// Why it was refused.
        why: String,
    },
    /// It is so.
    Done {
        /// When that was read back.
        at: Timestamp,
        /// Whether it was so before: nothing is owed.
        already: bool,
        /// Whether a return was left undone because what is there is not ours.
        not_ours: bool,
        /// What was read back, in words.
        seen: String,
    },
    /// Refused for good, without an effect, or its time ran out. Never of a return.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        why: String,
    },
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StepState {
    /// Its effect.
    pub done: Given,
    /// Its return.
    pub undone: Given,
    /// What was there before the first attempt that may have had an effect.
    pub before: Option<Value>,
    /// The key of the newest attempt of each way.
    pub keys: BTreeMap<Way, Uuid>,
    /// What the newest job or object is named by.
    pub handle: Value,
    /// When it was begun the first time: its waiting is bounded from here.
    pub begun: Option<Timestamp>,
    /// Since when its effect may be there: a loan's time is counted from here.
    pub lent: Option<Timestamp>,
    /// Whether an effect may have been had: then a loan owes its return.
    pub touched: bool,
    /// Whether the answer to an attempt was never heard. What is settled by looking may show later after all, so the return of
    /// such a loan stays owed, and what is found there later is taken for our own effect.
    pub doubted: bool,
    /// How often the return was refused or turned out not to hold.
    pub refusals: u32,
    /// The proof of the return, read after its settling time.
    pub proved: Option<Proof>,
    /// Until when the loan stays out at most, if somebody renewed it.
    pub renewed: Option<Timestamp>,
    /// That it could not be looked at.
    pub unread: Option<Unread>,
    /// Since when a person is asked for it.
    pub asked: Option<Timestamp>,
}

/// What was read after a return, when its settling time was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// When.
    pub at: Timestamp,
    /// In words.
    pub seen: String,
}

/// That a second person approved the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// When.
    pub at: Timestamp,
    /// Object id of the person.
    pub object_id: Uuid,
    /// The person, as people know it.
    pub by: String,
}

/// That a step's object could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Since when.
    pub since: Timestamp,
    /// When to try again.
    pub again: Timestamp,
    /// Why.
    pub why: String,
}

/// A loan as `leases` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoanState {
    /// Not lent, or it was so before.
    NotOut,
    /// Out, or perhaps out.
    Out,
    /// Out, and its return was refused.
    ReturnRefused,
    /// Returned, and not proved yet.
    Returned,
    /// Returned and proved.
    Proved,
    /// Left as it was found at its return, because somebody else had changed it.
    Left,
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq)]
pub struct RunState {
    /// The time of the newest event; `None` before the first.
    pub now: Option<Timestamp>,
    /// Who ended the run, if somebody did.
    pub aborted: Option<String>,
    /// The second person who approved this very plan, where one was asked for.
    pub approved: Option<Approval>,
    /// Each step of the plan.
    pub steps: BTreeMap<StepId, StepState>,
}

/// `at` and a duration; at most the end of time.
pub(super) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// Folds the events of a run. Events that speak of steps the plan does not have are kept out.
pub fn state(plan: &Plan, events: &[Event]) -> RunState {
    let steps = plan.steps.iter().map(|step| (step.id.clone(), StepState::default()));
    let mut run = RunState {
        now: None,
        aborted: None,
        approved: None,
        steps: steps.collect(),
    };
    for event in events {
        // A clock that went backwards neither shortens nor lengthens anything.
        let at = run.now.map_or(event.at, |now| now.max(event.at));
        run.now = Some(at);
        run.take(plan, at, &event.what);
        run.give_up_tasks(plan, at);
    }
    run
}

impl RunState {
    /// The state of a step; an untouched one for a step that the plan does not have.
    pub fn of(&self, step: &StepId) -> StepState {
        self.steps.get(step).cloned().unwrap_or_default()
    }
}

impl StepState {
    /// Whether the step is done and may be built on.
    pub fn is_done(&self) -> bool {
        matches!(self.done, Given::Done { .. })
    }

    /// Whether nothing more will be done for it.
    pub fn has_failed(&self) -> bool {
        matches!(self.done, Given::Failed { .. })
    }

    /// Whether something was lent that has to come back and has not.
    pub fn owes(&self) -> bool {
        self.touched && !matches!(self.undone, Given::Done { .. })
    }

    /// Whether its return was begun, be it in vain.
    pub fn is_returning(&self) -> bool {
        self.undone != Given::Not
    }

    /// As `leases` tells it.
    pub fn loan(&self) -> LoanState {
        match (&self.undone, self.touched) {
            (_, false) => LoanState::NotOut,
            (Given::Done { not_ours: true, .. }, true) => LoanState::Left,
            (Given::Done { .. }, true) if self.proved.is_some() => LoanState::Proved,
            (Given::Done { .. }, true) => LoanState::Returned,
            (Given::Again { .. }, true) if self.refusals > 0 => LoanState::ReturnRefused,
            _ => LoanState::Out,
        }
    }

    /// Until when a loan may stay out; `None` while nothing is out.
    pub fn due(&self, step: &Step) -> Option<Timestamp> {
        let loan = step.loan.as_ref().filter(|_| self.owes())?;
        let lent = self.lent?;
        Some(self.renewed.unwrap_or_else(|| later(lent, loan.limit)))
    }
}
