//! Makes the caller System Administrator of the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::reading::environment_user::SYSTEM_ADMINISTRATOR;

use super::{Describe, Settling, Whom, settling};

/// Self-elevation by Power Platform: only for oneself, by who is Global, Power Platform or Dynamics 365 Administrator (contracts, section 8). The role stays until it is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BecomeSystemAdministrator {
    /// The signed-in caller.
    pub whom: Whom,
    /// Power Platform environment id.
    pub environment: Uuid,
}

impl Describe for BecomeSystemAdministrator {
    fn object(&self) -> String {
        format!("security-role/{}/{}", SYSTEM_ADMINISTRATOR, self.whom.id)
    }

    fn does(&self) -> String {
        format!("make {} System Administrator of the environment", self.whom.name)
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!("take System Administrator from {}", self.whom.name))
    }

    fn settling(&self) -> Settling {
        settling("the environment shows the role", 1, 30)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Users",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
