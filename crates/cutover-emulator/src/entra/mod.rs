//! Entra ID's sign-in service: discovery, keys, sign-in, tokens.

mod admin_consent;
mod application;
mod assertion;
mod authorize;
mod consent;
mod delegated;
mod demands;
mod device_page;
mod discovery;
mod error;
pub(crate) mod federation;
mod form;
mod grants;
pub(crate) mod keys;
mod page;
mod person;
mod scope;
pub mod sign_in;
mod token_endpoint;
pub(crate) mod tokens;
mod user_realm;
mod visit;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderName, Method, StatusCode, header};
use serde_json::Value;

use crate::emulator::{Emulator, not_there};
use crate::exchange::{Call, Reply};
use crate::operation::Operation;
use crate::state::State;
pub(crate) use device_page::enter_code;
use error::Refusal;
use form::Form;

const SOURCE: &str = "Entra documents: v2-oauth2-client-creds-grant-flow, certificate-credentials, v2-oauth2-auth-code-flow, v2-oauth2-device-code, v2-oauth-ropc, v2-oauth2-on-behalf-of-flow, refresh-tokens, reference-error-codes";

/// What the sign-in service can answer.
pub const OPERATIONS: &[Operation] = &[
    operation(
        "POST",
        "/{tenant}/oauth2/v2.0/token",
        "client_credentials with client_secret (form or Basic), client_assertion (PS256 with x5t#S256, RS256 with x5t) or the assertion of a federated issuer; authorization_code with PKCE; device_code; refresh_token, for any resource consented to; password; jwt-bearer (on behalf of). One resource; id_token, client_info, xms_cc",
        "50013, 50027, 50034, 50057, 50059, 50076, 50079, 50105, 50126, 50173, 53000, 53001, 53003, 54005, 65001, 70000, 70003, 70008, 70011, 70016, 70018, 70019, 70020, 70043, 28000, 90002, 500011, 500112, 500131, 500133, 501481, 530036, 700016, 700021, 700022, 700023, 700024, 700025, 700027, 700082, 700211, 700212, 700213, 900144, 1002012, 7000112, 7000114, 7000215, 7000218, 7000222, 9001023; saml2-bearer answers 501",
        "none of its own; device code: slow_down",
        SOURCE,
    ),
    operation(
        "POST",
        "/{tenant}/oauth2/token",
        "as v2.0, with resource in place of scope; numbers in the answer are texts",
        "as v2.0",
        "none of its own",
        SOURCE,
    ),
    operation(
        "GET",
        "/{tenant}/oauth2/v2.0/authorize",
        "response_type=code; response_mode query, fragment, form_post; code_challenge S256, plain; login_hint, domain_hint, claims; prompt none, login, select_account, consent, admin_consent; the world's person at the browser signs in and consents, else plain pages (POST) ask for account, second factor and consent; a cookie remembers who signed in",
        "back to the application: 50058, 65001, 65004, 70005, 70011, 90023, 500011; on the page: 50011, 50034, 50057, 50076, 50079, 50105, 53000, 53001, 53003, 90094, 500121, 700016, 900144, 9002313, 9002325",
        "none of its own",
        "Entra documents: v2-oauth2-auth-code-flow, reply-url, reference-error-codes",
    ),
    operation(
        "GET",
        "/{tenant}/oauth2/authorize",
        "as v2.0, with resource in place of scope",
        "as v2.0",
        "none of its own",
        "Entra documents: v2-oauth2-auth-code-flow; the libraries' requests for version 1.0",
    ),
    operation(
        "POST",
        "/{tenant}/oauth2/v2.0/devicecode",
        "15 minutes, every 5 seconds; the code is entered at the page named, through the control port, or by the world's person",
        "28000, 70011, 500011, 700016, 900144",
        "none of its own",
        "Entra documents: v2-oauth2-device-code; RFC 8628",
    ),
    operation(
        "POST",
        "/{tenant}/oauth2/devicecode",
        "as v2.0, with resource in place of scope; verification_url; numbers in the answer are texts",
        "as v2.0",
        "none of its own",
        "Entra documents: v2-oauth2-device-code; the libraries' requests for version 1.0",
    ),
    operation(
        "GET",
        "/common/oauth2/deviceauth",
        "plain pages for the code of a device, account, second factor and confirmation",
        "on the page: as authorize, 530036",
        "none of its own",
        "Entra documents: v2-oauth2-device-code",
    ),
    operation(
        "GET",
        "/{tenant}/v2.0/adminconsent",
        "client_id, redirect_uri, scope, state; the world's person at the browser, or pages as those of authorize; grants for the whole organisation; scope .default: everything registered, application permissions included",
        "back to the application: permission_denied; on the page: as authorize",
        "none of its own",
        "Entra documents: v2-admin-consent",
    ),
    operation(
        "GET",
        "/{tenant}/adminconsent",
        "as v2.0, without scope: everything registered",
        "as v2.0",
        "none of its own",
        "Entra documents: v2-admin-consent, grant-admin-consent",
    ),
    operation(
        "GET",
        "/{tenant}/oauth2/v2.0/logout",
        "post_logout_redirect_uri, state; the browser forgets the person, tokens stay good",
        "none",
        "none of its own",
        "Entra documents: v2-protocols-oidc",
    ),
    operation(
        "GET",
        "/{tenant}/oauth2/logout",
        "as v2.0",
        "none",
        "none of its own",
        "Entra documents: v2-protocols-oidc",
    ),
    operation(
        "GET",
        "/common/userrealm/{user}",
        "api-version 1.0, and later ones with user in the query; managed domains only",
        "900144",
        "none of its own",
        "MSAL for Python, MSAL.NET: what they read of it",
    ),
    discovery_operation("/{tenant}/v2.0/.well-known/openid-configuration"),
    discovery_operation("/{tenant}/.well-known/openid-configuration"),
    discovery_operation("/{tenant}/discovery/v2.0/keys"),
    discovery_operation("/{tenant}/discovery/keys"),
    discovery_operation("/common/discovery/instance"),
];

const fn discovery_operation(path: &'static str) -> Operation {
    operation(
        "GET",
        path,
        "tenant by id, by verified domain, common, organizations",
        "90002",
        "none of its own",
        "Entra documents: v2-protocols-oidc; answers of the public endpoint",
    )
}

const fn operation(
    method: &'static str,
    path: &'static str,
    shapes: &'static str,
    errors: &'static str,
    throttle: &'static str,
    source: &'static str,
) -> Operation {
    Operation {
        service: "Entra",
        method,
        path,
        application: &[],
        delegated: &[],
        directory_roles: &[],
        shapes,
        errors,
        throttle,
        delay: "none",
        source,
    }
}

/// The endpoint a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `/{tenant}/oauth2/token` and `/{tenant}/oauth2/v2.0/token`.
    Token(Version),
    /// Where a person signs in.
    Authorize(Version),
    /// A pair of codes for a device without a browser.
    DeviceCode(Version),
    /// Where a person types such a code.
    DevicePage,
    /// How the people of a domain sign in.
    UserRealm,
    /// OpenID discovery.
    Discovery(Version),
    /// Signing keys.
    Keys(Version),
    /// `/common/discovery/instance`.
    Instance,
    /// Where an administrator consents for everybody.
    AdminConsent(Version),
    /// Where the browser forgets who signed in.
    Logout,
    /// Known to Entra, not to the emulator.
    Other,
}

/// The generation of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Resources by name: `resource=`.
    V1,
    /// Scopes.
    V2,
}

/// The endpoint and tenant segment of an Entra path; `None` when the path is another service's.
pub(crate) fn endpoint_of(call: &Call) -> Option<(Endpoint, &str)> {
    let (tenant, rest) = call.path.strip_prefix('/')?.split_once('/')?;
    // Entra takes its addresses in any case, and with a slash at the end.
    let rest = rest.trim_end_matches('/').to_ascii_lowercase();
    let segments: Vec<&str> = rest.split('/').collect();
    let endpoint = match segments.as_slice() {
        ["oauth2", "token"] => Endpoint::Token(Version::V1),
        ["oauth2", "v2.0", "token"] => Endpoint::Token(Version::V2),
        ["oauth2", "authorize"] => Endpoint::Authorize(Version::V1),
        ["oauth2", "v2.0", "authorize"] => Endpoint::Authorize(Version::V2),
        ["oauth2", "devicecode"] => Endpoint::DeviceCode(Version::V1),
        ["oauth2", "v2.0", "devicecode"] => Endpoint::DeviceCode(Version::V2),
        ["oauth2", "deviceauth"] => Endpoint::DevicePage,
        ["userrealm"] | ["userrealm", _] => Endpoint::UserRealm,
        [".well-known", "openid-configuration"] => Endpoint::Discovery(Version::V1),
        ["v2.0", ".well-known", "openid-configuration"] => Endpoint::Discovery(Version::V2),
        ["discovery", "keys"] => Endpoint::Keys(Version::V1),
        ["discovery", "v2.0", "keys"] => Endpoint::Keys(Version::V2),
        ["discovery", "instance"] if tenant.eq_ignore_ascii_case("common") => Endpoint::Instance,
        ["adminconsent"] => Endpoint::AdminConsent(Version::V1),
        ["v2.0", "adminconsent"] => Endpoint::AdminConsent(Version::V2),
        ["oauth2", "logout"] | ["oauth2", "v2.0", "logout"] => Endpoint::Logout,
        ["oauth2", ..] | ["userrealm", ..] => Endpoint::Other,
        _ => return None,
    };
    Some((endpoint, tenant))
}

/// What a token request asks for, whatever proves the client: an assertion differs each time. `None` for any
/// other request.
pub(crate) fn asked(call: &Call) -> Option<String> {
    let (Endpoint::Token(_), _) = endpoint_of(call)? else {
        return None;
    };
    Some(token_endpoint::asked(call))
}

/// Answers a request for the sign-in service.
pub(crate) fn answer(emulator: &Emulator, call: &Call) -> Reply {
    let Some((endpoint, tenant)) = endpoint_of(call) else {
        return not_there(call);
    };
    let result = match (endpoint, &call.method) {
        (Endpoint::Token(version), &Method::POST) => token_endpoint::answer(emulator, call, tenant, version),
        (Endpoint::Discovery(version), &Method::GET) => discovery::configuration(emulator, call, tenant, version),
        (Endpoint::Keys(version), &Method::GET) => discovery::keys(emulator, call, tenant, version),
        (Endpoint::Instance, &Method::GET) => Ok(discovery::instance(emulator, call)),
        (Endpoint::Authorize(version), &Method::GET | &Method::POST) => match tenant_of(emulator, tenant) {
            Ok(named) => Ok(authorize::answer(emulator, call, version, named.is_none())),
            Err(refusal) => Ok(page::refusal(application::PAGE_REFUSAL, &refusal)),
        },
        (Endpoint::DeviceCode(version), &Method::POST) => tenant_of(emulator, tenant)
            .and_then(|_| grants::device_code::begin(emulator, call, &Form::of_body(call), version)),
        (Endpoint::DevicePage, &Method::GET | &Method::POST) => Ok(device_page::answer(emulator, call)),
        (Endpoint::AdminConsent(version), &Method::GET | &Method::POST) => match tenant_of(emulator, tenant) {
            Ok(named) => Ok(admin_consent::answer(emulator, call, version, named.is_none())),
            Err(refusal) => Ok(page::refusal(application::PAGE_REFUSAL, &refusal)),
        },
        (Endpoint::Logout, &Method::GET) => Ok(visit::forget(emulator, call)),
        (Endpoint::UserRealm, &Method::GET) => {
            let last = call.path.trim_end_matches('/').rsplit('/').next();
            let user = last.filter(|user| !user.eq_ignore_ascii_case("userrealm"));
            user_realm::answer(emulator, call, user)
        }
        _ => return not_there(call),
    };
    result.unwrap_or_else(|refusal| refusal.reply(emulator, call))
}

/// The tenant a path segment names: its id, or `None` for `common` and `organizations`.
fn tenant_of(emulator: &Emulator, segment: &str) -> Result<Option<String>, Refusal> {
    if segment == "common" || segment == "organizations" {
        return Ok(None);
    }
    emulator.read(|state| {
        if state.tenant.is_called(segment) {
            return Ok(Some(state.tenant.id.clone()));
        }
        let text = format!(
            "Tenant '{segment}' not found. Check to make sure you have the correct tenant ID and are signing \
             into the correct cloud."
        );
        Err(Refusal::new("invalid_request", 90_002, text))
    })
}

/// The application id of the resource that a caller names; the text of Entra's refusal when the tenant has none.
pub(crate) fn resource_of(state: &State, call: &Call, name: &str) -> Result<String, String> {
    scope::resource_app(state, call, name).ok_or_else(|| scope::no_resource(state, name).description())
}

/// The handle of the first tenant that fits; of this one when none does.
fn whose(emulator: &Emulator, fits: impl Fn(&State) -> bool) -> Emulator {
    let mut tenants = emulator.tenants();
    tenants
        .find(|tenant| tenant.read(|state| fits(state)))
        .unwrap_or_else(|| emulator.clone())
}

/// Text that looks like chance and is the same for equal seeds: equal runs of the double are equal. Nobody may trust a
/// double with a secret anyway, its signing key is public.
fn secret_text(seed: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, seed.as_bytes()))
}

/// A JSON answer with the headers that the sign-in service puts on each.
fn answered(call: &Call, request_id: &str, status: StatusCode, body: &Value) -> Reply {
    let mut reply = Reply::json(status, "application/json; charset=utf-8", body)
        .with(header::CACHE_CONTROL, "no-store, no-cache")
        .with(header::PRAGMA, "no-cache")
        .with(HeaderName::from_static("x-ms-request-id"), request_id);
    if call.header("return-client-request-id") == Some("true")
        && let Some(id) = call.header("client-request-id")
    {
        reply = reply.with(HeaderName::from_static("client-request-id"), id);
    }
    reply
}

#[cfg(test)]
mod tests;
