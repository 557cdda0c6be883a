//! `cutover report`: what an auditor reads of a run or a check, and the evidence bundle of a run. It asks nobody.
//!
//! A bundle is a form of the report and no command of its own: it holds the same report, and whoever asks for a proof finds both
//! in one place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, ValueEnum};
use cutover_core::{Selection, judge, readiness};
use cutover_report::bundle::{About, PLAN, PublicKey, SigningKey, pack};
use cutover_report::{Report, check_v1, html, markdown};
use cutover_runner::journal::{Document, Journal, RunId, RunRecord};

use crate::carrying::evidence;
use crate::commands::judge::{own_config, pack as requirements, read, same_tenant};
use crate::commands::runs::{Kept, journal, newest, unread};
use crate::output::{file, stream};
use crate::{Exit, Global, Stop};

/// What an auditor reads of a run or a check: HTML, Markdown, JSON, or a bundle of all evidence; asks nobody
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Which run [default: the newest]
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// A check of these stored facts instead of a run, as `cutover facts` wrote them
    #[arg(long, value_name = "FACTS", conflicts_with = "run")]
    of: Option<PathBuf>,
    /// Where to; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// In which form [default: what the name of the file says, else markdown]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write an evidence bundle of the run instead, such as run-1.tar.zst
    #[arg(long, value_name = "FILE", conflicts_with_all = ["of", "output", "format"])]
    bundle: Option<PathBuf>,
    /// Sign the bundle with this Ed25519 key, a private key as PKCS#8 PEM
    #[arg(long, value_name = "KEYFILE", requires = "bundle")]
    sign_with: Option<PathBuf>,
}

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One page that asks nothing of any network.
    Html,
    /// For a ticket or a wiki.
    Markdown,
    /// For a program, with a published schema.
    Json,
}

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    if let Some(file) = &options.of {
        return of_facts(global, options, file);
    }
    let journal = journal(global)?;
    let record = newest(&journal, options.run)?;
    let Some(file) = &options.bundle else {
        let (_, _, report) = told(&journal, record)?;
        return written(global, options, &report);
    };
    let key = options.sign_with.as_deref().map(signing_key).transpose()?;
    if record.closed_at.is_none() {
        stream::note(&format!(
            "run {} has not ended: the bundle holds what happened until now",
            record.id
        ));
    }
    let exit = save(file, &bundled(&journal, record, key.as_ref())?)?;
    if let Some(key) = key {
        stream::note(&format!("signed with the key {}", key.public().id()));
    }
    Ok(exit)
}

/// A run, what was kept with it, and its report.
fn told(journal: &Journal, record: RunRecord) -> Result<(Kept, Vec<Document>, Report), Stop> {
    let kept = Kept::of(journal, record)?;
    let documents = journal.documents(kept.record.id).map_err(|error| unread(&error))?;
    let report = Report::of_run(
        kept.told().report(),
        verdicts(&documents, evidence::VERDICTS_BEFORE)?,
        verdicts(&documents, evidence::VERDICTS_AFTER)?,
    );
    Ok((kept, documents, report))
}

/// Verdicts that were kept with the run.
fn verdicts(documents: &[Document], name: &str) -> Result<Option<check_v1::Report>, Stop> {
    let Some(document) = documents.iter().find(|document| document.name == name) else {
        return Ok(None);
    };
    let read = serde_json::from_str(&document.text);
    read.map(Some).map_err(|error| Stop {
        exit: Exit::Failed,
        message: format!(
            "error: {name}, as it was kept with the run, cannot be read: {error}\n  hint: use the version of cutover that carried the run out"
        ),
    })
}

fn of_facts(global: &Global, options: &Options, file: &Path) -> Result<Exit, Stop> {
    let facts = read(file)?;
    let config = own_config(global)?;
    if let Some(config) = &config {
        same_tenant(config, &facts, file)?;
    }
    let pack = requirements(None, config.as_ref())?;
    let waivers = config.map(|config| config.waivers).unwrap_or_default();
    let findings = judge(&facts, &pack, &waivers, &Selection::default(), facts.collected_at);
    let exit = Exit::of(readiness(&findings), false);
    let check = check_v1::Report::new(&facts, &pack, &findings, exit.code());
    written(global, options, &Report::of_check(check))
}

/// The form that is asked for, else the one that the name of the file says.
fn format(options: &Options) -> Format {
    let ending = options.output.extension().and_then(|ending| ending.to_str());
    options.format.unwrap_or(match ending {
        Some("html" | "htm") => Format::Html,
        Some("json") => Format::Json,
        _ => Format::Markdown,
    })
}

fn written(global: &Global, options: &Options, report: &Report) -> Result<Exit, Stop> {
    let format = format(options);
    let text = match format {
        Format::Html => html::render(report).context("cannot write the page")?,
        Format::Markdown => markdown::render(report),
        Format::Json => report.json(),
    };
    if options.output.as_os_str() == "-" {
        match format {
            Format::Json => stream::json(&text, global.plain),
            _ => stream::text(&text, global.plain),
        }
        return Ok(Exit::Done);
    }
    save(&options.output, text.as_bytes())
}

fn save(path: &Path, bytes: &[u8]) -> Result<Exit, Stop> {
    file::save(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    stream::note(&format!(
        "wrote {} ({} bytes). It names people and objects of the tenant: keep it like a password list",
        path.display(),
        bytes.len()
    ));
    Ok(Exit::Done)
}

/// The evidence bundle of a run, signed when there is a key.
pub(crate) fn bundled(journal: &Journal, record: RunRecord, key: Option<&SigningKey>) -> Result<Vec<u8>, Stop> {
    let (kept, documents, report) = told(journal, record)?;
    let files = files(&kept, documents, &report)?;
    let about = About {
        run: kept.record.id.0,
        plan: kept.plan.digest.clone(),
        tenant_id: kept.plan.scene.tenant_id.to_string(),
        environment: kept.plan.scene.environment_url.clone(),
    };
    pack(&files, &about, key).map_err(|error| Stop::failed(&error.into()))
}

/// Everything about a run, each by its name in the bundle.
fn files(kept: &Kept, documents: Vec<Document>, report: &Report) -> Result<BTreeMap<String, Vec<u8>>, Stop> {
    let mut files: BTreeMap<String, Vec<u8>> = documents
        .into_iter()
        .map(|document| (document.name, document.text.into_bytes()))
        .collect();
    let page = html::render(report).context("cannot write the page")?;
    let mut lines = String::new();
    for event in &kept.events {
        lines += &serde_json::to_string(event).context("cannot write the journal down")?;
        lines.push('\n');
    }
    let plan = serde_json::to_string_pretty(&kept.plan).context("cannot write the plan down")? + "\n";
    let loans = report.run.as_ref().map(|run| run.loans.as_slice()).unwrap_or_default();
    let loans = serde_json::to_string_pretty(loans).context("cannot write the loans down")? + "\n";
    files.insert(PLAN.to_owned(), plan.into_bytes());
    files.insert("journal.jsonl".to_owned(), lines.into_bytes());
    files.insert("leases.json".to_owned(), loans.into_bytes());
    files.insert("report.json".to_owned(), report.json().into_bytes());
    files.insert("report.html".to_owned(), page.into_bytes());
    Ok(files)
}

fn signing_key(file: &Path) -> Result<SigningKey, Stop> {
    SigningKey::from_pem(&key_file(file)?)
        .map_err(|error| Stop::usage(format!("error: {} {error}: nothing was written", file.display())))
}

/// The public key of a file.
pub(crate) fn public_key(file: &Path) -> Result<PublicKey, Stop> {
    PublicKey::from_pem(&key_file(file)?).map_err(|error| Stop::usage(format!("error: {} {error}", file.display())))
}

/// A key is short: more than this is none.
const LONGEST_KEY: u64 = 64 << 10;

fn key_file(file: &Path) -> Result<Vec<u8>, Stop> {
    let refused = |why: String| Stop::usage(format!("error: cannot read the key {}: {why}", file.display()));
    let data = fs::metadata(file).map_err(|error| refused(error.to_string()))?;
    if data.len() > LONGEST_KEY {
        return Err(refused("it is too long to be one".to_owned()));
    }
    fs::read(file).map_err(|error| refused(error.to_string()))
}
