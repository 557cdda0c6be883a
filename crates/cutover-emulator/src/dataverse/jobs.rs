//! System jobs: what an action starts and time finishes.
//!
//! A job waits, runs and ends by itself as the clock goes on. How long each takes is told by no document and differs
//! from organization to organization; the figures of the actions are assumed. Dataverse runs one solution operation at
//! a time (*Solution concurrency failures*).

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::create::append;
use super::error::Refusal;
use super::write::{Writing, key, moment, text};
use crate::later::{EnvironmentChange, TableChange};
use crate::state::{Environment, Row};

/// Between the request and the moment when a job runs (assumed).
pub(super) const WAITS: SignedDuration = SignedDuration::from_secs(5);
/// `statecode` of a job that has ended.
const COMPLETED: i64 = 3;
/// `operationtype` of jobs that a message name tells apart.
const EXECUTE_ASYNC: i64 = 54;

/// A job to be started.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job<'j> {
    /// `name`
    pub(super) name: &'j str,
    /// `messagename`
    pub(super) message: &'j str,
    /// `operationtype`
    pub(super) operation_type: i64,
    /// How long it runs.
    pub(super) takes: SignedDuration,
    /// How it fails, if it does: code and text.
    pub(super) fails: Option<(u32, &'j str)>,
}

impl Job<'_> {
    /// When it ends.
    pub(super) fn ends(&self, now: Timestamp) -> Timestamp {
        after(now, WAITS.saturating_add(self.takes))
    }
}

/// A later moment; one beyond the end of time is the end of time.
pub(super) fn after(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// A job that was started.
pub(super) struct Started {
    /// `asyncoperationid`
    pub(super) id: String,
    /// Its row.
    pub(super) row: EnvironmentChange,
    /// How it goes on.
    pub(super) later: Vec<(Timestamp, EnvironmentChange)>,
}

/// What the solution operation is called that a job stands for; none for other jobs.
fn solution_operation(job: &Row) -> Option<&'static str> {
    match job.get("operationtype").and_then(Json::as_i64)? {
        201 | 209 => Some("ProvisionLanguage"),
        203 => Some("Import"),
        204 => Some("PublishAll"),
        207 => Some("DeleteAndPromote"),
        208 => Some("Uninstall"),
        211 => Some("Upgrade"),
        EXECUTE_ASYNC => match text(job, "messagename") {
            "ImportSolutionAsync" => Some("Import"),
            "StageAndUpgradeAsync" => Some("Upgrade"),
            "DeleteAndPromoteAsync" => Some("DeleteAndPromote"),
            _ => None,
        },
        _ => None,
    }
}

/// The solution operation that is going on, by whatever way it began.
pub(crate) fn running(environment: &Environment, now: Timestamp) -> Option<&'static str> {
    if environment.installing(now).is_some() {
        return Some("Import");
    }
    let jobs = environment.tables.rows("asyncoperations").iter();
    jobs.filter(|job| job.get("statecode").and_then(Json::as_i64) != Some(COMPLETED))
        .find_map(solution_operation)
}

/// Refuses a solution operation while another one is going on.
pub(super) fn one_at_a_time(writing: &Writing<'_>, operation: &str) -> Result<(), Refusal> {
    match running(writing.environment(), writing.now) {
        None => Ok(()),
        Some(other) => Err(Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            0x8007_1151,
            format!(
                "Cannot start the requested operation [{operation}] because there is another [{other}] running at \
                 this moment. Use Solution History for more details. -- The solution installation or removal failed \
                 due to the installation or removal of another solution at the same time. Please try again later."
            ),
        )),
    }
}

/// Starts a job.
pub(super) fn start(writing: &Writing<'_>, job: Job<'_>) -> Option<Started> {
    let environment = writing.environment();
    let table = writing.request.view.schema.named("asyncoperation")?;
    let principal = writing.request.principal;
    let id = writing.new_id("asyncoperation");
    let mut row = Row::new();
    for column in table.columns.iter() {
        row.insert(column.name.to_owned(), Json::Null);
    }
    for (column, value) in [
        ("asyncoperationid", json!(id)),
        ("name", json!(job.name)),
        ("messagename", json!(job.message)),
        ("operationtype", json!(job.operation_type)),
        ("statecode", json!(0)),
        ("statuscode", json!(0)),
        ("depth", json!(1)),
        ("retrycount", json!(0)),
        ("retainjobhistory", json!(false)),
        ("createdon", json!(writing.moment())),
        ("modifiedon", json!(writing.moment())),
        ("correlationid", json!(writing.new_id("correlation"))),
        ("requestid", json!(writing.new_id("request"))),
        ("_createdby_value", json!(principal.id)),
        ("_modifiedby_value", json!(principal.id)),
        ("_ownerid_value", json!(principal.id)),
        ("_owninguser_value", json!(principal.id)),
        ("_owningbusinessunit_value", json!(principal.business_unit_id)),
    ] {
        row.insert(column.to_owned(), value);
    }
    let (begins, ends) = (after(writing.now, WAITS), job.ends(writing.now));
    let status = if job.fails.is_some() { 31 } else { 30 };
    // A code is signed where it is a number.
    let code = job.fails.map(|(code, _)| i64::from(code.cast_signed()));
    let text = job.fails.map(|(_, text)| text);
    let set = |at: Timestamp, properties: Json| (at, set("asyncoperations", "asyncoperationid", &id, properties));
    let later = vec![
        set(
            begins,
            json!({"statecode": 2, "statuscode": 20, "startedon": moment(begins), "modifiedon": moment(begins)}),
        ),
        set(
            ends,
            json!({
                "statecode": COMPLETED, "statuscode": status, "completedon": moment(ends),
                "modifiedon": moment(ends), "executiontimespan": job.takes.as_secs_f64(),
                "errorcode": code, "message": text, "friendlymessage": text,
            }),
        ),
    ];
    let row = append(environment, table, row);
    Some(Started { id, row, later })
}

/// The change that gives properties to a row by itself.
pub(super) fn set(set: &str, primary_id: &str, id: &str, properties: Json) -> EnvironmentChange {
    let properties = match properties {
        Json::Object(properties) => properties,
        _ => Row::new(),
    };
    EnvironmentChange::Tables(TableChange::Set {
        set: set.to_owned(),
        key: key(primary_id, id),
        properties,
        without: Vec::new(),
    })
}
