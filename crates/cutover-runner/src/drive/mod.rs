//! Driving a run: `match next(plan, events)`, and nothing of its own that would have to be remembered.
//!
//! What is decided is decided by [`cutover_core::machine::next`]; what has an effect is behind [`Effects`]; what happened is in the
//! journal before anything builds on it. So this can end anywhere, and [`drive`] goes on from the journal.

mod person;
mod progress;
mod time;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use cutover_clients::Clock;
use cutover_core::machine::{
    End, Event, Given, Next, Outcome, Retry, RunState, StepState, Wake, Way, What, next, state,
};
use cutover_core::plan::{Plan, Step, StepId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::watch;
use uuid::Uuid;

pub use person::{Answer, Answering, Nobody, Person};
pub use progress::{Progress, View};

use crate::carry_out::{Attempt, Effects};
use crate::crash_points::{self, CrashPoint};
use crate::journal::{DrivenRun, JournalError, Wish};
use crate::sha256::sha256;
use time::RunTime;

/// What the person at the program asks of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Stopping {
    /// Nothing.
    #[default]
    No,
    /// No new work; everything comes back.
    GiveBack {
        /// Who asks, such as `Ctrl-C`.
        by: String,
    },
    /// To end at once, with what is out left out.
    Leave,
}

/// A run to be driven.
pub struct Driving<'a, E, P> {
    /// The run, which stays this process's own.
    pub run: DrivenRun,
    /// Its plan.
    pub plan: &'a Plan,
    /// What its steps do.
    pub effects: &'a E,
    /// The connection's clock.
    pub clock: Arc<dyn Clock>,
    /// What the person at the program asks.
    pub stops: watch::Receiver<Stopping>,
    /// How long returns are tried that are refused, when nothing else is left to do. What is out then stays listed.
    pub patience: SignedDuration,
    /// Who wants to know how it goes on.
    pub progress: &'a mut P,
    /// Who does what only a person can do.
    pub person: &'a mut dyn Person,
}

/// How driving ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Drove {
    /// The run has ended, with nothing owed.
    ToItsEnd {
        /// How.
        end: End,
        /// Each step.
        state: RunState,
    },
    /// Nothing is left to do before a person has done something. The run waits in the journal.
    ForAPerson {
        /// What is to be done.
        tasks: Vec<StepId>,
        /// Each step.
        state: RunState,
    },
    /// Something is still out: the person left, or returns were refused for too long. The run can be taken up again.
    Away {
        /// Each step.
        state: RunState,
    },
}

/// How often a wait looks whether somebody asked for something.
const LOOKS_UP: Duration = Duration::from_secs(1);

/// Drives a run to its end, or until it is left.
///
/// # Errors
/// When the journal cannot be written to, or another process took the run over; nothing more has been done then.
pub async fn drive<E: Effects, P: Progress>(driving: Driving<'_, E, P>) -> Result<Drove, JournalError> {
    let events = driving.run.journal().events(driving.run.id())?;
    let (time, leap) = RunTime::new(Arc::clone(&driving.clock), events.last().map(|event| event.at));
    let mut driver = Driver {
        driving,
        is_kept: vec![true; events.len()],
        events,
        time,
        refused_since: None,
    };
    if let Some(leap) = leap {
        driver.driving.progress.clock_leapt(leap);
    }
    loop {
        driver.hear()?;
        let mut leaves = driver.driving.stops.clone();
        let left = async move {
            // Without anybody who could ask, nobody leaves.
            if leaves.wait_for(|stopping| *stopping == Stopping::Leave).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        // An effect that is under way when the person leaves is one without an answer, as after a crash.
        let stays = tokio::select! {
            biased;
            () = left => Turn::Leave,
            turn = driver.turn() => turn?,
        };
        match stays {
            Turn::GoOn => {}
            Turn::End(end) => {
                let state = driver.state();
                let now = driver.time.now();
                driver.driving.run.close(now)?;
                return Ok(Drove::ToItsEnd { end, state });
            }
            Turn::Ask(tasks) => {
                let state = driver.state();
                driver.driving.run.let_go()?;
                return Ok(Drove::ForAPerson { tasks, state });
            }
            Turn::Leave => {
                let state = driver.state();
                driver.driving.run.let_go()?;
                return Ok(Drove::Away { state });
            }
        }
    }
}

enum Turn {
    GoOn,
    End(End),
    Ask(Vec<StepId>),
    Leave,
}

struct Driver<'a, E, P> {
    driving: Driving<'a, E, P>,
    /// What happened: the journal, and moments that passed in which nothing changed but the time.
    events: Vec<Event>,
    /// Which of them are in the journal.
    is_kept: Vec<bool>,
    time: RunTime,
    /// Since when nothing is left but returns that are refused.
    refused_since: Option<Timestamp>,
}

impl<'a, E: Effects, P: Progress> Driver<'a, E, P> {
    async fn turn(&mut self) -> Result<Turn, JournalError> {
        match next(self.driving.plan, &self.events) {
            Next::Do(id) => self.make(&id).await?,
            Next::Undo(id) => self.take_back(&id).await?,
            Next::Settle(id, way) => self.settle(&id, way).await?,
            Next::Prove(id) => self.prove(&id).await?,
            Next::Wait { until, wakes } => {
                if self.is_out_of_patience(&wakes) {
                    return Ok(Turn::Leave);
                }
                self.wait(until, &wakes).await?;
            }
            Next::Ask(tasks) => return self.ask(tasks).await,
            Next::Done(end) => return Ok(Turn::End(end)),
        }
        Ok(Turn::GoOn)
    }

    /// Shows tasks, and takes an answer.
    async fn ask(&mut self, tasks: Vec<StepId>) -> Result<Turn, JournalError> {
        let state = self.state();
        if let Some(step) = tasks.iter().find(|id| state.of(id).asked.is_none()) {
            self.add(What::Asked { step: step.clone() })?;
            return Ok(Turn::GoOn);
        }
        // The run may have waited for days: what ran out meanwhile comes first.
        self.pass(What::Time {});
        if next(self.driving.plan, &self.events) != Next::Ask(tasks.clone()) {
            return Ok(Turn::GoOn);
        }
        let state = self.state();
        let steps: Vec<&Step> = tasks.iter().filter_map(|id| self.step(id)).collect();
        let view = View {
            run: self.driving.run.id(),
            plan: self.driving.plan,
            state: &state,
            now: self.time.now(),
        };
        let mut stops = self.driving.stops.clone();
        stops.mark_unchanged();
        let answer = tokio::select! {
            biased;
            _ = stops.changed(), if stops.has_changed().is_ok() => return Ok(Turn::GoOn),
            answer = self.driving.person.answer(view, &steps) => answer,
        };
        let Some(Answer { step, done, seen, by }) = answer else {
            return Ok(Turn::Ask(tasks));
        };
        self.driving.run.is_still_ours()?;
        self.add(What::Answered { step, done, seen, by })?;
        Ok(Turn::GoOn)
    }

    /// Looks first: what is there already is left as it is, and nothing is owed for it.
    async fn make(&mut self, id: &StepId) -> Result<(), JournalError> {
        let Some(step) = self.step(id) else { return Ok(()) };
        self.asks(id);
        let looked = self.effect(self.driving.effects.look(step)).await?;
        let looked = match looked {
            Ok(looked) => looked,
            Err(cannot) => {
                return self.add(What::Unread {
                    step: id.clone(),
                    why: cannot.why,
                    again: self.time.of_clock(cannot.again),
                });
            }
        };
        if looked.held {
            return self.ended(id, Way::Do, Outcome::AlreadySo { seen: looked.seen });
        }
        let key = self.start(id, Way::Do, looked.value)?;
        // What was there before the first attempt, which may not be what was seen just now.
        let before = self.state().of(id).before.unwrap_or_default();
        let attempt = self.effect(self.driving.effects.make(step, &before, key)).await?;
        self.attempted(id, Way::Do, attempt)
    }

    async fn take_back(&mut self, id: &StepId) -> Result<(), JournalError> {
        let Some(step) = self.step(id) else { return Ok(()) };
        let key = self.start(id, Way::Undo, Value::Null)?;
        self.asks(id);
        let state = self.state().of(id);
        let attempt = self.effect(self.driving.effects.take_back(step, &state, key)).await?;
        self.attempted(id, Way::Undo, attempt)
    }

    async fn settle(&mut self, id: &StepId, way: Way) -> Result<(), JournalError> {
        let Some(step) = self.step(id) else { return Ok(()) };
        self.asks(id);
        let state = self.state().of(id);
        let attempt = self.effect(self.driving.effects.settle(step, way, &state)).await?;
        self.attempted(id, way, attempt)
    }

    async fn prove(&mut self, id: &StepId) -> Result<(), JournalError> {
        let Some(step) = self.step(id) else { return Ok(()) };
        self.asks(id);
        let state = self.state().of(id);
        let step_id = id.clone();
        let what = match self.effect(self.driving.effects.prove(step, &state)).await? {
            Ok((gone, seen)) => What::Proved {
                step: step_id,
                gone,
                seen,
            },
            Err(cannot) => What::Unread {
                step: step_id,
                why: cannot.why,
                again: self.time.of_clock(cannot.again),
            },
        };
        self.add(what)
    }

    /// Asks for an effect, or looks for one, as long as the run is this process's own.
    async fn effect<T>(&mut self, effect: impl Future<Output = T>) -> Result<T, JournalError> {
        self.driving.run.is_still_ours()?;
        crash_points::reached(CrashPoint::BeforeEffect);
        let answer = effect.await;
        crash_points::reached(CrashPoint::AfterEffect);
        // Kept before what follows from it is written down: what ends a step is not asked for again.
        for found in self.driving.effects.found() {
            self.driving.run.keep(&found.name, &found.text, self.time.now())?;
        }
        Ok(answer)
    }

    fn start(&mut self, id: &StepId, way: Way, before: Value) -> Result<Uuid, JournalError> {
        let key = self.key();
        let step = id.clone();
        self.add(What::Started { step, way, before, key })?;
        Ok(key)
    }

    /// Names an attempt: no two attempts of any run are named alike, and nothing has to be drawn by chance.
    fn key(&mut self) -> Uuid {
        let plan = &self.driving.plan.digest;
        let (run, entries, now) = (self.driving.run.id(), self.events.len(), self.time.now());
        let digest = sha256(format!("{plan}/{run}/{entries}/{now}").as_bytes());
        let bytes = u128::from_str_radix(digest.get(..32).unwrap_or_default(), 16).unwrap_or_default();
        uuid::Builder::from_custom_bytes(bytes.to_be_bytes()).into_uuid()
    }

    fn attempted(&mut self, id: &StepId, way: Way, attempt: Attempt) -> Result<(), JournalError> {
        match attempt {
            Attempt::Ended(mut outcome) => {
                if let Outcome::Unclear { look_at: moment, .. }
                | Outcome::Refused {
                    retry: Retry::At(moment) | Retry::NotBefore(moment),
                    ..
                } = &mut outcome
                {
                    *moment = self.time.of_clock(*moment);
                }
                self.ended(id, way, outcome)
            }
            Attempt::Pending {
                for_what,
                look_at,
                handle,
            } => self.add(What::Pending {
                step: id.clone(),
                way,
                for_what,
                look_at: self.time.of_clock(look_at),
                handle,
            }),
        }
    }

    fn ended(&mut self, id: &StepId, way: Way, outcome: Outcome) -> Result<(), JournalError> {
        let step = id.clone();
        self.add(What::Ended { step, way, outcome })
    }

    /// Waits until a moment has come, by whichever clock gets there first, or somebody asks for something.
    async fn wait(&mut self, until: Timestamp, wakes: &[Wake]) -> Result<(), JournalError> {
        let state = self.state();
        let begun = self.time.now();
        let view = View {
            run: self.driving.run.id(),
            plan: self.driving.plan,
            state: &state,
            now: begun,
        };
        self.driving.progress.waits(view, until, wakes);
        let missing = Duration::try_from(until.duration_since(begun)).unwrap_or_default();
        let mut sleep = self.driving.clock.sleep(missing);
        let mut stops = self.driving.stops.clone();
        stops.mark_unchanged();
        let mut looks_up = tokio::time::interval_at(tokio::time::Instant::now() + LOOKS_UP, LOOKS_UP);
        loop {
            let before = self.time.now();
            let (expected, is_over) = tokio::select! {
                biased;
                () = &mut sleep => (until, true),
                _ = stops.changed(), if stops.has_changed().is_ok() => (before, true),
                // A machine that slept wakes here, long after the moment.
                _ = looks_up.tick() => (before, false),
            };
            if let Some(leap) = self.time.at_least(expected) {
                self.driving.progress.clock_leapt(leap);
            }
            self.driving.run.is_still_ours()?;
            if is_over || self.time.now() >= until || !self.driving.run.wishes()?.is_empty() {
                break;
            }
        }
        self.pass(What::Time {});
        Ok(())
    }

    /// What was asked since the last turn becomes a part of what happened.
    fn hear(&mut self) -> Result<(), JournalError> {
        let stopping = self.driving.stops.borrow().clone();
        if let Stopping::GiveBack { by } = stopping
            && self.state().aborted.is_none()
        {
            self.add(What::Aborted { by })?;
        }
        for (number, wish) in self.driving.run.wishes()? {
            let what = match wish {
                Wish::GiveBack { by } => What::Aborted { by },
                Wish::Renew { step, until, by } => What::Renewed { step, until, by },
            };
            let event = self.event(what);
            self.driving.run.append_for(number, &event)?;
            self.take(event);
        }
        Ok(())
    }

    /// Nothing is left to do but what is refused, and that for too long.
    fn is_out_of_patience(&mut self, wakes: &[Wake]) -> bool {
        let state = self.state();
        let now = self.time.now();
        let refused = |wake: &Wake| {
            let step = state.of(&wake.step);
            step.is_returning() && (step.refusals > 0 || step.unread.is_some())
        };
        if !wakes.iter().all(refused) {
            self.refused_since = None;
            return false;
        }
        let since = *self.refused_since.get_or_insert(now);
        now.duration_since(since) >= self.driving.patience
    }

    /// Adds what happened, durably, unless it changes nothing but the next moment to look.
    fn add(&mut self, what: What) -> Result<(), JournalError> {
        if self.says_nothing_new(&what) {
            self.pass(what);
            return Ok(());
        }
        let event = self.event(what);
        self.driving.run.append(&event)?;
        self.take(event);
        Ok(())
    }

    fn event(&mut self, what: What) -> Event {
        let at = self.time.now();
        Event { at, what }
    }

    fn take(&mut self, event: Event) {
        self.events.push(event.clone());
        self.is_kept.push(true);
        let state = self.state();
        let view = View {
            run: self.driving.run.id(),
            plan: self.driving.plan,
            state: &state,
            now: event.at,
        };
        self.driving.progress.happened(view, &event);
    }

    /// A moment that the journal need not know; it takes the place of those that it makes worthless.
    fn pass(&mut self, what: What) {
        let event = self.event(what);
        let is_outdated = |known: &What| match (known, &event.what) {
            (What::Time {}, _) => true,
            (What::Pending { step: known, .. }, What::Pending { step, .. })
            | (What::Unread { step: known, .. }, What::Unread { step, .. }) => known == step,
            _ => false,
        };
        let mut stays: Vec<bool> = self.events.iter().map(|known| !is_outdated(&known.what)).collect();
        for (stays, is_kept) in stays.iter_mut().zip(&self.is_kept) {
            *stays |= is_kept;
        }
        let mut each = stays.iter();
        self.events.retain(|_| each.next().is_none_or(|stays| *stays));
        let mut each = stays.iter();
        self.is_kept.retain(|_| each.next().is_none_or(|stays| *stays));
        self.events.push(event);
        self.is_kept.push(false);
    }

    fn says_nothing_new(&mut self, what: &What) -> bool {
        let (What::Pending { step, .. } | What::Unread { step, .. }) = what else {
            return false;
        };
        let before = self.state().of(step);
        let event = self.event(what.clone());
        let mut events = self.events.clone();
        events.push(event);
        let after = state(self.driving.plan, &events).of(step);
        timeless(before) == timeless(after)
    }

    fn state(&self) -> RunState {
        state(self.driving.plan, &self.events)
    }

    fn step(&self, id: &StepId) -> Option<&'a Step> {
        self.driving.plan.step(id)
    }

    fn asks(&mut self, id: &StepId) {
        let state = self.state();
        let view = View {
            run: self.driving.run.id(),
            plan: self.driving.plan,
            state: &state,
            now: self.time.now(),
        };
        self.driving.progress.asks(view, id);
    }
}

/// A step's state without the moments at which it is looked at.
fn timeless(mut step: StepState) -> StepState {
    for given in [&mut step.done, &mut step.undone] {
        if let Given::Begun { look_at, .. } = given {
            *look_at = Timestamp::UNIX_EPOCH;
        }
    }
    if let Some(unread) = &mut step.unread {
        unread.again = Timestamp::UNIX_EPOCH;
    }
    step
}
