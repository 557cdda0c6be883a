//! Authentication methods registered for a user and taken away, and the older per-user requirement (beta).

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use super::addressing::Version;
use super::authentication::kind_of;
use super::entity_types::{AUTHENTICATION_METHOD, AUTHENTICATION_REQUIREMENTS};
use super::errors::GraphError;
use super::membership::{object, text};
use super::permissions;
use super::route::{Context, OrElse, Route, id_of, write};
use super::users_writing::is_above;
use super::writing::{Answer, Written, required};
use crate::later::Key;
use crate::state::Row;

const SET: &str = "authenticationMethods";
/// The registration report lags by hours (GD userregistrationdetails); how many is assumed.
const REPORT_LAG: SignedDuration = SignedDuration::from_hours(4);

pub(crate) const ROUTES: &[Route] = &[
    write(
        "PATCH",
        "/users/{id}/authentication/requirements",
        &AUTHENTICATION_REQUIREMENTS,
        set_requirements,
        permissions::AUTHENTICATION_REQUIREMENTS_WRITE,
        "body perUserMfaState; enabled becomes enforced when a method is registered",
        "GD authentication-update (beta), strongauthenticationrequirements",
    )
    .directory_roles(permissions::PER_USER_MFA_ROLES)
    .only(Version::Beta)
    .errors("400 Request_BadRequest, 404 Request_ResourceNotFound"),
    write(
        "POST",
        "/users/{id}/authentication/{kindMethods}",
        &AUTHENTICATION_METHOD,
        register,
        permissions::AUTHENTICATION_METHODS_WRITE,
        "phoneMethods, emailMethods, temporaryAccessPassMethods; the report follows after hours (assumed: four)",
        "GD authentication-post-phonemethods, -emailmethods, -temporaryaccesspassmethods",
    )
    .directory_roles(permissions::AUTHENTICATION_METHOD_ROLES)
    .or_else(OrElse::Self_)
    .errors("400 when there is one or the policy forbids it, 403 over administrators, 404"),
    write(
        "DELETE",
        "/users/{id}/authentication/{kindMethods}/{id}",
        &AUTHENTICATION_METHOD,
        unregister,
        permissions::AUTHENTICATION_METHODS_WRITE,
        "every kind but passwords; the report follows after hours (assumed: four)",
        "GD phoneauthenticationmethod-delete and its sisters",
    )
    .directory_roles(permissions::AUTHENTICATION_METHOD_ROLES)
    .or_else(OrElse::Self_)
    .errors("403 over administrators, 404"),
];

/// A kind of method: its name, its name in the report, the configuration that allows it, whether it is a second
/// factor, whether it needs no password.
struct Standing {
    kind: &'static str,
    report: &'static str,
    policy: &'static str,
    multi_factor: bool,
    passwordless: bool,
}

const fn standing(
    kind: &'static str,
    report: &'static str,
    policy: &'static str,
    multi_factor: bool,
    passwordless: bool,
) -> Standing {
    Standing {
        kind,
        report,
        policy,
        multi_factor,
        passwordless,
    }
}

/// GD userregistrationdetails and the types of methods.
const STANDINGS: &[Standing] = &[
    standing("email", "email", "Email", false, false),
    standing("external", "externalAuthMethod", "", true, false),
    standing("fido2", "fido2", "Fido2", true, true),
    standing(
        "microsoftAuthenticator",
        "microsoftAuthenticatorPush",
        "MicrosoftAuthenticator",
        true,
        false,
    ),
    standing("phone", "mobilePhone", "Sms", true, false),
    standing("platformCredential", "macOsSecureEnclaveKey", "", true, true),
    standing("softwareOath", "softwareOneTimePasscode", "SoftwareOath", true, false),
    standing(
        "temporaryAccessPass",
        "temporaryAccessPass",
        "TemporaryAccessPass",
        true,
        false,
    ),
    standing("windowsHelloForBusiness", "windowsHelloForBusiness", "", true, true),
];

/// Ids of phone methods by type, the same for everybody (GD phoneauthenticationmethod).
const PHONES: [(&str, &str); 3] = [
    ("mobile", "3179e48a-750b-4051-897c-87b9720928f7"),
    ("alternateMobile", "b6332ec1-7057-4abe-9331-3d72feddfe41"),
    ("office", "e37fc753-ff3b-4958-9484-eaa9425c82bc"),
];
/// The id of the e-mail method (GD emailauthenticationmethod).
const EMAIL: &str = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f";

fn method_key(user: &str, method: &str) -> Key {
    Key::from([
        ("id".to_owned(), method.to_owned()),
        ("_emulator_userId".to_owned(), user.to_owned()),
    ])
}

fn kind(context: &Context<'_>) -> Result<&'static str, GraphError> {
    kind_of(context.key(1)).ok_or_else(|| GraphError::not_implemented(&context.call.method, &context.call.path))
}

/// The user, when the caller may change how he proves who he is.
fn changeable<'a>(context: &Context<'a>) -> Result<&'a Row, GraphError> {
    let user = context.object("users", 0)?;
    let own = id_of(user).eq_ignore_ascii_case(&context.caller.object_id);
    // Applications are not held to administrators' order: their permission names everybody.
    if own || context.caller.is_application() || is_above(context, user) {
        Ok(user)
    } else {
        Err(GraphError::denied())
    }
}

fn methods(context: &Context<'_>, user: &str) -> Vec<Row> {
    context.directory().linked(SET, "_emulator_userId", user)
}

fn is_allowed(context: &Context<'_>, policy: &str) -> bool {
    let configurations = context.directory().rows("authenticationMethodsPolicy").next();
    let configurations = configurations.and_then(|policy| policy.get("authenticationMethodConfigurations")?.as_array());
    policy.is_empty()
        || configurations
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .any(|there| text(there, "id").eq_ignore_ascii_case(policy) && text(there, "state") == "enabled")
}

/// What the registration report says of a user with these methods.
fn reported(context: &Context<'_>, methods: &[Row]) -> Row {
    let held: Vec<&Standing> = STANDINGS
        .iter()
        .filter(|standing| {
            let name = format!("#microsoft.graph.{}AuthenticationMethod", standing.kind);
            methods.iter().any(|method| text(method, "@odata.type") == name)
        })
        .collect();
    let allowed = |standing: &&&Standing| is_allowed(context, standing.policy);
    let names: Vec<&str> = held.iter().map(|standing| standing.report).collect();
    object(json!({
        "isMfaRegistered": held.iter().any(|standing| standing.multi_factor),
        "isMfaCapable": held.iter().filter(allowed).any(|standing| standing.multi_factor),
        "isPasswordlessCapable": held.iter().filter(allowed).any(|standing| standing.passwordless),
        "methodsRegistered": names,
        "lastUpdatedDateTime": context.now.checked_add(REPORT_LAG).unwrap_or(context.now),
    }))
}

fn with_report(context: &Context<'_>, written: Written, user: &str, methods: &[Row]) -> Written {
    let report = reported(context, methods);
    written.set_later(
        REPORT_LAG,
        "userRegistrationDetails",
        super::writing::by_id(user),
        report,
    )
}

fn has_second_factor(methods: &[Row]) -> bool {
    STANDINGS
        .iter()
        .filter(|standing| standing.multi_factor)
        .any(|standing| {
            let name = format!("#microsoft.graph.{}AuthenticationMethod", standing.kind);
            methods.iter().any(|method| text(method, "@odata.type") == name)
        })
}

fn set_requirements(context: &Context<'_>) -> Result<Written, GraphError> {
    const REQUIREMENTS: &str = "authenticationRequirements";
    let user = context.object_id("users", 0)?;
    let body = context.entity_body("strongAuthenticationRequirements", &AUTHENTICATION_REQUIREMENTS)?;
    let state = match required(&body, "perUserMfaState")? {
        "enabled" if has_second_factor(&methods(context, user)) => "enforced",
        state => state,
    };
    let properties = object(json!({"perUserMfaState": state}));
    if context
        .directory()
        .find(REQUIREMENTS, "_emulator_userId", user)
        .is_some()
    {
        let key = Key::from([("_emulator_userId".to_owned(), user.to_owned())]);
        return Ok(Written::silently().set(REQUIREMENTS, key, properties));
    }
    let row = object(json!({
        "id": context.new_id(REQUIREMENTS), "_emulator_userId": user, "perUserMfaState": state,
    }));
    Ok(Written::silently().insert(context, REQUIREMENTS, row))
}

fn register(context: &Context<'_>) -> Result<Written, GraphError> {
    let kind = kind(context)?;
    let user = id_of(changeable(context)?);
    let there = methods(context, user);
    let exists = |id: &str| there.iter().any(|method| id_of(method).eq_ignore_ascii_case(id));
    let mut shown = Row::new();
    let (id, own) = match kind {
        "phone" => {
            let body = context.entity_body("phoneAuthenticationMethod", &AUTHENTICATION_METHOD)?;
            let phone = required(&body, "phoneType")?;
            let number = required(&body, "phoneNumber")?;
            let digits = number
                .strip_prefix('+')
                .is_some_and(|rest| rest.bytes().any(|byte| byte.is_ascii_digit()));
            if !digits {
                return Err(GraphError::wrong_value(
                    "phoneNumber",
                    "a number that begins with + and the country",
                ));
            }
            let known = PHONES.iter().find(|(name, _)| *name == phone).map_or("", |(_, id)| *id);
            let state = if is_allowed(context, "Sms") {
                "ready"
            } else {
                "notAllowedByPolicy"
            };
            let own = json!({"phoneNumber": number, "phoneType": phone, "smsSignInState": state});
            (known.to_owned(), own)
        }
        "email" => {
            let body = context.entity_body("emailAuthenticationMethod", &AUTHENTICATION_METHOD)?;
            (
                EMAIL.to_owned(),
                json!({"emailAddress": required(&body, "emailAddress")?}),
            )
        }
        "temporaryAccessPass" => {
            let (id, own, pass) = temporary_access_pass(context, user, &there)?;
            shown.insert("temporaryAccessPass".to_owned(), pass);
            (id, own)
        }
        _ => return Err(GraphError::not_implemented(&context.call.method, &context.call.path)),
    };
    let same_phone = kind == "phone"
        && there
            .iter()
            .any(|method| text(method, "phoneType") == own["phoneType"].as_str().unwrap_or("-"));
    if exists(&id) || same_phone {
        return Err(GraphError::request_bad_request(format!(
            "The user already has an authentication method of this kind: {kind}."
        )));
    }
    let mut row = object(json!({
        "@odata.type": format!("#microsoft.graph.{kind}AuthenticationMethod"), "id": id,
        "_emulator_userId": user, "createdDateTime": context.now,
    }));
    row.extend(object(own));
    let mut after = there;
    after.push(row.clone());
    let mut answer = row.clone();
    answer.extend(shown);
    let written = Written::answering(Answer::Object(StatusCode::CREATED, answer)).insert(context, SET, row);
    Ok(with_report(context, written, user, &after))
}

/// Id, properties and the pass itself, which is shown once.
fn temporary_access_pass(
    context: &Context<'_>,
    user: &str,
    there: &[Row],
) -> Result<(String, Value, Value), GraphError> {
    let body = context.entity_body("temporaryAccessPassAuthenticationMethod", &AUTHENTICATION_METHOD)?;
    if user.eq_ignore_ascii_case(&context.caller.object_id) {
        return Err(GraphError::denied());
    }
    if !is_allowed(context, "TemporaryAccessPass") {
        return Err(GraphError::request_bad_request(
            "Temporary Access Pass cannot be added: the authentication methods policy does not allow it.",
        ));
    }
    if there
        .iter()
        .any(|method| text(method, "@odata.type").ends_with(".temporaryAccessPassAuthenticationMethod"))
    {
        return Err(GraphError::request_bad_request(
            "The user already has a Temporary Access Pass.",
        ));
    }
    let id = context.new_id_unless(SET, |id| there.iter().any(|method| id_of(method) == id));
    let pass = Uuid::parse_str(&id)
        .map(|id| Uuid::new_v5(&id, b"pass").simple().to_string())
        .unwrap_or_default();
    let starts = body.get("startDateTime").filter(|value| !value.is_null()).cloned();
    let own = json!({
        "isUsable": true, "isUsableOnce": body.get("isUsableOnce").and_then(Value::as_bool).unwrap_or(false),
        "lifetimeInMinutes": body.get("lifetimeInMinutes").and_then(Value::as_i64).unwrap_or(60),
        "methodUsabilityReason": "EnabledByPolicy", "startDateTime": starts.unwrap_or_else(|| context.timestamp()),
        "temporaryAccessPass": null,
    });
    Ok((id, own, json!(pass.get(..8))))
}

fn unregister(context: &Context<'_>) -> Result<Written, GraphError> {
    let kind = kind(context)?;
    if kind == "password" {
        return Err(GraphError::not_implemented(&context.call.method, &context.call.path));
    }
    let user = id_of(changeable(context)?);
    let wanted = context.key(2);
    let name = format!("#microsoft.graph.{kind}AuthenticationMethod");
    let mut there = methods(context, user);
    let place = there
        .iter()
        .position(|method| id_of(method).eq_ignore_ascii_case(wanted) && text(method, "@odata.type") == name)
        .ok_or_else(|| GraphError::not_found(wanted))?;
    let gone = there.remove(place);
    let written = Written::silently().remove(SET, method_key(user, id_of(&gone)));
    Ok(with_report(context, written, user, &there))
}
