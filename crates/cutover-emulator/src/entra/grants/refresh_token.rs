//! Refresh token: an earlier sign-in, for any resource that the person consented to.

use super::super::Version;
use super::super::application::Application;
use super::super::delegated::{self, Granted};
use super::super::demands;
use super::super::error::Refusal;
use super::super::form::Form;
use super::super::person::{Person, Way};
use super::super::scope::Wanted;
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::state::{RefreshToken, State};

pub(in super::super) fn answer(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    tenants: &[&str],
    version: Version,
) -> Result<Reply, Refusal> {
    let client_id = form.need("client_id")?;
    let value = form.need("refresh_token")?;
    let app = emulator.read(|state| Application::find(state, client_id))?;
    let proof = app.prove(emulator, call, form, tenants, app.is_public(None))?;
    let granted = emulator.read(|state| {
        let token = find(emulator, state, &app, value)?;
        let wanted = wanted(state, call, form, version, token)?;
        let person = Person::find(state, &token.user_id, token.mfa)?;
        // What began on a device stays what it was (Entra documents: concept-authentication-flows, protocol tracking).
        let way = if token.device_code {
            Way::DeviceCode
        } else {
            Way::Earlier
        };
        let mut granted = Granted::admitted(state, &app, proof, person, wanted, (way, emulator.clock().now()), form)?;
        granted.keeps_refreshing = true;
        granted.signed_in = token.signed_in;
        if let Some(signed_in) = token.signed_in {
            let what = (app.app_id.as_str(), granted.wanted.resource.as_str());
            if demands::is_too_old(state, &token.user_id, what, way, signed_in, emulator.clock().now()) {
                let text = "The refresh token has expired or is invalid due to sign-in frequency checks by conditional \
                            access.";
                return Err(Refusal::new("invalid_grant", 70_043, text));
            }
        }
        let kept = token.scopes_consented.get(&granted.wanted.resource);
        for scope in kept.iter().flat_map(|scopes| scopes.split_ascii_whitespace()) {
            if !granted.consented.iter().any(|there| there.eq_ignore_ascii_case(scope)) {
                granted.consented.push(scope.to_owned());
            }
        }
        Ok::<_, Refusal>(granted)
    })?;
    delegated::answer(emulator, call, form, version, granted)
}

fn find<'s>(
    emulator: &Emulator,
    state: &'s State,
    app: &Application,
    value: &str,
) -> Result<&'s RefreshToken, Refusal> {
    let known = |token: &&RefreshToken| token.value == value && token.app_id.eq_ignore_ascii_case(&app.app_id);
    let token = state.refresh_tokens.iter().find(known).ok_or_else(|| {
        let text = "The provided grant is invalid or malformed: the refresh token is not valid.";
        Refusal::new("invalid_grant", 70_000, text)
    })?;
    if token.revoked {
        let text = "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user \
                    might have changed or reset their password.";
        return Err(Refusal::new("invalid_grant", 50_173, text).with_suberror("bad_token"));
    }
    if token.expires.is_some_and(|at| at <= emulator.clock().now()) {
        let text = "The refresh token has expired due to inactivity.";
        return Err(Refusal::new("invalid_grant", 700_082, text).with_suberror("bad_token"));
    }
    Ok(token)
}

/// What is asked for; without a word, the resource of the sign-in (the first one, when the token knows several).
fn wanted(state: &State, call: &Call, form: &Form, version: Version, token: &RefreshToken) -> Result<Wanted, Refusal> {
    match (version, form.get("scope"), form.get("resource")) {
        (Version::V2, Some(scope), _) => Wanted::of_scope(state, call, scope),
        (Version::V1, _, Some(resource)) => Wanted::all_of(state, call, resource),
        _ => {
            let first = token.scopes_consented.keys().next();
            Wanted::all_of(state, call, first.ok_or_else(|| Refusal::missing("scope"))?)
        }
    }
}
