//! Who the caller is in this environment.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Home;

pub(super) static WHO_AM_I: CallSpec = CallSpec::new(
    Api::Dataverse,
    Shape::Single,
    "/WhoAmI()",
    "the caller's user, business unit and organisation",
    &permissions::ANY_USER,
);

/// The answer of `WhoAmI`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct WhoAmI {
    /// The caller's `systemuserid`.
    pub user_id: Uuid,
    /// The caller's business unit.
    pub business_unit_id: Uuid,
    /// The organisation; to be compared with the environment that is meant.
    pub organization_id: Uuid,
}

/// The caller.
pub fn who_am_i() -> Read<WhoAmI, Home> {
    Read::new(&WHO_AM_I, Address::path(WHO_AM_I.path))
}
