//! Solutions are imported, at once or by a job, as an update, an upgrade, or beside the one that is there.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::solution_file::{self, Manifest};
use super::staging::{missing, staged};
use super::{Action, Body, Type, answer, optional, required};
use crate::dataverse::error::Refusal;
use crate::dataverse::import_job::Import;
use crate::dataverse::jobs::{self, Job, WAITS, after};
use crate::dataverse::solutions::{Installation, solution_id};
use crate::dataverse::write::{Answer, Plan, Writing, text};
use crate::faults::{Failure, Service};
use crate::later::EnvironmentChange;
use crate::state::{Environment, SolutionOperation, SolutionOperationKind, numbers};

/// How long an import runs (assumed: minutes for a small product, an hour for a large one).
const TAKES: SignedDuration = SignedDuration::from_mins(10);
/// The first platform that has the one-step upgrade (*StageAndUpgrade*).
const UPGRADES_IN_ONE_STEP: &str = "9.2.21013.131";
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
        is_known(writing, UPGRADE.name)?;
        let (plan, id) = at_once(writing, body, Way::Upgrade)?;
        let answer = match plan.answer {
            Answer::Reply(refused) => Answer::Reply(refused),
            _ => answer(writing, UPGRADE.name, json!({"SolutionId": id})),
        };
        Ok(Plan { answer, ..plan })
    },
};

pub(super) const UPGRADE_ASYNC: Action = Action {
    name: "StageAndUpgradeAsync",
    privilege: PRIVILEGE,
    parameters: parameters!(optional("ImportJobId", Type::Guid)),
    plan: |writing, body| {
        is_known(writing, UPGRADE_ASYNC.name)?;
        by_job(writing, body, Way::Upgrade, UPGRADE_ASYNC.name, "StageAndUpgrade")
    },
};

/// Refuses an action that the platform is too old for, as one that it does not know (assumed).
fn is_known(writing: &Writing<'_>, action: &str) -> Result<(), Refusal> {
    if numbers(&writing.environment().version) >= numbers(UPGRADES_IN_ONE_STEP) {
        return Ok(());
    }
    Err(Refusal::no_resource(action))
}

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

/// What is told of languages that the organization has not: their labels are left out.
fn warnings(environment: &Environment, manifest: &Manifest) -> Vec<String> {
    let ignored: Vec<String> = manifest
        .languages
        .iter()
        .filter(|language| !environment.languages.contains(language))
        .map(ToString::to_string)
        .collect();
    let told = (!ignored.is_empty()).then(|| {
        format!(
            "0x80048026: Translated labels for the following languages could not be imported because they have not \
             been enabled for this organization: {}.",
            ignored.join(", ")
        )
    });
    told.into_iter().collect()
}

/// How an import that nothing stands against fails all the same: a promotion only fails where there is one.
fn failure(writing: &Writing<'_>, way: Way) -> Option<Failure> {
    let failure = writing.faults.failure(Service::Dataverse, writing.request.call);
    failure.filter(|failure| way == Way::Upgrade || !failure.is_of_promotion())
}

/// What an import leaves behind that failed: the new version beside the old one, or nothing.
fn left_behind(
    writing: &Writing<'_>,
    manifest: &Manifest,
    way: Way,
    failure: &Failure,
    at: Timestamp,
) -> Option<EnvironmentChange> {
    let stays = failure.is_of_promotion() || writing.state.assumed.failed_import_leaves_holding;
    (stays && way != Way::Update).then(|| installation(writing.environment(), manifest, Way::Holding, at))
}

/// The operation as the log counts it.
fn begun(
    writing: &Writing<'_>,
    id: &str,
    manifest: &Manifest,
    way: Way,
    ends: Timestamp,
    error: Option<&str>,
) -> EnvironmentChange {
    EnvironmentChange::Begun(SolutionOperation {
        id: id.to_owned(),
        kind: match way {
            Way::Update => SolutionOperationKind::Import,
            Way::Holding => SolutionOperationKind::HoldingImport,
            Way::Upgrade => SolutionOperationKind::Upgrade,
        },
        name: manifest.unique_name.clone(),
        version: manifest.version.clone(),
        begun: writing.now,
        ends,
        error: error.map(str::to_owned),
    })
}

fn at_once(writing: &Writing<'_>, body: &Body, way: Way) -> Result<(Plan, String), Refusal> {
    let environment = writing.environment();
    let manifest = manifest(writing, body)?;
    let id = import_job_id(writing, body)?;
    jobs::one_at_a_time(writing, "Import")?;
    if let Some((code, message)) = obstacle(environment, &manifest, way, body.flag("ConvertToManaged")) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, code, message));
    }
    let failure = failure(writing, way);
    let import = Import {
        id: &id,
        solution: &manifest.unique_name,
        friendly_name: &manifest.friendly_name,
        user: Some(&writing.request.principal.id),
        begins: writing.now,
        ends: writing.now,
        failure: failure
            .as_ref()
            .filter(|failure| !failure.is_of_promotion())
            .map(|failure| (failure.percent, failure.message.as_str())),
        warnings: warnings(environment, &manifest),
    };
    let error = failure.as_ref().map(|failure| failure.message.as_str());
    let mut changes = vec![begun(writing, &id, &manifest, way, writing.now, error)];
    changes.extend(import.at_once(environment));
    let solution = solution_id(environment, &manifest.unique_name);
    let answer = match &failure {
        None => {
            changes.push(installation(environment, &manifest, way, writing.now));
            Answer::Nothing
        }
        Some(failure) => {
            changes.extend(left_behind(writing, &manifest, way, failure, writing.now));
            let refusal = Refusal::new(StatusCode::BAD_REQUEST, failure.code, failure.message.clone());
            Answer::Reply(refusal.reply(writing.request.preferences))
        }
    };
    Ok((Plan::of(changes, answer), solution))
}

fn by_job(writing: &Writing<'_>, body: &Body, way: Way, message: &str, name: &str) -> Result<Plan, Refusal> {
    let environment = writing.environment();
    let manifest = manifest(writing, body)?;
    let id = import_job_id(writing, body)?;
    jobs::one_at_a_time(writing, "Import")?;
    let obstacle = obstacle(environment, &manifest, way, body.flag("ConvertToManaged"));
    let failure = match obstacle {
        Some((code, message)) => Some(Failure {
            code,
            message,
            percent: 50,
        }),
        None => failure(writing, way),
    };
    let job = Job {
        name,
        message,
        operation_type: 54,
        takes: TAKES,
        fails: failure.as_ref().map(|failure| (failure.code, failure.message.as_str())),
    };
    let started = jobs::start(writing, job).ok_or_else(|| Refusal::no_resource("asyncoperations"))?;
    let ends = job.ends(writing.now);
    let import = Import {
        id: &id,
        solution: &manifest.unique_name,
        friendly_name: &manifest.friendly_name,
        user: Some(&writing.request.principal.id),
        // The row of the import comes a little later than the answer.
        begins: after(writing.now, WAITS),
        ends,
        failure: failure
            .as_ref()
            .filter(|failure| !failure.is_of_promotion())
            .map(|failure| (failure.percent, failure.message.as_str())),
        warnings: warnings(environment, &manifest),
    };
    let mut later = started.later;
    later.extend(import.later(environment));
    let at_the_end = match &failure {
        None => Some(installation(environment, &manifest, way, ends)),
        Some(failure) => left_behind(writing, &manifest, way, failure, ends),
    };
    later.extend(at_the_end.map(|change| (ends, change)));
    let error = job.fails.map(|(_, text)| text);
    Ok(Plan {
        now: vec![begun(writing, &started.id, &manifest, way, ends, error), started.row],
        later,
        answer: answer(
            writing,
            message,
            json!({"ImportJobKey": id, "AsyncOperationId": started.id}),
        ),
    })
}
