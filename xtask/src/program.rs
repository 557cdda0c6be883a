//! The program itself, built for a chore that runs it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// How the program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As users get it.
    Release,
    /// As tests get it.
    Development,
}

/// Builds the program and says where it is.
///
/// # Errors
/// When cargo cannot be run or the program cannot be built.
pub fn build(root: &Path, mode: Mode) -> Result<PathBuf> {
    build_binary(root, mode, "cutover", &[])
}

/// Builds the program that dies where it is told to. It has a name of its own, so that the one users get stays as it is.
///
/// # Errors
/// When cargo cannot be run or the program cannot be built.
pub fn build_crashing(root: &Path, mode: Mode) -> Result<PathBuf> {
    build_binary(root, mode, "cutover-crashing", &["--features", "crash-points"])
}

fn build_binary(root: &Path, mode: Mode, name: &str, further: &[&str]) -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).arg("build");
    if mode == Mode::Release {
        command.arg("--release");
    }
    let output = command
        .args(["--package", "cutover", "--bin", name])
        .args(further)
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        bail!("the program cannot be built");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo does not say where the program is")
}
