//! `…/authorize`: a person at a browser signs in and consents, and the browser carries a code back.
//!
//! A page asks one thing after another: who it is, for a second factor where the tenant demands one, for consent where
//! it is lacking. Each page sends again what the earlier ones were told.

use http::{Method, StatusCode, header};
use jiff::SignedDuration;

use super::application::{Application, PAGE_REFUSAL, Platform};
use super::delegated::client_info;
use super::error::Refusal;
use super::form::{ClaimsRequest, Form};
use super::person::{Person, Way};
use super::scope::{Wanted, consented};
use super::sign_in::Code;
use super::visit::{self, Visit};
use super::{Version, consent, page, secret_text};
use crate::audit::By;
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

/// How long a code is good (Entra documents: v2-oauth2-auth-code-flow, "about 10 minutes").
const CODE_LASTS: SignedDuration = SignedDuration::from_mins(10);
/// What a client may say about the person's part (Entra documents: v2-oauth2-auth-code-flow; `admin_consent`: the
/// first generation's own).
const PROMPTS: &[&str] = &["none", "login", "consent", "select_account", "create", "admin_consent"];

/// The page, or the redirect with which it ends.
pub(super) fn answer(emulator: &Emulator, call: &Call, version: Version, any_tenant: bool) -> Reply {
    let query = Form::of_query(call);
    let emulator = &match any_tenant {
        true => visit::place(emulator, call, &query),
        false => emulator.clone(),
    };
    let request = match Request::of(emulator, &query) {
        Ok(request) => request,
        Err(refusal) => return page::refusal(PAGE_REFUSAL, &refusal),
    };
    if let Err(refusal) = request.check() {
        return request.send_back(&refusal);
    }
    let prompt = query.get("prompt").unwrap_or_default();
    let silent = prompt == "none";
    let visit = Visit::of(
        emulator,
        call,
        query.get("login_hint"),
        matches!(prompt, "login" | "select_account"),
    );
    if visit.declines {
        return request.send_back(&declined());
    }
    if visit.who.is_none() {
        if silent {
            let text = "Session information is not sufficient for single-sign-on.";
            return request.send_back(&Refusal::new("login_required", 50_058, text));
        }
        return visit.ask_who(emulator, call, query.get("login_hint"), &[]);
    }
    match request.sign_in(emulator, call, version, &visit) {
        Ok(Next::Ask(page)) => page,
        Ok(Next::Back(fields, person)) => {
            let reply = request.redirect(&fields);
            match visit.at_once || call.method != Method::POST {
                true => reply,
                false => visit::remember(emulator, call, &person, &emulator.request_id(call), reply),
            }
        }
        Err(refusal) if silent || matches!(refusal.error(), "invalid_scope" | "invalid_resource") => {
            request.send_back(&refusal)
        }
        Err(refusal) if refusal.code() == DECLINED => request.send_back(&refusal),
        // What a person could mend is shown to the person.
        Err(refusal) => page::refusal(StatusCode::OK, &refusal),
    }
}

const DECLINED: u32 = 65_004;

fn declined() -> Refusal {
    let text = "User declined to consent to access the app.";
    Refusal::new("access_denied", DECLINED, text)
}

/// Whether a person is let in by now, or is to be asked for a second factor first.
pub(super) enum Admission {
    Granted,
    AskForMfa,
}

/// Judges a person at a page, where a demand can still be met.
pub(super) fn admission(
    visit: &Visit,
    person: &Person,
    judged: Result<(), Refusal>,
    claims: &ClaimsRequest,
) -> Result<Admission, Refusal> {
    let demanded = matches!(&judged, Err(refusal) if refusal.code() == 50_076);
    if (demanded || claims.asks_for_mfa()) && !person.mfa && !visit.at_once {
        match visit.mfa {
            None if demanded || person.has_second_factor => return Ok(Admission::AskForMfa),
            Some(false) => {
                let text = "Authentication failed during strong authentication request.";
                return Err(Refusal::new("invalid_grant", 500_121, text));
            }
            _ => {}
        }
    }
    judged.map(|()| Admission::Granted)
}

/// What comes after an answer of the person.
enum Next {
    Ask(Reply),
    Back(Vec<(&'static str, String)>, Person),
}

/// A request that names an application and an address of its own.
pub(super) struct Request<'q> {
    pub(super) app: Application,
    pub(super) query: &'q Form,
    redirect: &'q str,
}

impl<'q> Request<'q> {
    pub(super) fn of(emulator: &Emulator, query: &'q Form) -> Result<Self, Refusal> {
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
        let coded = query.get("response_type").is_some();
        if coded && platform == Platform::SinglePage && query.get("code_challenge").is_none() {
            let text = "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
            return Err(Refusal::new("invalid_request", 9_002_325, text));
        }
        if !matches!(query.get("code_challenge_method"), None | Some("S256" | "plain")) {
            let text = "The code_challenge_method is not supported.";
            return Err(Refusal::new("invalid_request", 9_002_313, text));
        }
        Ok(Self { app, query, redirect })
    }

    /// What the application itself got wrong, and is told.
    fn check(&self) -> Result<(), Refusal> {
        if self.query.get("response_type") != Some("code") {
            let text = "The response type is not supported by the emulator or not allowed for the application.";
            return Err(Refusal::new("unsupported_response_type", 70_005, text));
        }
        let prompt = self.query.get("prompt");
        if prompt.is_some_and(|prompt| !PROMPTS.contains(&prompt)) {
            return Err(Refusal::new("invalid_request", 90_023, "Unsupported 'prompt' value."));
        }
        let mode = self.query.get("response_mode");
        if !matches!(mode, None | Some("query" | "fragment" | "form_post")) {
            let text = "The response mode is not supported.";
            return Err(Refusal::new("invalid_request", 9_002_313, text));
        }
        Ok(())
    }

    /// The browser carries fields to the application.
    pub(super) fn redirect(&self, fields: &[(&str, String)]) -> Reply {
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

    /// Signs a person in, lets that person consent, and gives what the redirect carries, or what is to be asked first.
    fn sign_in(&self, emulator: &Emulator, call: &Call, version: Version, visit: &Visit) -> Result<Next, Refusal> {
        let Self { app, query, redirect } = self;
        let prompt = query.get("prompt").unwrap_or_default();
        let silent = prompt == "none";
        let claims = ClaimsRequest::parse(query.get("claims"));
        let who = visit.who.as_deref().unwrap_or_default();
        let (person, wanted, tenant, judged) = emulator.read(|state| {
            let wanted = Wanted::of(state, call, query, version)?;
            let person = Person::find(state, who, visit.mfa == Some(true))?;
            let judged = person.admit(state, app, &wanted.resource, Way::Page, emulator.clock().now());
            Ok::<_, Refusal>((person, wanted, state.tenant.id.clone(), judged))
        })?;
        let admission = match silent {
            true => judged.map(|()| Admission::Granted),
            false => admission(visit, &person, judged, &claims),
        };
        if let Admission::AskForMfa = admission? {
            return Ok(Next::Ask(page::second_factor(
                &call.target(),
                &person.upn,
                &visit.said(),
            )));
        }
        if let Some(page) = self.consent(emulator, call, visit, &person, &wanted)? {
            return Ok(Next::Ask(page));
        }
        let fields = self.code(emulator, call, version, &person, &tenant, redirect)?;
        Ok(Next::Back(fields, person))
    }

    /// Writes down what the person consents to, when something is lacking; the page that asks for it first.
    fn consent(
        &self,
        emulator: &Emulator,
        call: &Call,
        visit: &Visit,
        person: &Person,
        wanted: &Wanted,
    ) -> Result<Option<Reply>, Refusal> {
        let app = &self.app;
        let prompt = self.query.get("prompt").unwrap_or_default();
        let (lacking, administrator) = emulator.read(|state| {
            let lacking = consent::lacking(state, app, person, wanted, emulator.clock().now());
            (
                lacking,
                consent::is_administrator(state, person, emulator.clock().now()),
            )
        });
        let lacking = lacking?;
        if prompt == "none" {
            // What a person would be asked for cannot be asked.
            let there = emulator.read(|state| consented(state, app, &person.id, &wanted.resource));
            return wanted.granted(app, &there).map(|_| None);
        }
        let for_all = visit.for_all || prompt == "admin_consent";
        if for_all && !administrator {
            return Err(emulator.read(|state| consent::needs_administrator(state, app)));
        }
        let asks = !lacking.is_empty() || matches!(prompt, "consent" | "admin_consent");
        match visit.consent {
            None if asks => {
                let scopes = match lacking.is_empty() {
                    true => wanted.scopes.clone(),
                    false => lacking,
                };
                let said = visit.said();
                return Ok(Some(page::consent(
                    &call.target(),
                    &app.name,
                    &person.upn,
                    &scopes,
                    administrator,
                    &said,
                )));
            }
            Some(false) => return Err(declined()),
            _ => {}
        }
        if !lacking.is_empty() {
            let principal = Some(person.id.as_str()).filter(|_| !for_all);
            let by = By::person(&person.upn, &app.app_id);
            emulator.write_by(&by, |state| {
                consent::grant(state, app, &wanted.resource, principal, &lacking)
            });
        }
        Ok(None)
    }

    /// Gives out a code.
    fn code(
        &self,
        emulator: &Emulator,
        call: &Call,
        version: Version,
        person: &Person,
        tenant: &str,
        redirect: &str,
    ) -> Result<Vec<(&'static str, String)>, Refusal> {
        let query = self.query;
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
            app_id: self.app.app_id.clone(),
            user_id: person.id.clone(),
            mfa: person.mfa,
            asked: asked.to_owned(),
            redirect_uri: redirect.to_owned(),
            challenge,
            nonce: query.get("nonce").map(str::to_owned),
            claims: query.get("claims").map(str::to_owned),
            ends: now.checked_add(CODE_LASTS).unwrap_or(now),
            redeemed: false,
        };
        emulator.write(|state| {
            state.sign_in.forget(now);
            state.sign_in.codes.push(code);
        });
        let mut fields = vec![("code", value)];
        if query.get("client_info") == Some("1") {
            fields.push(("client_info", client_info(person, tenant)));
        }
        fields.push(("session_state", request_id));
        Ok(fields)
    }
}
