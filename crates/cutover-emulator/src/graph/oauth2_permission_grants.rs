//! Delegated permissions that were granted, for everybody or for one person.

use super::entity_types::OAUTH2_PERMISSION_GRANT;
use super::permissions;
use super::route::{Route, Source, get};

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/oauth2PermissionGrants",
        &OAUTH2_PERMISSION_GRANT,
        Source::Set("oauth2PermissionGrants"),
        permissions::OAUTH2_PERMISSION_GRANTS,
        "$select, $filter, $top, paging",
        "GD oauth2permissiongrant-list",
    )
    .units(2)
    .paged(100, 999),
    get(
        "/oauth2PermissionGrants/{id}",
        &OAUTH2_PERMISSION_GRANT,
        Source::Item("oauth2PermissionGrants"),
        permissions::OAUTH2_PERMISSION_GRANTS,
        "$select",
        "GD oauth2permissiongrant-get",
    ),
];
