//! Delegated permissions that were granted, for everybody or for one person: one grant for each client, resource
//! and kind of consent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::entity_types::OAUTH2_PERMISSION_GRANT;
use super::errors::GraphError;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, Route, Source, get, id_of, write};
use super::writing::{Answer, Written, by_id, required};
use crate::state::Row;

const SET: &str = "oauth2PermissionGrants";

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/oauth2PermissionGrants",
        &OAUTH2_PERMISSION_GRANT,
        Source::Set(SET),
        permissions::OAUTH2_PERMISSION_GRANTS,
        "$select, $filter, $top, paging",
        "GD oauth2permissiongrant-list",
    )
    .directory_roles(permissions::GRANT_READERS)
    .units(2)
    .paged(100, 999),
    get(
        "/oauth2PermissionGrants/{id}",
        &OAUTH2_PERMISSION_GRANT,
        Source::Item(SET),
        permissions::OAUTH2_PERMISSION_GRANTS,
        "$select",
        "GD oauth2permissiongrant-get",
    )
    .directory_roles(permissions::GRANT_READERS),
    write(
        "POST",
        "/oauth2PermissionGrants",
        &OAUTH2_PERMISSION_GRANT,
        create,
        permissions::GRANT_WRITE,
        "body clientId, consentType, principalId, resourceId, scope",
        "GD oauth2permissiongrant-post",
    )
    .directory_roles(permissions::GRANT_ROLES)
    .errors("400 Request_BadRequest, 404 Request_ResourceNotFound, 409 Request_MultipleObjectsWithSameKeyValue"),
    write(
        "PATCH",
        "/oauth2PermissionGrants/{id}",
        &OAUTH2_PERMISSION_GRANT,
        update,
        permissions::GRANT_WRITE,
        "body scope, which is replaced whole",
        "GD oauth2permissiongrant-update",
    )
    .directory_roles(permissions::GRANT_ROLES)
    .errors("400 Request_BadRequest for any other property, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/oauth2PermissionGrants/{id}",
        &OAUTH2_PERMISSION_GRANT,
        delete,
        permissions::GRANT_WRITE,
        "",
        "GD oauth2permissiongrant-delete",
    )
    .directory_roles(permissions::GRANT_ROLES)
    .errors("404 Request_ResourceNotFound"),
];

/// Who and what a grant is about; no second grant may say the same.
fn key(row: &Row) -> [String; 4] {
    ["clientId", "resourceId", "consentType", "principalId"].map(|name| text(row, name).to_ascii_lowercase())
}

/// The id of a grant holds the ids of client, resource and person, as recorded ones do.
fn id(context: &Context<'_>, ends: &[&str]) -> String {
    let bytes: Option<Vec<u8>> = ends
        .iter()
        .map(|end| Some(Uuid::parse_str(end).ok()?.to_bytes_le()))
        .collect::<Option<Vec<_>>>()
        .map(|ends| ends.concat());
    bytes
        .map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
        .filter(|id| context.state.directory.find(SET, "id", id).is_none())
        .unwrap_or_else(|| context.new_id(SET))
}

fn create(context: &Context<'_>) -> Result<Written, GraphError> {
    let body = context.entity_body("oAuth2PermissionGrant", &OAUTH2_PERMISSION_GRANT)?;
    let (client, resource) = (required(&body, "clientId")?, required(&body, "resourceId")?);
    let principal = Some(text(&body, "principalId")).filter(|principal| !principal.is_empty());
    let consent = required(&body, "consentType")?;
    let wrong = |property: &str| {
        GraphError::request_bad_request(format!(
            "Invalid value specified for property '{property}' of resource 'OAuth2PermissionGrant'."
        ))
    };
    match (consent, principal) {
        ("AllPrincipals", None) | ("Principal", Some(_)) => {}
        ("AllPrincipals" | "Principal", _) => return Err(wrong("principalId")),
        _ => return Err(wrong("consentType")),
    }
    let directory = context.directory();
    for end in [client, resource] {
        directory
            .find("servicePrincipals", "id", end)
            .ok_or_else(|| GraphError::not_found(end))?;
    }
    if let Some(principal) = principal {
        directory
            .find("users", "id", principal)
            .ok_or_else(|| GraphError::not_found(principal))?;
    }
    if directory.rows(SET).any(|row| key(row) == key(&body)) {
        return Err(GraphError::same_key("Permission entry already exists."));
    }
    let ends: Vec<&str> = [client, resource].into_iter().chain(principal).collect();
    let row = object(json!({
        "id": id(context, &ends), "clientId": client, "consentType": consent, "principalId": principal,
        "resourceId": resource, "scope": body.get("scope"),
    }));
    Ok(Written::answering(Answer::Object(StatusCode::CREATED, row.clone())).insert(context, SET, row))
}

fn update(context: &Context<'_>) -> Result<Written, GraphError> {
    let grant = context.object(SET, 0)?;
    let mut body = context.entity_body("oAuth2PermissionGrant", &OAUTH2_PERMISSION_GRANT)?;
    body.retain(|name, _| !name.contains('@'));
    let other = |(name, value): (&String, &Value)| name != "scope" && grant.get(name) != Some(value);
    if body.iter().any(other) {
        return Err(GraphError::request_bad_request("Property cannot be updated"));
    }
    body.retain(|name, _| name == "scope");
    Ok(Written::silently().set(SET, by_id(id_of(grant)), body))
}

fn delete(context: &Context<'_>) -> Result<Written, GraphError> {
    let grant = context.object_id(SET, 0)?;
    Ok(Written::silently().remove(SET, by_id(grant)))
}
