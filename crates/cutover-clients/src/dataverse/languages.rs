//! The languages of the environment.

use serde::Deserialize;
use serde_json::json;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;
use crate::write::Write;

pub(super) static PROVISIONED: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/RetrieveProvisionedLanguages()",
    "the languages that are enabled",
    &permissions::ANY_USER,
);

pub(super) static PROVISION: CallSpec = CallSpec::writing(
    Api::Dataverse,
    "POST",
    "/ProvisionLanguageAsync",
    "begins to enable a language",
    &permissions::PROVISION_LANGUAGE,
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

/// Begins to enable a language; answers with the background operation.
pub fn provision(lcid: i64) -> Write<Home> {
    Write::new(&PROVISION, Address::path(PROVISION.path)).with(json!({"Language": lcid}))
}
