//! What is kept of an import that has ended: what it says of itself, and its log of components as Dataverse holds it.
//!
//! It is read while the rights to read it are there: after the run, what was lent for that is back.

use cutover_clients::dataverse::import_jobs::{self, ImportJob, ImportResult};
use cutover_core::reading::import_messages::meaning;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::Found;
use super::site::Site;

/// The form of a record.
const FORMAT: &str = "cutover-import/1";

#[derive(Serialize)]
struct Record<'r> {
    format: &'static str,
    import: Uuid,
    solution: Option<&'r str>,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    /// `Passed` or `Failed`.
    status: Option<&'r str>,
    warnings: Vec<Warning<'r>>,
    errors: &'r [String],
    log: Log,
}

#[derive(Serialize)]
struct Warning<'r> {
    said: &'r str,
    means: &'static str,
}

/// Where the log of components is, or why it is nowhere.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Log {
    File(String),
    NotRead(String),
}

/// Has it kept with the run, once. That the log cannot be read is noted there, and hinders nothing.
pub(super) async fn keep(site: &Site, job: &ImportJob, result: &ImportResult) {
    let id = job.importjobid;
    let name = format!("imports/{id}.json");
    if site.has_found(&name) {
        return;
    }
    let log = match site.ask(import_jobs::log(id)).await {
        Ok(import_jobs::ImportLog { data: Some(data) }) => {
            let file = format!("imports/{id}.xml");
            site.found(Found {
                name: file.clone(),
                text: data,
            });
            Log::File(file)
        }
        Ok(import_jobs::ImportLog { data: None }) => Log::NotRead("Dataverse keeps none".to_owned()),
        Err(unread) => Log::NotRead(unread.failure().to_string()),
    };
    let unknown = "nothing is known of it but its own words: ask the vendor of the solution";
    let warnings = result.warning_messages.iter();
    let record = Record {
        format: FORMAT,
        import: id,
        solution: job.solutionname.as_deref(),
        started: job.startedon,
        ended: job.completedon,
        status: result.status.as_deref(),
        warnings: warnings
            .map(|said| Warning {
                said,
                means: meaning(said).unwrap_or(unknown),
            })
            .collect(),
        errors: &result.error_messages,
        log,
    };
    // Texts, moments and an id always become JSON.
    let text = serde_json::to_string_pretty(&record).unwrap_or_default() + "\n";
    site.found(Found { name, text });
}
