//! The token endpoint: which grant a request shows, and in which tenant.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use serde::Deserialize;
use uuid::Uuid;

use super::error::Refusal;
use super::form::Form;
use super::{Version, grants, tenant_of, whose};
use crate::emulator::{Emulator, not_there};
use crate::exchange::{Call, Reply};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const ON_BEHALF_OF: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// A grant that Entra documents and the emulator does not have: federation servers are no part of it.
const SAML_BEARER: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";

pub(super) fn answer(emulator: &Emulator, call: &Call, segment: &str, version: Version) -> Result<Reply, Refusal> {
    let form = Form::of_body(call);
    let tenant = tenant_of(emulator, segment)?;
    let grant = form.need("grant_type")?;
    // `common` and `organizations` name no tenant; what is shown does.
    let emulator = &match tenant {
        Some(_) => emulator.clone(),
        None => of_grant(emulator, &form, grant),
    };
    let own = emulator.read(|state| state.tenant.id.clone());
    let tenants: &[&str] = &[&own, segment];
    match grant {
        "client_credentials" => {
            grants::client_credentials::answer(emulator, call, &form, tenant.as_deref(), segment, version)
        }
        "authorization_code" => grants::authorization_code::answer(emulator, call, &form, tenants, version),
        // The first generation has a name of its own for it.
        DEVICE_CODE | "device_code" => grants::device_code::answer(emulator, call, &form, tenants, version),
        "refresh_token" => grants::refresh_token::answer(emulator, call, &form, tenants, version),
        "password" => grants::password::answer(emulator, call, &form, tenants, segment, version),
        ON_BEHALF_OF => grants::on_behalf_of::answer(emulator, call, &form, tenants, version),
        SAML_BEARER => {
            let mut named = call.clone();
            named.path = format!("{} (grant_type={grant})", call.path);
            Ok(not_there(&named))
        }
        _ => {
            let text = format!("The app requested an unsupported grant type '{grant}'.");
            Err(Refusal::new("unsupported_grant_type", 70_003, text))
        }
    }
}

/// The tenant that what a request shows belongs to.
fn of_grant(emulator: &Emulator, form: &Form, grant: &str) -> Emulator {
    let shown = |name: &str| form.get(name).unwrap_or_default();
    match grant {
        "authorization_code" => whose(emulator, |state| {
            state.sign_in.codes.iter().any(|code| code.value == shown("code"))
        }),
        DEVICE_CODE | "device_code" => whose(emulator, |state| {
            let mut codes = state.sign_in.device_codes.iter();
            codes.any(|code| code.value == shown("device_code") || code.value == shown("code"))
        }),
        "refresh_token" => whose(emulator, |state| {
            let mut tokens = state.refresh_tokens.iter();
            tokens.any(|token| token.value == shown("refresh_token"))
        }),
        "password" => whose(emulator, |state| {
            let domain = shown("username").rsplit_once('@').map(|(_, domain)| domain);
            domain.is_some_and(|domain| state.tenant.is_called(domain))
        }),
        ON_BEHALF_OF => {
            let tenant = claimed_tenant(shown("assertion"));
            whose(emulator, |state| {
                tenant.as_deref().is_some_and(|tenant| state.tenant.is_called(tenant))
            })
        }
        _ => emulator.clone(),
    }
}

/// The tenant that a token says it is of, unverified: it only says where the token is to be checked.
fn claimed_tenant(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claimed {
        tid: String,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Claimed>(&claims).ok()?.tid)
}

/// Grant, client and resource of a request, without what proves the client.
pub(super) fn asked(call: &Call) -> String {
    let form = Form::of_body(call);
    let fields = ["grant_type", "client_id", "scope", "resource"].map(|name| form.get(name).unwrap_or_default());
    fields.join("\n")
}

/// Between 60 and 90 minutes, as Entra chooses it; the choice hangs on the request's id alone.
pub(super) fn usual_lifetime(request_id: &str) -> SignedDuration {
    let drawn = Uuid::parse_str(request_id).map_or(0, |id| id.as_u128() % 1800);
    SignedDuration::from_secs(3600 + i64::try_from(drawn).unwrap_or_default())
}
