//! Switches security defaults on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, settling};

/// For the whole tenant, and only where no Conditional Access policy is enabled (contracts, section 4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableSecurityDefaults {}

impl Describe for EnableSecurityDefaults {
    fn object(&self) -> String {
        "security-defaults".to_owned()
    }

    fn does(&self) -> String {
        "switch security defaults on for the whole tenant".to_owned()
    }

    fn gives_back(&self) -> Option<String> {
        Some("switch security defaults off again".to_owned())
    }

    fn settling(&self) -> Settling {
        settling("Entra shows it", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > Overview > Properties > Manage security defaults",
            "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/TenantOverview.ReactView",
        )
    }
}
