//! The product's jobs. The vendor does not publish what their table is called, so it is found by its display name, then its
//! columns and states by theirs, then the jobs that have not ended: the longest chain of a check.

use cutover_clients::Wave;
use cutover_clients::dataverse::{entity_definitions, jobs};
use cutover_clients::tenancy::Home;
use cutover_core::facts::environment::{JobStatus, JobTable};
use cutover_core::facts::{Blind, Fact};
use cutover_core::need::Need;

use super::super::{Asking, Step, asked, settled};
use crate::blind::fact;
use crate::job_table::{columns_of, is_open, job, scheduled, states, tables_called};

/// Tables of the product's publisher with the display name of its jobs. Their columns follow as a need of their own.
pub(in super::super) fn tables(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let names = asking.question.pack.names.clone();
    let ticket = wave.ask(entity_definitions::custom_tables(names.english));
    asked::<Home>(move |answers, facts| {
        facts.environment.job_tables = fact(answers.take(ticket), |tables| {
            tables_called(tables, &names.publisher_prefix, &names.jobs_table, names.english)
        });
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
            let columns = fact(answers.take(columns), |columns| {
                Ok(scheduled(columns, &names.job_scheduled, names.english))
            });
            let statuses = fact(answers.take(statuses), |rows| states(rows, names.english));
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
    let columns = columns_of(&table);
    let values: Vec<i64> = others.iter().map(|status| status.value).collect();
    let ticket = wave.ask(jobs::open(&table.entity_set, &columns, first.value, &values));
    asked::<Home>(move |answers, facts| {
        facts.environment.open_jobs = fact(answers.take(ticket), |rows| {
            let read = |row: jobs::Row| job(&row, &columns, &open);
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
    let open: Vec<JobStatus> = table
        .statuses
        .iter()
        .filter(|status| is_open(status, &names.open_jobs))
        .cloned()
        .collect();
    if open.is_empty() {
        let message = format!("the table {} has no state in which a job is open", table.logical_name);
        return Err(Blind::not_decidable(message, calls));
    }
    Ok((table.clone(), open))
}
