//! Waivers: requirements that an organisation decides to live without, for a while.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::code::Code;

/// A decision not to ask for a requirement until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Which requirement.
    pub code: Code,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// The last day it holds (UTC).
    #[schemars(with = "String")]
    pub until: Date,
}
