//! Brings an application into the tenant.

use cutover_clients::Refused;
use cutover_clients::graph::service_principals::{add, service_principal};
use cutover_core::plan::action::AddServicePrincipal;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::site::{Change, Site, or_absent};

/// An application that was just made is known everywhere after seconds (contracts, section 6).
const KNOWN_SOON: SignedDuration = SignedDuration::from_secs(30);

/// Whether it is there.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct There {
    id: Option<Uuid>,
}

impl Ensure for AddServicePrincipal {
    type Seen = There;

    async fn read(&self, site: &Site) -> Result<There, CannotLook> {
        let found = or_absent(site.ask_in(self.side, service_principal(self.app_id)).await);
        let found = found.map_err(|unread| site.cannot(unread))?;
        Ok(There {
            id: found.map(|principal| principal.id),
        })
    }

    fn held(&self, seen: &There) -> bool {
        seen.id.is_some()
    }

    fn words(&self, seen: &There) -> String {
        let is = if seen.id.is_some() { "is" } else { "is not" };
        format!("{} {is} in the tenant", self.name)
    }

    fn make(&self, _: &Site, _: &There) -> Move {
        Move::Send(Change::In(self.side, add(self.app_id)))
    }

    fn refused(&self, site: &Site, _: &There, refused: &Refused) -> Meaning {
        if refused.says("does not reference a valid application object") {
            let why = "Entra does not know the application yet";
            return Meaning::Later(why.to_owned(), site.after(KNOWN_SOON));
        }
        match refused.status == 409 || refused.says("already in use") {
            true => Meaning::LookAgain,
            false => Meaning::AsUsual,
        }
    }

    async fn back(&self, _: &Site, before: &There, now: &There, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(match before.id == now.id {
            true => Back::Gone(self.words(now)),
            // Consent and sign-ins may hang on it by now, so it is lasting.
            false => Back::NotOurs(format!("{}, and stays", self.words(now))),
        })
    }
}
