//! Puts a user into a field security profile.

use cutover_clients::Refused;
use cutover_clients::dataverse::profiles::{by_name, give, take};
use cutover_clients::dataverse::system_users::profiles;
use cutover_core::plan::action::AssignFieldSecurityProfile;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::row::{row, wait_for_row};
use crate::carry_out::site::{Change, Site};

/// `DuplicateRecord`.
const DUPLICATE: &str = "0x80040237";

/// The profile as it stands with a user.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct InProfile {
    user: Option<Uuid>,
    profile: Option<Uuid>,
    member: bool,
}

impl Ensure for AssignFieldSecurityProfile {
    type Seen = InProfile;

    async fn read(&self, site: &Site) -> Result<InProfile, CannotLook> {
        let named = site.ask(by_name(&self.profile)).await;
        let named = named.map_err(|unread| site.cannot(unread))?;
        let profile = match named.as_slice() {
            [one] => Some(one.fieldsecurityprofileid),
            _ => None,
        };
        let user = row(site, &self.row).await?.map(|row| row.systemuserid);
        let member = match user {
            Some(user) => {
                let held = site.ask(profiles(user)).await.map_err(|unread| site.cannot(unread))?;
                held.iter().any(|held| Some(held.fieldsecurityprofileid) == profile)
            }
            None => false,
        };
        Ok(InProfile { user, profile, member })
    }

    fn held(&self, seen: &InProfile) -> bool {
        seen.member
    }

    fn words(&self, seen: &InProfile) -> String {
        let is = if seen.member { "is" } else { "is not" };
        format!(
            "{} {is} in the field security profile {}",
            self.row.name(),
            self.profile
        )
    }

    fn make(&self, site: &Site, now: &InProfile) -> Move {
        match (now.profile, now.user) {
            (_, None) => wait_for_row(site, &self.row),
            (None, _) => Move::Stop(
                format!("the environment has no single field security profile {}", self.profile),
                None,
            ),
            (Some(profile), Some(user)) => Move::Send(Change::Here(give(profile, user))),
        }
    }

    fn refused(&self, _: &Site, _: &InProfile, refused: &Refused) -> Meaning {
        match refused.is(DUPLICATE) {
            true => Meaning::LookAgain,
            false => Meaning::AsUsual,
        }
    }

    async fn back(&self, _: &Site, before: &InProfile, now: &InProfile, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(match (now.profile, now.user) {
            (Some(profile), Some(user)) if now.member && !before.member => {
                Back::Send(Change::Here(take(profile, user)))
            }
            _ => Back::Gone(self.words(now)),
        })
    }
}
