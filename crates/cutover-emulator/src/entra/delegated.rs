//! Tokens for a person: what every way of signing in ends with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::application::Application;
use super::error::Refusal;
use super::form::{ClaimsRequest, Form};
use super::person::{self, Person, Way};
use super::scope::{Wanted, consented};
use super::{Version, answered, secret_text, token_endpoint, tokens};
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};
use crate::state::{RefreshToken, State};

/// How long a refresh token lasts when it is not used (Entra documents: refresh-tokens).
const REFRESH_LASTS: SignedDuration = SignedDuration::from_hours(24 * 90);

/// A sign-in that was granted.
pub(super) struct Granted<'a> {
    pub(super) app: &'a Application,
    /// `appidacr`.
    pub(super) proof: &'static str,
    pub(super) person: Person,
    pub(super) wanted: Wanted,
    /// All the person consented to at the resource.
    pub(super) consented: Vec<String>,
    /// What the id token has to repeat.
    pub(super) nonce: Option<String>,
    /// Whether a refresh token goes with it even if nobody asks for one again.
    pub(super) keeps_refreshing: bool,
    /// Whether the sign-in began on a device without a browser.
    pub(super) device_code: bool,
    /// When the person signed in, where that was earlier.
    pub(super) signed_in: Option<Timestamp>,
    /// What the access token has to say beside.
    pub(super) claims: ClaimsRequest,
}

impl<'a> Granted<'a> {
    /// What a person who is let in this way gets by an application.
    pub(super) fn admitted(
        state: &State,
        app: &'a Application,
        proof: &'static str,
        person: Person,
        wanted: Wanted,
        (way, now): (Way, Timestamp),
        form: &Form,
    ) -> Result<Self, Refusal> {
        person.admit(state, app, &wanted.resource, way, now)?;
        let consented = consented(state, app, &person.id, &wanted.resource);
        Ok(Self {
            app,
            proof,
            person,
            wanted,
            consented,
            nonce: None,
            keeps_refreshing: false,
            device_code: way == Way::DeviceCode,
            signed_in: None,
            claims: form.claims(),
        })
    }
}

/// Access token, id token and refresh token in one answer.
pub(super) fn answer(
    emulator: &Emulator,
    call: &Call,
    form: &Form,
    version: Version,
    granted: Granted<'_>,
) -> Result<Reply, Refusal> {
    let Granted {
        app, person, wanted, ..
    } = &granted;
    let scopes = wanted.granted(app, &granted.consented)?;
    let now = emulator.clock().now();
    let (tenant, wids) = emulator.read(|state| (state.tenant.id.clone(), person::roles(state, &person.id, now)));
    let request_id = emulator.request_id(call);
    let lifetime = emulator
        .faults()
        .token_lifetime(call)
        .unwrap_or_else(|| token_endpoint::usual_lifetime(&request_id));
    let id = URL_SAFE_NO_PAD.encode(Uuid::parse_str(&request_id).unwrap_or_default());
    let unsigned = |_| Refusal::new("server_error", 90_033, "The token could not be signed.");
    let token = tokens::issue(
        &tenant,
        now,
        tokens::Grant {
            app_id: &app.app_id,
            proof: granted.proof,
            audience: &wanted.audience,
            subject: tokens::Subject::User {
                object_id: &person.id,
                upn: &person.upn,
                name: &person.name,
                scopes: &scopes.join(" "),
                amr: person.methods(),
                wids,
            },
            id: &id,
            lifetime,
            capabilities: granted.claims.capabilities.clone(),
            claims: granted.claims.others.clone(),
        },
    )
    .map_err(unsigned)?;
    let lasts = lifetime.as_secs().saturating_sub(1).max(0);
    let mut body = match version {
        Version::V1 => json!({
            "token_type": "Bearer", "scope": scopes.join(" "), "expires_in": lasts.to_string(),
            "ext_expires_in": lasts.to_string(), "resource": wanted.audience,
            "expires_on": now.as_second().saturating_add(lifetime.as_secs()).to_string(),
            "not_before": now.as_second().to_string(), "access_token": token,
        }),
        Version::V2 => json!({
            "token_type": "Bearer", "scope": wanted.told(&scopes), "expires_in": lasts, "ext_expires_in": lasts,
            "access_token": token,
        }),
    };
    if wanted.offline() || granted.keeps_refreshing {
        body["refresh_token"] = refresh_token(emulator, &request_id, &granted).into();
    }
    if wanted.open_id.iter().any(|word| word == "openid") {
        let issuer = match version {
            Version::V1 => tokens::issuer(&tenant),
            Version::V2 => format!("{}/{tenant}/v2.0", call.origin),
        };
        let begins = now.as_second();
        let mut claims = json!({
            "aud": app.app_id, "iss": issuer, "iat": begins, "nbf": begins,
            "exp": begins.saturating_add(lifetime.as_secs()), "name": person.name, "oid": person.id,
            "preferred_username": person.upn, "upn": person.upn, "tid": tenant, "uti": id,
            // Pairwise: another application sees another subject.
            "sub": secret_text(&format!("{}/{}", app.app_id, person.id)),
            "amr": person.methods(), "ver": if version == Version::V1 { "1.0" } else { "2.0" },
        });
        if let Some(nonce) = &granted.nonce {
            claims["nonce"] = nonce.as_str().into();
        }
        body["id_token"] = tokens::issue_id(&claims).map_err(unsigned)?.into();
    }
    if form.get("client_info") == Some("1") {
        body["client_info"] = client_info(person, &tenant).into();
    }
    Ok(answered(call, &request_id, StatusCode::OK, &body))
}

/// Who signed in, as Microsoft's client libraries key their caches.
pub(super) fn client_info(person: &Person, tenant: &str) -> String {
    URL_SAFE_NO_PAD.encode(json!({"uid": person.id, "utid": tenant}).to_string())
}

/// A new refresh token. The one it was had for stays good: Entra does not revoke it (Entra documents: refresh-tokens).
fn refresh_token(emulator: &Emulator, request_id: &str, granted: &Granted<'_>) -> String {
    let value = format!("0.A{}", secret_text(&format!("refresh {request_id}")));
    let expires = emulator.clock().now().checked_add(REFRESH_LASTS).ok();
    let token = RefreshToken {
        value: value.clone(),
        app_id: granted.app.app_id.clone(),
        user_id: granted.person.id.clone(),
        mfa: granted.person.mfa,
        scopes_consented: [(granted.wanted.resource.clone(), granted.consented.join(" "))].into(),
        expires,
        revoked: false,
        device_code: granted.device_code,
        signed_in: granted.signed_in.or(Some(emulator.clock().now())),
    };
    let now = emulator.clock().now();
    emulator.write(|state| {
        // What expired long ago reads as unknown; a double that stands for long must not grow.
        state.refresh_tokens.retain(|token| {
            let ended = token.expires.map(|at| now.duration_since(at) > REFRESH_LASTS);
            ended != Some(true)
        });
        state.refresh_tokens.push(token);
    });
    value
}
