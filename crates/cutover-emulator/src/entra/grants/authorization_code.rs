//! Authorization code: what the person's browser brought back, once, with the verifier of its challenge.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::Version;
use super::super::application::Application;
use super::super::delegated::{self, Granted};
use super::super::error::Refusal;
use super::super::form::Form;
use super::super::person::{Person, Way};
use super::super::scope::Wanted;
use super::super::sign_in::Code;
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

pub(in super::super) fn answer(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    tenants: &[&str],
    version: Version,
) -> Result<Reply, Refusal> {
    let client_id = form.need("client_id")?;
    let value = form.need("code")?;
    let redirect = form.need("redirect_uri")?;
    let app = emulator.read(|state| Application::find(state, client_id))?;
    let proof = app.prove(emulator, call, form, tenants, app.is_public(Some(redirect)))?;
    let code = redeem(emulator, form, &app, value, redirect)?;
    let granted = emulator.read(|state| {
        // The request may narrow down what was asked at the page, or leave it out.
        let wanted = match (version, form.get("scope"), form.get("resource")) {
            (Version::V1, _, resource) => Wanted::all_of(state, call, resource.unwrap_or(&code.asked))?,
            (Version::V2, Some(scope), _) => Wanted::of_scope(state, call, scope)?,
            (Version::V2, None, _) => Wanted::of_scope(state, call, &code.asked)?,
        };
        let person = Person::find(state, &code.user_id, code.mfa)?;
        let asked_at_page = code.asked.split_ascii_whitespace().any(|word| word == "offline_access");
        Ok::<_, Refusal>(Granted {
            nonce: code.nonce.clone(),
            keeps_refreshing: asked_at_page,
            claims: form.claims().or_of_page(code.claims.as_deref()),
            ..Granted::admitted(
                state,
                &app,
                proof,
                person,
                wanted,
                (Way::Earlier, emulator.clock().now()),
                form,
            )?
        })
    })?;
    delegated::answer(emulator, call, form, version, granted)
}

/// Takes a code that fits the request, so that it serves once.
fn redeem(emulator: &Emulator, form: &Form, app: &Application, value: &str, redirect: &str) -> Result<Code, Refusal> {
    let now = emulator.clock().now();
    emulator.write(|state| {
        let code = state
            .sign_in
            .codes
            .iter_mut()
            .find(|code| code.value == value && code.app_id.eq_ignore_ascii_case(&app.app_id))
            .ok_or_else(|| {
                let text = "The provided authorization code is not valid for this application.";
                Refusal::new("invalid_grant", 70_000, text)
            })?;
        if code.redeemed {
            let text = "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use \
                        an existing refresh token.";
            return Err(Refusal::new("invalid_grant", 54_005, text));
        }
        if code.ends <= now {
            let text = "The provided authorization code or refresh token has expired due to inactivity. Send a new \
                        interactive authorization request for this user and resource.";
            return Err(Refusal::new("invalid_grant", 70_008, text));
        }
        // RFC 6749, 5.2: a redirect address that differs makes the grant invalid.
        if code.redirect_uri != redirect {
            let text = format!(
                "The reply address '{redirect}' does not match the reply address '{}' provided when requesting \
                 Authorization code.",
                code.redirect_uri
            );
            return Err(Refusal::new("invalid_grant", 500_112, text));
        }
        verify(code.challenge.as_ref(), form.get("code_verifier"))?;
        code.redeemed = true;
        Ok(code.clone())
    })
}

/// RFC 7636, 4.6.
fn verify(challenge: Option<&(String, String)>, verifier: Option<&str>) -> Result<(), Refusal> {
    let Some((method, challenge)) = challenge else {
        return Ok(());
    };
    let fits = verifier.is_some_and(|verifier| match method.as_str() {
        "plain" => verifier == challenge,
        _ => URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes())) == *challenge,
    });
    if fits {
        return Ok(());
    }
    let text = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
    Err(Refusal::new("invalid_grant", 501_481, text))
}
