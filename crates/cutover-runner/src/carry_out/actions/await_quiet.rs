//! Waits until nothing of the product or of the environment runs. It writes nothing.

use std::collections::BTreeMap;

use cutover_clients::dataverse::entity_definitions::{columns, custom_tables, statuses};
use cutover_clients::dataverse::{import_jobs, jobs};
use cutover_core::facts::environment::{Job, JobStatus, MOST_JOBS};
use cutover_core::plan::action::AwaitQuiet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::blind::Absent;
use crate::carry_out::ensure::{Back, Ensure, Made, Move, Trace};
use crate::carry_out::import::short;
use crate::carry_out::site::Site;
use crate::carry_out::standing::progress_words;
use crate::carry_out::{CannotLook, operation};
use crate::job_table::{columns_of, is_open, job, scheduled, states, tables_called};

/// The language of display names that the vendor's documents use.
const ENGLISH: i64 = 1033;
/// Messages and kinds of the operations behind imports, which the imports themselves tell of.
const IMPORTING: [&str; 2] = ["ImportSolutionAsync", "StageAndUpgradeAsync"];
const KINDS_OF_IMPORTS: [i64; 2] = [203, 211];

/// What runs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(in crate::carry_out) struct Activity {
    /// How many jobs are in which state.
    jobs: BTreeMap<String, usize>,
    /// How many wait for an hour yet to come, which is not waited for, and the first of those.
    later: usize,
    soonest: Option<Timestamp>,
    /// Whether a table of jobs was found.
    table: bool,
    /// Imports and other operations, in words.
    others: Vec<String>,
}

impl Activity {
    fn open(&self) -> usize {
        self.jobs.values().sum()
    }
}

/// The open jobs of every table that is called so; `None` where there is none.
async fn open_jobs(action: &AwaitQuiet, site: &Site) -> Result<Option<Vec<Job>>, CannotLook> {
    let tables = site.ask(custom_tables(ENGLISH)).await;
    let tables = tables.map_err(|unread| site.cannot(unread))?;
    let tables = tables_called(tables, &action.prefix, &action.jobs_table, ENGLISH);
    let tables = tables.map_err(|absent| unreadable(action, site, &absent))?;
    if tables.is_empty() {
        return Ok(None);
    }
    let mut open = Vec::new();
    for mut table in tables {
        let own = site.ask(columns(&table.logical_name, ENGLISH)).await;
        let own = own.map_err(|unread| site.cannot(unread))?;
        table.scheduled_column = scheduled(own, &action.scheduled, ENGLISH);
        let rows = site.ask(statuses(&table.logical_name, ENGLISH)).await;
        let rows = rows.map_err(|unread| site.cannot(unread))?;
        let known = states(rows, ENGLISH).map_err(|absent| unreadable(action, site, &absent))?;
        let asked: Vec<JobStatus> = known.into_iter().filter(|state| is_open(state, &action.open)).collect();
        let Some((first, others)) = asked.split_first() else {
            return Err(unreadable(action, site, &Absent("a state in which a job is open")));
        };
        let others: Vec<i64> = others.iter().map(|state| state.value).collect();
        let columns = columns_of(&table);
        let rows = site
            .ask(jobs::open(&table.entity_set, &columns, first.value, &others))
            .await;
        for row in rows.map_err(|unread| site.cannot(unread))? {
            open.push(job(&row, &columns, &asked).map_err(|absent| unreadable(action, site, &absent))?);
        }
    }
    Ok(Some(open))
}

fn unreadable(action: &AwaitQuiet, site: &Site, Absent(what): &Absent) -> CannotLook {
    CannotLook {
        why: format!("the table {} does not show {what}", action.jobs_table),
        again: site.again(),
    }
}

impl Ensure for AwaitQuiet {
    type Seen = Activity;

    async fn read(&self, site: &Site) -> Result<Activity, CannotLook> {
        let mut activity = Activity::default();
        let found = open_jobs(self, site).await?;
        activity.table = found.is_some();
        for job in found.into_iter().flatten() {
            match job.scheduled.filter(|at| *at > site.now()) {
                Some(at) => {
                    activity.later += 1;
                    activity.soonest = activity.soonest.map_or(Some(at), |soonest| Some(soonest.min(at)));
                }
                None => *activity.jobs.entry(job.status).or_default() += 1,
            }
        }
        let imports = site.ask(import_jobs::open()).await;
        let imports = imports.map_err(|unread| site.cannot(unread))?;
        activity.others = imports
            .iter()
            .map(|import| {
                let name = import.solutionname.as_deref().unwrap_or("a solution");
                progress_words(&short(name), import.progress)
            })
            .collect();
        let told = !imports.is_empty();
        for open in operation::open(site).await? {
            let message = open.messagename.as_deref().unwrap_or_default();
            let kind = open.operationtype.unwrap_or_default();
            let imports = IMPORTING.contains(&message) || KINDS_OF_IMPORTS.contains(&kind);
            if !(told && imports) {
                activity.others.push(operation::name_of(&open));
            }
        }
        Ok(activity)
    }

    fn held(&self, seen: &Activity) -> bool {
        seen.open() == 0 && seen.others.is_empty()
    }

    fn words(&self, seen: &Activity) -> String {
        let mut words = Vec::new();
        let open = seen.open();
        if open > 0 {
            let states: Vec<String> = seen
                .jobs
                .iter()
                .map(|(state, number)| format!("{number} {state}"))
                .collect();
            let or_more = if open >= usize::from(MOST_JOBS) { " or more" } else { "" };
            let jobs = if open == 1 { "job" } else { "jobs" };
            words.push(format!("{open}{or_more} open {jobs}: {}", states.join(", ")));
        }
        words.extend(seen.others.iter().cloned());
        if words.is_empty() {
            words.push("nothing runs".to_owned());
        }
        if let Some(soonest) = seen.soonest {
            let (jobs, are) = if seen.later == 1 {
                ("job", "is")
            } else {
                ("jobs", "are")
            };
            words.push(format!(
                "{} {jobs} {are} scheduled for later, the first for {soonest}, and not waited for",
                seen.later
            ));
        }
        if !seen.table {
            words.push(format!(
                "no table is called {}, so jobs of the product were not seen",
                self.jobs_table
            ));
        }
        words.join("; ")
    }

    fn make(&self, _: &Site, now: &Activity) -> Move {
        Move::Wait(self.words(now), Value::Null)
    }

    async fn trace(&self, _: &Site, _: &Made<'_>, now: &Activity) -> Result<Trace, CannotLook> {
        Ok(Trace::Waits(self.words(now), Value::Null))
    }

    async fn back(&self, _: &Site, _: &Activity, now: &Activity, _: &Made<'_>) -> Result<Back, CannotLook> {
        Ok(Back::Gone(self.words(now)))
    }
}
