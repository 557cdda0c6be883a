//! Registers a native application for Partner Center.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, Side, settling};

/// A public client that asks for the Partner Center API (contracts, section 6). It stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterNativeApplication {
    /// How it is called.
    pub display_name: String,
    /// In which tenant.
    pub side: Side,
}

impl Describe for RegisterNativeApplication {
    fn object(&self) -> String {
        "native-application".to_owned()
    }

    fn does(&self) -> String {
        format!("register the native application {}", self.display_name)
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn side(&self) -> Side {
        self.side
    }

    fn settling(&self) -> Settling {
        settling("Entra shows it", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > App registrations > All applications",
            "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
        )
    }
}
