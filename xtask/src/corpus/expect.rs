//! What Microsoft's services would answer: a status and a form, decided by the request itself and by what came before
//! in the session, never by a recorded answer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::capture::Captured;
use super::replay::{Answer, Past, key};
use super::seed::Known;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Tokens.
    Token,
    /// A refusal of the sign-in service.
    TokenError,
    /// Addresses of the sign-in service.
    Discovery,
    /// A pair of codes for a device.
    DeviceCode,
    /// A redirect with a code.
    Redirect,
    /// Any JSON object or array of a look-up.
    Json,
    /// A list in `value`.
    Collection,
    /// A list in `items`, as Partner Center has it.
    Items,
    /// One object, with its context or id.
    Entity,
    /// A number or a text alone.
    Scalar,
    /// `multipart/mixed`.
    Multipart,
    /// Answers of a JSON batch.
    Responses,
    /// No body.
    Empty,
    /// A refusal with code and message, or a bare challenge.
    Error,
}

/// What is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) status: &'static [u16],
    pub(super) form: Form,
}

const fn is(status: &'static [u16], form: Form) -> Expected {
    Expected { status, form }
}

/// What a service would answer to `request`.
pub(super) fn expected(request: &Captured, known: &Known, past: &Past) -> Expected {
    let path = request.bare_path();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    if let Some(entra) = sign_in(request, &segments, known, past) {
        return entra;
    }
    // From here on everything needs a token that fits.
    if segments.first() == Some(&"metadata") {
        return is(&[200], Form::Json);
    }
    if !fits(request, &segments, past) {
        return is(&[401], Form::Error);
    }
    match segments.first().copied() {
        Some("v1.0" | "beta") => graph(request, &segments[1..], past),
        Some("api") if segments.get(1) == Some(&"data") => {
            dataverse(request, segments.get(3..).unwrap_or_default(), past)
        }
        // The users of a customer are shown to people only (Partner Center: get-a-list-of-all-user-accounts-of-a-customer).
        Some("v1") if past.app_only && segments.last() == Some(&"users") => is(&[401], Form::Error),
        Some("v1") => is(&[200], Form::Items),
        _ => is(&[200], Form::Collection),
    }
}

fn sign_in(request: &Captured, segments: &[&str], known: &Known, past: &Past) -> Option<Expected> {
    let tenant = segments.first().copied()?;
    let rest = segments.get(1..)?;
    Some(match rest {
        [.., "openid-configuration"] => is(&[200], Form::Discovery),
        ["discovery", "instance"] => is(&[200], Form::Json),
        ["userrealm", ..] => is(&[200], Form::Json),
        ["oauth2", .., "devicecode"] => is(&[200], Form::DeviceCode),
        ["oauth2", .., "authorize"] => is(&[302], Form::Redirect),
        ["oauth2", .., "token"] => token(request, tenant, known, past),
        _ => return None,
    })
}

/// The rules of RFC 6749 and 8628 and of Entra's documents, by what the client shows.
fn token(request: &Captured, tenant: &str, known: &Known, past: &Past) -> Expected {
    let any_tenant = matches!(tenant, "common" | "organizations");
    let grant = request.field("grant_type").unwrap_or_default();
    let secret = request.field("client_secret");
    let assertion = request.field("client_assertion");
    // An application's own tokens, and passwords, need a tenant that is named.
    if grant == "client_credentials" && any_tenant || grant == "password" && tenant == "common" {
        return is(&[400], Form::TokenError);
    }
    let unproven = assertion.is_some_and(|assertion| !names_a_key(&assertion, known));
    if unproven || secret.is_some_and(|secret| secret != known.secret) {
        return is(&[401], Form::TokenError);
    }
    if grant.ends_with("device_code") && past.polls == 0 {
        return is(&[400], Form::TokenError);
    }
    is(&[200], Form::Token)
}

/// Whether an assertion is a JWT that names one of the registered certificates by its thumbprint: some drivers gave
/// their client a thumbprint of nothing, or no JWT at all.
fn names_a_key(assertion: &str, known: &Known) -> bool {
    let header = assertion
        .split('.')
        .next()
        .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header: Value = header
        .and_then(|part| serde_json::from_slice(&part).ok())
        .unwrap_or_default();
    let named = header
        .get("x5t#S256")
        .or_else(|| header.get("x5t"))
        .and_then(Value::as_str);
    named.is_some_and(|named| {
        known
            .thumbprints
            .iter()
            .any(|known| known == named.trim_end_matches('='))
    })
}

/// Whether the request carries a token for the service it asks.
fn fits(request: &Captured, segments: &[&str], past: &Past) -> bool {
    let Some(audience) = past.audience.as_deref() else {
        return false;
    };
    // A client that was given one address for everything has tokens for that address.
    let own_address = audience == format!("{}://{}", request.scheme, request.host);
    let accepted: &[&str] = match segments.first().copied() {
        Some("v1.0" | "beta") => &["https://graph.microsoft.com"],
        Some("v1") => &["https://api.partnercenter.microsoft.com"],
        Some("subscriptions" | "tenants") => &["https://management.core.windows.net", "https://management.azure.com"],
        Some("environmentmanagement") => &["https://api.powerplatform.com"],
        Some("providers") => &["https://service.powerapps.com"],
        _ => return own_address || audience.contains(".dynamics.com"),
    };
    own_address || accepted.contains(&audience)
}

/// Graph's conventions (Graph documents: use-the-api, errors; the reference page of each action).
fn graph(request: &Captured, segments: &[&str], past: &Past) -> Expected {
    let last = segments.last().copied().unwrap_or_default();
    if segments.first() == Some(&"me") && past.app_only {
        return is(&[400], Form::Error);
    }
    if gone(request, past) {
        return is(&[404], Form::Error);
    }
    let again = past.done.contains(&key(request));
    match request.method.as_str() {
        "GET" if last.ends_with("$count") => is(&[200], Form::Scalar),
        "GET" if is_one(segments) => is(&[200], Form::Entity),
        "GET" => is(&[200], Form::Collection),
        "PATCH" | "DELETE" => is(&[200, 204], Form::Empty),
        "POST" if last == "$batch" => is(&[200], Form::Responses),
        // The same assignment, grant or reference a second time, in either spelling of it, or one that every tenant has.
        "POST" if last == "$ref" && (again || holds_role(request, past)) => is(&[400], Form::Error),
        "POST" if last == "$ref" => is(&[204], Form::Empty),
        "POST" if last == "servicePrincipals" || again && last == "oauth2PermissionGrants" => is(&[409], Form::Error),
        "POST"
            if matches!(
                last,
                "getMemberGroups" | "getByIds" | "getMemberObjects" | "checkMemberGroups"
            ) =>
        {
            is(&[200], Form::Collection)
        }
        "POST" if matches!(last, "assignLicense" | "addPassword" | "addKey") => is(&[200], Form::Entity),
        _ => is(&[201], Form::Entity),
    }
}

/// Whether a path ends at one object: a key behind a set, a key in parentheses, or a single thing such as `/me`.
fn is_one(segments: &[&str]) -> bool {
    let last = segments.last().copied().unwrap_or_default();
    let key = last.contains('@') || uuid::Uuid::parse_str(last).is_ok() || last.ends_with(')');
    key || matches!(last, "me" | "organization") && segments.len() == 1 && last == "me"
}

/// Whether the object or one above it was deleted before.
fn gone(request: &Captured, past: &Past) -> bool {
    let path = request.bare_path().to_ascii_lowercase();
    past.deleted
        .iter()
        .any(|deleted| path == *deleted || path.starts_with(&format!("{deleted}/")))
}

/// Whether the person that is to become a member of a directory role was given that role by an assignment before: an
/// assignment and a membership are one thing.
fn holds_role(request: &Captured, past: &Past) -> bool {
    let body = String::from_utf8_lossy(&request.body()).into_owned();
    let member = body
        .trim_end_matches(['"', '}'])
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    past.done.iter().any(|done| {
        done.contains("/rolemanagement/directory/roleassignments")
            && !member.is_empty()
            && done.contains(&member)
            && done
                .split("\"roleDefinitionId\":\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .is_some_and(|role| request.path.contains(role))
    })
}

/// Dataverse's conventions (Dataverse documents: compose-http-requests-handle-errors, create, update, associate,
/// execute-batch-operations).
fn dataverse(request: &Captured, segments: &[&str], past: &Past) -> Expected {
    let last = segments.last().copied().unwrap_or_default();
    let first = segments.first().copied().unwrap_or_default();
    let representation = request
        .header("prefer")
        .is_some_and(|prefer| prefer.contains("return=representation"));
    if gone(request, past) {
        return is(&[404], Form::Error);
    }
    // A row that changed since is not written.
    if request.header("if-match").is_some_and(|tag| tag != "*") && request.method == "PATCH" {
        return is(&[412], Form::Error);
    }
    let operation = first.split('(').next().unwrap_or_default();
    match request.method.as_str() {
        "POST" if last == "$batch" => is(&[200], Form::Multipart),
        "GET" if last == "$count" => is(&[200], Form::Scalar),
        "GET" if last.contains('(') && last.ends_with(')') || FUNCTIONS.contains(&operation) => {
            is(&[200], Form::Entity)
        }
        "GET" => is(&[200], Form::Collection),
        // A file that is no solution.
        "POST" if matches!(operation, "ImportSolution" | "ImportSolutionAsync" | "StageSolution") => {
            is(&[400], Form::Error)
        }
        "POST" if operation == "ProvisionLanguage" => is(&[204], Form::Empty),
        "POST" if last != "$ref" && representation => is(&[201], Form::Entity),
        "PATCH" if representation => is(&[200, 201], Form::Entity),
        _ => is(&[204], Form::Empty),
    }
}

const FUNCTIONS: &[&str] = &[
    "WhoAmI",
    "RetrieveProvisionedLanguages",
    "RetrieveCurrentOrganization",
    "RetrieveVersion",
];

/// Why an answer is not what was expected; `None` when it is.
pub(super) fn miss(expected: &Expected, request: &Captured, answer: &Answer) -> Option<String> {
    if answer.status == 501 {
        let body = answer.json();
        let message = body
            .pointer("/error/message")
            .and_then(Value::as_str)
            .unwrap_or("not implemented");
        return Some(message.to_owned());
    }
    let got = answer.status;
    if !expected.status.contains(&got) {
        return Some(format!("{got} in place of {:?}: {}", expected.status, said(answer)));
    }
    if got == 401 && answer.body.is_empty() && answer.headers.contains_key(http::header::WWW_AUTHENTICATE) {
        return None;
    }
    has_form(expected.form, request, answer)
        .err()
        .map(|why| format!("{why}: {}", said(answer)))
}

fn said(answer: &Answer) -> String {
    let body = answer.json();
    let text = body
        .pointer("/error/message")
        .or_else(|| body.get("error_description"))
        .and_then(Value::as_str)
        .map_or_else(|| String::from_utf8_lossy(&answer.body).into_owned(), str::to_owned);
    text.chars().take(160).collect()
}

fn has_form(form: Form, request: &Captured, answer: &Answer) -> Result<(), &'static str> {
    let body = answer.json();
    let all = |names: &[&str]| {
        names
            .iter()
            .all(|name| body.get(*name).is_some_and(|value| !value.is_null()))
    };
    let content_type = answer
        .headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default();
    let right = match form {
        Form::Token => {
            let asked = request.field("scope").unwrap_or_default();
            let wants = |word: &str| asked.split(' ').any(|one| one == word);
            all(&["access_token", "token_type", "expires_in"])
                && (!wants("openid") || all(&["id_token"]))
                && (!wants("offline_access") || all(&["refresh_token"]))
        }
        Form::TokenError => all(&[
            "error",
            "error_description",
            "error_codes",
            "trace_id",
            "correlation_id",
        ]),
        Form::Discovery => {
            let origin = format!("{}://{}", request.scheme, request.host);
            let own = |name: &str| body[name].as_str().is_some_and(|url| host(url) == host(&origin));
            all(&["issuer", "token_endpoint", "authorization_endpoint", "jwks_uri"])
                && ["issuer", "token_endpoint", "authorization_endpoint"]
                    .into_iter()
                    .all(own)
        }
        Form::DeviceCode => all(&["device_code", "user_code", "verification_uri", "expires_in", "message"]),
        Form::Redirect => answer.headers.get(http::header::LOCATION).is_some_and(|location| {
            let location = location.to_str().unwrap_or_default();
            location.contains("code=") && !location.contains("error=")
        }),
        Form::Json => body.is_object() || body.is_array(),
        Form::Collection => body.get("value").is_some_and(Value::is_array),
        Form::Items => body.get("items").is_some_and(Value::is_array) && body.get("totalCount").is_some(),
        Form::Entity => {
            body.is_object() && body.get("value").is_none_or(|value| !value.is_array()) && body.get("error").is_none()
        }
        Form::Scalar => !answer.body.is_empty() && !body.is_object(),
        Form::Multipart => content_type.starts_with("multipart/mixed") && !answer.body.is_empty(),
        Form::Responses => body.get("responses").is_some_and(Value::is_array),
        Form::Empty => answer.body.is_empty() || answer.status == 200,
        Form::Error => {
            let code = body.pointer("/error/code").or_else(|| body.get("code"));
            code.is_some() && (body.pointer("/error/message").is_some() || body.get("description").is_some())
        }
    };
    if right {
        Ok(())
    } else {
        Err("another form than expected")
    }
}

/// The host of an address, without a port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or_default()
}
