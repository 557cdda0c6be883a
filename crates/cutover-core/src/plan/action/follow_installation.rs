//! Follows an installation to its end.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Describe, Settling};
use crate::version::Version;

/// An application package in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageIn {
    /// Environment id in Power Platform.
    pub environment: Uuid,
    /// Unique name of the package.
    pub name: String,
}

/// Waits until the environment holds a version, whoever installs it: what a package brings, or what the vendor or a person
/// installs by hand. It writes nothing; success is the version that is read, and never a status (contracts, sections 7.3, 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowInstallation {
    /// Unique name of the solution; `None` where it is not known yet: then the core is found by the publisher's prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
    /// Customisation prefix of the publisher.
    pub prefix: String,
    /// What is in the names of the product's other solution, the portal.
    pub portal_marker: String,
    /// Whether it is the portal that is followed.
    pub portal: bool,
    /// The version it has to have, or a later one of its line.
    pub version: Version,
    /// The package that brings it; `None` where a person installs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<PackageIn>,
    /// How long is waited at most.
    #[schemars(with = "String")]
    pub at_most: SignedDuration,
}

impl Describe for FollowInstallation {
    fn object(&self) -> String {
        let what = if self.portal { "portal" } else { "core" };
        format!("installation/{what}")
    }

    fn does(&self) -> String {
        let what = if self.portal { "portal" } else { "core" };
        match &self.package {
            Some(package) => format!(
                "follow the installation of {} until the {what} is {}",
                package.name, self.version
            ),
            None => format!("wait until the {what} is {}, whoever installs it", self.version),
        }
    }

    fn gives_back(&self) -> Option<String> {
        None
    }

    fn settling(&self) -> Settling {
        Settling {
            what: format!("the environment shows {}", self.version),
            usual: SignedDuration::from_mins(45).min(self.at_most),
            at_most: self.at_most,
        }
    }

    fn place(&self) -> (&'static str, &'static str) {
        ("Power Apps > Solutions > Managed", "https://make.powerapps.com")
    }
}
