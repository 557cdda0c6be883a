//! Imports of solutions.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, literal};
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static OPEN: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/importjobs",
    "imports that have not ended",
    &permissions::IMPORT_JOB,
);

pub(super) static ONE: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/importjobs({importjobid})",
    "how far one import is",
    &permissions::IMPORT_JOB,
);

pub(super) static NEWEST: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Newest,
    "/importjobs",
    "the newest imports of one solution",
    &permissions::IMPORT_JOB,
);

pub(super) static RESULT: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/RetrieveSolutionImportResult(ImportJobId={importjobid})",
    "how an import ended, with its warnings and errors",
    &permissions::IMPORT_JOB,
);

pub(super) static LOG: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/importjobs({importjobid})",
    "what an import did with each component",
    &permissions::IMPORT_JOB,
);

/// An import (table `importjob`). Its report, a large document, is left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImportJob {
    /// Its id.
    pub importjobid: Uuid,
    /// The solution.
    pub solutionname: Option<String>,
    /// 0 to 100.
    pub progress: Option<f64>,
    /// Since when.
    pub startedon: Option<Timestamp>,
    /// When it ended, well or not; `None` while it runs, or where it was not asked for.
    #[serde(default)]
    pub completedon: Option<Timestamp>,
}

/// What an import did with each component (table `importjob`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImportLog {
    /// XML, often large; `None` while the import runs.
    pub data: Option<String>,
}

/// The answer of `RetrieveSolutionImportResult`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ImportResultAnswer {
    /// How it ended.
    #[serde(rename = "SolutionOperationResult")]
    pub result: ImportResult,
}

/// How an import ended (`SolutionOperationResult`). Its report, a spreadsheet, is left out.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImportResult {
    /// `Passed` or `Failed`.
    pub status: Option<String>,
    /// What was left out or done otherwise, for people.
    #[serde(default)]
    pub warning_messages: Vec<String>,
    /// What it failed for, for people.
    #[serde(default)]
    pub error_messages: Vec<String>,
}

/// Imports that have not ended.
pub fn open() -> Read<Vec<ImportJob>, Home> {
    let address = Address::path(OPEN.path)
        .select("importjobid,solutionname,progress,startedon")
        .filter("completedon eq null");
    Read::new(&OPEN, address)
}

/// One import. Its row comes some seconds after the answer that names it.
pub fn import(id: Uuid) -> Read<ImportJob, Home> {
    let address =
        Address::path(format!("/importjobs({id})")).select("importjobid,solutionname,progress,startedon,completedon");
    Read::new(&ONE, address)
}

/// What an import did with each component. Large: asked for once, when it has ended.
pub fn log(id: Uuid) -> Read<ImportLog, Home> {
    Read::new(&LOG, Address::path(format!("/importjobs({id})")).select("data"))
}

/// The newest imports of a solution, ended ones too.
pub fn newest(solution: &str, most: u16) -> Read<Vec<ImportJob>, Home> {
    let address = Address::path(NEWEST.path)
        .select("importjobid,solutionname,progress,startedon,completedon")
        .filter(&format!("solutionname eq {}", literal(solution)))
        .option("$orderby", "startedon desc");
    Read::new(&NEWEST, address).newest(most)
}

/// How an import ended; refused while it runs.
pub fn result(id: Uuid) -> Read<ImportResultAnswer, Home> {
    Read::new(
        &RESULT,
        Address::path(format!("/RetrieveSolutionImportResult(ImportJobId={id})")),
    )
}
