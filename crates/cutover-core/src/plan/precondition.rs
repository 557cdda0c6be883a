//! What has to be as it was when the plan was made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::code::Code;

/// Something that a plan stands on. It is compared before the first effect; one that does not hold makes the plan stale, and
/// nothing is started. Ids and times of requests are no part of it, and counts are bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Precondition {
    /// A requirement has the verdict it had.
    Verdict {
        /// Which.
        requirement: Code,
        /// Name of the verdict, such as `missing`.
        verdict: String,
        /// What was seen; it decides what is done.
        seen: Vec<String>,
    },
    /// Seats of a licence are free.
    FreeSeats {
        /// SKU id.
        sku: Uuid,
        /// SKU part number.
        name: String,
        /// How many at least.
        at_least: i64,
    },
}
