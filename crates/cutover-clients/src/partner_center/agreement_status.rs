//! Whether the Microsoft Partner Agreement was signed.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::tenancy::Partner;

pub(super) static AGREEMENT_STATUS: CallSpec = CallSpec::new(
    Api::PartnerCenter,
    Shape::Single,
    "/compliance/csp/agreementstatus",
    "whether the Microsoft Partner Agreement was signed",
    &permissions::APP_AND_USER,
);

/// The state of the agreement (`AgreementSignatureStatus`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementStatus {
    /// Whether it was signed (Partner Center REST documentation, verify an indirect reseller's agreement status).
    pub is_agreement_signed: Option<bool>,
}

/// The agreement of the partner with a tenant id.
pub fn agreement_status(tenant: Uuid) -> Read<AgreementStatus, Partner> {
    let address = Address::path(AGREEMENT_STATUS.path).option("tenantId", &tenant.to_string());
    Read::new(&AGREEMENT_STATUS, address)
}
