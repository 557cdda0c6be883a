//! Enables a language in the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, settling};

/// Provisioning of an installed language (contracts, section 7.2). It takes an hour or more and is not undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProvisionLanguage {
    /// LCID, such as 1033 for English.
    pub lcid: i64,
}

impl Describe for ProvisionLanguage {
    fn object(&self) -> String {
        "language".to_owned()
    }

    fn does(&self) -> String {
        format!("enable the language {} in the environment", self.lcid)
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("the language is provisioned", 60, 240)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Power Platform admin centre > Environments > the environment > Settings > Product > Languages",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
