//! What Power Platform's control plane knows of environments.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::later::EnvironmentChange;

/// An environment, as the control plane knows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Administration {
    /// Environment id, mostly a GUID.
    pub id: String,
    /// Name as shown.
    pub display_name: String,
    /// `Production`, `Sandbox`, `Default` … (`EnvironmentSku`).
    pub kind: String,
    /// `Ready`, `Disabled`, `Preparing` …
    pub state: String,
    /// Azure region, such as `westeurope`.
    pub region: String,
    /// Geography, such as `EU`.
    pub geo: String,
    /// When it was made; `None` when nobody says.
    pub created: Option<Timestamp>,
    /// Base language (LCID).
    pub base_language: u32,
    /// Whether only administrators may enter.
    pub admin_mode: bool,
    /// Whether background operations run.
    pub background_operations: bool,
    /// Entra group that limits who may enter.
    pub security_group: Option<String>,
    /// Backups, made by hand and by the system.
    pub backups: Vec<Backup>,
    /// What the control plane did with it and is doing, the oldest first.
    pub operations: Vec<EnvironmentOperation>,
    /// Application packages it has or may install.
    pub packages: Vec<Package>,
}

/// A backup of an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backup {
    /// Its id.
    pub id: String,
    /// What it is called; system backups have no label.
    pub label: Option<String>,
    /// The point in time that it restores.
    pub point: Timestamp,
    /// Until when it is kept.
    pub expires: Timestamp,
    /// From when on it is listed: a new one takes 10 to 15 minutes until it can be restored.
    pub listed: Timestamp,
    /// Object id of who made it; `None` for the system.
    pub made_by: Option<String>,
}

/// An operation on an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentOperation {
    /// Its id.
    pub id: String,
    /// Its name, such as `Backup` or `Enable`.
    pub name: String,
    /// Object id of who asked for it.
    pub requested_by: Option<String>,
    /// When it began.
    pub started: Timestamp,
    /// When it ends; `None`: it runs until somebody changes that.
    pub ends: Option<Timestamp>,
    /// What it ends as (`OperationStatus`), such as `Succeeded`.
    pub outcome: String,
}

impl EnvironmentOperation {
    /// Whether it has ended at `now`.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    /// Its status (`OperationStatus`) at `now`.
    pub fn status(&self, now: Timestamp) -> &str {
        if self.has_ended(now) {
            &self.outcome
        } else {
            "InProgress"
        }
    }
}

/// An application package in an environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// Unique name, by which it is installed.
    pub unique_name: String,
    /// Name as shown.
    pub name: String,
    /// Publisher as shown.
    pub publisher: String,
    /// Whether the lists show it; not where the app came as a solution file and the marketplace knows nothing of it.
    pub listed: bool,
    /// The version that is installed; `None` when it is not.
    pub installed: Option<String>,
    /// The version that the marketplace offers; `None` when it offers none.
    pub offered: Option<String>,
    /// What the last attempt to install it left behind, where the world says so; else it follows from the rest
    /// (`InstancePackageState`).
    pub state: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// What its next installations end as, where not in success: the error of each.
    pub fails_with: Option<String>,
    /// The last installation that was asked for.
    pub installation: Option<Installation>,
    /// Releases that may be installed in place of the one the world began with, the oldest first.
    pub releases: Vec<PackageRelease>,
}

/// A version of an application package, and what installing it changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PackageRelease {
    /// The version.
    pub version: String,
    /// Versions of its solutions by unique name.
    pub solutions: BTreeMap<String, String>,
    /// Solutions of other packages that it needs, by unique name, with the first version of each that will do.
    pub required: BTreeMap<String, String>,
    /// What changes in an environment that has the version which the world began with.
    pub changes: Vec<EnvironmentChange>,
    /// What changes in an environment from which the package was taken away since.
    pub anew: Vec<EnvironmentChange>,
}

/// An installation of a package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Installation {
    /// Id of its operation.
    pub operation_id: String,
    /// The version it brings.
    pub version: String,
    /// When it was asked for.
    pub asked: Timestamp,
    /// When it begins.
    pub begins: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// The error that it ends with; `None` when it succeeds.
    pub error: Option<String>,
}

/// How far an installation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstallationStage {
    /// It waits.
    Asked,
    /// It runs.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
}

impl Installation {
    /// How far it is at `now`.
    pub fn stage(&self, now: Timestamp) -> InstallationStage {
        match (now < self.begins, now < self.ends, &self.error) {
            (true, ..) => InstallationStage::Asked,
            (_, true, _) => InstallationStage::Running,
            (.., None) => InstallationStage::Succeeded,
            (.., Some(_)) => InstallationStage::Failed,
        }
    }
}

impl Package {
    /// The release of a version.
    pub(crate) fn release(&self, version: &str) -> Option<&PackageRelease> {
        self.releases.iter().find(|release| release.version == version)
    }

    /// What installing a release changes in the environment as it is now.
    pub(crate) fn changes_of(&self, release: &PackageRelease) -> Vec<EnvironmentChange> {
        let anew = self.installed.is_none() && !release.anew.is_empty();
        if anew {
            release.anew.clone()
        } else {
            release.changes.clone()
        }
    }
}

impl Administration {
    /// The package, and its newest release, whose solution of this name is no newer than `version` and newer than what is
    /// installed; `None` when a solution of that name and version brings nothing.
    pub(crate) fn release_of_solution(&self, unique_name: &str, version: &str) -> Option<(&Package, &PackageRelease)> {
        let brings = |release: &&PackageRelease| {
            let mut solutions = release.solutions.iter();
            let of_name = solutions.find(|(name, _)| name.eq_ignore_ascii_case(unique_name));
            of_name.is_some_and(|(_, brought)| numbers(brought) <= numbers(version))
        };
        self.packages.iter().find_map(|package| {
            let release = package.releases.iter().rfind(brings)?;
            let there = package.installed.as_deref();
            let is_newer = there.is_none_or(|there| numbers(&release.version) > numbers(there));
            is_newer.then_some((package, release))
        })
    }
}

/// A version as four numbers, to be compared; what is missing counts as zero.
pub(crate) fn numbers(version: &str) -> [u32; 4] {
    let mut numbers = [0; 4];
    for (place, part) in numbers.iter_mut().zip(version.split('.')) {
        *place = part.parse().unwrap_or_default();
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(numbers("4.10.0.0") > numbers("4.9.9.9"));
        assert_eq!(numbers("4.8"), numbers("4.8.0.0"));
        assert!(numbers("1.0.0.1") > numbers("1.0"));
    }
}
