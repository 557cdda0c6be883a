//! The JSON of `verify-bundle`, version 1. Its schema is published in `docs/schemas`.
//!
//! Within version 1 fields may be added, never renamed, removed or given another meaning.

use cutover_report::bundle::{About, Signed, Verified};
use schemars::JsonSchema;
use serde::Serialize;

/// The form this module writes.
pub const FORMAT: &str = "cutover-verify/1";

/// What a bundle turned out to be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Always `cutover-verify/1`.
    pub format: String,
    /// Whether it is what was written and, when a key was given, signed with it.
    pub unchanged: bool,
    /// Of which run it says it is; `null` when that cannot be read.
    pub about: Option<About>,
    /// How many files the manifest names.
    pub files: usize,
    /// `by the given key`, `not checked` when no key was given, `no` when nobody signed it, `wrong`.
    pub signed: String,
    /// The key, as `sha256:` and the digest of its DER form.
    pub key: Option<String>,
    /// In what it is not what was written.
    pub faults: Vec<String>,
    /// The exit code that goes with it.
    pub exit_code: u8,
}

impl Report {
    pub(crate) fn of(verified: &Verified, exit_code: u8) -> Self {
        let (signed, key) = match &verified.signed {
            None => ("wrong", None),
            Some(Signed::No) => ("no", None),
            Some(Signed::Unchecked { keys }) => ("not checked", Some(keys.clone())),
            Some(Signed::By { key }) => ("by the given key", Some(key.clone())),
        };
        let manifest = verified.manifest.as_ref();
        Self {
            format: FORMAT.to_owned(),
            unchanged: verified.faults.is_empty(),
            about: manifest.map(|manifest| manifest.about.clone()),
            files: manifest.map_or(0, |manifest| manifest.files.len()),
            signed: signed.to_owned(),
            key,
            faults: verified.faults.iter().map(ToString::to_string).collect(),
            exit_code,
        }
    }
}
