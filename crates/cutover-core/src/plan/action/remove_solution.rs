//! Uninstalls a solution.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, settling};
use crate::version::Version;

/// Removal of a managed solution, with its tables and their data (contracts 7.3; work365.md C.2: the portal of version 2.1
/// goes before the core is upgraded). Also what clears the holding solution of an upgrade that was never finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveSolution {
    /// Its unique name.
    pub solution: String,
    /// As a person knows it.
    pub name: String,
    /// The version that is removed; another one is left where it is.
    pub version: Version,
}

impl Describe for RemoveSolution {
    fn object(&self) -> String {
        format!("solution/{}", self.solution.to_lowercase())
    }

    fn does(&self) -> String {
        format!("uninstall the solution {} {}, with its tables", self.name, self.version)
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("the solution is gone", 10, 120)
    }

    fn place(&self) -> (&'static str, &'static str) {
        ("Power Apps > Solutions > Managed", "https://make.powerapps.com")
    }
}
