//! Assigns a directory role without an end, where there is no Privileged Identity Management.

use cutover_clients::Refused;
use cutover_clients::graph::role_management::{RoleAssignment, assign, assignments, unassign};
use cutover_core::plan::action::{AssignStandingDirectoryRole, Side};
use cutover_core::reading::directory_roles::role_name;
use serde::{Deserialize, Serialize};

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::last_holder;
use crate::carry_out::site::{Change, Site};

/// The assignment; its id may be another one at each look.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::carry_out) struct Assigned {
    assignment: Option<String>,
}

impl Ensure for AssignStandingDirectoryRole {
    type Seen = Assigned;

    async fn read(&self, site: &Site) -> Result<Assigned, CannotLook> {
        let all = site.ask(assignments(self.whom.id)).await;
        let all = all.map_err(|unread| site.cannot(unread))?;
        let here = |there: &RoleAssignment| {
            let whole = there.directory_scope_id.as_deref().is_none_or(|scope| scope == "/");
            there.role_definition_id == self.role && whole
        };
        let assignment = all.into_iter().find(here).map(|there| there.id);
        Ok(Assigned { assignment })
    }

    fn held(&self, seen: &Assigned) -> bool {
        seen.assignment.is_some()
    }

    fn words(&self, seen: &Assigned) -> String {
        let role = role_name(self.role).unwrap_or("the directory role");
        match self.held(seen) {
            true => format!("{} holds {role}", self.whom.name),
            false => format!("{} does not hold {role}", self.whom.name),
        }
    }

    fn make(&self, _: &Site, _: &Assigned) -> Move {
        Move::Send(Change::In(Side::Home, assign(self.whom.id, self.role)))
    }

    fn refused(&self, _: &Site, _: &Assigned, refused: &Refused) -> Meaning {
        let exists = refused.is("RoleAssignmentExists") || refused.says("conflicting object");
        if exists { Meaning::LookAgain } else { Meaning::AsUsual }
    }

    async fn lacks(&self, site: &Site) -> Result<Option<String>, CannotLook> {
        let shows = site.token_shows(self.whom.id, self.role).await;
        Ok((shows == Some(false)).then(|| format!("a new token of {} carries the role", self.whom.name)))
    }

    async fn back(&self, site: &Site, before: &Assigned, now: &Assigned, _: &Made<'_>) -> Result<Back, CannotLook> {
        let Some(assignment) = &now.assignment else {
            return Ok(Back::Gone(self.words(now)));
        };
        if before.assignment.is_some() {
            return Ok(Back::NotOurs(format!("{}, as before", self.words(now))));
        }
        if last_holder::is_last_administrator(site, self.role, self.whom.id).await? {
            let (why, at) = (last_holder::why(&self.whom.name), site.after(last_holder::AGAIN));
            return Ok(Back::Later(why, at));
        }
        Ok(Back::Send(Change::In(Side::Home, unassign(assignment))))
    }
}
