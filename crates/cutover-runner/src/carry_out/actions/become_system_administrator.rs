//! Makes the caller System Administrator of the environment.

use cutover_clients::Refused;
use cutover_clients::power_platform::elevation::apply_admin_role;
use cutover_core::plan::action::{BecomeSystemAdministrator, RoleNamed, RowOf};
use cutover_core::reading::environment_user::SYSTEM_ADMINISTRATOR;

use crate::carry_out::CannotLook;
use crate::carry_out::ensure::{Back, Ensure, Made, Meaning, Move};
use crate::carry_out::security_role::{self, Given};
use crate::carry_out::site::{Change, Site};

const NAME: &str = "System Administrator";

impl Ensure for BecomeSystemAdministrator {
    type Seen = Given;

    async fn read(&self, site: &Site) -> Result<Given, CannotLook> {
        let role = RoleNamed::Template {
            id: SYSTEM_ADMINISTRATOR,
            name: NAME.to_owned(),
        };
        security_role::given(site, &RowOf::User(self.whom.clone()), &role).await
    }

    fn held(&self, seen: &Given) -> bool {
        seen.holds()
    }

    fn words(&self, seen: &Given) -> String {
        seen.words(&self.whom.name, NAME)
    }

    fn make(&self, _: &Site, _: &Given) -> Move {
        Move::Send(Change::Here(apply_admin_role(self.environment)))
    }

    async fn back(&self, _: &Site, before: &Given, now: &Given, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(security_role::back(before, now, &self.whom.name, NAME))
    }

    fn back_refused(&self, site: &Site, _: &Given, refused: &Refused) -> Meaning {
        security_role::back_refused(site, refused)
    }
}
