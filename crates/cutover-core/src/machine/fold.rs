//! What one event changes.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::event::{Outcome, Retry, Way, What};
use super::state::{Approval, Given, Proof, RunState, StepState, Unread, later};
use crate::plan::{Plan, Step, StepId};

/// First pause before a refused return is tried again; it doubles with each refusal.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// Nothing is looked at, and no return tried, more often than this.
const SHORTEST_WISH: SignedDuration = SignedDuration::from_secs(1);
/// The longest that a service may put off a look or a return by its own word: a loan does not stay out for a wrong header.
const LONGEST_WISH: SignedDuration = SignedDuration::from_hours(1);

fn pause(refusals: u32) -> SignedDuration {
    let doubled = FIRST_PAUSE
        .checked_mul(1_i32 << refusals.min(10))
        .unwrap_or(LONGEST_PAUSE);
    doubled.min(LONGEST_PAUSE)
}

/// A moment that somebody asked for, within reason.
fn wished(at: Timestamp, wish: Timestamp) -> Timestamp {
    wish.clamp(later(at, SHORTEST_WISH), later(at, LONGEST_WISH))
}

impl RunState {
    pub(super) fn take(&mut self, plan: &Plan, at: Timestamp, what: &What) {
        match what {
            What::Aborted { by } => self.aborted = Some(by.clone()),
            What::TakenOver { .. } => {
                for step in self.steps.values_mut() {
                    let unheard = |given: &Given| matches!(given, Given::Begun { for_what: None, .. });
                    step.doubted |= unheard(&step.done);
                }
            }
            What::Started { step, way, before, key } => {
                self.with(step, |step| step.started(at, *way, before, *key));
            }
            What::Pending {
                step,
                way,
                for_what,
                look_at,
                handle,
            } => {
                let at_most = at_most(plan, step);
                self.with(step, |step| {
                    step.effect_shows(at, *way);
                    if !handle.is_null() {
                        step.handle = handle.clone();
                    }
                    let given = step.waiting(at, *way, for_what, *look_at, at_most);
                    *step.given(*way) = given;
                });
            }
            What::Ended { step, way, outcome } => {
                let at_most = at_most(plan, step);
                self.with(step, |step| step.ended(at, *way, outcome, at_most));
            }
            What::Proved { step, gone, seen } => self.with(step, |step| step.was_proved(at, *gone, seen)),
            What::Unread { step, why, again } => {
                let at_most = at_most(plan, step);
                self.with(step, |step| step.was_unread(at, why, *again, at_most));
            }
            What::Renewed { step, until, .. } => self.with(step, |step| {
                if step.owes() {
                    step.renewed = Some(*until);
                }
            }),
            What::Asked { step } => self.with(step, |step| {
                step.asked.get_or_insert(at);
            }),
            What::Answered { step, done, seen, by } => {
                let is_task = plan.step(step).is_some_and(Step::is_task);
                self.with(step, |step| step.answered(at, is_task, *done, seen, by));
            }
            // An approval of another plan approves nothing here.
            What::Approved { digest, object_id, by } if *digest == plan.digest => {
                self.approved = Some(Approval {
                    at,
                    object_id: *object_id,
                    by: by.clone(),
                });
            }
            What::Time {} | What::Approved { .. } => {}
        }
    }

    /// A person is waited for as long as the plan says, and no longer.
    pub(super) fn give_up_tasks(&mut self, plan: &Plan, at: Timestamp) {
        for step in plan.steps.iter().filter(|step| step.is_task()) {
            self.with(&step.id, |state| {
                let ends = state.asked.map(|asked| later(asked, step.settling.at_most));
                if state.done == Given::Not && ends.is_some_and(|ends| at >= ends) {
                    state.done = Given::Failed {
                        at,
                        why: "nobody said that it was done".to_owned(),
                    };
                }
            });
        }
    }

    fn with(&mut self, step: &StepId, change: impl FnOnce(&mut StepState)) {
        if let Some(step) = self.steps.get_mut(step) {
            change(step);
        }
    }
}

fn at_most(plan: &Plan, step: &StepId) -> SignedDuration {
    plan.step(step).map(|step| step.settling.at_most).unwrap_or_default()
}

impl StepState {
    fn given(&mut self, way: Way) -> &mut Given {
        match way {
            Way::Do => &mut self.done,
            Way::Undo => &mut self.undone,
        }
    }

    fn started(&mut self, at: Timestamp, way: Way, before: &Value, key: Uuid) {
        self.keys.insert(way, key);
        self.unread = None;
        if way == Way::Do {
            // The first look counts: after it, what is there may be our own effect.
            self.before.get_or_insert_with(|| before.clone());
            self.begun.get_or_insert(at);
            self.lent.get_or_insert(at);
            self.touched = true;
        } else {
            self.proved = None;
        }
        *self.given(way) = Given::Begun {
            look_at: at,
            for_what: None,
        };
    }

    /// An effect may be there. One that shows after its return is owed again.
    fn effect_shows(&mut self, at: Timestamp, way: Way) {
        if way == Way::Undo {
            return;
        }
        if !self.touched || matches!(self.undone, Given::Done { .. }) {
            self.lent = Some(at);
            self.undone = Given::Not;
            self.proved = None;
            self.renewed = None;
        }
        self.touched = true;
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
            look_at: wished(at, look_at),
            for_what: Some(for_what.to_owned()),
        }
    }

    fn ended(&mut self, at: Timestamp, way: Way, outcome: &Outcome, at_most: SignedDuration) {
        self.unread = None;
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
                self.effect_shows(at, way);
                done(false, false, seen)
            }
            // What is there without an attempt of ours was somebody else's; after an attempt it is our own effect.
            (Outcome::AlreadySo { seen }, Way::Do) => done(!self.touched, false, seen),
            (Outcome::AlreadySo { seen }, Way::Undo) => done(true, false, seen),
            (Outcome::NotOurs { seen }, _) => done(false, true, seen),
            (Outcome::Unclear { why, look_at }, _) => {
                self.doubted |= way == Way::Do;
                self.waiting(at, way, why, *look_at, at_most)
            }
            (Outcome::Refused { why, retry }, Way::Do) => self.refused(at, why, *retry, at_most),
            (Outcome::Refused { why, retry }, Way::Undo) => {
                let own = later(at, pause(self.refusals));
                // What the platform takes back from nobody yet is no refusal that anybody could look after.
                let counts = !matches!(retry, Retry::NotBefore(_));
                self.refusals = self.refusals.saturating_add(u32::from(counts));
                Given::Again {
                    at: match retry {
                        Retry::At(again) | Retry::NotBefore(again) => wished(at, *again),
                        Retry::Never => own,
                    },
                    why: why.clone(),
                }
            }
        };
        *self.given(way) = given;
    }

    /// Only a task that still waits for its answer takes one.
    fn answered(&mut self, at: Timestamp, is_task: bool, done: bool, seen: &str, by: &str) {
        if !is_task || self.done != Given::Not {
            return;
        }
        self.done = match done {
            true => Given::Done {
                at,
                already: false,
                not_ours: false,
                seen: format!("{by} says: {seen}"),
            },
            false => Given::Failed {
                at,
                why: format!("{by} says that it was not done: {seen}"),
            },
        };
    }

    /// An effect was refused.
    fn refused(&mut self, at: Timestamp, why: &str, retry: Retry, at_most: SignedDuration) -> Given {
        if !self.doubted {
            // Nothing is there by us, so the next look finds what is there without us.
            self.touched = false;
            self.lent = None;
            self.before = None;
        }
        let ends = self.begun.map(|begun| later(begun, at_most));
        match retry {
            Retry::At(again) | Retry::NotBefore(again) if ends.is_none_or(|ends| again <= ends && at < ends) => {
                Given::Again {
                    at: again.max(later(at, SHORTEST_WISH)),
                    why: why.to_owned(),
                }
            }
            _ => Given::Failed {
                at,
                why: why.to_owned(),
            },
        }
    }

    fn was_proved(&mut self, at: Timestamp, gone: bool, seen: &str) {
        self.unread = None;
        if gone {
            self.proved = Some(Proof {
                at,
                seen: seen.to_owned(),
            });
            return;
        }
        // It is there again, or still: what is owed is owed.
        self.undone = Given::Again {
            at: later(at, pause(self.refusals)),
            why: seen.to_owned(),
        };
        self.refusals = self.refusals.saturating_add(1);
    }

    /// A look before an effect is bounded like the effect; a look for a proof is not.
    fn was_unread(&mut self, at: Timestamp, why: &str, again: Timestamp, at_most: SignedDuration) {
        let since = self.unread.as_ref().map_or(at, |unread| unread.since);
        let before_effect = matches!(self.done, Given::Not | Given::Again { .. }) && !self.is_returning();
        if before_effect && at >= later(since, at_most) {
            self.unread = None;
            self.done = Given::Failed {
                at,
                why: format!("could not be looked at: {why}"),
            };
            return;
        }
        self.unread = Some(Unread {
            since,
            again: wished(at, again),
            why: why.to_owned(),
        });
    }
}
