//! The tenant and its domains.

use super::entity_types::{DOMAIN, ORGANIZATION};
use super::permissions;
use super::route::{Route, Source, get};

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/organization",
        &ORGANIZATION,
        Source::Set("organization"),
        permissions::ORGANIZATION,
        "$select, $filter",
        "GD organization-list",
    ),
    get(
        "/organization/{id}",
        &ORGANIZATION,
        Source::Item("organization"),
        permissions::ORGANIZATION,
        "$select",
        "GD organization-get",
    ),
    get(
        "/domains",
        &DOMAIN,
        Source::Set("domains"),
        permissions::DOMAINS,
        "$select, $filter",
        "GD domain-list",
    ),
    get(
        "/domains/{id}",
        &DOMAIN,
        Source::Item("domains"),
        permissions::DOMAINS,
        "$select",
        "GD domain-get",
    ),
];
