//! An evidence bundle: everything about a run in one file that says of itself whether it was changed.
//!
//! `run-ID.tar.zst` holds a manifest with the SHA-256 of every other file and, when it was signed, a DSSE envelope over it.
//! Equal files give equal bytes. [`verify`] needs neither the network nor trust in whoever hands the bundle over; what it
//! stands on without a signature is only that nobody made a new manifest, which it says.

mod compression;
mod fault;
mod manifest;
mod signature;
mod tar;

use std::collections::{BTreeMap, BTreeSet};

use cutover_core::Plan;

pub use compression::{MOST_PACKED, MOST_UNPACKED};
pub use fault::Fault;
pub use manifest::{About, FORMAT, Listed, Manifest};
pub use signature::{KeyError, PublicKey, Signed, SigningKey};

use tar::Entry;

/// Name of the plan in a bundle, which is compared with what the manifest says of it.
pub const PLAN: &str = "plan.json";

/// Why a bundle cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// A name that a bundle may not hold.
    #[error("a file with the name `{0}` cannot stand in a bundle")]
    Name(String),
    /// More than would be read again.
    #[error("the files have {0} bytes together, more than a bundle may hold")]
    TooLarge(usize),
}

/// A bundle of files, signed when there is a key.
///
/// # Errors
/// When a file has a name that a bundle may not hold, or there is more than a bundle may hold.
pub fn pack(files: &BTreeMap<String, Vec<u8>>, about: &About, key: Option<&SigningKey>) -> Result<Vec<u8>, PackError> {
    let is_own = |name: &str| name == manifest::NAME || name == signature::ENVELOPE;
    if let Some(name) = files.keys().find(|name| !tar::is_plain(name) || is_own(name)) {
        return Err(PackError::Name(name.clone()));
    }
    let listed: Vec<Listed> = files.iter().map(|(name, bytes)| Listed::of(name, bytes)).collect();
    let manifest = Manifest::text(about, listed.clone()).into_bytes();
    let mut entries = Vec::new();
    if let Some(key) = key {
        entries.push(Entry {
            name: signature::ENVELOPE.to_owned(),
            bytes: signature::sign(key, &manifest, &listed).into_bytes(),
        });
    }
    entries.insert(
        0,
        Entry {
            name: manifest::NAME.to_owned(),
            bytes: manifest,
        },
    );
    entries.extend(files.iter().map(|(name, bytes)| Entry {
        name: name.clone(),
        bytes: bytes.clone(),
    }));
    let archive = tar::write(&entries);
    if archive.len() > MOST_UNPACKED {
        return Err(PackError::TooLarge(archive.len()));
    }
    let packed = compression::compress(&archive);
    match packed.len() > MOST_PACKED {
        true => Err(PackError::TooLarge(archive.len())),
        false => Ok(packed),
    }
}

/// What a bundle turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it says of itself, when that can be read.
    pub manifest: Option<Manifest>,
    /// What it says about its signature; `None` when that is wrong.
    pub signed: Option<Signed>,
    /// Its files, as far as they could be read.
    pub files: BTreeMap<String, Vec<u8>>,
    /// In what it is not what was written; empty when it is.
    pub faults: Vec<Fault>,
}

/// Looks whether a bundle is what was written, and by whom it was signed when a key is given.
pub fn verify(packed: &[u8], key: Option<&PublicKey>) -> Verified {
    match compression::decompress(packed, MOST_UNPACKED) {
        Ok(archive) => of_archive(&archive, key),
        Err(fault) => Verified {
            manifest: None,
            signed: None,
            files: BTreeMap::new(),
            faults: vec![fault],
        },
    }
}

fn of_archive(archive: &[u8], key: Option<&PublicKey>) -> Verified {
    let (entries, faults) = tar::read(archive);
    let mut verified = Verified {
        manifest: None,
        signed: None,
        files: entries.into_iter().map(|entry| (entry.name, entry.bytes)).collect(),
        faults,
    };
    let Some(text) = verified.files.get(manifest::NAME) else {
        verified.faults.push(Fault::NoManifest);
        return verified;
    };
    let (manifest, changed) = match Manifest::read(text) {
        Ok(read) => read,
        Err(fault) => {
            verified.faults.push(fault);
            return verified;
        }
    };
    verified.faults.extend(changed);
    match (verified.files.get(signature::ENVELOPE), key) {
        (Some(envelope), key) => {
            let (signed, faults) = signature::verify(envelope, text, &manifest.files, key);
            verified.signed = signed;
            verified.faults.extend(faults);
        }
        (None, Some(_)) => verified.faults.push(Fault::Unsigned),
        (None, None) => verified.signed = Some(Signed::No),
    }
    let faults = of_files(&manifest, &verified.files);
    verified.faults.extend(faults);
    verified.manifest = Some(manifest);
    verified
}

/// The files against the manifest, and the plan against the digest that the run names it by.
fn of_files(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut named = BTreeSet::from([manifest::NAME, signature::ENVELOPE]);
    for listed in &manifest.files {
        let name = listed.name.clone();
        if !named.insert(&listed.name) {
            faults.push(Fault::Twice { name });
            continue;
        }
        let Some(bytes) = files.get(&listed.name) else {
            faults.push(Fault::Missing { name });
            continue;
        };
        let is = Listed::of(&listed.name, bytes);
        if is != *listed {
            let (was, is) = (listed.told(), is.told());
            faults.push(Fault::Changed { name, was, is });
        }
    }
    let added = files.keys().filter(|name| !named.contains(name.as_str()));
    faults.extend(added.map(|name| Fault::Added { name: name.clone() }));
    if let Some(what) = files.get(PLAN).and_then(|text| other_plan(text, &manifest.about.plan)) {
        faults.push(Fault::Plan { what });
    }
    faults
}

/// Why a plan is not the one that is meant; `None` when it is, or when a later version of cutover has to say so.
fn other_plan(text: &[u8], digest: &str) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    match Plan::from_json(&text, manifest::sha256) {
        Ok(plan) if plan.digest == digest => None,
        Ok(plan) => Some(format!("its digest is {}, the manifest says {digest}", plan.digest)),
        Err(cutover_core::plan::PlanError::OtherFormat { .. }) => None,
        Err(error) => Some(error.to_string()),
    }
}
