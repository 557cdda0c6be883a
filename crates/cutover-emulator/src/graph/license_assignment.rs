//! Licences assigned and taken away: of one user, and of a group whose members inherit them.

use http::StatusCode;
use serde_json::{Value, json};

use super::entity_types::{GROUP, USER};
use super::errors::GraphError;
use super::group_membership::users_in;
use super::licences::Licences;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, Route, id_of, write};
use super::writing::{Answer, Written, by_id, parameter};
use crate::state::Row;

const ERRORS: &str =
    "400 Request_BadRequest (usage location, no seat, inherited, not held), 404 Request_ResourceNotFound";

pub(crate) const ROUTES: &[Route] = &[
    write(
        "POST",
        "/users/{id}/assignLicense",
        &USER,
        assign,
        permissions::LICENSE_WRITE,
        "body addLicenses, removeLicenses: all or nothing",
        "GD user-assignlicense; that plans are provisioned at once is assumed",
    )
    .directory_roles(permissions::LICENSE_ROLES)
    .errors(ERRORS),
    write(
        "POST",
        "/users/{id}/reprocessLicenseAssignment",
        &USER,
        reprocess,
        permissions::LICENSE_WRITE,
        "tries inherited assignments without a seat again",
        "GD user-reprocesslicenseassignment",
    )
    .directory_roles(permissions::LICENSE_ROLES)
    .errors("404 Request_ResourceNotFound"),
    write(
        "POST",
        "/groups/{id}/assignLicense",
        &GROUP,
        assign_to_group,
        permissions::GROUP_LICENSE_WRITE,
        "body addLicenses, removeLicenses; users who are direct members inherit, in error without a seat",
        "GD group-assignlicense; that members inherit at once is assumed",
    )
    .directory_roles(permissions::LICENSE_ROLES)
    .errors(ERRORS),
];

/// What a call adds, by SKU with the plans that stay off, and what it removes.
struct Asked {
    add: Vec<(String, Value)>,
    remove: Vec<String>,
}

fn asked(context: &Context<'_>) -> Result<Asked, GraphError> {
    const ACTION: &str = "assignLicense";
    let body = context.body_as(ACTION)?;
    let list = |name| parameter(&body, ACTION, name).map(|value| value.as_array().cloned().unwrap_or_default());
    let add = list("addLicenses")?
        .iter()
        .filter_map(Value::as_object)
        .map(|licence| {
            let sku = licence.get("skuId").and_then(Value::as_str);
            let sku = sku.ok_or_else(|| GraphError::wrong_value("skuId", "Guid"))?;
            let disabled = licence.get("disabledPlans").filter(|plans| plans.is_array());
            Ok((sku.to_ascii_lowercase(), disabled.cloned().unwrap_or_else(|| json!([]))))
        })
        .collect::<Result<_, GraphError>>()?;
    let remove = list("removeLicenses")?;
    let remove = remove
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_ascii_lowercase)
        .collect();
    Ok(Asked { add, remove })
}

fn assign(context: &Context<'_>) -> Result<Written, GraphError> {
    let user = context.object("users", 0)?;
    let asked = asked(context)?;
    if !asked.add.is_empty() && text(user, "usageLocation").is_empty() {
        return Err(GraphError::request_bad_request(
            "License assignment cannot be done for user with invalid usage location.",
        ));
    }
    let mut licences = Licences::new(context);
    for sku in &asked.remove {
        licences.unassign(user, sku)?;
    }
    for (sku, disabled) in &asked.add {
        licences.assign(user, sku, disabled)?;
    }
    let after = licences.user(user);
    Ok(licences.write(Written::answering(Answer::Object(StatusCode::OK, after))))
}

fn reprocess(context: &Context<'_>) -> Result<Written, GraphError> {
    let user = context.object("users", 0)?;
    let mut licences = Licences::new(context);
    licences.reprocess(user);
    let after = licences.user(user);
    Ok(licences.write(Written::answering(Answer::Object(StatusCode::OK, after))))
}

fn assign_to_group(context: &Context<'_>) -> Result<Written, GraphError> {
    let group = context.object("groups", 0)?;
    let asked = asked(context)?;
    let mut held: Vec<Row> = group
        .get("assignedLicenses")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .cloned()
        .collect();
    let users = users_in(context, id_of(group));
    let mut licences = Licences::new(context);
    for sku in &asked.remove {
        let before = held.len();
        held.retain(|licence| !text(licence, "skuId").eq_ignore_ascii_case(sku));
        if held.len() == before {
            return Err(GraphError::request_bad_request(
                "Group does not have a corresponding license.",
            ));
        }
        for user in &users {
            licences.disinherit(user, id_of(group), sku);
        }
    }
    for (sku, disabled) in &asked.add {
        if context.directory().find("subscribedSkus", "skuId", sku).is_none() {
            return Err(GraphError::not_found(sku));
        }
        held.retain(|licence| !text(licence, "skuId").eq_ignore_ascii_case(sku));
        held.push(object(json!({"skuId": sku, "disabledPlans": disabled})));
        for user in &users {
            licences.inherit(user, id_of(group), sku, Some(disabled));
        }
    }
    let properties = object(json!({"assignedLicenses": held}));
    let mut after = group.clone();
    after.extend(properties.clone());
    let written = Written::answering(Answer::Object(StatusCode::ACCEPTED, after));
    Ok(licences.write(written.set("groups", by_id(id_of(group)), properties)))
}
