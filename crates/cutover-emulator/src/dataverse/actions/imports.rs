//! Solutions are imported, at once or by a job, as an update, an upgrade, or beside the one that is there.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::solution_file::{self, Manifest};
use super::staging::{missing, staged};
use super::{Action, Body, Type, answer, optional, required};
use crate::dataverse::create::append;
use crate::dataverse::error::Refusal;
use crate::dataverse::jobs::{self, Job, WAITS, after};
use crate::dataverse::read::Request;
use crate::dataverse::solutions::{Installation, empty, solution_id};
use crate::dataverse::write::{Answer, Plan, Writing, moment, text};
use crate::later::EnvironmentChange;
use crate::state::{Environment, Row, numbers};

/// How long an import runs (assumed: minutes for a small product, an hour for a large one).
const TAKES: SignedDuration = SignedDuration::from_mins(10);
/// What the importer found, kept with the import job.
const RESULT: &str = "_emulator_result";
const PRIVILEGE: &str = "prvImportCustomization";

/// What becomes of a version that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It is overwritten.
    Update,
    /// The new one waits beside it.
    Holding,
    /// It is replaced.
    Upgrade,
}

/// The parameters that every way of importing has, and those of one way.
macro_rules! parameters {
    ($($more:expr),*) => {
        &[
            required("OverwriteUnmanagedCustomizations", Type::Boolean),
            required("PublishWorkflows", Type::Boolean),
            optional("CustomizationFile", Type::Binary),
            optional("ConvertToManaged", Type::Boolean),
            optional("SkipProductUpdateDependencies", Type::Boolean),
            optional("SkipQueueRibbonJob", Type::Boolean),
            optional("LayerDesiredOrder", Type::Complex("LayerDesiredOrder")),
            optional("AsyncRibbonProcessing", Type::Boolean),
            optional("ComponentParameters", Type::Collection("crmbaseentity")),
            optional("SolutionParameters", Type::Complex("SolutionParameters")),
            $($more,)*
        ]
    };
}

pub(super) const IMPORT: Action = Action {
    name: "ImportSolution",
    privilege: PRIVILEGE,
    parameters: parameters!(
        required("ImportJobId", Type::Guid),
        optional("HoldingSolution", Type::Boolean)
    ),
    plan: |writing, body| at_once(writing, body, way(body)).map(|(plan, _)| plan),
};

pub(super) const IMPORT_ASYNC: Action = Action {
    name: "ImportSolutionAsync",
    privilege: PRIVILEGE,
    parameters: parameters!(
        optional("ImportJobId", Type::Guid),
        optional("HoldingSolution", Type::Boolean)
    ),
    plan: |writing, body| by_job(writing, body, way(body), IMPORT_ASYNC.name, "ImportSolution"),
};

pub(super) const UPGRADE: Action = Action {
    name: "StageAndUpgrade",
    privilege: PRIVILEGE,
    parameters: parameters!(required("ImportJobId", Type::Guid)),
    plan: |writing, body| {
        let (plan, id) = at_once(writing, body, Way::Upgrade)?;
        let answer = answer(writing, UPGRADE.name, json!({"SolutionId": id}));
        Ok(Plan { answer, ..plan })
    },
};

pub(super) const UPGRADE_ASYNC: Action = Action {
    name: "StageAndUpgradeAsync",
    privilege: PRIVILEGE,
    parameters: parameters!(optional("ImportJobId", Type::Guid)),
    plan: |writing, body| by_job(writing, body, Way::Upgrade, UPGRADE_ASYNC.name, "StageAndUpgrade"),
};

fn way(body: &Body) -> Way {
    if body.flag("HoldingSolution") {
        Way::Holding
    } else {
        Way::Update
    }
}

/// The solution that a body brings or names.
fn manifest(writing: &Writing<'_>, body: &Body) -> Result<Manifest, Refusal> {
    let staged_id = body.within("SolutionParameters", "StageSolutionUploadId");
    match (body.text("CustomizationFile"), staged_id) {
        (Some(file), _) => solution_file::read(file),
        (None, Some(id)) => staged(writing, id),
        (None, None) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            0x8004_0203,
            "Required field 'CustomizationFile' is missing",
        )),
    }
}

/// What stands against an import, by code and text.
pub(super) fn judge(environment: &Environment, manifest: &Manifest, way: Way, converts: bool) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    let tables = &environment.tables;
    let Some(there) = tables.find("solutions", "uniquename", &manifest.unique_name) else {
        return found;
    };
    let publisher = tables.find("publishers", "publisherid", text(there, "_publisherid_value"));
    let publisher = publisher.map_or("", |row| text(row, "uniquename"));
    if !publisher.eq_ignore_ascii_case(&manifest.publisher.unique_name) {
        found.push((
            0x8004_801c,
            format!(
                "The following managed solution cannot be imported: {}. The publisher name cannot be changed from \
                 {publisher} to {}.",
                manifest.unique_name, manifest.publisher.unique_name
            ),
        ));
    }
    let was_managed = there.get("ismanaged").and_then(Json::as_bool) == Some(true);
    let (mode, other, code) = match (was_managed, manifest.managed) {
        (false, true) if !converts => ("an unmanaged", "managed", 0x8004_8040),
        (true, false) => ("a managed", "unmanaged", 0x8004_8041),
        _ => ("", "", 0),
    };
    if code != 0 {
        found.push((
            code,
            format!(
                "The solution is already installed on this system as {mode} solution and the package supplied is \
                 attempting to install it in {other} mode. Import can only update solutions when the modes match. \
                 Uninstall the current solution and try again."
            ),
        ));
    }
    let (old, new) = (numbers(text(there, "version")), numbers(&manifest.version));
    // Assumed: an update takes the same version once more, as long as it is no older one.
    if new < old || (new == old && way != Way::Update) {
        found.push((
            0x8004_8541,
            "The import solution must have a higher version than the existing solution it is upgrading".to_owned(),
        ));
    }
    let holding = format!("{}_Upgrade", manifest.unique_name);
    if way != Way::Update && tables.find("solutions", "uniquename", &holding).is_some() {
        // Assumed: the pages say that the holding solution must be promoted or deleted first, and name no code.
        found.push((
            0x8004_8033,
            format!(
                "The solution '{}' has a pending upgrade: '{holding}'.",
                manifest.unique_name
            ),
        ));
    }
    found
}

/// The first thing that stands against an import, dependencies included.
fn obstacle(environment: &Environment, manifest: &Manifest, way: Way, converts: bool) -> Option<(u32, String)> {
    let found = judge(environment, manifest, way, converts).into_iter().next();
    found.or_else(|| {
        let missing = missing(environment, manifest);
        let (solution, required, _) = missing.first()?;
        Some((
            0x8004_801d,
            format!(
                "The following solution cannot be imported: {}. Some dependencies are missing: '{}' of '{solution}'.",
                manifest.unique_name, required.schema_name
            ),
        ))
    })
}

/// What an import installs, at the moment it ends.
fn installation(environment: &Environment, manifest: &Manifest, way: Way, at: Timestamp) -> EnvironmentChange {
    let is_there = environment
        .tables
        .find("solutions", "uniquename", &manifest.unique_name)
        .is_some();
    // Beside nothing nothing waits: the solution is simply installed.
    let unique_name = match way {
        Way::Holding if is_there => format!("{}_Upgrade", manifest.unique_name),
        _ => manifest.unique_name.clone(),
    };
    EnvironmentChange::Solution(Box::new(Installation {
        unique_name,
        friendly_name: manifest.friendly_name.clone(),
        description: manifest.description.clone(),
        version: manifest.version.clone(),
        managed: manifest.managed,
        publisher: manifest.publisher.unique_name.clone(),
        publisher_name: manifest.publisher.friendly_name.clone(),
        prefix: manifest.publisher.prefix.clone(),
        option_value_prefix: manifest.publisher.option_value_prefix,
        at,
    }))
}

/// The id of the import job: the client's own, or a new one.
fn import_job_id(writing: &Writing<'_>, body: &Body) -> Result<String, Refusal> {
    let Some(given) = body.text("ImportJobId") else {
        return Ok(writing.new_id("importjob"));
    };
    let tables = &writing.environment().tables;
    if tables.find("importjobs", "importjobid", given).is_some() {
        return Err(Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            0x8004_0237,
            "Cannot insert duplicate key.",
        ));
    }
    Ok(given.to_ascii_lowercase())
}

/// The row of an import job that begins at a moment.
fn import_job(writing: &Writing<'_>, id: &str, manifest: &Manifest, begins: Timestamp, told: Json) -> Row {
    let user = &writing.request.principal.id;
    let mut row = empty("importjob");
    for (column, value) in [
        ("importjobid", json!(id)),
        ("name", json!("Customizations")),
        ("solutionname", json!(manifest.unique_name)),
        ("progress", json!(0.0)),
        ("startedon", json!(moment(begins))),
        ("createdon", json!(moment(begins))),
        ("modifiedon", json!(moment(begins))),
        ("_createdby_value", json!(user)),
        ("_modifiedby_value", json!(user)),
        ("_organizationid_value", json!(writing.environment().organization_id)),
        (RESULT, told),
    ] {
        row.insert(column.to_owned(), value);
    }
    row
}

/// What an import job says when it has ended.
fn ended(manifest: &Manifest, at: Timestamp, error: Option<&str>) -> Json {
    let progress = if error.is_some() { 50.0 } else { 100.0 };
    json!({
        "progress": progress, "completedon": moment(at), "modifiedon": moment(at),
        "data": data(manifest, error),
    })
}

/// One result element a part, as the description of the column `data` has it.
fn data(manifest: &Manifest, error: Option<&str>) -> String {
    let result = match error {
        None => "<result result=\"success\" errorcode=\"0\" errortext=\"\"/>".to_owned(),
        Some(text) => format!("<result result=\"failure\" errortext=\"{}\"/>", escaped(text)),
    };
    format!(
        "<importexportxml><solutionManifests><solutionManifest id=\"{0}\" LocalizedName=\"{1}\">{result}\
         </solutionManifest></solutionManifests></importexportxml>",
        escaped(&manifest.unique_name),
        escaped(&manifest.friendly_name)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What `RetrieveSolutionImportResult` will tell.
fn told(environment: &Environment, manifest: &Manifest, error: Option<&str>) -> Json {
    let ignored: Vec<String> = manifest
        .languages
        .iter()
        .filter(|language| !environment.languages.contains(language))
        .map(ToString::to_string)
        .collect();
    let mut warnings = Vec::new();
    if !ignored.is_empty() && error.is_none() {
        warnings.push(format!(
            "0x80048026: Translated labels for the following languages could not be imported because they have not \
             been enabled for this organization: {}.",
            ignored.join(", ")
        ));
    }
    json!({"warnings": warnings, "errors": Vec::from_iter(error)})
}

fn at_once(writing: &Writing<'_>, body: &Body, way: Way) -> Result<(Plan, String), Refusal> {
    let environment = writing.environment();
    let manifest = manifest(writing, body)?;
    let id = import_job_id(writing, body)?;
    jobs::one_at_a_time(writing, "Import")?;
    if let Some((code, message)) = obstacle(environment, &manifest, way, body.flag("ConvertToManaged")) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, code, message));
    }
    let mut row = import_job(writing, &id, &manifest, writing.now, told(environment, &manifest, None));
    if let Json::Object(ended) = ended(&manifest, writing.now, None) {
        row.extend(ended);
    }
    let table = writing
        .request
        .view
        .schema
        .named("importjob")
        .ok_or_else(|| Refusal::no_resource("importjobs"))?;
    let changes = vec![
        append(environment, table, row),
        installation(environment, &manifest, way, writing.now),
    ];
    let solution = solution_id(environment, &manifest.unique_name);
    Ok((Plan::of(changes, Answer::Nothing), solution))
}

fn by_job(writing: &Writing<'_>, body: &Body, way: Way, message: &str, name: &str) -> Result<Plan, Refusal> {
    let environment = writing.environment();
    let manifest = manifest(writing, body)?;
    let id = import_job_id(writing, body)?;
    jobs::one_at_a_time(writing, "Import")?;
    let obstacle = obstacle(environment, &manifest, way, body.flag("ConvertToManaged"));
    let job = Job {
        name,
        message,
        operation_type: 54,
        takes: TAKES,
        fails: obstacle.as_ref().map(|(code, text)| (*code, text.as_str())),
    };
    let started = jobs::start(writing, job).ok_or_else(|| Refusal::no_resource("asyncoperations"))?;
    let (begins, ends) = (after(writing.now, WAITS), job.ends(writing.now));
    let table = writing
        .request
        .view
        .schema
        .named("importjob")
        .ok_or_else(|| Refusal::no_resource("importjobs"))?;
    let error = job.fails.map(|(_, text)| text);
    let row = import_job(writing, &id, &manifest, begins, told(environment, &manifest, error));
    let mut later = started.later;
    // The row of the import comes a little later than the answer.
    later.push((begins, append(environment, table, row)));
    let set = |at: Timestamp, properties: Json| (at, jobs::set("importjobs", "importjobid", &id, properties));
    for quarter in 1..=if error.is_some() { 2 } else { 3 } {
        let at = after(begins, TAKES / 4 * quarter);
        later.push(set(
            at,
            json!({"progress": f64::from(quarter) * 25.0, "modifiedon": moment(at)}),
        ));
    }
    if error.is_none() {
        later.push((ends, installation(environment, &manifest, way, ends)));
    }
    later.push(set(ends, ended(&manifest, ends, error)));
    Ok(Plan {
        now: vec![started.row],
        later,
        answer: answer(
            writing,
            message,
            json!({"ImportJobKey": id, "AsyncOperationId": started.id}),
        ),
    })
}

/// What `RetrieveSolutionImportResult` answers of an import that has ended.
pub(in crate::dataverse) fn result(request: &Request<'_>, id: &str) -> Result<Json, Refusal> {
    let tables = &request.view.environment.tables;
    let job = tables.find("importjobs", "importjobid", id);
    let job = job.filter(|job| !text(job, "completedon").is_empty()).ok_or_else(|| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            0x8004_4252,
            format!("The requested importjob does not exist, or has not ended: {id}."),
        )
    })?;
    let told = |name: &str| {
        job.get(RESULT)
            .and_then(|told| told.get(name))
            .cloned()
            .unwrap_or(json!([]))
    };
    let errors = told("errors");
    let failed = errors.as_array().is_some_and(|errors| !errors.is_empty());
    Ok(json!({"SolutionOperationResult": {
        "Type": "Import",
        "Status": if failed { "Failed" } else { "Passed" },
        "WarningMessages": told("warnings"),
        "ErrorMessages": errors,
        "FormattedResults": format!(
            "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook \
             xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table><Row><Cell><Data>{}</Data></Cell>\
             <Cell><Data>{}</Data></Cell></Row></Table></Worksheet></Workbook>",
            escaped(text(job, "solutionname")),
            if failed { "Failure" } else { "Success" }
        ),
        "ActionLink": {"Label": null, "Target": null},
    }}))
}
