//! Sets the country without which no licence can be assigned.

use cutover_clients::graph::users::{set_usage_location, user};
use cutover_core::plan::action::{SetUsageLocation, Side};
use serde::{Deserialize, Serialize};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::site::{Change, Site};

/// The country that is set.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Country {
    country: Option<String>,
}

impl Ensure for SetUsageLocation {
    type Seen = Country;

    async fn read(&self, site: &Site) -> Result<Country, CannotLook> {
        let user = site.ask(user(&self.whom.id.into())).await;
        let country = user.map_err(|unread| site.cannot(unread))?.usage_location;
        Ok(Country { country })
    }

    fn held(&self, seen: &Country) -> bool {
        let set = seen.country.as_deref();
        set.is_some_and(|set| set.eq_ignore_ascii_case(&self.country))
    }

    fn words(&self, seen: &Country) -> String {
        match &seen.country {
            Some(country) => format!("the usage location of {} is {country}", self.whom.name),
            None => format!("{} has no usage location", self.whom.name),
        }
    }

    fn make(&self, _: &Site, _: &Country) -> Move {
        let change = set_usage_location(self.whom.id, Some(&self.country));
        Move::Send(Change::In(Side::Home, change))
    }

    async fn back(&self, _: &Site, before: &Country, now: &Country, _: &Made<'_>) -> Result<Back, CannotLook> {
        if now.country == before.country {
            return Ok(Back::Gone(self.words(now)));
        }
        if !self.held(now) {
            return Ok(Back::NotOurs(format!("{}, which is not what was set", self.words(now))));
        }
        let change = set_usage_location(self.whom.id, before.country.as_deref());
        Ok(Back::Send(Change::In(Side::Home, change)))
    }
}
