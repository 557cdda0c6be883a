//! Ends an activation that the caller made before.

use cutover_clients::Refused;
use cutover_clients::graph::role_schedule_requests::RoleAction;
use cutover_core::plan::action::EndRoleActivation;
use jiff::SignedDuration;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::schedule::{Held, RoleLoan, TOO_EARLY};
use crate::carry_out::site::Site;

/// Until it is asked again for what Privileged Identity Management keeps for a while.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// The role as it is activated and ended.
fn role(action: &EndRoleActivation) -> RoleLoan<'_> {
    RoleLoan {
        whom: &action.whom,
        role: action.role,
        lend: RoleAction::SelfDeactivate,
        end: RoleAction::SelfDeactivate,
    }
}

impl Ensure for EndRoleActivation {
    type Seen = Held;

    async fn read(&self, site: &Site) -> Result<Held, CannotLook> {
        role(self).read(site).await
    }

    fn held(&self, seen: &Held) -> bool {
        seen.is_none()
    }

    fn words(&self, seen: &Held) -> String {
        role(self).words(seen)
    }

    fn make(&self, site: &Site, now: &Held) -> Move {
        match now.ripe(site) {
            Some(ripe) => Move::Stop(TOO_EARLY.to_owned(), Some(ripe)),
            None => Move::Send(role(self).change(site, RoleAction::SelfDeactivate)),
        }
    }

    fn refused(&self, site: &Site, now: &Held, refused: &Refused) -> Meaning {
        // It is said of removals that were carried out, too: only the schedules tell.
        if refused.is("RoleAssignmentDoesNotExist") {
            return Meaning::LookAgain;
        }
        if refused.is("ActiveDurationTooShort") {
            let again = now.ripe(site).unwrap_or_else(|| site.after(AGAIN));
            return Meaning::Later(TOO_EARLY.to_owned(), again);
        }
        Meaning::AsUsual
    }

    async fn back(&self, _: &Site, _: &Held, now: &Held, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::NotOurs(format!("{}, and stays so", self.words(now))))
    }
}
