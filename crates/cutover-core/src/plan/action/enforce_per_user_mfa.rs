//! Demands MFA of one user.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, Whom, settling};

/// Per-user MFA, which Microsoft advises against where Conditional Access is used (contracts, section 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnforcePerUserMfa {
    /// Of whom.
    pub whom: Whom,
}

impl Describe for EnforcePerUserMfa {
    fn object(&self) -> String {
        format!("per-user-mfa/{}", self.whom.id)
    }

    fn does(&self) -> String {
        format!("enforce per-user MFA for {}", self.whom.name)
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!("put per-user MFA of {} back as it was", self.whom.name))
    }

    fn settling(&self) -> Settling {
        settling("Entra shows it", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > Users > Per-user MFA",
            "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers",
        )
    }
}
