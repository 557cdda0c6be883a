//! Assigns a security role in the environment.

use cutover_clients::Refused;
use cutover_core::plan::action::AssignSecurityRole;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::row::wait_for_row;
use crate::carry_out::security_role::{self, Given};
use crate::carry_out::site::{Change, Site};

impl Ensure for AssignSecurityRole {
    type Seen = Given;

    async fn read(&self, site: &Site) -> Result<Given, CannotLook> {
        security_role::given(site, &self.row, &self.role).await
    }

    fn held(&self, seen: &Given) -> bool {
        seen.holds()
    }

    fn words(&self, seen: &Given) -> String {
        seen.words(self.row.name(), self.role.name())
    }

    fn make(&self, site: &Site, now: &Given) -> Move {
        match (now.user, now.copy) {
            (None, _) => wait_for_row(site, &self.row),
            (Some(_), None) => {
                let why = format!(
                    "the business unit of {} has no single role {}",
                    self.row.name(),
                    self.role.name()
                );
                Move::Stop(
                    format!("{why}: the version of Work 365 that is installed may not bring it"),
                    None,
                )
            }
            (Some(user), Some(copy)) => Move::Send(Change::Here(cutover_clients::dataverse::roles::give(user, copy))),
        }
    }

    fn refused(&self, site: &Site, _: &Given, refused: &Refused) -> Meaning {
        security_role::refused(site, refused)
    }

    async fn back(&self, _: &Site, before: &Given, now: &Given, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(security_role::back(before, now, self.row.name(), self.role.name()))
    }

    fn back_refused(&self, site: &Site, _: &Given, refused: &Refused) -> Meaning {
        security_role::back_refused(site, refused)
    }
}
