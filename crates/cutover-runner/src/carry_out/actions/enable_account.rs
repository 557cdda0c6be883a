//! Enables an account or an application.

use cutover_clients::Write;
use cutover_clients::graph::{service_principals, users};
use cutover_core::plan::action::{EnableAccount, Side};
use serde::{Deserialize, Serialize};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::site::{Change, Site};

/// Whether it may sign in.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::carry_out) struct Enabled {
    enabled: bool,
}

fn set(action: &EnableAccount, enabled: bool) -> Change {
    let write: fn(uuid::Uuid, bool) -> Write = match action.application {
        true => service_principals::set_enabled,
        false => users::set_enabled,
    };
    Change::In(Side::Home, write(action.whom.id, enabled))
}

impl Ensure for EnableAccount {
    type Seen = Enabled;

    async fn read(&self, site: &Site) -> Result<Enabled, CannotLook> {
        let enabled = match self.application {
            true => {
                let principal = site.ask(service_principals::by_object_id(self.whom.id)).await;
                principal.map_err(|unread| site.cannot(unread))?.account_enabled
            }
            false => {
                let user = site.ask(users::user(&self.whom.id.into())).await;
                user.map_err(|unread| site.cannot(unread))?.account_enabled
            }
        };
        Ok(Enabled {
            enabled: enabled == Some(true),
        })
    }

    fn held(&self, seen: &Enabled) -> bool {
        seen.enabled
    }

    fn words(&self, seen: &Enabled) -> String {
        let may = if seen.enabled { "may" } else { "may not" };
        format!("{} {may} sign in", self.whom.name)
    }

    fn make(&self, _: &Site, _: &Enabled) -> Move {
        Move::Send(set(self, true))
    }

    async fn back(&self, _: &Site, before: &Enabled, now: &Enabled, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(match now == before {
            true => Back::Gone(self.words(now)),
            false => Back::Send(set(self, before.enabled)),
        })
    }
}
