//! Enables an account or an application.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, Whom, settling};

/// Sign-in of a user or a service principal that was blocked (contracts, sections 3 and 5). It stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableAccount {
    /// Whose.
    pub whom: Whom,
    /// Whether it is a service principal.
    pub application: bool,
}

impl Describe for EnableAccount {
    fn object(&self) -> String {
        format!("account-enabled/{}", self.whom.id)
    }

    fn does(&self) -> String {
        format!("allow {} to sign in", self.whom.name)
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!("block the sign-in of {}", self.whom.name))
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
