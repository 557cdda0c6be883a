//! Assigns a licence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, Settling, Whom, settling};

/// A direct assignment; what it replaces goes in the same call, so that no moment is without one (contracts, section 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignLicence {
    /// Who gets it.
    pub whom: Whom,
    /// SKU id.
    pub sku: Uuid,
    /// SKU part number.
    pub name: String,
    /// Directly assigned SKUs that go in the same call, and come back with its return.
    pub instead_of: Vec<Uuid>,
}

impl Describe for AssignLicence {
    fn object(&self) -> String {
        format!("licence/{}", self.whom.id)
    }

    fn does(&self) -> String {
        format!("assign the licence {} to {}", self.name, self.whom.name)
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!("take the licence {} from {}", self.name, self.whom.name))
    }

    fn settling(&self) -> Settling {
        settling("Dataverse knows the user", 15, 90)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Microsoft 365 admin centre > Users > Active users > the user > Licenses and apps",
            "https://admin.microsoft.com/Adminportal/Home#/users",
        )
    }
}
