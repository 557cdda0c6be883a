//! The version of Dataverse.

use serde::Deserialize;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static VERSION: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/RetrieveVersion()",
    "the version of Dataverse",
    &permissions::ANY_USER,
);

/// The answer of `RetrieveVersion`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Version {
    /// Four numbers with points.
    pub version: String,
}

/// The version of Dataverse.
pub fn version() -> Read<Version, Home> {
    Read::new(&VERSION, Address::path(VERSION.path))
}
