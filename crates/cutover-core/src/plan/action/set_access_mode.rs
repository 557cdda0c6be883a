//! Sets the access mode of a user in the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, RowOf, Settling, settling};

/// `systemuser.accessmode` (contracts, section 7.1): 0 is Read-Write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAccessMode {
    /// Whose.
    pub row: RowOf,
    /// 0 Read-Write, 1 Administrative, 2 Read, 3 Support, 4 Non-interactive, 5 Delegated admin.
    pub mode: i64,
}

/// Microsoft's name of an access mode.
fn access_mode(mode: i64) -> &'static str {
    match mode {
        0 => "Read-Write",
        1 => "Administrative",
        2 => "Read",
        3 => "Support",
        4 => "Non-interactive",
        5 => "Delegated admin",
        _ => "another one",
    }
}

impl Describe for SetAccessMode {
    fn object(&self) -> String {
        format!("access-mode/{}", self.row.key())
    }

    fn does(&self) -> String {
        format!(
            "set the access mode of {} to {}",
            self.row.name(),
            access_mode(self.mode)
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!("put the access mode of {} back", self.row.name()))
    }

    fn settling(&self) -> Settling {
        settling("the environment shows it", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Power Platform admin centre > Environments > the environment > Settings > Users + permissions > Users",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
