//! W801.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::check::check;
use crate::context::{Context, Stage, Undecided};
use crate::facts::environment::{Job, JobTable, MOST_JOBS};
use crate::facts::{Blind, Calls, Reason};
use crate::reading::environment_user::sees_all;
use crate::reading::installed::Installed;
use crate::reading::operations::Kind;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// Work 365 and the environment are quiet: no open job, no import, publish or language provisioning.
    ///
    /// # Why
    /// The vendor's upgrade page: wait until every pending Work 365 job has ended. An upgrade changes the connections, so a job
    /// that is open at that moment fails, or does half of its work. Dataverse runs one solution operation at a time and refuses
    /// the next.
    ///
    /// # Evidence
    /// Jobs that are Waiting, Dispatched, In progress or Retry, in the table whose English display name is *Work 365 Job*: its
    /// logical name is not published. A Waiting job with a later *Scheduled For* never ends by waiting, so it is listed apart,
    /// for a decision. Why a job is in Retry stands in its Job Results. Import jobs without an end, and asynchronous operations of Dataverse that import, publish, promote,
    /// uninstall or provision a language. Operations of Power Platform on the environment count too where they can be seen; a
    /// state other than Ready and the administration mode are warnings.
    ///
    /// It has to hold inside the window of a run, so at rest it is *due*, with what was seen now. Where Work 365 is not installed
    /// yet it has no jobs, and the rest counts; once the target version is installed it does not apply.
    ///
    /// # By hand
    /// Work 365 app > Administration > Work 365 Jobs, by status. Scheduled Jobs there can be switched off for the time of the
    /// upgrade; note what was on. Power Apps > Solutions > History shows imports. Power Platform admin centre > Manage >
    /// Environments > the environment > History shows its operations.
    801,
    needs: [
        Solutions, Languages, JobTables, OpenJobs, OpenImports, OpenOperations, OwnPrivileges, PowerPlatformEnvironment,
        EnvironmentOperations,
    ],
    judge: judge,
}

const WANTED: &str = "no open job, no import, publish or language provisioning";
/// The state in which a job may wait for its hour (vendor: Work 365 jobs).
const WAITING: &str = "Waiting";
/// The state of a job that failed and is tried again, up to five times (vendor: Work 365 jobs).
const RETRY: &str = "Retry";

/// What was found, in words.
struct Seen {
    calls: Calls,
    /// What is under way.
    busy: Vec<String>,
    /// What waits for an hour to come.
    scheduled: Option<String>,
    /// What was looked at and found quiet.
    quiet: Vec<String>,
    warnings: Vec<String>,
}

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    if context.stage? == Stage::AfterInstall {
        let target = context.target();
        return Ok(Judged::not_applicable(format!(
            "{target} is installed, so no install step lies ahead that needs quiet"
        )));
    }
    let mut seen = jobs(context)?;
    solution_operations(context, &mut seen)?;
    power_platform(context, &mut seen);
    let Seen {
        calls,
        busy,
        scheduled,
        quiet,
        warnings,
    } = seen;
    let all: Vec<String> = busy.iter().chain(&scheduled).cloned().collect();
    let path = "Work 365 app > Administration > Work 365 Jobs";
    let environment = context.facts.scene.environment_url.clone();
    let retried = context
        .facts
        .environment
        .open_jobs
        .value()
        .is_ok_and(|jobs| jobs.iter().any(is_retried));
    let judged = if !busy.is_empty() {
        let fix = Fix::automatic("wait for their end inside the window, with a deadline");
        let fix = match &scheduled {
            Some(_) => fix.or_by_hand("decide about the scheduled ones: they do not end by waiting"),
            None => fix,
        };
        let fix = match retried {
            true => fix.or_by_hand(
                "read why a job is in Retry: open it > Parameters > Job Results; it is tried five times, and then it is Failed",
            ),
            false => fix,
        };
        let seen = all.join("; ");
        Judged::missing(
            Evidence::new(&calls, seen.clone(), WANTED),
            seen,
            fix.at(path, environment),
        )
    } else if let Some(scheduled) = scheduled {
        let fix = Fix::by_hand("decide: cancel them, or let them run after the upgrade; they do not end by waiting");
        Judged::by_hand(format!("nothing runs now, but {scheduled}"), fix.at(path, environment))
            .and(Evidence::new(&calls, scheduled, WANTED))
    } else {
        Judged::met(Evidence::new(&calls, quiet.join("; "), WANTED), "nothing runs now")
    };
    Ok(judged.warn_all(warnings))
}

/// The open jobs of the product, found by the display name of their table.
fn jobs(context: &Context<'_>) -> Result<Seen, Undecided> {
    let facts = context.facts;
    let names = &context.pack.names;
    let (tables, calls) = facts.environment.job_tables.read()?;
    let seen = |calls: Calls, quiet: String| Seen {
        calls,
        busy: Vec::new(),
        scheduled: None,
        quiet: vec![quiet],
        warnings: Vec::new(),
    };
    let table = match tables.as_slice() {
        [one] => one,
        [] => {
            let (installed, more) = Installed::of(facts, context.pack)?;
            if !installed.is_empty() {
                let message = format!(
                    "no table with the display name {} was found, although {} is installed ({}): {}",
                    names.jobs_table,
                    context.pack.product,
                    installed.words(),
                    without_english(context).unwrap_or("its name may have changed")
                );
                return Err(Blind::not_decidable(message, calls).into());
            }
            let calls = calls.clone().and(more).and(sees_all(facts, &["prvReadSolution"])?);
            return Ok(seen(
                calls,
                format!("{} is not installed, so it has no jobs", context.pack.product),
            ));
        }
        several => {
            let names_of: Vec<&str> = several.iter().map(|table| table.logical_name.as_str()).collect();
            let message = format!(
                "{} tables have the display name {}: {}",
                several.len(),
                names.jobs_table,
                names_of.join(", ")
            );
            return Err(Blind::not_decidable(message, calls).into());
        }
    };
    let missing_states = missing_states(table, &names.open_jobs);
    if missing_states.len() == names.open_jobs.len() {
        let message = format!(
            "the table {} has none of the states {}, so its open jobs cannot be told{}",
            table.logical_name,
            names.open_jobs.join(", "),
            without_english(context)
                .map(|why| format!(": {why}"))
                .unwrap_or_default()
        );
        return Err(Blind::not_decidable(message, calls).into());
    }
    let (open, more) = facts.environment.open_jobs.read()?;
    let mut seen = seen(calls.clone().and(more), "no open job".to_owned());
    if !missing_states.is_empty() {
        seen.warnings.push(format!(
            "the table {} has no state {}; a job in a state of another name would not be seen",
            table.logical_name,
            missing_states.join(", ")
        ));
    }
    let (scheduled, now): (Vec<&Job>, Vec<&Job>) = open.iter().partition(|job| is_scheduled(job, context.at));
    if let Some(first) = scheduled.iter().filter_map(|job| job.scheduled).min() {
        let more = if now.is_empty() { "" } else { " more" };
        seen.scheduled = Some(match scheduled.len() {
            1 => format!("1 job{more} is scheduled for {first}"),
            count => format!("{count} jobs{more} are scheduled, the first for {first}"),
        });
    }
    let may_be_more = open.len() >= usize::from(MOST_JOBS);
    if now.is_empty() && may_be_more {
        let message =
            format!("only the newest {MOST_JOBS} open jobs were read, and there may be older ones that are due");
        return Err(Blind::not_decidable(message, &seen.calls).into());
    }
    if now.is_empty() {
        // That there is none of them takes a view of all of them.
        let privilege = format!("prvRead{}", table.logical_name);
        seen.calls = seen.calls.and(sees_all(facts, &[&privilege])?);
    } else {
        seen.busy.push(by_status(&now, &names.open_jobs));
        if may_be_more {
            seen.warnings.push(format!(
                "only the newest {MOST_JOBS} open jobs were read: there may be more"
            ));
        }
    }
    Ok(seen)
}

/// Names are found in English; why they may not be.
fn without_english(context: &Context<'_>) -> Option<&'static str> {
    let languages = context.facts.environment.languages.value().ok()?;
    let is_there = languages.contains(&context.pack.names.english);
    (!is_there).then_some("English is not enabled, in which names are looked for (see W701)")
}

fn missing_states<'a>(table: &JobTable, wanted: &'a [String]) -> Vec<&'a str> {
    let has = |label: &String| {
        table
            .statuses
            .iter()
            .any(|status| status.label.eq_ignore_ascii_case(label))
    };
    let missing = wanted.iter().filter(|label| !has(label));
    missing.map(String::as_str).collect()
}

fn is_scheduled(job: &Job, at: Timestamp) -> bool {
    job.status.eq_ignore_ascii_case(WAITING) && job.scheduled.is_some_and(|scheduled| scheduled > at)
}

fn is_retried(job: &Job) -> bool {
    job.status.eq_ignore_ascii_case(RETRY)
}

/// `3 open jobs: 2 Waiting, 1 In progress`, in the order of the pack's states, then others by name.
fn by_status(jobs: &[&Job], order: &[String]) -> String {
    let place = |status: &str| order.iter().position(|known| known.eq_ignore_ascii_case(status));
    let statuses: BTreeSet<(usize, &str)> = jobs
        .iter()
        .map(|job| (place(&job.status).unwrap_or(order.len()), job.status.as_str()))
        .collect();
    let counts: Vec<String> = statuses
        .into_iter()
        .map(|(_, status)| format!("{} {status}", jobs.iter().filter(|job| job.status == status).count()))
        .collect();
    let noun = if jobs.len() == 1 { "job" } else { "jobs" };
    format!("{} open {noun}: {}", jobs.len(), counts.join(", "))
}

/// Imports, publishing, language provisioning and the like, as Dataverse tells of them.
fn solution_operations(context: &Context<'_>, seen: &mut Seen) -> Result<(), Undecided> {
    let environment = &context.facts.environment;
    let (imports, import_calls) = environment.open_imports.read()?;
    let (operations, operation_calls) = environment.open_operations.read()?;
    seen.calls = seen.calls.clone().and(import_calls).and(operation_calls);
    for job in imports {
        let progress = job
            .progress
            .map(|progress| format!(" ({progress:.0} % done)"))
            .unwrap_or_default();
        seen.busy.push(format!("an import of {} runs{progress}", job.solution));
    }
    // An import shows as a job of its own and as an operation; it is told once.
    let kinds: BTreeSet<Kind> = operations
        .iter()
        .map(Kind::of)
        .filter(|kind| *kind != Kind::Import || imports.is_empty())
        .collect();
    seen.busy.extend(kinds.into_iter().map(|kind| kind.words().to_owned()));
    if imports.is_empty() && operations.is_empty() {
        let whole = sees_all(context.facts, &["prvReadImportJob", "prvReadAsyncOperation"])?;
        seen.calls = seen.calls.clone().and(whole);
        seen.quiet
            .push("no import, publish or language provisioning".to_owned());
    }
    Ok(())
}

/// What Power Platform does with the environment. The requirement stands without it, so a blocked view is a warning.
fn power_platform(context: &Context<'_>, seen: &mut Seen) {
    let facts = &context.facts.power_platform;
    let mut hidden: BTreeSet<String> = BTreeSet::new();
    let mut hide = |blind: &Blind| {
        if blind.reason != Reason::NotCollected {
            hidden.insert(blind.message.clone());
        }
    };
    match facts.environment.read() {
        Ok((Some(environment), calls)) => {
            seen.calls = seen.calls.clone().and(calls);
            if !environment.state.eq_ignore_ascii_case("Ready") {
                seen.warnings.push(format!(
                    "Power Platform says that the environment is {}, not Ready",
                    environment.state
                ));
            }
            let mode = environment.admin_mode.as_deref().unwrap_or_default();
            // The Power Platform API says Enabled, the older plane AdminMode.
            if mode.eq_ignore_ascii_case("Enabled") || mode.eq_ignore_ascii_case("AdminMode") {
                seen.warnings.push(
                    "the environment is in administration mode: only administrators can sign in, so jobs do not end by waiting"
                        .to_owned(),
                );
            }
        }
        Ok((None, _)) => seen
            .warnings
            .push("Power Platform shows the signed-in identity no environment of this address".to_owned()),
        Err(blind) => hide(blind),
    }
    match facts.operations.read() {
        Ok((operations, calls)) => {
            seen.calls = seen.calls.clone().and(calls);
            for operation in operations {
                seen.busy.push(format!(
                    "Power Platform works on the environment: {} ({})",
                    operation.name, operation.status
                ));
            }
        }
        Err(blind) => hide(blind),
    }
    let hidden = hidden.into_iter();
    seen.warnings.extend(
        hidden.map(|message| format!("what Power Platform does with the environment could not be read: {message}")),
    );
}
