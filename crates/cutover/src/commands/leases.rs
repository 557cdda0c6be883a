//! `cutover leases`: what is out on loan now. It reads journals and asks nobody.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use cutover_core::machine::{Event, What, state};
use cutover_core::plan::StepId;
use cutover_runner::journal::{Journal, Owner, RunId, Wish, path_in};
use jiff::{SignedDuration, Timestamp};

use crate::carrying::{meant, not_begun, standings};
use crate::output::leases_v1::{Leases, Standing};
use crate::output::style::Style;
use crate::output::{leases, stream};
use crate::{Exit, Global, Stop, state_folder};

/// What is out on loan now, in every run on this machine; asks nobody
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    /// Also the runs that have ended
    #[arg(long)]
    all: bool,
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: Format,
}

/// Forms of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// For a program, with a published schema.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    Renew(RenewOptions),
}

/// Let a loan stay out longer; the decision and who took it are kept
#[derive(Debug, Args)]
struct RenewOptions {
    /// Which loan, as `cutover leases -o json` names its step
    #[arg(value_name = "STEP")]
    step: String,
    /// Until when at most, such as 2026-12-01T18:00:00Z
    #[arg(long, value_name = "TIME")]
    until: Timestamp,
    /// Who decides so: a name or address
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Of which run [default: the one that has not ended]
    #[arg(long, value_name = "RUN")]
    run: Option<RunId>,
}

/// The longest that a renewal may reach beyond the present end.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let folders = folders(global)?;
    if let Some(Command::Renew(renewal)) = &options.command {
        return renew(&folders, renewal);
    }
    let mut runs = Vec::new();
    for folder in &folders {
        runs.extend(standings(folder, None).map_err(|error| not_begun(&error))?);
    }
    let exit = match runs.iter().any(Standing::alarms) {
        true => Exit::LoanOut,
        false => Exit::Done,
    };
    match options.output {
        Format::Table => stream::text(
            &leases::render(&runs, options.all, Style::of_stdout(global.plain)),
            global.plain,
        ),
        Format::Json => {
            let leases = Leases::new(&runs, options.all, exit.code());
            let text = serde_json::to_string_pretty(&leases).unwrap_or_default() + "\n";
            stream::json(&text, global.plain);
        }
    }
    Ok(exit)
}

/// The state folders that are meant: the one that is named, that of a world, else those of all tenants.
pub(crate) fn folders(global: &Global) -> Result<Vec<PathBuf>, Stop> {
    match (&global.state, &global.world) {
        (Some(folder), _) => Ok(vec![folder.clone()]),
        (None, Some(world)) => Ok(vec![state_folder::of_world(world)?]),
        (None, None) => {
            let tenants = below(&state_folder::base()?.join("tenants"));
            let mut folders: Vec<PathBuf> = tenants.iter().flat_map(|tenant| below(tenant)).collect();
            folders.sort();
            Ok(folders)
        }
    }
}

/// What lies in a folder; nothing when it is not there.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn renew(folders: &[PathBuf], options: &RenewOptions) -> Result<Exit, Stop> {
    let [folder] = folders else {
        return Err(Stop::usage(
            "error: it is not said in which state folder\n  hint: name it with --state DIR, or a world with --world NAME",
        ));
    };
    let step = StepId(options.step.clone());
    let refused = |error| not_begun(&error);
    let Some(journal) = Journal::open_if_there(folder).map_err(refused)? else {
        return Err(Stop::usage(format!(
            "error: there is no journal {}: nothing is out\n  hint: name the state folder with --state",
            path_in(folder).display()
        )));
    };
    let record = meant(&journal, options.run)?;
    let plan = journal.plan(record.id).map_err(refused)?;
    let run = state(&plan, &journal.events(record.id).map_err(refused)?);
    let due = plan.step(&step).and_then(|step| run.of(&step.id).due(step));
    let Some(due) = due else {
        let out: Vec<String> = plan
            .loans()
            .map(|(step, _)| step)
            .filter(|step| run.of(&step.id).owes())
            .map(|step| step.id.to_string())
            .collect();
        return Err(Stop::usage(format!(
            "error: run {} has not lent {step}\n  hint: what is out: {}",
            record.id,
            if out.is_empty() {
                "nothing".to_owned()
            } else {
                out.join(", ")
            }
        )));
    };
    if options.until.duration_since(due) > LONGEST {
        return Err(Stop::usage(format!(
            "error: {} is more than 24 h after the present end {due}\n  hint: renew for less, and again when it is needed",
            options.until
        )));
    }
    let by = options.by.trim().to_owned();
    let until = options.until;
    if journal.is_driven().map_err(refused)? {
        journal
            .wish(
                record.id,
                &Wish::Renew {
                    step: step.clone(),
                    until,
                    by,
                },
            )
            .map_err(refused)?;
    } else {
        let at = run.now.unwrap_or(until);
        let mut driven = journal
            .take_up(record.id, &Owner::this(Timestamp::now()), at, false)
            .map_err(refused)?;
        let what = What::Renewed {
            step: step.clone(),
            until,
            by,
        };
        driven.append(&Event { at, what }).map_err(refused)?;
        driven.let_go().map_err(refused)?;
    }
    stream::note(&format!(
        "{step} may stay out until {until}; what the platform ends by itself ends at its own time all the same"
    ));
    Ok(Exit::Done)
}
