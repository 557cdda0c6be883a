//! Updates the personal settings of a user in the environment.

use cutover_clients::dataverse::user_settings::{of_user, update};
use cutover_core::plan::action::UpdateUserSettings;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::row::{row, wait_for_row};
use crate::carry_out::site::{Change, Site};

/// The settings of a user.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Settings {
    user: Option<Uuid>,
    locale: Option<i64>,
    time_zone: Option<i64>,
}

/// What is asked for, where something is.
fn wanted(asked: Option<i64>, is: Option<i64>) -> bool {
    asked.is_none() || asked == is
}

impl Ensure for UpdateUserSettings {
    type Seen = Settings;

    async fn read(&self, site: &Site) -> Result<Settings, CannotLook> {
        let Some(user) = row(site, &self.row).await?.map(|row| row.systemuserid) else {
            return Ok(Settings {
                user: None,
                locale: None,
                time_zone: None,
            });
        };
        let settings = site.ask(of_user(user)).await.map_err(|unread| site.cannot(unread))?;
        Ok(Settings {
            user: Some(user),
            locale: settings.localeid.map(i64::from),
            time_zone: settings.timezonecode,
        })
    }

    fn held(&self, seen: &Settings) -> bool {
        seen.user.is_some() && wanted(self.locale, seen.locale) && wanted(self.time_zone, seen.time_zone)
    }

    fn words(&self, seen: &Settings) -> String {
        let number = |value: Option<i64>| value.map_or_else(|| "unknown".to_owned(), |value| value.to_string());
        let (locale, time_zone) = (number(seen.locale), number(seen.time_zone));
        format!(
            "the settings of {}: format {locale}, time zone {time_zone}",
            self.row.name()
        )
    }

    fn make(&self, site: &Site, now: &Settings) -> Move {
        match now.user {
            Some(user) => Move::Send(Change::Here(update(user, self.locale, self.time_zone))),
            None => wait_for_row(site, &self.row),
        }
    }

    async fn back(&self, _: &Site, before: &Settings, now: &Settings, _: &Made<'_>) -> Result<Back, CannotLook> {
        let changed = self.locale.is_some() && now.locale != before.locale;
        let moved = self.time_zone.is_some() && now.time_zone != before.time_zone;
        // Each is put back by itself: the person may have changed the other meanwhile.
        let locale = before.locale.filter(|_| changed && now.locale == self.locale);
        let time_zone = before.time_zone.filter(|_| moved && now.time_zone == self.time_zone);
        Ok(match now.user {
            _ if !changed && !moved => Back::Gone(self.words(now)),
            Some(user) if locale.is_some() || time_zone.is_some() => {
                Back::Send(Change::Here(update(user, locale, time_zone)))
            }
            _ => Back::NotOurs(format!("{}, which is not what was set", self.words(now))),
        })
    }
}
