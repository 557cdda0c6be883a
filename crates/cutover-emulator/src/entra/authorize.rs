//! `…/authorize`: a person at a browser signs in and consents, and the browser carries a code back.

use http::{Method, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::application::{Application, PAGE_REFUSAL, Platform};
use super::delegated::client_info;
use super::error::Refusal;
use super::form::Form;
use super::person::{self, Person, Way};
use super::scope::{Wanted, consented, service_principal_of};
use super::sign_in::{Browser, Code, Outcome};
use super::{Version, grants, page, secret_text, whose};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::state::{Row, State};
use crate::world::first_party::GRAPH;

/// How long a code is good (Entra documents: v2-oauth2-auth-code-flow, "about 10 minutes").
const CODE_LASTS: SignedDuration = SignedDuration::from_mins(10);
/// Directory roles whose holders may consent to anything (Entra documents: grant-admin-consent): Global Administrator,
/// Privileged Role Administrator; for other resources than Graph the application administrators as well.
const CONSENTERS: &[&str] = &[
    "62e90394-69f5-4237-9190-012177145e10",
    "e8611ab8-c189-46e8-94e1-60213ab1f814",
];

/// The page, or the redirect with which it ends.
pub(super) fn answer(emulator: &Emulator, call: &Call, version: Version, any_tenant: bool) -> Reply {
    let query = Form::of_query(call);
    let submitted = (call.method == Method::POST).then(|| Form::of_body(call));
    let login = submitted
        .as_ref()
        .map_or_else(|| query.get("login_hint"), |form| form.get("login"));
    // At an address that names no tenant, the name of the person does.
    let emulator = &match login {
        Some(login) if any_tenant => whose(emulator, |state| {
            login
                .rsplit_once('@')
                .is_some_and(|(_, domain)| state.tenant.is_called(domain))
        }),
        _ => emulator.clone(),
    };
    let request = match Request::of(emulator, &query) {
        Ok(request) => request,
        Err(refusal) => return page::refusal(PAGE_REFUSAL, &refusal),
    };
    if query.get("response_type") != Some("code") {
        let text = "The response type is not supported by the emulator or not allowed for the application.";
        return request.send_back(&Refusal::new("unsupported_response_type", 70_005, text));
    }
    let silent = query.get("prompt") == Some("none");
    let browser = match &submitted {
        Some(form) => Some(Browser {
            user_id: None,
            mfa: form.get("mfa").is_some(),
            declines: form.get("answer") == Some("decline"),
            enters_code_after: None,
        }),
        None => emulator.read(|state| state.sign_in.browser.clone()),
    };
    let who = browser
        .as_ref()
        .and_then(|browser| browser.user_id.clone().or(login.map(str::to_owned)));
    let (Some(browser), Some(who)) = (browser, who) else {
        if silent {
            let text = "Session information is not sufficient for single-sign-on.";
            return request.send_back(&Refusal::new("login_required", 50_058, text));
        }
        return page::sign_in(&call.target(), login, false);
    };
    if browser.declines {
        let text = "User declined to consent to access the app.";
        return request.send_back(&Refusal::new("access_denied", 65_004, text));
    }
    match sign_in(emulator, call, &request, version, &who, browser.mfa) {
        Ok(fields) => request.redirect(&fields),
        Err(refusal) if silent || refusal.error() == "invalid_scope" || refusal.error() == "invalid_resource" => {
            request.send_back(&refusal)
        }
        // What a person could mend is shown to the person.
        Err(refusal) => page::refusal(StatusCode::OK, &refusal),
    }
}

/// `/common/oauth2/deviceauth`: where a person types the code of a device.
pub(super) fn device_page(emulator: &Emulator, call: &Call) -> Reply {
    if call.method != Method::POST {
        return page::sign_in(&call.target(), None, true);
    }
    let form = Form::of_body(call);
    let entered = enter_code(
        emulator,
        form.get("user_code").unwrap_or_default(),
        form.get("login").unwrap_or_default(),
        form.get("mfa").is_some(),
        form.get("answer") == Some("decline"),
    );
    match entered {
        Ok(()) => page::message("You have signed in to the application on your device. You may now close this window."),
        Err(text) => page::message(&text),
    }
}

/// A person enters the code that a device shows.
pub(crate) fn enter_code(
    emulator: &Emulator,
    user_code: &str,
    login: &str,
    mfa: bool,
    declines: bool,
) -> Result<(), String> {
    for tenant in emulator.tenants() {
        let outcome = match declines {
            true => Ok(Outcome::Declined),
            false => tenant
                .read(|state| Person::find(state, login, mfa))
                .map(|person| Outcome::SignedIn {
                    user_id: person.id,
                    mfa,
                }),
        };
        if outcome.is_ok_and(|outcome| grants::device_code::enter(&tenant, user_code, outcome)) {
            return Ok(());
        }
    }
    Err("That code did not work, or there is no such person in its tenant.".to_owned())
}

/// A request that names an application and an address of its own.
struct Request<'q> {
    app: Application,
    query: &'q Form,
    redirect: &'q str,
}

impl<'q> Request<'q> {
    fn of(emulator: &Emulator, query: &'q Form) -> Result<Self, Refusal> {
        let client_id = query.need("client_id")?;
        let app = emulator.read(|state| Application::find(state, client_id))?;
        let redirect = query.need("redirect_uri")?;
        let platform = app.platform_of(redirect).ok_or_else(|| {
            let text = format!(
                "The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured \
                 for the application '{}'.",
                app.app_id
            );
            Refusal::new("invalid_request", 50_011, text)
        })?;
        if platform == Platform::SinglePage && query.get("code_challenge").is_none() {
            let text = "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
            return Err(Refusal::new("invalid_request", 9_002_325, text));
        }
        if !matches!(query.get("code_challenge_method"), None | Some("S256" | "plain")) {
            let text = "The code_challenge_method is not supported.";
            return Err(Refusal::new("invalid_request", 9_002_313, text));
        }
        Ok(Self { app, query, redirect })
    }

    /// The browser carries fields to the application.
    fn redirect(&self, fields: &[(&str, String)]) -> Reply {
        let mut fields = fields.to_vec();
        if let Some(state) = self.query.get("state") {
            fields.push(("state", state.to_owned()));
        }
        let mode = self.query.get("response_mode");
        if mode == Some("form_post") {
            return page::form_post(self.redirect, &fields);
        }
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(&fields);
        let joint = match mode {
            Some("fragment") => '#',
            _ if self.redirect.contains('?') => '&',
            _ => '?',
        };
        let address = format!("{}{joint}{}", self.redirect, text.finish());
        Reply::empty(StatusCode::FOUND)
            .with(header::LOCATION, &address)
            .with(header::CACHE_CONTROL, "no-store, no-cache")
    }

    fn send_back(&self, refusal: &Refusal) -> Reply {
        let fields = [
            ("error", refusal.error().to_owned()),
            ("error_description", refusal.description()),
        ];
        self.redirect(&fields)
    }
}

/// Signs a person in, lets that person consent, and gives what the redirect carries.
fn sign_in(
    emulator: &Emulator,
    call: &Call,
    request: &Request<'_>,
    version: Version,
    who: &str,
    mfa: bool,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let Request { app, query, redirect } = request;
    let (person, wanted, tenant) = emulator.read(|state| {
        let wanted = Wanted::of(state, call, query, version)?;
        let person = Person::find(state, who, mfa)?;
        person.admit(state, app, &wanted.resource, Way::Page)?;
        Ok::<_, Refusal>((person, wanted, state.tenant.id.clone()))
    })?;
    let silent = query.get("prompt") == Some("none");
    emulator.write(|state| consent(state, app, &person, &wanted, silent))?;
    let request_id = emulator.request_id(call);
    let value = format!("0.C{}", secret_text(&format!("code {request_id}")));
    let now = emulator.clock().now();
    let challenge = query.get("code_challenge").map(|challenge| {
        let method = query.get("code_challenge_method").unwrap_or("plain");
        (method.to_owned(), challenge.to_owned())
    });
    let asked = match version {
        Version::V1 => query.need("resource")?,
        Version::V2 => query.need("scope")?,
    };
    let code = Code {
        value: value.clone(),
        app_id: app.app_id.clone(),
        user_id: person.id.clone(),
        mfa: person.mfa,
        asked: asked.to_owned(),
        redirect_uri: (*redirect).to_owned(),
        challenge,
        nonce: query.get("nonce").map(str::to_owned),
        ends: now.checked_add(CODE_LASTS).unwrap_or(now),
        redeemed: false,
    };
    emulator.write(|state| {
        state.sign_in.forget(now);
        state.sign_in.codes.push(code);
    });
    let mut fields = vec![("code", value)];
    if query.get("client_info") == Some("1") {
        fields.push(("client_info", client_info(&person, &tenant)));
    }
    fields.push(("session_state", request_id));
    Ok(fields)
}

/// Writes down what the person consents to, when something is lacking.
fn consent(
    state: &mut State,
    app: &Application,
    person: &Person,
    wanted: &Wanted,
    silent: bool,
) -> Result<(), Refusal> {
    let there = consented(state, app, &person.id, &wanted.resource);
    let Err(lacking) = wanted.granted(app, &there) else {
        return Ok(());
    };
    let asked = match wanted.scopes.is_empty() {
        true => registered(state, app, &wanted.resource),
        false => wanted.scopes.clone(),
    };
    let (Some(client), Some(resource)) = (app.object_id(), service_principal_of(state, &wanted.resource)) else {
        return Err(lacking);
    };
    if silent || asked.is_empty() {
        return Err(lacking);
    }
    let new: Vec<&String> = asked.iter().filter(|scope| !there.contains(scope)).collect();
    // Which permissions a person alone cannot consent to is said by each permission; that it is those which reach
    // beyond the person is assumed.
    let beyond = wanted.resource == GRAPH && new.iter().any(|scope| scope.ends_with(".All"));
    let administrator = person::roles(state, &person.id)
        .iter()
        .any(|role| CONSENTERS.contains(&role.as_str()));
    if beyond && !administrator {
        let text = format!(
            "An administrator of {} has set a policy that prevents you from granting {} the permissions it is \
             requesting.",
            state.tenant.display_name, app.name
        );
        return Err(Refusal::new("access_denied", 90_094, text));
    }
    let (client, resource) = (client.to_owned(), resource.to_owned());
    let scope = new.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
    let key = secret_text(&format!("{client}/{resource}/{}", person.id));
    if let Some(grant) = state.directory.find_mut("oauth2PermissionGrants", "id", &key) {
        let held = grant.get("scope").and_then(Value::as_str).unwrap_or_default();
        let scope = format!("{held} {scope}");
        grant.insert("scope".to_owned(), scope.into());
        return Ok(());
    }
    let mut grant = Row::new();
    for (name, value) in [
        ("id", json!(key)),
        ("clientId", json!(client)),
        ("consentType", json!("Principal")),
        ("principalId", json!(person.id)),
        ("resourceId", json!(resource)),
        ("scope", json!(scope)),
    ] {
        grant.insert(name.to_owned(), value);
    }
    state.directory.insert("oauth2PermissionGrants", grant);
    Ok(())
}

/// The permissions at a resource that the registration of an application asks for.
fn registered(state: &State, app: &Application, resource: &str) -> Vec<String> {
    let registration = state.directory.find("applications", "appId", &app.app_id);
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let published = state.directory.find("servicePrincipals", "appId", resource);
    let published = list(published.and_then(|row| row.get("oauth2PermissionScopes")));
    let name_of = |id: &Value| {
        let scope = published.iter().find(|scope| scope.get("id") == Some(id))?;
        scope.get("value")?.as_str().map(str::to_owned)
    };
    list(registration.and_then(|row| row.get("requiredResourceAccess")))
        .iter()
        .filter(|access| access.get("resourceAppId").and_then(Value::as_str) == Some(resource))
        .flat_map(|access| list(access.get("resourceAccess")))
        .filter(|access| access.get("type").and_then(Value::as_str) == Some("Scope"))
        .filter_map(|access| name_of(access.get("id")?))
        .collect()
}
