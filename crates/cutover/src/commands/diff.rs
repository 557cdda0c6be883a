//! `cutover diff`: what changed between two looks.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cutover_core::difference::{self, Standing};
use cutover_core::facts::Facts;
use cutover_core::redact::is_redacted;
use cutover_core::waiver::Waiver;
use cutover_core::{Code, Pack, Selection, judge, readiness};
use serde::Deserialize;

use crate::commands::check::Format;
use crate::commands::judge::{own_config, pack, read, same_tenant};
use crate::output::diff_v1::{FORMAT, Fact, Report, Side, Verdict};
use crate::output::json_v1::{self, readiness_words};
use crate::output::style::Style;
use crate::output::{changes, stream};
use crate::{Exit, Global, Stop};

/// Tell what changed between two looks: verdicts first, then facts
#[derive(Debug, Args)]
#[command(after_help = "FILE is what `cutover facts -o FILE` wrote, or what `cutover check -o json` printed.")]
pub(crate) struct Options {
    /// The earlier look
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// The later look
    #[arg(value_name = "AFTER")]
    after: PathBuf,
    /// Judge both by this requirement pack instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pack: Option<PathBuf>,
    /// Compare even two different tenants
    #[arg(long)]
    other_tenant: bool,
    /// When a verdict changed, exit with the code that a check of AFTER would have
    #[arg(long)]
    exit_code: bool,
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: Format,
}

/// One of the two files, judged.
struct Look {
    side: Side,
    exit: Exit,
    pack: String,
    standings: Vec<Standing>,
    /// The facts; `None` when the file holds the result of a check.
    facts: Option<Facts>,
}

/// What is read of the stored result of a check; further fields are of no use here.
#[derive(Deserialize)]
struct StoredReport {
    pack: String,
    tenant: String,
    tenant_id: String,
    environment: String,
    collected_at: String,
    readiness: String,
    exit_code: u8,
    findings: Vec<StoredFinding>,
}

#[derive(Deserialize)]
struct StoredFinding {
    code: Code,
    title: String,
    verdict: String,
    blocks: bool,
    sentence: String,
}

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let config = own_config(global)?;
    let pack = pack(options.pack.as_deref(), config.as_ref())?;
    let waivers = config
        .as_ref()
        .map(|config| config.waivers.as_slice())
        .unwrap_or_default();
    let look = |file: &Path| -> Result<Look, Stop> {
        let look = Look::at(file, &pack, waivers)?;
        if let (Some(config), Some(facts)) = (&config, &look.facts) {
            same_tenant(config, facts, file)?;
        }
        Ok(look)
    };
    let (before, after) = (look(&options.before)?, look(&options.after)?);
    if !options.other_tenant {
        one_tenant(&before.side, &after.side)?;
    }
    let report = report(&pack, &before, &after);
    let style = Style::of_stdout(global.plain);
    match options.output {
        Format::Table => stream::text(&changes::table(&report, style), style.ascii),
        Format::Short => stream::text(&changes::short(&report, style), style.ascii),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            stream::json(&text, style.ascii);
        }
    }
    Ok(match options.exit_code && !report.verdicts.is_empty() {
        true => after.exit,
        false => Exit::Done,
    })
}

impl Look {
    fn at(file: &Path, pack: &Pack, waivers: &[Waiver]) -> Result<Self, Stop> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
        }
        // What cannot be read, or is something else, is told by whoever reads facts.
        let text = fs::read_to_string(file).unwrap_or_default();
        match serde_json::from_str::<Head>(&text) {
            Ok(head) if head.format.starts_with("cutover-check/") => Self::of_report(file, &head.format, &text),
            _ => Ok(Self::of_facts(file, read(file)?, pack, waivers)),
        }
    }

    fn of_facts(file: &Path, facts: Facts, pack: &Pack, waivers: &[Waiver]) -> Self {
        let findings = judge(&facts, pack, waivers, &Selection::default(), facts.collected_at);
        let readiness = readiness(&findings);
        let exit = Exit::of(readiness, false);
        Self {
            side: Side {
                file: file.display().to_string(),
                kind: "facts".to_owned(),
                collected_at: facts.collected_at.to_string(),
                tenant: facts.scene.tenant.clone(),
                tenant_id: facts.scene.tenant_id.to_string(),
                environment: facts.scene.environment_url.clone(),
                redacted: is_redacted(&facts),
                readiness: readiness_words(readiness).to_owned(),
                exit_code: exit.code(),
            },
            exit,
            pack: pack.name.clone(),
            standings: findings.iter().map(Standing::from).collect(),
            facts: Some(facts),
        }
    }

    fn of_report(file: &Path, format: &str, text: &str) -> Result<Self, Stop> {
        let path = file.display();
        if format != json_v1::FORMAT {
            return Err(Stop::usage(format!(
                "error: {path} has the format `{format}`, this version of cutover reads `{}`\n  hint: use the version that wrote it",
                json_v1::FORMAT
            )));
        }
        let report: StoredReport = serde_json::from_str(text).map_err(|error| {
            Stop::usage(format!(
                "error: {path} is not the whole result of a check: {error}\n  hint: store it anew: cutover check -o json > FILE"
            ))
        })?;
        let exit = Exit::ALL.iter().find(|exit| exit.code() == report.exit_code);
        Ok(Self {
            side: Side {
                file: path.to_string(),
                kind: "check".to_owned(),
                collected_at: report.collected_at,
                tenant: report.tenant,
                redacted: cutover_core::redact::is_redacted_id(&report.tenant_id),
                tenant_id: report.tenant_id,
                environment: report.environment,
                readiness: report.readiness,
                exit_code: report.exit_code,
            },
            exit: exit.copied().unwrap_or(Exit::Undecided),
            pack: report.pack,
            standings: report.findings.into_iter().map(Standing::from).collect(),
            facts: None,
        })
    }
}

impl From<StoredFinding> for Standing {
    fn from(finding: StoredFinding) -> Self {
        Self {
            code: finding.code,
            title: finding.title,
            verdict: finding.verdict,
            blocks: finding.blocks,
            sentence: finding.sentence,
        }
    }
}

/// Two tenants differ in everything: that is hardly what somebody wants to read.
fn one_tenant(before: &Side, after: &Side) -> Result<(), Stop> {
    if before.tenant_id.eq_ignore_ascii_case(&after.tenant_id) {
        return Ok(());
    }
    let hint = match before.redacted != after.redacted {
        true => {
            "one of them is redacted: redact the other one too (cutover facts --from FILE --redact -o FILE), or compare with --other-tenant"
        }
        false => "compare them all the same with --other-tenant",
    };
    Err(Stop::usage(format!(
        "error: {} is of the tenant {} ({}), {} of {} ({}): nothing was compared\n  hint: {hint}",
        before.file, before.tenant, before.tenant_id, after.file, after.tenant, after.tenant_id
    )))
}

fn report(pack: &Pack, before: &Look, after: &Look) -> Report {
    let facts = match (&before.facts, &after.facts) {
        (Some(before), Some(after)) => Some(difference::facts(before, after)),
        _ => None,
    };
    let mut notes = Vec::new();
    let mut note = |holds: bool, text: &str| {
        if holds {
            notes.push(text.to_owned());
        }
    };
    note(
        facts.is_none(),
        "the result of a check holds no facts, so only verdicts are compared; facts files tell more",
    );
    note(
        before.side.redacted || after.side.redacted,
        "names and ids are tokens of their file: the same token in two files may stand for two different things, so of the facts trust what carries no token",
    );
    note(
        before.pack != after.pack,
        "the two were judged by different requirement packs",
    );
    note(
        before.side.environment != after.side.environment,
        "the two are of different environments",
    );
    let time = |side: &Side| side.collected_at.parse::<jiff::Timestamp>().ok();
    note(
        time(&before.side) > time(&after.side) && time(&after.side).is_some(),
        "the second file is older than the first: what is told as new was there before",
    );
    let verdicts = difference::verdicts(&before.standings, &after.standings);
    Report {
        format: FORMAT.to_owned(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        pack: pack.name.clone(),
        before: before.side.clone(),
        after: after.side.clone(),
        verdicts: verdicts.iter().map(Verdict::from).collect(),
        facts: facts.map(|facts| facts.iter().map(Fact::from).collect()),
        notes,
    }
}
