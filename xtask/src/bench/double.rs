//! The emulator as a process of its own, so that what it costs is not counted as the program's.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use cutover_emulator::World;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::{self, Measured};
use super::requests::Entry;
use crate::codegen::permissions;

/// The secret that the double's reader signs in with here.
const SECRET: &str = "secret-of-the-bench";

/// A double that is running; it ends with this value.
pub(super) struct Double {
    child: Child,
    /// Host and port.
    address: String,
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
        let mut child = Command::new(program)
            .args(["emulator", "--port", "0", "--world-file"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start the emulator")?;
        let out = BufReader::new(child.stdout.take().context("the emulator has no output")?);
        let address = out
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let address = line.strip_prefix("control")?.trim().strip_prefix("http://")?;
                Some(address.split('/').next()?.to_owned())
            })
            .context("the emulator does not say where it listens")?;
        let refresh_token = notes(world)?
            .get("partner_refresh_token")
            .and_then(toml::Value::as_str)
            .context("the world signs nobody in at Partner Center")?
            .to_owned();
        let double = Self {
            child,
            address,
            folder,
            refresh_token,
        };
        let config = double.config(world)?;
        std::fs::write(double.folder.path().join("cutover.toml"), config).context("cannot write the configuration")?;
        let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        double.control(
            "POST",
            "faults",
            &json!([{"kind": "latency", "milliseconds": milliseconds}]).to_string(),
        )?;
        Ok(double)
    }

    /// Everything that reached it so far.
    pub(super) fn log(&self) -> Result<Vec<Entry>> {
        let text = self.control("GET", "log", "")?;
        let entries: Vec<Value> = serde_json::from_str(&text).context("the emulator's log is not JSON")?;
        entries.iter().map(Entry::read).collect()
    }

    /// Lets time pass in the double.
    pub(super) fn pass(&self, time: Duration) -> Result<()> {
        self.control(
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
        let base = format!("http://{}", self.address);
        let connection = ["login", "graph", "dataverse", "power_platform", "partner_center"]
            .map(|key| (key.to_owned(), toml::Value::String(base.clone())));
        config.insert(
            "connection".to_owned(),
            toml::Value::Table(connection.into_iter().collect()),
        );
        toml::to_string(&config).context("the configuration cannot be written down")
    }

    /// One request to the control port.
    fn control(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address).context("cannot reach the emulator")?;
        let length = body.len();
        write!(
            stream,
            "{method} /_emulator/{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}",
            self.address
        )
        .context("cannot ask the emulator")?;
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .context("cannot read the emulator's answer")?;
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .context("the emulator's answer is cut off")?;
        if !head.starts_with("HTTP/1.1 2") {
            bail!("the emulator refused {path}: {body}");
        }
        Ok(body.to_owned())
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        // It is gone already when this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
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
