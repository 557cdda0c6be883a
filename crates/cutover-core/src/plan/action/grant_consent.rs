//! Consents for the whole organisation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, Settling, Side, settling};

/// A tenant-wide grant of delegated permissions: read, merged with what is granted already, written (contracts, section 5). What was granted before stays in the journal, word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantConsent {
    /// Application id of who gets it.
    pub client: Uuid,
    /// As a person knows it.
    pub client_name: String,
    /// Application id of the API.
    pub resource: Uuid,
    /// As a person knows it.
    pub resource_name: String,
    /// Delegated permissions.
    pub scopes: Vec<String>,
    /// In which tenant.
    pub side: Side,
}

impl Describe for GrantConsent {
    fn object(&self) -> String {
        format!("consent/{}/{}", self.client, self.resource)
    }

    fn does(&self) -> String {
        format!(
            "consent for the whole organisation that {} may use {} of {}",
            self.client_name,
            self.scopes.join(", "),
            self.resource_name
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!(
            "put the consent of {} to {} back as it was",
            self.client_name, self.resource_name
        ))
    }

    fn side(&self) -> Side {
        self.side
    }

    fn settling(&self) -> Settling {
        settling("Entra shows the grant", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Entra admin centre > Enterprise applications > Permissions",
            "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview",
        )
    }
}
