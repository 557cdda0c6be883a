//! On behalf of: an application that was called with a person's token calls on as that person.

use super::super::Version;
use super::super::application::Application;
use super::super::delegated::{self, Granted};
use super::super::error::Refusal;
use super::super::form::Form;
use super::super::person::{Person, Way};
use super::super::scope::Wanted;
use super::super::tokens::{self, TokenRefusal};
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
    let assertion = form.need("assertion")?;
    if form.need("requested_token_use")? != "on_behalf_of" {
        let text = "The request body must contain the following parameter: 'requested_token_use'.";
        return Err(Refusal::new("invalid_request", 900_144, text));
    }
    let app = emulator.read(|state| Application::find(state, client_id))?;
    // Only who proves itself may act for somebody else.
    let proof = app.prove(emulator, call, form, tenants, false)?;
    let own = format!("api://{}", app.app_id);
    let claims = tokens::open(emulator, assertion, &[&app.app_id, &own]).map_err(|refusal| match refusal {
        TokenRefusal::Audience => {
            let text = "Assertion audience does not match the Client app presenting the assertion.";
            Refusal::new("invalid_grant", 500_131, text)
        }
        TokenRefusal::Expired => Refusal::new(
            "invalid_grant",
            500_133,
            "Assertion is not within its valid time range. Ensure that the access token is not expired before using \
             it for user assertion.",
        ),
        TokenRefusal::Malformed => Refusal::new("invalid_request", 50_027, "JWT token is invalid or malformed."),
        _ => Refusal::new("invalid_grant", 50_013, "Assertion failed signature validation."),
    })?;
    if claims.upn.is_none() {
        let text = "Application is not allowed to make application on-behalf-of calls.";
        return Err(Refusal::new("invalid_grant", 7_000_114, text));
    }
    let granted = emulator.read(|state| {
        let wanted = Wanted::of(state, call, form, version)?;
        let mfa = claims.amr.iter().any(|method| method == "mfa");
        let person = Person::find(state, &claims.oid, mfa)?;
        Granted::admitted(
            state,
            &app,
            proof,
            person,
            wanted,
            (Way::Earlier, emulator.clock().now()),
            form,
        )
    })?;
    delegated::answer(emulator, call, form, version, granted)
}
