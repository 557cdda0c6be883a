//! The Partner Center REST API: one file for each kind of object.
//!
//! Every call here is of the kind App+User: it takes the token of a signed-in person, and nothing that an application holds
//! by itself replaces it (Partner Center documentation, authentication). The API is closed to indirect resellers.

pub mod agreement_status;
pub mod organization_profile;
mod permissions;
pub mod relationships;

use crate::call_spec::CallSpec;

/// Every call of this module.
pub(crate) const CALLS: &[&CallSpec] = &[
    &agreement_status::AGREEMENT_STATUS,
    &organization_profile::ORGANIZATION_PROFILE,
    &relationships::INDIRECT_PROVIDERS,
    &relationships::INDIRECT_RESELLERS,
];
