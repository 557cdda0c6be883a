//! What a person or a program hears while a run goes on.

use cutover_core::Plan;
use cutover_core::machine::{Event, Outcome, Retry, RunState, Wake, Way, What};
use cutover_core::plan::StepId;
use cutover_runner::drive::{Progress, View};
use jiff::{SignedDuration, Timestamp};

use super::escape;
use super::run_v1::Line;
use crate::carrying::Voice;

/// Tells a voice what happens, in words or as lines of JSON.
pub(crate) struct Narrator<'a, V> {
    voice: &'a mut V,
    jsonl: bool,
    /// What was said last of waiting, and of what is out; neither is said twice.
    waiting: String,
    out: String,
}

/// `07:03:12`, in UTC as everything in the journal.
pub(crate) fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// `2 h 5 min`, `3 min`, `20 s`.
pub(crate) fn lasting(time: SignedDuration) -> String {
    let seconds = time.as_secs().max(0);
    match (seconds / 3600, seconds % 3600 / 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// What a step does, or what its return does.
fn does(plan: &Plan, id: &StepId, way: Way) -> String {
    let Some(step) = plan.step(id) else {
        return id.to_string();
    };
    let describe = step.action.describe();
    match way {
        Way::Do => describe.does(),
        Way::Undo => describe.gives_back().unwrap_or_else(|| describe.does()),
    }
}

/// What is out, each with the time it has left.
fn out(plan: &Plan, state: &RunState, now: Timestamp) -> String {
    let loans = plan.loans().filter_map(|(step, _)| {
        let state = state.of(&step.id);
        // What was asked for and not answered yet is told once it was; what was never answered may be out.
        let may_be_out = state.is_done() || state.is_returning() || state.doubted;
        let due = state.due(step).filter(|_| may_be_out)?;
        let left = due.duration_since(now);
        Some(match left.is_positive() {
            true => format!("{} until {} ({} left)", step.id, clock(due), lasting(left)),
            false => format!("{} overdue since {}", step.id, clock(due)),
        })
    });
    loans.collect::<Vec<_>>().join(", ")
}

impl<'a, V: Voice> Narrator<'a, V> {
    pub(crate) fn new(voice: &'a mut V, jsonl: bool) -> Self {
        Self {
            voice,
            jsonl,
            waiting: String::new(),
            out: String::new(),
        }
    }

    fn say(&mut self, at: Timestamp, text: &str) {
        self.voice.note(&format!("{}  {}", clock(at), escape::line(text)));
    }

    /// Says what is out, when that has changed since it was said last.
    fn say_what_is_out(&mut self, view: View<'_>) {
        let out = out(view.plan, view.state, view.now);
        let ids: Vec<&str> = out.split(", ").filter_map(|loan| loan.split(' ').next()).collect();
        let ids = ids.join(", ");
        if ids != self.out {
            let text = match out.is_empty() {
                true => "lent: nothing".to_owned(),
                false => format!("lent: {out}"),
            };
            self.say(view.now, &text);
            self.out = ids;
        }
    }
}

/// What an event says to a person.
fn words(plan: &Plan, what: &What) -> Option<String> {
    Some(match what {
        What::Started { step, way, .. } => {
            let usual = plan.step(step).filter(|_| *way == Way::Do);
            let usual = usual.map(|step| format!(" (usually {})", lasting(step.settling.usual)));
            format!("{step}: {}{}", does(plan, step, *way), usual.unwrap_or_default())
        }
        What::Pending { step, for_what, .. } => format!("{step}: accepted; awaited: {for_what}"),
        What::Ended { step, way, outcome } => match (outcome, way) {
            (Outcome::Done { seen, .. }, Way::Do) => format!("{step}: done: {seen}"),
            (Outcome::Done { seen, .. }, Way::Undo) => format!("{step}: returned: {seen}"),
            (Outcome::AlreadySo { seen }, Way::Do) => format!("{step}: left as it was found: {seen}"),
            (Outcome::AlreadySo { seen }, Way::Undo) => format!("{step}: gone already: {seen}"),
            (Outcome::NotOurs { seen }, _) => {
                format!("{step}: left as it is, because somebody else changed it: {seen}")
            }
            (Outcome::Refused { why, .. }, Way::Do) => format!("{step}: refused: {why}"),
            (
                Outcome::Refused {
                    why,
                    retry: Retry::NotBefore(moment),
                },
                Way::Undo,
            ) => {
                format!("{step}: comes back not before {}: {why}", clock(*moment))
            }
            (Outcome::Refused { why, .. }, Way::Undo) => {
                format!("{step}: STILL LENT, its return was refused and is tried again: {why}")
            }
            (Outcome::Unclear { why, .. }, _) => format!("{step}: no answer was heard, so it is looked for: {why}"),
        },
        What::Proved { step, gone: true, seen } => format!("{step}: proved to be back: {seen}"),
        What::Proved { step, seen, .. } => format!("{step}: STILL LENT, its return did not hold: {seen}"),
        What::Unread { step, why, .. } => format!("{step}: could not be looked at, and is tried again: {why}"),
        What::Renewed { step, until, by } => format!("{step}: renewed until {until} by {by}"),
        What::Asked { step } => format!("{step}: a person is asked to {}", does(plan, step, Way::Do)),
        What::Answered { step, done, seen, by } => match done {
            true => format!("{step}: done, says {by}: {seen}"),
            false => format!("{step}: not done, says {by}: {seen}"),
        },
        What::Approved { digest, by, .. } => format!("approved by {by}: {digest}"),
        What::Aborted { by } => format!("no new work, everything comes back: asked for by {by}"),
        What::TakenOver { by } => format!("taken up by {by}"),
        What::Time {} => return None,
    })
}

impl<V: Voice> Progress for Narrator<'_, V> {
    fn happened(&mut self, view: View<'_>, event: &Event) {
        self.waiting.clear();
        if self.jsonl {
            let line = Line::event(view.run, event).text();
            self.voice.json(&line);
            return;
        }
        if let Some(text) = words(view.plan, &event.what) {
            self.say(event.at, &text);
        }
        self.say_what_is_out(view);
    }

    fn waits(&mut self, view: View<'_>, _: Timestamp, wakes: &[Wake]) {
        // The end of a loan is no reason to wait, and is told with what is lent.
        let reason = wakes
            .iter()
            .find(|wake| wake.for_what != END_OF_A_LOAN)
            .or(wakes.first());
        let Some(wake) = reason else {
            return;
        };
        // Of an effect it is said what then is so, of a return what then comes: after a colon either reads right.
        let about = format!("{}: awaited: {}", wake.step, wake.for_what);
        if about == self.waiting {
            return;
        }
        if self.jsonl {
            let line = Line::waits(view.run, view.now, wake).text();
            self.voice.json(&line);
        } else {
            let usual = view.plan.step(&wake.step).map(|step| lasting(step.settling.usual));
            let begun = view.state.of(&wake.step).begun;
            let since = begun
                .map(|begun| format!(", since {}", clock(begun)))
                .unwrap_or_default();
            let text = format!(
                "{about}{since}; usually {}, next look at {}",
                usual.unwrap_or_default(),
                clock(wake.at)
            );
            self.say(view.now, &text);
        }
        self.waiting = about;
    }

    fn clock_leapt(&mut self, by: SignedDuration) {
        let text = match by.is_negative() {
            true => format!(
                "note: the clock went back by {}; the time of loans is counted on, so they end no later",
                lasting(by.abs())
            ),
            false => format!(
                "note: the clock went forward by {} at once, or this machine slept; loans end by that clock",
                lasting(by)
            ),
        };
        self.voice.note(&text);
    }
}

/// As the machine words it.
const END_OF_A_LOAN: &str = "the end of the loan";
