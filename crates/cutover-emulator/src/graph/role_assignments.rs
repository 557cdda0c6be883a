//! Standing directory roles given and taken, in the newer shape and in the older one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::directory_roles;
use super::entity_types::{DIRECTORY_ROLE, ROLE_ASSIGNMENT};
use super::errors::GraphError;
use super::membership::{object, same_assignment, text};
use super::permissions;
use super::route::{Context, Route, id_of, write};
use super::writing::{Answer, Written, by_id, referenced, required};
use crate::state::Row;

const SET: &str = "roleAssignments";

pub(crate) const ROUTES: &[Route] = &[
    write(
        "POST",
        "/roleManagement/directory/roleAssignments",
        &ROLE_ASSIGNMENT,
        create,
        permissions::ROLE_MANAGEMENT_WRITE,
        "body principalId, roleDefinitionId, directoryScopeId '/'",
        "GD rbacapplication-post-roleassignments; the error of a second one is assumed",
    )
    .directory_roles(permissions::ROLE_MANAGEMENT_ROLES)
    .errors("400 Request_BadRequest when it is there or the group takes no roles, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/roleManagement/directory/roleAssignments/{id}",
        &ROLE_ASSIGNMENT,
        delete,
        permissions::ROLE_MANAGEMENT_WRITE,
        "takes what Privileged Identity Management made along",
        "GD unifiedroleassignment-delete; Entra pim-configure for the last Global Administrator",
    )
    .directory_roles(permissions::ROLE_MANAGEMENT_ROLES)
    .errors("400 Request_BadRequest for oneself as Global Administrator and for the last one, 404"),
    write(
        "POST",
        "/directoryRoles/{id}/members/$ref",
        &DIRECTORY_ROLE,
        add_member,
        permissions::ROLE_MANAGEMENT_WRITE,
        "body @odata.id; also directoryRoles(roleTemplateId='…')",
        "GD directoryrole-post-members",
    )
    .directory_roles(permissions::ROLE_MANAGEMENT_ROLES)
    .errors("400 Request_BadRequest when it is a member, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/directoryRoles/{id}/members/{id}/$ref",
        &DIRECTORY_ROLE,
        remove_member,
        permissions::ROLE_MANAGEMENT_WRITE,
        "also directoryRoles(roleTemplateId='…')",
        "GD directoryrole-delete-member",
    )
    .directory_roles(permissions::ROLE_MANAGEMENT_ROLES)
    .errors("400 Request_BadRequest for oneself as Global Administrator and for the last one, 404"),
];

/// Whoever may hold a role: a user, a service principal, or a group that was made for it.
pub(crate) fn holder(context: &Context<'_>, id: &str) -> Result<Row, GraphError> {
    let found = context
        .directory()
        .object(id)
        .ok_or_else(|| GraphError::not_found(id))?;
    match text(&found, "@odata.type") {
        "#microsoft.graph.user" | "#microsoft.graph.servicePrincipal" => Ok(found),
        "#microsoft.graph.group" if found.get("isAssignableToRole") == Some(&Value::Bool(true)) => Ok(found),
        "#microsoft.graph.group" => Err(GraphError::request_bad_request(
            "The group must have the isAssignableToRole property set to true to be assigned to a role.",
        )),
        _ => Err(GraphError::not_found(id)),
    }
}

fn is_global_administrator(role: &str) -> bool {
    role.eq_ignore_ascii_case(permissions::GLOBAL_ADMINISTRATOR.1)
}

/// Refuses what would leave the tenant without a Global Administrator, when `goes` tells the assignments that end.
pub(crate) fn check_last(context: &Context<'_>, goes: impl Fn(&Row) -> bool) -> Result<(), GraphError> {
    let directory = context.directory();
    let active: Vec<Row> = directory
        .role_assignments()
        .into_iter()
        .filter(|assignment| is_global_administrator(text(assignment, "roleDefinitionId")))
        .collect();
    let is_held = |assignment: &Row| {
        let holder = text(assignment, "principalId");
        directory.find("users", "id", holder).is_some()
            || directory
                .members(holder, true)
                .iter()
                .any(|member| text(member, "@odata.type") == "#microsoft.graph.user")
    };
    let (ending, staying): (Vec<&Row>, Vec<&Row>) = active.iter().partition(|assignment| goes(assignment));
    if !ending.is_empty() && !staying.into_iter().any(is_held) {
        return Err(GraphError::request_bad_request(
            "Removing the last active Global Administrator of a tenant is not allowed.",
        ));
    }
    Ok(())
}

/// As [`check_last`] for everything that a person holds.
pub(crate) fn check_last_administrator(context: &Context<'_>, principal: &str) -> Result<(), GraphError> {
    check_last(context, |assignment| {
        text(assignment, "principalId").eq_ignore_ascii_case(principal)
    })
}

/// A new standing assignment.
fn assigned(context: &Context<'_>, principal: &str, role: &str) -> Row {
    let ends = [role, principal].map(|end| Uuid::parse_str(end).map(|end| end.to_bytes_le()));
    let id = match ends {
        [Ok(role), Ok(principal)] => format!("{}-1", URL_SAFE_NO_PAD.encode([role, principal].concat())),
        _ => String::new(),
    };
    let free = !id.is_empty() && context.state.directory.find(SET, "id", &id).is_none();
    let id = if free { id } else { context.new_id(SET) };
    object(json!({
        "id": id, "principalId": principal, "roleDefinitionId": role, "directoryScopeId": "/", "appScopeId": null,
        "condition": null, "principalOrganizationId": context.state.tenant.id,
    }))
}

/// The id of a role definition that a caller names by id or template.
pub(crate) fn definition<'a>(context: &Context<'a>, role: &str) -> Option<&'a str> {
    let directory = context.directory();
    let found = directory
        .find("roleDefinitions", "id", role)
        .or_else(|| directory.find("roleDefinitions", "templateId", role));
    found.map(id_of)
}

fn create(context: &Context<'_>) -> Result<Written, GraphError> {
    let body = context.entity_body("unifiedRoleAssignment", &ROLE_ASSIGNMENT)?;
    let (principal, role) = (required(&body, "principalId")?, required(&body, "roleDefinitionId")?);
    let given = |name: &str| !text(&body, name).is_empty();
    if given("appScopeId") || given("condition") || !text(&body, "directoryScopeId").trim_start_matches('/').is_empty()
    {
        // Smaller scopes than the tenant ask for administrative units and applications to stand in them.
        let place = format!("{} below the tenant's scope", context.call.path);
        return Err(GraphError::not_implemented(&context.call.method, &place));
    }
    required(&body, "directoryScopeId")?;
    let holder = holder(context, principal)?;
    let role = definition(context, role).ok_or_else(|| GraphError::not_found(role))?;
    let row = assigned(context, id_of(&holder), role);
    if is_assigned(context, &row) {
        return Err(GraphError::request_bad_request(
            "A conflicting object with one or more of the specified property values is present in the directory.",
        ));
    }
    Ok(Written::answering(Answer::Object(StatusCode::CREATED, row.clone())).insert(context, SET, row))
}

fn is_assigned(context: &Context<'_>, wanted: &Row) -> bool {
    let there = context.directory().role_assignments();
    there.iter().any(|there| same_assignment(there, wanted))
}

fn removed(context: &Context<'_>, assignment: &Row) -> Result<Written, GraphError> {
    let caller = context.caller;
    let own = text(assignment, "principalId").eq_ignore_ascii_case(&caller.object_id);
    if own && is_global_administrator(text(assignment, "roleDefinitionId")) && !caller.is_application() {
        return Err(GraphError::request_bad_request(
            "Removing self from Global Administrator built-in role is not allowed.",
        ));
    }
    check_last(context, |there| same_assignment(there, assignment))?;
    let mut written = Written::silently();
    for set in [SET, "roleAssignmentScheduleInstances"] {
        let gone = context.directory().rows(set);
        for row in gone.filter(|row| same_assignment(row, assignment)) {
            written = written.remove(set, by_id(id_of(row)));
        }
    }
    Ok(written)
}

fn delete(context: &Context<'_>) -> Result<Written, GraphError> {
    let wanted = context.key(0);
    let assignments = context.directory().role_assignments();
    let assignment = assignments
        .iter()
        .find(|assignment| id_of(assignment).eq_ignore_ascii_case(wanted))
        .ok_or_else(|| GraphError::not_found(wanted))?;
    removed(context, assignment)
}

fn add_member(context: &Context<'_>) -> Result<Written, GraphError> {
    let role = directory_roles::role(context)?;
    let member = referenced(&context.body()?)?;
    let holder = holder(context, &member)?;
    let role = text(&role, "roleTemplateId");
    let role = definition(context, role).ok_or_else(|| GraphError::not_found(role))?;
    let row = assigned(context, id_of(&holder), role);
    if is_assigned(context, &row) {
        return Err(GraphError::already_referenced("members"));
    }
    Ok(Written::silently().insert(context, SET, row))
}

fn remove_member(context: &Context<'_>) -> Result<Written, GraphError> {
    let role = directory_roles::role(context)?;
    let member = context.key(1);
    let template = text(&role, "roleTemplateId");
    let wanted = assigned(context, member, definition(context, template).unwrap_or(template));
    let assignments = context.directory().role_assignments();
    let assignment = assignments
        .iter()
        .find(|assignment| same_assignment(assignment, &wanted))
        .ok_or_else(|| GraphError::not_found(member))?;
    removed(context, assignment)
}
