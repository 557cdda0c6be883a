//! A solution file is staged: looked at, kept for an import, and nothing else (*StageSolution*).

use http::StatusCode;
use serde_json::{Value as Json, json};

use super::imports::{Way, judge};
use super::solution_file::{self, Component, Manifest};
use super::{Action, Type, answer, required};
use crate::dataverse::error::Refusal;
use crate::dataverse::write::{Plan, Writing, key, text};
use crate::later::{EnvironmentChange, TableChange};
use crate::state::{Environment, Row, numbers};

/// Where staged solutions lie; the table of that name is not one that clients are shown.
const UPLOADS: &str = "stagesolutionuploads";
const UPLOAD_ID: &str = "stagesolutionuploadid";
const MANIFEST: &str = "_emulator_manifest";

pub(super) const STAGE: Action = Action {
    name: "StageSolution",
    privilege: "prvImportCustomization",
    parameters: &[required("CustomizationFile", Type::Binary)],
    plan: |writing, body| {
        let manifest = solution_file::read(body.text("CustomizationFile").unwrap_or_default())?;
        let id = writing.new_id(UPLOADS);
        let kept = serde_json::to_value(&manifest).unwrap_or_default();
        let row = Row::from_iter([(UPLOAD_ID.to_owned(), json!(id)), (MANIFEST.to_owned(), kept)]);
        let keep = EnvironmentChange::Tables(TableChange::Insert {
            set: UPLOADS.to_owned(),
            key: key(UPLOAD_ID, &id),
            row,
            after: None,
        });
        let results = results(writing.environment(), &manifest, &id);
        let answer = answer(writing, STAGE.name, json!({"StageSolutionResults": results}));
        Ok(Plan::of(vec![keep], answer))
    },
};

/// The solution that was staged under an id.
pub(super) fn staged(writing: &Writing<'_>, id: &str) -> Result<Manifest, Refusal> {
    let row = writing.environment().tables.find(UPLOADS, UPLOAD_ID, id);
    let kept = row.and_then(|row| row.get(MANIFEST));
    kept.and_then(|kept| serde_json::from_value(kept.clone()).ok())
        .ok_or_else(|| {
            Refusal::new(
                StatusCode::NOT_FOUND,
                0x8004_0217,
                format!("Entity 'StageSolutionUpload' With Id = {id} Does Not Exist"),
            )
        })
}

fn results(environment: &Environment, manifest: &Manifest, id: &str) -> Json {
    let missing = missing(environment, manifest);
    // What an import would do with a version that is there already depends on the way it is imported, which staging
    // does not know; so only what every way refuses counts here.
    let findings = judge(environment, manifest, Way::Update, false);
    let failed = !findings.is_empty() || !missing.is_empty();
    let tables = &environment.tables;
    let previous = tables.find("solutions", "uniquename", &manifest.unique_name);
    let publisher = previous.and_then(|row| {
        let id = row.get("_publisherid_value")?.as_str()?;
        tables.find("publishers", "publisherid", id)
    });
    let column = |row: Option<&Row>, name: &str| row.and_then(|row| row.get(name)).cloned().unwrap_or_default();
    let pending = format!("{}_Upgrade", manifest.unique_name);
    let validation: Vec<Json> = findings
        .iter()
        .map(|(code, message)| {
            json!({
                "SolutionValidationResultType": "Error", "ErrorCode": code.cast_signed(),
                "Message": message, "AdditionalInfo": "",
            })
        })
        .collect();
    let missing: Vec<Json> = missing
        .iter()
        .map(|(solution, required, dependent)| {
            json!({
                "RequiredSolutionName": solution,
                "RequiredComponentSchemaName": required.schema_name,
                "RequiredComponentDisplayName": required.display_name,
                "RequiredComponentId": required.id, "RequiredComponentType": required.kind,
                "DependentComponentSchemaName": dependent.schema_name,
                "DependentComponentDisplayName": dependent.display_name,
                "DependentComponentId": dependent.id, "DependentComponentType": dependent.kind,
            })
        })
        .collect();
    json!({
        "StageSolutionUploadId": id,
        "StageSolutionStatus": if failed { "Failed" } else { "Passed" },
        "SolutionComponentsDetails": components(environment, manifest),
        "SolutionDetails": {
            "SolutionUniqueName": manifest.unique_name,
            "SolutionFriendlyName": manifest.friendly_name,
            "SolutionDescription": manifest.description,
            "PublisherUniqueName": manifest.publisher.unique_name,
            "PublisherFriendlyName": manifest.publisher.friendly_name,
            "PreviousSolutionUniqueName": column(previous, "uniquename"),
            "PreviousSolutionFriendlyName": column(previous, "friendlyname"),
            "PreviousPublisherUniqueName": column(publisher, "uniquename"),
            "PreviousPublisherFriendlyName": column(publisher, "friendlyname"),
            "IsPatchSolution": manifest.patch,
            "IsManaged": manifest.managed,
            "PreviousIsManaged": previous.is_some_and(|row| row.get("ismanaged").and_then(Json::as_bool) == Some(true)),
            "SolutionVersion": manifest.version,
            "PreviousSolutionVersion": column(previous, "version"),
            "PreviousPatchSolutionsNames": [],
            "IsPrerequisitesExport": false,
            "HasPendingUpgrade": tables.find("solutions", "uniquename", &pending).is_some(),
        },
        "MissingDependencies": missing,
        "SolutionValidationResults": validation,
    })
}

/// The solution itself and its tables, as a recorded answer lists them; other kinds of parts are left out.
fn components(environment: &Environment, manifest: &Manifest) -> Vec<Json> {
    let details = |name: &str, kind: &str, present: &str, attributes: &[(&str, &str)]| {
        let (keys, values): (Vec<_>, Vec<_>) = attributes.iter().copied().unzip();
        json!({
            "ComponentName": name, "ComponentTypeName": kind, "IsPresentInOrg": present,
            "Attributes": {"Count": attributes.len(), "Keys": keys, "Values": values},
        })
    };
    let own = [
        ("localizedname", manifest.friendly_name.as_str()),
        ("description", manifest.description.as_str()),
    ];
    let mut all = vec![details(&manifest.friendly_name, "solution", "Unknown", &own)];
    let definitions = environment.tables.rows("EntityDefinitions");
    for table in &manifest.tables {
        let is_there = |row: &Row| text(row, "LogicalName").eq_ignore_ascii_case(table);
        let present = if definitions.iter().any(is_there) {
            "True"
        } else {
            "False"
        };
        all.push(details(table, "entity", present, &[("name", table)]));
    }
    all
}

/// Parts of other solutions that are not installed: the solution, its part, and the own part that needs it.
pub(super) fn missing<'m>(
    environment: &Environment,
    manifest: &'m Manifest,
) -> Vec<(&'m str, &'m Component, &'m Component)> {
    /// Solutions that every organization is made of.
    const ALWAYS_THERE: [&str; 4] = ["", "Active", "System", "Default"];
    let requirements = manifest.requirements.iter();
    requirements
        .filter_map(|requirement| {
            // `msdynce_Sales (9.0.1.2)`; that an older version lacks the part is assumed.
            let (name, version) = requirement
                .solution
                .split_once(" (")
                .unwrap_or((&requirement.solution, ""));
            let (name, version) = (name.trim(), version.trim_end_matches(')'));
            let there = environment.tables.find("solutions", "uniquename", name);
            let is_there = ALWAYS_THERE.contains(&name)
                || there.is_some_and(|row| numbers(text(row, "version")) >= numbers(version));
            (!is_there).then_some((name, &requirement.required, &requirement.dependent))
        })
        .collect()
}
