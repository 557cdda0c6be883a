//! Who is at the browser, and what that person has said so far: on the pages, by an earlier sign-in in the same browser,
//! or at once, when the world scripts the person.

use http::header;
use serde_json::Value;

use super::form::Form;
use super::person::Person;
use super::sign_in::Session;
use super::{page, secret_text, whose};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::state::State;

/// The cookie of a browser in which somebody is signed in.
const COOKIE: &str = "ESTSAUTH";
/// Accounts that a page offers at most.
const OFFERED: usize = 50;

/// What a person has said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Visit {
    /// Name or object id of the user.
    pub(super) who: Option<String>,
    /// The answer to the prompt for a second factor; none when nobody was asked yet.
    pub(super) mfa: Option<bool>,
    /// The answer to the question for consent.
    pub(super) consent: Option<bool>,
    /// Whether the consent is for the whole organisation.
    pub(super) for_all: bool,
    /// Whether the person went away.
    pub(super) declines: bool,
    /// Whether everything was said at once: nothing more is asked.
    pub(super) at_once: bool,
}

impl Visit {
    /// What is known of whoever is at the browser. `asks_anew`: a session does not answer for the person.
    pub(super) fn of(emulator: &Emulator, call: &Call, hint: Option<&str>, asks_anew: bool) -> Self {
        if call.method == http::Method::POST {
            return Self::submitted(&Form::of_body(call));
        }
        let scripted = emulator.read(|state| state.sign_in.browser.clone());
        if let Some(browser) = scripted {
            return Self {
                who: browser.user_id.or(hint.map(str::to_owned)),
                mfa: Some(true).filter(|_| browser.mfa),
                consent: Some(!browser.declines),
                for_all: false,
                declines: browser.declines,
                at_once: true,
            };
        }
        let session = session_of(emulator, call).filter(|_| !asks_anew);
        let session = session.filter(|session| hint.is_none_or(|hint| emulator.read(|it| is_user(it, session, hint))));
        session.map_or_else(Self::default, |session| Self {
            who: Some(session.user_id),
            mfa: Some(true).filter(|_| session.mfa),
            ..Self::default()
        })
    }

    /// What a page sent. Whoever drives it without a person may send everything at once: `answer=sign-in`.
    fn submitted(form: &Form) -> Self {
        let answer = |name: &str| match form.get(name) {
            Some("0" | "no") => Some(false),
            Some(_) => Some(true),
            None => None,
        };
        let at_once = form.get("answer") == Some("sign-in");
        Self {
            who: form.get("login").map(str::to_owned),
            mfa: answer("mfa"),
            consent: answer("consent").or(Some(true).filter(|_| at_once)),
            for_all: form.get("for_all").is_some(),
            declines: form.get("answer") == Some("decline"),
            at_once,
        }
    }

    /// What the next page has to send again.
    pub(super) fn said(&self) -> Vec<(&'static str, String)> {
        let mut said = Vec::new();
        if let Some(who) = &self.who {
            said.push(("login", who.clone()));
        }
        if let Some(mfa) = self.mfa {
            said.push(("mfa", if mfa { "1" } else { "0" }.to_owned()));
        }
        said
    }

    /// The page on which somebody says who it is.
    pub(super) fn ask_who(
        &self,
        emulator: &Emulator,
        call: &Call,
        hint: Option<&str>,
        more: &[(&'static str, String)],
    ) -> Reply {
        let accounts = emulator.read(accounts);
        page::account(&call.target(), hint, &accounts, more)
    }
}

/// The tenant that a sign-in at an address without one belongs to: that of the person's name, of the browser's session,
/// or of the domain that the application says.
pub(super) fn place(emulator: &Emulator, call: &Call, query: &Form) -> Emulator {
    let submitted = (call.method == http::Method::POST).then(|| Form::of_body(call));
    let named = submitted.as_ref().and_then(|form| form.get("login"));
    let of_name = |login: &str| {
        let domain = login.rsplit_once('@').map(|(_, domain)| domain.to_owned())?;
        emulator.in_tenant(&domain)
    };
    if let Some(tenant) = named.or(query.get("login_hint")).and_then(of_name) {
        return tenant;
    }
    if let Some(value) = cookie(call) {
        let has = |state: &State| state.sign_in.sessions.iter().any(|session| session.value == value);
        if emulator.tenants().any(|tenant| tenant.read(has)) {
            return whose(emulator, has);
        }
    }
    let hinted = query.get("domain_hint").and_then(|domain| emulator.in_tenant(domain));
    hinted.unwrap_or_else(|| emulator.clone())
}

/// The names of the people who may sign in.
fn accounts(state: &State) -> Vec<String> {
    let users = state.directory.rows("users").iter();
    users
        .filter(|user| user.get("accountEnabled").and_then(Value::as_bool) == Some(true))
        .filter_map(|user| user.get("userPrincipalName")?.as_str().map(str::to_owned))
        .take(OFFERED)
        .collect()
}

fn is_user(state: &State, session: &Session, name: &str) -> bool {
    let user = state.directory.find("users", "id", &session.user_id);
    let known = user.and_then(|user| user.get("userPrincipalName")?.as_str());
    known.is_some_and(|known| known.eq_ignore_ascii_case(name)) || session.user_id.eq_ignore_ascii_case(name)
}

fn cookie(call: &Call) -> Option<&str> {
    let cookies = call.header("cookie")?;
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

fn session_of(emulator: &Emulator, call: &Call) -> Option<Session> {
    let value = cookie(call)?;
    emulator.read(|state| {
        let mut sessions = state.sign_in.sessions.iter();
        sessions.find(|session| session.value == value).cloned()
    })
}

/// The same answer, with which the browser remembers the person.
pub(super) fn remember(emulator: &Emulator, call: &Call, person: &Person, request_id: &str, reply: Reply) -> Reply {
    let value = secret_text(&format!("session {request_id}"));
    let session = Session {
        value: value.clone(),
        user_id: person.id.clone(),
        mfa: person.mfa,
        began: emulator.clock().now(),
    };
    let replaced = cookie(call);
    emulator.write(|state| {
        let sessions = &mut state.sign_in.sessions;
        sessions.retain(|known| Some(known.value.as_str()) != replaced);
        sessions.push(session);
    });
    reply.with(header::SET_COOKIE, &cookie_text(call, &value, ""))
}

/// `…/logout`: the browser forgets the person, and goes back to where an application of the tenant may be called. What
/// applications hold stays good (Entra documents: refresh-tokens).
pub(super) fn forget(emulator: &Emulator, call: &Call) -> Reply {
    if let Some(value) = cookie(call) {
        for tenant in emulator.tenants() {
            tenant.write(|state| state.sign_in.sessions.retain(|session| session.value != value));
        }
    }
    let query = Form::of_query(call);
    let wanted = query.get("post_logout_redirect_uri");
    let known = wanted.filter(|uri| emulator.read(|state| super::application::is_redirect(state, uri)));
    let reply = match known {
        None => page::message("You signed out of your account. It's a good idea to close all browser windows."),
        Some(uri) => {
            let mut target = uri.to_owned();
            if let Some(state) = query.get("state") {
                let joint = if uri.contains('?') { '&' } else { '?' };
                let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
                target = format!("{uri}{joint}state={state}");
            }
            Reply::empty(http::StatusCode::FOUND).with(header::LOCATION, &target)
        }
    };
    reply.with(header::SET_COOKIE, &cookie_text(call, "", "; Max-Age=0"))
}

fn cookie_text(call: &Call, value: &str, more: &str) -> String {
    let secure = if call.origin.starts_with("https:") {
        "; Secure; SameSite=None"
    } else {
        ""
    };
    format!("{COOKIE}={value}; Path=/; HttpOnly{secure}{more}")
}
