//! Imports a solution file as an upgrade.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Describe, Settling, settling};
use crate::version::Version;

/// Stages a solution file, which finds what stands against it without changing anything, then starts its import: as an
/// upgrade in one step, or beside the installed version where the platform is older than 9.2.21013.00131 (contracts, section
/// 7.3). The file is read when the step begins, and compared with its digest. The import is named by the attempt's own id, so
/// that an unclear answer is settled by looking that up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpgradeSolution {
    /// The file, as the configuration names it.
    pub file: String,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Unique name of the solution.
    pub solution: String,
    /// The version it brings.
    pub version: Version,
    /// Whether it is imported beside the installed version, to be promoted by [`super::PromoteSolution`].
    pub beside: bool,
    /// End of the maintenance window: nothing is begun after it.
    #[schemars(with = "Option<String>")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
}

impl Describe for UpgradeSolution {
    fn object(&self) -> String {
        match self.beside {
            true => format!("holding-solution/{}", self.solution.to_lowercase()),
            false => format!("solution/{}", self.solution.to_lowercase()),
        }
    }

    fn does(&self) -> String {
        let how = match self.beside {
            true => "beside the installed version",
            false => "as an upgrade",
        };
        format!("import {} {} from {} {how}", self.solution, self.version, self.file)
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("the import has ended", 45, 240)
    }

    fn place(&self) -> (&'static str, &'static str) {
        ("Power Apps > Solutions > History", "https://make.powerapps.com")
    }
}
