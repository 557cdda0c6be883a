//! Starts the installation of an application package.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, Settling, settling};
use crate::version::Version;

/// The request that installs an application package, or brings it to the offered version (contracts, section 8). It is sent
/// once; what becomes of it is followed by [`super::FollowInstallation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstallPackage {
    /// Environment id in Power Platform.
    pub environment: Uuid,
    /// Unique name of the package.
    pub package: String,
    /// The version it brings.
    pub version: Version,
    /// Unique name of the solution that tells which version is installed; `None` where nothing is installed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
    /// End of the maintenance window: nothing is begun after it.
    #[schemars(with = "Option<String>")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
}

impl Describe for InstallPackage {
    fn object(&self) -> String {
        format!("package/{}", self.package.to_lowercase())
    }

    fn does(&self) -> String {
        format!(
            "start the installation of the package {} {}",
            self.package, self.version
        )
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        settling("Power Platform shows that it has begun", 1, 30)
    }

    fn place(&self) -> (&'static str, &'static str) {
        (
            "Power Platform admin centre > Manage > Environments > the environment > Dynamics 365 apps",
            "https://admin.powerplatform.microsoft.com/environments",
        )
    }
}
