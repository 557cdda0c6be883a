//! Lets a holding solution take the place of the installed one.

use cutover_clients::Refused;
use cutover_clients::dataverse::solution_imports::promote;
use cutover_core::plan::action::PromoteSolution;
use cutover_core::reading::installed::HOLDING_SUFFIX;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use crate::carry_out::import::id_in;
use crate::carry_out::operation::{self, Stage};
use crate::carry_out::site::{Change, Site};
use crate::carry_out::standing::{Standing, standing};
use crate::carry_out::window::closed;
use crate::carry_out::{CannotLook, busy};

/// Message and kind of the operation that promotes (contracts, section 7.3).
const MESSAGE: &str = "DeleteAndPromoteAsync";
const KIND: i64 = 207;

impl Ensure for PromoteSolution {
    type Seen = Standing;

    async fn read(&self, site: &Site) -> Result<Standing, CannotLook> {
        standing(site, &self.solution).await
    }

    fn held(&self, seen: &Standing) -> bool {
        seen.is_at(self.version)
    }

    fn words(&self, seen: &Standing) -> String {
        seen.words()
    }

    fn make(&self, site: &Site, now: &Standing) -> Move {
        if let Some(words) = now.import_words() {
            return Move::Wait(words, Value::Null);
        }
        if let Some(stop) = closed(site, self.not_after, &format!("the promotion of {}", self.solution)) {
            return stop;
        }
        let why = match now.held_version() {
            None => format!(
                "there is no {}{HOLDING_SUFFIX} that could take its place: {}; import it first",
                self.solution,
                now.words()
            ),
            Some(held) if held != self.version => format!(
                "{}, and {} is wanted: finish or remove that one first (Power Apps > Solutions)",
                now.words(),
                self.version
            ),
            Some(_) => return Move::Send(Change::Here(promote(&self.solution))),
        };
        Move::Stop(why, None)
    }

    fn refused(&self, site: &Site, _: &Standing, refused: &Refused) -> Meaning {
        busy::meaning(site, refused)
    }

    fn named(&self, answer: &Value) -> Value {
        match answer.get("AsyncOperationId") {
            Some(id) => json!({"operation": id}),
            None => Value::Null,
        }
    }

    async fn trace(&self, site: &Site, made: &Made<'_>, now: &Standing) -> Result<Trace, CannotLook> {
        let waits = || {
            format!(
                "{} {} takes the place of the installed version",
                self.solution, self.version
            )
        };
        if let Some(id) = id_in(&made.handle.made, "operation") {
            let named = made.handle.made.clone();
            return Ok(match operation::stage(site, id).await? {
                Some(Stage::Failed(why)) => Trace::Failed(format!(
                    "{} {} did not take the place of the installed version: {why}. {}: mend what it names, then plan again",
                    self.solution,
                    self.version,
                    now.words()
                )),
                Some(Stage::Passed) => Trace::Made(named),
                Some(Stage::Runs) => Trace::Waits(waits(), named),
                None => Trace::None,
            });
        }
        if let Some(words) = now.import_words() {
            return Ok(Trace::Waits(words, Value::Null));
        }
        // The answer that named it was lost: only one runs at a time.
        let open = operation::open(site).await?;
        let ours = open
            .iter()
            .find(|open| open.messagename.as_deref() == Some(MESSAGE) || open.operationtype == Some(KIND));
        Ok(ours.map_or(Trace::None, |ours| {
            Trace::Waits(waits(), json!({"operation": ours.asyncoperationid}))
        }))
    }

    async fn back(&self, _: &Site, _: &Standing, now: &Standing, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::NotOurs(format!("{}, and stays", self.words(now))))
    }

    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(5)
    }
}
