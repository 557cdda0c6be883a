//! Directory roles in their older shape: templates, and the ones that are in use.

use super::addressing::Key;
use super::entity_types::{DIRECTORY_OBJECT, DIRECTORY_ROLE, DIRECTORY_ROLE_TEMPLATE};
use super::errors::GraphError;
use super::membership::text;
use super::permissions;
use super::route::{Context, Route, Source, get, id_of};
use crate::state::Row;

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/directoryRoles",
        &DIRECTORY_ROLE,
        Source::Rows(roles),
        permissions::ROLES,
        "$select, $filter, $count",
        "GD directoryrole-list",
    ),
    get(
        "/directoryRoles/{id}",
        &DIRECTORY_ROLE,
        Source::Row(role),
        permissions::ROLES,
        "$select, $expand",
        "GD directoryrole-get; also directoryRoles(roleTemplateId='…')",
    ),
    get(
        "/directoryRoles/{id}/members",
        &DIRECTORY_OBJECT,
        Source::Rows(members),
        permissions::ROLES,
        "$select, $count, casts",
        "GD directoryrole-list-members",
    )
    .units(3),
    get(
        "/directoryRoleTemplates",
        &DIRECTORY_ROLE_TEMPLATE,
        Source::Rows(templates),
        permissions::ROLES,
        "$select",
        "GD directoryroletemplate-list",
    ),
    get(
        "/directoryRoleTemplates/{id}",
        &DIRECTORY_ROLE_TEMPLATE,
        Source::Row(template),
        permissions::ROLES,
        "$select",
        "GD directoryroletemplate-get",
    ),
];

fn roles(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    Ok(context.directory().directory_roles())
}

/// The role that the path names by its id of this tenant or by its template.
pub(crate) fn role(context: &Context<'_>) -> Result<Row, GraphError> {
    let key = context.keys.first();
    let property = match key {
        Some(Key::Named(name, _)) if name.eq_ignore_ascii_case("roleTemplateId") => "roleTemplateId",
        _ => "id",
    };
    let wanted = key.map_or("", Key::value);
    context
        .directory()
        .directory_roles()
        .into_iter()
        .find(|role| text(role, property).eq_ignore_ascii_case(wanted))
        .ok_or_else(|| GraphError::not_found(wanted))
}

fn members(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let role = role(context)?;
    Ok(context.directory().role_members(text(&role, "roleTemplateId")))
}

fn templates(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let built_in = |definition: &&Row| definition.get("isBuiltIn") != Some(&false.into());
    Ok(context
        .directory()
        .rows("roleDefinitions")
        .filter(built_in)
        .map(|definition| {
            ["id", "deletedDateTime", "description", "displayName"]
                .into_iter()
                .map(|name| {
                    let value = definition.get(name).cloned().unwrap_or_default();
                    (name.to_owned(), value)
                })
                .collect()
        })
        .collect())
}

fn template(context: &Context<'_>) -> Result<Row, GraphError> {
    let wanted = context.keys.first().map_or("", Key::value);
    templates(context)?
        .into_iter()
        .find(|template| id_of(template).eq_ignore_ascii_case(wanted))
        .ok_or_else(|| GraphError::not_found(wanted))
}
