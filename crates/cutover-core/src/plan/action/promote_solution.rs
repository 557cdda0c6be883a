//! Lets a holding solution take the place of the installed one.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, settling};
use crate::version::Version;

/// `DeleteAndPromoteAsync` (contracts, section 7.3): the second half of an upgrade in two steps, and what finishes an upgrade
/// that somebody left half done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromoteSolution {
    /// Unique name of the solution, without the suffix of its holding solution.
    pub solution: String,
    /// The version that it will have.
    pub version: Version,
    /// End of the maintenance window: nothing is begun after it.
    #[schemars(with = "Option<String>")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
}

impl Describe for PromoteSolution {
    fn object(&self) -> String {
        format!("solution/{}", self.solution.to_lowercase())
    }

    fn does(&self) -> String {
        format!(
            "let {} {} take the place of the installed version",
            self.solution, self.version
        )
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("the new version is in place", 15, 120)
    }

    fn place(&self) -> (&'static str, &'static str) {
        ("Power Apps > Solutions > History", "https://make.powerapps.com")
    }
}
