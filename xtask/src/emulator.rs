//! The emulator as a process of its own, driven through its control port.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;

/// An emulator that is running over HTTP; it ends with this value.
pub(crate) struct Emulator {
    child: Child,
    /// Host and port.
    address: String,
}

impl Emulator {
    /// Starts `cutover emulator` on a free port, with further arguments.
    pub(crate) fn start<A: AsRef<OsStr>>(program: &Path, arguments: impl IntoIterator<Item = A>) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["emulator", "--port", "0"])
            .args(arguments)
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
        Ok(Self { child, address })
    }

    /// Where its services are.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The table `[connection]` by which cutover finds its services, with or without its clock.
    pub(crate) fn connection(&self, clock: bool) -> toml::Value {
        let services = ["login", "graph", "dataverse", "power_platform", "partner_center"];
        let services = services.map(|key| (key.to_owned(), self.base().into()));
        let control = clock.then(|| ("control".to_owned(), format!("{}/_emulator", self.base()).into()));
        toml::Value::Table(services.into_iter().chain(control).collect())
    }

    /// What a request to the control port answers, read as JSON.
    pub(crate) fn told<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let text = self.control("GET", path, "")?;
        serde_json::from_str(&text).with_context(|| format!("the emulator's {path} cannot be read"))
    }

    /// One request to the control port.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> Result<String> {
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

impl Drop for Emulator {
    fn drop(&mut self) {
        // It is gone already when this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
