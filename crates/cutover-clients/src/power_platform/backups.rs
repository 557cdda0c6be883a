//! Backups of an environment.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{ENVIRONMENT_MANAGEMENT, permissions};
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, segment};
use crate::read::Read;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static BACKUPS: CallSpec = CallSpec::new(
    Api::PowerPlatform,
    Shape::Collection,
    "/environmentmanagement/environments/{environmentId}/backups",
    "the backups of an environment; a new one has no state and cannot be restored for 10 to 15 minutes",
    &permissions::ENVIRONMENTS,
);

pub(super) static TAKE: CallSpec = CallSpec::writing(
    Api::PowerPlatform,
    "POST",
    "/environmentmanagement/environments/{environmentId}/backups",
    "takes a backup of an environment",
    &permissions::TAKE_BACKUP,
);

/// A backup (`EnvironmentBackup`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backup {
    /// Its id.
    pub id: String,
    /// What it was called when it was made by hand: somebody's text.
    pub label: Option<String>,
    /// The point in time that it restores.
    pub backup_point_date_time: Option<Timestamp>,
    /// Until when it is kept.
    pub backup_expiry_date_time: Option<Timestamp>,
}

/// The backups of an environment.
pub fn backups(environment: &str) -> Read<Vec<Backup>, Home> {
    let path = format!("/environmentmanagement/environments/{}/backups", segment(environment));
    let address = Address::path(path).option("api-version", ENVIRONMENT_MANAGEMENT);
    Read::new(&BACKUPS, address)
}

/// Takes a backup with a label; answers with a [`Backup`], which is listed only some minutes later.
pub fn take(environment: &str, label: &str) -> Write<Home> {
    let path = format!("/environmentmanagement/environments/{}/backups", segment(environment));
    let address = Address::path(path).option("api-version", ENVIRONMENT_MANAGEMENT);
    Write::new(&TAKE, address).with(json!({"label": label}))
}
