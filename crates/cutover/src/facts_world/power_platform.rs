//! The environment as Power Platform administers it: state, packages, backups, operations.

use cutover_core::facts::power_platform::{ApplicationPackage, PowerPlatformFacts};
use cutover_emulator::World;
use serde_json::json;
use toml::Table;
use uuid::Uuid;

use super::draft::Draft;
use super::environment::PLACE;

/// Describes it; gives back what the installed packages bring to the environment.
pub(super) fn describe(draft: &mut Draft, facts: &PowerPlatformFacts) -> Table {
    match facts.environment.value() {
        Ok(Some(environment)) => {
            draft.put(
                &PLACE,
                json!({
                    "environment_id": environment.id, "friendly_name": environment.name, "kind": environment.kind,
                    "state": environment.state,
                    "admin_mode": environment.admin_mode.as_deref() == Some("Enabled"),
                    "background_operations": environment.background_operations.as_deref() != Some("Disabled"),
                }),
            );
            if environment.admin_mode.is_none() {
                draft.leave_out("whether the environment is in administration mode: in the world it is not");
            }
            match environment.security_group.as_deref().map(Uuid::parse_str) {
                Some(Ok(id)) => {
                    let group = draft.group(id);
                    draft.put(&PLACE, json!({ "security_group": group }));
                }
                Some(Err(_)) => draft.leave_out("the group that limits who may enter the environment"),
                None => {}
            }
        }
        Ok(None) => draft.leave_out("that Power Platform shows no environment of this address: in the world it does"),
        Err(_) => {}
    }
    for (number, backup) in facts.backups.value().into_iter().flatten().enumerate() {
        let mut object = json!({"id": backup.id, "point": backup.point});
        if let Some(label) = &backup.label {
            object["label"] = label.clone().into();
        }
        if let Some(expires) = backup.expires {
            object["expires"] = json!(expires);
        }
        below(draft, "backup", &format!("backup-{}", number + 1), object);
    }
    for (number, operation) in facts.operations.value().into_iter().flatten().enumerate() {
        let mut object = json!({"id": operation.id, "name": operation.name});
        if let Some(started) = operation.started {
            object["started"] = json!(started);
        }
        below(draft, "operation", &format!("operation-{}", number + 1), object);
    }
    packages(draft, facts.packages.value().map(Vec::as_slice).unwrap_or_default())
}

fn below(draft: &mut Draft, kind: &str, alias: &str, object: serde_json::Value) {
    let path: Vec<&str> = PLACE.iter().copied().chain([kind, alias]).collect();
    draft.put(&path, object);
}

/// A package comes once as it is installed and once as it may be installed; the world says both of it at once.
fn packages(draft: &mut Draft, packages: &[ApplicationPackage]) -> Table {
    let mut brought = Table::new();
    for package in packages {
        let shown = format!(
            "the application package {} {} ({})",
            package.unique_name, package.version, package.state
        );
        let name = World::package(&package.unique_name);
        let Some((name, brings)) = name.and_then(|name| Some((name, World::brought_by(name, &package.version)?)))
        else {
            draft.leave_out(format!("{shown}, of which no manifest knows what it brings"));
            continue;
        };
        let path: Vec<&str> = PLACE.iter().copied().chain(["package", name]).collect();
        let mut object = json!({});
        if package.state == "Installed" {
            object["version"] = package.version.clone().into();
            for (kind, objects) in brings {
                let there = brought.entry(kind).or_insert_with(|| toml::Value::Table(Table::new()));
                if let (Some(there), toml::Value::Table(objects)) = (there.as_table_mut(), objects) {
                    there.extend(objects);
                }
            }
        } else {
            object["offered"] = package.version.clone().into();
            if !matches!(package.state.as_str(), "None" | "NotInstalled") {
                object["state"] = package.state.clone().into();
            }
        }
        if let Some(error) = &package.last_error {
            object["last_error"] = error.clone().into();
        }
        draft.put(&path, object);
    }
    brought
}
