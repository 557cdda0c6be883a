//! `cutover judge`: judge stored facts again, offline.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cutover_core::facts::{Facts, FactsError};
use cutover_core::redact::is_redacted;
use cutover_core::{Pack, checks, judge};
use jiff::Timestamp;
use uuid::Uuid;

use crate::commands::check::{OutputOptions, SelectionOptions, Written, exit};
use crate::config::Config;
use crate::output::stream;
use crate::output::style::Style;
use crate::output::table::Again;
use crate::session;
use crate::{Exit, Global, Stop};

/// Judge stored facts again, without any network
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What `cutover facts` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Another requirement pack than the built-in one
    #[arg(long, value_name = "FILE")]
    pack: Option<PathBuf>,
    /// The time to judge for, such as 2027-01-31T12:00:00Z [default: when the facts were collected]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    #[command(flatten)]
    selection: SelectionOptions,
    #[command(flatten)]
    output: OutputOptions,
}

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let path = options.file.display();
    let facts = read(&options.file)?;
    let config = own_config(global)?;
    if let Some(config) = &config {
        same_tenant(config, &facts, &options.file)?;
    }
    let pack = pack(options.pack.as_deref(), config.as_ref())?;
    let selection = options.selection.selection(&pack)?;
    let waivers = config.map(|config| config.waivers).unwrap_or_default();
    let at = options.at.unwrap_or(facts.collected_at);
    let findings = judge(&facts, &pack, &waivers, &selection, at);
    let report = Written {
        facts: &facts,
        pack: &pack,
        findings: &findings,
        style: Style::of_stdout(global.plain),
        again: Again {
            look: &format!("cutover judge {path}"),
            plan: None,
        },
        exit: exit(&findings, &options.output),
    };
    report.write(options.output.output);
    Ok(report.exit)
}

/// The pack of a file, or the built-in one, with what the configuration chooses otherwise.
pub(crate) fn pack(file: Option<&Path>, config: Option<&Config>) -> Result<Pack, Stop> {
    let mut pack = match file {
        Some(file) => {
            let text = fs::read_to_string(file)
                .map_err(|error| Stop::usage(format!("error: cannot read the pack {}: {error}", file.display())))?;
            Pack::from_toml(&text, |code| checks::find(code).is_some())
                .map_err(|error| Stop::usage(format!("error: {}: {}", file.display(), error.to_string().trim_end())))?
        }
        None => session::built_in_pack()?,
    };
    if let Some(config) = config {
        session::choose(config, &mut pack)?;
    }
    Ok(pack)
}

/// Reads a facts file, or says what would be one.
pub(crate) fn read(file: &Path) -> Result<Facts, Stop> {
    let path = file.display();
    let text = fs::read_to_string(file).map_err(|error| {
        Stop::usage(format!(
            "error: cannot read {path}: {error}\n  hint: cutover facts -o FILE writes one"
        ))
    })?;
    Facts::from_json(&text).map_err(|error| {
        let hint = match error {
            FactsError::Broken { .. } => "\n  hint: collect the facts again with cutover facts",
            FactsError::Foreign => "\n  hint: cutover facts -o FILE writes one",
            FactsError::OtherFormat { .. } => "",
        };
        Stop::usage(format!("error: {path} {error}{hint}"))
    })
}

/// A configuration is not needed; when one is there, its waivers and settings count, and it must be the facts' own.
pub(crate) fn own_config(global: &Global) -> Result<Option<Config>, Stop> {
    if global.config.is_none() && !global.config_path().exists() {
        return Ok(None);
    }
    Config::read(&global.config_path())
        .map(Some)
        .map_err(|error| Stop::usage(error.to_string()))
}

pub(crate) fn same_tenant(config: &Config, facts: &Facts, file: &Path) -> Result<(), Stop> {
    let scene = &facts.scene;
    if is_redacted(facts) {
        stream::note(&format!(
            "{} is redacted, so it cannot be told whether it is of the configuration's tenant; its waivers and settings count",
            file.display()
        ));
        return Ok(());
    }
    // A tenant has an id and several domains; offline, an id and a domain cannot be told apart or together, and then the
    // environment decides.
    let same_tenant = match (Uuid::parse_str(&config.tenant), Uuid::parse_str(&scene.tenant)) {
        (Ok(id), _) => id == scene.tenant_id,
        (Err(_), Err(_)) => config.tenant.eq_ignore_ascii_case(&scene.tenant),
        (Err(_), Ok(_)) => true,
    };
    let differs = if !same_tenant {
        Some((
            "tenant",
            config.tenant.clone(),
            format!("{} ({})", scene.tenant, scene.tenant_id),
        ))
    } else if !config.environment_url.eq_ignore_ascii_case(&scene.environment_url) {
        Some((
            "environment",
            config.environment_url.clone(),
            scene.environment_url.clone(),
        ))
    } else {
        None
    };
    match differs {
        None => Ok(()),
        Some((what, ours, theirs)) => Err(Stop::usage(format!(
            "error: {} holds facts of the {what} {theirs}, and the configuration names {ours}: nothing was judged\n  \
             hint: name that tenant's configuration with -c, or judge without one from another folder",
            file.display()
        ))),
    }
}
