//! Licences that the tenant bought.

use super::entity_types::SUBSCRIBED_SKU;
use super::permissions;
use super::route::{Route, Source, get};

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/subscribedSkus",
        &SUBSCRIBED_SKU,
        Source::Set("subscribedSkus"),
        permissions::SUBSCRIBED_SKUS,
        "$select",
        "GD subscribedsku-list",
    )
    .directory_roles(permissions::SKU_READERS)
    .units(3),
    get(
        "/subscribedSkus/{id}",
        &SUBSCRIBED_SKU,
        Source::Item("subscribedSkus"),
        permissions::SUBSCRIBED_SKUS,
        "$select",
        "GD subscribedsku-get",
    )
    .directory_roles(permissions::SKU_READERS),
];
