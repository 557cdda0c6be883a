//! `cutover check`: could the upgrade start now?

use std::time::Duration;

use clap::{Args, ValueEnum};
use cutover_core::facts::Facts;
use cutover_core::pack::Requirement;
use cutover_core::{Code, Finding, Pack, Selection, judge, readiness};
use cutover_runner::{Question, collect};
use jiff::{SignedDuration, Span, SpanRelativeTo};

use crate::carrying::StillOut;
use crate::output::json_v1::Report;
use crate::output::style::Style;
use crate::output::table::{Again, Table};
use crate::output::{short, stream};
use crate::session::{Session, built_in_pack, not_collected};
use crate::{Exit, Global, Stop};

/// Read-only: could the upgrade start now? Every requirement, verdict, evidence and fix
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) selection: SelectionOptions,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    /// Check again until ready, for at most this long, such as 15m
    #[arg(long, value_name = "TIME", value_parser = wait_time)]
    wait: Option<Duration>,
}

/// Which requirements are looked at.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SelectionOptions {
    /// Only these requirements, such as W301
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    only: Vec<Code>,
    /// All requirements but these
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    skip: Vec<Code>,
}

/// How the result is written.
#[derive(Debug, Clone, Args)]
pub(crate) struct OutputOptions {
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Format,
    /// Exit with 6 when ready with warnings
    #[arg(long)]
    pub(crate) strict_warnings: bool,
}

/// Forms of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person.
    Table,
    /// One line a requirement that is not simply met.
    Short,
    /// For a program, with a published schema.
    Json,
}

impl SelectionOptions {
    /// The selection; a code without a check is an error.
    pub(crate) fn selection(&self, pack: &Pack) -> Result<Selection, Stop> {
        for code in self.only.iter().chain(&self.skip) {
            requirement(pack, *code)?;
        }
        let selection = Selection {
            only: self.only.clone(),
            skip: self.skip.clone(),
        };
        if selection.checks(pack).next().is_none() {
            return Err(Stop::usage(
                "error: --only and --skip leave nothing to check\n  hint: leave one of them out",
            ));
        }
        Ok(selection)
    }
}

/// The requirement of a code, or what the known codes are.
pub(crate) fn requirement(pack: &Pack, code: Code) -> Result<&Requirement, Stop> {
    pack.requirement(code).ok_or_else(|| {
        let known: Vec<String> = pack.requirement.iter().map(|known| known.code.to_string()).collect();
        Stop::usage(format!(
            "error: there is no requirement {code}\n  hint: known codes: {}",
            known.join(", ")
        ))
    })
}

/// `15m`, `1h 30m`, `90s`: at least a second, at most a week.
fn wait_time(text: &str) -> Result<Duration, String> {
    let span = span(text).and_then(|span| Duration::try_from(span).ok());
    span.filter(|span| (Duration::from_secs(1)..=Duration::from_secs(7 * 24 * 3600)).contains(span))
        .ok_or_else(|| "expected a time such as 15m, 90s or 1h 30m, at least a second and at most a week".to_owned())
}

/// A span of time as people write it; a day has 24 hours.
pub(crate) fn span(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let selection = options.selection.selection(&built_in_pack()?)?;
    let session = Session::open(global).await?;
    let out = StillOut::told(&session, global);
    let looked = match options.wait {
        None => look(&session, &selection).await,
        Some(time) => wait(&session, &selection, time).await,
    };
    let (facts, findings) = out.weigh(looked)?;
    session.keep()?;
    let report = Written {
        facts: &facts,
        pack: &session.pack,
        findings: &findings,
        style: Style::of_stdout(global.plain),
        again: Again {
            look: &called("check", global),
            plan: Some(&called("plan", global)),
        },
        exit: out.or(exit(&findings, &options.output)),
    };
    report.write(options.output.output);
    Ok(report.exit)
}

/// Collects facts and judges them.
pub(crate) async fn look(session: &Session, selection: &Selection) -> Result<(Facts, Vec<Finding>), Stop> {
    let question = Question {
        scene: &session.scene,
        pack: &session.pack,
        selection,
    };
    let mut facts = collect(&session.clients, session.partner.as_ref(), &session.files, question)
        .await
        .map_err(|error| not_collected(&error, session.sign_in.method))?;
    facts.attestations = session.attestations()?;
    let findings = judge(&facts, &session.pack, &session.waivers, selection, facts.collected_at);
    Ok((facts, findings))
}

/// Time between two looks: Microsoft's services need minutes to show a change.
const INTERVAL: Duration = Duration::from_secs(30);

/// Looks again and again until the tenant is ready or the time is up. Says what it waits for.
async fn wait(session: &Session, selection: &Selection, time: Duration) -> Result<(Facts, Vec<Finding>), Stop> {
    let clock = session.clients.connection().clock.clone();
    let started = clock.now();
    let ends = SignedDuration::try_from(time)
        .ok()
        .and_then(|time| started.checked_add(time).ok())
        .unwrap_or(started);
    let mut said = Vec::new();
    loop {
        let (facts, findings) = look(session, selection).await?;
        let blocking: Vec<String> = findings
            .iter()
            .filter(|finding| finding.blocks())
            .map(|finding| finding.code().to_string())
            .collect();
        let left = ends.duration_since(clock.now());
        if blocking.is_empty() || !left.is_positive() {
            if !blocking.is_empty() {
                stream::note(&format!("gave up waiting for {}: the time is up", blocking.join(", ")));
            }
            return Ok((facts, findings));
        }
        if blocking != said {
            stream::note(&format!(
                "waiting for {} since {started}, until {ends}: looking every {} s (a new licence shows after 10 to 15 minutes as a rule, a role after up to an hour)",
                blocking.join(", "),
                INTERVAL.as_secs()
            ));
            said = blocking;
        }
        clock
            .sleep(Duration::try_from(left).unwrap_or(INTERVAL).min(INTERVAL))
            .await;
    }
}

/// How a person calls the same command again.
pub(crate) fn called(command: &str, global: &Global) -> String {
    match &global.world {
        Some(world) => format!("cutover {command} --world {world}"),
        None => format!("cutover {command} -c {}", global.config_path().display()),
    }
}

/// The exit code of findings.
pub(crate) fn exit(findings: &[Finding], options: &OutputOptions) -> Exit {
    Exit::of(readiness(findings), options.strict_warnings)
}

/// A result, to be written.
pub(crate) struct Written<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) pack: &'a Pack,
    pub(crate) findings: &'a [Finding],
    pub(crate) style: Style,
    pub(crate) again: Again<'a>,
    /// The exit code that goes with it.
    pub(crate) exit: Exit,
}

impl Written<'_> {
    pub(crate) fn write(&self, format: Format) {
        let Self {
            facts,
            pack,
            findings,
            style,
            again,
            exit,
        } = *self;
        match format {
            Format::Table => {
                let table = Table {
                    facts,
                    pack,
                    findings,
                    style,
                    again,
                };
                stream::text(&table.render(), style.ascii);
            }
            Format::Short => stream::text(&short::render(findings, pack, style), style.ascii),
            Format::Json => {
                let report = Report::new(facts, pack, findings, exit.code());
                let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
                text.push('\n');
                stream::json(&text, style.ascii);
            }
        }
    }
}
