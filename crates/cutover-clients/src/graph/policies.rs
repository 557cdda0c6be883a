//! Policies that may demand multifactor authentication.

use serde::Deserialize;
use serde::de::Error;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{permissions, permissions_of_apply};
use crate::api::Api;
use crate::call_spec::{CallSpec, Lane, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::wire::open_enum;
use crate::write::Write;

pub(super) static SECURITY_DEFAULTS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Single,
    "/policies/identitySecurityDefaultsEnforcementPolicy",
    "whether security defaults are on",
    &permissions::SECURITY_DEFAULTS,
);
pub(super) static CONDITIONAL_ACCESS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/identity/conditionalAccess/policies",
    "the Conditional Access policies",
    &permissions::CONDITIONAL_ACCESS,
)
.in_lane(Lane::ConditionalAccess);

pub(super) static NAMED_LOCATIONS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/identity/conditionalAccess/namedLocations",
    "the named locations that policies speak of",
    &permissions::NAMED_LOCATIONS,
)
.in_lane(Lane::ConditionalAccess);

pub(super) static SWITCH_SECURITY_DEFAULTS: CallSpec = CallSpec::writing(
    Api::Graph,
    "PATCH",
    "/policies/identitySecurityDefaultsEnforcementPolicy",
    "switches security defaults",
    &permissions_of_apply::SECURITY_DEFAULTS,
);
pub(super) static CREATE: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/identity/conditionalAccess/policies",
    "creates a Conditional Access policy",
    &permissions_of_apply::CONDITIONAL_ACCESS,
)
.in_lane(Lane::ConditionalAccess);
pub(super) static DELETE: CallSpec = CallSpec::writing(
    Api::Graph,
    "DELETE",
    "/identity/conditionalAccess/policies/{id}",
    "deletes a Conditional Access policy",
    &permissions_of_apply::CONDITIONAL_ACCESS,
)
.in_lane(Lane::ConditionalAccess);

/// Security defaults (CSDL `identitySecurityDefaultsEnforcementPolicy`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecurityDefaults {
    /// Whether they are on.
    pub is_enabled: bool,
}

/// A Conditional Access policy (CSDL `conditionalAccessPolicy`).
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalAccessPolicy {
    /// Id of the policy.
    pub id: Uuid,
    /// Name as shown.
    pub display_name: Option<String>,
    /// Whether it acts.
    pub state: PolicyState,
    /// The whole policy as given, for whoever evaluates its conditions and controls.
    pub whole: Value,
}

/// A named location (CSDL `ipNamedLocation` or `countryNamedLocation`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedLocation {
    /// Its id.
    pub id: String,
    /// Name as shown.
    pub display_name: Option<String>,
    /// Whether a location of addresses counts as trusted.
    pub is_trusted: Option<bool>,
    /// Two-letter codes of a location of countries.
    pub countries_and_regions: Option<Vec<String>>,
    /// Whether a location of countries holds what cannot be placed.
    pub include_unknown_countries_and_regions: Option<bool>,
    /// How the country is found.
    pub country_lookup_method: Option<CountryLookup>,
}

open_enum! {
    /// How a country is found.
    CountryLookup {
        /// By the client's address.
        ClientIpAddress = "clientIpAddress",
        /// By the place that the Authenticator app reports.
        AuthenticatorAppGps = "authenticatorAppGps",
    }
}

open_enum! {
    /// Whether a policy acts.
    PolicyState {
        /// It acts.
        Enabled = "enabled",
        /// It does not.
        Disabled = "disabled",
        /// It only writes to the sign-in log.
        ReportOnly = "enabledForReportingButNotEnforced",
    }
}

impl<'de> Deserialize<'de> for ConditionalAccessPolicy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Head {
            id: Uuid,
            display_name: Option<String>,
            state: PolicyState,
        }
        let whole = Value::deserialize(deserializer)?;
        let head = Head::deserialize(&whole).map_err(D::Error::custom)?;
        Ok(Self {
            id: head.id,
            display_name: head.display_name,
            state: head.state,
            whole,
        })
    }
}

/// Whether security defaults are on.
pub fn security_defaults() -> Read<SecurityDefaults> {
    Read::new(&SECURITY_DEFAULTS, Address::path(SECURITY_DEFAULTS.path))
}

/// Switches security defaults on or off.
pub fn enable_security_defaults(enabled: bool) -> Write {
    Write::new(&SWITCH_SECURITY_DEFAULTS, Address::path(SWITCH_SECURITY_DEFAULTS.path))
        .with(json!({"isEnabled": enabled}))
}

/// Creates a policy that demands multifactor authentication of some users at every application.
pub fn demand_mfa(display_name: &str, state: &PolicyState, of: &[Uuid], except: &[Uuid]) -> Write {
    Write::new(&CREATE, Address::path(CREATE.path)).with(json!({
        "displayName": display_name, "state": state.as_str(),
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeApplications": ["All"]},
            "users": {"includeUsers": of, "excludeUsers": except},
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }))
}

/// Deletes a policy.
pub fn delete(policy: Uuid) -> Write {
    Write::new(
        &DELETE,
        Address::path(format!("/identity/conditionalAccess/policies/{policy}")),
    )
}

/// Every Conditional Access policy, in a lane of its own.
pub fn conditional_access() -> Read<Vec<ConditionalAccessPolicy>> {
    Read::new(&CONDITIONAL_ACCESS, Address::path(CONDITIONAL_ACCESS.path))
}

/// Every named location, in the lane of Conditional Access.
pub fn named_locations() -> Read<Vec<NamedLocation>> {
    Read::new(&NAMED_LOCATIONS, Address::path(NAMED_LOCATIONS.path))
}
