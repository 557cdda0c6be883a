//! Client secrets of applications: the secret itself is shown once, and signs in from then on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{Span, Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use uuid::Uuid;

use super::entity_types::APPLICATION;
use super::errors::GraphError;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, OrElse, Route, id_of, write};
use super::writing::{Answer, Written, by_id, parameter};
use crate::state::{Client, Row, Secret};

/// Secrets of an application in the order of its `passwordCredentials`, for the day its service principal comes.
const SECRETS: &str = "_emulator_secrets";

pub(crate) const ROUTES: &[Route] = &[
    write(
        "POST",
        "/applications/{id}/addPassword",
        &APPLICATION,
        add_password,
        permissions::APPLICATION_CREDENTIALS,
        "body passwordCredential with displayName, startDateTime, endDateTime; two years without an end",
        "GD application-addpassword",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OrElse::Owner("applications"))
    .errors("400 Request_BadRequest, 404 Request_ResourceNotFound"),
    write(
        "POST",
        "/applications/{id}/removePassword",
        &APPLICATION,
        remove_password,
        permissions::APPLICATION_CREDENTIALS,
        "body keyId",
        "GD application-removepassword",
    )
    .directory_roles(permissions::APPLICATION_ROLES)
    .or_else(OrElse::Owner("applications"))
    .errors("400 Request_BadRequest when there is no such password, 404 Request_ResourceNotFound"),
];

fn passwords(application: &Row) -> Vec<Value> {
    let there = application.get("passwordCredentials").and_then(Value::as_array);
    there.cloned().unwrap_or_default()
}

fn secrets(application: &Row) -> Vec<Value> {
    let there = application.get(SECRETS).and_then(Value::as_array);
    let mut secrets = there.cloned().unwrap_or_default();
    // Passwords that came with the world are known to the sign-in service alone.
    secrets.resize(passwords(application).len(), Value::Null);
    secrets
}

fn existing_client(context: &Context<'_>, application: &Row) -> Option<Client> {
    let app_id = text(application, "appId");
    let mut clients = context.state.clients.iter();
    clients
        .find(|client| client.app_id.eq_ignore_ascii_case(app_id))
        .cloned()
}

/// What an application of this tenant signs in with, once it has a service principal.
pub(crate) fn new_client(context: &Context<'_>, application: &Row, principal_id: &str) -> Option<Client> {
    let secrets: Vec<Secret> = passwords(application)
        .iter()
        .zip(secrets(application))
        .filter_map(|(password, secret)| {
            Some(Secret {
                value: secret.as_str()?.to_owned(),
                ends: password.get("endDateTime")?.as_str()?.parse().ok(),
            })
        })
        .collect();
    let client = Client {
        app_id: text(application, "appId").to_owned(),
        object_id: principal_id.to_owned(),
        secrets,
        certificates: Vec::new(),
        app_roles: super::app_role_assignments::roles_of(context, principal_id),
        public_client: application.get("isFallbackPublicClient").and_then(Value::as_bool) == Some(true),
        ..Client::default()
    };
    Some(client).filter(|client| !client.secrets.is_empty())
}

fn add_password(context: &Context<'_>) -> Result<Written, GraphError> {
    let application = context.object("applications", 0)?;
    let body = context.body_as("addPassword")?;
    let asked = body
        .get("passwordCredential")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let moment = |name: &str| text(&asked, name).parse::<Timestamp>().ok();
    let starts = moment("startDateTime").unwrap_or(context.now);
    let two_years = || {
        let start = starts.to_zoned(TimeZone::UTC);
        start
            .checked_add(Span::new().years(2))
            .map_or(starts, |end| end.timestamp())
    };
    let ends = moment("endDateTime").unwrap_or_else(two_years);
    if ends <= starts {
        return Err(GraphError::request_bad_request("Key credential end date is invalid."));
    }
    let there = passwords(application);
    let key_id = context.new_id_unless("keyId", |id| there.iter().any(|password| password["keyId"] == id));
    // Secrets need not be hard to guess here; they must be different from one another.
    let key = Uuid::parse_str(&key_id).unwrap_or_default();
    let random = [b"first".as_slice(), b"second"].map(|part| Uuid::new_v5(&key, part));
    let secret = format!(
        "{}{}",
        URL_SAFE_NO_PAD.encode(random[0].as_bytes()),
        URL_SAFE_NO_PAD.encode(random[1].as_bytes())
    );
    let secret = secret.get(..40).unwrap_or(&secret).to_owned();
    let hint = secret.get(..3).unwrap_or_default();
    let credential = json!({
        "customKeyIdentifier": asked.get("customKeyIdentifier"), "displayName": asked.get("displayName"),
        "endDateTime": ends, "hint": hint, "keyId": key_id, "secretText": null, "startDateTime": starts,
    });
    let mut shown = credential.clone();
    shown["secretText"] = json!(secret);
    let (mut passwords, mut secrets) = (there, secrets(application));
    passwords.push(credential);
    secrets.push(json!(secret));
    let properties = object(json!({"passwordCredentials": passwords, SECRETS: secrets}));
    let mut after = application.clone();
    after.extend(properties.clone());
    let app_id = text(application, "appId");
    let client = match existing_client(context, application) {
        Some(mut client) => {
            let ends = Some(ends);
            client.secrets.push(Secret { value: secret, ends });
            Some(client)
        }
        None => context
            .directory()
            .find("servicePrincipals", "appId", app_id)
            .and_then(|principal| new_client(context, &after, id_of(principal))),
    };
    let written = Written::answering(Answer::Value("microsoft.graph.passwordCredential", shown)).set(
        "applications",
        by_id(id_of(application)),
        properties,
    );
    Ok(match client {
        Some(client) => written.client(app_id, Some(client)),
        None => written,
    })
}

fn remove_password(context: &Context<'_>) -> Result<Written, GraphError> {
    let application = context.object("applications", 0)?;
    let body = context.body_as("removePassword")?;
    let key_id = parameter(&body, "removePassword", "keyId")?
        .as_str()
        .unwrap_or_default();
    let (mut passwords, mut secrets) = (passwords(application), secrets(application));
    let place = passwords
        .iter()
        .position(|password| {
            password["keyId"]
                .as_str()
                .is_some_and(|there| there.eq_ignore_ascii_case(key_id))
        })
        .ok_or_else(|| {
            GraphError::request_bad_request(format!("No password credential found with keyId '{key_id}'."))
        })?;
    let removed = passwords.remove(place);
    let secret = secrets.remove(place);
    let properties = object(json!({"passwordCredentials": passwords, SECRETS: secrets}));
    let written = Written::silently().set("applications", by_id(id_of(application)), properties);
    let Some(mut client) = existing_client(context, application) else {
        return Ok(written);
    };
    let ends: Option<Timestamp> = removed["endDateTime"].as_str().and_then(|ends| ends.parse().ok());
    let known = client.secrets.iter().position(|known| match secret.as_str() {
        Some(secret) => known.value == secret,
        None => known.ends == ends,
    });
    if let Some(place) = known {
        client.secrets.remove(place);
    }
    let app_id = client.app_id.clone();
    let client = Some(client).filter(|client| !(client.secrets.is_empty() && client.certificates.is_empty()));
    Ok(written.client(&app_id, client))
}
