//! State, clock and audit log in a folder, so that an emulated tenant outlives one command.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::Entry;
use crate::clock::Clock;
use crate::emulator::Emulator;
use crate::state::State;

/// The file inside the folder.
const FILE: &str = "state.json";
/// What the file says it is.
const FORMAT: &str = "emulated-tenant";
/// The version this build writes, and the only one it reads: since 2 a state keeps what changes later, since 3 there
/// may be several tenants.
const VERSION: u32 = 3;

/// Why a stored state could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is cut off or was changed by hand.
    #[error("{path} is damaged: {source}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where it stops making sense.
        source: serde_json::Error,
    },
    /// The file is something else.
    #[error("{path} does not hold the state of an emulated tenant")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file was written by an older or a newer build.
    #[error("{path} is of format version {found}, this build reads only version {known}")]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version this build reads.
        known: u32,
    },
}

#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u32>,
}

#[derive(Serialize)]
struct StoredRef<'a> {
    format: &'static str,
    version: u32,
    world: &'a str,
    now: Timestamp,
    home: &'a State,
    others: &'a [State],
    audit: &'a [Entry],
}

#[derive(Deserialize)]
struct Stored {
    world: String,
    now: Timestamp,
    home: State,
    others: Vec<State>,
    #[serde(default)]
    audit: Vec<Entry>,
}

impl Emulator {
    /// Writes state and clock into `folder`, which is made when it is not there. The file appears whole or not
    /// at all.
    pub fn save(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(FILE);
        self.catch_up();
        let mut tenants = self.tenants();
        let home = tenants
            .next()
            .map(|tenant| tenant.read(State::clone))
            .unwrap_or_default();
        let others: Vec<State> = tenants.map(|tenant| tenant.read(State::clone)).collect();
        let text = serde_json::to_vec(&StoredRef {
            format: FORMAT,
            version: VERSION,
            world: self.world_name(),
            now: self.clock().now(),
            home: &home,
            others: &others,
            audit: &self.audit().entries(),
        });
        let write = || -> io::Result<()> {
            std::fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&text?)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|source| StoreError::Write {
            path: path.clone(),
            source,
        })
    }

    /// The double that [`Emulator::save`] wrote, its clock standing where it stood; `None` when the folder holds
    /// none. Faults are not kept.
    pub fn load(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(FILE);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::Read { path, source }),
        };
        let damaged = |source| StoreError::Damaged {
            path: path.clone(),
            source,
        };
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(damaged)?;
        let head = Head::deserialize(&value).unwrap_or(Head {
            format: None,
            version: None,
        });
        let version = match (head.format.as_deref(), head.version) {
            (Some(FORMAT), Some(version)) => version,
            _ => return Err(StoreError::Foreign { path }),
        };
        if version != VERSION {
            return Err(StoreError::OtherVersion {
                path,
                found: version,
                known: VERSION,
            });
        }
        let stored = Stored::deserialize(value).map_err(damaged)?;
        let clock = Clock::standing(stored.now);
        let Stored {
            world,
            home,
            others,
            audit,
            ..
        } = stored;
        Ok(Some(Self::of_world(world, home, others, clock, audit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn what_is_saved_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("made/on/the/way");
        assert!(Emulator::load(&below).unwrap().is_none());
        let emulator = Emulator::from_world(&World::built_in("hostile-names").unwrap());
        emulator.clock().advance(jiff::SignedDuration::from_mins(7));
        emulator.write(|state| state.directory.remove("users", "displayName", "Break Glass"));
        emulator.save(&below).unwrap();
        emulator.save(&below).unwrap();
        let back = Emulator::load(&below).unwrap().unwrap();
        assert_eq!(back.read(State::clone), emulator.read(State::clone));
        assert_eq!(back.clock().now(), emulator.clock().now());
        assert_eq!(back.world_name(), "hostile-names");
        assert_eq!(std::fs::read_dir(&below).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn what_an_older_build_of_the_same_form_kept_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let emulator = Emulator::from_world(&World::built_in("ready").unwrap());
        emulator.save(folder.path()).unwrap();
        let path = folder.path().join(FILE);
        let mut kept: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let mut gone = 0;
        let mut remove = |value: &mut serde_json::Value, name: &str| {
            gone += usize::from(value.as_object_mut().unwrap().remove(name).is_some());
        };
        remove(&mut kept["home"]["sign_in"], "sessions");
        for client in kept["home"]["clients"].as_array_mut().unwrap() {
            remove(client, "federated");
            remove(client, "managed_identity");
        }
        for token in kept["home"]["refresh_tokens"].as_array_mut().unwrap() {
            remove(token, "device_code");
            remove(token, "signed_in");
        }
        assert!(gone > 3, "{gone}");
        std::fs::write(&path, kept.to_string()).unwrap();
        let back = Emulator::load(folder.path()).unwrap().unwrap();
        assert_eq!(back.read(State::clone), emulator.read(State::clone));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let emulator = Emulator::from_world(&World::built_in("ready").unwrap());
        emulator.save(folder.path()).unwrap();
        let path = folder.path().join(FILE);
        let whole = std::fs::read_to_string(&path).unwrap();
        let half = whole.chars().take(whole.len() / 2).collect::<String>();
        let newer = whole.replacen("\"version\":3", "\"version\":4", 1);
        let older = whole.replacen("\"version\":3", "\"version\":2", 1);
        let changed = whole.replacen("\"tenant\":", "\"tenants\":", 1);
        for (text, expected) in [
            (half.as_str(), "is damaged"),
            ("", "is damaged"),
            (changed.as_str(), "is damaged"),
            ("{}", "does not hold the state"),
            ("[1, 2]", "does not hold the state"),
            ("{\"format\":\"other\",\"version\":1}", "does not hold the state"),
            (newer.as_str(), "format version 4, this build reads only version 3"),
            (older.as_str(), "format version 2, this build reads only version 3"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Emulator::load(folder.path()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            assert!(error.contains(FILE), "{error} names the file");
        }
    }
}
