//! The command line of cutover. This crate alone prints, and alone knows the machine it runs on.

mod carrying;
mod commands;
mod config;
mod credential;
mod exit;
mod facts_world;
mod foreign_hosts;
mod kept;
pub mod output;
#[cfg(feature = "keyring")]
mod parts;
mod session;
mod sign_in;
mod state_folder;
mod terminal;
mod window;
mod world;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};

pub use exit::Exit;

/// Checks, explains and proves the prerequisites of a Work 365 upgrade.
#[derive(Debug, Parser)]
#[command(name = "cutover", version, propagate_version = true, max_term_width = 100, after_help = after_help())]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What stands below the options: the exit codes, and where to begin.
fn after_help() -> String {
    let codes: String = Exit::ALL
        .iter()
        .map(|exit| format!("  {}  {}\n", exit.code(), exit.meaning()))
        .collect();
    format!("Exit codes:\n{codes}\nWithout a tenant: cutover demo, or cutover check --world nothing-ready")
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Configuration file [default: cutover.toml]
    #[arg(short, long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Use the built-in emulator with this world instead of a tenant; `cutover emulator --list` names them
    #[arg(long, global = true, value_name = "NAME")]
    world: Option<String>,
    /// Folder for attestations, the journal of runs and, with --world, for the world's state and clock [default: a folder of its own]
    #[arg(long, global = true, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Sign in to the Dynamics tenant this way instead of that of the configuration
    #[arg(long, global = true, value_name = "METHOD", conflicts_with = "world")]
    sign_in: Option<config::Method>,
    /// Use what this machine is signed in to (azure-cli, managed-identity, a kept sign-in) though [connection] leads elsewhere
    #[arg(long, global = true)]
    trust_connection: bool,
    /// Ask nobody anything: neither to sign in nor for an answer
    #[arg(long, global = true)]
    non_interactive: bool,
    /// Only ASCII, no colour
    #[arg(long, global = true)]
    plain: bool,
}

impl Global {
    /// The configuration file: the one that was named, or `cutover.toml` in the current folder.
    pub(crate) fn config_path(&self) -> PathBuf {
        self.config.clone().unwrap_or_else(|| PathBuf::from("cutover.toml"))
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(commands::check::Options),
    Explain(commands::explain::Options),
    ExplainMfa(commands::explain_mfa::Options),
    Attest(commands::attest::Options),
    Facts(commands::facts::Options),
    Plan(commands::plan::Options),
    Apply(commands::apply::Options),
    Upgrade(commands::upgrade::Options),
    Resume(commands::resume::Options),
    Leases(commands::leases::Options),
    GiveBack(commands::give_back::Options),
    Abort(commands::abort::Options),
    Runs(commands::runs::Options),
    Report(commands::report::Options),
    VerifyBundle(commands::verify_bundle::Options),
    Judge(commands::judge::Options),
    Diff(commands::diff::Options),
    Doctor(commands::doctor::Options),
    Permissions(commands::permissions::Options),
    Init(commands::init::Options),
    Login(commands::login::Options),
    Logout(commands::logout::Options),
    Whoami(commands::whoami::Options),
    Demo(commands::demo::Options),
    Emulator(commands::emulator::Options),
}

/// A command that ended otherwise than it should: what the person reads, and the exit code.
#[derive(Debug)]
pub(crate) struct Stop {
    exit: Exit,
    message: String,
}

impl Stop {
    /// Usage or configuration: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.into(),
        }
    }

    /// The tool failed: exit code 1.
    pub(crate) fn failed(error: &anyhow::Error) -> Self {
        Self {
            exit: Exit::Failed,
            message: format!("error: {}", chain(error.as_ref())),
        }
    }
}

/// An error with its sources; a source whose text is told already is not told twice.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::failed(&error)
    }
}

/// Runs the program with its arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Done };
            // A closed pipe is no reason to fail: nobody is there to read about it.
            let _ = error.print();
            return exit;
        }
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::stream::error(&format!("error: cannot start: {error}"), cli.global.plain);
            return Exit::Failed;
        }
    };
    let outcome = runtime.block_on(async {
        let global = &cli.global;
        match &cli.command {
            Command::Check(options) => commands::check::run(global, options).await,
            Command::Explain(options) => commands::explain::run(global, options),
            Command::ExplainMfa(options) => commands::explain_mfa::run(global, options).await,
            Command::Attest(options) => commands::attest::run(global, options).await,
            Command::Facts(options) => commands::facts::run(global, options).await,
            Command::Plan(options) => commands::plan::run(global, options).await,
            Command::Apply(options) => commands::apply::run(global, options).await,
            Command::Upgrade(options) => commands::upgrade::run(global, options).await,
            Command::Resume(options) => commands::resume::run(global, options).await,
            Command::Leases(options) => commands::leases::run(global, options),
            Command::GiveBack(options) => commands::give_back::run(global, options).await,
            Command::Abort(options) => commands::abort::run(global, options).await,
            Command::Runs(options) => commands::runs::run(global, options),
            Command::Report(options) => commands::report::run(global, options),
            Command::VerifyBundle(options) => commands::verify_bundle::run(global, options),
            Command::Judge(options) => commands::judge::run(global, options),
            Command::Diff(options) => commands::diff::run(global, options),
            Command::Doctor(options) => commands::doctor::run(global, options).await,
            Command::Permissions(options) => commands::permissions::run(global, options),
            Command::Init(options) => commands::init::run(global, options).await,
            Command::Login(options) => commands::login::run(global, options).await,
            Command::Logout(options) => commands::logout::run(global, options).await,
            Command::Whoami(options) => commands::whoami::run(global, options).await,
            Command::Demo(options) => commands::demo::run(global, options).await,
            Command::Emulator(options) => commands::emulator::run(global, options).await,
        }
    });
    match outcome {
        Ok(exit) => exit,
        Err(stop) => {
            output::stream::error(&stop.message, cli.global.plain);
            stop.exit
        }
    }
}

/// The command line's own description, for the reference and for completions.
pub fn command() -> clap::Command {
    Cli::command()
}

/// The manual page of a requirement in Markdown, as `cutover explain CODE` prints it; `None` for an unknown code.
pub fn reference_page(code: cutover_core::Code) -> Option<String> {
    let pack = cutover_core::Pack::work365().ok()?;
    commands::explain::page(&pack, code)
}
