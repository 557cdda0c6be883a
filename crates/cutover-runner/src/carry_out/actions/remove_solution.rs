//! Uninstalls a solution.

use cutover_clients::Refused;
use cutover_clients::dataverse::solutions::remove;
use cutover_core::plan::action::RemoveSolution;
use jiff::SignedDuration;
use serde_json::Value;

use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move, Trace};
use crate::carry_out::site::{Change, Site};
use crate::carry_out::standing::{Standing, standing};
use crate::carry_out::{CannotLook, busy, operation};

/// Kind of the operation that uninstalls (table reference of asyncoperation).
const UNINSTALL: i64 = 208;

impl Ensure for RemoveSolution {
    type Seen = Standing;

    async fn read(&self, site: &Site) -> Result<Standing, CannotLook> {
        standing(site, &self.solution).await
    }

    fn held(&self, seen: &Standing) -> bool {
        seen.installed.is_none()
    }

    fn words(&self, seen: &Standing) -> String {
        seen.words()
    }

    fn make(&self, _: &Site, now: &Standing) -> Move {
        let Some(row) = &now.installed else {
            return Move::Stop(now.words(), None);
        };
        if row.version != Some(self.version) {
            let why = format!(
                "{}, and only {} was to be uninstalled: plan again, to see what is there now",
                now.words(),
                self.version
            );
            return Move::Stop(why, None);
        }
        if let Some(words) = now.import_words() {
            return Move::Wait(words, Value::Null);
        }
        Move::Send(Change::Here(remove(row.id)))
    }

    fn refused(&self, site: &Site, _: &Standing, refused: &Refused) -> Meaning {
        match refused.status {
            404 => Meaning::LookAgain,
            _ => busy::meaning(site, refused),
        }
    }

    async fn trace(&self, site: &Site, _: &Made<'_>, now: &Standing) -> Result<Trace, CannotLook> {
        if let Some(words) = now.import_words() {
            return Ok(Trace::Waits(words, Value::Null));
        }
        let open = operation::open(site).await?;
        let uninstalls = open.iter().any(|open| open.operationtype == Some(UNINSTALL));
        Ok(match uninstalls {
            true => Trace::Waits(format!("{} is uninstalled", self.name), Value::Null),
            false => Trace::None,
        })
    }

    async fn back(&self, _: &Site, _: &Standing, now: &Standing, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::NotOurs(format!(
            "{}, and a removal is not undone",
            self.words(now)
        )))
    }

    /// A removal takes its time, and Dataverse may answer nothing meanwhile.
    fn shows_within(&self) -> SignedDuration {
        SignedDuration::from_mins(15)
    }
}
