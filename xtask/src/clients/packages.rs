//! Pinned packages of npm, installed once for each list of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::environment::{COMPLETE, name, succeed};

/// The folder `node_modules` with the packages that the list names, below `cache`; made when it is not there yet. Their own
/// install scripts are not run.
pub(super) fn prepare(list: &Path, cache: &Path) -> Result<PathBuf> {
    let text = std::fs::read(list).with_context(|| format!("cannot read {}", list.display()))?;
    let folder = cache.join(name("npm", &text));
    let modules = folder.join("node_modules");
    if folder.join(COMPLETE).is_file() {
        return Ok(modules);
    }
    println!("installing {} into {}", list.display(), folder.display());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    std::fs::write(folder.join("package.json"), &text).context("cannot copy the list of packages")?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let flags = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    succeed(Command::new(npm).args(flags).current_dir(&folder))?;
    std::fs::write(folder.join(COMPLETE), "").context("cannot mark the packages")?;
    Ok(modules)
}
