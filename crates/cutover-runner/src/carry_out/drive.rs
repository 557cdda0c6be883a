//! How every action is looked at, made, taken back, settled and proved.
//!
//! An effect is made by reading, writing once if it is needed, and reading back. A write whose outcome nobody knows is settled by
//! what the service keeps of it, else by what is there; it is never sent again before it is known to have come to nothing.

use cutover_clients::{Refused, WriteOutcome};
use cutover_core::machine::{Outcome, Retry, StepState, Way};
use cutover_core::plan::Step;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use super::handle::Handle;
use super::site::Site;
use super::{Attempt, CannotLook, Looked, refusal};

/// Between two looks for something that should show soon.
const SOON: SignedDuration = SignedDuration::from_secs(15);
/// Between two looks for something that takes its time.
const LATER: SignedDuration = SignedDuration::from_mins(1);
/// How long a return that the service confirmed may take to show, before it is sent again.
const RETURN_SHOWS: SignedDuration = SignedDuration::from_mins(5);

pub(super) async fn look<A: Ensure>(action: &A, site: &Site) -> Result<Looked, CannotLook> {
    let seen = action.read(site).await?;
    Ok(Looked {
        held: action.held(&seen),
        value: serde_json::to_value(&seen).unwrap_or_default(),
        seen: action.words(&seen),
    })
}

pub(super) async fn make<A: Ensure>(action: &A, site: &Site, step: &Step, key: Uuid) -> Attempt {
    let mut looked_again = false;
    loop {
        let now = match action.read(site).await {
            Ok(now) => now,
            Err(cannot) => return refused(cannot.why, Retry::At(cannot.again)),
        };
        let handle = Handle::default().about(Some(key));
        if action.held(&now) {
            let seen = action.words(&now);
            return shown(action, site, step, handle, Outcome::AlreadySo { seen }).await;
        }
        let next = match action.make(site, &now) {
            Move::Prepare => action.prepare(site, &now, key).await,
            next => next,
        };
        let mut changes = match next {
            Move::Send(change) => vec![change],
            Move::SendEach(changes) => changes,
            Move::Wait(for_what, named) => {
                return pending(for_what, site.after(LATER), &handle.naming(named));
            }
            Move::Prepare => return refused("it was prepared twice".to_owned(), Retry::Never),
            Move::Stop(why, again) => return refused(why, again.map_or(Retry::Never, Retry::At)),
        };
        let Some(change) = changes.pop() else {
            return refused("there is nothing to send".to_owned(), Retry::Never);
        };
        // Once a part of it is made, whatever stops the rest is settled by looking.
        for (earlier, place) in changes.into_iter().zip(0..) {
            let request = earlier.request();
            let why = match site.send(earlier, key).await {
                Ok(WriteOutcome::Done(_)) => continue,
                Ok(WriteOutcome::Unknown { why }) => return unclear(why, site.after(SOON)),
                Ok(WriteOutcome::Refused(no)) if place == 0 => {
                    return not_now(site, step, &no, action.refused(site, &now, &no), &request);
                }
                Ok(WriteOutcome::Refused(no)) => refusal::words(step, &no, site.now(), &request),
                Err(not_sent) if place == 0 => {
                    let why = format!("could not {}: {not_sent}", step.action.describe().does());
                    return refused(why, refusal::retry_unsent(site, &not_sent));
                }
                Err(not_sent) => not_sent.to_string(),
            };
            return unclear(
                format!("a part of it is made, and the rest is not: {why}"),
                site.after(SOON),
            );
        }
        let request = change.request();
        return match site.send(change, key).await {
            Err(not_sent) => {
                let why = format!("could not {}: {not_sent}", step.action.describe().does());
                refused(why, refusal::retry_unsent(site, &not_sent))
            }
            Ok(WriteOutcome::Unknown { why }) => unclear(why, site.after(SOON)),
            Ok(WriteOutcome::Done(answer)) => done(action, site, step, handle, &answer).await,
            Ok(WriteOutcome::Refused(no)) => match action.refused(site, &now, &no) {
                Meaning::LookAgain if !looked_again => {
                    looked_again = true;
                    continue;
                }
                meaning => not_now(site, step, &no, meaning, &request),
            },
        };
    }
}

/// After an answer that says *done*: it is done when it is read.
async fn done<A: Ensure>(action: &A, site: &Site, step: &Step, handle: Handle, answer: &Value) -> Attempt {
    let handle = handle.accepted(action.named(answer));
    match action.trace_in(answer) {
        Trace::Failed(why) => return refused(why, Retry::Never),
        Trace::Waits(for_what, made) => return pending(for_what, site.after(LATER), &handle.naming(made)),
        Trace::Done(made, seen) => {
            let kept = handle.naming(made).value();
            return ended(Outcome::Done { kept, seen });
        }
        Trace::NotKept | Trace::None | Trace::Made(_) | Trace::Ended(..) => {}
    }
    let waits = step.settling.what.clone();
    match action.read(site).await {
        Ok(now) if action.held(&now) => {
            let outcome = Outcome::Done {
                kept: handle.value(),
                seen: action.words(&now),
            };
            shown(action, site, step, handle, outcome).await
        }
        Ok(_) => pending(waits, site.after(SOON), &handle),
        Err(cannot) => pending(format!("{waits} ({})", cannot.why), cannot.again, &handle),
    }
}

/// What stays counts when it is there; what is lent, when the steps that need it can use it.
async fn shown<A: Ensure>(action: &A, site: &Site, step: &Step, handle: Handle, outcome: Outcome) -> Attempt {
    if step.loan.is_none() {
        return Attempt::Ended(outcome);
    }
    match action.lacks(site).await {
        Ok(None) => Attempt::Ended(outcome),
        Ok(Some(lacking)) => pending(lacking, site.after(LATER), &handle.accepted(Value::Null)),
        Err(cannot) => pending(cannot.why, cannot.again, &handle.accepted(Value::Null)),
    }
}

pub(super) async fn take_back<A: Ensure>(
    action: &A,
    site: &Site,
    step: &Step,
    state: &StepState,
    key: Uuid,
) -> Attempt {
    let made = Made::of(state);
    let mut looked_again = false;
    loop {
        let (now, back) = match stands(action, site, &made).await {
            Ok(stands) => stands,
            Err(cannot) => return refused(cannot.why, Retry::At(cannot.again)),
        };
        let change = match back {
            Back::Gone(seen) if looked_again => {
                return ended(Outcome::Done {
                    kept: Value::Null,
                    seen,
                });
            }
            Back::Gone(seen) => return ended(Outcome::AlreadySo { seen }),
            Back::NotOurs(seen) => return ended(Outcome::NotOurs { seen }),
            Back::Later(why, at) => return refused(why, Retry::At(at)),
            Back::NotBefore(why, at) => return refused(why, Retry::NotBefore(at)),
            Back::Send(change) => change,
        };
        let request = change.request();
        return match site.send(change, key).await {
            Err(not_sent) => {
                let what = step.action.describe().gives_back().unwrap_or_default();
                refused(
                    format!("could not {what}: {not_sent}"),
                    refusal::retry_unsent(site, &not_sent),
                )
            }
            Ok(WriteOutcome::Unknown { why }) => unclear(why, site.after(SOON)),
            Ok(WriteOutcome::Done(_)) => {
                let handle = made.handle.clone().about(Some(key)).accepted(Value::Null);
                returned(action, site, &made, handle).await
            }
            Ok(WriteOutcome::Refused(no)) => match action.back_refused(site, &now, &no) {
                Meaning::LookAgain if !looked_again => {
                    looked_again = true;
                    continue;
                }
                // Its link is not there any more: another look says whether that is so.
                Meaning::AsUsual if no.status == 404 && !looked_again => {
                    looked_again = true;
                    continue;
                }
                meaning => not_now(site, step, &no, meaning, &request),
            },
        };
    }
}

/// What is there, and how its return stands.
async fn stands<A: Ensure>(action: &A, site: &Site, made: &Made<'_>) -> Result<(A::Seen, Back), CannotLook> {
    let now = action.read(site).await?;
    let before = made.state.before.clone().unwrap_or_default();
    let before: A::Seen = serde_json::from_value(before).map_err(|error| CannotLook {
        why: format!("the journal's note of what was there before cannot be read: {error}"),
        again: site.after(LATER),
    })?;
    let back = action.back(site, &before, &now, made).await?;
    Ok((now, back))
}

/// After an answer to a return that says *done*.
async fn returned<A: Ensure>(action: &A, site: &Site, made: &Made<'_>, handle: Handle) -> Attempt {
    let handle = Handle {
        since: handle.since.or(Some(site.now())),
        ..handle
    };
    match stands(action, site, made).await {
        Ok((_, Back::Gone(seen))) => ended(Outcome::Done {
            kept: Value::Null,
            seen,
        }),
        Ok((_, Back::NotOurs(seen))) => ended(Outcome::NotOurs { seen }),
        Ok((_, Back::Send(_) | Back::Later(..) | Back::NotBefore(..))) => {
            pending("the return shows".to_owned(), site.after(SOON), &handle)
        }
        Err(cannot) => pending(cannot.why, cannot.again, &handle),
    }
}

pub(super) async fn settle<A: Ensure>(action: &A, site: &Site, step: &Step, way: Way, state: &StepState) -> Attempt {
    let mut made = Made::of(state);
    made.handle = made.handle.about(state.keys.get(&way).copied());
    match way {
        Way::Do => settle_effect(action, site, step, &made).await,
        Way::Undo => settle_return(action, site, &made).await,
    }
}

async fn settle_effect<A: Ensure>(action: &A, site: &Site, step: &Step, made: &Made<'_>) -> Attempt {
    let waits = step.settling.what.clone();
    let now = match action.read(site).await {
        Ok(now) => now,
        Err(cannot) => return pending(cannot.why, cannot.again, &made.handle),
    };
    let trace = match action.trace(site, made, &now).await {
        Ok(trace) => trace,
        Err(cannot) => return pending(cannot.why, cannot.again, &made.handle),
    };
    let handle = made.handle.clone();
    if action.held(&now) {
        let mut seen = action.words(&now);
        let handle = match trace {
            Trace::Made(named) | Trace::Waits(_, named) => handle.naming(named),
            Trace::Ended(named, said) | Trace::Done(named, said) => {
                if !said.is_empty() {
                    seen = format!("{seen}; {said}");
                }
                handle.naming(named)
            }
            _ => handle,
        };
        let outcome = Outcome::Done {
            kept: handle.value(),
            seen,
        };
        return shown(action, site, step, handle, outcome).await;
    }
    match trace {
        Trace::Failed(why) => refused(why, Retry::Never),
        Trace::Waits(for_what, named) => pending(for_what, site.after(LATER), &handle.accepted(named)),
        Trace::Made(named) | Trace::Ended(named, _) => pending(waits, site.after(SOON), &handle.accepted(named)),
        Trace::Done(named, seen) => {
            let kept = handle.accepted(named).value();
            ended(Outcome::Done { kept, seen })
        }
        Trace::NotKept | Trace::None if handle.accepted => pending(waits, site.after(SOON), &handle),
        Trace::NotKept | Trace::None => {
            let since = handle.since.unwrap_or(site.now());
            if site.now().duration_since(since) >= action.shows_within() {
                let why = format!("the attempt had no effect: {}", action.words(&now));
                return refused(why, Retry::At(site.now()));
            }
            let handle = Handle {
                since: Some(since),
                ..handle
            };
            pending(
                "whether the attempt had its effect".to_owned(),
                site.after(LATER),
                &handle,
            )
        }
    }
}

async fn settle_return<A: Ensure>(action: &A, site: &Site, made: &Made<'_>) -> Attempt {
    let handle = made.handle.clone();
    match stands(action, site, made).await {
        Err(cannot) => pending(cannot.why, cannot.again, &handle),
        Ok((_, Back::Gone(seen))) => ended(Outcome::Done {
            kept: Value::Null,
            seen,
        }),
        Ok((_, Back::NotOurs(seen))) => ended(Outcome::NotOurs { seen }),
        Ok((_, Back::Later(why, at))) => refused(why, Retry::At(at)),
        Ok((_, Back::NotBefore(why, at))) => refused(why, Retry::NotBefore(at)),
        Ok((now, Back::Send(_))) => {
            let since = handle.since.unwrap_or(site.now());
            let (for_what, patience) = match handle.accepted {
                true => ("the return shows", RETURN_SHOWS),
                false => ("whether the return had its effect", action.shows_within()),
            };
            if site.now().duration_since(since) < patience {
                let since = Some(since);
                return pending(for_what.to_owned(), site.after(SOON), &Handle { since, ..handle });
            }
            // What takes away may be asked for again: it finds what is still there, and nothing else.
            let why = format!("it is still there: {}", action.words(&now));
            refused(why, Retry::At(site.now()))
        }
    }
}

pub(super) async fn prove<A: Ensure>(action: &A, site: &Site, state: &StepState) -> Result<(bool, String), CannotLook> {
    let (now, back) = stands(action, site, &Made::of(state)).await?;
    Ok(match back {
        Back::Gone(seen) | Back::NotOurs(seen) => (true, seen),
        Back::Send(_) | Back::Later(..) | Back::NotBefore(..) => (false, action.words(&now)),
    })
}

fn not_now(site: &Site, step: &Step, no: &Refused, meaning: Meaning, request: &str) -> Attempt {
    let why = refusal::words(step, no, site.now(), request);
    match meaning {
        Meaning::Later(meaning, at) => refused(format!("{meaning} ({why})"), Retry::At(at)),
        Meaning::Never(meaning) => refused(format!("{meaning} ({why})"), Retry::Never),
        Meaning::NotBefore(meaning, at) => refused(meaning, Retry::NotBefore(at)),
        // It says that it is so, and nothing shows it yet.
        Meaning::LookAgain => refused(why, Retry::At(site.after(LATER))),
        Meaning::AsUsual => refused(why, refusal::retry(site, no)),
    }
}

fn ended(outcome: Outcome) -> Attempt {
    Attempt::Ended(outcome)
}

fn refused(why: String, retry: Retry) -> Attempt {
    ended(Outcome::Refused { why, retry })
}

fn unclear(why: String, look_at: Timestamp) -> Attempt {
    ended(Outcome::Unclear { why, look_at })
}

fn pending(for_what: String, look_at: Timestamp, handle: &Handle) -> Attempt {
    Attempt::Pending {
        for_what,
        look_at,
        handle: handle.value(),
    }
}
