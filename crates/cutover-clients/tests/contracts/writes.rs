//! What carrying out a plan calls, against Graph's description of its operations and their permissions.

use cutover_clients::calls_of_apply;
use cutover_core::evidence::Service;
use serde_json::Value;

use super::{permitted, plain, schemas, text};

/// What the description leaves out.
const NOT_DESCRIBED: &[&str] = &[
    "/servicePrincipals/{id}",
    // Described with `transitiveMemberOf` only.
    "/users/{id}/memberOf/microsoft.graph.group",
    // Described in the other form, with `{on}`.
    "/roleManagement/directory/roleAssignmentScheduleInstances/filterByCurrentUser(on='principal')",
];

#[test]
fn graph_has_every_operation_of_apply_with_its_permissions() {
    let Some(folder) = schemas() else { return };
    let listed: Value = serde_json::from_str(&text(&folder, "graph-subset.paths.json")).unwrap();
    let operations = listed["operations"].as_array().unwrap();
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for spec in calls_of_apply().filter(|spec| matches!(spec.service, Service::Graph | Service::GraphBeta)) {
        let path = plain(spec.path);
        let found = operations
            .iter()
            .find(|one| one["method"] == spec.method && one["path"] == path);
        let Some(operation) = found else {
            if !NOT_DESCRIBED.contains(&spec.path) {
                wrong.push(format!("{} {path}: no such operation", spec.method));
            }
            continue;
        };
        for (kind, list) in [
            ("application", spec.permission.application),
            ("delegated", spec.permission.delegated),
        ] {
            let (_, all) = permitted(operation, kind);
            for name in list.iter().filter(|name| !all.contains(*name)) {
                wrong.push(format!(
                    "{} {path}: {kind} {name} opens nothing, but {all:?}",
                    spec.method
                ));
            }
            compared += list.len();
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 30, "{compared}");
}

#[test]
fn every_write_names_its_permission_and_where_that_is_written() {
    for spec in calls_of_apply() {
        let permission = spec.permission;
        assert!(!permission.delegated.is_empty(), "{} {}", spec.method, spec.path);
        assert!(
            permission.source.starts_with("https://learn.microsoft.com/"),
            "{}",
            spec.path
        );
        assert!(
            matches!(spec.method, "GET" | "POST" | "PATCH" | "DELETE"),
            "{}",
            spec.path
        );
    }
}
