//! An environment, as Power Platform's control plane knows it.

use jiff::{SignedDuration, Timestamp};

use super::WorldError;
use super::names::Place;
use super::packages::manifest;
use crate::state::{Administration, Backup, EnvironmentOperation, Package};

/// How long a backup is kept where the world does not say.
const KEPT: SignedDuration = SignedDuration::from_hours(28 * 24);

pub(super) fn expand(place: &Place<'_>) -> Result<Administration, WorldError> {
    let environment = place.environment;
    let group = |group: &String| place.names.group(&place.key("security_group"), group);
    let backups = environment.backup.iter().map(|(alias, backup)| Backup {
        id: place.id("backup", alias, backup.id.as_deref()),
        label: backup.label.clone(),
        point: backup.point,
        expires: backup
            .expires
            .unwrap_or_else(|| backup.point.checked_add(KEPT).unwrap_or(Timestamp::MAX)),
        listed: backup.point,
        made_by: None,
    });
    let mut operations: Vec<EnvironmentOperation> = environment
        .operation
        .iter()
        .map(|(alias, operation)| EnvironmentOperation {
            id: place.id("operation", alias, operation.id.as_deref()),
            name: operation.name.clone(),
            requested_by: None,
            started: operation.started,
            ends: operation.ends,
            outcome: operation.outcome.clone(),
        })
        .collect();
    operations.sort_by_key(|operation| operation.started);
    Ok(Administration {
        id: place.id("environment", "id", environment.environment_id.as_deref()),
        display_name: environment
            .friendly_name
            .clone()
            .unwrap_or_else(|| environment.name.clone()),
        kind: environment.kind.clone(),
        state: environment.state.clone(),
        region: environment.region.clone(),
        geo: environment.geo.clone(),
        created: Some(environment.created),
        base_language: environment.base_language,
        admin_mode: environment.admin_mode,
        background_operations: environment.background_operations,
        security_group: environment.security_group.as_ref().map(group).transpose()?,
        backups: backups.collect(),
        operations,
        packages: packages(place)?,
    })
}

fn packages(place: &Place<'_>) -> Result<Vec<Package>, WorldError> {
    let described = place.environment.package.iter();
    described
        .map(|(name, package)| {
            let key = place.key(&format!("package.{name}"));
            let manifest = manifest(name).ok_or_else(|| place.names.dangling(&key, "package", name))?;
            for version in package.version.iter().chain(&package.offered) {
                if manifest.release(version).is_none() {
                    return Err(place.names.wrong(&key, manifest.no_such_release(version)));
                }
            }
            Ok(Package {
                unique_name: manifest.unique_name.to_owned(),
                name: manifest.name.to_owned(),
                publisher: manifest.publisher.to_owned(),
                listed: package.listed,
                installed: package.version.clone(),
                offered: package.offered.clone(),
                state: package.state.clone(),
                last_error: package.last_error.clone(),
                fails_with: package.fails_with.clone(),
                installation: None,
                releases: Vec::new(),
            })
        })
        .collect()
}
