//! Applications as they stand in this tenant, and what they were granted.

use http::StatusCode;
use serde_json::{Value, json};

use super::application_credentials::new_client;
use super::entity_types::{APP_ROLE_ASSIGNMENT, DIRECTORY_OBJECT, OAUTH2_PERMISSION_GRANT, SERVICE_PRINCIPAL};
use super::errors::GraphError;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, OrElse, Route, Source, get, id_of, write};
use super::schema;
use super::writing::{Answer, Written, by_id, required};
use crate::state::Row;
use crate::world::first_party;

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
    write(
        "POST",
        "/servicePrincipals",
        &SERVICE_PRINCIPAL,
        create,
        permissions::APPLICATION_CREDENTIALS,
        "body appId and writable properties; of an application registered here, of Microsoft, or of another tenant",
        "GD serviceprincipal-post-serviceprincipals",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OrElse::Decided)
    .errors("400 Request_BadRequest without such an application, 409 Request_MultipleObjectsWithSameKeyValue"),
    write(
        "PATCH",
        "/servicePrincipals/{id}",
        &SERVICE_PRINCIPAL,
        update,
        permissions::APPLICATION_WRITE,
        "every writable property but appId",
        "GD serviceprincipal-update",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OrElse::Owner("servicePrincipals"))
    .errors("400 Request_BadRequest, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/servicePrincipals/{id}",
        &SERVICE_PRINCIPAL,
        delete,
        permissions::APPLICATION_WRITE,
        "soft; its grants go for good",
        "GD serviceprincipal-delete; that grants go along is assumed",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OrElse::Owner("servicePrincipals"))
    .errors("404 Request_ResourceNotFound"),
    get(
        "/servicePrincipals/{id}/owners",
        &DIRECTORY_OBJECT,
        Source::Rows(owners),
        permissions::APPLICATIONS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD serviceprincipal-list-owners",
    )
    .units(2)
    .paged(100, 999)
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

fn owners(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let principal = context.object_id("servicePrincipals", 0)?;
    Ok(super::applications::owners_of(
        context.directory(),
        "servicePrincipals",
        principal,
    ))
}

/// The service principal that an application would have in this tenant, without what the caller says of it.
fn principal_of(context: &Context<'_>, app_id: &str) -> Option<Row> {
    let directory = context.directory();
    let common = json!({
        "deletedDateTime": null, "accountEnabled": true, "servicePrincipalType": "Application",
        "appRoleAssignmentRequired": false, "createdDateTime": context.now, "homepage": null,
        "disabledByMicrosoftStatus": null, "replyUrls": [], "tags": [], "keyCredentials": [],
        "passwordCredentials": [], "oauth2PermissionScopes": [], "appRoles": [],
        "verifiedPublisher": {"displayName": null, "verifiedPublisherId": null, "addedDateTime": null},
    });
    let mut row = object(common);
    let own = if let Some(application) = directory.find("applications", "appId", app_id) {
        let scopes = application.get("api").and_then(|api| api.get("oauth2PermissionScopes"));
        let mut names = vec![json!(app_id)];
        let uris = application.get("identifierUris").and_then(Value::as_array);
        names.extend(uris.into_iter().flatten().cloned());
        json!({
            "appId": text(application, "appId"), "displayName": application.get("displayName"),
            "appDisplayName": application.get("displayName"), "appOwnerOrganizationId": context.state.tenant.id,
            "servicePrincipalNames": names, "signInAudience": application.get("signInAudience"),
            "oauth2PermissionScopes": scopes.cloned().unwrap_or_else(|| json!([])),
            "appRoles": application.get("appRoles").cloned().unwrap_or_else(|| json!([])),
        })
    } else if let Some(elsewhere) = directory.find("applicationsElsewhere", "appId", app_id) {
        Value::Object(elsewhere.clone())
    } else {
        Value::Object(first_party::service_principal(app_id)?)
    };
    row.extend(object(own));
    Some(row)
}

/// Owners of the application need neither a role nor a permission that reaches all of them.
fn check_creator(context: &Context<'_>, app_id: &str) -> Result<(), GraphError> {
    let caller = context.caller;
    let application = context.directory().find("applications", "appId", app_id);
    let owns = application.is_some_and(|application| {
        let mut owners = context
            .state
            .directory
            .linked_from("applications/owners", id_of(application));
        owners.any(|owner| owner.eq_ignore_ascii_case(&caller.object_id))
    });
    let may = if caller.is_application() {
        permissions::APPLICATION_CREDENTIALS.allow_unowned(caller, true)
    } else {
        permissions::APPLICATION_ROLES
            .iter()
            .any(|(_, role)| caller.holds(role))
    };
    if owns || may { Ok(()) } else { Err(GraphError::denied()) }
}

fn create(context: &Context<'_>) -> Result<Written, GraphError> {
    let body = context.entity_body("servicePrincipal", &SERVICE_PRINCIPAL)?;
    let app_id = required(&body, "appId")?.to_owned();
    check_creator(context, &app_id)?;
    if context
        .directory()
        .find("servicePrincipals", "appId", &app_id)
        .is_some()
    {
        return Err(GraphError::same_key(&format!(
            "The service principal cannot be created, updated, or restored because the service principal name {app_id} \
             is already in use."
        )));
    }
    let mut row = principal_of(context, &app_id).ok_or_else(|| {
        GraphError::request_bad_request(format!(
            "The appId '{app_id}' of the service principal does not reference a valid application object."
        ))
    })?;
    let id = match row.shift_remove("id") {
        Some(Value::String(id)) if context.state.directory.find("servicePrincipals", "id", &id).is_none() => id,
        _ => context.new_id("servicePrincipals"),
    };
    row.insert("id".to_owned(), json!(id));
    let own = body
        .into_iter()
        .filter(|(name, _)| !name.contains('@') && name != "appId");
    schema::merge(&mut row, own.collect());
    let application = context.directory().find("applications", "appId", &app_id);
    let client = application.and_then(|application| new_client(context, application, &id));
    let written = Written::answering(Answer::Object(StatusCode::CREATED, row.clone()))
        .insert(context, "servicePrincipals", row)
        .link("servicePrincipals/owners", &id, &context.caller.object_id);
    Ok(match client {
        Some(client) => written.client(&app_id, Some(client)),
        None => written,
    })
}

fn update(context: &Context<'_>) -> Result<Written, GraphError> {
    let principal = context.object_id("servicePrincipals", 0)?;
    let mut body = context.entity_body("servicePrincipal", &SERVICE_PRINCIPAL)?;
    body.retain(|name, _| !name.contains('@'));
    if body.contains_key("appId") {
        return Err(GraphError::read_only("appId"));
    }
    Ok(Written::silently().set("servicePrincipals", by_id(principal), body))
}

fn delete(context: &Context<'_>) -> Result<Written, GraphError> {
    let principal = context.object("servicePrincipals", 0)?;
    let id = id_of(principal);
    let deleted = object(json!({"deletedDateTime": context.now}));
    let mut written = Written::silently().set("servicePrincipals", by_id(id), deleted);
    for (set, ends) in [
        ("oauth2PermissionGrants", ["clientId", "resourceId"]),
        ("appRoleAssignments", ["principalId", "resourceId"]),
    ] {
        let gone = context.directory().rows(set);
        for row in gone.filter(|row| ends.iter().any(|end| text(row, end).eq_ignore_ascii_case(id))) {
            written = written.remove(set, by_id(id_of(row)));
        }
    }
    let app_id = text(principal, "appId");
    Ok(written.client(app_id, None))
}
