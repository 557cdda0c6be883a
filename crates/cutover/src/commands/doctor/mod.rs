//! `cutover doctor`: cutover's own health. What can be told offline comes first.

mod machine;
mod network;

use clap::Args;
use cutover_core::Pack;

use crate::commands::check::Format;
use crate::config::Config;
use crate::output::doctor_v1::{Line, Report, State};
use crate::output::stream;
use crate::output::style::Style;
use crate::session::{Session, built_in_pack};
use crate::{Exit, Global, Stop};

/// Tell what keeps cutover itself from working here: configuration, folders, credentials, network, sign-in
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Ask no service
    #[arg(long)]
    offline: bool,
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: Format,
}

/// What was found so far.
#[derive(Default)]
struct Findings {
    lines: Vec<Line>,
    /// Whether the configuration or a credential is wrong, which is for whoever calls the program.
    usage: bool,
}

impl Findings {
    fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds what is wrong with configuration or credentials.
    fn add_usage(&mut self, line: Line) {
        self.usage |= line.state == State::Problem;
        self.add(line);
    }
}

impl Findings {
    /// Adds a step that was refused.
    fn add_stop(&mut self, about: &str, stop: &Stop) {
        let line = refused(about, stop);
        match stop.exit {
            Exit::Usage => self.add_usage(line),
            _ => self.add(line),
        }
    }
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let pack = built_in_pack()?;
    let mut findings = Findings::default();
    findings.add(machine::program(&pack));
    let config = configuration(global, &mut findings);
    machine::folders(global, config.as_ref(), &mut findings);
    if global.world.is_none() {
        machine::credentials(config.as_ref(), global.sign_in, &mut findings);
        machine::trusted_authority(config.as_ref(), &mut findings);
    }
    findings.add(machine::proxies());
    findings.add(machine::terminal(global));
    if !options.offline {
        services(global, config.as_ref(), &pack, &mut findings).await;
    }
    let usage = findings.usage;
    let report = Report::new(options.offline, findings.lines);
    let style = Style::of_stdout(global.plain);
    match options.output {
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            stream::json(&text, style.ascii);
        }
        format => stream::text(&report.render(style, format == Format::Table), style.ascii),
    }
    Ok(match (report.problems, usage) {
        (0, _) => Exit::Done,
        (_, true) => Exit::Usage,
        (_, false) => Exit::Failed,
    })
}

/// The configuration file, or that a world brings its own.
fn configuration(global: &Global, findings: &mut Findings) -> Option<Config> {
    const ABOUT: &str = "configuration";
    if let Some(world) = &global.world {
        findings.add(Line::ok(ABOUT, format!("the built-in world {world} brings its own")));
        return None;
    }
    let path = global.config_path();
    match Config::read(&path) {
        Ok(config) => {
            findings.add(Line::ok(
                ABOUT,
                format!(
                    "{} is sound: tenant {}, environment {}, signs in as application {}",
                    path.display(),
                    config.tenant,
                    config.environment_url,
                    config.client_id
                ),
            ));
            Some(config)
        }
        Err(error) => {
            findings.add_usage(refused(ABOUT, &Stop::usage(error.to_string())));
            None
        }
    }
}

/// What takes the network: who answers, whose clock is wrong, and what a sign-in brings.
async fn services(global: &Global, config: Option<&Config>, pack: &Pack, findings: &mut Findings) {
    if let Some(config) = config {
        match crate::session::connection(config).await {
            Ok(connection) => {
                network::reachability(&connection, &config.tenant, config.partner.is_some(), findings).await
            }
            Err(stop) => return findings.add_stop("connection", &stop),
        }
    } else if global.world.is_none() {
        return;
    }
    match Session::open(global).await {
        Ok(session) => {
            if global.world.is_some() {
                let tenant = session.scene.tenant.clone();
                let partner = session.partner.is_some();
                network::reachability(session.clients.connection(), &tenant, partner, findings).await;
            }
            network::sign_ins(&session, pack, findings).await;
            network::attestations(&session, findings);
        }
        Err(stop) => findings.add_stop("sign-in", &stop),
    }
}

/// A step that was refused, with its hint as what to do next.
fn refused(about: &str, stop: &Stop) -> Line {
    let message = stop.message.trim_start_matches("error: ");
    let (found, next) = message.split_once("\n  hint: ").unwrap_or((
        message,
        "put right what is shown, or try cutover without a tenant: cutover doctor --world ready",
    ));
    Line::problem(about, found, next)
}
