//! `cargo xtask clients`: other people's OAuth clients, unmodified, sign in to the emulator over HTTPS.
//!
//! The clients come from their package registry in the versions that the requirements beside the scripts name, into a
//! virtual environment below the target folder; what a page is looked at with comes from npm in the same way. Each script meets an emulator of its own: some let time go by.

mod environment;
mod packages;
mod server;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use cutover_emulator::World;

use crate::program::{self, Mode};
use crate::tally::Tally;
use environment::Environment;
use server::Server;

/// A client: its script, what it is installed with, and which programs it drives.
struct Client {
    script: &'static str,
    requirements: &'static str,
    /// Programs of the machine without which it is left out.
    needs: &'static [&'static str],
    /// Whether it runs only when everything is asked for.
    on_demand: bool,
}

const LIBRARIES: &str = "requirements.txt";

const CLIENTS: &[Client] = &[
    Client {
        script: "msal_client.py",
        requirements: LIBRARIES,
        needs: &[],
        on_demand: false,
    },
    Client {
        script: "azure_identity_client.py",
        requirements: LIBRARIES,
        needs: &[],
        on_demand: false,
    },
    // Not another's client but cutover itself, at a terminal that a test can type on.
    Client {
        script: "person_at_a_terminal.py",
        requirements: LIBRARIES,
        needs: &[],
        on_demand: false,
    },
    Client {
        script: "azure_cli_client.py",
        requirements: "requirements-azure-cli.txt",
        needs: &[],
        on_demand: true,
    },
    Client {
        script: "browser_client.py",
        requirements: LIBRARIES,
        needs: &["chromedriver"],
        on_demand: true,
    },
    // Not a client either: the page that cutover writes, looked at as its readers do.
    Client {
        script: "report_page.py",
        requirements: LIBRARIES,
        needs: &["chromedriver", "npm"],
        on_demand: false,
    },
];

/// Runs the scripts and counts their cases; `all` includes those on demand.
///
/// # Errors
/// When the emulator cannot be built or started, or a client cannot be installed.
pub fn run(root: &Path, all: bool, mode: Mode) -> Result<Tally> {
    let program = program::build(root, mode)?;
    let target = program
        .ancestors()
        .nth(2)
        .context("the program lies in no target folder")?;
    let folder = root.join("xtask").join("clients");
    let mut tally = Tally::default();
    for client in CLIENTS.iter().filter(|client| all || !client.on_demand) {
        if let Some(missing) = client.needs.iter().find(|name| !is_there(name)) {
            println!("left out {}: there is no {missing} on this machine", client.script);
            continue;
        }
        let environment = Environment::prepare(&folder.join(client.requirements), &target.join("clients"))?;
        // Only the scripts that look at pages need them, and those need npm.
        let modules = match client.needs.contains(&"npm") {
            true => Some(packages::prepare(
                &folder.join("package.json"),
                &target.join("clients"),
            )?),
            false => None,
        };
        let server = Server::start(&program, &folder.join("world.toml"))?;
        let script = folder.join("python").join(client.script);
        let with = With {
            environment: &environment,
            modules: modules.as_deref(),
            server: &server,
            program: &program,
        };
        run_script(&with, &script, &mut tally)?;
    }
    Ok(tally)
}

/// Whether the machine has a program.
fn is_there(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// What a script runs with.
struct With<'a> {
    environment: &'a Environment,
    /// Packages of npm, where it needs them.
    modules: Option<&'a Path>,
    server: &'a Server,
    program: &'a Path,
}

fn run_script(with: &With<'_>, script: &Path, tally: &mut Tally) -> Result<()> {
    let With { server, program, .. } = with;
    let home = tempfile::tempdir().context("cannot make a temporary folder")?;
    let [key, certificate] = reader_certificate()?;
    let mut command = Command::new(with.environment.python());
    command
        .arg(script)
        .env("DOUBLE", &server.base)
        .env("CUTOVER", program)
        .env("READER_KEY", key)
        .env("READER_CERTIFICATE", certificate)
        .env("REQUESTS_CA_BUNDLE", server.authority())
        .env("SSL_CERT_FILE", server.authority())
        .env("NO_PROXY", "*")
        // Clients keep caches and settings below it.
        .env("HOME", home.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1");
    if let Some(modules) = with.modules {
        command.env("NODE_MODULES", modules);
    }
    for name in ["SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("AZURE_") || name.starts_with("IDENTITY_"))
        {
            command.env_remove(name);
        }
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", script.display()))?;
    let out = child.stdout.take().context("the script has no output")?;
    let mut told = Tally::default();
    for line in BufReader::new(out).lines() {
        let line = line.context("cannot read what the script tells")?;
        println!("{line}");
        match line.split_once(' ') {
            Some(("ok", _)) => told.count(true),
            Some(("FAILED", _)) => told.count(false),
            _ => {}
        }
    }
    let status = child.wait().context("cannot wait for the script")?;
    // A script that broke off has not told everything.
    if status.success() != (told.failed == 0) || told.passed + told.failed == 0 {
        println!("FAILED {}: it ended with {status}", script.display());
        told.count(false);
    }
    tally.passed += told.passed;
    tally.failed += told.failed;
    Ok(())
}

/// Private key and certificate of the reader, which the world gives its users.
fn reader_certificate() -> Result<[String; 2]> {
    let world = World::built_in("ready")?;
    let both = world
        .notes_for("cutover")
        .and_then(|notes| notes.get("client_certificate")?.as_str())
        .context("the world has no certificate for its reader")?;
    let place = both
        .find("-----BEGIN CERTIFICATE")
        .context("the reader's certificate has no key before it")?;
    let (key, certificate) = both.split_at(place);
    Ok([key.to_owned(), certificate.to_owned()])
}

/// A file of an environment's programs.
fn program_in(folder: &Path, name: &str) -> PathBuf {
    match cfg!(windows) {
        true => folder.join("Scripts").join(format!("{name}.exe")),
        false => folder.join("bin").join(name),
    }
}
