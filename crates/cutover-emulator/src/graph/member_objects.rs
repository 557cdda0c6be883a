//! What an object is a member of, directly or through groups, as plain ids: actions of every directory object.

use std::collections::BTreeSet;

use serde_json::Value;

use super::entity_types::DIRECTORY_OBJECT;
use super::errors::GraphError;
use super::permissions::{self, Permissions};
use super::route::{Context, Route, Source, get, id_of};
use super::writing::parameter;

/// Ids that `checkMemberGroups` and `checkMemberObjects` take at once (GD `directoryobject-checkmembergroups`).
const MAX_CHECKED: usize = 20;

const fn action(
    path: &'static str,
    find: fn(&Context<'_>) -> Result<Vec<String>, GraphError>,
    permissions: Permissions,
    shapes: &'static str,
    document: &'static str,
) -> Route {
    get(
        path,
        &DIRECTORY_OBJECT,
        Source::Texts(find),
        permissions,
        shapes,
        document,
    )
    .post()
    .units(5)
}

macro_rules! actions {
    ($($set:literal: $permissions:expr),* $(,)?) => {
        &[$(
            action(
                concat!("/", $set, "/{id}/getMemberGroups"),
                |context| get_member_groups(context, $set),
                $permissions,
                "body securityEnabledOnly",
                "GD directoryobject-getmembergroups",
            ),
            action(
                concat!("/", $set, "/{id}/getMemberObjects"),
                |context| get_member_objects(context, $set),
                $permissions,
                "body securityEnabledOnly",
                "GD directoryobject-getmemberobjects",
            ),
            action(
                concat!("/", $set, "/{id}/checkMemberGroups"),
                |context| check_member_groups(context, $set),
                $permissions,
                "body groupIds (at most 20)",
                "GD directoryobject-checkmembergroups",
            ),
            action(
                concat!("/", $set, "/{id}/checkMemberObjects"),
                |context| check_member_objects(context, $set),
                $permissions,
                "body ids (at most 20)",
                "GD directoryobject-checkmemberobjects",
            ),
        )*]
    };
}

pub(crate) const ROUTES: &[Route] = actions! {
    "users": permissions::MEMBER_GROUPS,
    "groups": permissions::GROUPS_OF_GROUP,
    "servicePrincipals": permissions::GROUPS_OF_PRINCIPAL,
    "directoryObjects": permissions::GROUPS_OF_OBJECT,
};

/// The object that the path names.
fn member(context: &Context<'_>, set: &str) -> Result<String, GraphError> {
    if set != "directoryObjects" {
        return context.object_id(set, 0).map(str::to_owned);
    }
    let id = context.key(0);
    let found = context
        .directory()
        .object(id)
        .ok_or_else(|| GraphError::not_found(id))?;
    Ok(id_of(&found).to_owned())
}

fn groups(context: &Context<'_>, set: &str) -> Result<Vec<String>, GraphError> {
    let member = member(context, set)?;
    let body = context.body_as("getMemberGroups")?;
    let security_only = parameter(&body, "getMemberGroups", "securityEnabledOnly")? == &Value::Bool(true);
    Ok(context
        .directory()
        .groups_of(&member, true)
        .into_iter()
        .filter(|group| !security_only || group.get("securityEnabled") == Some(&Value::Bool(true)))
        .map(|group| id_of(group).to_owned())
        .collect())
}

fn get_member_groups(context: &Context<'_>, set: &str) -> Result<Vec<String>, GraphError> {
    groups(context, set)
}

fn get_member_objects(context: &Context<'_>, set: &str) -> Result<Vec<String>, GraphError> {
    let mut found = groups(context, set)?;
    let member = member(context, set)?;
    let roles = context.directory().member_of(&member, true);
    let roles = roles.iter().filter(|object| object.contains_key("roleTemplateId"));
    found.extend(roles.map(|role| id_of(role).to_owned()));
    Ok(found)
}

fn asked(context: &Context<'_>, action: &str, name: &str) -> Result<Vec<String>, GraphError> {
    let body = context.body_as(action)?;
    let asked = parameter(&body, action, name)?.as_array().cloned().unwrap_or_default();
    if asked.len() > MAX_CHECKED {
        return Err(GraphError::request_bad_request(format!(
            "The maximum number of ids is {MAX_CHECKED}."
        )));
    }
    Ok(asked.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn held(asked: Vec<String>, found: &BTreeSet<String>) -> Vec<String> {
    let held = asked.into_iter().filter(|id| found.contains(&id.to_ascii_lowercase()));
    held.collect()
}

fn check_member_groups(context: &Context<'_>, set: &str) -> Result<Vec<String>, GraphError> {
    let member = member(context, set)?;
    let asked = asked(context, "checkMemberGroups", "groupIds")?;
    let groups = context.directory().groups_of(&member, true);
    Ok(held(
        asked,
        &groups
            .into_iter()
            .map(|group| id_of(group).to_ascii_lowercase())
            .collect(),
    ))
}

fn check_member_objects(context: &Context<'_>, set: &str) -> Result<Vec<String>, GraphError> {
    let member = member(context, set)?;
    let asked = asked(context, "checkMemberObjects", "ids")?;
    let objects = context.directory().member_of(&member, true);
    Ok(held(
        asked,
        &objects
            .iter()
            .map(|object| id_of(object).to_ascii_lowercase())
            .collect(),
    ))
}
