//! Rows of the product's table of jobs, whose name and columns are only known from the environment's own definitions.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, segment};
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static OPEN: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Newest,
    "/{jobs}",
    "the product's jobs that have not ended",
    &permissions::JOBS,
)
.with_headers(&[("Prefer", "odata.maxpagesize=1000")]);

/// How many open jobs are asked for. When as many come, there may be more.
pub const MOST_JOBS: u16 = 1000;

/// The columns of the jobs' table, by their logical names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobColumns {
    /// The row's id.
    pub id: String,
    /// The row's name.
    pub name: Option<String>,
    /// When a job is due.
    pub scheduled: Option<String>,
}

/// A row of the jobs' table; [`Row::job`] reads it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Row(Map<String, Value>);

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Row id.
    pub id: Uuid,
    /// Name: somebody's text.
    pub name: Option<String>,
    /// State, a choice of the table's status column.
    pub status: i64,
    /// When it is due.
    pub scheduled: Option<Timestamp>,
}

/// A row of the jobs' table that lacks a column or holds something else in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a job's {0} is missing or not as its table says")]
pub struct UnreadableJob(pub String);

impl Row {
    /// The row by the columns it was asked with. A name or time without a value is none; one of another kind is an error.
    pub fn job(&self, columns: &JobColumns) -> Result<Job, UnreadableJob> {
        let wrong = |column: &str| UnreadableJob(column.to_owned());
        let text = |column: &Option<String>| -> Result<Option<&str>, UnreadableJob> {
            let Some(column) = column else { return Ok(None) };
            match self.0.get(column) {
                None | Some(Value::Null) => Ok(None),
                Some(Value::String(text)) => Ok(Some(text)),
                Some(_) => Err(wrong(column)),
            }
        };
        let id = self.0.get(&columns.id).and_then(Value::as_str);
        let scheduled = text(&columns.scheduled)?;
        Ok(Job {
            id: id
                .and_then(|id| Uuid::parse_str(id).ok())
                .ok_or_else(|| wrong(&columns.id))?,
            name: text(&columns.name)?.map(str::to_owned),
            status: self
                .0
                .get(STATUS)
                .and_then(Value::as_i64)
                .ok_or_else(|| wrong(STATUS))?,
            scheduled: match scheduled {
                None => None,
                Some(time) => Some(
                    time.parse()
                        .map_err(|_| wrong(columns.scheduled.as_deref().unwrap_or_default()))?,
                ),
            },
        })
    }
}

/// Every table with states has this column.
const STATUS: &str = "statuscode";

/// The newest [`MOST_JOBS`] rows of the jobs' table in one of the states; at least one state is needed.
pub fn open(entity_set: &str, columns: &JobColumns, first: i64, others: &[i64]) -> Read<Vec<Row>, Home> {
    let select: Vec<&str> = [
        Some(columns.id.as_str()),
        columns.name.as_deref(),
        columns.scheduled.as_deref(),
    ]
    .into_iter()
    .flatten()
    .chain([STATUS])
    .collect();
    let states: Vec<String> = std::iter::once(&first)
        .chain(others)
        .map(|state| format!("{STATUS} eq {state}"))
        .collect();
    let address = Address::path(format!("/{}", segment(entity_set)))
        .select(&select.join(","))
        .filter(&states.join(" or "))
        .option("$orderby", "createdon desc");
    Read::new(&OPEN, address).newest(MOST_JOBS)
}
