//! `…/oauth2/deviceauth`: where a person types the code that a device shows, and signs in for it.

use http::{Method, StatusCode};

use super::application::Application;
use super::authorize::{Admission, admission};
use super::error::Refusal;
use super::form::{ClaimsRequest, Form};
use super::person::{Person, Way};
use super::scope::Wanted;
use super::sign_in::Outcome;
use super::visit::Visit;
use super::{grants, page};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

const DONE: &str = "You have signed in to the application on your device. You may now close this window.";
const WRONG: &str = "That code did not work, or there is no such person in its tenant.";

/// One page after another: the code, who it is, a second factor where one is demanded, and whether the person meant
/// this application.
pub(super) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let form = Form::of_body(call);
    let code = match (&call.method, form.get("user_code")) {
        (&Method::POST, Some(code)) => code,
        _ => return page::device_code(&call.target()),
    };
    let visit = Visit::of(emulator, call, None, false);
    if visit.declines || visit.consent == Some(false) {
        let ended = emulator
            .tenants()
            .any(|tenant| grants::device_code::enter(&tenant, code, Outcome::Declined));
        return page::message(if ended {
            "You declined. You may now close this window."
        } else {
            WRONG
        });
    }
    let Some((tenant, app_id, asked)) = grants::device_code::waiting(emulator, code) else {
        return page::message(WRONG);
    };
    let more = [("user_code", code.to_owned())];
    if visit.who.is_none() {
        return visit.ask_who(&tenant, call, None, &more);
    }
    match decide(&tenant, call, &visit, code, (&app_id, &asked)) {
        Ok(page) => page,
        // Somebody who is no user there, and somebody whose sign-in the tenant refuses.
        Err(refusal) if refusal.code() == 50_034 => page::message(WRONG),
        Err(refusal) => page::refusal(StatusCode::OK, &refusal),
    }
}

fn decide(
    emulator: &Emulator,
    call: &Call,
    visit: &Visit,
    code: &str,
    (app_id, asked): (&str, &str),
) -> Result<Reply, Refusal> {
    let who = visit.who.as_deref().unwrap_or_default();
    let (person, judged, app) = emulator.read(|state| {
        let person = Person::find(state, who, visit.mfa == Some(true))?;
        let app = Application::find(state, app_id)?;
        // A resource alone is how the first generation asks.
        let wanted = Wanted::of_scope(state, call, asked).or_else(|_| Wanted::all_of(state, call, asked))?;
        let judged = person.admit(state, &app, &wanted.resource, Way::DeviceCode, emulator.clock().now());
        Ok::<_, Refusal>((person, judged, app))
    })?;
    if !visit.at_once {
        let mut said = visit.said();
        said.push(("user_code", code.to_owned()));
        if let Admission::AskForMfa = admission(visit, &person, judged, &ClaimsRequest::default())? {
            return Ok(page::second_factor(&call.target(), &person.upn, &said));
        }
        if visit.consent.is_none() {
            return Ok(page::confirm(&call.target(), &app.name, &person.upn, &said));
        }
    }
    let outcome = Outcome::SignedIn {
        user_id: person.id,
        mfa: person.mfa,
    };
    let entered = grants::device_code::enter(emulator, code, outcome);
    Ok(page::message(if entered { DONE } else { WRONG }))
}

/// A person enters the code that a device shows, by the control port.
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
    Err(WRONG.to_owned())
}
