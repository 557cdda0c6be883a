//! Relationships to other partners: indirect resellers that buy through this one, indirect providers it buys through.

use serde::Deserialize;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Partner;

pub(super) static INDIRECT_RESELLERS: CallSpec = CallSpec::new(
    Api::PartnerCenter,
    Shape::Collection,
    "/relationships",
    "the indirect resellers that buy through this partner",
    &permissions::APP_AND_USER,
);
pub(super) static INDIRECT_PROVIDERS: CallSpec = CallSpec::new(
    Api::PartnerCenter,
    Shape::Collection,
    "/relationships",
    "the indirect providers that this partner buys through",
    &permissions::APP_AND_USER,
);

/// A relationship to another partner.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Relationship {
    /// Id of the other partner.
    pub id: String,
    /// Name of the other partner: somebody's text.
    pub name: Option<String>,
    /// `Active`, or what Partner Center says.
    pub state: Option<String>,
}

fn relationships(spec: &'static CallSpec, kind: &str) -> Read<Vec<Relationship>, Partner> {
    Read::new(spec, Address::path(spec.path).option("relationship_type", kind))
}

/// The indirect resellers that buy through this partner.
pub fn indirect_resellers() -> Read<Vec<Relationship>, Partner> {
    relationships(&INDIRECT_RESELLERS, "IsIndirectCloudSolutionProviderOf")
}

/// The indirect providers that this partner buys through.
pub fn indirect_providers() -> Read<Vec<Relationship>, Partner> {
    relationships(&INDIRECT_PROVIDERS, "IsIndirectResellerOf")
}
