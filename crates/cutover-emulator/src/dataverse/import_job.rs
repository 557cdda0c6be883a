//! Import jobs: how far the import of a solution is, and what the importer found (*Solution history*, *ImportJob*).

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::create::append;
use super::error::Refusal;
use super::jobs::{after, set};
use super::read::Request;
use super::solutions::empty;
use super::tables::TABLES;
use super::write::{moment, text};
use crate::later::EnvironmentChange;
use crate::state::{Environment, Row};

/// What the importer found, kept with the import job.
const RESULT: &str = "_emulator_result";

/// An import of a solution.
pub(crate) struct Import<'i> {
    /// `importjobid`
    pub(crate) id: &'i str,
    /// Unique name of the solution.
    pub(crate) solution: &'i str,
    /// Name of it that people see.
    pub(crate) friendly_name: &'i str,
    /// `systemuserid` of who imports it; none where the control plane does.
    pub(crate) user: Option<&'i str>,
    pub(crate) begins: Timestamp,
    pub(crate) ends: Timestamp,
    /// How far of 100 it comes, and why no further.
    pub(crate) failure: Option<(u16, &'i str)>,
    pub(crate) warnings: Vec<String>,
}

impl Import<'_> {
    /// The row of an import that has ended already.
    pub(crate) fn at_once(&self, environment: &Environment) -> Option<EnvironmentChange> {
        let mut row = self.row(environment);
        if let Json::Object(ended) = self.ended() {
            row.extend(ended);
        }
        Self::appended(environment, row)
    }

    /// The row, which comes when the import begins, and how it goes on: its progress is told by quarters (assumed).
    pub(crate) fn later(&self, environment: &Environment) -> Vec<(Timestamp, EnvironmentChange)> {
        let mut later: Vec<(Timestamp, EnvironmentChange)> = Vec::new();
        later.extend(Self::appended(environment, self.row(environment)).map(|row| (self.begins, row)));
        let reached = self.failure.map_or(75, |(percent, _)| percent.min(75));
        let quarter = SignedDuration::from_secs(self.ends.duration_since(self.begins).as_secs() / 4);
        for passed in (1..=3_u16).take_while(|passed| passed * 25 <= reached) {
            let at = after(self.begins, quarter * i32::from(passed));
            let told = json!({"progress": f64::from(passed) * 25.0, "modifiedon": moment(at)});
            later.push((at, set("importjobs", "importjobid", self.id, told)));
        }
        later.push((self.ends, set("importjobs", "importjobid", self.id, self.ended())));
        later
    }

    fn appended(environment: &Environment, row: Row) -> Option<EnvironmentChange> {
        let table = TABLES.iter().find(|table| table.logical_name == "importjob")?;
        Some(append(environment, table, row))
    }

    fn row(&self, environment: &Environment) -> Row {
        let begins = moment(self.begins);
        let mut row = empty("importjob");
        for (column, value) in [
            ("importjobid", json!(self.id)),
            ("name", json!("Customizations")),
            ("solutionname", json!(self.solution)),
            ("progress", json!(0.0)),
            ("startedon", json!(begins)),
            ("createdon", json!(begins)),
            ("modifiedon", json!(begins)),
            ("_createdby_value", json!(self.user)),
            ("_modifiedby_value", json!(self.user)),
            ("_organizationid_value", json!(environment.organization_id)),
            (
                RESULT,
                json!({"warnings": self.warnings, "errors": Vec::from_iter(self.failure.map(|(_, text)| text))}),
            ),
        ] {
            row.insert(column.to_owned(), value);
        }
        row
    }

    /// What the row says when the import has ended.
    fn ended(&self) -> Json {
        json!({
            "progress": self.failure.map_or(100.0, |(percent, _)| f64::from(percent)),
            "completedon": moment(self.ends), "modifiedon": moment(self.ends), "data": self.data(),
        })
    }

    /// One result element a part, as the description of the column `data` has it.
    fn data(&self) -> String {
        let result = match self.failure {
            None => "<result result=\"success\" errorcode=\"0\" errortext=\"\"/>".to_owned(),
            Some((_, text)) => format!("<result result=\"failure\" errortext=\"{}\"/>", escaped(text)),
        };
        format!(
            "<importexportxml><solutionManifests><solutionManifest id=\"{0}\" LocalizedName=\"{1}\">{result}\
             </solutionManifest></solutionManifests></importexportxml>",
            escaped(self.solution),
            escaped(self.friendly_name)
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What `RetrieveSolutionImportResult` answers of an import that has ended.
pub(super) fn result(request: &Request<'_>, id: &str) -> Result<Json, Refusal> {
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
