//! The product's table of jobs as its environment describes it: found by display names, since the vendor does not publish what
//! it is called.

use cutover_clients::dataverse::entity_definitions::{Choice, Column, Label, StatusColumn, Table};
use cutover_clients::dataverse::jobs::{JobColumns, Row};
use cutover_core::facts::environment::{Job, JobStatus, JobTable};

use crate::blind::{Absent, OrAbsent};

/// More tables of one name than this are somebody's joke, and not looked at each.
const MOST_TABLES: usize = 5;

/// Whether a label says `name` in the language `locale`.
pub(crate) fn is_called(label: Option<&Label>, name: &str, locale: i64) -> bool {
    label
        .and_then(|label| label.in_language(locale))
        .is_some_and(|label| label.trim().eq_ignore_ascii_case(name))
}

/// The tables of a publisher that are called so. Their columns are found one by one.
pub(crate) fn tables_called(
    tables: Vec<Table>,
    prefix: &str,
    name: &str,
    locale: i64,
) -> Result<Vec<JobTable>, Absent> {
    let is_one = |table: &Table| table.has_prefix(prefix) && is_called(table.display_name.as_ref(), name, locale);
    let found: Vec<Table> = tables.into_iter().filter(is_one).collect();
    if found.len() > MOST_TABLES {
        return Err(Absent("a table of jobs that could be told from all the others"));
    }
    found.into_iter().map(of_definition).collect()
}

fn of_definition(table: Table) -> Result<JobTable, Absent> {
    Ok(JobTable {
        logical_name: table.logical_name,
        entity_set: table.entity_set_name.or_absent("EntitySetName")?,
        id_column: table.primary_id_attribute.or_absent("PrimaryIdAttribute")?,
        name_column: table.primary_name_attribute,
        statuses: Vec::new(),
        scheduled_column: None,
    })
}

/// The column that says when a job is due; none when several are called so, and then no job counts as put off.
pub(crate) fn scheduled(columns: Vec<Column>, name: &str, locale: i64) -> Option<String> {
    let due = |column: &Column| {
        column.attribute_type.as_deref() == Some("DateTime") && is_called(column.display_name.as_ref(), name, locale)
    };
    let mut found = columns.into_iter().filter(due);
    match (found.next(), found.next()) {
        (Some(column), None) => Some(column.logical_name),
        _ => None,
    }
}

/// The states of a table's rows.
pub(crate) fn states(rows: Vec<StatusColumn>, locale: i64) -> Result<Vec<JobStatus>, Absent> {
    let column = rows.into_iter().next().or_absent("the status column")?;
    let options = column.option_set.or_absent("OptionSet")?.options;
    let read = |choice: Choice| {
        let label = choice.label.as_ref().and_then(|label| label.in_language(locale));
        Ok(JobStatus {
            value: choice.value.or_absent("the number of a state")?,
            // A state without an English name is none of those that are known by it.
            label: label.unwrap_or_default().trim().to_owned(),
        })
    };
    options.into_iter().map(read).collect()
}

/// Whether a job in this state has not ended.
pub(crate) fn is_open(status: &JobStatus, open: &[String]) -> bool {
    open.iter().any(|label| label.eq_ignore_ascii_case(&status.label))
}

/// The columns that jobs are read by.
pub(crate) fn columns_of(table: &JobTable) -> JobColumns {
    JobColumns {
        id: table.id_column.clone(),
        name: table.name_column.clone(),
        scheduled: table.scheduled_column.clone(),
    }
}

/// A job in one of the states that were asked for.
pub(crate) fn job(row: &Row, columns: &JobColumns, asked: &[JobStatus]) -> Result<Job, Absent> {
    let job = row
        .job(columns)
        .map_err(|_| Absent("a job as its table describes it"))?;
    let status = asked.iter().find(|status| status.value == job.status);
    Ok(Job {
        id: job.id,
        name: job.name,
        status: status
            .map(|status| status.label.clone())
            .or_absent("the state that was asked for")?,
        scheduled: job.scheduled,
    })
}
