//! Demands MFA of one user.

use cutover_clients::graph::authentication::{PerUserMfaState, requirements, set_per_user_mfa};
use cutover_core::plan::action::{EnforcePerUserMfa, Side};
use serde::{Deserialize, Serialize};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Move};
use crate::carry_out::site::{Change, Site};

/// The state, in Microsoft's word.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::carry_out) struct PerUser {
    state: String,
}

fn set(action: &EnforcePerUserMfa, state: &PerUserMfaState) -> Change {
    Change::In(Side::Home, set_per_user_mfa(action.whom.id, state))
}

impl Ensure for EnforcePerUserMfa {
    type Seen = PerUser;

    async fn read(&self, site: &Site) -> Result<PerUser, CannotLook> {
        let found = site.ask(requirements(&self.whom.id.into())).await;
        let found = found.map_err(|unread| site.cannot(unread))?;
        let state = found.per_user_mfa_state.as_str().to_owned();
        Ok(PerUser { state })
    }

    fn held(&self, seen: &PerUser) -> bool {
        seen.state == PerUserMfaState::Enforced.as_str()
    }

    fn words(&self, seen: &PerUser) -> String {
        format!("per-user MFA of {} is {}", self.whom.name, seen.state)
    }

    fn make(&self, _: &Site, _: &PerUser) -> Move {
        Move::Send(set(self, &PerUserMfaState::Enforced))
    }

    async fn back(&self, _: &Site, before: &PerUser, now: &PerUser, _: &Made<'_>) -> Result<Back, CannotLook> {
        if now == before {
            return Ok(Back::Gone(self.words(now)));
        }
        if !self.held(now) {
            return Ok(Back::NotOurs(format!("{}, which is not what was set", self.words(now))));
        }
        let known = [PerUserMfaState::Disabled, PerUserMfaState::Enabled];
        let before = known.into_iter().find(|state| state.as_str() == before.state);
        Ok(match before {
            Some(before) => Back::Send(set(self, &before)),
            None => Back::NotOurs(format!("{}; what it was before cannot be set", self.words(now))),
        })
    }
}
