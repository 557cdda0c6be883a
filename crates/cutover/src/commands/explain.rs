//! `cutover explain`: the manual page of a requirement, offline.

use std::fmt::Write as _;

use clap::Args;
use cutover_core::Code;
use cutover_core::pack::{Life, Pack, Phase, Requirement, Severity};

use crate::commands::check::requirement;
use crate::output::stream;
use crate::session::built_in_pack;
use crate::{Exit, Global, Stop};

/// The manual page of a requirement: why, evidence, fix by hand, permissions, source
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The requirement, such as W301; without one, all of them are listed
    #[arg(value_name = "CODE")]
    code: Option<Code>,
}

pub(crate) fn run(global: &Global, options: &Options) -> Result<Exit, Stop> {
    let pack = built_in_pack()?;
    let Some(code) = options.code else {
        let mut out = String::new();
        for requirement in &pack.requirement {
            let _ = writeln!(out, "{}  {}", requirement.code, requirement.title);
        }
        stream::text(&out, global.plain);
        return Ok(Exit::Done);
    };
    requirement(&pack, code)?;
    stream::text(&page(&pack, code).unwrap_or_default(), global.plain);
    Ok(Exit::Done)
}

/// The page of a requirement in Markdown; also what `docs/checks` holds.
pub(crate) fn page(pack: &Pack, code: Code) -> Option<String> {
    let requirement = pack.requirement(code)?;
    let check = cutover_core::checks::find(code)?;
    let mut out = format!("# {code}: {}\n\n", requirement.title);
    let _ = writeln!(out, "{}\n", metadata(requirement));
    for line in check.page.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        // The doc comment's headings stand one level below the page's own.
        let _ = writeln!(out, "{}{line}", if line.starts_with("# ") { "#" } else { "" });
    }
    let _ = writeln!(out, "\n## Permissions\n");
    out.push_str(&permissions(check, pack));
    let _ = writeln!(out, "\n## Source\n");
    for source in &requirement.sources {
        let date = source
            .date
            .as_ref()
            .map(|date| format!(" ({date})"))
            .unwrap_or_default();
        let says = source.says.as_ref().map(|says| format!(": {says}")).unwrap_or_default();
        let _ = writeln!(out, "- {}{date}{says}\n  <{}>", source.title, source.url);
    }
    Some(out)
}

fn metadata(requirement: &Requirement) -> String {
    let severity = match requirement.severity {
        Severity::Required => "required",
        Severity::Advisory => "advice",
    };
    let phase = match requirement.phase {
        Phase::Before => "before the install step",
        Phase::Window => "inside the window of a run",
        Phase::After => "after the install step",
    };
    let life = match requirement.life {
        Life::Temporary => "a loan, given back after the run",
        Life::Lasting => "stays",
        Life::None => "nothing is held",
    };
    let attest = if requirement.attestable {
        " · can be attested"
    } else {
        ""
    };
    format!(
        "Row {} of the article · {severity} · {phase} · {life}{attest}",
        requirement.row
    )
}

/// What the sign-in must be allowed to see, from the calls themselves.
fn permissions(check: &cutover_core::Check, pack: &Pack) -> String {
    let mut out = String::new();
    for call in cutover_runner::collect::calls_of(check, pack) {
        let _ = writeln!(out, "- {}", cutover_runner::collect::in_words(call));
    }
    if out.is_empty() {
        out.push_str("None: it looks at nothing but attestations.\n");
    }
    out
}
