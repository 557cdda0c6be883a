//! Brings an application into the tenant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, Settling, Side, settling};

/// The service principal of an application of another tenant (contracts, section 5). It stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddServicePrincipal {
    /// Application id.
    pub app_id: Uuid,
    /// As a person knows it.
    pub name: String,
    /// In which tenant.
    pub side: Side,
}

impl Describe for AddServicePrincipal {
    fn object(&self) -> String {
        format!("service-principal/{}", self.app_id)
    }

    fn does(&self) -> String {
        format!("bring the application {} ({}) into the tenant", self.name, self.app_id)
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
            "Entra admin centre > Enterprise applications > Permissions",
            "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview",
        )
    }
}
