//! Conditional Access: policies and named locations, throttled for the tenant as a whole.

use super::entity_types::{CONDITIONAL_ACCESS_POLICY, NAMED_LOCATION};
use super::permissions;
use super::route::{Route, Source, get};
use super::throttle::Limit;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/identity/conditionalAccess/policies",
        &CONDITIONAL_ACCESS_POLICY,
        Source::Set("conditionalAccessPolicies"),
        permissions::CONDITIONAL_ACCESS,
        "$select, $filter, $top, $count, $orderby",
        "GD conditionalaccessroot-list-policies",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_READERS)
    .limited(Limit::ConditionalAccess),
    get(
        "/identity/conditionalAccess/policies/{id}",
        &CONDITIONAL_ACCESS_POLICY,
        Source::Item("conditionalAccessPolicies"),
        permissions::CONDITIONAL_ACCESS,
        "$select",
        "GD conditionalaccesspolicy-get",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_READERS)
    .limited(Limit::ConditionalAccess),
    get(
        "/identity/conditionalAccess/namedLocations",
        &NAMED_LOCATION,
        Source::Set("namedLocations"),
        permissions::CONDITIONAL_ACCESS,
        "$select, $filter, $top, $count, $orderby",
        "GD conditionalaccessroot-list-namedlocations",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_READERS)
    .limited(Limit::ConditionalAccess),
    get(
        "/identity/conditionalAccess/namedLocations/{id}",
        &NAMED_LOCATION,
        Source::Item("namedLocations"),
        permissions::CONDITIONAL_ACCESS,
        "$select",
        "GD namedlocation-get",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_READERS)
    .limited(Limit::ConditionalAccess),
];
