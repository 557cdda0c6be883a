//! The store of attestations: one small file beside the journal-to-be, written whole or not at all.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use cutover_core::attestation::Attestation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The stored form this version writes and reads.
const FORMAT: &str = "cutover-attestations/1";

/// Attestations of one state folder.
#[derive(Debug, Clone)]
pub struct AttestationStore {
    path: PathBuf,
}

/// Why the store cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("cannot {what} {path}", path = path.display())]
    Io {
        /// `read`, `write`, `create`.
        what: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what this program wrote.
    #[error("{path} is broken: {message}; move it away to begin anew, attestations in it have to be given again", path = path.display())]
    Broken {
        /// Which file.
        path: PathBuf,
        /// What the parser says.
        message: String,
    },
    /// The file is of another version.
    #[error("{path} has the format `{found}`, this version of cutover reads `{FORMAT}`", path = path.display())]
    OtherFormat {
        /// Which file.
        path: PathBuf,
        /// The format it names.
        found: String,
    },
}

/// What people confirmed, as it is stored between commands.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestationFile {
    /// Always `cutover-attestations/1`.
    pub format: String,
    /// What was attested, oldest first.
    pub attestations: Vec<Attestation>,
}

impl AttestationStore {
    /// The store of a state folder; the folder need not exist yet.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            path: folder.join("attestations.json"),
        }
    }

    /// Everything that was attested, oldest first; nothing when the file does not exist.
    ///
    /// # Errors
    /// When the file cannot be read, is broken, or of another version.
    pub fn read(&self) -> Result<Vec<Attestation>, StoreError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => {
                return Err(StoreError::Io {
                    what: "read",
                    path: self.path.clone(),
                    source,
                });
            }
        };
        let broken = |error: serde_json::Error| StoreError::Broken {
            path: self.path.clone(),
            message: error.to_string(),
        };
        let value: serde_json::Value = serde_json::from_str(&text).map_err(broken)?;
        let format = value
            .get("format")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        if format != FORMAT {
            let found = format.chars().take(40).collect();
            return Err(StoreError::OtherFormat {
                path: self.path.clone(),
                found,
            });
        }
        serde_json::from_value::<AttestationFile>(value)
            .map(|file| file.attestations)
            .map_err(broken)
    }

    /// Adds one attestation. The file is replaced in one step, so a crash leaves the old or the new one.
    ///
    /// # Errors
    /// When the present file cannot be read, or the new one not be written.
    pub fn add(&self, attestation: Attestation) -> Result<(), StoreError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let io = |what: &'static str| {
            let path = self.path.clone();
            move |source| StoreError::Io { what, path, source }
        };
        fs::create_dir_all(folder).map_err(io("create the folder of"))?;
        // Two programs that add at once take turns, so that none of them writes over what the other has just added. The
        // lock ends with the file handle.
        let turn = fs::File::create(folder.join("attestations.lock")).map_err(io("write beside"))?;
        turn.lock().map_err(io("lock"))?;
        let mut attestations = self.read()?;
        attestations.push(attestation);
        let file = AttestationFile {
            format: FORMAT.to_owned(),
            attestations,
        };
        let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(io("write"))?;
        serde_json::to_writer_pretty(&mut temporary, &file).map_err(|error| StoreError::Io {
            what: "write",
            path: self.path.clone(),
            source: error.into(),
        })?;
        temporary.write_all(b"\n").map_err(io("write"))?;
        temporary.as_file().sync_all().map_err(io("write"))?;
        temporary
            .persist(&self.path)
            .map_err(|error| io("write")(error.error))?;
        Ok(())
    }
}
