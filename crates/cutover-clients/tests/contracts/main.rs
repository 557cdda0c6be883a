//! What the clients ask for exists where Microsoft describes its services: paths, properties, permissions.
//!
//! The descriptions are Microsoft's texts and no part of this project. `CUTOVER_SCHEMAS` names a folder with them:
//! Graph's CSDL (`graph-subset.csdl.xml`, `graph-subset-beta.csdl.xml`) and its permissions (`graph-subset.paths.json`),
//! Dataverse's CSDL (`dataverse-subset.csdl.xml`), Power Platform's operations and models (`powerplatform-subset.json`).
//! Partner Center has no machine-readable description.

// Clippy's exception for tests covers only functions marked as tests, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod asked;
mod csdl;
mod shape;
mod writes;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use cutover_clients::graph::authentication::{MethodKind, MethodState, PerUserMfaState};
use cutover_clients::graph::policies::PolicyState;
use cutover_clients::power_platform::application_packages::PackageState;
use cutover_clients::power_platform::operations::OperationStatus;
use cutover_clients::{Api, CallSpec, calls, permission_ids};
use cutover_core::evidence::Service;
use serde::de::DeserializeOwned;
use serde_json::Value;

use asked::{Asked, every_call};
use csdl::Model;

/// The folder with the descriptions.
fn schemas() -> Option<PathBuf> {
    let folder = std::env::var_os("CUTOVER_SCHEMAS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: CUTOVER_SCHEMAS does not name a folder with Microsoft's service descriptions");
    }
    folder
}

fn text(folder: &std::path::Path, file: &str) -> String {
    let path = folder.join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of properties in a filter: what stands before an operator, or first in a function.
fn in_filter(filter: &str) -> Vec<String> {
    let words: Vec<&str> = filter
        .split([' ', '(', ')', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let mut names: Vec<String> = words
        .windows(2)
        .filter(|pair| matches!(pair[1], "eq" | "ne" | "ge" | "in"))
        .map(|pair| pair[0].to_owned())
        .collect();
    names.extend(
        filter
            .split("startswith(")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once(',')?.0.to_owned())),
    );
    names
}

/// Names in `$expand` with those selected or expanded in each, one level.
fn in_expand(expand: &str) -> Vec<Vec<String>> {
    let (name, rest) = expand.split_once('(').unwrap_or((expand, ""));
    let mut ways = vec![vec![name.to_owned()]];
    let inner = rest.trim_end_matches(')');
    for list in inner.split(';').filter_map(|option| Some(option.split_once('=')?.1)) {
        ways.extend(list.split(',').map(|one| vec![name.to_owned(), one.to_owned()]));
    }
    ways
}

/// Every way of properties that a call names in its options or reads in its answer.
fn ways(asked: &Asked) -> BTreeSet<Vec<String>> {
    let mut ways = BTreeSet::new();
    for (way, fields) in &asked.shape {
        for field in fields.iter().filter(|field| !field.starts_with('@')) {
            ways.insert(way.iter().chain([field]).map(|name| (*name).to_owned()).collect());
        }
    }
    let option = |name: &str| asked.options.get(name).map(String::as_str).unwrap_or_default();
    ways.extend(
        option("$select")
            .split(',')
            .filter(|name| !name.is_empty())
            .map(|name| vec![name.to_owned()]),
    );
    ways.extend(
        in_filter(option("$filter"))
            .iter()
            .map(|name| name.split('/').map(str::to_owned).collect()),
    );
    if asked.options.contains_key("$expand") {
        ways.extend(in_expand(option("$expand")));
    }
    ways
}

/// What a call names and its type has not.
fn missing(model: &Model, root: &str, asked: &Asked) -> (usize, Vec<String>) {
    let ways = ways(asked);
    let missing = ways.iter().filter(|way| {
        let mut at = Some(root);
        for name in way.iter() {
            at = at.and_then(|at| model.property(at, name));
        }
        at.is_none()
    });
    let missing = missing
        .map(|way| format!("{}: {}", asked.spec.path, way.join("/")))
        .collect();
    (ways.len(), missing)
}

/// A path as the list of operations writes it: alternate keys are keys, and casts stand beside it.
fn plain(path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.starts_with("microsoft.graph."))
        .collect();
    segments.join("/").replace("(appId='{appId}')", "/{id}")
}

/// A value of an open enumeration by its text.
fn known<E: DeserializeOwned>(text: &str) -> E {
    serde_json::from_value(text.into()).unwrap()
}

#[test]
fn every_member_of_an_enumeration_is_known() {
    let Some(folder) = schemas() else { return };
    let model = Model::default()
        .read(&text(&folder, "graph-subset.csdl.xml"))
        .read(&text(&folder, "graph-subset-beta.csdl.xml"));
    let members = |name: &str| {
        let members = model
            .members(name)
            .iter()
            .filter(|member| *member != "unknownFutureValue");
        let members: Vec<&String> = members.collect();
        assert!(members.len() > 1, "{name}");
        members
    };
    for text in members("perUserMfaState") {
        assert!(!matches!(known(text), PerUserMfaState::Other(_)), "{text}");
    }
    for text in members("conditionalAccessPolicyState") {
        assert!(!matches!(known(text), PolicyState::Other(_)), "{text}");
    }
    for text in members("authenticationMethodState") {
        assert!(!matches!(known(text), MethodState::Other(_)), "{text}");
    }
    let methods = model.derived("authenticationMethod");
    assert!(methods.len() > 3, "{methods:?}");
    for name in methods {
        let kind = format!("#microsoft.graph.{name}");
        assert!(!matches!(known(&kind), MethodKind::Other(_)), "{kind}");
    }
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Permissions that an operation takes in one kind of sign-in: those to begin with, and all.
fn permitted<'o>(operation: &'o Value, kind: &str) -> (Vec<&'o str>, Vec<&'o str>) {
    let listed = &operation["permissions"][kind];
    let used = names(&operation["use"][kind]);
    let least = if used.is_empty() {
        names(&listed["least"])
    } else {
        used.clone()
    };
    let mut all = used;
    for list in ["least", "other", "also_required"] {
        all.extend(names(&listed[list]));
    }
    (least, all)
}

/// Properties that a trimmed description leaves out, with the reason.
const CUT: &[(&str, &str)] = &[(
    "/policies/authenticationMethodsPolicy: authenticationMethodConfigurations/includeTargets",
    "belongs to the types derived from authenticationMethodConfiguration, which are not in the trimmed description",
)];

#[tokio::test]
async fn graph_has_every_path_property_and_permission() {
    let Some(folder) = schemas() else { return };
    let general = Model::default().read(&text(&folder, "graph-subset.csdl.xml"));
    let beta = Model::default()
        .read(&text(&folder, "graph-subset.csdl.xml"))
        .read(&text(&folder, "graph-subset-beta.csdl.xml"));
    let listed: Value = serde_json::from_str(&text(&folder, "graph-subset.paths.json")).unwrap();
    let operations = listed["operations"].as_array().unwrap();
    let mut wrong = Vec::new();
    let (mut properties, mut permissions, mut left_out) = (0, 0, 0);
    for asked in every_call().await {
        let spec = asked.spec;
        let (model, version) = match spec.service {
            Service::Graph => (&general, "v1.0"),
            Service::GraphBeta => (&beta, "beta"),
            _ => continue,
        };
        // An action is described beside the types; what it answers is compared by the test of the emulator.
        if spec.method == "GET" {
            let Some(root) = model.end_of(spec.path) else {
                wrong.push(format!("{}: no such path", spec.path));
                continue;
            };
            let (compared, missing) = missing(model, &root, &asked);
            properties += compared;
            let (cut, missing): (Vec<_>, Vec<_>) = missing
                .into_iter()
                .partition(|way| CUT.iter().any(|(cut, _)| way.starts_with(cut)));
            left_out += cut.len();
            wrong.extend(missing);
        }

        let path = plain(spec.path);
        let of = |version: &str| {
            operations
                .iter()
                .find(|one| one["method"] == spec.method && one["version"] == version && one["path"] == path)
        };
        let Some(operation) = of(version).or_else(|| of("v1.0")) else {
            wrong.push(format!("{version} {path}: no such operation"));
            continue;
        };
        for (kind, list) in [
            ("application", spec.permission.application),
            ("delegated", spec.permission.delegated),
        ] {
            let (least, all) = permitted(operation, kind);
            permissions += list.len();
            for name in list.iter().filter(|name| !all.contains(*name)) {
                wrong.push(format!("{path}: {kind} {name} opens nothing, but {all:?}"));
            }
            if !list.first().is_some_and(|first| least.contains(first)) {
                wrong.push(format!(
                    "{path}: {kind} {:?} is not the least, but {least:?}",
                    list.first()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(left_out, 3, "the property and the two in it");
    assert!(properties > 100 && permissions > 100);
    eprintln!(
        "Graph: {properties} properties and {permissions} permissions compared, 0 missing; {left_out} cut: {CUT:?}"
    );
}

/// Permissions that no manifest can ask for by id, since Microsoft publishes none.
const WITHOUT_ID: &[(&str, &str)] = &[("delegated", "Policy.Read.AuthenticationMethod")];

#[test]
fn every_permission_that_a_call_begins_with_can_be_asked_for_by_id() {
    for call in calls().filter(|call| matches!(call.service, Service::Graph | Service::GraphBeta)) {
        let kinds = [
            ("application", call.permission.application),
            ("delegated", call.permission.delegated),
        ];
        for (kind, list) in kinds {
            for name in list.first().into_iter().chain(call.permission.also.first()) {
                let id = match kind {
                    "application" => permission_ids::application(Api::Graph, name),
                    _ => permission_ids::delegated_scope(Api::Graph, name),
                };
                let left_out = WITHOUT_ID.contains(&(kind, *name));
                assert_eq!(id.is_none(), left_out, "{}: {kind} {name}", call.path);
            }
        }
    }
    let ids = permission_ids::all().flat_map(|(_, _, application, delegated)| [application, delegated]);
    let ids: Vec<_> = ids.flatten().collect();
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "an id stands for one permission"
    );
}

#[test]
fn every_permission_with_an_id_is_one_that_graph_knows() {
    let Some(folder) = schemas() else { return };
    let listed: Value = serde_json::from_str(&text(&folder, "graph-subset.paths.json")).unwrap();
    let known = |kind: &str| -> BTreeSet<String> {
        let operations = listed["operations"].as_array().unwrap().iter();
        let names = operations.flat_map(|operation| permitted(operation, kind).1);
        names.map(str::to_owned).collect()
    };
    let (application, delegated) = (known("application"), known("delegated"));
    let mut compared = 0;
    for (_, name, as_application, as_delegated) in permission_ids::all().filter(|(api, ..)| *api == Api::Graph) {
        assert!(
            as_application.is_none() || application.contains(name) || delegated.contains(name),
            "{name}"
        );
        assert!(as_delegated.is_none() || delegated.contains(name), "{name}");
        compared += 1;
    }
    assert!(compared > 12, "{compared}");
}

/// Calls of Dataverse that its description leaves out.
const NOT_DESCRIBED: &[(&str, &str)] = &[
    ("/EntityDefinitions", "the metadata of tables is a model of its own"),
    ("/{jobs}", "the product's table is known only to its environment"),
];

#[tokio::test]
async fn dataverse_has_every_path_and_property() {
    let Some(folder) = schemas() else { return };
    let model = Model::default().read(&text(&folder, "dataverse-subset.csdl.xml"));
    let mut wrong = Vec::new();
    let (mut properties, mut left_out) = (0, 0);
    for asked in every_call().await {
        let spec = asked.spec;
        if spec.service != Service::Dataverse {
            continue;
        }
        if NOT_DESCRIBED.iter().any(|(path, _)| spec.path.starts_with(path)) {
            left_out += 1;
            continue;
        }
        let Some(root) = model.end_of(spec.path) else {
            wrong.push(format!("{}: no such path", spec.path));
            continue;
        };
        let (compared, missing) = missing(&model, &root, &asked);
        properties += compared;
        wrong.extend(missing);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(properties > 50 && left_out == 4, "{properties} {left_out}");
    eprintln!(
        "Dataverse: {properties} properties compared, 0 missing; {left_out} calls not described: {NOT_DESCRIBED:?}"
    );
}

#[tokio::test]
async fn power_platform_has_every_path_option_and_property() {
    let Some(folder) = schemas() else { return };
    let described: Value = serde_json::from_str(&text(&folder, "powerplatform-subset.json")).unwrap();
    let operations = described["operations"].as_array().unwrap();
    let models = &described["models"];
    let row_of = |kind: &str| {
        kind.strip_prefix("list[")
            .and_then(|kind| kind.strip_suffix(']'))
            .map(str::to_owned)
    };
    let plain = |path: &str| path.replace("{environment-id}", "{environmentId}");
    let mut wrong = Vec::new();
    let mut compared = 0;
    for asked in every_call()
        .await
        .iter()
        .filter(|asked| asked.spec.service == Service::PowerPlatform)
    {
        let path = asked.spec.path;
        let Some(operation) = operations
            .iter()
            .find(|one| one["method"] == "GET" && plain(one["path"].as_str().unwrap()) == path)
        else {
            wrong.push(format!("{path}: no such operation"));
            continue;
        };
        let options = names(&operation["query"]);
        for option in asked
            .options
            .keys()
            .filter(|option| !options.contains(&option.as_str()))
        {
            wrong.push(format!("{path}: no option {option}"));
        }
        let page = &models[operation["returns"].as_str().unwrap()]["properties"];
        let row = ["value", "collection"]
            .iter()
            .find_map(|name| row_of(page[*name].as_str()?))
            .unwrap();
        for way in ways(asked) {
            compared += 1;
            let mut at = Some(row.clone());
            for name in &way {
                at = at.and_then(|at| Some(models[at]["properties"].get(name)?.as_str()?.to_owned()));
            }
            // The name that recorded answers have instead of `lastError`, as our type says.
            if at.is_none() && way[0] != "errorDetails" {
                wrong.push(format!("{path}: {}", way.join("/")));
            }
        }
    }
    for text in names(&models["OperationStatus"]["enum"]) {
        assert!(!matches!(known(text), OperationStatus::Other(_)), "{text}");
    }
    for text in names(&models["InstancePackageState"]["enum"]) {
        assert!(!matches!(known(text), PackageState::Other(_)), "{text}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 15, "{compared}");
    eprintln!("Power Platform: {compared} properties compared, 0 missing");
}

/// Not a comparison with Microsoft's texts, but what makes the others mean something: no call is left out of them.
#[tokio::test]
async fn every_call_of_the_crate_is_compared() {
    let asked = every_call().await;
    let known: BTreeSet<(&str, &str)> = asked.iter().map(|asked| (asked.spec.path, asked.spec.about)).collect();
    let left: Vec<&CallSpec> = calls()
        .filter(|call| !known.contains(&(call.path, call.about)))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let shapes: HashMap<&str, usize> = asked.iter().map(|asked| (asked.spec.path, asked.shape.len())).collect();
    assert_eq!(shapes["/users/{id}"], 3, "the user, its licences, their states");
    assert_eq!(
        in_filter("a eq 'b' or startswith(c,'d e') or f/g in ('h')"),
        ["a", "f/g", "c"]
    );
    assert_eq!(
        in_expand("policy($expand=rules)"),
        [vec!["policy"], vec!["policy", "rules"]]
    );
}
