//! The product's jobs. The vendor does not publish what their table is called, so it is found by its display name, then its
//! columns and states by theirs, then the jobs that have not ended: the longest chain of a check.

use cutover_clients::Wave;
use cutover_clients::dataverse::entity_definitions::{self, Column, Label, StatusColumn, Table};
use cutover_clients::dataverse::jobs::{self, JobColumns};
use cutover_clients::tenancy::Home;
use cutover_core::facts::environment::{Job, JobStatus, JobTable};
use cutover_core::facts::{Blind, Fact};
use cutover_core::need::Need;
use cutover_core::pack::Names;

use super::super::{Asking, Step, asked, settled};
use crate::blind::{Absent, OrAbsent, fact};

/// More tables of one name than this are somebody's joke, and not looked at each.
const MOST_TABLES: usize = 5;

/// Tables of the product's publisher with the display name of its jobs. Their columns follow as a need of their own.
pub(in super::super) fn tables(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let names = asking.question.pack.names.clone();
    let ticket = wave.ask(entity_definitions::custom_tables(names.english));
    asked::<Home>(move |answers, facts| {
        facts.environment.job_tables = fact(answers.take(ticket), |tables| {
            let ours = |table: &Table| table.has_prefix(&names.publisher_prefix);
            let jobs = |table: &Table| is_called(table.display_name.as_ref(), &names.jobs_table, &names);
            let found: Vec<Table> = tables.into_iter().filter(|table| ours(table) && jobs(table)).collect();
            if found.len() > MOST_TABLES {
                return Err(Absent("a table of jobs that could be told from all the others"));
            }
            found.into_iter().map(table).collect()
        });
    })
}

fn is_called(label: Option<&Label>, name: &str, names: &Names) -> bool {
    label
        .and_then(|label| label.in_language(names.english))
        .is_some_and(|label| label.trim().eq_ignore_ascii_case(name))
}

fn table(table: Table) -> Result<JobTable, Absent> {
    Ok(JobTable {
        logical_name: table.logical_name,
        entity_set: table.entity_set_name.or_absent("EntitySetName")?,
        id_column: table.primary_id_attribute.or_absent("PrimaryIdAttribute")?,
        name_column: table.primary_name_attribute,
        statuses: Vec::new(),
        scheduled_column: None,
    })
}

/// Columns and states of each of those tables, which make the fact of the tables whole.
pub(in super::super) fn columns(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    if asking.waits_for(Need::JobTables) {
        return Step::NotYet;
    }
    let Ok(found) = asking.facts.environment.job_tables.value() else {
        return settled(|_| {});
    };
    if found.is_empty() {
        return settled(|_| {});
    }
    let names = asking.question.pack.names.clone();
    let tickets: Vec<_> = found
        .iter()
        .map(|table| {
            (
                wave.ask(entity_definitions::columns(&table.logical_name, names.english)),
                wave.ask(entity_definitions::statuses(&table.logical_name, names.english)),
            )
        })
        .collect();
    asked::<Home>(move |answers, facts| {
        let Fact::Known { mut value, mut calls } = std::mem::take(&mut facts.environment.job_tables) else {
            return;
        };
        for (table, (columns, statuses)) in value.iter_mut().zip(tickets) {
            let columns = fact(answers.take(columns), |columns| Ok(scheduled(columns, &names)));
            let statuses = fact(answers.take(statuses), |rows| choices(rows, &names));
            match (columns, statuses) {
                (
                    Fact::Known {
                        value: column,
                        calls: of_columns,
                    },
                    Fact::Known {
                        value: statuses,
                        calls: of_statuses,
                    },
                ) => {
                    table.scheduled_column = column;
                    table.statuses = statuses;
                    calls = calls.and(&of_columns).and(&of_statuses);
                }
                (Fact::Unknown(blind), _) | (_, Fact::Unknown(blind)) => {
                    facts.environment.job_tables = Fact::Unknown(blind);
                    return;
                }
            }
        }
        facts.environment.job_tables = Fact::Known { value, calls };
    })
}

/// The column that says when a job is due; none when several are called so, and then no job counts as put off.
fn scheduled(columns: Vec<Column>, names: &Names) -> Option<String> {
    let due = |column: &Column| {
        column.attribute_type.as_deref() == Some("DateTime")
            && is_called(column.display_name.as_ref(), &names.job_scheduled, names)
    };
    let mut found = columns.into_iter().filter(due);
    match (found.next(), found.next()) {
        (Some(column), None) => Some(column.logical_name),
        _ => None,
    }
}

fn choices(rows: Vec<StatusColumn>, names: &Names) -> Result<Vec<JobStatus>, Absent> {
    let column = rows.into_iter().next().or_absent("the status column")?;
    let options = column.option_set.or_absent("OptionSet")?.options;
    let read = |choice: entity_definitions::Choice| {
        let label = choice.label.as_ref().and_then(|label| label.in_language(names.english));
        Ok(JobStatus {
            value: choice.value.or_absent("the number of a state")?,
            // A state without an English name is none of those that are known by it.
            label: label.unwrap_or_default().trim().to_owned(),
        })
    };
    options.into_iter().map(read).collect()
}

pub(in super::super) fn open_jobs(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    if asking.waits_for(Need::JobTables) || asking.waits_for(Need::JobColumns) {
        return Step::NotYet;
    }
    let (table, open) = match the_one(asking) {
        Ok(found) => found,
        Err(blind) => return settled(move |facts| facts.environment.open_jobs = Fact::Unknown(blind)),
    };
    let Some((first, others)) = open.split_first() else {
        return settled(|_| {});
    };
    let columns = JobColumns {
        id: table.id_column.clone(),
        name: table.name_column.clone(),
        scheduled: table.scheduled_column.clone(),
    };
    let values: Vec<i64> = others.iter().map(|status| status.value).collect();
    let ticket = wave.ask(jobs::open(&table.entity_set, &columns, first.value, &values));
    asked::<Home>(move |answers, facts| {
        facts.environment.open_jobs = fact(answers.take(ticket), |rows| {
            let read = |row: jobs::Row| {
                let job = row
                    .job(&columns)
                    .map_err(|_| Absent("a job as its table describes it"))?;
                let status = open.iter().find(|status| status.value == job.status);
                Ok(Job {
                    id: job.id,
                    name: job.name,
                    status: status
                        .map(|status| status.label.clone())
                        .or_absent("the state that was asked for")?,
                    scheduled: job.scheduled,
                })
            };
            rows.into_iter().map(read).collect()
        });
    })
}

/// The one table of jobs and its states in which a job has not ended; at least one.
fn the_one(asking: &Asking<'_>) -> Result<(JobTable, Vec<JobStatus>), Blind> {
    let (tables, calls) = asking.facts.environment.job_tables.read().map_err(Blind::depends_on)?;
    let names = &asking.question.pack.names;
    let [table] = tables.as_slice() else {
        let message = match tables.len() {
            0 => format!("no table of the product is called {}", names.jobs_table),
            number => format!("{number} tables of the product are called {}", names.jobs_table),
        };
        return Err(Blind::not_decidable(message, calls));
    };
    // States that the table does not have are told by whoever judges; those it has are asked for.
    let is_open = |status: &&JobStatus| {
        let mut labels = names.open_jobs.iter();
        labels.any(|label| label.eq_ignore_ascii_case(&status.label))
    };
    let open: Vec<JobStatus> = table.statuses.iter().filter(is_open).cloned().collect();
    if open.is_empty() {
        let message = format!("the table {} has no state in which a job is open", table.logical_name);
        return Err(Blind::not_decidable(message, calls));
    }
    Ok((table.clone(), open))
}
