//! What a solution file on this machine says of itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::version::Version;

/// A solution file, read and found whole (its `solution.xml`). A file that cannot be read is an unknown fact or, when it
/// is not a solution at all, [`SolutionFile::Refused`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SolutionFile {
    /// A solution.
    Solution {
        /// Unique name of the solution.
        unique_name: String,
        /// Version.
        version: Version,
        /// Whether it is managed.
        managed: bool,
        /// Unique name of its publisher.
        publisher: String,
        /// Customisation prefix of its publisher.
        prefix: String,
        /// SHA-256 of the file, lower-case hexadecimal.
        sha256: String,
    },
    /// Not a solution file that could be installed: cut off, hostile, or something else.
    Refused {
        /// Why, a lower-case fragment.
        because: String,
    },
}
