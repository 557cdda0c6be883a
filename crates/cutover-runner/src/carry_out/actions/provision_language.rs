//! Enables a language in the environment.

use cutover_clients::Refused;
use cutover_clients::dataverse::async_operations::{AsyncOperation, State, open_operations, operation};
use cutover_clients::dataverse::languages::{provision, provisioned};
use cutover_core::plan::action::ProvisionLanguage;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::busy;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use crate::carry_out::site::{Change, Site, or_absent};

/// Status of an operation that ended well.
const SUCCEEDED: i64 = 30;
/// The message of the operation.
const MESSAGE: &str = "ProvisionLanguageAsync";

/// What is enabled.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Languages {
    lcids: Vec<u32>,
}

fn named(answer: &Value) -> Value {
    match answer.get("AsyncOperationId") {
        Some(id) => json!({"operation": id}),
        None => Value::Null,
    }
}

fn waits(operation: Uuid) -> Trace {
    Trace::Waits(
        "the language is provisioned".to_owned(),
        json!({"operation": operation}),
    )
}

fn trace_of(operation: &AsyncOperation) -> Trace {
    if operation.statecode != State::Completed || operation.statuscode == Some(SUCCEEDED) {
        return waits(operation.asyncoperationid);
    }
    let why = operation.friendlymessage.as_deref().unwrap_or("it says no reason");
    Trace::Failed(format!("Dataverse did not provision the language: {why}"))
}

impl Ensure for ProvisionLanguage {
    type Seen = Languages;

    async fn read(&self, site: &Site) -> Result<Languages, CannotLook> {
        let there = site.ask(provisioned()).await.map_err(|unread| site.cannot(unread))?;
        Ok(Languages {
            lcids: there.locale_ids,
        })
    }

    fn held(&self, seen: &Languages) -> bool {
        seen.lcids.iter().any(|lcid| i64::from(*lcid) == self.lcid)
    }

    fn words(&self, seen: &Languages) -> String {
        let is = if self.held(seen) { "is" } else { "is not" };
        format!("the language {} {is} enabled", self.lcid)
    }

    fn make(&self, _: &Site, _: &Languages) -> Move {
        Move::Send(Change::Here(provision(self.lcid)))
    }

    fn refused(&self, site: &Site, _: &Languages, refused: &Refused) -> Meaning {
        busy::meaning(site, refused)
    }

    fn named(&self, answer: &Value) -> Value {
        named(answer)
    }

    async fn trace(&self, site: &Site, made: &Made<'_>, _: &Languages) -> Result<Trace, CannotLook> {
        let id = made.handle.made.get("operation").and_then(Value::as_str);
        if let Some(id) = id.and_then(|id| id.parse().ok()) {
            let found = or_absent(site.ask(operation(id)).await).map_err(|unread| site.cannot(unread))?;
            return Ok(found.as_ref().map_or(Trace::None, trace_of));
        }
        // The answer that named it was lost: only one language is provisioned at a time.
        let open = site
            .ask(open_operations())
            .await
            .map_err(|unread| site.cannot(unread))?;
        let ours = open.iter().find(|open| open.messagename.as_deref() == Some(MESSAGE));
        Ok(ours.map_or(Trace::None, |ours| waits(ours.asyncoperationid)))
    }

    async fn back(&self, _: &Site, before: &Languages, now: &Languages, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(match self.held(before) == self.held(now) {
            true => Back::Gone(self.words(now)),
            false => Back::NotOurs(format!("{}, which cannot be undone", self.words(now))),
        })
    }

    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(5)
    }
}
