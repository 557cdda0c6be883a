//! Switches security defaults on.

use cutover_clients::graph::policies::{enable_security_defaults, security_defaults};
use cutover_core::plan::action::{EnableSecurityDefaults, Side};
use serde::{Deserialize, Serialize};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::site::{Change, Site};

/// Whether they are on.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::carry_out) struct Switch {
    on: bool,
}

impl Ensure for EnableSecurityDefaults {
    type Seen = Switch;

    async fn read(&self, site: &Site) -> Result<Switch, CannotLook> {
        let found = site
            .ask(security_defaults())
            .await
            .map_err(|unread| site.cannot(unread))?;
        Ok(Switch { on: found.is_enabled })
    }

    fn held(&self, seen: &Switch) -> bool {
        seen.on
    }

    fn words(&self, seen: &Switch) -> String {
        let is = if seen.on { "on" } else { "off" };
        format!("security defaults are {is}")
    }

    fn make(&self, _: &Site, _: &Switch) -> Move {
        Move::Send(Change::In(Side::Home, enable_security_defaults(true)))
    }

    async fn back(&self, _: &Site, before: &Switch, now: &Switch, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(match now == before {
            true => Back::Gone(self.words(now)),
            false => Back::Send(Change::In(Side::Home, enable_security_defaults(before.on))),
        })
    }
}
