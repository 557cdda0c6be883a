//! Sets the country without which no licence can be assigned.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, Whom, settling};

/// `usageLocation` of a user (contracts, section 3). It stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUsageLocation {
    /// Whose.
    pub whom: Whom,
    /// ISO 3166 code of two letters.
    pub country: String,
}

impl Describe for SetUsageLocation {
    fn object(&self) -> String {
        format!("usage-location/{}", self.whom.id)
    }

    fn does(&self) -> String {
        format!("set the usage location of {} to {}", self.whom.name, self.country)
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("Entra shows it", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > Users > All users",
            "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers",
        )
    }
}
