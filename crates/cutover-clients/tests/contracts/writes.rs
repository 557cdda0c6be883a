//! What carrying out a plan calls, against Graph's description of its operations and their permissions.

use cutover_clients::{calls_of_apply, calls_of_upgrade};
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
    for spec in calls_of_apply()
        .chain(calls_of_upgrade())
        .filter(|spec| matches!(spec.service, Service::Graph | Service::GraphBeta))
    {
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
fn dataverse_has_every_action_of_an_upgrade_with_its_parameters() {
    let Some(folder) = schemas() else { return };
    let model = text(&folder, "dataverse-subset.csdl.xml");
    const FILE: [&str; 4] = [
        "OverwriteUnmanagedCustomizations",
        "PublishWorkflows",
        "CustomizationFile",
        "ImportJobId",
    ];
    let actions: [(&str, &[&str]); 4] = [
        ("StageSolution", &["CustomizationFile"]),
        ("StageAndUpgradeAsync", &FILE),
        (
            "ImportSolutionAsync",
            &[FILE[0], FILE[1], FILE[2], FILE[3], "HoldingSolution"],
        ),
        ("DeleteAndPromoteAsync", &["UniqueName"]),
    ];
    for (action, sent) in actions {
        let called = calls_of_apply()
            .chain(calls_of_upgrade())
            .filter(|spec| spec.method == "POST" && spec.path == format!("/{action}"));
        assert_eq!(called.count(), 1, "{action}");
        let from = model.find(&format!("<Action Name=\"{action}\"")).expect(action);
        let described = model[from..].split("</Action>").next().expect(action);
        for parameter in sent {
            assert!(
                described.contains(&format!("<Parameter Name=\"{parameter}\"")),
                "{action}: {parameter}"
            );
        }
        // What must be given is given.
        let required = described
            .lines()
            .filter(|line| line.contains("<Parameter") && line.contains("Nullable=\"false\""));
        for line in required {
            assert!(
                sent.iter().any(|name| line.contains(&format!("Name=\"{name}\""))),
                "{action}: {line}"
            );
        }
    }
}

#[test]
fn power_platform_has_every_operation_of_apply() {
    let Some(folder) = schemas() else { return };
    let described: Value = serde_json::from_str(&text(&folder, "powerplatform-subset.json")).unwrap();
    let operations = described["operations"].as_array().unwrap();
    let mut compared = 0;
    for spec in calls_of_apply()
        .chain(calls_of_upgrade())
        .filter(|spec| spec.service == Service::PowerPlatform)
    {
        let is_it = |one: &&Value| {
            let path = one["path"].as_str().unwrap_or_default();
            one["method"] == spec.method && path.replace("{environment-id}", "{environmentId}") == spec.path
        };
        assert!(
            operations.iter().any(|one| is_it(&one)),
            "{} {}",
            spec.method,
            spec.path
        );
        compared += 1;
    }
    assert_eq!(compared, 4);
}

#[test]
fn every_write_names_its_permission_and_where_that_is_written() {
    for spec in calls_of_apply().chain(calls_of_upgrade()) {
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
