//! Attestations: what a person confirms where no API can show it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::code::Code;
use crate::scene::Principal;
use crate::version::Version;

/// A person's confirmation of one requirement, in one environment, for one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// Which requirement.
    pub code: Code,
    /// Who confirmed it: a name or address, as given.
    pub by: String,
    /// When it was recorded.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What the person saw, in their words.
    pub seen: String,
    /// The Work 365 version it was seen on.
    pub version: Version,
    /// The tenant it holds for.
    pub tenant_id: Uuid,
    /// Address of the environment it holds for.
    pub environment_url: String,
    /// Whom it is about, for a requirement that is about somebody the configuration may exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Principal>,
}
