//! Bringing a solution in: staged, imported, promoted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::odata::Address;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static STAGE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/StageSolution",
    "has a solution file looked at, without installing it",
    &permissions::IMPORT_SOLUTION,
);

pub(super) static UPGRADE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/StageAndUpgradeAsync",
    "begins to upgrade a solution in one step",
    &permissions::IMPORT_SOLUTION,
);

pub(super) static IMPORT: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/ImportSolutionAsync",
    "begins to import a solution, beside the installed version",
    &permissions::IMPORT_SOLUTION,
);

pub(super) static PROMOTE: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/DeleteAndPromoteAsync",
    "begins to put what is held beside a solution in its place",
    &permissions::IMPORT_SOLUTION,
);

/// The answer of `StageSolution`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct StageAnswer {
    /// What was found.
    #[serde(rename = "StageSolutionResults")]
    pub results: Staged,
}

/// What staging found (`StageSolutionResults`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Staged {
    /// `Passed` or `Failed`.
    #[serde(rename = "StageSolutionStatus")]
    pub status: Option<String>,
    /// What the file is, and what is there.
    pub solution_details: Option<StagedDetails>,
    /// What it needs and nobody has brought.
    #[serde(default)]
    pub missing_dependencies: Vec<MissingDependency>,
    /// What stands against it.
    #[serde(default)]
    pub solution_validation_results: Vec<ValidationResult>,
}

/// What a staged file is, and what is there (`SolutionDetails`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StagedDetails {
    /// Unique name.
    pub solution_unique_name: Option<String>,
    /// Its version.
    pub solution_version: Option<String>,
    /// The version that is there.
    pub previous_solution_version: Option<String>,
    /// Whether it is managed.
    pub is_managed: Option<bool>,
    /// Whether an upgrade of it waits to be finished.
    pub has_pending_upgrade: Option<bool>,
}

/// A part of another solution that is needed and not there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MissingDependency {
    /// Which part.
    pub required_component_schema_name: Option<String>,
    /// Of which solution.
    pub required_solution_name: Option<String>,
    /// What needs it.
    pub dependent_component_schema_name: Option<String>,
}

/// Something that stands against an import (`SolutionValidationResult`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ValidationResult {
    /// `Error` or another kind.
    pub solution_validation_result_type: Option<String>,
    /// Signed number of the error.
    pub error_code: Option<i64>,
    /// In words.
    pub message: Option<String>,
}

fn action(spec: &'static CallSpec, body: Value) -> Write<Home> {
    Write::new(spec, Address::path(spec.path)).with(body)
}

/// What every way of importing is told: nothing unmanaged is overwritten, processes are switched on, and the import is named by
/// the client.
fn importing(file: &[u8], job: Uuid) -> Map<String, Value> {
    Map::from_iter([
        ("OverwriteUnmanagedCustomizations".to_owned(), json!(false)),
        ("PublishWorkflows".to_owned(), json!(true)),
        ("CustomizationFile".to_owned(), json!(STANDARD.encode(file))),
        ("ImportJobId".to_owned(), json!(job)),
    ])
}

/// Has a solution file looked at; answers with a [`StageAnswer`]. Nothing is installed by it.
pub fn stage(file: &[u8]) -> Write<Home> {
    action(&STAGE, json!({"CustomizationFile": STANDARD.encode(file)}))
}

/// Begins to upgrade a solution in one step; the import is named `job`.
pub fn upgrade(file: &[u8], job: Uuid) -> Write<Home> {
    action(&UPGRADE, importing(file, job).into())
}

/// Begins to import a solution beside the installed version; the import is named `job`.
pub fn import_beside(file: &[u8], job: Uuid) -> Write<Home> {
    let mut body = importing(file, job);
    body.insert("HoldingSolution".to_owned(), json!(true));
    action(&IMPORT, body.into())
}

/// Begins to put what is held beside a solution in its place.
pub fn promote(unique_name: &str) -> Write<Home> {
    action(&PROMOTE, json!({"UniqueName": unique_name}))
}
