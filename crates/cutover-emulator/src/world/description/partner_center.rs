//! The part of the world format that describes a partner in Partner Center.

use jiff::Timestamp;
use serde::Deserialize;

use super::{DAWN, Keyed};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PartnerCenter {
    /// Defaults to the tenant's display name.
    pub(crate) company: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) currency: String,
    pub(crate) mpn_id: String,
    /// `authorized`, `pending`, `rejected`, `none`.
    pub(crate) vetting: String,
    /// Whether the Microsoft Partner Agreement is signed.
    pub(crate) agreement: bool,
    pub(crate) mfa_enforced: bool,
    /// Whether `ValidateMfa` gets an answer (assumed).
    pub(crate) tells_mfa: bool,
    pub(crate) bom: bool,
    /// Rows of a page.
    pub(crate) page_size: usize,
    /// Indirect resellers that buy through this partner.
    pub(crate) reseller: Keyed<Relationship>,
    /// Indirect providers this partner buys through.
    pub(crate) provider: Keyed<Relationship>,
    pub(crate) customer: Keyed<Customer>,
    /// Calls without multifactor authentication, by the alias of the user.
    pub(crate) without_mfa: Keyed<WithoutMfa>,
}

impl Default for PartnerCenter {
    fn default() -> Self {
        Self {
            company: None,
            email: None,
            currency: "EUR".to_owned(),
            mpn_id: String::new(),
            vetting: "authorized".to_owned(),
            agreement: true,
            mfa_enforced: false,
            tells_mfa: true,
            bom: true,
            page_size: 100,
            reseller: Keyed::new(),
            provider: Keyed::new(),
            customer: Keyed::new(),
            without_mfa: Keyed::new(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Relationship {
    /// Tenant id of the other partner.
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) state: String,
    pub(crate) mpn_id: String,
    /// ISO 3166 country.
    pub(crate) location: String,
}

impl Default for Relationship {
    fn default() -> Self {
        Self {
            id: None,
            name: None,
            state: "Active".to_owned(),
            mpn_id: String::new(),
            location: "NL".to_owned(),
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Customer {
    /// Tenant id.
    pub(crate) id: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) domain: String,
    pub(crate) user: Keyed<CustomerUser>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CustomerUser {
    pub(crate) id: Option<String>,
    pub(crate) display_name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WithoutMfa {
    /// The last such call.
    pub(crate) at: Timestamp,
}

impl Default for WithoutMfa {
    fn default() -> Self {
        Self { at: DAWN }
    }
}
