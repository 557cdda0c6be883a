//! Consent: what an application may do for a person, and who may say so.

use serde_json::{Value, json};

use super::application::Application;
use super::error::Refusal;
use super::person::{self, Person};
use super::scope::{Wanted, consented, service_principal_of};
use super::secret_text;
use crate::state::{Row, State};
use crate::world::first_party::GRAPH;

/// Directory roles whose holders may consent to anything (Entra documents: grant-admin-consent): Global Administrator,
/// Privileged Role Administrator; for other resources than Graph the application administrators as well.
const CONSENTERS: &[&str] = &[
    "62e90394-69f5-4237-9190-012177145e10",
    "e8611ab8-c189-46e8-94e1-60213ab1f814",
];

/// Whether a person may consent to anything, and for everybody.
pub(super) fn is_administrator(state: &State, person: &Person, now: jiff::Timestamp) -> bool {
    let roles = person::roles(state, &person.id, now);
    roles.iter().any(|role| CONSENTERS.contains(&role.as_str()))
}

/// The permissions that a sign-in lacks consent for; none when everything was consented to. The refusal says why this
/// person cannot consent to them either.
pub(super) fn lacking(
    state: &State,
    app: &Application,
    person: &Person,
    wanted: &Wanted,
    now: jiff::Timestamp,
) -> Result<Vec<String>, Refusal> {
    let there = consented(state, app, &person.id, &wanted.resource);
    let Err(lacking) = wanted.granted(app, &there) else {
        return Ok(Vec::new());
    };
    let asked = match wanted.scopes.is_empty() {
        true => registered(state, app, &wanted.resource, "Scope"),
        false => wanted.scopes.clone(),
    };
    if app.object_id().is_none() || service_principal_of(state, &wanted.resource).is_none() || asked.is_empty() {
        return Err(lacking);
    }
    let new: Vec<String> = asked.into_iter().filter(|scope| !there.contains(scope)).collect();
    // Which permissions a person alone cannot consent to is said by each permission; that it is those which reach
    // beyond the person is assumed.
    let beyond = wanted.resource == GRAPH && new.iter().any(|scope| scope.ends_with(".All"));
    if beyond && !is_administrator(state, person, now) {
        return Err(needs_administrator(state, app));
    }
    Ok(new)
}

/// The refusal of what only an administrator may consent to.
pub(super) fn needs_administrator(state: &State, app: &Application) -> Refusal {
    let text = format!(
        "An administrator of {} has set a policy that prevents you from granting {} the permissions it is requesting.",
        state.tenant.display_name, app.name
    );
    Refusal::new("access_denied", 90_094, text)
}

/// Writes a consent down: of one person, or without a person of the whole organisation. Nothing happens where the
/// application or the resource has no service principal.
pub(super) fn grant(state: &mut State, app: &Application, resource: &str, principal: Option<&str>, scopes: &[String]) {
    let (Some(client), Some(resource)) = (app.object_id(), service_principal_of(state, resource)) else {
        return;
    };
    let (client, resource) = (client.to_owned(), resource.to_owned());
    let same = |grant: &Row| {
        let text = |name: &str| grant.get(name).and_then(Value::as_str);
        text("clientId") == Some(&client) && text("resourceId") == Some(&resource) && text("principalId") == principal
    };
    let known = state
        .directory
        .rows("oauth2PermissionGrants")
        .iter()
        .find(|grant| same(grant));
    let known = known.and_then(|grant| grant.get("id")?.as_str().map(str::to_owned));
    if let Some(grant) = known.and_then(|id| state.directory.find_mut("oauth2PermissionGrants", "id", &id)) {
        let held = grant
            .get("scope")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let mut words: Vec<&str> = held.split_ascii_whitespace().collect();
        for scope in scopes {
            if !words.iter().any(|word| word.eq_ignore_ascii_case(scope)) {
                words.push(scope);
            }
        }
        let scope = words.join(" ");
        grant.insert("scope".to_owned(), scope.into());
        return;
    }
    let kind = if principal.is_some() {
        "Principal"
    } else {
        "AllPrincipals"
    };
    let mut grant = Row::new();
    for (name, value) in [
        (
            "id",
            json!(secret_text(&format!(
                "{client}/{resource}/{}",
                principal.unwrap_or_default()
            ))),
        ),
        ("clientId", json!(client)),
        ("consentType", json!(kind)),
        ("principalId", json!(principal)),
        ("resourceId", json!(resource)),
        ("scope", json!(scopes.join(" "))),
    ] {
        grant.insert(name.to_owned(), value);
    }
    state.directory.insert("oauth2PermissionGrants", grant);
}

/// Gives an application the application permissions at a resource that its registration asks for.
pub(super) fn assign_roles(state: &mut State, app: &Application, resource: &str, now: jiff::Timestamp) {
    let roles = registered(state, app, resource, "Role");
    let (Some(client), Some(row)) = (
        app.service_principal.as_ref(),
        state.directory.find("servicePrincipals", "appId", resource).cloned(),
    ) else {
        return;
    };
    let published = row
        .get("appRoles")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for role in roles {
        let id = published.iter().find(|known| known.get("value") == Some(&json!(role)));
        let Some(id) = id.and_then(|known| known.get("id")).cloned() else {
            continue;
        };
        let there = state.directory.rows("appRoleAssignments").iter().any(|assignment| {
            assignment.get("principalId") == client.get("id")
                && assignment.get("resourceId") == row.get("id")
                && assignment.get("appRoleId") == Some(&id)
        });
        if there {
            continue;
        }
        let seed = format!("{}/{resource}/{role}", app.app_id);
        let mut assignment = Row::new();
        for (name, value) in [
            ("id", json!(secret_text(&seed))),
            ("deletedDateTime", Value::Null),
            ("appRoleId", id),
            ("createdDateTime", json!(now)),
            ("principalDisplayName", json!(app.name)),
            ("principalId", json!(client.get("id"))),
            ("principalType", json!("ServicePrincipal")),
            ("resourceDisplayName", json!(row.get("displayName"))),
            ("resourceId", json!(row.get("id"))),
        ] {
            assignment.insert(name.to_owned(), value);
        }
        state.directory.insert("appRoleAssignments", assignment);
        let mut clients = state.clients.iter_mut();
        if let Some(client) = clients.find(|known| known.app_id.eq_ignore_ascii_case(&app.app_id)) {
            client.app_roles.entry(resource.to_owned()).or_default().push(role);
        }
    }
}

/// Application ids of the resources that the registration of an application asks something of.
pub(super) fn registered_resources(state: &State, app: &Application) -> Vec<String> {
    let ids = required(state, app).into_iter();
    ids.filter_map(|access| access.get("resourceAppId")?.as_str().map(str::to_owned))
        .collect()
}

/// The permissions of a kind (`Scope`, `Role`) at a resource that the registration of an application asks for.
pub(super) fn registered(state: &State, app: &Application, resource: &str, kind: &str) -> Vec<String> {
    let published = state.directory.find("servicePrincipals", "appId", resource);
    let published = list(published.and_then(|row| {
        row.get(match kind {
            "Scope" => "oauth2PermissionScopes",
            _ => "appRoles",
        })
    }));
    let name_of = |id: &Value| {
        let permission = published.iter().find(|permission| permission.get("id") == Some(id))?;
        permission.get("value")?.as_str().map(str::to_owned)
    };
    required(state, app)
        .iter()
        .filter(|access| access.get("resourceAppId").and_then(Value::as_str) == Some(resource))
        .flat_map(|access| list(access.get("resourceAccess")))
        .filter(|access| access.get("type").and_then(Value::as_str) == Some(kind))
        .filter_map(|access| name_of(access.get("id")?))
        .collect()
}

fn required(state: &State, app: &Application) -> Vec<Value> {
    let registration = state.directory.find("applications", "appId", &app.app_id);
    list(registration.and_then(|row| row.get("requiredResourceAccess")))
}

fn list(value: Option<&Value>) -> Vec<Value> {
    value.and_then(Value::as_array).cloned().unwrap_or_default()
}
