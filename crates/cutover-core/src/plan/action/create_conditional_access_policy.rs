//! Creates a Conditional Access policy that demands MFA of one user.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, Whom, settling};

/// In report-only mode first, with the emergency accounts left out (contracts, section 4.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConditionalAccessPolicy {
    /// How it is called; found again by it.
    pub display_name: String,
    /// Of whom MFA is demanded.
    pub whom: Whom,
    /// Emergency accounts, which are left out.
    pub excluded: Vec<Whom>,
    /// Whether it is enforced rather than report-only.
    pub enforced: bool,
}

impl Describe for CreateConditionalAccessPolicy {
    fn object(&self) -> String {
        format!("conditional-access/{}", self.display_name)
    }

    fn does(&self) -> String {
        format!(
            "create the Conditional Access policy {}, {}, which demands MFA of {}",
            self.display_name,
            if self.enforced { "enforced" } else { "report-only" },
            self.whom.name
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!("delete the Conditional Access policy {}", self.display_name))
    }

    fn settling(&self) -> Settling {
        settling("Entra shows the policy", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > Conditional Access > Policies",
            "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies",
        )
    }
}
