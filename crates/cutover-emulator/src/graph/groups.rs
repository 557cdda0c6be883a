//! Groups and who is in them.

use super::entity_types::{DIRECTORY_OBJECT, GROUP};
use super::errors::GraphError;
use super::permissions;
use super::route::{Context, Route, Source, get};
use crate::state::Row;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/groups",
        &GROUP,
        Source::Set("groups"),
        permissions::GROUPS,
        "$select, $filter, $orderby, $top, $count, $search, $expand, paging",
        "GD group-list",
    )
    .units(2)
    .paged(100, 999)
    .directory(),
    get(
        "/groups/{id}",
        &GROUP,
        Source::Item("groups"),
        permissions::GROUPS,
        "$select, $expand",
        "GD group-get",
    )
    .directory(),
    get(
        "/groups/{id}/members",
        &DIRECTORY_OBJECT,
        Source::Rows(members),
        permissions::GROUP_MEMBERS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD group-list-members",
    )
    .units(3)
    .paged(100, 999)
    .directory(),
    get(
        "/groups/{id}/transitiveMembers",
        &DIRECTORY_OBJECT,
        Source::Rows(transitive_members),
        permissions::GROUP_MEMBERS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD group-list-transitivemembers",
    )
    .units(5)
    .paged(100, 999)
    .directory(),
    get(
        "/groups/{id}/memberOf",
        &DIRECTORY_OBJECT,
        Source::Rows(member_of),
        permissions::GROUPS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD group-list-memberof",
    )
    .units(3)
    .paged(100, 999)
    .directory(),
    get(
        "/groups/{id}/transitiveMemberOf",
        &DIRECTORY_OBJECT,
        Source::Rows(transitive_member_of),
        permissions::GROUPS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD group-list-transitivememberof",
    )
    .units(5)
    .paged(100, 999)
    .directory(),
];

fn members(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let group = context.object_id("groups", 0)?;
    Ok(context.directory().members(group, false))
}

fn transitive_members(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let group = context.object_id("groups", 0)?;
    Ok(context.directory().members(group, true))
}

fn member_of(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let group = context.object_id("groups", 0)?;
    Ok(context.directory().member_of(group, false))
}

fn transitive_member_of(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let group = context.object_id("groups", 0)?;
    Ok(context.directory().member_of(group, true))
}
