//! App registrations of this tenant.

use super::entity_types::APPLICATION;
use super::permissions;
use super::route::{Route, Source, get};

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/applications",
        &APPLICATION,
        Source::Set("applications"),
        permissions::APPLICATIONS,
        "$select, $filter, $orderby, $top, $count, $search, paging",
        "GD application-list",
    )
    .units(2)
    .paged(100, 999)
    .directory(),
    get(
        "/applications/{id}",
        &APPLICATION,
        Source::Item("applications"),
        permissions::APPLICATIONS,
        "$select",
        "GD application-get; also applications(appId='…')",
    )
    .directory(),
];
