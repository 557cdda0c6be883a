//! What happened, in words. Events that this file does not name are told by their stored form, so that a later kind of event is
//! shown and not left out.

use cutover_core::Plan;
use cutover_core::machine::{Event, Outcome, Way, What};
use serde_json::Value;

use crate::report_v1::{Decision, Moment};

/// Every event but moments in which nothing happened.
pub(crate) fn moments(plan: &Plan, events: &[Event]) -> Vec<Moment> {
    let told = events.iter().filter(|event| !matches!(event.what, What::Time {}));
    told.map(|event| moment(plan, event)).collect()
}

fn moment(plan: &Plan, event: &Event) -> Moment {
    // An event holds strings, moments and JSON only, which always become JSON.
    let what = serde_json::to_value(&event.what).unwrap_or_default();
    let text_of = |key: &str| what.get(key).and_then(Value::as_str).map(str::to_owned);
    let step = text_of("step");
    let does = step.as_ref().and_then(|id| {
        let step = plan.steps.iter().find(|step| step.id.0 == *id)?;
        Some(step.action.describe().does())
    });
    let told = words(&event.what).unwrap_or_else(|| by_its_fields(&what));
    Moment {
        at: event.at,
        event: text_of("event").unwrap_or_default(),
        text: match does {
            Some(does) => format!("{does}: {told}"),
            None => told,
        },
        step,
        what,
    }
}

fn words(what: &What) -> Option<String> {
    Some(match what {
        What::Started { way: Way::Do, key, .. } => format!("begun, as {key}"),
        What::Started {
            way: Way::Undo, key, ..
        } => format!("its return begun, as {key}"),
        What::Pending { for_what, look_at, .. } => format!("waits for: {for_what}; looked at again at {look_at}"),
        What::Ended { way, outcome, .. } => ended(*way, outcome),
        What::Proved { gone: true, seen, .. } => format!("its return is proved: {seen}"),
        What::Proved { gone: false, seen, .. } => format!("its return did not hold: {seen}"),
        What::Unread { why, again, .. } => format!("could not be looked at: {why}; tried again at {again}"),
        What::Renewed { until, by, .. } => format!("may stay out until {until}, decided by {by}"),
        What::TakenOver { by } => format!("taken over by {by}"),
        _ => return None,
    })
}

fn ended(way: Way, outcome: &Outcome) -> String {
    let whose = match way {
        Way::Do => "",
        Way::Undo => "its return: ",
    };
    let told = match outcome {
        Outcome::Done { seen, .. } => format!("done, read back: {seen}"),
        Outcome::AlreadySo { seen } => format!("was so already: {seen}"),
        Outcome::NotOurs { seen } => format!("left as it is, somebody else changed it: {seen}"),
        Outcome::Refused { why, .. } => format!("refused: {why}"),
        Outcome::Unclear { why, look_at } => format!("its outcome is not known: {why}; to be looked up at {look_at}"),
    };
    format!("{whose}{told}")
}

/// The name of an event and its fields, as they are stored.
fn by_its_fields(what: &Value) -> String {
    let Some(fields) = what.as_object() else {
        return what.to_string();
    };
    let name = fields.get("event").and_then(Value::as_str).unwrap_or("something");
    let told: Vec<String> = fields
        .iter()
        .filter(|(key, _)| !matches!(key.as_str(), "event" | "step"))
        .map(|(key, value)| match value {
            Value::String(text) => format!("{} {text}", key.replace('_', " ")),
            other => format!("{} {other}", key.replace('_', " ")),
        })
        .collect();
    match told.is_empty() {
        true => name.replace('-', " "),
        false => format!("{}: {}", name.replace('-', " "), told.join(", ")),
    }
}

/// What people decided: every event that names who, but a process that takes the run over.
pub(crate) fn decisions(moments: &[Moment]) -> Vec<Decision> {
    let of = |moment: &Moment| {
        let by = moment.what.get("by")?.as_str()?.to_owned();
        Some(Decision {
            at: moment.at,
            by,
            what: moment.text.clone(),
        })
    };
    let of_people = moments.iter().filter(|moment| moment.event != "taken-over");
    of_people.filter_map(of).collect()
}
