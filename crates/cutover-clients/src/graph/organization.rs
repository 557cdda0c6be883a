//! The tenant itself.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;

pub(super) static ORGANIZATION: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/organization",
    "the tenant's name and domains",
    &permissions::ORGANIZATION,
);

/// The tenant (CSDL `organization`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Tenant id.
    pub id: Uuid,
    /// Name as shown.
    pub display_name: Option<String>,
    /// Its domains.
    pub verified_domains: Option<Vec<VerifiedDomain>>,
}

/// A domain of the tenant (CSDL `verifiedDomain`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedDomain {
    /// The domain.
    pub name: String,
    /// Whether new accounts get it.
    pub is_default: Option<bool>,
    /// Whether it is the `onmicrosoft.com` one.
    pub is_initial: Option<bool>,
}

/// The tenant; always one row.
pub fn organization() -> Read<Vec<Organization>> {
    let address = Address::path(ORGANIZATION.path).select("id,displayName,verifiedDomains");
    Read::new(&ORGANIZATION, address)
}
