//! Users changed, deleted and signed out.

use serde_json::{Value, json};

use super::entity_types::USER;
use super::errors::GraphError;
use super::licences::Licences;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, OrElse, Route, id_of, write};
use super::writing::{Answer, Written, by_id};
use crate::state::Row;

pub(crate) const ROUTES: &[Route] = &[
    write(
        "PATCH",
        "/users/{id}",
        &USER,
        update,
        permissions::USER_WRITE,
        "every writable property but passwords; User.ReadWrite and oneself: the own profile",
        "GD user-update",
    )
    .directory_roles(permissions::USER_ROLES)
    .or_else(OrElse::Self_)
    .errors("400 Request_BadRequest, 403, 404 Request_ResourceNotFound"),
    write(
        "DELETE",
        "/users/{id}",
        &USER,
        delete,
        permissions::USER_DELETE,
        "soft; seats, roles and memberships go along",
        "GD user-delete; what goes along is assumed",
    )
    .directory_roles(permissions::USER_DELETE_ROLES)
    .errors("403 for administrators without a role above theirs, 404 Request_ResourceNotFound"),
    write(
        "POST",
        "/users/{id}/revokeSignInSessions",
        &USER,
        revoke,
        permissions::USER_REVOKE,
        "refresh tokens and browser sessions end; access tokens of clients that said cp1 are challenged in Graph",
        "GD user-revokesigninsessions",
    )
    .directory_roles(permissions::USER_DELETE_ROLES)
    .or_else(OrElse::Self_)
    .errors("404 Request_ResourceNotFound"),
];

/// What a person may change of his own profile.
const PROFILE: [&str; 11] = [
    "businessPhones",
    "city",
    "country",
    "givenName",
    "displayName",
    "mobilePhone",
    "officeLocation",
    "postalCode",
    "preferredLanguage",
    "state",
    "streetAddress",
];
/// What only a higher administrator may change of an administrator (GD `users`, *Who can perform sensitive actions*).
const SENSITIVE: [&str; 5] = [
    "accountEnabled",
    "businessPhones",
    "mobilePhone",
    "otherMails",
    "userPrincipalName",
];
/// What stays with the cloud when a user is mastered on premises.
const OF_THE_CLOUD: [&str; 2] = ["usageLocation", "preferredLanguage"];

/// Whether a user holds a directory role now.
fn is_administrator(context: &Context<'_>, user: &Row) -> bool {
    let held = context.directory().transitive_role_assignments(id_of(user));
    !held.is_empty()
}

/// Whether the caller may do sensitive things to an administrator: a person by his token, an application by the
/// roles it holds.
fn is_above_administrators(context: &Context<'_>) -> bool {
    let caller = context.caller;
    permissions::OVER_ADMINISTRATORS.iter().any(|role| {
        if caller.is_application() {
            let held = context.directory().transitive_role_assignments(&caller.object_id);
            held.iter()
                .any(|held| text(held, "roleDefinitionId").eq_ignore_ascii_case(role))
        } else {
            caller.holds(role)
        }
    })
}

/// As [`is_above_administrators`] where the user is one; anybody is above everybody else.
pub(crate) fn is_above(context: &Context<'_>, user: &Row) -> bool {
    !is_administrator(context, user) || is_above_administrators(context)
}

fn update(context: &Context<'_>) -> Result<Written, GraphError> {
    let user = context.object("users", 0)?;
    let mut body = context.entity_body("user", &USER)?;
    body.retain(|name, _| !name.contains('@'));
    let caller = context.caller;
    let own = id_of(user).eq_ignore_ascii_case(&caller.object_id);
    let only = |names: &[&str]| body.keys().all(|name| names.contains(&name.as_str()));
    let in_role = |role: &str| caller.is_application() || caller.holds(role);
    let in_full = permissions::USER_WRITE_IN_FULL.allow(caller, own)
        && permissions::USER_ROLES
            .iter()
            .any(|(_, role)| *role != permissions::LICENSE_ADMINISTRATOR_TEMPLATE && in_role(role));
    let location = permissions::USER_WRITE_IN_FULL.allow(caller, own)
        && in_role(permissions::LICENSE_ADMINISTRATOR_TEMPLATE)
        && only(&["usageLocation"]);
    let sensitive = body.keys().any(|name| SENSITIVE.contains(&name.as_str()));
    let allowed = (own && only(&PROFILE)) || location || (in_full && (!sensitive || is_above(context, user)));
    if !allowed {
        return Err(GraphError::denied());
    }
    if user.get("onPremisesSyncEnabled") == Some(&Value::Bool(true)) && !only(&OF_THE_CLOUD) {
        return Err(GraphError::request_bad_request(
            "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects \
             currently undergoing migration.",
        ));
    }
    check_values(context, user, &body)?;
    Ok(Written::silently().set("users", by_id(id_of(user)), body))
}

fn check_values(context: &Context<'_>, user: &Row, body: &Row) -> Result<(), GraphError> {
    let given = |name: &str| body.get(name).map(|value| value.as_str().unwrap_or_default());
    if given("displayName").is_some_and(str::is_empty) {
        return Err(GraphError::request_bad_request(
            "Invalid value specified for property 'displayName' of resource 'User'.",
        ));
    }
    if let Some(location) = given("usageLocation").filter(|location| !location.is_empty())
        && !(location.len() == 2 && location.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        return Err(GraphError::request_bad_request("Usage location is not valid."));
    }
    let Some(name) = given("userPrincipalName") else {
        return Ok(());
    };
    let domain = name.rsplit_once('@').map_or("", |(_, domain)| domain);
    let domains = &context.state.tenant.domains;
    if !domains.iter().any(|known| known.eq_ignore_ascii_case(domain)) {
        return Err(GraphError::request_bad_request(
            "The domain portion of the userPrincipalName property is invalid. You must use one of the verified \
             domain names in your organization.",
        ));
    }
    let other = context.directory().find("users", "userPrincipalName", name);
    if other.is_some_and(|other| id_of(other) != id_of(user)) {
        return Err(GraphError::request_bad_request(
            "Another object with the same value for property userPrincipalName already exists.",
        ));
    }
    Ok(())
}

fn delete(context: &Context<'_>) -> Result<Written, GraphError> {
    let user = context.object("users", 0)?;
    check_delete(context, user)?;
    deleted(context, user)
}

/// Whether the caller may delete this user, by whichever address.
pub(crate) fn check_delete(context: &Context<'_>, user: &Row) -> Result<(), GraphError> {
    let caller = context.caller;
    let in_role = caller.is_application()
        || permissions::USER_DELETE_ROLES
            .iter()
            .any(|(_, role)| caller.holds(role));
    if permissions::USER_DELETE.allow(caller, true) && in_role && is_above(context, user) {
        Ok(())
    } else {
        Err(GraphError::denied())
    }
}

/// A user who goes into the container of deleted items.
pub(crate) fn deleted(context: &Context<'_>, user: &Row) -> Result<Written, GraphError> {
    let id = id_of(user);
    super::role_assignments::check_last_administrator(context, id)?;
    let mut licences = Licences::new(context);
    licences.drop_all(user);
    let name = format!("{}{}", id.replace('-', ""), text(user, "userPrincipalName"));
    let properties = object(json!({"deletedDateTime": context.now, "userPrincipalName": name}));
    let mut written = licences.write(Written::silently()).set("users", by_id(id), properties);
    for set in [
        "roleAssignments",
        "roleAssignmentScheduleInstances",
        "roleEligibilityScheduleInstances",
        "oauth2PermissionGrants",
        "appRoleAssignments",
    ] {
        for row in context.directory().linked(set, "principalId", id) {
            written = written.remove(set, by_id(id_of(&row)));
        }
    }
    for group in context.state.directory.linked_to("groups/members", id) {
        written = written.unlink("groups/members", group, id);
    }
    Ok(written)
}

fn revoke(context: &Context<'_>) -> Result<Written, GraphError> {
    let user = context.object("users", 0)?;
    let own = id_of(user).eq_ignore_ascii_case(&context.caller.object_id);
    if !own && !is_above(context, user) {
        return Err(GraphError::denied());
    }
    let properties = object(json!({"signInSessionsValidFromDateTime": context.now}));
    let written = Written::answering(Answer::Value("Edm.Boolean", json!(true)));
    Ok(written
        .set("users", by_id(id_of(user)), properties)
        .sessions_revoked(id_of(user)))
}
