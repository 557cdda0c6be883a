//! What can be wrong with a world file.

/// Why a world could not be read; each names the file.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The text is not TOML.
    #[error("{file}: not readable as TOML: {source}")]
    Syntax {
        /// The world file.
        file: String,
        /// Line, column and reason.
        source: Box<toml::de::Error>,
    },
    /// An unknown key, or a value of the wrong kind; the source names the key and its table.
    #[error("{file}: {source}")]
    Shape {
        /// The world file, or the files that were merged.
        file: String,
        /// Key and reason.
        source: Box<toml::de::Error>,
    },
    /// No built-in world has this name.
    #[error("{asked_by}: no world `{name}`; the nearest is `{nearest}`")]
    NoSuchWorld {
        /// The world file that extends it, or what asked for it.
        asked_by: String,
        /// The name that was asked for.
        name: String,
        /// The built-in name closest to it.
        nearest: String,
    },
    /// Worlds extend one another without end.
    #[error("{file}: extends itself")]
    Circle {
        /// The world file.
        file: String,
    },
    /// A value that names nothing.
    #[error("{file}: {key}: there is no {kind} `{alias}`")]
    Dangling {
        /// The world file.
        file: String,
        /// Where the alias stands.
        key: String,
        /// What it should name.
        kind: &'static str,
        /// The alias.
        alias: String,
    },
    /// A value that cannot be used.
    #[error("{file}: {key}: {reason}")]
    Value {
        /// The world file.
        file: String,
        /// Where the value stands.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl WorldError {
    /// The same error, its key below the one given.
    pub(super) fn below(mut self, place: &str) -> Self {
        if let Self::Dangling { key, .. } | Self::Value { key, .. } = &mut self {
            *key = format!("{place}.{key}");
        }
        self
    }
}
