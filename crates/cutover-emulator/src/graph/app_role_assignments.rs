//! Application permissions that were granted: app roles of a resource, assigned to an application, a user or a
//! group. What is granted to an application is in its next token.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use super::entity_types::APP_ROLE_ASSIGNMENT;
use super::errors::GraphError;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, OrElse, Route, id_of, write};
use super::writing::{Answer, Written, by_id, required};
use crate::state::Row;

/// The role of a resource that has none.
const DEFAULT_ROLE: &str = "00000000-0000-0000-0000-000000000000";
const SET: &str = "appRoleAssignments";
const ERRORS: &str =
    "400 Request_BadRequest when it is assigned or there is no such role, 404 Request_ResourceNotFound";

pub(crate) const ROUTES: &[Route] = &[
    write(
        "POST",
        "/servicePrincipals/{id}/appRoleAssignedTo",
        &APP_ROLE_ASSIGNMENT,
        assign_to,
        permissions::APP_ROLE_ASSIGN,
        "body principalId, resourceId (the path's), appRoleId",
        "GD serviceprincipal-post-approleassignedto",
    )
    .directory_roles(permissions::APP_ROLE_ASSIGNMENT_ROLES)
    .or_else(OrElse::Owner("servicePrincipals"))
    .errors(ERRORS),
    write(
        "POST",
        "/servicePrincipals/{id}/appRoleAssignments",
        &APP_ROLE_ASSIGNMENT,
        assign,
        permissions::APP_ROLE_ASSIGN,
        "body principalId (the path's), resourceId, appRoleId",
        "GD serviceprincipal-post-approleassignments",
    )
    .directory_roles(permissions::APP_ROLE_ASSIGNMENT_ROLES)
    .errors(ERRORS),
    write(
        "DELETE",
        "/servicePrincipals/{id}/appRoleAssignedTo/{id}",
        &APP_ROLE_ASSIGNMENT,
        unassign_from,
        permissions::APP_ROLE_UNASSIGN,
        "",
        "GD serviceprincipal-delete-approleassignedto",
    )
    .directory_roles(permissions::APP_ROLE_ASSIGNMENT_ROLES)
    .or_else(OrElse::Owner("servicePrincipals"))
    .errors("404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/servicePrincipals/{id}/appRoleAssignments/{id}",
        &APP_ROLE_ASSIGNMENT,
        unassign,
        permissions::APP_ROLE_UNASSIGN,
        "",
        "GD serviceprincipal-delete-approleassignments",
    )
    .directory_roles(permissions::APP_ROLE_ASSIGNMENT_ROLES)
    .errors("404 Request_ResourceNotFound"),
];

/// The enabled role of a resource with this id: the `value` that tokens carry.
fn role_value<'r>(resource: &'r Row, role_id: &str) -> Option<&'r str> {
    let roles = resource.get("appRoles").and_then(Value::as_array)?;
    roles
        .iter()
        .filter_map(Value::as_object)
        .find(|role| {
            text(role, "id").eq_ignore_ascii_case(role_id) && role.get("isEnabled") != Some(&Value::Bool(false))
        })
        .map(|role| text(role, "value"))
}

/// The application permissions of a service principal, by the resource's application id.
pub(crate) fn roles_of(context: &Context<'_>, principal_id: &str) -> BTreeMap<String, Vec<String>> {
    let mut roles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for assignment in context.directory().linked(SET, "principalId", principal_id) {
        let resource = context
            .directory()
            .find("servicePrincipals", "id", text(&assignment, "resourceId"));
        if let Some((resource, value)) =
            resource.and_then(|resource| Some((resource, role_value(resource, text(&assignment, "appRoleId"))?)))
        {
            let held = roles.entry(text(resource, "appId").to_owned()).or_default();
            held.push(value.to_owned());
        }
    }
    roles
}

/// The end of an assignment that the path names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Principal,
    Resource,
}

impl End {
    fn property(self) -> &'static str {
        match self {
            Self::Principal => "principalId",
            Self::Resource => "resourceId",
        }
    }
}

fn assign_to(context: &Context<'_>) -> Result<Written, GraphError> {
    assigned(context, End::Resource)
}

fn assign(context: &Context<'_>) -> Result<Written, GraphError> {
    assigned(context, End::Principal)
}

fn unassign_from(context: &Context<'_>) -> Result<Written, GraphError> {
    unassigned(context, End::Resource)
}

fn unassign(context: &Context<'_>) -> Result<Written, GraphError> {
    unassigned(context, End::Principal)
}

fn assigned(context: &Context<'_>, end: End) -> Result<Written, GraphError> {
    let here = context.object_id("servicePrincipals", 0)?;
    let body = context.entity_body("appRoleAssignment", &APP_ROLE_ASSIGNMENT)?;
    let (principal, resource, role) = (
        required(&body, "principalId")?,
        required(&body, "resourceId")?,
        required(&body, "appRoleId")?,
    );
    if !text(&body, end.property()).eq_ignore_ascii_case(here) {
        let property = end.property();
        return Err(GraphError::request_bad_request(format!(
            "The {property} in the body must be the id of the service principal in the path."
        )));
    }
    let directory = context.directory();
    let resource_row = directory
        .find("servicePrincipals", "id", resource)
        .ok_or_else(|| GraphError::not_found(resource))?;
    let principal_row = directory
        .object(principal)
        .ok_or_else(|| GraphError::not_found(principal))?;
    let value = role_value(resource_row, role);
    let has_none = resource_row
        .get("appRoles")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty);
    if value.is_none() && !(role == DEFAULT_ROLE && has_none) {
        return Err(GraphError::request_bad_request(format!(
            "Permission being assigned was not found on application '{}'.",
            text(resource_row, "displayName")
        )));
    }
    let same = |row: &&Row| {
        text(row, "resourceId").eq_ignore_ascii_case(resource) && text(row, "appRoleId").eq_ignore_ascii_case(role)
    };
    let there = directory.linked(SET, "principalId", principal);
    if there.iter().any(|row| same(&row)) {
        return Err(GraphError::request_bad_request(
            "Permission being assigned already exists on the object",
        ));
    }
    let kind = match text(&principal_row, "@odata.type") {
        "#microsoft.graph.user" => "User",
        "#microsoft.graph.group" => "Group",
        _ => "ServicePrincipal",
    };
    let row = object(json!({
        "id": context.new_id(SET), "deletedDateTime": null, "appRoleId": role, "createdDateTime": context.now,
        "principalDisplayName": principal_row.get("displayName"), "principalId": principal, "principalType": kind,
        "resourceDisplayName": resource_row.get("displayName"), "resourceId": resource,
    }));
    let written = Written::answering(Answer::Object(StatusCode::CREATED, row.clone())).insert(context, SET, row);
    Ok(with_roles(context, written, principal, |held| {
        if let Some(value) = value {
            held.entry(text(resource_row, "appId").to_owned())
                .or_default()
                .push(value.to_owned());
        }
    }))
}

/// Changes what the tokens of a principal carry, when it is an application that signs in.
fn with_roles(
    context: &Context<'_>,
    written: Written,
    principal: &str,
    change: impl FnOnce(&mut BTreeMap<String, Vec<String>>),
) -> Written {
    let mut clients = context.state.clients.iter();
    match clients.find(|client| client.object_id.eq_ignore_ascii_case(principal)) {
        Some(client) => {
            let mut client = client.clone();
            change(&mut client.app_roles);
            client.app_roles.retain(|_, roles| !roles.is_empty());
            let app_id = client.app_id.clone();
            written.client(&app_id, Some(client))
        }
        None => written,
    }
}

fn unassigned(context: &Context<'_>, end: End) -> Result<Written, GraphError> {
    let here = context.object_id("servicePrincipals", 0)?;
    let wanted = context.key(1);
    let assignment = context
        .directory()
        .find(SET, "id", wanted)
        .filter(|row| text(row, end.property()).eq_ignore_ascii_case(here))
        .ok_or_else(|| GraphError::not_found(wanted))?;
    let resource = context
        .directory()
        .find("servicePrincipals", "id", text(assignment, "resourceId"));
    let gone = resource.and_then(|resource| {
        let value = role_value(resource, text(assignment, "appRoleId"))?;
        Some((text(resource, "appId"), value))
    });
    let written = Written::silently().remove(SET, by_id(id_of(assignment)));
    Ok(with_roles(context, written, text(assignment, "principalId"), |held| {
        if let Some((resource, value)) = gone
            && let Some((_, roles)) = held.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(resource))
        {
            roles.retain(|held| held != value);
        }
    }))
}
