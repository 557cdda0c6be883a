//! The emulator's Graph against Microsoft's own descriptions: every type, property, navigation, enumeration member,
//! operation and permission that it uses exists there.
//!
//! `CUTOVER_SCHEMAS` names a folder with `graph-subset.csdl.xml`, `graph-subset-beta.csdl.xml` (service descriptions cut
//! down to what matters) and `graph-subset.paths.json` (operations with their permissions). Without it nothing is
//! compared, and the test says so. What the cut leaves out stands in tables with the document it comes from.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says why it compares nothing, and fails on descriptions that it cannot read"
)]

mod graph_contract;

use std::collections::BTreeSet;
use std::path::PathBuf;

use cutover_emulator::graph::{model, operations};
use graph_contract::csdl::Csdl;
use graph_contract::exceptions::{NAVIGATIONS, OPERATIONS_ELSEWHERE, PERMISSIONS, PROPERTIES, TYPES};
use graph_contract::paths::Paths;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("CUTOVER_SCHEMAS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("CUTOVER_SCHEMAS is not set: the contract of Graph is not compared");
    }
    folder
}

fn read(name: &str) -> Option<String> {
    let path = folder()?.join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

fn report(what: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

#[test]
fn types_properties_and_navigations_are_microsofts() {
    let (Some(v1), Some(beta)) = (read("graph-subset.csdl.xml"), read("graph-subset-beta.csdl.xml")) else {
        return;
    };
    let (v1, beta) = (Csdl::parse(&v1), Csdl::parse(&beta));
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    let mut compared = 0;
    let types = model::entity_types().into_iter().map(|entity| (entity, false));
    let bodies = model::body_types().into_iter().map(|body| (body, true));
    for (entity, is_body) in types.chain(bodies) {
        let name = entity.name;
        let described = if entity.beta {
            beta.type_of(name).or_else(|| v1.type_of(name))
        } else {
            v1.type_of(name)
        };
        let described = described
            .or_else(|| beta.type_of(name))
            .or_else(|| v1.action(name).filter(|_| is_body));
        let Some(described) = described else {
            if TYPES.iter().any(|(known, _)| *known == name) {
                used.insert(format!("type {name}"));
            } else {
                wrong.push(format!("no type {name}"));
            }
            continue;
        };
        for property in entity.properties {
            let excepted = PROPERTIES.iter().any(|(known, names, _)| {
                *known == name && names.split_ascii_whitespace().any(|it| it == property.name)
            });
            let also = entity.beta.then(|| v1.type_of(name)).flatten();
            let found = described
                .property(property.name)
                .or_else(|| also.as_ref().and_then(|also| also.property(property.name)));
            let Some(found) = found else {
                if excepted {
                    used.insert(format!("property {name}.{}", property.name));
                } else {
                    wrong.push(format!("no property {name}.{}", property.name));
                }
                continue;
            };
            compared += 1;
            if found.collection != property.collection {
                wrong.push(format!(
                    "{name}.{} is {}a collection",
                    property.name,
                    if found.collection { "" } else { "not " }
                ));
            }
            if let Some(of_type) = property.of_type
                && of_type != found.of_type
            {
                wrong.push(format!(
                    "{name}.{} is a {}, not a {of_type}",
                    property.name, found.of_type
                ));
            }
        }
        for navigation in entity.navigations {
            let excepted = NAVIGATIONS
                .iter()
                .any(|(known, names, _)| *known == name && names.split_ascii_whitespace().any(|it| it == navigation));
            if described.navigations.contains(navigation) {
                compared += 1;
            } else if excepted {
                used.insert(format!("navigation {name}.{navigation}"));
            } else {
                wrong.push(format!("no navigation {name}.{navigation}"));
            }
        }
    }
    for (name, members) in model::enumerations() {
        let known = v1.enumerations.get(name).or_else(|| beta.enumerations.get(name));
        match known {
            None => wrong.push(format!("no enumeration {name}")),
            Some(known) => {
                for member in members {
                    compared += 1;
                    if !known.contains(member) {
                        wrong.push(format!("no member {name}.{member}"));
                    }
                }
            }
        }
    }
    for (name, _) in TYPES {
        if !used.contains(&format!("type {name}")) {
            wrong.push(format!("the exception for the type {name} is not needed"));
        }
    }
    for (kind, table) in [("property", PROPERTIES), ("navigation", NAVIGATIONS)] {
        for (name, members, _) in table {
            for member in members.split_ascii_whitespace() {
                if !used.contains(&format!("{kind} {name}.{member}")) {
                    wrong.push(format!("the exception for the {kind} {name}.{member} is not needed"));
                }
            }
        }
    }
    report("types differ from the service description", &wrong);
    assert!(compared > 400, "only {compared} names were compared");
}

#[test]
fn operations_and_permissions_are_microsofts() {
    let Some(text) = read("graph-subset.paths.json") else {
        return;
    };
    let paths = Paths::parse(&text);
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    let mut compared = 0;
    for operation in operations() {
        let name = format!("{} {}", operation.method, operation.path);
        let Some(listed) = paths.find(operation) else {
            if OPERATIONS_ELSEWHERE.iter().any(|(known, _)| *known == name) {
                used.insert(name);
            } else {
                wrong.push(format!("no operation {name} [{}]", operation.source));
            }
            continue;
        };
        compared += 1;
        for (kind, held, known) in [
            ("application", operation.application, &listed.application),
            ("delegated", operation.delegated, &listed.delegated),
        ] {
            for permission in held.iter().flat_map(|alternative| alternative.split(" and ")) {
                let excepted = PERMISSIONS.iter().any(|(operation, kinds, permissions, _)| {
                    *operation == name
                        && kinds.contains(kind)
                        && permissions.split_ascii_whitespace().any(|it| it == permission)
                });
                if known.accepted.contains(permission) {
                    compared += 1;
                } else if excepted {
                    used.insert(format!("{name} {kind} {permission}"));
                } else {
                    wrong.push(format!("{name}: {kind} permission {permission} is not listed"));
                }
            }
            // What Microsoft says to ask for is enough here.
            let enough = held.is_empty()
                || held
                    .iter()
                    .any(|alternative| alternative.split(" and ").all(|it| known.asked.contains(it)));
            let excepted = PERMISSIONS.iter().any(|(operation, kinds, permissions, _)| {
                *operation == name && kinds.contains(kind) && *permissions == "least"
            });
            if !enough && !excepted {
                wrong.push(format!("{name}: {kind} {:?} is not enough", known.asked));
            } else if !enough {
                used.insert(format!("{name} {kind} least"));
            }
        }
    }
    for (name, _) in OPERATIONS_ELSEWHERE {
        if !used.contains(*name) {
            wrong.push(format!("the exception for {name} is not needed"));
        }
    }
    for (name, kinds, permissions, _) in PERMISSIONS {
        for kind in kinds.split_ascii_whitespace() {
            for permission in permissions.split_ascii_whitespace() {
                if !used.contains(&format!("{name} {kind} {permission}")) {
                    wrong.push(format!("the exception for {name} {kind} {permission} is not needed"));
                }
            }
        }
    }
    report("operations differ from the list", &wrong);
    assert!(compared > 200, "only {compared} were compared");
}
