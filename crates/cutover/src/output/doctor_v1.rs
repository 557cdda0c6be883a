//! What `doctor` found, as JSON version 1 and for a person. The schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::escape;
use super::style::Style;

/// The form this module writes.
pub const FORMAT: &str = "cutover-doctor/1";

/// How it stands with cutover on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Always `cutover-doctor/1`.
    pub format: String,
    /// Version of the program.
    pub tool: String,
    /// Whether no service was asked.
    pub offline: bool,
    /// How many lines are problems.
    pub problems: usize,
    /// How many lines are warnings.
    pub warnings: usize,
    /// What was looked at, in order.
    pub lines: Vec<Line>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Line {
    /// What it is about, such as `configuration` or `Microsoft Graph`.
    pub about: String,
    /// `ok`, `warning` or `problem`.
    pub state: State,
    /// What was found. May hold texts of a service: escape it where you show it.
    pub found: String,
    /// What to do next; `null` when nothing has to be done.
    pub next: Option<String>,
}

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and somebody should know.
    Warning,
    /// It does not work.
    Problem,
}

impl Line {
    /// As it should be.
    pub(crate) fn ok(about: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            about: about.into(),
            state: State::Ok,
            found: found.into(),
            next: None,
        }
    }

    /// It works, and somebody should know.
    pub(crate) fn warning(about: impl Into<String>, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            state: State::Warning,
            next: Some(next.into()),
            ..Self::ok(about, found)
        }
    }

    /// It does not work.
    pub(crate) fn problem(about: impl Into<String>, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            state: State::Problem,
            ..Self::warning(about, found, next)
        }
    }
}

impl Report {
    /// The report of these lines.
    pub(crate) fn new(offline: bool, lines: Vec<Line>) -> Self {
        let count = |state: State| lines.iter().filter(|line| line.state == state).count();
        Self {
            format: FORMAT.to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            offline,
            problems: count(State::Problem),
            warnings: count(State::Warning),
            lines,
        }
    }

    /// What an administrator reads; `all` is false where only what is not well is wanted.
    pub(crate) fn render(&self, style: Style, all: bool) -> String {
        let mut out = String::new();
        for line in &self.lines {
            if !all && line.state == State::Ok {
                continue;
            }
            let (sign, ascii, word) = match line.state {
                State::Ok => ("√", "+", "ok"),
                State::Warning => ("‼", "!", "warning"),
                State::Problem => ("×", "x", "problem"),
            };
            let sign = if style.ascii { ascii } else { sign };
            let mut found = line.found.lines();
            let _ = writeln!(
                out,
                "{sign} {word:<8} {:<15} {}",
                escape::line(&line.about),
                escape::line(found.next().unwrap_or_default())
            );
            for more in found {
                let _ = writeln!(out, "{:27}{}", "", escape::line(more));
            }
            for next in line.next.iter().flat_map(|next| next.lines()) {
                let _ = writeln!(out, "{:27}next: {}", "", escape::line(next));
            }
        }
        let count = |count: usize, word: &str| match count {
            1 => format!("1 {word}"),
            count => format!("{count} {word}s"),
        };
        let asked = if self.offline { ", no service was asked" } else { "" };
        let _ = writeln!(
            out,
            "{}, {}{asked}",
            count(self.problems, "problem"),
            count(self.warnings, "warning")
        );
        out
    }
}
