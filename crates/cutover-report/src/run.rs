//! A run as its report tells it: folded from the stored plan and the events alone, for every action alike.

use cutover_core::Plan;
use cutover_core::machine::{End, Event, Given, LoanState, Next, RunState, StepState, Way, What, Work, next, state};
use cutover_core::plan::{self, StepId};
use jiff::Timestamp;
use serde_json::Value;

use crate::report_v1::{Actor, Attempt, HandWork, Loan, Outcome, PlanNamed, Refused, Run, Step};
use crate::timeline;

/// What a journal holds of a run.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Its number in its journal.
    pub run: i64,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// When it ended; `None` as long as something may be owed.
    pub closed_at: Option<Timestamp>,
    /// Its plan.
    pub plan: &'a Plan,
    /// What happened, oldest first.
    pub events: &'a [Event],
}

impl Told<'_> {
    /// How it ended; `None` while it goes on, or was left with something out.
    pub fn end(&self) -> Option<End> {
        match (self.closed_at, next(self.plan, self.events)) {
            (Some(_), Next::Done(end)) => Some(end),
            _ => None,
        }
    }

    /// The run as it is told.
    pub fn report(&self) -> Run {
        let Self { plan, events, .. } = self;
        let state = state(plan, events);
        let end = self.end();
        let timeline = timeline::moments(plan, events);
        let lasting = plan.steps.iter().filter(|step| step.loan.is_none());
        Run {
            run: self.run,
            tenant: plan.scene.tenant.clone(),
            tenant_id: plan.scene.tenant_id.to_string(),
            environment: plan.scene.environment_url.clone(),
            organization_id: plan.organization_id.map(|id| id.to_string()),
            carried_out_by: Actor {
                name: plan.caller.name.clone(),
                object_id: plan.caller.object_id.to_string(),
                application: plan.caller.application,
            },
            justification: plan.justification.clone(),
            ticket: plan.ticket.clone(),
            began_at: self.opened_at,
            ended_at: self.closed_at,
            plan: PlanNamed {
                digest: plan.digest.clone(),
                made_at: plan.made_at,
                made_with: plan.made_with.clone(),
                pack: plan.pack.clone(),
            },
            work: work(end.as_ref()),
            returns: returns(plan, &state),
            loans: plan
                .loans()
                .map(|(step, terms)| loan(step, terms, &state.of(&step.id), attempts(events, &step.id)))
                .collect(),
            steps: lasting
                .map(|step| self::step(step, &state.of(&step.id), attempts(events, &step.id)))
                .collect(),
            hand_work: plan.hand_work.iter().map(hand_work).collect(),
            refused: plan.refused.iter().map(refused).collect(),
            decisions: timeline::decisions(&timeline),
            timeline,
        }
    }
}

/// What became of the work, of which nothing is said about returns.
fn work(end: Option<&End>) -> Outcome {
    let (is, good, sentence) = match end.map(|end| &end.work) {
        None => ("open", false, "The run has not ended.".to_owned()),
        Some(Work::Complete) => ("complete", true, "Every step of the plan is done.".to_owned()),
        Some(Work::Incomplete {
            failed,
            given_up,
            not_begun,
            aborted,
        }) => {
            let count = |count: usize, what: &str| (count > 0).then(|| format!("{count} {what}"));
            let counts = [
                count(failed.len(), "failed"),
                count(given_up.len(), "begun with an outcome that is not known"),
                count(not_begun.len(), "never begun"),
            ];
            let counts: Vec<String> = counts.into_iter().flatten().collect();
            let by = aborted.as_ref().map(|by| format!(" It was ended by {by}."));
            let is = if given_up.is_empty() { "incomplete" } else { "unknown" };
            let told = format!(
                "Not every step of the plan is done: {}.{}",
                counts.join(", "),
                by.unwrap_or_default()
            );
            (is, false, told)
        }
    };
    Outcome {
        is: is.to_owned(),
        good,
        sentence,
    }
}

/// What became of what was lent, of which nothing is said about the work.
fn returns(plan: &Plan, state: &RunState) -> Outcome {
    let with = |wanted: &[LoanState]| {
        let loans = plan
            .loans()
            .filter(|(step, _)| wanted.contains(&state.of(&step.id).loan()));
        loans.count()
    };
    let out = with(&[LoanState::Out, LoanState::ReturnRefused]);
    let (returned, left, proved) = (
        with(&[LoanState::Returned]),
        with(&[LoanState::Left]),
        with(&[LoanState::Proved]),
    );
    let (is, good, sentence) = if out > 0 {
        ("out", false, format!("{out} of what was lent is still out."))
    } else if returned > 0 {
        (
            "returned",
            false,
            format!("{returned} of what was lent is returned and not proved yet."),
        )
    } else if left > 0 {
        let told =
            format!("{proved} returned and proved; {left} left as it was found, because somebody else had changed it.");
        ("left", true, told)
    } else if proved > 0 {
        let told = format!("Everything that was lent ({proved}) is back, and was read again to prove it.");
        ("proved", true, told)
    } else {
        ("nothing lent", true, "Nothing was lent.".to_owned())
    };
    Outcome {
        is: is.to_owned(),
        good,
        sentence,
    }
}

fn loan(step: &plan::Step, terms: &plan::Loan, state: &StepState, attempts: Vec<Attempt>) -> Loan {
    let describe = step.action.describe();
    let held = matches!(state.done, Given::Done { already: true, .. }) && !state.touched;
    let (name, told) = match (state.loan(), &state.done, &state.undone) {
        (_, Given::Done { seen, .. }, _) if held => ("held-before", format!("held before, and not touched: {seen}")),
        (LoanState::NotOut, ..) => ("not-out", "never lent".to_owned()),
        (LoanState::Out, ..) => ("out", "STILL OUT".to_owned()),
        (LoanState::ReturnRefused, _, Given::Again { why, .. }) => {
            ("return-refused", format!("STILL OUT, its return was refused: {why}"))
        }
        (LoanState::ReturnRefused, ..) => ("return-refused", "STILL OUT, its return was refused".to_owned()),
        (LoanState::Returned, ..) => ("returned", "returned, not proved yet".to_owned()),
        (LoanState::Proved, ..) => ("proved", "returned and proved".to_owned()),
        (LoanState::Left, ..) => ("left", "left as it is: somebody else changed it".to_owned()),
    };
    let (returned_at, returned_seen) = match &state.undone {
        Given::Done { at, seen, .. } => (Some(*at), Some(seen.clone())),
        _ => (None, None),
    };
    Loan {
        step: step.id.to_string(),
        what: describe.does(),
        object: describe.object(),
        requirements: codes(step),
        state: name.to_owned(),
        told,
        good: !state.owes() && state.loan() != LoanState::Returned,
        lent_at: state.lent.filter(|_| state.touched),
        returned_at,
        returned_seen,
        proved_at: state.proved.as_ref().map(|proof| proof.at),
        proved_seen: state.proved.as_ref().map(|proof| proof.seen.clone()),
        due: state.due(step),
        returned_by: terms.returned_by.clone(),
        by_hand: terms.by_hand.clone(),
        link: terms.link.clone(),
        attempts,
    }
}

fn step(step: &plan::Step, state: &StepState, attempts: Vec<Attempt>) -> Step {
    let describe = step.action.describe();
    let (place, link) = describe.place();
    let (name, told, ended_at, seen) = match &state.done {
        Given::Not => match &state.unread {
            Some(unread) => ("not-begun", "could not be looked at", None, Some(unread.why.clone())),
            None => ("not-begun", "never begun", None, None),
        },
        Given::Begun { for_what, .. } => ("begun", "begun, its outcome is not known", None, for_what.clone()),
        Given::Again { why, .. } => ("refused", "refused, without an effect", None, Some(why.clone())),
        Given::Done {
            at,
            already: true,
            seen,
            ..
        } => ("already-so", "was so already", Some(*at), Some(seen.clone())),
        Given::Done { at, seen, .. } => ("done", "done", Some(*at), Some(seen.clone())),
        Given::Failed { at, why } => ("failed", "failed", Some(*at), Some(why.clone())),
    };
    Step {
        step: step.id.to_string(),
        what: describe.does(),
        object: describe.object(),
        requirements: codes(step),
        state: name.to_owned(),
        told: told.to_owned(),
        good: state.is_done(),
        began_at: state.begun,
        ended_at,
        seen,
        place: place.to_owned(),
        link: link.to_owned(),
        attempts,
    }
}

fn codes(step: &plan::Step) -> Vec<String> {
    step.requirements.iter().map(ToString::to_string).collect()
}

fn attempts(events: &[Event], of: &StepId) -> Vec<Attempt> {
    let of_step = |event: &Event| match &event.what {
        What::Started { step, way, before, key } if step == of => Some(Attempt {
            way: match way {
                Way::Do => "do",
                Way::Undo => "undo",
            }
            .to_owned(),
            at: event.at,
            key: key.to_string(),
            before: (*before != Value::Null).then(|| before.to_string()),
        }),
        _ => None,
    };
    events.iter().filter_map(of_step).collect()
}

fn hand_work(work: &plan::HandWork) -> HandWork {
    HandWork {
        requirement: work.requirement.to_string(),
        what: work.what.clone(),
        path: work.path.clone(),
        link: work.link.clone(),
        verified_by: work.verified_by.clone(),
        confirmed: None,
        verdict: None,
    }
}

fn refused(refusal: &plan::Refusal) -> Refused {
    Refused {
        requirement: refusal.requirement.to_string(),
        what: refusal.what.clone(),
        why: refusal.why.clone(),
    }
}
