//! A tenant in miniature behind [`Effects`], with a clock that a wait moves on, and a program that dies where it is told to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cutover_clients::Clock;
use cutover_core::machine::{Event, Outcome, Retry, RunState, StepState, Wake, Way, What};
use cutover_core::plan::{Plan, Step, StepId};
use cutover_runner::carry_out::{Attempt, CannotLook, Effects, Looked};
use cutover_runner::drive::{Driving, Drove, Nobody, Person, Progress, Stopping, View, drive};
use cutover_runner::journal::{DrivenRun, Journal, JournalError, Owner, RunId};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::plans::start;

/// A clock that only waits move.
#[derive(Clone)]
pub(crate) struct Hands {
    now: Arc<Mutex<Timestamp>>,
    /// At which waits it is put on by how much beside the wait.
    leaps: Arc<Mutex<BTreeMap<usize, SignedDuration>>>,
    waits: Arc<Mutex<usize>>,
}

impl Hands {
    pub(crate) fn new() -> Self {
        Self {
            now: Arc::new(Mutex::new(start())),
            leaps: Arc::default(),
            waits: Arc::default(),
        }
    }

    pub(crate) fn leap(&self, at_wait: usize, by: SignedDuration) {
        self.leaps.lock().unwrap().insert(at_wait, by);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let hands = self.clone();
        Box::pin(async move {
            let number = {
                let mut waits = hands.waits.lock().unwrap();
                *waits += 1;
                *waits - 1
            };
            let leap = hands.leaps.lock().unwrap().remove(&number).unwrap_or_default();
            let mut now = hands.now.lock().unwrap();
            *now = *now + SignedDuration::try_from(duration).unwrap() + leap;
        })
    }
}

/// What a tenant answers otherwise than with success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Every attempt is refused.
    Refuses,
    /// The answer is lost; the effect is there.
    LosesTheAnswer,
    /// It shows after so many minutes.
    Shows(i64),
}

#[derive(Default)]
pub(crate) struct Tenant {
    pub(crate) holds: BTreeSet<StepId>,
    pub(crate) troubles: BTreeMap<(Way, StepId), Trouble>,
    /// What was asked, in order.
    pub(crate) asked: Vec<String>,
    shows_at: BTreeMap<StepId, Timestamp>,
    /// How often the program could have died, and where it does.
    opportunities: usize,
    dies_at: Option<usize>,
}

/// The effects of the plan in the miniature tenant.
#[derive(Clone)]
pub(crate) struct Miniature {
    pub(crate) tenant: Rc<RefCell<Tenant>>,
    pub(crate) hands: Hands,
    died: Rc<Notify>,
}

impl Miniature {
    pub(crate) fn new() -> Self {
        Self {
            tenant: Rc::default(),
            hands: Hands::new(),
            died: Rc::default(),
        }
    }

    pub(crate) fn with_trouble(self, way: Way, step: &str, trouble: Trouble) -> Self {
        self.tenant.borrow_mut().troubles.insert((way, step.into()), trouble);
        self
    }

    pub(crate) fn dies_at(&self, opportunity: Option<usize>) {
        let mut tenant = self.tenant.borrow_mut();
        tenant.opportunities = 0;
        tenant.dies_at = opportunity;
    }

    pub(crate) fn opportunities(&self) -> usize {
        self.tenant.borrow().opportunities
    }

    pub(crate) fn holds(&self) -> Vec<String> {
        self.tenant.borrow().holds.iter().map(|step| step.0.clone()).collect()
    }

    async fn may_die(&self) {
        let dies = {
            let mut tenant = self.tenant.borrow_mut();
            tenant.opportunities += 1;
            tenant.dies_at == Some(tenant.opportunities - 1)
        };
        if dies {
            self.died.notify_one();
            std::future::pending::<()>().await;
        }
    }

    fn attempt(&self, step: &Step, way: Way) -> Attempt {
        let now = self.hands.now();
        let mut tenant = self.tenant.borrow_mut();
        let trouble = tenant.troubles.get(&(way, step.id.clone())).copied();
        let ended = |outcome| Attempt::Ended(outcome);
        if trouble == Some(Trouble::Refuses) {
            return ended(Outcome::Refused {
                why: "the service says no".to_owned(),
                retry: Retry::Never,
            });
        }
        if let Some(Trouble::Shows(minutes)) = trouble {
            let shows = SignedDuration::from_mins(minutes);
            tenant.shows_at.insert(step.id.clone(), now + shows);
            return pending(now);
        }
        match way {
            Way::Do => tenant.holds.insert(step.id.clone()),
            Way::Undo => tenant.holds.remove(&step.id),
        };
        match trouble {
            Some(Trouble::LosesTheAnswer) => ended(Outcome::Unclear {
                why: "no answer".to_owned(),
                look_at: now,
            }),
            _ => ended(Outcome::Done {
                kept: Value::Null,
                seen: "read back".to_owned(),
            }),
        }
    }
}

fn pending(now: Timestamp) -> Attempt {
    Attempt::Pending {
        for_what: "it to show".to_owned(),
        look_at: now + SignedDuration::from_mins(1),
        handle: json!("job-1"),
    }
}

impl Effects for Miniature {
    async fn look(&self, step: &Step) -> Result<Looked, CannotLook> {
        let held = self.tenant.borrow().holds.contains(&step.id);
        Ok(Looked {
            held,
            value: json!({"held": held}),
            seen: format!("held: {held}"),
        })
    }

    async fn make(&self, step: &Step, before: &Value, _: Uuid) -> Attempt {
        assert_eq!(*before, json!({"held": false}));
        self.may_die().await;
        self.tenant.borrow_mut().asked.push(format!("make {}", step.id));
        let attempt = self.attempt(step, Way::Do);
        self.may_die().await;
        attempt
    }

    async fn take_back(&self, step: &Step, _: &StepState, _: Uuid) -> Attempt {
        self.may_die().await;
        self.tenant.borrow_mut().asked.push(format!("take back {}", step.id));
        let attempt = self.attempt(step, Way::Undo);
        self.may_die().await;
        attempt
    }

    async fn settle(&self, step: &Step, way: Way, _: &StepState) -> Attempt {
        self.may_die().await;
        let now = self.hands.now();
        let mut tenant = self.tenant.borrow_mut();
        if let Some(shows) = tenant.shows_at.get(&step.id) {
            if *shows > now {
                return pending(now);
            }
            match way {
                Way::Do => tenant.holds.insert(step.id.clone()),
                Way::Undo => tenant.holds.remove(&step.id),
            };
        }
        let holds = tenant.holds.contains(&step.id);
        Attempt::Ended(match holds == (way == Way::Do) {
            true => Outcome::Done {
                kept: Value::Null,
                seen: "found".to_owned(),
            },
            false => Outcome::Refused {
                why: "it had no effect".to_owned(),
                retry: Retry::At(now),
            },
        })
    }

    async fn prove(&self, step: &Step, _: &StepState) -> Result<(bool, String), CannotLook> {
        self.may_die().await;
        let gone = !self.tenant.borrow().holds.contains(&step.id);
        Ok((gone, format!("gone: {gone}")))
    }
}

/// What was told while a run went on.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) happened: Vec<What>,
    pub(crate) waits: usize,
    pub(crate) leaps: Vec<SignedDuration>,
}

impl Progress for Told {
    fn happened(&mut self, _: View<'_>, event: &Event) {
        self.happened.push(event.what.clone());
    }

    fn waits(&mut self, _: View<'_>, _: Timestamp, _: &[Wake]) {
        self.waits += 1;
    }

    fn clock_leapt(&mut self, by: SignedDuration) {
        self.leaps.push(by);
    }
}

/// This process as an owner.
pub(crate) fn owner() -> Owner {
    Owner::this(start())
}

/// Begins a run of the plan in a folder.
pub(crate) fn begin(folder: &Path, plan: &Plan) -> DrivenRun {
    Journal::open(folder).unwrap().begin(plan, &owner(), start()).unwrap()
}

/// Takes up the first run of a folder.
pub(crate) fn take_up(folder: &Path, at: Timestamp) -> Result<DrivenRun, JournalError> {
    Journal::open(folder)?.take_up(RunId(1), &owner(), at, false)
}

/// How a process ended that drove a run.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a test holds one at a time")]
pub(crate) enum Ended {
    Died,
    Drove(Drove),
}

impl Ended {
    /// The states of the steps, of a run that was driven.
    pub(crate) fn state(&self) -> &RunState {
        match self {
            Self::Died => panic!("it died"),
            Self::Drove(Drove::ToItsEnd { state, .. } | Drove::ForAPerson { state, .. } | Drove::Away { state }) => {
                state
            }
        }
    }
}

/// Drives a run until it ends, leaves, or dies.
pub(crate) async fn driven(
    run: DrivenRun,
    plan: &Plan,
    effects: &Miniature,
    stopping: Stopping,
    told: &mut Told,
) -> Ended {
    driven_with(run, plan, effects, stopping, told, &mut Nobody).await
}

/// The same with somebody who is asked for tasks.
pub(crate) async fn driven_with<A: Person>(
    run: DrivenRun,
    plan: &Plan,
    effects: &Miniature,
    stopping: Stopping,
    told: &mut Told,
    person: &mut A,
) -> Ended {
    let (_sender, stops) = watch::channel(stopping);
    let driving = Driving {
        run,
        plan,
        effects,
        clock: Arc::new(effects.hands.clone()),
        stops,
        patience: SignedDuration::from_mins(30),
        progress: told,
        person,
    };
    tokio::select! {
        () = effects.died.notified() => Ended::Died,
        drove = drive(driving) => Ended::Drove(drove.unwrap()),
    }
}
