//! Who joins and leaves a group, and the address that deletes a person where a link was meant.

use serde_json::Value;

use super::entity_types::GROUP;
use super::errors::GraphError;
use super::licences::Licences;
use super::membership::text;
use super::permissions;
use super::route::{Context, OrElse, Route, id_of, write};
use super::users_writing;
use super::writing::{Written, by_id, referenced};
use crate::state::Row;

const ROLES: &[(&str, &str)] = permissions::GROUP_ROLES;
const OWNED: OrElse = OrElse::Owner("groups");

pub(crate) const ROUTES: &[Route] = &[
    write(
        "POST",
        "/groups/{id}/members/$ref",
        &GROUP,
        add,
        permissions::GROUP_MEMBERS_WRITE,
        "body @odata.id; a role-assignable group asks for RoleManagement.ReadWrite.Directory as well; licences of the \
         group come along",
        "GD group-post-members",
    )
    .directory_roles(ROLES)
    .or_else(OWNED)
    .errors("400 Request_BadRequest when it is a member, 403, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/groups/{id}/members/{id}/$ref",
        &GROUP,
        remove,
        permissions::GROUP_MEMBERS_WRITE,
        "the link alone; licences of the group go along",
        "GD group-delete-members",
    )
    .directory_roles(ROLES)
    .or_else(OWNED)
    .errors("403, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/groups/{id}/members/{id}",
        &GROUP,
        delete_member,
        permissions::GROUP_MEMBER_DELETE,
        "without /$ref: DELETES THE MEMBER ITSELF, when the token may delete such an object; else 403",
        "GD group-delete-members, caution",
    )
    .errors("403 Authorization_RequestDenied, 404 Request_ResourceNotFound"),
];

/// The group, when the caller may change who is in it.
fn changeable<'a>(context: &Context<'a>) -> Result<&'a Row, GraphError> {
    let group = context.object("groups", 0)?;
    if group.get("isAssignableToRole") == Some(&Value::Bool(true)) {
        let caller = context.caller;
        let in_role = caller.is_application()
            || context.owns("groups")
            || permissions::ROLE_MANAGEMENT_ROLES
                .iter()
                .any(|(_, role)| caller.holds(role));
        if !permissions::ROLE_MANAGEMENT_WRITE.allow(caller, true) || !in_role {
            return Err(GraphError::denied());
        }
    }
    let types = group.get("groupTypes").and_then(Value::as_array);
    if types.is_some_and(|types| types.iter().any(|kind| kind == "DynamicMembership")) {
        return Err(GraphError::request_bad_request(
            "Insufficient privileges to complete the operation: the members of a dynamic group follow from its rule.",
        ));
    }
    Ok(group)
}

fn is_member(context: &Context<'_>, group: &str, member: &str) -> bool {
    let mut members = context.state.directory.linked_from("groups/members", group);
    members.any(|there| there.eq_ignore_ascii_case(member))
}

fn add(context: &Context<'_>) -> Result<Written, GraphError> {
    let group = context.object("groups", 0)?;
    let group_id = id_of(group);
    changeable(context)?;
    let member = referenced(&context.body()?)?;
    let found = context
        .directory()
        .object(&member)
        .ok_or_else(|| GraphError::not_found(&member))?;
    let kind = text(&found, "@odata.type");
    let assignable = group.get("isAssignableToRole") == Some(&Value::Bool(true));
    // Nesting a group into one that carries roles is not supported (GD groups-overview); applications are no members.
    let nested = kind == "#microsoft.graph.group" && assignable;
    if nested || kind == "#microsoft.graph.application" || id_of(&found).eq_ignore_ascii_case(group_id) {
        return Err(GraphError::wrong_value(
            "members",
            "an object that can be a member of this group",
        ));
    }
    if is_member(context, group_id, &member) {
        return Err(GraphError::already_referenced("members"));
    }
    let written = Written::silently().link("groups/members", group_id, id_of(&found));
    if kind != "#microsoft.graph.user" {
        return Ok(written);
    }
    let mut licences = Licences::new(context);
    licences.join(group, &found);
    Ok(licences.write(written))
}

fn remove(context: &Context<'_>) -> Result<Written, GraphError> {
    let group = id_of(changeable(context)?);
    let member = context.key(1);
    if !is_member(context, group, member) {
        return Err(GraphError::not_found(member));
    }
    let written = Written::silently().unlink("groups/members", group, member);
    let Some(user) = context.directory().find("users", "id", member) else {
        return Ok(written);
    };
    let mut licences = Licences::new(context);
    licences.leave(group, user);
    Ok(licences.write(written))
}

/// What the address means: the member, reached through the group.
fn delete_member(context: &Context<'_>) -> Result<Written, GraphError> {
    let group = context.object_id("groups", 0)?;
    let member = context.key(1);
    if !is_member(context, group, member) {
        return Err(GraphError::not_found(member));
    }
    let directory = context.directory();
    if let Some(user) = directory.find("users", "id", member) {
        users_writing::check_delete(context, user)?;
        return users_writing::deleted(context, user);
    }
    let object = directory.object(member).ok_or_else(|| GraphError::not_found(member))?;
    let (set, permissions) = match text(&object, "@odata.type") {
        "#microsoft.graph.group" => ("groups", permissions::GROUP_DELETE),
        _ => ("servicePrincipals", permissions::APPLICATION_WRITE),
    };
    if !permissions.allow_unowned(context.caller, true) {
        return Err(GraphError::denied());
    }
    let properties = Row::from_iter([("deletedDateTime".to_owned(), context.timestamp())]);
    Ok(Written::silently().set(set, by_id(id_of(&object)), properties))
}

/// What `POST /groups/{id}/assignLicense` hands to the members.
pub(crate) fn users_in<'a>(context: &Context<'a>, group: &str) -> Vec<&'a Row> {
    let members = context.state.directory.linked_from("groups/members", group);
    members
        .filter_map(|member| context.directory().find("users", "id", member))
        .collect()
}
