//! `cutover runs`: what was carried out. It reads journals and asks nobody.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use cutover_report::{Report, Told};
use cutover_runner::journal::{Journal, JournalError, RunId, RunRecord};

use crate::carrying::not_begun;
use crate::commands::leases::folders;
use crate::config::Config;
use crate::output::runs_v1::{FORMAT, Line, Runs};
use crate::output::style::Style;
use crate::output::{runs, stream};
use crate::{Exit, Global, Stop, chain};

/// What was carried out on this machine: when, what came of it, what is out; asks nobody
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(ShowOptions),
}

/// What happened in a run: its steps and loans, how long each took, and the keys that its requests were sent with
#[derive(Debug, Args)]
struct ShowOptions {
    /// Which run
    #[arg(value_name = "RUN")]
    run: RunId,
    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Debug, Args)]
struct OutputOptions {
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: Format,
}

/// Forms of what is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// For a program, with a published schema.
    Json,
}

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    match &options.command {
        Some(Command::Show(options)) => show(global, options),
        None => list(global, options.output.output),
    }
}

fn list(global: &Global, format: Format) -> Result<Exit, Stop> {
    let refused = |error| unread(&error);
    let mut lines = Vec::new();
    for folder in folders(global)? {
        let Some(journal) = Journal::open_if_there(&folder).map_err(refused)? else {
            continue;
        };
        let is_driven = journal.is_driven().map_err(refused)?;
        for record in journal.runs().map_err(refused)? {
            let kept = Kept::of(&journal, record)?;
            let driven = is_driven && kept.record.closed_at.is_none();
            lines.push(Line::of(&kept.told().report(), folder.display().to_string(), driven));
        }
    }
    match format {
        Format::Table => stream::text(&runs::list(&lines, Style::of_stdout(global.plain)), global.plain),
        Format::Json => {
            let format = FORMAT.to_owned();
            let text = serde_json::to_string_pretty(&Runs { format, runs: lines }).unwrap_or_default() + "\n";
            stream::json(&text, global.plain);
        }
    }
    Ok(Exit::Done)
}

fn show(global: &Global, options: &ShowOptions) -> Result<Exit, Stop> {
    let journal = journal(global)?;
    let record = journal.run(options.run).map_err(|error| unread(&error))?;
    let kept = Kept::of(&journal, record)?;
    let run = kept.told().report();
    match options.output.output {
        Format::Table => {
            let driven = journal.is_driven().map_err(|error| unread(&error))?;
            stream::text(&runs::show(&run, driven, Style::of_stdout(global.plain)), global.plain);
        }
        Format::Json => stream::json(&Report::of_run(run, None, None).json(), global.plain),
    }
    Ok(Exit::Done)
}

/// Why a journal cannot be read by somebody who begins nothing.
pub(crate) fn unread(error: &JournalError) -> Stop {
    Stop {
        message: format!("error: {}", chain(error)),
        ..not_begun(error)
    }
}

/// What a journal holds of a run.
pub(crate) struct Kept {
    pub(crate) record: RunRecord,
    pub(crate) plan: cutover_core::Plan,
    pub(crate) events: Vec<cutover_core::machine::Event>,
}

impl Kept {
    pub(crate) fn of(journal: &Journal, record: RunRecord) -> Result<Self, Stop> {
        let refused = |error| unread(&error);
        Ok(Self {
            plan: journal.plan(record.id).map_err(refused)?,
            events: journal.events(record.id).map_err(refused)?,
            record,
        })
    }

    pub(crate) fn told(&self) -> Told<'_> {
        Told {
            run: self.record.id.0,
            opened_at: self.record.opened_at,
            closed_at: self.record.closed_at,
            plan: &self.plan,
            events: &self.events,
        }
    }
}

/// The one journal that is meant: that of the named state folder or world, else that of the configuration's environment, else
/// the only one there is.
pub(crate) fn journal(global: &Global) -> Result<Journal, Stop> {
    let mut found: Vec<(PathBuf, Journal)> = Vec::new();
    for folder in folders(global)? {
        if let Some(journal) = Journal::open_if_there(&folder).map_err(|error| unread(&error))? {
            found.push((folder, journal));
        }
    }
    if found.len() > 1 && global.config_path().exists() {
        let config = Config::read(&global.config_path()).map_err(|error| Stop::usage(error.to_string()))?;
        let is_its = |journal: &Journal| {
            let runs = journal.runs().unwrap_or_default();
            runs.iter()
                .any(|run| run.environment.eq_ignore_ascii_case(&config.environment_url))
        };
        found.retain(|(_, journal)| is_its(journal));
    }
    let folders: Vec<String> = found.iter().map(|(folder, _)| folder.display().to_string()).collect();
    let mut journals = found.into_iter().map(|(_, journal)| journal);
    match (journals.next(), journals.next()) {
        (Some(journal), None) => Ok(journal),
        (None, _) => Err(Stop::usage(
            "error: no run was begun here\n  hint: cutover apply begins one; name another state folder with --state, or a world with --world",
        )),
        (Some(_), Some(_)) => Err(Stop::usage(format!(
            "error: it is not said which tenant's runs are meant\n  hint: name one of these with --state: {}",
            folders.join(", ")
        ))),
    }
}

/// The run that is meant: the one that is named, else the newest.
pub(crate) fn newest(journal: &Journal, named: Option<RunId>) -> Result<RunRecord, Stop> {
    let refused = |error| unread(&error);
    if let Some(id) = named {
        return journal.run(id).map_err(refused);
    }
    let newest = journal.runs().map_err(refused)?.pop();
    newest.ok_or_else(|| Stop::usage("error: the journal has no run\n  hint: cutover apply begins one"))
}
