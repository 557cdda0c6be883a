//! Switches the automatic flags of billing contracts off for the time of an upgrade.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, settling};

/// Auto Send, Auto Charge and Auto Sync of every active billing contract (work365.md C.1, step 2; the vendor's uninstall
/// runbook). Table and columns are found by their English display names, since their logical names are not published. What
/// was on is kept, and only that is switched on again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseBilling {
    /// Prefix of the publisher of the table.
    pub prefix: String,
    /// English display name of the table.
    pub table: String,
    /// English display names of the flags.
    pub flags: Vec<String>,
}

impl Describe for PauseBilling {
    fn object(&self) -> String {
        "billing-contracts".to_owned()
    }

    fn does(&self) -> String {
        format!(
            "switch {} off in every {} in which it is on",
            self.flags.join(", "),
            self.table
        )
    }

    fn gives_back(&self) -> Option<String> {
        Some(format!(
            "switch {} on again where it was on before",
            self.flags.join(", ")
        ))
    }

    fn settling(&self) -> Settling {
        settling("the environment shows it", 1, 15)
    }

    fn settles_back(&self) -> SignedDuration {
        SignedDuration::from_secs(15)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Work 365 app > Billing & Invoicing > Billing Contracts",
            "https://make.powerapps.com",
        )
    }
}
