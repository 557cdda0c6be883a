//! How a user proves who they are: registered methods, and the older per-user requirement (beta).

use serde_json::{Value, json};

use super::addressing::Version;
use super::entity_types::{AUTHENTICATION_METHOD, AUTHENTICATION_REQUIREMENTS};
use super::errors::GraphError;
use super::permissions;
use super::route::{Context, OrElse, Route, Source, get, id_of};
use crate::state::Row;

/// Kinds of methods that have a collection of their own: `{kind}Methods`, `{kind}AuthenticationMethod`.
const KINDS: [&str; 10] = [
    "email",
    "external",
    "fido2",
    "microsoftAuthenticator",
    "password",
    "phone",
    "platformCredential",
    "softwareOath",
    "temporaryAccessPass",
    "windowsHelloForBusiness",
];

pub(crate) const ROUTES: &[Route] = &[
    get(
        "/users/{id}/authentication/requirements",
        &AUTHENTICATION_REQUIREMENTS,
        Source::Row(requirements),
        permissions::AUTHENTICATION_REQUIREMENTS,
        "",
        "GD authentication-get (beta)",
    )
    .directory_roles(permissions::AUTHENTICATION_POLICY_READERS)
    .only(Version::Beta),
    get(
        "/users/{id}/authentication/methods",
        &AUTHENTICATION_METHOD,
        Source::Rows(methods),
        permissions::AUTHENTICATION_METHODS,
        "",
        "GD authentication-list-methods",
    )
    .directory_roles(permissions::AUTHENTICATION_METHODS_READERS)
    .or_else(OrElse::Self_),
    get(
        "/users/{id}/authentication/methods/{id}",
        &AUTHENTICATION_METHOD,
        Source::Row(method),
        permissions::AUTHENTICATION_METHODS,
        "",
        "GD authenticationmethod-get",
    )
    .directory_roles(permissions::AUTHENTICATION_METHODS_READERS)
    .or_else(OrElse::Self_),
    get(
        "/users/{id}/authentication/{kindMethods}",
        &AUTHENTICATION_METHOD,
        Source::Rows(methods_of_kind),
        permissions::AUTHENTICATION_METHODS,
        "",
        "GD microsoftauthenticatorauthenticationmethod-list and its nine sisters",
    )
    .directory_roles(permissions::AUTHENTICATION_METHODS_READERS)
    .or_else(OrElse::Self_),
];

fn requirements(context: &Context<'_>) -> Result<Row, GraphError> {
    let user = context.object_id("users", 0)?;
    let state = context
        .directory()
        .find("authenticationRequirements", "_emulator_userId", user)
        .and_then(|row| row.get("perUserMfaState").cloned())
        .unwrap_or_else(|| json!("disabled"));
    Ok(Row::from_iter([("perUserMfaState".to_owned(), state)]))
}

fn methods(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let user = context.object_id("users", 0)?;
    Ok(context
        .directory()
        .linked("authenticationMethods", "_emulator_userId", user))
}

fn method(context: &Context<'_>) -> Result<Row, GraphError> {
    let wanted = context.keys.get(1).map_or("", |key| key.value());
    methods(context)?
        .into_iter()
        .find(|method| id_of(method).eq_ignore_ascii_case(wanted))
        .ok_or_else(|| GraphError::not_found(wanted))
}

fn methods_of_kind(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let name = context.keys.get(1).map_or("", |key| key.value());
    let kind = kind_of(name).ok_or_else(|| GraphError::not_implemented(&context.call.method, &context.call.path))?;
    let wanted = Value::String(format!("#microsoft.graph.{kind}AuthenticationMethod"));
    let mut found = methods(context)?;
    found.retain(|method| method.get("@odata.type") == Some(&wanted));
    for method in &mut found {
        method.shift_remove("@odata.type");
    }
    Ok(found)
}

/// The kind of method behind a segment such as `fido2Methods`.
pub(crate) fn kind_of(segment: &str) -> Option<&'static str> {
    let name = segment.strip_suffix("Methods")?;
    KINDS.into_iter().find(|kind| name.eq_ignore_ascii_case(kind))
}
