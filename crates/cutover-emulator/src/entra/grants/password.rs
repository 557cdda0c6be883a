//! Resource owner password credentials: name and password in the request, which leaves no place for a second factor.

use super::super::Version;
use super::super::application::Application;
use super::super::delegated::{self, Granted};
use super::super::error::Refusal;
use super::super::form::Form;
use super::super::person::{Person, Way};
use super::super::scope::Wanted;
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

pub(in super::super) fn answer(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    tenants: &[&str],
    segment: &str,
    version: Version,
) -> Result<Reply, Refusal> {
    if matches!(segment, "common" | "consumers") {
        let text = "The grant type is not supported over the /common or /consumers endpoints. Please use the \
                    /organizations or tenant-specific endpoint.";
        return Err(Refusal::new("invalid_request", 9_001_023, text));
    }
    let client_id = form.need("client_id")?;
    let username = form.need("username")?;
    let password = form.need("password")?;
    let app = emulator.read(|state| Application::find(state, client_id))?;
    let proof = app.prove(emulator, call, form, tenants, app.fallback_public)?;
    let granted = emulator.read(|state| {
        let wanted = Wanted::of(state, call, form, version)?;
        let person = Person::find(state, username, false)?;
        if state
            .sign_in
            .passwords
            .get(&person.id)
            .is_none_or(|known| known != password)
        {
            let text = "Error validating credentials due to invalid username or password.";
            return Err(Refusal::new("invalid_grant", 50_126, text));
        }
        Granted::admitted(
            state,
            &app,
            proof,
            person,
            wanted,
            (Way::Password, emulator.clock().now()),
            form,
        )
    })?;
    delegated::answer(emulator, call, form, version, granted)
}
