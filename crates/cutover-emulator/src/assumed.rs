//! What no document says, as settings: each is assumed, and a world may say otherwise in its table `[assumed]`.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How long things take and which way they go where Microsoft's documents leave it open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct Assumed {
    /// Between a licence, or an account, and what Dataverse knows of it: "10–15 minutes".
    pub user_sync: SignedDuration,
    /// How long a new licence is `PendingProvisioning`.
    pub licence_provisioning: SignedDuration,
    /// How long Dataverse still takes somebody for an administrator of the service whose directory role has ended.
    pub administrator_known: SignedDuration,
    /// Whether Dataverse refuses to take System Administrator from an administrator of the service at all: the rule may
    /// sleep since Global Administrators stopped being System Administrators by themselves.
    pub administrators_keep_system_administrator: bool,
    /// What becomes of a user of an environment whose licence was taken.
    pub licence_taken: LicenceTaken,
    /// Whether a user with administrative access gets Read-Write access along with a licence.
    pub licence_opens: bool,
    /// Whether the active processes of somebody whose licence was taken stop.
    pub processes_stop: bool,
    /// Whether System Administrator that came by elevation ends with the directory role, when that came through
    /// Privileged Identity Management.
    pub elevation_ends: bool,
    /// What *Install Application Package* does with an application that is installed in an older version: Microsoft's documents
    /// say that it updates Microsoft's own, and nothing of others.
    pub install_upgrades: InstallUpgrades,
    /// Whether an upgrade, or an import as a holding solution, that fails while it imports leaves its holding solution behind.
    pub failed_import_leaves_holding: bool,
    /// Whether an installation of a package that fails leaves holding solutions of the package's solutions behind.
    pub failed_installation_leaves_holding: bool,
}

/// What installing a package does that is installed in an older version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstallUpgrades {
    /// It brings the offered version.
    #[default]
    Yes,
    /// The operation succeeds, and nothing changes.
    NothingChanges,
    /// It is refused.
    Refused,
}

/// What becomes of a user of an environment whose licence was taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceTaken {
    /// Access becomes administrative.
    #[default]
    Administrative,
    /// The user is disabled.
    Disabled,
    /// Only `islicensed` changes.
    Untouched,
}

impl Default for Assumed {
    fn default() -> Self {
        Self {
            user_sync: SignedDuration::from_mins(12),
            licence_provisioning: SignedDuration::ZERO,
            administrator_known: SignedDuration::from_mins(2),
            administrators_keep_system_administrator: true,
            licence_taken: LicenceTaken::default(),
            licence_opens: true,
            processes_stop: true,
            elevation_ends: true,
            install_upgrades: InstallUpgrades::default(),
            failed_import_leaves_holding: false,
            failed_installation_leaves_holding: false,
        }
    }
}
