//! A virtual environment of Python with pinned packages, made once for each list of them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use aws_lc_rs::digest;

use super::program_in;

/// The file that says that everything was installed.
pub(super) const COMPLETE: &str = "complete";

/// A virtual environment that holds all packages of a list.
#[derive(Debug)]
pub(super) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// The environment for the list in `requirements`, below `cache`; made when it is not there yet, and made anew when
    /// it was left half done.
    pub(super) fn prepare(requirements: &Path, cache: &Path) -> Result<Self> {
        let list = std::fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
        let environment = Self {
            folder: cache.join(name("python", &list)),
        };
        if environment.folder.join(COMPLETE).is_file() {
            return Ok(environment);
        }
        if environment.folder.exists() {
            std::fs::remove_dir_all(&environment.folder)
                .with_context(|| format!("cannot remove {}", environment.folder.display()))?;
        }
        println!(
            "installing {} into {}",
            requirements.display(),
            environment.folder.display()
        );
        let python = if cfg!(windows) { "python" } else { "python3" };
        succeed(Command::new(python).args(["-m", "venv"]).arg(&environment.folder))?;
        succeed(
            Command::new(environment.python())
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--no-deps",
                    "--disable-pip-version-check",
                ])
                .arg("--requirement")
                .arg(requirements),
        )?;
        std::fs::write(environment.folder.join(COMPLETE), "").context("cannot mark the environment")?;
        Ok(environment)
    }

    /// Its interpreter.
    pub(super) fn python(&self) -> PathBuf {
        program_in(&self.folder, "python")
    }
}

/// The folder's name: other packages, other folder.
pub(super) fn name(kind: &str, list: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, list);
    let start = digest.as_ref().iter().take(8);
    start.fold(format!("{kind}-"), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

pub(super) fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{} ended with {status}", command.get_program().display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_list_is_another_folder_and_what_is_complete_stays() {
        assert_ne!(name("python", b"msal==1"), name("python", b"msal==2"));
        let cache = tempfile::tempdir().unwrap();
        let list = cache.path().join("requirements.txt");
        std::fs::write(&list, "msal==1").unwrap();
        let folder = cache.path().join(name("python", b"msal==1"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(COMPLETE), "").unwrap();
        let environment = Environment::prepare(&list, cache.path()).unwrap();
        assert!(
            environment.python().starts_with(&folder),
            "nothing is installed a second time"
        );
    }
}
