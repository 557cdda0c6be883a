//! Users, and what hangs on one: licences, memberships, grants.

use super::entity_types::{APP_ROLE_ASSIGNMENT, DIRECTORY_OBJECT, LICENSE_DETAILS, OAUTH2_PERMISSION_GRANT, USER};
use super::errors::GraphError;
use super::permissions;
use super::route::{Context, OrElse, Route, Source, get};
use crate::state::Row;

const LIST: &str = "$select, $filter, $orderby, $top, $count, $search, $expand, paging";
const MEMBERSHIP: &str = "$select, $filter, $orderby, $top, $count, $search, casts, paging";

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/users",
        &USER,
        Source::Set("users"),
        permissions::USERS,
        LIST,
        "GD user-list",
    )
    .units(2)
    .paged(100, 999)
    .directory(),
    get(
        "/users/{id}",
        &USER,
        Source::Item("users"),
        permissions::USER,
        "$select, $expand",
        "GD user-get",
    )
    .directory(),
    get(
        "/users/{id}/licenseDetails",
        &LICENSE_DETAILS,
        Source::Rows(license_details),
        permissions::LICENSE_DETAILS,
        "$select",
        "GD user-list-licensedetails",
    )
    .directory_roles(permissions::LICENSE_READERS)
    .or_else(OrElse::Self_),
    get(
        "/users/{id}/memberOf",
        &DIRECTORY_OBJECT,
        Source::Rows(member_of),
        permissions::MEMBER_OF,
        MEMBERSHIP,
        "GD user-list-memberof",
    )
    .units(3)
    .paged(100, 999)
    .directory(),
    get(
        "/users/{id}/transitiveMemberOf",
        &DIRECTORY_OBJECT,
        Source::Rows(transitive_member_of),
        permissions::MEMBER_OF,
        MEMBERSHIP,
        "GD user-list-transitivememberof",
    )
    .units(5)
    .paged(100, 999)
    .directory(),
    get(
        "/users/{id}/oauth2PermissionGrants",
        &OAUTH2_PERMISSION_GRANT,
        Source::Rows(oauth2_permission_grants),
        permissions::OAUTH2_PERMISSION_GRANTS,
        "$select, $top, paging",
        "GD user-list-oauth2permissiongrants",
    )
    .units(2)
    .paged(100, 999),
    get(
        "/users/{id}/appRoleAssignments",
        &APP_ROLE_ASSIGNMENT,
        Source::Rows(app_role_assignments),
        permissions::USER_APP_ROLE_ASSIGNMENTS,
        "$select, $filter, $top, paging",
        "GD user-list-approleassignments",
    )
    .paged(100, 999),
];

fn license_details(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let user = context.object_id("users", 0)?;
    Ok(context.directory().linked("licenseDetails", "_emulator_userId", user))
}

fn member_of(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let user = context.object_id("users", 0)?;
    Ok(context.directory().member_of(user, false))
}

fn transitive_member_of(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let user = context.object_id("users", 0)?;
    Ok(context.directory().member_of(user, true))
}

fn oauth2_permission_grants(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let user = context.object_id("users", 0)?;
    Ok(context
        .directory()
        .linked("oauth2PermissionGrants", "principalId", user))
}

fn app_role_assignments(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let user = context.object_id("users", 0)?;
    Ok(context.directory().linked("appRoleAssignments", "principalId", user))
}
