//! A tenant in miniature, and whoever drives a plan in it: one object for each step, answers by script, a program that dies
//! where it is told to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cutover_core::machine::{End, Event, Next, Outcome, Retry, StepState, Way, What, next, state};
use cutover_core::plan::{Plan, Step, StepId};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::plans::start;

/// What a service answers to one attempt, and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Refused, to be tried again after so many minutes.
    Later(i64),
    /// Refused for good.
    Never,
    /// No answer; it has its effect.
    LostApplied,
    /// No answer; it has none.
    LostUnapplied,
    /// No answer; it gets its effect half a minute later, after somebody looked.
    LostLate,
    /// It shows after so many minutes.
    Shows(i64),
    /// It is accepted, and refused when it is looked at.
    AcceptedThenNever,
}

/// What happens while the program runs, when the journal has so many entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Incident {
    /// Somebody ends the run.
    Abort,
    /// Somebody renews the newest loan by so many minutes.
    Renew(i64),
    /// The clock is put back or forward by so many minutes.
    Clock(i64),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) held_before: BTreeSet<StepId>,
    pub(crate) makes: BTreeMap<StepId, VecDeque<Reply>>,
    pub(crate) returns: BTreeMap<StepId, VecDeque<Reply>>,
    /// How often nothing can be read.
    pub(crate) unreadable: BTreeMap<StepId, usize>,
    /// At which opportunities the program dies: before and after each effect.
    pub(crate) dies: BTreeSet<usize>,
    pub(crate) incidents: BTreeMap<usize, Vec<Incident>>,
}

#[derive(Debug, Clone, Default)]
struct Object {
    held: bool,
    /// When it comes to be held, or not held any more.
    turns: Option<(Timestamp, bool)>,
    /// What was accepted turns out to be refused.
    denied: bool,
    /// What was asked for and does not show yet.
    shows_at: Option<Timestamp>,
}

/// How it went.
pub(crate) struct Story {
    pub(crate) end: End,
    /// How often the program could have died.
    pub(crate) opportunities: usize,
}

pub(crate) struct World<'a> {
    plan: &'a Plan,
    script: Script,
    now: Timestamp,
    /// What the clock shows beside the time that passes.
    skew: SignedDuration,
    events: Vec<Event>,
    objects: BTreeMap<StepId, Object>,
    opportunities: usize,
    /// Whether the plan is one that a lint would refuse, with loops in its orders.
    wild: bool,
}

/// The program died.
struct Dead;

impl<'a> World<'a> {
    pub(crate) fn new(plan: &'a Plan, script: Script) -> Self {
        let object = |id: &StepId| Object {
            held: script.held_before.contains(id),
            ..Object::default()
        };
        let objects = plan.steps.iter().map(|step| (step.id.clone(), object(&step.id)));
        Self {
            plan,
            objects: objects.collect(),
            script,
            now: start(),
            skew: SignedDuration::ZERO,
            events: Vec::new(),
            opportunities: 0,
            wild: false,
        }
    }

    /// The same for a plan that a lint would refuse: loops in its orders of return are not held against it.
    pub(crate) fn lenient(plan: &'a Plan, script: Script) -> Self {
        Self {
            wild: true,
            ..Self::new(plan, script)
        }
    }

    /// Drives the plan to its end, and holds at every turn what must never be otherwise.
    pub(crate) fn run(mut self) -> Story {
        for _ in 0..20_000 {
            self.incidents();
            let next = self.decide();
            if let Next::Done(end) = next {
                self.ended_well(&end);
                return Story {
                    end,
                    opportunities: self.opportunities,
                };
            }
            if self.act(next).is_err() {
                self.append(What::TakenOver {
                    by: "another".to_owned(),
                });
            }
        }
        panic!("no end in sight: {:#?}", &self.events[self.events.len() - 20..]);
    }

    fn decide(&self) -> Next {
        let decided = next(self.plan, &self.events);
        let run = state(self.plan, &self.events);
        let now = run.now.unwrap_or(self.plan.made_at);
        for (step, loan) in self.plan.loans() {
            let state = run.of(&step.id);
            let due = state.due(step);
            match &decided {
                Next::Wait { until, wakes } => {
                    assert!(*until > now && wakes[0].at == *until);
                    if let Some(due) = due.filter(|due| *due > now && !state.is_returning()) {
                        assert!(*until <= due, "sleeps past the end of {}", step.id);
                    }
                }
                Next::Undo(id) if *id == step.id && !self.wild => {
                    for first in &loan.return_after {
                        assert!(!run.of(first).owes(), "{id} comes back before {first}");
                    }
                }
                Next::Done(_) => assert!(!state.owes(), "ends with {} out", step.id),
                _ => {}
            }
        }
        decided
    }

    fn incidents(&mut self) {
        for incident in self.script.incidents.remove(&self.events.len()).unwrap_or_default() {
            match incident {
                Incident::Abort => self.append(What::Aborted {
                    by: "Ctrl-C".to_owned(),
                }),
                Incident::Clock(minutes) => self.skew += SignedDuration::from_mins(minutes),
                Incident::Renew(minutes) => {
                    let newest = self.plan.loans().map(|(step, _)| step.id.clone()).last();
                    if let Some(step) = newest {
                        let until = self.shown() + SignedDuration::from_mins(minutes);
                        let by = "anna".to_owned();
                        self.append(What::Renewed { step, until, by });
                    }
                }
            }
        }
    }

    fn act(&mut self, next: Next) -> Result<(), Dead> {
        match next {
            Next::Do(id) => self.make(&id)?,
            Next::Undo(id) => {
                self.attempt(&id, Way::Undo, Value::Null)?;
            }
            Next::Settle(id, way) => {
                let what = self.look_what_came(&id, way);
                self.append(what);
            }
            Next::Prove(id) => {
                if self.is_unreadable(&id) {
                    return Ok(());
                }
                let gone = self.object(&id).held == self.script.held_before.contains(&id);
                let seen = format!("held: {}", !gone);
                self.append(What::Proved { step: id, gone, seen });
            }
            Next::Wait { until, .. } => {
                // Whoever waits goes by the clock, and the clock may have been put back.
                let missing = until.duration_since(self.shown()).max(SignedDuration::from_secs(1));
                self.now += missing;
                self.append(What::Time {});
            }
            Next::Ask(tasks) => self.ask(&tasks),
            Next::Done(_) => {}
        }
        Ok(())
    }

    /// A person says yes, says no, or lets an hour pass, as the script has it.
    fn ask(&mut self, tasks: &[StepId]) {
        let run = state(self.plan, &self.events);
        for task in tasks {
            assert!(self.step(task).is_task(), "{task} is no task");
            if run.of(task).asked.is_none() {
                return self.append(What::Asked { step: task.clone() });
            }
        }
        let task = tasks[0].clone();
        let reply = self.script.makes.get_mut(&task).and_then(VecDeque::pop_front);
        match reply {
            Some(Reply::Shows(_) | Reply::Later(_) | Reply::LostLate) => {
                self.now += SignedDuration::from_hours(1);
                self.append(What::Time {});
            }
            reply => self.append(What::Answered {
                step: task,
                done: reply.is_none(),
                seen: "the page says so".to_owned(),
                by: "anna".to_owned(),
            }),
        }
    }

    fn make(&mut self, id: &StepId) -> Result<(), Dead> {
        if self.is_unreadable(id) {
            return Ok(());
        }
        let step = self.step(id);
        for lent in &step.after {
            if self.step(lent).loan.is_some() {
                assert!(self.is_out(lent), "{id} begins without {lent}");
            }
        }
        if self.object(id).held {
            self.append(What::Ended {
                step: id.clone(),
                way: Way::Do,
                outcome: Outcome::AlreadySo {
                    seen: "it is so".to_owned(),
                },
            });
            return Ok(());
        }
        self.attempt(id, Way::Do, json!({"held": false}))
    }

    fn attempt(&mut self, id: &StepId, way: Way, before: Value) -> Result<(), Dead> {
        let step = id.clone();
        let key = Uuid::from_u128(self.events.len() as u128);
        self.append(What::Started { step, way, before, key });
        self.may_die()?;
        let answer = self.effect(id, way);
        self.may_die()?;
        self.append(answer);
        Ok(())
    }

    fn effect(&mut self, id: &StepId, way: Way) -> What {
        let replies = match way {
            Way::Do => &mut self.script.makes,
            Way::Undo => &mut self.script.returns,
        };
        let reply = replies.get_mut(id).and_then(VecDeque::pop_front);
        let (now, clock) = (self.now, self.shown());
        if way == Way::Undo {
            self.by_its_right(id);
            assert!(
                !self.script.held_before.contains(id),
                "{id} was held before and is taken away"
            );
        }
        let object = self.object_mut(id);
        let holds = way == Way::Do;
        let soon = SignedDuration::from_secs(5);
        let unclear = |why: &str| Outcome::Unclear {
            why: why.to_owned(),
            look_at: clock + soon,
        };
        let outcome = match reply {
            // A return finds nothing to take back.
            _ if way == Way::Undo && !object.held && object.shows_at.is_none() => Outcome::AlreadySo {
                seen: "nothing is there".to_owned(),
            },
            None => {
                *object = Object {
                    held: holds,
                    ..Object::default()
                };
                Outcome::Done {
                    kept: Value::Null,
                    seen: format!("held: {holds}"),
                }
            }
            Some(Reply::Later(minutes)) => Outcome::Refused {
                why: "not now".to_owned(),
                retry: match (clock + SignedDuration::from_mins(minutes), minutes % 2) {
                    (moment, 0) => Retry::At(moment),
                    (moment, _) => Retry::NotBefore(moment),
                },
            },
            Some(Reply::Never) => Outcome::Refused {
                why: "not so".to_owned(),
                retry: Retry::Never,
            },
            Some(Reply::LostApplied) => {
                *object = Object {
                    held: holds,
                    ..Object::default()
                };
                unclear("no answer")
            }
            Some(Reply::LostUnapplied) => unclear("no answer"),
            Some(Reply::LostLate) => {
                object.turns = Some((now + SignedDuration::from_secs(30), holds));
                unclear("no answer")
            }
            Some(Reply::Shows(minutes)) => {
                let shows = SignedDuration::from_mins(minutes);
                object.turns = Some((now + shows, holds));
                object.shows_at = Some(now + shows);
                return self.pending(id, way, clock + shows);
            }
            Some(Reply::AcceptedThenNever) => {
                object.denied = true;
                return self.pending(id, way, clock + soon);
            }
        };
        What::Ended {
            step: id.clone(),
            way,
            outcome,
        }
    }

    /// A return that needs another loan's right is made while that is out, unless it cannot be lent.
    fn by_its_right(&mut self, id: &StepId) {
        let loan = self.step(id).loan.as_ref();
        let Some(right) = loan.and_then(|loan| loan.returned_with.clone()).filter(|_| !self.wild) else {
            return;
        };
        assert!(
            self.is_out(&right) || self.is_lost(&right),
            "{id} is returned without {right}: {:#?}",
            self.events
        );
    }

    /// Whether what a loan gives is there, by itself or by an earlier loan of the same thing.
    fn is_out(&mut self, id: &StepId) -> bool {
        let earlier = &self.step(id).after_return;
        self.object(id).held || earlier.iter().any(|id| self.object(id).held)
    }

    /// Whether a loan cannot be out any more: it failed or went back, or one did that it is lent by.
    fn is_lost(&self, id: &StepId) -> bool {
        let state = state(self.plan, &self.events).of(id);
        let step = self.step(id);
        let lost = state.has_failed() || state.is_returning();
        step.loan.is_some() && (lost || !state.is_done() && step.after.iter().any(|id| self.is_lost(id)))
    }

    fn pending(&self, id: &StepId, way: Way, look_at: Timestamp) -> What {
        What::Pending {
            step: id.clone(),
            way,
            for_what: "it to show".to_owned(),
            look_at,
            handle: json!("job-1"),
        }
    }

    fn look_what_came(&mut self, id: &StepId, way: Way) -> What {
        let (now, clock) = (self.now, self.shown());
        let object = self.object_mut(id);
        let held = object.held;
        let outcome = if std::mem::take(&mut object.denied) {
            Outcome::Refused {
                why: "denied".to_owned(),
                retry: Retry::Never,
            }
        } else if held == (way == Way::Do) {
            Outcome::Done {
                kept: Value::Null,
                seen: format!("held: {held}"),
            }
        } else if object.shows_at.is_some_and(|shows| shows > now) {
            return self.pending(id, way, clock + SignedDuration::from_mins(1));
        } else {
            Outcome::Refused {
                why: "it had no effect".to_owned(),
                retry: Retry::At(clock),
            }
        };
        What::Ended {
            step: id.clone(),
            way,
            outcome,
        }
    }

    fn is_unreadable(&mut self, id: &StepId) -> bool {
        let Some(left) = self.script.unreadable.get_mut(id).filter(|left| **left > 0) else {
            return false;
        };
        *left -= 1;
        let again = self.shown() + SignedDuration::from_secs(20);
        self.append(What::Unread {
            step: id.clone(),
            why: "no answer".to_owned(),
            again,
        });
        true
    }

    fn may_die(&mut self) -> Result<(), Dead> {
        let number = self.opportunities;
        self.opportunities += 1;
        if self.script.dies.contains(&number) {
            Err(Dead)
        } else {
            Ok(())
        }
    }

    fn append(&mut self, what: What) {
        let at = self.shown();
        self.events.push(Event { at, what });
    }

    /// What the clock shows.
    fn shown(&self) -> Timestamp {
        self.now + self.skew
    }

    fn step(&self, id: &StepId) -> &'a Step {
        self.plan.step(id).unwrap()
    }

    fn object_mut(&mut self, id: &StepId) -> &mut Object {
        let object = self.objects.get_mut(id).unwrap();
        if let Some((at, held)) = object.turns
            && at <= self.now
        {
            *object = Object {
                held,
                ..Object::default()
            };
        }
        object
    }

    fn object(&mut self, id: &StepId) -> &Object {
        self.object_mut(id)
    }

    /// What was lent is gone, what was held before is there, whatever else happened.
    fn ended_well(&mut self, end: &End) {
        let stored = serde_json::to_string(&self.events).unwrap();
        let read: Vec<Event> = serde_json::from_str(&stored).unwrap();
        assert_eq!(
            next(self.plan, &read),
            Next::Done(end.clone()),
            "a stored journal decides otherwise"
        );
        let run = state(self.plan, &self.events);
        for (step, _) in self.plan.loans() {
            let before = self.script.held_before.contains(&step.id);
            // What was asked for and never looked at again may still be on its way.
            let held = self.object(&step.id).held;
            assert_eq!(held, before, "{}: {:#?}", step.id, self.events);
            let StepState { touched, proved, .. } = run.of(&step.id);
            assert_eq!(touched, proved.is_some(), "{} was returned without a proof", step.id);
            assert_eq!(touched, end.returns.proved.contains(&step.id));
        }
    }
}
