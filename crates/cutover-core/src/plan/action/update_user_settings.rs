//! Updates the personal settings of a user in the environment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, RowOf, Settling, settling};

/// `usersettings` (contracts, section 7.1): format and time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUserSettings {
    /// Whose.
    pub row: RowOf,
    /// Format (LCID), when it is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<i64>,
    /// Microsoft's time zone code, when it is changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<i64>,
}

impl UpdateUserSettings {
    fn words(&self) -> String {
        let format = self.locale.map(|locale| format!("format {locale}"));
        let zone = self.time_zone.map(|zone| format!("time zone {zone}"));
        format.into_iter().chain(zone).collect::<Vec<_>>().join(", ")
    }
}

impl Describe for UpdateUserSettings {
    fn object(&self) -> String {
        format!("user-settings/{}", self.row.key())
    }

    fn does(&self) -> String {
        format!("set the personal settings of {}: {}", self.row.name(), self.words())
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!("put the personal settings of {} back", self.row.name()))
    }

    fn settling(&self) -> Settling {
        settling("the environment shows them", 1, 15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Dynamics 365, signed in as the user > Settings > Personalization settings",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
