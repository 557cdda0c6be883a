//! Takes a backup of the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, Settling, settling};

/// A manual backup (contracts, section 8). It can be restored after 10 to 15 minutes, as a rule into a sandbox only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackup {
    /// Environment id in Power Platform.
    pub environment: Uuid,
    /// What it is told from others by; the plan's own tag is added to it.
    pub label: String,
}

impl Describe for TakeBackup {
    fn object(&self) -> String {
        "backup".to_owned()
    }

    fn does(&self) -> String {
        format!("take a backup of the environment, labelled {}", self.label)
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("the backup is listed", 12, 60)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Power Platform admin centre > Manage > Environments > the environment > Backup & Restore",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
