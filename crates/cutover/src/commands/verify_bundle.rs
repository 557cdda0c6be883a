//! `cutover verify-bundle`: is an evidence bundle what was written? It asks nobody.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cutover_report::bundle::{MOST_PACKED, verify};

use crate::commands::report::public_key;
use crate::output::style::Style;
use crate::output::verify_v1::Report;
use crate::output::{stream, verified};
use crate::{Exit, Global, Stop};

/// Is an evidence bundle what was written? Every change is named; asks nobody, and unpacks nothing
///
/// Exit code 0: nothing was changed, and with --key it was signed with that key. 4: something was changed, and a person has to
/// find out by whom. 2: the file or the key cannot be read.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The bundle, as `cutover report --bundle FILE` wrote it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The public key that it has to be signed with, as PEM
    #[arg(long, value_name = "PUB")]
    key: Option<PathBuf>,
    /// What is written to standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    output: Format,
}

/// Forms of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// For a program, with a published schema.
    Json,
}

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let key = options.key.as_deref().map(public_key).transpose()?;
    let verified = verify(&read(&options.file)?, key.as_ref());
    let exit = match verified.faults.is_empty() {
        true => Exit::Done,
        false => Exit::PersonMustAct,
    };
    match options.output {
        Format::Table => stream::text(
            &verified::render(&verified, Style::of_stdout(global.plain)),
            global.plain,
        ),
        Format::Json => {
            let report = Report::of(&verified, exit.code());
            let text = serde_json::to_string_pretty(&report).unwrap_or_default() + "\n";
            stream::json(&text, global.plain);
        }
    }
    Ok(exit)
}

/// The file, and of one that is too large only so much that this can be told.
fn read(file: &Path) -> Result<Vec<u8>, Stop> {
    let refused = |error: std::io::Error| {
        Stop::usage(format!(
            "error: cannot read {}: {error}\n  hint: cutover report --bundle FILE writes one",
            file.display()
        ))
    };
    let most = u64::try_from(MOST_PACKED).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(refused)?;
    opened.take(most + 1).read_to_end(&mut bytes).map_err(refused)?;
    Ok(bytes)
}
