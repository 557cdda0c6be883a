//! The languages of the environment.

use serde::Deserialize;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static PROVISIONED: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/RetrieveProvisionedLanguages()",
    "the languages that are enabled",
    &permissions::ANY_USER,
);

/// The answer of `RetrieveProvisionedLanguages`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ProvisionedLanguages {
    /// Locale ids, such as 1033 for English.
    #[serde(rename = "RetrieveProvisionedLanguages")]
    pub locale_ids: Vec<u32>,
}

/// The languages that are enabled.
pub fn provisioned() -> Read<ProvisionedLanguages, Home> {
    Read::new(&PROVISIONED, Address::path(PROVISIONED.path))
}
