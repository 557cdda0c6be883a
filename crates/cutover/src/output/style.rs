//! Signs and colour. The word always stands beside the sign, so nothing is said by colour or sign alone.

use std::env;
use std::io::IsTerminal;

use cutover_core::Verdict;
use cutover_core::verdict::Finding;

/// How much a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    colour: bool,
    /// Only ASCII is written.
    pub(crate) ascii: bool,
    /// Columns to wrap at; `None` leaves lines whole.
    pub(crate) width: Option<usize>,
}

impl Style {
    /// What standard output can show; `plain` asks for ASCII without colour.
    pub(crate) fn of_stdout(plain: bool) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            colour: terminal && !plain && !no_colour,
            ascii: plain,
            width: Some(110),
        }
    }

    /// For standard error, where everything that could be an escape sequence is made visible.
    pub(crate) fn uncoloured(plain: bool) -> Self {
        Self {
            colour: false,
            ..Self::of_stdout(plain)
        }
    }

    /// The sign of a finding.
    pub(crate) fn sign(self, finding: &Finding) -> &'static str {
        let warned = !finding.warnings().is_empty();
        let (pretty, ascii) = match finding.verdict() {
            Verdict::Met(_) if warned => ("‼", "!"),
            Verdict::Met(_) => ("√", "+"),
            Verdict::Loan(_) => ("±", "~"),
            Verdict::Missing => ("×", "x"),
            Verdict::Due(_) => ("»", ">"),
            Verdict::ByHand => ("†", "h"),
            Verdict::NotApplicable(_) => ("–", "-"),
            Verdict::Unknown(_) => ("?", "?"),
            Verdict::Waived(_) => ("○", "o"),
        };
        if self.ascii { ascii } else { pretty }
    }

    /// The separator between parts of a line.
    pub(crate) fn dot(self) -> &'static str {
        if self.ascii { "-" } else { "·" }
    }

    /// An arrow from what is to what shall be.
    pub(crate) fn arrow(self) -> &'static str {
        if self.ascii { "->" } else { "→" }
    }

    /// The sign of something lent.
    pub(crate) fn loan(self) -> &'static str {
        if self.ascii { "+-" } else { "±" }
    }

    /// The sign of what only a person can do.
    pub(crate) fn by_hand(self) -> &'static str {
        if self.ascii { "h" } else { "†" }
    }

    /// The sign of what is not done.
    pub(crate) fn refused(self) -> &'static str {
        if self.ascii { "x" } else { "×" }
    }

    /// Text wrapped at the width, of which the first line has `first` columns already; further lines begin with `indent`.
    pub(crate) fn wrapped(self, text: &str, first: usize, indent: &str) -> String {
        let Some(width) = self.width else {
            return text.to_owned();
        };
        let blank = " ".repeat(first);
        let options = textwrap::Options::new(width)
            .initial_indent(&blank)
            .subsequent_indent(indent)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let filled = textwrap::fill(text, options);
        filled.strip_prefix(&blank).map(str::to_owned).unwrap_or(filled)
    }

    /// Text in the colour of a verdict.
    pub(crate) fn of_verdict(self, finding: &Finding, text: &str) -> String {
        let colour = match finding.verdict() {
            Verdict::Met(_) if finding.warnings().is_empty() => "32",
            Verdict::Met(_) | Verdict::Waived(_) => "33",
            Verdict::Loan(_) | Verdict::Due(_) => "36",
            Verdict::Missing | Verdict::ByHand => "31",
            Verdict::Unknown(_) => "35",
            Verdict::NotApplicable(_) => "2",
        };
        self.paint(colour, text)
    }

    /// Bold text.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Text that steps back.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
