//! The product in the environment: solutions, imports, operations, and its jobs.

use cutover_core::Pack;
use cutover_core::facts::Facts;
use cutover_core::facts::environment::JobTable;
use serde_json::json;

use super::environment::{PLACE, Site};

pub(super) fn describe(site: &mut Site<'_>, facts: &Facts, pack: &Pack) {
    let environment = &facts.environment;
    site.put(
        &["publisher", "work365"],
        json!({"unique_name": "work365", "prefix": pack.names.publisher_prefix, "read_only": true}),
    );
    for (number, solution) in environment.solutions.value().into_iter().flatten().enumerate() {
        let brought = site.brought_as("solution", "unique_name", &solution.unique_name);
        let alias = brought.unwrap_or_else(|| format!("solution-{}", number + 1));
        let written = solution.version.to_string();
        let mut version = written.clone();
        // A world writes all four numbers; those left out are zero.
        while version.split('.').count() < 4 {
            version.push_str(".0");
        }
        if solution.patch {
            site.draft
                .leave_out(format!("that the solution {} is a patch", solution.unique_name));
        }
        site.put(
            &["solution", &alias],
            json!({
                "unique_name": solution.unique_name, "friendly_name": solution.friendly_name,
                "version": version, "managed": solution.managed, "publisher": "work365",
            }),
        );
    }
    for (number, import) in environment.open_imports.value().into_iter().flatten().enumerate() {
        let mut object = json!({
            "id": import.id, "solution": import.solution, "progress": import.progress.unwrap_or_default(),
        });
        if let Some(started) = import.started {
            object["started"] = json!(started);
        }
        site.put(&["import", &format!("import-{}", number + 1)], object);
    }
    for (number, operation) in environment.open_operations.value().into_iter().flatten().enumerate() {
        if operation.kind.is_none() {
            site.draft.leave_out(format!(
                "what kind of operation {} is: in the world an import",
                operation.name
            ));
        }
        let mut object = json!({
            "id": operation.id, "name": operation.name, "operation_type": operation.kind.unwrap_or(54),
            // Waiting for resources, waiting, in progress.
            "state": operation.state, "status": operation.state.saturating_mul(10),
        });
        if let Some(created) = operation.created {
            object["created"] = json!(created);
        }
        site.put(&["job", &format!("operation-{}", number + 1)], object);
    }
    jobs(site, facts, pack);
}

fn jobs(site: &mut Site<'_>, facts: &Facts, pack: &Pack) {
    let Ok(tables) = facts.environment.job_tables.value() else {
        return;
    };
    for (number, table) in tables.iter().enumerate() {
        let table = &JobTable {
            logical_name: logical_name(&table.logical_name, pack),
            entity_set: identifier(&table.entity_set),
            id_column: identifier(&table.id_column),
            name_column: table.name_column.as_deref().map(identifier),
            scheduled_column: table.scheduled_column.as_deref().map(identifier),
            statuses: table.statuses.clone(),
        };
        let mut status = serde_json::Map::new();
        for choice in &table.statuses {
            let other = status.insert(choice.label.clone(), choice.value.into());
            if other.is_some() {
                let what = format!("a second status {} of {}", choice.label, table.logical_name);
                site.draft.leave_out(what);
            }
        }
        let name_column = table
            .name_column
            .clone()
            .unwrap_or_else(|| format!("{}_name", table.logical_name));
        let inactive: Vec<&String> = status
            .keys()
            .filter(|label| !pack.names.open_jobs.contains(label))
            .collect();
        let mut rows = serde_json::Map::new();
        // With several tables nothing is known of any.
        let jobs = facts.environment.open_jobs.value().ok().filter(|_| number == 0);
        for (number, job) in jobs.into_iter().flatten().enumerate() {
            if !status.contains_key(&job.status) {
                let what = format!("a job whose status {} its table does not have", job.status);
                site.draft.leave_out(what);
                continue;
            }
            let mut row = json!({ table.id_column.as_str(): job.id, "statuscode": job.status });
            if let Some(name) = &job.name {
                row[name_column.as_str()] = name.clone().into();
            }
            if let (Some(column), Some(scheduled)) = (&table.scheduled_column, job.scheduled) {
                row[column.as_str()] = json!(scheduled);
            }
            rows.insert(format!("job-{}", number + 1), row);
        }
        let mut object = json!({
            "entity_set": table.entity_set, "primary_id": table.id_column, "primary_name": name_column,
            "display_name": pack.names.jobs_table, "inactive": inactive, "row": rows,
        });
        if let Some(column) = &table.scheduled_column {
            object["column"] = json!({
                column.as_str(): {"display_name": pack.names.job_scheduled, "kind": "DateTime"},
            });
        }
        object["status"] = status.into();
        site.put(&["table", &table.logical_name], object);
    }
}

/// A name that can stand in an address: the tokens of redacted facts have signs that OData does not allow.
fn identifier(name: &str) -> String {
    let sound = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut name: String = name
        .chars()
        .map(|letter| if sound(letter) { letter } else { '_' })
        .collect();
    if !name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        name.insert(0, '_');
    }
    name
}

/// The same of a table, which is known as the product's by the publisher's prefix.
pub(super) fn logical_name(name: &str, pack: &Pack) -> String {
    let (name, prefix) = (identifier(name), format!("{}_", pack.names.publisher_prefix));
    if name.starts_with(&prefix) {
        name
    } else {
        prefix + &name
    }
}

/// Takes away what a package brings and the facts do not hold.
pub(super) fn without_what_is_not_there(site: &mut Site<'_>, facts: &Facts) {
    let environment = &facts.environment;
    let known = [
        ("role", environment.wanted_roles.value().is_ok()),
        ("profile", environment.wanted_profiles.value().is_ok()),
        ("solution", environment.solutions.value().is_ok()),
        ("table", environment.job_tables.value().is_ok()),
    ];
    let brought = site.brought.clone();
    for (kind, _) in known.into_iter().filter(|(_, known)| *known) {
        for (alias, object) in brought.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
            let path: Vec<&str> = PLACE.iter().copied().chain([kind, alias.as_str()]).collect();
            let standard = object.get("standard").and_then(toml::Value::as_bool) == Some(true);
            if site.draft.get(&path).is_none() && !standard {
                site.draft.put(&path, json!({"absent": true}));
            }
        }
    }
}
