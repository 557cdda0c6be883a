//! An emulator with a folder in which the program runs, and what it does there when nothing disturbs it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};
use cutover_emulator::World;
use serde::Deserialize;
use tempfile::TempDir;

use super::holdings::Holdings;
use super::scenario::Scenario;
use crate::emulator::Emulator;

/// Where one trial happens.
pub(super) struct Place {
    pub(super) emulator: Emulator,
    folder: TempDir,
    program: PathBuf,
    refresh_token: String,
}

impl Place {
    /// A fresh tenant, and a configuration with which its caller signs in as a person.
    pub(super) fn open(program: &Path, scenario: &Scenario) -> Result<Self> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let world = folder.path().join("tenant.toml");
        fs::write(&world, scenario.tenant()).context("cannot write the world")?;
        let arguments = [
            OsStr::new("--standing-clock"),
            OsStr::new("--world-file"),
            world.as_os_str(),
        ];
        let emulator = Emulator::start(program, arguments)?;
        let known = World::built_in(scenario.world).context("there is no such world")?;
        let notes = known.notes_for("cutover").context("the world is for other clients")?;
        let note = |key: &str| {
            let value = notes.get(key).and_then(toml::Value::as_str);
            value
                .map(str::to_owned)
                .with_context(|| format!("the world has no {key}"))
        };
        let mut config = notes
            .get("config")
            .and_then(toml::Value::as_table)
            .cloned()
            .context("the world has no configuration")?;
        let client = toml::Table::from_iter([("client_id".to_owned(), note("person_client_id")?.into())]);
        config.insert("sign_in".to_owned(), client.into());
        config.insert("connection".to_owned(), emulator.connection(true));
        let text = toml::to_string(&config).context("the configuration cannot be written down")?;
        fs::write(folder.path().join("cutover.toml"), text).context("cannot write the configuration")?;
        let place = Self {
            emulator,
            folder,
            program: program.to_owned(),
            refresh_token: note("person_refresh_token")?,
        };
        for word in scenario.words {
            place.run(word)?.ended(&[0])?;
        }
        Ok(place)
    }

    /// The program, about to run here.
    pub(super) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(self.folder.path())
            .args(arguments.split_whitespace())
            .args(["--state", "state", "--non-interactive"])
            .env("CUTOVER_REFRESH_TOKEN", &self.refresh_token)
            .env("HOME", self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in [
            "CUTOVER_CLIENT_SECRET",
            "CUTOVER_CLIENT_CERTIFICATE",
            "CUTOVER_CRASH_AT",
            "CUTOVER_CRASH_LOG",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs it to its end.
    pub(super) fn run(&self, arguments: &str) -> Result<Run> {
        let output = self.command(arguments).output().context("cannot run the program")?;
        Ok(Run::of(arguments, &output))
    }

    pub(super) fn write(&self, name: &str, text: &str) -> Result<()> {
        fs::write(self.folder.path().join(name), text).with_context(|| format!("cannot write {name}"))
    }

    pub(super) fn read(&self, name: &str) -> Result<String> {
        fs::read_to_string(self.folder.path().join(name)).with_context(|| format!("cannot read {name}"))
    }
}

/// How a run of the program ended.
pub(super) struct Run {
    pub(super) code: Option<i32>,
    said: String,
}

impl Run {
    pub(super) fn of(arguments: &str, output: &Output) -> Self {
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code(),
            said: format!(
                "cutover {arguments}: {}\n{}{}",
                output.status,
                said(&output.stdout),
                said(&output.stderr)
            ),
        }
    }

    /// Fails with what was said when it ended otherwise.
    pub(super) fn ended(&self, codes: &[i32]) -> Result<()> {
        match self.code {
            Some(code) if codes.contains(&code) => Ok(()),
            _ => bail!("{}", self.said),
        }
    }
}

/// A request, as the emulator's log tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
}

/// A plan, and what comes of it when nothing disturbs it.
pub(super) struct Undisturbed {
    pub(super) scenario: Scenario,
    /// The plan that every trial carries out.
    pub(super) plan: String,
    /// What the tenants held before.
    pub(super) start: Holdings,
    /// What they hold afterwards.
    pub(super) end: Holdings,
    /// The requests that carrying it out took.
    pub(super) requests: Vec<Request>,
    /// The places around journal and effects that it came by, each as `name:turn`.
    pub(super) places: Vec<String>,
    /// What of solutions was begun, by the emulator's own account.
    pub(super) begun: Vec<String>,
}

/// What installs, imports, promotes or removes a solution, as the emulator counted it.
#[derive(Debug, Deserialize)]
struct Operation {
    kind: String,
    name: String,
    version: String,
}

/// Everything of that kind that was begun, in order.
pub(super) fn begun(emulator: &Emulator) -> Result<Vec<String>> {
    let operations: Vec<Operation> = emulator.told("solution-operations")?;
    let words = operations
        .into_iter()
        .map(|Operation { kind, name, version }| format!("{kind} {name} {version}"));
    Ok(words.collect())
}

/// The file that trials carry out.
pub(super) const PLAN: &str = "plan.json";

impl Undisturbed {
    /// Plans and applies in a fresh tenant.
    pub(super) fn of(program: &Path, scenario: Scenario) -> Result<Self> {
        let place = Place::open(program, &scenario)?;
        let start = Holdings::of(&place.emulator)?;
        place.run(&format!("{} {PLAN}", scenario.plans))?.ended(&[0, 3, 4])?;
        let before = place.emulator.told::<Vec<Request>>("log")?.len();
        let mut apply = place.command(&scenario.with_tasks(&format!("apply {PLAN} --yes")));
        let output = apply
            .env("CUTOVER_CRASH_LOG", "places")
            .output()
            .context("cannot run the program")?;
        Run::of("apply", &output).ended(&[0, 4])?;
        let requests = place.emulator.told::<Vec<Request>>("log")?.split_off(before);
        // A program without crash points comes by none.
        let places = place.read("places").unwrap_or_default();
        let named = |line: &str| {
            line.split_whitespace()
                .find(|name| !name.starts_with('*'))
                .map(str::to_owned)
        };
        let end = Holdings::of(&place.emulator)?;
        let begun = begun(&place.emulator)?;
        if !end.differs(&start) {
            bail!("the plan changed nothing");
        }
        Ok(Self {
            scenario,
            plan: place.read(PLAN)?,
            start,
            end,
            requests,
            places: places.lines().filter_map(named).collect(),
            begun,
        })
    }
}
