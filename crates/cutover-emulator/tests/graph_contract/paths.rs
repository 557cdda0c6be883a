//! Operations and the permissions that grant each.

use std::collections::BTreeSet;

use cutover_emulator::operation::Operation;
use serde_json::Value;

/// Permissions of one kind.
pub(crate) struct Permissions {
    /// All that are of use for the operation, alone or with another.
    pub(crate) accepted: BTreeSet<String>,
    /// What its documents say to ask for.
    pub(crate) asked: BTreeSet<String>,
}

pub(crate) struct Listed {
    method: String,
    path: String,
    beta: bool,
    pub(crate) application: Permissions,
    pub(crate) delegated: Permissions,
}

pub(crate) struct Paths(Vec<Listed>);

fn texts(value: &Value) -> BTreeSet<String> {
    let listed = value.as_array().into_iter().flatten();
    listed.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn permissions(operation: &Value, kind: &str) -> Permissions {
    let listed = &operation["permissions"][kind];
    let least = texts(&listed["least"]);
    let named = texts(&operation["use"][kind]);
    let mut accepted: BTreeSet<String> = &least | &texts(&listed["other"]);
    accepted.extend(named.iter().cloned());
    for (with, needed) in listed["also_required"].as_object().into_iter().flatten() {
        accepted.insert(with.clone());
        accepted.extend(
            needed
                .as_str()
                .into_iter()
                .flat_map(|needed| needed.split(','))
                .map(str::to_owned),
        );
    }
    let asked = if named.is_empty() { least } else { named };
    Permissions { accepted, asked }
}

impl Paths {
    pub(crate) fn parse(text: &str) -> Self {
        let list: Value = serde_json::from_str(text).expect("a list of operations");
        let operations = list["operations"].as_array().expect("operations");
        let text = |operation: &Value, name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        Self(
            operations
                .iter()
                .map(|operation| Listed {
                    method: text(operation, "method"),
                    path: text(operation, "path"),
                    beta: operation["version"] == "beta",
                    application: permissions(operation, "application"),
                    delegated: permissions(operation, "delegated"),
                })
                .collect(),
        )
    }

    pub(crate) fn find(&self, operation: &Operation) -> Option<&Listed> {
        self.0.iter().find(|listed| {
            listed.method == operation.method
                && listed.path == operation.path
                && (!listed.beta || operation.service.contains("beta"))
        })
    }
}
