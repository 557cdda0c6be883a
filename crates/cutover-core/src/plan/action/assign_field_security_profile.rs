//! Puts a user into a field security profile.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, RowOf, Settling, settling};

/// Direct membership of a column security profile (contracts, section 7.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignFieldSecurityProfile {
    /// Who gets it.
    pub row: RowOf,
    /// Name of the profile.
    pub profile: String,
}

impl Describe for AssignFieldSecurityProfile {
    fn object(&self) -> String {
        format!("field-security-profile/{}/{}", self.profile, self.row.key())
    }

    fn does(&self) -> String {
        format!(
            "put {} into the field security profile {}",
            self.row.name(),
            self.profile
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!(
            "take {} out of the field security profile {}",
            self.row.name(),
            self.profile
        ))
    }

    fn settling(&self) -> Settling {
        settling("the environment shows the membership", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Column security profiles",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
