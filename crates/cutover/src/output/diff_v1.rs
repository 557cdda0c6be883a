//! The JSON of `diff`, version 1. Its schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_core::difference::{FactChange, Standing, VerdictChange};
use schemars::JsonSchema;
use serde::Serialize;

/// The form this module writes.
pub const FORMAT: &str = "cutover-diff/1";

/// What changed between two looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Always `cutover-diff/1`.
    pub format: String,
    /// Version of the program.
    pub tool: String,
    /// Name of the requirement pack that facts were judged by.
    pub pack: String,
    /// The first file.
    pub before: Side,
    /// The second file.
    pub after: Side,
    /// The requirements whose verdict, or whose weight, is another one.
    pub verdicts: Vec<Verdict>,
    /// The facts that changed; `null` when a file holds the result of a check, which has no facts.
    pub facts: Option<Vec<Fact>>,
    /// What a reader has to know to judge the comparison.
    pub notes: Vec<String>,
}

/// One of the two files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// The file, as it was named.
    pub file: String,
    /// `facts`, or `check` for the stored result of a check.
    pub kind: String,
    /// When the facts were collected (RFC 3339).
    pub collected_at: String,
    /// Tenant, as configured.
    pub tenant: String,
    /// Tenant id.
    pub tenant_id: String,
    /// Address of the environment.
    pub environment: String,
    /// Whether names and ids are tokens.
    pub redacted: bool,
    /// The readiness in words.
    pub readiness: String,
    /// The exit code that goes with it.
    pub exit_code: u8,
}

/// A requirement that stands otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// Code of the requirement.
    pub code: String,
    /// What is required.
    pub title: String,
    /// How it stood; `null` when it was not looked at.
    pub before: Option<Stand>,
    /// How it stands; `null` when it is not looked at any more.
    pub after: Option<Stand>,
}

/// How a requirement stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stand {
    /// The verdict, as in the report of a check.
    pub verdict: String,
    /// Whether it keeps the tenant from being ready.
    pub blocks: bool,
    /// One line for a person. May hold names from the tenant: escape it where you show it.
    pub sentence: String,
}

/// A fact that changed. Texts may hold names from the tenant: escape them where you show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fact {
    /// What it is about, such as `solutions`.
    pub about: String,
    /// `added`, `removed`, `changed`, `hidden`, `shown`.
    pub change: String,
    /// Which of them; empty where there is only one.
    pub name: String,
    /// How it was, or why it could not be seen.
    pub before: String,
    /// How it is, or why it cannot be seen.
    pub after: String,
    /// The change as a sentence fragment.
    pub sentence: String,
}

impl From<&VerdictChange> for Verdict {
    fn from(change: &VerdictChange) -> Self {
        let stand = |standing: &Standing| Stand {
            verdict: standing.verdict.clone(),
            blocks: standing.blocks,
            sentence: standing.sentence.clone(),
        };
        let either = change.after.as_ref().or(change.before.as_ref());
        Self {
            code: change.code.to_string(),
            title: either.map(|standing| standing.title.clone()).unwrap_or_default(),
            before: change.before.as_ref().map(stand),
            after: change.after.as_ref().map(stand),
        }
    }
}

impl From<&FactChange> for Fact {
    fn from(change: &FactChange) -> Self {
        Self {
            about: change.about.clone(),
            change: change.kind.name().to_owned(),
            name: change.name.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            sentence: change.sentence(),
        }
    }
}
