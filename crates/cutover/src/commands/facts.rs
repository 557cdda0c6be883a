//! `cutover facts`: store what was seen.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use cutover_core::Selection;

use crate::commands::check::look;
use crate::output::stream;
use crate::session::Session;
use crate::{Exit, Global, Stop};

/// Store what was seen in the tenant, to judge it again later with `cutover judge`
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where to; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let session = Session::open(global).await?;
    let (facts, _) = look(&session, &Selection::default()).await?;
    session.keep()?;
    let mut text = serde_json::to_string_pretty(&facts).context("cannot write the facts down")?;
    text.push('\n');
    if options.output.as_os_str() == "-" {
        stream::json(&text, global.plain);
        return Ok(Exit::Done);
    }
    let path = options.output.display();
    save(&options.output, &text).with_context(|| format!("cannot write {path}"))?;
    let size = fs::metadata(&options.output).map(|data| data.len()).unwrap_or_default();
    stream::note(&format!(
        "wrote {path} ({size} bytes). It names people and objects of the tenant: keep it like a password list"
    ));
    Ok(Exit::Done)
}

/// Whole or not at all: a half-written file would be taken for a broken one later. A device or a pipe is written as it is.
fn save(path: &Path, text: &str) -> std::io::Result<()> {
    if fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return fs::write(path, text);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or_else(|| Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
