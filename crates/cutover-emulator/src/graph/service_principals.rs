//! Applications as they stand in this tenant, and what they were granted.

use super::entity_types::{APP_ROLE_ASSIGNMENT, DIRECTORY_OBJECT, OAUTH2_PERMISSION_GRANT, SERVICE_PRINCIPAL};
use super::errors::GraphError;
use super::permissions;
use super::route::{Context, Route, Source, get};
use crate::state::Row;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/servicePrincipals",
        &SERVICE_PRINCIPAL,
        Source::Set("servicePrincipals"),
        permissions::APPLICATIONS,
        "$select, $filter, $orderby, $top, $count, $search, $expand, paging",
        "GD serviceprincipal-list",
    )
    .units(2)
    .paged(100, 999)
    .directory(),
    get(
        "/servicePrincipals/{id}",
        &SERVICE_PRINCIPAL,
        Source::Item("servicePrincipals"),
        permissions::APPLICATIONS,
        "$select, $expand",
        "GD serviceprincipal-get; also servicePrincipals(appId='…')",
    )
    .directory(),
    get(
        "/servicePrincipals/{id}/oauth2PermissionGrants",
        &OAUTH2_PERMISSION_GRANT,
        Source::Rows(oauth2_permission_grants),
        permissions::OAUTH2_PERMISSION_GRANTS,
        "$select, $top, paging",
        "GD serviceprincipal-list-oauth2permissiongrants",
    )
    .units(2)
    .paged(100, 999),
    get(
        "/servicePrincipals/{id}/appRoleAssignments",
        &APP_ROLE_ASSIGNMENT,
        Source::Rows(app_role_assignments),
        permissions::APPLICATIONS,
        "$select, $filter, $top, paging",
        "GD serviceprincipal-list-approleassignments",
    )
    .paged(100, 999),
    get(
        "/servicePrincipals/{id}/appRoleAssignedTo",
        &APP_ROLE_ASSIGNMENT,
        Source::Rows(app_role_assigned_to),
        permissions::APPLICATIONS,
        "$select, $filter, $top, paging",
        "GD serviceprincipal-list-approleassignedto",
    )
    .paged(100, 999),
    get(
        "/servicePrincipals/{id}/memberOf",
        &DIRECTORY_OBJECT,
        Source::Rows(member_of),
        permissions::APPLICATIONS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD serviceprincipal-list-memberof",
    )
    .units(3)
    .paged(100, 999)
    .directory(),
    get(
        "/servicePrincipals/{id}/transitiveMemberOf",
        &DIRECTORY_OBJECT,
        Source::Rows(transitive_member_of),
        permissions::APPLICATIONS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD serviceprincipal-list-transitivememberof",
    )
    .units(5)
    .paged(100, 999)
    .directory(),
];

fn linked(context: &Context<'_>, set: &str, property: &str) -> Result<Vec<Row>, GraphError> {
    let principal = context.object_id("servicePrincipals", 0)?;
    Ok(context.directory().linked(set, property, principal))
}

fn oauth2_permission_grants(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    linked(context, "oauth2PermissionGrants", "clientId")
}

fn app_role_assignments(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    linked(context, "appRoleAssignments", "principalId")
}

fn app_role_assigned_to(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    linked(context, "appRoleAssignments", "resourceId")
}

fn member_of(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let principal = context.object_id("servicePrincipals", 0)?;
    Ok(context.directory().member_of(principal, false))
}

fn transitive_member_of(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let principal = context.object_id("servicePrincipals", 0)?;
    Ok(context.directory().member_of(principal, true))
}
