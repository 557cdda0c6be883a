//! Conditional Access policies created, changed and deleted.
//!
//! The service puts a number in front of what is wrong. 1001 (a read-only field) and 1007 (not of the schema) are
//! recorded; 1011 stands for objects that do not exist, which is assumed.

use http::StatusCode;
use serde_json::{Value, json};

use super::entity_types::CONDITIONAL_ACCESS_POLICY;
use super::errors::GraphError;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, Route, id_of, write};
use super::schema::{self, Mismatch};
use super::throttle::Limit;
use super::writing::{Answer, Written, by_id};
use crate::state::{Premium, Row};

const SET: &str = "conditionalAccessPolicies";
const TYPE: &str = "conditionalAccessPolicy";

pub(crate) const ROUTES: &[Route] = &[
    write(
        "POST",
        "/identity/conditionalAccess/policies",
        &CONDITIONAL_ACCESS_POLICY,
        create,
        permissions::CONDITIONAL_ACCESS_WRITE,
        "every writable property",
        "GD conditionalaccessroot-post-policies; numbers of errors and that P1 is needed are assumed",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_ROLES)
    .premium(Premium::P1)
    .limited(Limit::ConditionalAccess)
    .errors("400 BadRequest with a number, 403 without P1"),
    write(
        "PATCH",
        "/identity/conditionalAccess/policies/{id}",
        &CONDITIONAL_ACCESS_POLICY,
        update,
        permissions::CONDITIONAL_ACCESS_WRITE,
        "what is not sent stays, collections are replaced whole",
        "GD conditionalaccesspolicy-update",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_ROLES)
    .premium(Premium::P1)
    .limited(Limit::ConditionalAccess)
    .errors("400 BadRequest with a number, 403 without P1, 404"),
    write(
        "DELETE",
        "/identity/conditionalAccess/policies/{id}",
        &CONDITIONAL_ACCESS_POLICY,
        delete,
        permissions::CONDITIONAL_ACCESS_DELETE,
        "soft",
        "GD conditionalaccesspolicy-delete",
    )
    .directory_roles(permissions::CONDITIONAL_ACCESS_ROLES)
    .limited(Limit::ConditionalAccess)
    .errors("404"),
];

fn invalid(number: u32, what: &str) -> GraphError {
    GraphError::bad_request(format!(
        "{number}: {what} For examples, please see API documentation at \
         https://docs.microsoft.com/en-us/graph/api/conditionalaccessroot-post-policies?view=graph-rest-1.0."
    ))
}

fn not_of_the_schema() -> GraphError {
    invalid(
        1007,
        "Incoming ConditionalAccessPolicy object is null or does not match the schema of ConditionalAccessPolicy type.",
    )
}

fn sent(context: &Context<'_>) -> Result<Row, GraphError> {
    let body = context.body().map_err(|_| not_of_the_schema())?;
    for property in ["id", "createdDateTime", "modifiedDateTime", "deletedDateTime"] {
        if body.get(property).is_some_and(|value| !value.is_null()) {
            return Err(invalid(
                1001,
                &format!("'{property}' is a readonly field and cannot be updated."),
            ));
        }
    }
    let body: Row = body
        .into_iter()
        .filter(|(name, _)| {
            !name.contains('@')
                && CONDITIONAL_ACCESS_POLICY
                    .property(name)
                    .is_none_or(|name| schema::properties(TYPE).any(|(known, _)| known == name))
        })
        .collect();
    schema::read(TYPE, &body).map_err(|mismatch| match mismatch {
        Mismatch::Unknown { property } => GraphError::unknown_property_in_body(&property),
        Mismatch::Value { .. } => not_of_the_schema(),
    })
}

fn texts<'r>(policy: &'r Row, pointer: &str) -> Vec<&'r str> {
    let value = pointer
        .split('/')
        .try_fold(None, |at: Option<&'r Value>, name| match at {
            None => Some(policy.get(name)),
            Some(value) => Some(value.get(name)),
        })
        .flatten();
    let listed = value.and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Words that stand where ids do, by the set that the ids are of.
const REFERENCES: &[(&str, &str, &[&str])] = &[
    (
        "conditions/users/includeUsers",
        "users",
        &["All", "None", "GuestsOrExternalUsers"],
    ),
    ("conditions/users/excludeUsers", "users", &["GuestsOrExternalUsers"]),
    ("conditions/users/includeGroups", "groups", &[]),
    ("conditions/users/excludeGroups", "groups", &[]),
    ("conditions/users/includeRoles", "roleDefinitions", &[]),
    ("conditions/users/excludeRoles", "roleDefinitions", &[]),
    (
        "conditions/locations/includeLocations",
        "namedLocations",
        &["All", "AllTrusted"],
    ),
    (
        "conditions/locations/excludeLocations",
        "namedLocations",
        &["AllTrusted"],
    ),
];

/// Whether a policy is one that the service takes.
fn check(context: &Context<'_>, policy: &Row) -> Result<(), GraphError> {
    for name in ["displayName", "state"] {
        if text(policy, name).is_empty() {
            return Err(not_of_the_schema());
        }
    }
    for (pointer, set, words) in REFERENCES {
        for id in texts(policy, pointer) {
            // Trusted addresses of the older multifactor settings have an id of their own.
            let known = words.contains(&id)
                || id == "00000000-0000-0000-0000-000000000000"
                || context.directory().find(set, "id", id).is_some();
            if !known {
                return Err(invalid(
                    1011,
                    &format!("'{id}' in {pointer} does not exist in the directory."),
                ));
            }
        }
    }
    let given = |pointer: &str| !texts(policy, pointer).is_empty();
    let guests = policy
        .get("conditions")
        .and_then(|conditions| conditions.get("users")?.get("includeGuestsOrExternalUsers"))
        .is_some_and(Value::is_object);
    let who = guests
        || [
            "users/includeUsers",
            "users/includeGroups",
            "users/includeRoles",
            "clientApplications/includeServicePrincipals",
        ]
        .iter()
        .any(|part| given(&format!("conditions/{part}")));
    let what = [
        "includeApplications",
        "includeUserActions",
        "includeAuthenticationContextClassReferences",
    ]
    .iter()
    .filter(|part| given(&format!("conditions/applications/{part}")))
    .count();
    let filter = policy
        .get("conditions")
        .and_then(|conditions| conditions.get("applications")?.get("applicationFilter"))
        .is_some_and(Value::is_object);
    if !who || (what != 1 && !(what == 0 && filter)) {
        return Err(not_of_the_schema());
    }
    check_controls(policy)?;
    let defaults = context
        .directory()
        .rows("identitySecurityDefaultsEnforcementPolicy")
        .next();
    let on = defaults.is_some_and(|defaults| defaults.get("isEnabled") == Some(&Value::Bool(true)));
    if on && text(policy, "state") == "enabled" {
        return Err(GraphError::bad_request(
            "Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a \
             Conditional Access policy.",
        ));
    }
    Ok(())
}

fn check_controls(policy: &Row) -> Result<(), GraphError> {
    let grant = policy.get("grantControls").and_then(Value::as_object);
    let session = policy.get("sessionControls").is_some_and(Value::is_object);
    let Some(grant) = grant else {
        return if session { Ok(()) } else { Err(not_of_the_schema()) };
    };
    let count = |name: &str| grant.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    let strength = grant.get("authenticationStrength").is_some_and(Value::is_object);
    let controls =
        count("builtInControls") + count("customAuthenticationFactors") + count("termsOfUse") + usize::from(strength);
    let blocks = texts(policy, "grantControls/builtInControls").contains(&"block");
    let operator = matches!(text(grant, "operator"), "AND" | "OR");
    if controls == 0 && !session || !operator || blocks && controls > 1 {
        return Err(not_of_the_schema());
    }
    Ok(())
}

/// What a policy answers: every part of the conditions, and a named strength whole.
fn completed(context: &Context<'_>, policy: &mut Row) -> Result<(), GraphError> {
    schema::complete(TYPE, policy);
    if let Some(types) = policy
        .get_mut("conditions")
        .and_then(|conditions| conditions.get_mut("clientAppTypes"))
        && types.as_array().is_some_and(Vec::is_empty)
    {
        *types = json!(["all"]);
    }
    if let Some(strength) = policy
        .get_mut("grantControls")
        .and_then(|grant| grant.get_mut("authenticationStrength"))
        && let Some(id) = strength.get("id").and_then(Value::as_str)
    {
        let row = context.directory().find("authenticationStrengthPolicies", "id", id);
        *strength = Value::Object(row.cloned().ok_or_else(not_of_the_schema)?);
    }
    Ok(())
}

fn create(context: &Context<'_>) -> Result<Written, GraphError> {
    let mut row = object(json!({
        "id": context.new_id(SET), "templateId": null, "displayName": null, "description": null,
        "createdDateTime": context.now, "modifiedDateTime": null, "deletedDateTime": null, "state": null,
    }));
    row.extend(sent(context)?);
    completed(context, &mut row)?;
    check(context, &row)?;
    Ok(Written::answering(Answer::Object(StatusCode::CREATED, row.clone())).insert(context, SET, row))
}

fn update(context: &Context<'_>) -> Result<Written, GraphError> {
    let policy = context.object(SET, 0)?;
    let body = sent(context)?;
    let names: Vec<String> = body.keys().cloned().collect();
    let mut after = policy.clone();
    schema::merge(&mut after, body);
    completed(context, &mut after)?;
    check(context, &after)?;
    let mut properties: Row = after.into_iter().filter(|(name, _)| names.contains(name)).collect();
    properties.insert("modifiedDateTime".to_owned(), context.timestamp());
    Ok(Written::silently().set(SET, by_id(id_of(policy)), properties))
}

fn delete(context: &Context<'_>) -> Result<Written, GraphError> {
    let policy = context.object_id(SET, 0)?;
    let properties = object(json!({"deletedDateTime": context.now}));
    Ok(Written::silently().set(SET, by_id(policy), properties))
}
