//! Sets the access mode of a user in the environment.

use cutover_clients::Refused;
use cutover_clients::dataverse::system_users::set_access_mode;
use cutover_core::plan::action::SetAccessMode;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::row::{row, wait_for_row};
use crate::carry_out::site::{Change, Site};

/// `InvalidAccessModeTransition`: without a licence the mode cannot be changed.
const NO_LICENCE: &str = "0x80041d66";
/// Dataverse sees licences after minutes.
const SEES_LICENCES: SignedDuration = SignedDuration::from_mins(1);

/// The mode of a user.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Mode {
    user: Option<Uuid>,
    mode: Option<i64>,
}

impl Ensure for SetAccessMode {
    type Seen = Mode;

    async fn read(&self, site: &Site) -> Result<Mode, CannotLook> {
        let row = row(site, &self.row).await?;
        Ok(Mode {
            user: row.as_ref().map(|row| row.systemuserid),
            mode: row.and_then(|row| row.accessmode).map(|mode| mode.code()),
        })
    }

    fn held(&self, seen: &Mode) -> bool {
        seen.mode == Some(self.mode)
    }

    fn words(&self, seen: &Mode) -> String {
        match seen.mode {
            Some(mode) => format!("the access mode of {} is {mode}", self.row.name()),
            None => format!("{} has no access mode", self.row.name()),
        }
    }

    fn make(&self, site: &Site, now: &Mode) -> Move {
        match now.user {
            Some(user) => Move::Send(Change::Here(set_access_mode(user, self.mode))),
            None => wait_for_row(site, &self.row),
        }
    }

    fn refused(&self, site: &Site, _: &Mode, refused: &Refused) -> Meaning {
        if !refused.is(NO_LICENCE) {
            return Meaning::AsUsual;
        }
        let why = format!("Dataverse does not see a licence of {} yet", self.row.name());
        Meaning::Later(why, site.after(SEES_LICENCES))
    }

    async fn back(&self, _: &Site, before: &Mode, now: &Mode, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(match (now.user, before.mode) {
            _ if now.mode == before.mode => Back::Gone(self.words(now)),
            (Some(user), Some(mode)) if self.held(now) => Back::Send(Change::Here(set_access_mode(user, mode))),
            _ => Back::NotOurs(format!("{}, which is not what was set", self.words(now))),
        })
    }
}
