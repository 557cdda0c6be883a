//! The emulator as a process of its own, so that what it costs is not counted as the program's.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cutover_emulator::World;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::{self, Measured};
use super::requests::Entry;
use crate::codegen::permissions;
use crate::emulator::Emulator;

/// The secret that the double's reader signs in with here.
const SECRET: &str = "secret-of-the-bench";

/// A double that is running; it ends with this value.
pub(super) struct Double {
    emulator: Emulator,
    /// Configuration and state.
    folder: TempDir,
    /// What signs the integration account in at Partner Center.
    refresh_token: String,
}

impl Double {
    /// Serves a built-in world with a latency. Its reader holds just the permissions that the reference names.
    pub(super) fn start(program: &Path, world: &str, latency: Duration) -> Result<Self> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let file = folder.path().join("world.toml");
        std::fs::write(&file, of_world(world)?).context("cannot write the world down")?;
        let emulator = Emulator::start(program, [OsStr::new("--world-file"), file.as_os_str()])?;
        let refresh_token = notes(world)?
            .get("partner_refresh_token")
            .and_then(toml::Value::as_str)
            .context("the world signs nobody in at Partner Center")?
            .to_owned();
        let double = Self {
            emulator,
            folder,
            refresh_token,
        };
        let config = double.config(world)?;
        std::fs::write(double.folder.path().join("cutover.toml"), config).context("cannot write the configuration")?;
        let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        double.emulator.control(
            "POST",
            "faults",
            &json!([{"kind": "latency", "milliseconds": milliseconds}]).to_string(),
        )?;
        Ok(double)
    }

    /// Everything that reached it so far.
    pub(super) fn log(&self) -> Result<Vec<Entry>> {
        let entries: Vec<Value> = self.emulator.told("log")?;
        entries.iter().map(Entry::read).collect()
    }

    /// Lets time pass in the double.
    pub(super) fn pass(&self, time: Duration) -> Result<()> {
        self.emulator.control(
            "POST",
            "clock/advance",
            &json!({"seconds": time.as_secs_f64()}).to_string(),
        )?;
        Ok(())
    }

    /// Runs one full check and looks at its result: a check that saw little would be fast and worthless.
    pub(super) fn check(&self, program: &Path) -> Result<Measured> {
        let measured = process::measure(
            Command::new(program)
                .current_dir(self.folder.path())
                .args(["check", "--output", "json", "--state", "state"])
                .env("CUTOVER_CLIENT_SECRET", SECRET)
                .env("CUTOVER_PARTNER_REFRESH_TOKEN", &self.refresh_token)
                .env_remove("CUTOVER_CLIENT_CERTIFICATE")
                .env_remove("CUTOVER_PARTNER_CLIENT_SECRET")
                .env_remove("CUTOVER_PARTNER_CLIENT_CERTIFICATE"),
        )?;
        let report: Value = serde_json::from_str(&measured.output)
            .with_context(|| format!("the check gave no report, {}", measured.status))?;
        if report["counts"]["unknown"] != 0 {
            bail!("the check left {} requirements unknown", report["counts"]["unknown"]);
        }
        Ok(measured)
    }

    fn config(&self, world: &str) -> Result<String> {
        let mut config = notes(world)?
            .get("config")
            .and_then(toml::Value::as_table)
            .cloned()
            .context("the world has no configuration")?;
        config.insert("connection".to_owned(), self.emulator.connection(false));
        toml::to_string(&config).context("the configuration cannot be written down")
    }
}

/// The world with a reader that holds no more than it needs, and a secret that does not end.
fn of_world(world: &str) -> Result<String> {
    let permissions = permissions::application_permissions()?;
    Ok(format!(
        "summary = \"{world}, for the bench\"\nextends = \"{world}\"\n\n[app.reader]\n\
         secrets = [{{ value = \"{SECRET}\", ends = 9000-01-01T00:00:00Z }}]\n\n\
         [app.reader.permissions]\ngraph = {permissions:?}\n"
    ))
}

/// What the world says to cutover: its configuration, and what signs in.
fn notes(world: &str) -> Result<toml::Table> {
    let world = World::built_in(world).context("there is no such world")?;
    world
        .notes_for("cutover")
        .cloned()
        .context("the world is for other clients")
}
