//! The emulator as a process of its own, which speaks TLS with an authority of its own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// An emulator that is running; it ends with this value.
pub(super) struct Server {
    child: Child,
    /// Its address: scheme, host and port.
    pub(super) base: String,
    folder: TempDir,
}

impl Server {
    /// Serves the world in a file on a free port.
    pub(super) fn start(program: &Path, world: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        let mut child = Command::new(program)
            .args(["emulator", "--port", "0", "--https", "--ca-file"])
            .arg(authority_in(&folder))
            .arg("--world-file")
            .arg(world)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start the emulator")?;
        let out = BufReader::new(child.stdout.take().context("the emulator has no output")?);
        let port = out.lines().map_while(Result::ok).find_map(|line| {
            let address = line
                .strip_prefix("control")?
                .trim()
                .strip_prefix("https://127.0.0.1:")?;
            address.split('/').next()?.parse::<u16>().ok()
        });
        // A client's rules for names are stricter than those for addresses.
        let server = |port| Self {
            child,
            base: format!("https://localhost:{port}"),
            folder,
        };
        port.map(server)
            .context("the emulator does not say where it listens; does it know this world?")
    }

    /// The certificate of its authority.
    pub(super) fn authority(&self) -> PathBuf {
        authority_in(&self.folder)
    }
}

fn authority_in(folder: &TempDir) -> PathBuf {
    folder.path().join("ca.pem")
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
