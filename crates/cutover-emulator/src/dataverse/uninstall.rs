//! A solution that is deleted is uninstalled, and takes with it what it brought: tables with their rows, roles and column
//! security profiles with everybody's hold on them. Its publisher stays. Tables of Microsoft's own stay as well.

use http::StatusCode;
use serde_json::{Value as Json, json};

use super::error::Refusal;
use super::write::{Writing, key, text};
use crate::later::{AdministrationChange, EnvironmentChange, TableChange};
use crate::state::{Row, SolutionOperation, SolutionOperationKind, Tables};
use crate::world::packages::{Manifest, of_solution};

/// Refuses the removal of a solution that another installed one stands on.
pub(super) fn nothing_stands_on(writing: &Writing<'_>, solution: &Row) -> Result<(), Refusal> {
    let name = text(solution, "uniquename");
    let packages = &writing.environment().administration.packages;
    let installed = packages.iter().filter_map(|package| {
        let manifest = Manifest::called(&package.unique_name)?;
        manifest
            .up_to(package.installed.as_deref()?)
            .map(|release| (manifest, release))
    });
    let dependent = installed
        .filter(|(manifest, release)| {
            manifest
                .required(release)
                .keys()
                .any(|it| it.eq_ignore_ascii_case(name))
        })
        .count();
    if dependent == 0 {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::BAD_REQUEST,
        0x8004_f01f,
        format!(
            "The Solution({}) component cannot be deleted because it is referenced by {dependent} other components. For \
             a list of referenced components, use the RetrieveDependenciesForDeleteRequest.",
            text(solution, "solutionid")
        ),
    ))
}

/// What goes with a solution, beside its own row.
pub(super) fn changes(writing: &Writing<'_>, solution: &Row) -> Vec<EnvironmentChange> {
    let (name, version) = (text(solution, "uniquename"), text(solution, "version"));
    let mut changes = vec![EnvironmentChange::Begun(SolutionOperation {
        id: writing.new_id("removal"),
        kind: SolutionOperationKind::Removal,
        name: name.to_owned(),
        version: version.to_owned(),
        begun: writing.now,
        ends: writing.now,
        error: None,
    })];
    let Some((manifest, release)) = of_solution(name, version) else {
        return changes;
    };
    let environment = writing.environment();
    let tables = &environment.tables;
    let brought = release.brings().unwrap_or_default();
    let objects = |kind: &str| {
        let of_kind = brought.get(kind).and_then(toml::Value::as_table);
        of_kind.into_iter().flatten().map(|(alias, object)| {
            let name = object.get("name").and_then(toml::Value::as_str).unwrap_or(alias);
            (
                name.to_owned(),
                object.get("standard").and_then(toml::Value::as_bool) == Some(true),
            )
        })
    };
    for (table, _) in objects("table").filter(|(_, standard)| !standard) {
        let Some(definition) = tables.find("EntityDefinitions", "LogicalName", &table) else {
            continue;
        };
        let (set, id) = (
            text(definition, "EntitySetName"),
            text(definition, "PrimaryIdAttribute"),
        );
        changes.extend(tables.rows(set).iter().map(|row| remove(set, id, row)));
        changes.push(remove("EntityDefinitions", "MetadataId", definition));
    }
    for (role, _) in objects("role") {
        for row in rows_called(tables, "roles", &role) {
            let id = text(row, "roleid");
            changes.push(remove("roles", "roleid", row));
            changes.push(EnvironmentChange::Privileges {
                role_id: id.to_owned(),
                privileges: None,
            });
            changes.extend(ties(tables, id));
        }
    }
    for (profile, _) in objects("profile") {
        for row in rows_called(tables, "fieldsecurityprofiles", &profile) {
            let id = text(row, "fieldsecurityprofileid");
            changes.push(remove("fieldsecurityprofiles", "fieldsecurityprofileid", row));
            changes.extend(ties(tables, id));
            let permissions = tables.rows("fieldpermissions").iter();
            let of_profile =
                permissions.filter(|row| text(row, "_fieldsecurityprofileid_value").eq_ignore_ascii_case(id));
            changes.extend(of_profile.map(|row| remove("fieldpermissions", "fieldpermissionid", row)));
        }
    }
    changes.push(EnvironmentChange::Administration(AdministrationChange::Removed {
        package: manifest.unique_name.to_owned(),
    }));
    changes
}

fn rows_called<'t>(tables: &'t Tables, set: &str, name: &str) -> impl Iterator<Item = &'t Row> {
    let rows = tables.rows(set).iter();
    rows.filter(move |row| row.get("name") == Some(&json!(name)))
}

fn remove(set: &str, primary_id: &str, row: &Row) -> EnvironmentChange {
    let id = row.get(primary_id).and_then(Json::as_str).unwrap_or_default();
    EnvironmentChange::Tables(TableChange::Remove {
        set: set.to_owned(),
        key: key(primary_id, id),
    })
}

/// The ends of everybody's hold on a role or a profile.
fn ties(tables: &Tables, id: &str) -> Vec<EnvironmentChange> {
    let links = tables
        .links()
        .filter(|(_, from, to)| from.eq_ignore_ascii_case(id) || to.eq_ignore_ascii_case(id));
    links
        .map(|(relation, from, to)| {
            EnvironmentChange::Tables(TableChange::Unlink {
                relation: relation.to_owned(),
                from: from.to_owned(),
                to: to.to_owned(),
            })
        })
        .collect()
}
