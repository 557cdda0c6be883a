//! The JSON of `explain-mfa`, version 1. Its schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_core::mfa_explained::Explained;
use schemars::JsonSchema;
use serde::Serialize;

/// The form this module writes.
pub const FORMAT: &str = "cutover-explain-mfa/1";

/// Why MFA is demanded of an account, or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Always `cutover-explain-mfa/1`.
    pub format: String,
    /// Version of the program.
    pub tool: String,
    /// The reasoning about the demand.
    #[serde(flatten)]
    pub explained: Explained,
    /// What else is required of the account's MFA.
    pub requirements: Vec<Requirement>,
}

/// What a requirement beside the demand came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Requirement {
    /// Its code, such as `W501`.
    pub code: String,
    /// The verdict by name, as `check` writes it.
    pub verdict: String,
    /// The same in a sentence.
    pub sentence: String,
}

impl Report {
    /// The report of this program.
    pub(crate) fn new(explained: Explained, requirements: Vec<Requirement>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            explained,
            requirements,
        }
    }
}
