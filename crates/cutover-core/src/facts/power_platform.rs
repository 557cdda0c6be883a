//! What Power Platform's control plane tells of the environment.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::{Blind, Fact};

/// Facts of the control plane.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PowerPlatformFacts {
    /// The environment behind the scene's address; `None` when the signed-in identity is shown none of that address.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub environment: Fact<Option<AdministeredEnvironment>>,
    /// Application packages that the environment has or may install.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub packages: Fact<Vec<ApplicationPackage>>,
    /// Backups of the environment.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub backups: Fact<Vec<Backup>>,
    /// Operations on the environment that have not ended.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub operations: Fact<Vec<EnvironmentOperation>>,
}

impl PowerPlatformFacts {
    /// Makes everything unknown, because it may be told of another environment.
    pub fn distrust(&mut self, why: &Blind) {
        self.environment.distrust(why);
        self.packages.distrust(why);
        self.backups.distrust(why);
        self.operations.distrust(why);
    }
}

/// An environment (Power Platform `EnvironmentResponse`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdministeredEnvironment {
    /// Environment id; not always a GUID (`Default-…`).
    pub id: String,
    /// Display name: somebody's text.
    pub name: String,
    /// `Production`, `Sandbox`, `Default`, `Developer`, `Trial` …
    pub kind: String,
    /// `Ready`, `Preparing`, `Disabled` … as the service says it.
    pub state: String,
    /// Administration mode: `Enabled`, `Disabled`, as the service says it; `None` when it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_mode: Option<String>,
    /// Background operations, as the service says it; `None` when it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background_operations: Option<String>,
    /// Dataverse organisation id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Entra group that limits who may enter; `None` for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_group: Option<String>,
}

/// An application package (Power Platform `ApplicationPackage`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationPackage {
    /// Unique name.
    pub unique_name: String,
    /// Name as shown.
    pub name: String,
    /// Publisher as shown.
    pub publisher: String,
    /// Version, as the service writes it.
    pub version: String,
    /// `Installed`, `NotInstalled`, `Installing`, `InstallFailed` … (`InstancePackageState`).
    pub state: String,
    /// What went wrong last, as the service says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// A backup (Power Platform `EnvironmentBackup`). A new one cannot be restored for 10 to 15 minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Backup id.
    pub id: String,
    /// Label: somebody's text; system backups have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The point in time it restores.
    #[schemars(with = "String")]
    pub point: Timestamp,
    /// Until when it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub expires: Option<Timestamp>,
}

/// An operation on an environment that has not ended (Power Platform `OperationExecutionResult`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentOperation {
    /// Operation id.
    pub id: String,
    /// Name, such as `Backup` or `Restore`.
    pub name: String,
    /// `Queued`, `InProgress` …
    pub status: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub started: Option<Timestamp>,
}
