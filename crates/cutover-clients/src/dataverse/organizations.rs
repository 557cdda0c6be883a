//! The organisation of the environment.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static ORGANIZATIONS: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Collection,
    "/organizations",
    "the organisation's name and base language",
    &permissions::ORGANIZATION,
);

/// The organisation (table `organization`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Organization {
    /// Its id.
    pub organizationid: Uuid,
    /// Unique name.
    pub name: Option<String>,
    /// Base language as locale id; fixed when the environment was made.
    pub languagecode: Option<u32>,
    /// Default locale id of formats.
    pub localeid: Option<u32>,
}

/// The organisation; always one row.
pub fn organizations() -> Read<Vec<Organization>, Home> {
    let address = Address::path(ORGANIZATIONS.path).select("organizationid,name,languagecode,localeid");
    Read::new(&ORGANIZATIONS, address)
}
