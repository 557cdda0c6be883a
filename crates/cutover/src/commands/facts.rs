//! `cutover facts`: store what was seen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use cutover_core::facts::Facts;
use cutover_core::redact::redact;
use cutover_core::{Pack, Selection};

use crate::carrying::StillOut;
use crate::commands::check::look;
use crate::commands::judge::read;
use crate::output::file::save;
use crate::output::stream;
use crate::session::{Session, built_in_pack};
use crate::{Exit, Global, Stop};

/// Store what was seen in the tenant, to judge it again later with `cutover judge`
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Where to; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Replace names, addresses and ids by tokens, so that the file can be passed on
    #[arg(long)]
    redact: bool,
    /// Redact this stored file instead of looking at the tenant
    #[arg(long, value_name = "FILE", requires = "redact")]
    from: Option<PathBuf>,
}

pub(crate) async fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let (facts, pack, exit) = match &options.from {
        Some(file) => (read(file)?, built_in_pack()?, Exit::Done),
        None => {
            let session = Session::open(global).await?;
            let out = StillOut::told(&session, global);
            let (facts, _) = out.weigh(look(&session, &Selection::default()).await)?;
            session.keep()?;
            (facts, session.pack, out.or(Exit::Done))
        }
    };
    let (facts, replaced) = match options.redact {
        true => redacted(&facts, &pack)?,
        false => (facts, None),
    };
    let mut text = serde_json::to_string_pretty(&facts).context("cannot write the facts down")?;
    text.push('\n');
    let notice = match &replaced {
        Some(replaced) => passing_on(replaced, &options.output),
        None => "It names people and objects of the tenant: keep it like a password list".to_owned(),
    };
    if options.output.as_os_str() == "-" {
        stream::json(&text, global.plain);
        if replaced.is_some() {
            stream::note(&notice);
        }
        return Ok(exit);
    }
    let path = options.output.display();
    save(&options.output, &text).with_context(|| format!("cannot write {path}"))?;
    let size = fs::metadata(&options.output).map(|data| data.len()).unwrap_or_default();
    stream::note(&format!("wrote {path} ({size} bytes). {notice}"));
    Ok(exit)
}

/// The facts with tokens, and how many values of each kind were replaced.
fn redacted(facts: &Facts, pack: &Pack) -> anyhow::Result<(Facts, Option<BTreeMap<&'static str, usize>>)> {
    let redacted = redact(facts, pack).context("the facts could not be redacted, so nothing was written")?;
    Ok((redacted.facts, Some(redacted.replaced)))
}

/// What was replaced, what was not, and how to be sure before the file is passed on.
fn passing_on(replaced: &BTreeMap<&'static str, usize>, file: &Path) -> String {
    let counts: Vec<String> = replaced.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let counts = match counts.as_slice() {
        [] => "Nothing had to be replaced".to_owned(),
        counts => format!("Replaced by tokens: {}", counts.join(", ")),
    };
    let again = match file.as_os_str() == "-" {
        true => String::new(),
        false => format!("; cutover judge {} gives the same verdicts", file.display()),
    };
    format!(
        "{counts}\n  \
         times, counts, states, versions and languages stay: they may tell when somebody worked, and how large the tenant is\n  \
         to check it before you pass it on: search it for your domains, your company and your people{again}"
    )
}
