//! What a bundle says it holds.

use aws_lc_rs::digest::{SHA256, digest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// Name of the file in the bundle.
pub(super) const NAME: &str = "manifest.json";

/// The form this module writes.
pub const FORMAT: &str = "cutover-bundle/1";

/// What a bundle holds, and of what run. Within version 1 fields may be added, never renamed, removed or given another meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// Always `cutover-bundle/1`.
    pub format: String,
    /// `sha256:` and the digest, in hexadecimal digits, of this file with an empty text in this place.
    pub digest: String,
    /// Version of the program that wrote the bundle.
    pub tool: String,
    /// Of which run.
    #[serde(flatten)]
    pub about: About,
    /// Each other file, by name.
    pub files: Vec<Listed>,
}

/// Of which run a bundle is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct About {
    /// Its number in its journal.
    pub run: i64,
    /// Digest of its plan.
    pub plan: String,
    /// Entra tenant id.
    pub tenant_id: String,
    /// Address of the environment.
    pub environment: String,
}

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// Its name in the archive.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// SHA-256 in hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Listed {
    /// What a file of this name and content is listed as.
    pub(super) fn of(name: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            sha256: sha256(bytes),
        }
    }

    /// Size and digest, for a person.
    pub(super) fn told(&self) -> String {
        format!("{} bytes with sha256:{}", self.bytes, self.sha256)
    }
}

impl Manifest {
    /// The text of a manifest, with its digest in it.
    pub(super) fn text(about: &About, files: Vec<Listed>) -> String {
        let mut manifest = Self {
            format: FORMAT.to_owned(),
            digest: String::new(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            about: about.clone(),
            files,
        };
        // It holds strings and numbers only, which always become JSON.
        let text = |manifest: &Self| serde_json::to_string_pretty(manifest).unwrap_or_default() + "\n";
        manifest.digest = format!("sha256:{}", sha256(text(&manifest).as_bytes()));
        text(&manifest)
    }

    /// Reads a manifest, and compares its digest with its text.
    pub(super) fn read(text: &[u8]) -> Result<(Self, Option<Fault>), Fault> {
        let unreadable = |what: String| Fault::Manifest { what };
        let text = std::str::from_utf8(text).map_err(|error| unreadable(error.to_string()))?;
        let manifest: Self = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
        if manifest.format != FORMAT {
            let format: String = manifest.format.chars().take(40).collect();
            let what = format!("it has the form `{format}`, this version of cutover reads `{FORMAT}`");
            return Err(unreadable(what));
        }
        let empty = text.replacen(&format!("\"digest\": \"{}\"", manifest.digest), "\"digest\": \"\"", 1);
        let computed = format!("sha256:{}", sha256(empty.as_bytes()));
        let changed = (computed != manifest.digest).then(|| Fault::ManifestChanged {
            stated: manifest.digest.chars().take(80).collect(),
            computed,
        });
        Ok((manifest, changed))
    }
}
