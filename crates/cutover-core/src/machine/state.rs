//! Where a run stands, folded from its events.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::event::{Event, Outcome, Retry, Way, What};
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
    /// What was there before the effect was begun the first time.
    pub before: Option<Value>,
    /// The key of the newest attempt of each way.
    pub keys: BTreeMap<Way, Uuid>,
    /// What the newest job or object is named by.
    pub handle: Value,
    /// When it was begun the first time.
    pub begun: Option<Timestamp>,
    /// Whether an effect may have been had: then a loan owes its return.
    pub touched: bool,
    /// How often the return was refused since it last went well.
    pub refusals: u32,
    /// After a return: whether it was read back after its settling time, and gone.
    pub proved: Option<String>,
    /// Until when the loan stays out at most, if somebody renewed it.
    pub renewed: Option<Timestamp>,
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
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq)]
pub struct RunState {
    /// The time of the newest event; `None` before the first.
    pub now: Option<Timestamp>,
    /// Who ended the run, if somebody did.
    pub aborted: Option<String>,
    /// Each step of the plan.
    pub steps: BTreeMap<StepId, StepState>,
}

/// First pause before a refused return is tried again; it doubles with each refusal.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn pause(refusals: u32) -> SignedDuration {
    let doubled = FIRST_PAUSE
        .checked_mul(1_i32 << refusals.min(10))
        .unwrap_or(LONGEST_PAUSE);
    doubled.min(LONGEST_PAUSE)
}

/// Folds the events of a run. Events that speak of steps the plan does not have are kept out.
pub fn state(plan: &Plan, events: &[Event]) -> RunState {
    let steps = plan.steps.iter().map(|step| (step.id.clone(), StepState::default()));
    let mut run = RunState {
        now: None,
        aborted: None,
        steps: steps.collect(),
    };
    for event in events {
        // A clock that went backwards neither shortens nor lengthens anything.
        let at = run.now.map_or(event.at, |now| now.max(event.at));
        run.now = Some(at);
        run.take(plan, at, &event.what);
    }
    run
}

impl RunState {
    fn take(&mut self, plan: &Plan, at: Timestamp, what: &What) {
        match what {
            What::Started { step, way, before, key } => self.started(at, step, *way, before, *key),
            What::Pending {
                step,
                way,
                for_what,
                look_at,
                handle,
            } => {
                let at_most = plan.step(step).map(|step| step.settling.at_most).unwrap_or_default();
                if let Some(step) = self.steps.get_mut(step) {
                    step.touched |= *way == Way::Do;
                    if !handle.is_null() {
                        step.handle = handle.clone();
                    }
                    *step.of(*way) = step.waiting(at, *way, for_what, *look_at, at_most);
                }
            }
            What::Ended { step, way, outcome } => {
                let at_most = plan.step(step).map(|step| step.settling.at_most).unwrap_or_default();
                if let Some(step) = self.steps.get_mut(step) {
                    step.ended(at, *way, outcome, at_most);
                }
            }
            What::Proved { step, gone, seen } => {
                if let Some(step) = self.steps.get_mut(step) {
                    if *gone {
                        step.proved = Some(seen.clone());
                    } else {
                        // It is there again, or still: what is owed is owed.
                        step.refusals += 1;
                        step.undone = Given::Again {
                            at: later(at, pause(step.refusals)),
                            why: seen.clone(),
                        };
                    }
                }
            }
            What::Renewed { step, until, .. } => {
                if let Some(step) = self.steps.get_mut(step) {
                    step.renewed = Some(*until);
                }
            }
            What::Aborted { by } => self.aborted = Some(by.clone()),
            What::Time {} | What::Approved { .. } | What::TakenOver { .. } => {}
        }
    }

    fn started(&mut self, at: Timestamp, step: &StepId, way: Way, before: &Value, key: Uuid) {
        let Some(step) = self.steps.get_mut(step) else {
            return;
        };
        step.keys.insert(way, key);
        if way == Way::Do {
            // The first look counts: after it, what is there may be our own effect.
            step.before.get_or_insert_with(|| before.clone());
            step.begun.get_or_insert(at);
            step.touched = true;
        }
        *step.of(way) = Given::Begun {
            look_at: at,
            for_what: None,
        };
    }

    /// The state of a step; an untouched one for a step that the plan does not have.
    pub fn of(&self, step: &StepId) -> StepState {
        self.steps.get(step).cloned().unwrap_or_default()
    }
}

impl StepState {
    fn of(&mut self, way: Way) -> &mut Given {
        match way {
            Way::Do => &mut self.done,
            Way::Undo => &mut self.undone,
        }
    }

    /// Waiting is bounded for an effect, and never for a return.
    fn waiting(&self, at: Timestamp, way: Way, for_what: &str, look_at: Timestamp, at_most: SignedDuration) -> Given {
        let ends = self.begun.map(|begun| later(begun, at_most));
        if way == Way::Do && ends.is_some_and(|ends| at >= ends) {
            return Given::Failed {
                at,
                why: format!("gave up waiting: {for_what}"),
            };
        }
        Given::Begun {
            look_at,
            for_what: Some(for_what.to_owned()),
        }
    }

    fn ended(&mut self, at: Timestamp, way: Way, outcome: &Outcome, at_most: SignedDuration) {
        let done = |already, not_ours, seen: &String| Given::Done {
            at,
            already,
            not_ours,
            seen: seen.clone(),
        };
        let given = match (outcome, way) {
            (Outcome::Done { kept, seen }, _) => {
                if !kept.is_null() {
                    self.handle = kept.clone();
                }
                self.touched |= way == Way::Do;
                done(false, false, seen)
            }
            // What is there without an attempt of ours was somebody else's; after an attempt it is our own effect.
            (Outcome::AlreadySo { seen }, Way::Do) => done(!self.touched, false, seen),
            (Outcome::AlreadySo { seen }, Way::Undo) => done(true, false, seen),
            (Outcome::NotOurs { seen }, _) => done(false, true, seen),
            (Outcome::Unclear { why, look_at }, _) => self.waiting(at, way, why, *look_at, at_most),
            (Outcome::Refused { why, retry }, Way::Do) => {
                self.touched = false;
                let ends = self.begun.map(|begun| later(begun, at_most));
                match retry {
                    Retry::At(again) if ends.is_none_or(|ends| *again <= ends) => Given::Again {
                        at: *again,
                        why: why.clone(),
                    },
                    _ => Given::Failed { at, why: why.clone() },
                }
            }
            (Outcome::Refused { why, retry }, Way::Undo) => {
                let own = later(at, pause(self.refusals));
                self.refusals += 1;
                Given::Again {
                    at: match retry {
                        Retry::At(again) => *again,
                        Retry::Never => own,
                    },
                    why: why.clone(),
                }
            }
        };
        *self.of(way) = given;
    }

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

    /// As `leases` tells it.
    pub fn loan(&self) -> LoanState {
        match (&self.undone, self.touched) {
            (_, false) => LoanState::NotOut,
            (Given::Done { .. }, true) if self.proved.is_some() => LoanState::Proved,
            (Given::Done { .. }, true) => LoanState::Returned,
            (Given::Again { .. }, true) => LoanState::ReturnRefused,
            _ => LoanState::Out,
        }
    }

    /// Until when a loan may stay out; `None` while nothing is out.
    pub fn due(&self, step: &Step) -> Option<Timestamp> {
        let loan = step.loan.as_ref().filter(|_| self.owes())?;
        let begun = self.begun?;
        Some(self.renewed.unwrap_or_else(|| later(begun, loan.limit)))
    }
}
