//! The partner's own organisation, and what Partner Center finds about the sign-in that asks.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Partner;

/// The header of the answer that tells whether the sign-in was by multifactor authentication. Only implementations and
/// articles tell of it, no official text: its absence says nothing.
const MFA_COMPLIANT: &str = "isMfaCompliant";

pub(super) static ORGANIZATION_PROFILE: CallSpec = CallSpec::new(
    Api::PartnerCenter,
    Shape::Single,
    "/profiles/organization",
    "the partner's organisation, and whether this sign-in was by multifactor authentication",
    &permissions::APP_AND_USER,
)
.with_headers(&[("ValidateMfa", "true")])
.answered_in(&[MFA_COMPLIANT]);

/// The profile of the organisation (`organization_profile`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationProfile {
    /// Company name: somebody's text.
    pub company_name: Option<String>,
    /// The partner's tenant.
    pub tenant_id: Option<Uuid>,
    /// Whether the sign-in was by multifactor authentication; `None` when Partner Center did not say.
    #[serde(rename = "@response.headers", default, deserialize_with = "mfa_compliant")]
    pub is_mfa_compliant: Option<bool>,
}

/// The header's text is `true` or `false`, in either case of letters; any other says nothing.
fn mfa_compliant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let headers = HashMap::<String, String>::deserialize(deserializer)?;
    Ok(headers.get(MFA_COMPLIANT).and_then(|text| {
        [("true", true), ("false", false)]
            .into_iter()
            .find_map(|(word, value)| text.trim().eq_ignore_ascii_case(word).then_some(value))
    }))
}

/// The partner's organisation.
pub fn organization_profile() -> Read<OrganizationProfile, Partner> {
    Read::new(&ORGANIZATION_PROFILE, Address::path(ORGANIZATION_PROFILE.path))
}
