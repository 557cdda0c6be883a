//! What is wrong with a bundle: every kind of tampering has its name.

/// Something in which a bundle is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// More than a bundle ever holds; nothing of it was read.
    #[error("the bundle is larger than {most} bytes{when}: it is no bundle of cutover")]
    TooLarge {
        /// The most that is read.
        most: usize,
        /// ` when it is unpacked`, or nothing.
        when: &'static str,
    },
    /// Its compression is damaged, or it is something else.
    #[error("the bundle cannot be unpacked: {what}")]
    Compression {
        /// What is wrong.
        what: String,
    },
    /// The archive in it is damaged.
    #[error("the archive is damaged at byte {at}: {what}")]
    Archive {
        /// Where.
        at: usize,
        /// What is wrong.
        what: String,
    },
    /// A header that cutover does not write: another kind of file, another owner, a time.
    #[error("the entry `{name}` of the archive has a header that cutover does not write")]
    Header {
        /// Which.
        name: String,
    },
    /// A name that could lead out of the folder it is unpacked into, or that cutover does not write.
    #[error("the archive has an entry with the name `{name}`, which is not allowed: do not unpack it")]
    Name {
        /// Which.
        name: String,
    },
    /// Two files of one name.
    #[error("the file {name} is there twice")]
    Twice {
        /// Which.
        name: String,
    },
    /// Nothing says what the bundle holds.
    #[error("the manifest manifest.json is missing")]
    NoManifest,
    /// What says so cannot be read.
    #[error("the manifest manifest.json cannot be read: {what}")]
    Manifest {
        /// Why.
        what: String,
    },
    /// It was changed.
    #[error("the manifest manifest.json was changed: its digest is {stated}, its text gives {computed}")]
    ManifestChanged {
        /// The digest in it.
        stated: String,
        /// The digest of its text.
        computed: String,
    },
    /// A file was changed.
    #[error("the file {name} was changed: {was} in the manifest, {is} in the bundle")]
    Changed {
        /// Which.
        name: String,
        /// Size and digest in the manifest.
        was: String,
        /// Size and digest in the bundle.
        is: String,
    },
    /// A file is gone.
    #[error("the file {name} is missing")]
    Missing {
        /// Which.
        name: String,
    },
    /// A file was added.
    #[error("the file {name} was added: the manifest does not name it")]
    Added {
        /// Which.
        name: String,
    },
    /// The plan is not the one that the run carried out.
    #[error("the plan plan.json is not the one that the manifest names: {what}")]
    Plan {
        /// Why.
        what: String,
    },
    /// A key was given, and nothing is signed.
    #[error("the bundle is not signed, so the key says nothing about it")]
    Unsigned,
    /// The envelope of the signature cannot be read.
    #[error("the signature manifest.dsse.json cannot be read: {what}")]
    Envelope {
        /// Why.
        what: String,
    },
    /// The signature is of another key.
    #[error("the signature is by another key ({found}) than the one that was given ({given})")]
    OtherKey {
        /// The keys that it names.
        found: String,
        /// The key that was given.
        given: String,
    },
    /// The signature is wrong.
    #[error("the signature manifest.dsse.json is wrong: it was not made with the key {key} over what it says")]
    Signature {
        /// The key that was given.
        key: String,
    },
    /// The signature is of another manifest.
    #[error("the signature is of another manifest than manifest.json")]
    OtherManifest,
}

impl Fault {
    pub(super) fn archive(at: usize, what: impl Into<String>) -> Self {
        Self::Archive { at, what: what.into() }
    }
}
