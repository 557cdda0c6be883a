//! The tenant's stock of licences.

use serde::Deserialize;
use uuid::Uuid;

use super::permissions;
use super::users::ServicePlan;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::Address;
use crate::read::Read;
use crate::wire::open_enum;

pub(super) static SUBSCRIBED_SKUS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    "/subscribedSkus",
    "the products the tenant has bought, and how many seats are in use",
    &permissions::SUBSCRIBED_SKUS,
);

/// A product the tenant has (CSDL `subscribedSku`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscribedSku {
    /// Which product.
    pub sku_id: Uuid,
    /// Its name in Microsoft's lists.
    pub sku_part_number: Option<String>,
    /// Whether it can be assigned.
    pub capability_status: Option<CapabilityStatus>,
    /// Seats in use.
    pub consumed_units: Option<i64>,
    /// Seats there are.
    pub prepaid_units: Option<PrepaidUnits>,
    /// What the product is made of.
    pub service_plans: Option<Vec<ServicePlan>>,
    /// `User` or `Company`.
    pub applies_to: Option<String>,
}

/// Seats by state (CSDL `licenseUnitsDetail`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrepaidUnits {
    /// Usable.
    pub enabled: Option<i64>,
    /// Usable, in the grace time after the end of a subscription.
    pub warning: Option<i64>,
    /// Not usable any more.
    pub suspended: Option<i64>,
}

open_enum! {
    /// Whether a product can be assigned.
    CapabilityStatus {
        /// It can.
        Enabled = "Enabled",
        /// It can, in the grace time after the end of a subscription.
        Warning = "Warning",
        /// It cannot.
        Suspended = "Suspended",
        /// It is gone.
        Deleted = "Deleted",
        /// It is locked.
        LockedOut = "LockedOut",
    }
}

impl SubscribedSku {
    /// Seats that can still be given: `enabled + warning − consumed` (Microsoft Graph documentation); `None` when
    /// one of the numbers was not told.
    pub fn free(&self) -> Option<i64> {
        let seats = self.prepaid_units.as_ref()?.seats()?;
        Some(seats.saturating_sub(self.consumed_units?).max(0))
    }
}

impl PrepaidUnits {
    /// Seats that may be in use: `enabled + warning` (Microsoft Graph documentation); `None` when one of them was not told.
    pub fn seats(&self) -> Option<i64> {
        Some(self.enabled?.saturating_add(self.warning?))
    }
}

/// Every product of the tenant; there is no filter.
pub fn subscribed_skus() -> Read<Vec<SubscribedSku>> {
    Read::new(&SUBSCRIBED_SKUS, Address::path(SUBSCRIBED_SKUS.path))
}
