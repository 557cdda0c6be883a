//! What only a person can do, and what is not done at all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::code::Code;

/// Something only a person can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandWork {
    /// The requirement it serves.
    pub requirement: Code,
    /// What is to be done, in order.
    pub what: Vec<String>,
    /// Where, as menu path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Where, as address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// How it is verified afterwards.
    pub verified_by: String,
}

/// Something that is asked for and not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The requirement it would have served.
    pub requirement: Code,
    /// What is not done.
    pub what: String,
    /// Why.
    pub why: String,
    /// What would make it possible, such as an option of `plan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<String>,
}
