//! Steps driven by hand and by the machine, with the tenant's clock.

use cutover_core::machine::{Event, Next, Outcome, Retry, StepState, Way, What, next, state};
use cutover_core::plan::{Step, StepId};
use cutover_emulator::state::State;
use cutover_runner::carry_out::{Attempt, Effects};
use jiff::SignedDuration;
use serde_json::Value;

use super::stage::{STEP, Stage};
use crate::harness::block_on;

impl Stage {
    /// Drives the plan as the machine says, with the tenant's clock, until it ends.
    pub(super) fn drive(&mut self) -> Driven {
        self.drive_on(false)
    }

    /// As [`Stage::drive`], by another process after each event.
    pub(super) fn drive_restarting(&mut self) -> Driven {
        self.drive_on(true)
    }

    fn drive_on(&mut self, restarts: bool) -> Driven {
        let mut events: Vec<Event> = Vec::new();
        for _ in 0..400 {
            let at = self.tenant.emulator.clock().now();
            let what = match next(&self.plan, &events) {
                Next::Done(end) => return Driven { events, end },
                Next::Wait { until, .. } => {
                    let missing = until.duration_since(at);
                    if missing.is_positive() {
                        self.tenant.emulator.clock().advance(missing);
                    }
                    vec![What::Time {}]
                }
                Next::Prove(id) => {
                    let step = self.plan.step(&id).expect("its step").clone();
                    let standing = state(&self.plan, &events).of(&id);
                    match block_on(self.effects.prove(&step, &standing)) {
                        Ok((gone, seen)) => vec![What::Proved { step: id, gone, seen }],
                        Err(_) => self.tick(),
                    }
                }
                Next::Settle(id, way) => {
                    let step = self.plan.step(&id).expect("its step").clone();
                    let standing = state(&self.plan, &events).of(&id);
                    vec![told(id, way, block_on(self.effects.settle(&step, way, &standing)))]
                }
                Next::Ask(tasks) => panic!("a person is asked for {tasks:?}"),
                Next::Do(id) => self.begin(&mut events, &id),
                Next::Undo(id) => {
                    let step = self.plan.step(&id).expect("its step").clone();
                    let key = self.key();
                    let started = What::Started {
                        step: id.clone(),
                        way: Way::Undo,
                        before: Value::Null,
                        key,
                    };
                    events.push(Event { at, what: started });
                    let standing = state(&self.plan, &events).of(&id);
                    vec![told(
                        id,
                        Way::Undo,
                        block_on(self.effects.take_back(&step, &standing, key)),
                    )]
                }
            };
            for what in what {
                if restarts {
                    self.restarted();
                }
                let at = self.tenant.emulator.clock().now();
                events.push(Event { at, what });
            }
        }
        panic!("no end: {:#?}", &events[events.len().saturating_sub(12)..]);
    }

    fn tick(&self) -> Vec<What> {
        self.tenant.emulator.clock().advance(SignedDuration::from_secs(30));
        vec![What::Time {}]
    }

    fn begin(&self, events: &mut Vec<Event>, id: &StepId) -> Vec<What> {
        let step = self.plan.step(id).expect("its step").clone();
        let Ok(looked) = block_on(self.effects.look(&step)) else {
            return self.tick();
        };
        let standing = state(&self.plan, events).of(id);
        if looked.held && !standing.touched && standing.before.is_none() {
            let outcome = Outcome::AlreadySo { seen: looked.seen };
            return vec![What::Ended {
                step: id.clone(),
                way: Way::Do,
                outcome,
            }];
        }
        let key = self.key();
        let (at, before) = (self.tenant.emulator.clock().now(), looked.value.clone());
        let started = What::Started {
            step: id.clone(),
            way: Way::Do,
            before,
            key,
        };
        events.push(Event { at, what: started });
        vec![told(
            id.clone(),
            Way::Do,
            block_on(self.effects.make(&step, &looked.value, key)),
        )]
    }

    /// Makes the effect by hand, waits until it shows, and tells how the step stands then.
    pub(super) fn made(&self) -> StepState {
        let step = self.step();
        let looked = block_on(self.effects.look(step)).expect("a look");
        assert!(!looked.held, "{} before it was made: {}", STEP, looked.seen);
        let key = self.key();
        let mut events = vec![self.event(What::Started {
            step: step.id.clone(),
            way: Way::Do,
            before: looked.value.clone(),
            key,
        })];
        let mut attempt = block_on(self.effects.make(step, &looked.value, key));
        for _ in 0..100 {
            events.push(self.event(told(step.id.clone(), Way::Do, attempt.clone())));
            let standing = state(&self.plan, &events).of(&step.id);
            match attempt {
                Attempt::Ended(Outcome::Done { .. }) => return standing,
                Attempt::Pending { look_at, .. } => self.wait_until(look_at),
                other => panic!("{}: {other:?}", step.action.describe().does()),
            }
            attempt = block_on(self.effects.settle(step, Way::Do, &standing));
        }
        panic!("never done: {attempt:?}");
    }

    /// Makes the effect by hand and waits for its end: what was waited for on the way, and the end.
    pub(super) fn came_to(&self) -> (Vec<String>, Outcome) {
        let step = self.step();
        let looked = block_on(self.effects.look(step)).expect("a look");
        let key = self.key();
        let mut events = vec![self.event(What::Started {
            step: step.id.clone(),
            way: Way::Do,
            before: looked.value.clone(),
            key,
        })];
        let mut attempt = block_on(self.effects.make(step, &looked.value, key));
        let mut waited: Vec<String> = Vec::new();
        for _ in 0..200 {
            events.push(self.event(told(step.id.clone(), Way::Do, attempt.clone())));
            match attempt {
                Attempt::Ended(outcome) => return (waited, outcome),
                Attempt::Pending { look_at, for_what, .. } => {
                    waited.push(for_what);
                    self.wait_until(look_at);
                }
            }
            let standing = state(&self.plan, &events).of(&step.id);
            attempt = block_on(self.effects.settle(step, Way::Do, &standing));
        }
        panic!("no end: {waited:#?}");
    }

    /// The same step as something that stays, attempted once.
    pub(super) fn attempted_for_good(&self) -> Attempt {
        let step = Step {
            loan: None,
            ..self.step().clone()
        };
        let looked = block_on(self.effects.look(&step)).expect("a look");
        block_on(self.effects.make(&step, &looked.value, self.key()))
    }

    /// Looks, and makes it once, whatever comes of it.
    pub(super) fn attempted(&self) -> (StepState, Attempt) {
        let looked = block_on(self.effects.look(self.step())).expect("a look");
        let key = self.key();
        let attempt = block_on(self.effects.make(self.step(), &looked.value, key));
        let id = &self.step().id;
        let events = [
            self.event(What::Started {
                step: id.clone(),
                way: Way::Do,
                before: looked.value,
                key,
            }),
            self.event(told(id.clone(), Way::Do, attempt.clone())),
        ];
        (state(&self.plan, &events).of(id), attempt)
    }

    /// Changes what the tenant holds, as somebody else would.
    pub(super) fn meanwhile(&self, change: impl FnOnce(&mut State)) {
        self.tenant.emulator.write(change);
    }

    /// What was written so far: method and address.
    pub(super) fn written(&self) -> Vec<String> {
        let requests = self.tenant.requests().into_iter();
        let written = requests.filter(|request| request.method != "GET");
        written
            .map(|request| format!("{} {}", request.method, request.target))
            .collect()
    }

    /// Takes it back by hand until it is gone.
    pub(super) fn taken_back(&self, standing: &StepState) -> Outcome {
        for _ in 0..100 {
            let mut standing = standing.clone();
            let key = self.key();
            standing.keys.insert(Way::Undo, key);
            let mut attempt = block_on(self.effects.take_back(self.step(), &standing, key));
            while let Attempt::Pending { look_at, handle, .. } = attempt {
                standing.handle = handle;
                self.wait_until(look_at);
                attempt = block_on(self.effects.settle(self.step(), Way::Undo, &standing));
            }
            match attempt {
                Attempt::Ended(Outcome::Refused {
                    retry: Retry::At(at) | Retry::NotBefore(at),
                    ..
                }) => self.wait_until(at),
                Attempt::Ended(outcome) => return outcome,
                Attempt::Pending { .. } => unreachable!("waited for"),
            }
        }
        panic!("never back");
    }
}

/// A run that ended.
pub(super) struct Driven {
    pub(super) events: Vec<Event>,
    pub(super) end: cutover_core::machine::End,
}

impl Driven {
    /// The story, for a test that failed.
    pub(super) fn story(&self) -> String {
        let lines = self.events.iter().map(|event| format!("{} {:?}", event.at, event.what));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn told(step: StepId, way: Way, attempt: Attempt) -> What {
    match attempt {
        Attempt::Ended(outcome) => What::Ended { step, way, outcome },
        Attempt::Pending {
            for_what,
            look_at,
            handle,
        } => What::Pending {
            step,
            way,
            for_what,
            look_at,
            handle,
        },
    }
}
