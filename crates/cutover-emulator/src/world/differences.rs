//! What differs between two states of one tenant, as single changes that lead from one to the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataverse;
use crate::later::{AdministrationChange, Change, EnvironmentChange, Key, TableChange, TenantChange};
use crate::state::{Administration, Environment, RefreshToken, Row, State, Tables};

/// Properties that tell the rows of a directory set from each other: Graph's id, and the user where rows of
/// several users share one, as their passwords do.
const DIRECTORY_KEY: [&str; 2] = ["id", "_emulator_userId"];

/// All changes; the error names what no change can express.
pub(super) fn between(before: &State, after: &State) -> Result<Vec<Change>, &'static str> {
    if before.tenant.id != after.tenant.id {
        return Err("the id of the tenant");
    }
    let places = |state: &State| -> Vec<(String, String)> {
        let environments = state.environments.iter();
        environments
            .map(|environment| (environment.organization_id.clone(), environment.url.clone()))
            .collect()
    };
    if places(before) != places(after) {
        return Err("which environments there are, and their ids and addresses,");
    }
    let mut changes: Vec<Change> = tenant(before, after).into_iter().map(Change::Tenant).collect();
    let directory = tables(&before.directory, &after.directory, &|_| {
        DIRECTORY_KEY.map(str::to_owned).to_vec()
    });
    changes.extend(directory.into_iter().map(Change::Directory));
    for (before, after) in before.environments.iter().zip(&after.environments) {
        changes.extend(
            environment(before, after)
                .into_iter()
                .map(|change| Change::Environment {
                    organization_id: after.organization_id.clone(),
                    change,
                }),
        );
    }
    Ok(changes)
}

fn tenant(before: &State, after: &State) -> Vec<TenantChange> {
    let mut changes = Vec::new();
    if before.tenant.display_name != after.tenant.display_name {
        changes.push(TenantChange::DisplayName(after.tenant.display_name.clone()));
    }
    if before.tenant.domains != after.tenant.domains {
        changes.push(TenantChange::Domains(after.tenant.domains.clone()));
    }
    if before.tenant.premium != after.tenant.premium {
        changes.push(TenantChange::Premium(after.tenant.premium));
    }
    let known = |state: &State, app_id: &str| state.clients.iter().find(|client| client.app_id == app_id).cloned();
    let clients = before.clients.iter().chain(&after.clients);
    for app_id in clients.map(|client| client.app_id.clone()).collect::<BTreeSet<_>>() {
        let client = known(after, &app_id);
        if known(before, &app_id) != client {
            changes.push(TenantChange::Client { app_id, client });
        }
    }
    if before.power_platform_apps != after.power_platform_apps {
        changes.push(TenantChange::PowerPlatformApps(after.power_platform_apps.clone()));
    }
    if before.partner_center != after.partner_center {
        changes.push(TenantChange::PartnerCenter(after.partner_center.clone().map(Box::new)));
    }
    if before.refresh_tokens != after.refresh_tokens {
        let gone = |token: &&RefreshToken| !after.refresh_tokens.contains(token);
        let new = |token: &&RefreshToken| !before.refresh_tokens.contains(token);
        changes.push(TenantChange::RefreshTokens {
            removed: before
                .refresh_tokens
                .iter()
                .filter(gone)
                .map(|token| token.value.clone())
                .collect(),
            added: after.refresh_tokens.iter().filter(new).cloned().collect(),
        });
    }
    changes
}

/// All changes of one environment.
pub(super) fn environment(before: &Environment, after: &Environment) -> Vec<EnvironmentChange> {
    let mut changes = Vec::new();
    if before.version != after.version {
        changes.push(EnvironmentChange::Version(after.version.clone()));
    }
    changes.extend(
        administration(&before.administration, &after.administration)
            .into_iter()
            .map(EnvironmentChange::Administration),
    );
    let beyond = |all: &[u32], known: &[u32]| -> Vec<u32> {
        let languages = all.iter().copied();
        languages.filter(|language| !known.contains(language)).collect()
    };
    let added = beyond(&after.languages, &before.languages);
    let removed = beyond(&before.languages, &after.languages);
    if !(added.is_empty() && removed.is_empty()) {
        changes.push(EnvironmentChange::Languages { added, removed });
    }
    let roles = before.role_privileges.keys().chain(after.role_privileges.keys());
    for role_id in roles.collect::<BTreeSet<_>>() {
        let privileges = after.role_privileges.get(role_id);
        if before.role_privileges.get(role_id) != privileges {
            changes.push(EnvironmentChange::Privileges {
                role_id: role_id.clone(),
                privileges: privileges.cloned(),
            });
        }
    }
    let key = |set: &str| {
        let column = dataverse::key_column(after, set).or_else(|| dataverse::key_column(before, set));
        column.into_iter().collect()
    };
    let rows = tables(&before.tables, &after.tables, &key);
    changes.extend(rows.into_iter().map(EnvironmentChange::Tables));
    changes
}

/// What the control plane knows otherwise. Packages change one by one, so that what was begun with others stays.
fn administration(before: &Administration, after: &Administration) -> Vec<AdministrationChange> {
    let rest = |administration: &Administration| Administration {
        packages: Vec::new(),
        ..administration.clone()
    };
    let names = |administration: &Administration| -> Vec<String> {
        let packages = administration.packages.iter();
        packages.map(|package| package.unique_name.clone()).collect()
    };
    if rest(before) != rest(after) || names(before) != names(after) {
        return vec![AdministrationChange::Whole(Box::new(after.clone()))];
    }
    let pairs = before.packages.iter().zip(&after.packages);
    pairs
        .filter(|(before, after)| before != after)
        .map(|(_, after)| AdministrationChange::Package(Box::new(after.clone())))
        .collect()
}

fn tables(before: &Tables, after: &Tables, key_of: &dyn Fn(&str) -> Vec<String>) -> Vec<TableChange> {
    let mut changes = Vec::new();
    let sets: BTreeSet<&str> = before.set_names().chain(after.set_names()).collect();
    for set in sets {
        if before.rows(set) != after.rows(set) {
            rows(set, before.rows(set), after.rows(set), &key_of(set), &mut changes);
        }
    }
    let (known, wanted): (BTreeSet<_>, BTreeSet<_>) = (before.links().collect(), after.links().collect());
    for (relation, from, to) in before.links().filter(|link| !wanted.contains(link)) {
        changes.push(TableChange::Unlink {
            relation: relation.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        });
    }
    for (relation, from, to) in after.links().filter(|link| !known.contains(link)) {
        changes.push(TableChange::Link {
            relation: relation.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        });
    }
    changes
}

fn rows(set: &str, before: &[Row], after: &[Row], names: &[String], changes: &mut Vec<TableChange>) {
    let set = || set.to_owned();
    let known: BTreeMap<Key, &Row> = before.iter().map(|row| (key(row, names), row)).collect();
    let wanted: BTreeSet<Key> = after.iter().map(|row| key(row, names)).collect();
    let gone = known.keys().filter(|key| !wanted.contains(*key));
    changes.extend(gone.map(|key| TableChange::Remove {
        set: set(),
        key: key.clone(),
    }));
    let mut last = None;
    for row in after {
        let key = key(row, names);
        match known.get(&key) {
            None => changes.push(TableChange::Insert {
                set: set(),
                key: key.clone(),
                row: row.clone(),
                after: last,
            }),
            Some(was) if *was != row => changes.push(TableChange::Set {
                set: set(),
                key: key.clone(),
                properties: row
                    .iter()
                    .filter(|(name, value)| was.get(*name) != Some(value))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
                without: was.keys().filter(|name| !row.contains_key(*name)).cloned().collect(),
            }),
            Some(_) => {}
        }
        last = Some(key);
    }
}

/// What tells a row from the others of its set: the named properties, or all its texts where it has none of them.
fn key(row: &Row, names: &[String]) -> Key {
    let texts = |row: &Row, wanted: &dyn Fn(&String) -> bool| -> Key {
        row.iter()
            .filter(|(name, _)| wanted(name))
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect()
    };
    let key = texts(row, &|name| names.contains(name));
    if key.is_empty() { texts(row, &|_| true) } else { key }
}
