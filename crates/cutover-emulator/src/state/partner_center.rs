//! What Partner Center knows of a partner.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A partner, as Partner Center knows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PartnerCenter {
    /// `companyName` of all profiles.
    pub company: String,
    /// ISO 3166 country of its addresses.
    pub country: String,
    /// `email` of the organisation's profile.
    pub email: String,
    /// `billingCurrency`, ISO 4217.
    pub currency: String,
    /// Partner id (`mpnId`).
    pub mpn_id: String,
    /// `vettingStatus` of the legal profile, such as `authorized`.
    pub vetting: String,
    /// Whether the Microsoft Partner Agreement is signed.
    pub agreement: bool,
    /// Whether App+User calls without multifactor authentication are refused (Microsoft's announcement of 2026).
    pub mfa_enforced: bool,
    /// Whether `ValidateMfa` is answered with `isMfaCompliant` (assumed: no document says so, only implementations).
    pub tells_mfa: bool,
    /// Whether collections begin with a byte-order mark, as some recorded answers do.
    pub bom: bool,
    /// Rows of a page where the caller names no size.
    pub page_size: usize,
    /// Indirect resellers that buy through this partner.
    pub resellers: Vec<PartnerRelationship>,
    /// Indirect providers this partner buys through.
    pub providers: Vec<PartnerRelationship>,
    /// Customers.
    pub customers: Vec<Customer>,
    /// Users who called without multifactor authentication in the last seven days.
    pub without_mfa: Vec<CallWithoutMfa>,
}

/// A relationship to another partner.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PartnerRelationship {
    /// The other partner's tenant id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `Active` or another state.
    pub state: String,
    /// Its partner id.
    pub mpn_id: String,
    /// Country of that partner id.
    pub location: String,
}

/// A customer of a partner.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// The customer's tenant id.
    pub id: String,
    /// Its company name.
    pub company: String,
    /// Its initial domain.
    pub domain: String,
    /// Users in the customer's tenant.
    pub users: Vec<CustomerUser>,
}

/// A user of a customer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CustomerUser {
    /// Object id in the customer's tenant.
    pub id: String,
    /// User principal name there.
    pub user_principal_name: String,
    /// Display name.
    pub display_name: String,
}

/// Somebody who called without multifactor authentication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallWithoutMfa {
    /// Object id of the user.
    pub user_id: String,
    /// User principal name.
    pub user_principal_name: String,
    /// The last such call.
    pub at: Timestamp,
}
