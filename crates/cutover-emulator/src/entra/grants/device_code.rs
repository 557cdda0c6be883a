//! Device code: a person signs in on another device while the application asks again and again.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::application::Application;
use super::super::delegated::{self, Granted};
use super::super::error::Refusal;
use super::super::form::Form;
use super::super::person::{Person, Way};
use super::super::scope::Wanted;
use super::super::sign_in::{DeviceCode, Outcome};
use super::super::{Version, answered, secret_text};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply, host_of, is_loopback};
use crate::state::State;

/// How long a code can be entered, and how often an application may ask (Entra documents: v2-oauth2-device-code).
const LASTS: SignedDuration = SignedDuration::from_secs(900);
const INTERVAL: SignedDuration = SignedDuration::from_secs(5);
/// A client that waits as told may still come a little early by its own clock.
const SLACK: SignedDuration = SignedDuration::from_secs(1);
/// Letters of a user code: without those that are mistaken for others (assumed).
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ23456789";

/// `…/devicecode`: a pair of codes.
pub(in super::super) fn begin(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    version: Version,
) -> Result<Reply, Refusal> {
    let client_id = form.need("client_id")?;
    let asked = match version {
        Version::V1 => form.need("resource")?,
        Version::V2 => form.need("scope")?,
    };
    let app = emulator.read(|state| {
        Wanted::of(state, call, form, version)?;
        Application::find(state, client_id)
    })?;
    let request_id = emulator.request_id(call);
    let value = format!("0.D{}", secret_text(&format!("device {request_id}")));
    let user_code: String = secret_text(&format!("user {request_id}"))
        .bytes()
        .take(9)
        .filter_map(|byte| LETTERS.get(usize::from(byte) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect();
    let now = emulator.clock().now();
    emulator.write(|state| {
        state.sign_in.forget(now);
        state.sign_in.device_codes.push(DeviceCode {
            value: value.clone(),
            user_code: user_code.clone(),
            app_id: app.app_id.clone(),
            asked: asked.to_owned(),
            began: now,
            polled: None,
            outcome: Outcome::Pending,
        });
    });
    // A page of its own where the real one cannot know the code.
    let page = match is_loopback(host_of(&call.origin)) {
        true => format!("{}/common/oauth2/deviceauth", call.origin),
        false => "https://microsoft.com/devicelogin".to_owned(),
    };
    let message = format!(
        "To sign in, use a web browser to open the page {page} and enter the code {user_code} to authenticate."
    );
    let (lasts, interval) = (LASTS.as_secs(), INTERVAL.as_secs());
    let body = match version {
        Version::V1 => json!({
            "user_code": user_code, "device_code": value, "verification_url": page,
            "expires_in": lasts.to_string(), "interval": interval.to_string(), "message": message,
        }),
        Version::V2 => json!({
            "user_code": user_code, "device_code": value, "verification_uri": page,
            "expires_in": lasts, "interval": interval, "message": message,
        }),
    };
    Ok(answered(call, &request_id, StatusCode::OK, &body))
}

/// The token endpoint while and after the person signs in.
pub(in super::super) fn answer(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    tenants: &[&str],
    version: Version,
) -> Result<Reply, Refusal> {
    let client_id = form.need("client_id")?;
    // Version 1.0 calls it `code`.
    let value = form.get("device_code").or_else(|| form.get("code"));
    let value = value.ok_or_else(|| Refusal::missing("device_code"))?;
    let app = emulator.read(|state| Application::find(state, client_id))?;
    let proof = app.prove(emulator, call, form, tenants, app.fallback_public)?;
    let now = emulator.clock().now();
    let (asked, user_id, mfa) = emulator.write(|state| poll(state, &app, value, now))?;
    let granted = emulator.read(|state| {
        let wanted = match version {
            Version::V1 => Wanted::all_of(state, call, &asked)?,
            Version::V2 => Wanted::of_scope(state, call, &asked)?,
        };
        let person = Person::find(state, &user_id, mfa)?;
        Granted::admitted(
            state,
            &app,
            proof,
            person,
            wanted,
            (Way::DeviceCode, emulator.clock().now()),
            form,
        )
    })?;
    delegated::answer(emulator, call, form, version, granted)
}

/// What became of a code by now: what was asked for, the user, and whether with a second factor.
fn poll(state: &mut State, app: &Application, value: &str, now: Timestamp) -> Result<(String, String, bool), Refusal> {
    let browser = state.sign_in.browser.clone();
    let known = |code: &&mut DeviceCode| code.value == value && code.app_id.eq_ignore_ascii_case(&app.app_id);
    let code = state.sign_in.device_codes.iter_mut().find(known);
    let code = code.ok_or_else(|| {
        let text = "The provided value for the input parameter 'device_code' or 'code' is not valid.";
        Refusal::new("bad_verification_code", 70_018, text)
    })?;
    let early = code
        .polled
        .is_some_and(|polled| now.duration_since(polled) < INTERVAL - SLACK);
    code.polled = Some(now);
    let age = now.duration_since(code.began);
    if let (Outcome::Pending, Some(browser)) = (&code.outcome, &browser)
        && browser
            .enters_code_after
            .is_some_and(|seconds| age.as_secs() >= seconds)
    {
        code.outcome = match (&browser.user_id, browser.declines) {
            (_, true) => Outcome::Declined,
            (Some(user_id), false) => Outcome::SignedIn {
                user_id: user_id.clone(),
                mfa: browser.mfa,
            },
            (None, false) => Outcome::Pending,
        };
    }
    match code.outcome.clone() {
        Outcome::SignedIn { user_id, mfa } => {
            code.outcome = Outcome::Redeemed;
            Ok((code.asked.clone(), user_id, mfa))
        }
        Outcome::Declined => {
            let text = "The end user denied the authorization request.";
            Err(Refusal::new("authorization_declined", 70_020, text))
        }
        Outcome::Redeemed => {
            let text = "The provided value for the input parameter 'device_code' or 'code' was already used.";
            Err(Refusal::new("invalid_grant", 54_005, text))
        }
        Outcome::Pending if age >= LASTS => Err(Refusal::new(
            "expired_token",
            70_019,
            "Verification code expired. Have the user retry the sign-in.",
        )),
        // RFC 8628, 3.5; how much too early Entra counts as such is assumed.
        Outcome::Pending if early => Err(Refusal::new(
            "slow_down",
            70_016,
            "OAuth 2.0 device flow error. Authorization is pending. The application asks too often.",
        )),
        Outcome::Pending => Err(Refusal::new(
            "authorization_pending",
            70_016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        )),
    }
}

/// The application that waits for a code and what it asked for, with the tenant; `None` when the code is not one to be
/// entered now.
pub(in super::super) fn waiting(emulator: &Emulator, user_code: &str) -> Option<(Emulator, String, String)> {
    let now = emulator.clock().now();
    emulator.tenants().find_map(|tenant| {
        let found = tenant.read(|state| {
            let mut codes = state.sign_in.device_codes.iter();
            let code = codes.find(|code| is_waiting(code, user_code, now))?;
            Some((code.app_id.clone(), code.asked.clone()))
        });
        found.map(|(app_id, asked)| (tenant, app_id, asked))
    })
}

fn is_waiting(code: &DeviceCode, user_code: &str, now: Timestamp) -> bool {
    code.user_code.eq_ignore_ascii_case(user_code.trim())
        && code.outcome == Outcome::Pending
        && now.duration_since(code.began) < LASTS
}

/// What a person does who types a code: signs in, or declines. `false` when the code is not one to be entered now.
pub(in super::super) fn enter(emulator: &Emulator, user_code: &str, outcome: Outcome) -> bool {
    let now = emulator.clock().now();
    emulator.write(|state| {
        let mut codes = state.sign_in.device_codes.iter_mut();
        let code = codes.find(|code| is_waiting(code, user_code, now));
        match code {
            Some(code) => {
                code.outcome = outcome;
                true
            }
            None => false,
        }
    })
}
