//! App registrations of this tenant: read, registered, changed, owned, deleted.

use http::StatusCode;
use serde_json::{Value, json};

use super::entity_types::{APPLICATION, DIRECTORY_OBJECT};
use super::errors::GraphError;
use super::membership::{Directory, object, text};
use super::permissions;
use super::route::{Context, OrElse, Route, Source, get, id_of, write};
use super::schema;
use super::writing::{Answer, Written, by_id, referenced, required};
use crate::state::Row;

const OWNED: OrElse = OrElse::Owner("applications");

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/applications",
        &APPLICATION,
        Source::Set("applications"),
        permissions::APPLICATIONS,
        "$select, $filter, $orderby, $top, $count, $search, $expand, paging",
        "GD application-list",
    )
    .units(2)
    .paged(100, 999)
    .directory(),
    get(
        "/applications/{id}",
        &APPLICATION,
        Source::Item("applications"),
        permissions::APPLICATIONS,
        "$select, $expand",
        "GD application-get; also applications(appId='…')",
    )
    .directory(),
    write(
        "POST",
        "/applications",
        &APPLICATION,
        create,
        permissions::APPLICATION_CREATE,
        "every writable property but credentials; whoever registers it owns it",
        "GD application-post-applications; that applications own what they register is assumed",
    )
    .errors("400 Request_BadRequest"),
    write(
        "PATCH",
        "/applications/{id}",
        &APPLICATION,
        update,
        permissions::APPLICATION_WRITE,
        "every writable property but credentials; collections are replaced whole",
        "GD application-update",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OWNED)
    .errors("400 Request_BadRequest, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/applications/{id}",
        &APPLICATION,
        delete,
        permissions::APPLICATION_WRITE,
        "soft; takes the service principal of the same tenant along",
        "GD application-delete; Entra documents app-objects-and-service-principals",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OWNED)
    .errors("404 Request_ResourceNotFound"),
    get(
        "/applications/{id}/owners",
        &DIRECTORY_OBJECT,
        Source::Rows(owners),
        permissions::APPLICATIONS,
        "$select, $filter, $orderby, $top, $count, $search, casts, paging",
        "GD application-list-owners",
    )
    .units(2)
    .paged(100, 999)
    .directory(),
    write(
        "POST",
        "/applications/{id}/owners/$ref",
        &APPLICATION,
        add_owner,
        permissions::APPLICATION_WRITE,
        "body @odata.id",
        "GD application-post-owners",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OWNED)
    .errors("400 Request_BadRequest when it is an owner, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/applications/{id}/owners/{id}/$ref",
        &APPLICATION,
        remove_owner,
        permissions::APPLICATION_WRITE,
        "",
        "GD application-delete-owners",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OWNED)
    .errors("404 Request_ResourceNotFound"),
];

const AUDIENCES: [&str; 4] = [
    "AzureADMyOrg",
    "AzureADMultipleOrgs",
    "AzureADandPersonalMicrosoftAccount",
    "PersonalMicrosoftAccount",
];

/// What an application that says nothing of it answers.
fn blank() -> Row {
    object(json!({
        "signInAudience": "AzureADMyOrg", "publicClient": {"redirectUris": []}, "spa": {"redirectUris": []},
        "web": {"redirectUris": [], "homePageUrl": null, "logoutUrl": null, "redirectUriSettings": [],
                "implicitGrantSettings": {"enableIdTokenIssuance": false, "enableAccessTokenIssuance": false}},
        "api": {"acceptMappedClaims": null, "knownClientApplications": [], "oauth2PermissionScopes": [],
                "preAuthorizedApplications": [], "requestedAccessTokenVersion": null},
        "verifiedPublisher": {"displayName": null, "verifiedPublisherId": null, "addedDateTime": null},
        "servicePrincipalLockConfiguration": null,
    }))
}

fn sent(context: &Context<'_>) -> Result<Row, GraphError> {
    let mut body = context.entity_body("application", &APPLICATION)?;
    body.retain(|name, _| !name.contains('@'));
    for name in ["passwordCredentials", "keyCredentials"] {
        if body
            .get(name)
            .and_then(Value::as_array)
            .is_some_and(|given| !given.is_empty())
        {
            // Credentials in the body of an application need proofs and rules of their own.
            let place = format!("{} with {name}", context.call.path);
            return Err(GraphError::not_implemented(&context.call.method, &place));
        }
        body.shift_remove(name);
    }
    if let Some(audience) = body.get("signInAudience")
        && !audience.as_str().is_some_and(|audience| AUDIENCES.contains(&audience))
    {
        return Err(GraphError::wrong_value("signInAudience", "String"));
    }
    Ok(body)
}

/// Identifier URIs and unique names belong to one application of a tenant.
fn check_unique(context: &Context<'_>, own_id: &str, body: &Row) -> Result<(), GraphError> {
    let others = || {
        let rows = context.directory().rows("applications");
        rows.filter(|row| !id_of(row).eq_ignore_ascii_case(own_id))
    };
    let texts = |row: &Row| -> Vec<String> {
        let listed = row.get("identifierUris").and_then(Value::as_array);
        let listed = listed.into_iter().flatten().filter_map(Value::as_str);
        listed.map(str::to_ascii_lowercase).collect()
    };
    let wanted = texts(body);
    let taken = others().any(|row| texts(row).iter().any(|there| wanted.contains(there)));
    let name = text(body, "uniqueName");
    let named = !name.is_empty() && others().any(|row| text(row, "uniqueName").eq_ignore_ascii_case(name));
    match (taken, named) {
        (false, false) => Ok(()),
        (taken, _) => {
            let property = if taken { "identifierUris" } else { "uniqueName" };
            Err(GraphError::request_bad_request(format!(
                "Another object with the same value for property {property} already exists."
            )))
        }
    }
}

fn create(context: &Context<'_>) -> Result<Written, GraphError> {
    let body = sent(context)?;
    required(&body, "displayName")?;
    check_unique(context, "", &body)?;
    let id = context.new_id("applications");
    let app_id = context.new_id_unless("appId", |id| {
        let sets = ["applications", "servicePrincipals"];
        sets.iter()
            .any(|set| context.state.directory.find(set, "appId", id).is_some())
    });
    let mut row = object(json!({
        "id": id, "deletedDateTime": null, "appId": app_id,
        "createdDateTime": context.now, "publisherDomain": context.state.tenant.domains.first(),
    }));
    row.extend(blank());
    schema::merge(&mut row, body);
    Ok(Written::answering(Answer::Object(StatusCode::CREATED, row.clone()))
        .insert(context, "applications", row)
        .link("applications/owners", &id, &context.caller.object_id))
}

fn update(context: &Context<'_>) -> Result<Written, GraphError> {
    let application = context.object("applications", 0)?;
    let mut body = sent(context)?;
    if body.get("displayName").is_some() {
        required(&body, "displayName")?;
    }
    check_unique(context, id_of(application), &body)?;
    for (name, value) in &mut body {
        if let (Some(Value::Object(there)), Value::Object(sent)) = (application.get(name), &mut *value) {
            let mut merged = there.clone();
            schema::merge(&mut merged, std::mem::take(sent));
            *sent = merged;
        }
    }
    Ok(Written::silently().set("applications", by_id(id_of(application)), body))
}

fn delete(context: &Context<'_>) -> Result<Written, GraphError> {
    let application = context.object("applications", 0)?;
    let app_id = text(application, "appId");
    let deleted = object(json!({"deletedDateTime": context.now}));
    let mut written = Written::silently()
        .set("applications", by_id(id_of(application)), deleted.clone())
        .client(app_id, None);
    if let Some(principal) = context.directory().find("servicePrincipals", "appId", app_id) {
        written = written.set("servicePrincipals", by_id(id_of(principal)), deleted);
    }
    Ok(written)
}

/// Owners of an object, each with its type.
pub(crate) fn owners_of(directory: Directory<'_>, set: &str, id: &str) -> Vec<Row> {
    let relation = format!("{set}/owners");
    let ids = directory.state.directory.linked_from(&relation, id);
    ids.filter_map(|owner| directory.object(owner)).collect()
}

fn owners(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let application = context.object_id("applications", 0)?;
    Ok(owners_of(context.directory(), "applications", application))
}

fn add_owner(context: &Context<'_>) -> Result<Written, GraphError> {
    let application = context.object_id("applications", 0)?;
    let owner = referenced(&context.body()?)?;
    let found = context
        .directory()
        .object(&owner)
        .ok_or_else(|| GraphError::not_found(&owner))?;
    if !matches!(
        text(&found, "@odata.type"),
        "#microsoft.graph.user" | "#microsoft.graph.servicePrincipal"
    ) {
        return Err(GraphError::wrong_value("owners", "user or servicePrincipal"));
    }
    let there = owners_of(context.directory(), "applications", application);
    if there.iter().any(|there| id_of(there).eq_ignore_ascii_case(&owner)) {
        return Err(GraphError::already_referenced("owners"));
    }
    Ok(Written::silently().link("applications/owners", application, id_of(&found)))
}

fn remove_owner(context: &Context<'_>) -> Result<Written, GraphError> {
    let application = context.object_id("applications", 0)?;
    let owner = context.key(1);
    let there = owners_of(context.directory(), "applications", application);
    if !there.iter().any(|there| id_of(there).eq_ignore_ascii_case(owner)) {
        return Err(GraphError::not_found(owner));
    }
    Ok(Written::silently().unlink("applications/owners", application, owner))
}
