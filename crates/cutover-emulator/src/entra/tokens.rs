//! Access tokens: what they say, how they are signed and how a resource checks them.
//!
//! Microsoft's own resources (Graph, Dataverse) get version 1.0 access tokens, whichever endpoint was asked;
//! claims follow Entra's access token claims reference.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::emulator::{Emulator, service_of};
use crate::exchange::{Call, host_of, is_loopback};

use super::keys;

/// A version 1.0 access token's claims, as far as resources and clients look at them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) appid: String,
    /// `0` public client, `1` secret, `2` certificate.
    pub(crate) appidacr: String,
    pub(crate) idp: String,
    /// `app` for an app-only token, `user` for a user's.
    pub(crate) idtyp: String,
    pub(crate) oid: String,
    pub(crate) sub: String,
    pub(crate) tid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) upn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unique_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// `CP1` when the client said that it can handle claims challenges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) xms_cc: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) amr: Vec<String>,
    /// Absent, not empty, when no application permission is granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scp: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) wids: Vec<String>,
    pub(crate) uti: String,
    pub(crate) ver: String,
    /// The double's own: what the client asked to be in the token, beside what it can handle. Entra's tokens show by
    /// other claims that a challenge was answered; no document says by which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) emulator_claims: Option<serde_json::Value>,
}

/// Why a resource did not accept a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenRefusal {
    /// No `Authorization: Bearer …` header.
    #[error("access token is missing")]
    Missing,
    /// Not a JWT, or one without the claims of an access token.
    #[error("access token cannot be read")]
    Malformed,
    /// Signed by somebody else.
    #[error("access token has an invalid signature")]
    Signature,
    /// `exp` has passed.
    #[error("access token has expired")]
    Expired,
    /// `nbf` lies ahead.
    #[error("access token is not valid yet")]
    NotYetValid,
    /// `aud` names another resource.
    #[error("access token is for another audience")]
    Audience,
    /// `tid` or `iss` names another tenant.
    #[error("access token is of another tenant")]
    Tenant,
}

/// The bearer token of a request.
fn bearer(call: &Call) -> Option<&str> {
    call.header("authorization")
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| !token.is_empty())
}

/// The tenant that the bearer token of `call` says it is of, unverified: it only says in which tenant the token is to
/// be checked.
pub(crate) fn claimed_tenant(call: &Call) -> Option<String> {
    #[derive(Deserialize)]
    struct Claimed {
        tid: String,
    }
    let claims = URL_SAFE_NO_PAD.decode(bearer(call)?.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Claimed>(&claims).ok()?.tid)
}

/// Checks the bearer token of `call` for a resource known by any of `audiences` (a slash at the end and case
/// do not matter). Services turn the refusal into their own error body.
pub(crate) fn verify(emulator: &Emulator, call: &Call, audiences: &[&str]) -> Result<Caller, TokenRefusal> {
    let token = bearer(call).ok_or(TokenRefusal::Missing)?;
    if emulator.faults().expires_token(service_of(call), call) {
        return Err(TokenRefusal::Expired);
    }
    let claims = if is_loopback(host_of(&call.origin)) {
        // Good for whatever is called by the address that it was asked for.
        let audiences: Vec<&str> = audiences.iter().copied().chain([call.origin.as_str()]).collect();
        open(emulator, token, &audiences)?
    } else {
        open(emulator, token, audiences)?
    };
    Ok(Caller {
        tenant_id: claims.tid,
        app_id: claims.appid,
        object_id: claims.oid,
        upn: claims.upn,
        scopes: claims
            .scp
            .iter()
            .flat_map(|scopes| scopes.split_ascii_whitespace())
            .map(str::to_owned)
            .collect(),
        roles: claims.roles,
        wids: claims.wids,
        amr: claims.amr,
    })
}

/// The claims of an access token for a resource known by any of `audiences`, which are the names of the worldwide cloud.
pub(crate) fn open(emulator: &Emulator, token: &str, audiences: &[&str]) -> Result<Claims, TokenRefusal> {
    let mut validation = Validation::new(Algorithm::RS256);
    // Time is the emulator's, and each refusal has a name of its own, so the claims are judged below.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_rsa_der(keys::PUBLIC);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::InvalidSignature | jsonwebtoken::errors::ErrorKind::InvalidAlgorithm => {
                TokenRefusal::Signature
            }
            _ => TokenRefusal::Malformed,
        })?
        .claims;
    let now = emulator.clock().now().as_second();
    let (tenant_id, cloud) = emulator.read(|state| (state.tenant.id.clone(), state.tenant.cloud));
    if claims.exp <= now {
        return Err(TokenRefusal::Expired);
    }
    if claims.nbf > now {
        return Err(TokenRefusal::NotYetValid);
    }
    if !claims.tid.eq_ignore_ascii_case(&tenant_id) || claims.iss != issuer(&tenant_id) {
        return Err(TokenRefusal::Tenant);
    }
    let audience = claims.aud.trim_end_matches('/');
    if !audiences.iter().any(|known| {
        cloud
            .address(known.trim_end_matches('/'))
            .eq_ignore_ascii_case(audience)
    }) {
        return Err(TokenRefusal::Audience);
    }
    Ok(claims)
}

/// What a token is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Grant<'a> {
    /// Application id of the client.
    pub(crate) app_id: &'a str,
    /// How the client proved itself: `appidacr`.
    pub(crate) proof: &'static str,
    /// The resource as the client named it: becomes `aud`.
    pub(crate) audience: &'a str,
    /// Who the token speaks for.
    pub(crate) subject: Subject<'a>,
    /// The id of the token, `uti`.
    pub(crate) id: &'a str,
    /// How long it lasts.
    pub(crate) lifetime: SignedDuration,
    /// What the client says it can handle: `xms_cc`.
    pub(crate) capabilities: Vec<String>,
    /// What else the client asks to be in the token: the answer to a claims challenge.
    pub(crate) claims: Option<serde_json::Value>,
}

/// Whom a token speaks for.
#[derive(Debug, Clone)]
pub(crate) enum Subject<'a> {
    /// The application itself, with its application permissions for the resource.
    Application {
        /// Object id of the service principal.
        object_id: &'a str,
        /// The `roles` claim.
        roles: Vec<String>,
    },
    /// A signed-in person.
    User {
        /// Object id of the user.
        object_id: &'a str,
        /// User principal name.
        upn: &'a str,
        /// Display name.
        name: &'a str,
        /// Delegated permissions, blank-separated.
        scopes: &'a str,
        /// `amr`: how the person proved who they are.
        amr: Vec<String>,
        /// `wids`: active directory roles.
        wids: Vec<String>,
    },
}

/// The `iss` of version 1.0 tokens.
pub(crate) fn issuer(tenant_id: &str) -> String {
    format!("https://sts.windows.net/{tenant_id}/")
}

/// Signs an access token that begins at `now`.
pub(crate) fn issue(tenant_id: &str, now: Timestamp, grant: Grant<'_>) -> Result<String, jsonwebtoken::errors::Error> {
    let issuer = issuer(tenant_id);
    let begins = now.as_second();
    let mut claims = Claims {
        aud: grant.audience.to_owned(),
        idp: issuer.clone(),
        iss: issuer,
        iat: begins,
        nbf: begins,
        exp: begins.saturating_add(grant.lifetime.as_secs()),
        appid: grant.app_id.to_owned(),
        appidacr: grant.proof.to_owned(),
        idtyp: String::new(),
        oid: String::new(),
        sub: String::new(),
        tid: tenant_id.to_owned(),
        upn: None,
        unique_name: None,
        name: None,
        xms_cc: grant.capabilities,
        amr: Vec::new(),
        roles: Vec::new(),
        scp: None,
        wids: Vec::new(),
        uti: grant.id.to_owned(),
        ver: "1.0".to_owned(),
        emulator_claims: grant.claims,
    };
    match grant.subject {
        Subject::Application { object_id, roles } => {
            claims.idtyp = "app".to_owned();
            claims.oid = object_id.to_owned();
            claims.sub = object_id.to_owned();
            claims.roles = roles;
            // Entra puts the id of the "guest-like" default role on app-only tokens.
            claims.wids = vec!["0997a1d0-0d1d-4acb-b408-d5ca73121e90".to_owned()];
        }
        Subject::User {
            object_id,
            upn,
            name,
            scopes,
            amr,
            wids,
        } => {
            claims.idtyp = "user".to_owned();
            claims.oid = object_id.to_owned();
            claims.sub = object_id.to_owned();
            claims.upn = Some(upn.to_owned());
            claims.unique_name = Some(upn.to_owned());
            claims.name = Some(name.to_owned());
            claims.amr = amr;
            claims.scp = Some(scopes.to_owned());
            claims.wids = wids;
        }
    }
    sign(&claims)
}

/// An id token: who signed in, for the application itself.
pub(crate) fn issue_id(claims: &serde_json::Value) -> Result<String, jsonwebtoken::errors::Error> {
    sign(claims)
}

fn sign(claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
    let mut header = Header::new(Algorithm::RS256);
    let thumbprint = keys::thumbprint();
    header.x5t = Some(thumbprint.clone());
    header.kid = Some(thumbprint);
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_rsa_der(keys::PRIVATE))
}

/// Tokens for the tests of the services.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// An app-only token for `audience` with `roles`.
    pub(crate) fn application(
        emulator: &Emulator,
        app_id: &str,
        object_id: &str,
        audience: &str,
        roles: &[&str],
    ) -> String {
        let subject = Subject::Application {
            object_id,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        };
        sign(emulator, app_id, audience, subject)
    }

    /// A person's token for `audience` with blank-separated `scopes`.
    pub(crate) fn user(emulator: &Emulator, object_id: &str, upn: &str, audience: &str, scopes: &str) -> String {
        user_in_roles(emulator, (object_id, upn), audience, scopes, &[])
    }

    /// As [`user`], for a person with these directory roles.
    pub(crate) fn user_in_roles(
        emulator: &Emulator,
        who: (&str, &str),
        audience: &str,
        scopes: &str,
        roles: &[&str],
    ) -> String {
        person(emulator, who, audience, scopes, (&["pwd", "mfa"], roles))
    }

    /// As [`user`], for a person who signed in in these ways (`amr`).
    pub(crate) fn user_signed_in(
        emulator: &Emulator,
        who: (&str, &str),
        audience: &str,
        scopes: &str,
        ways: &[&str],
    ) -> String {
        person(emulator, who, audience, scopes, (ways, &[]))
    }

    fn person(
        emulator: &Emulator,
        (object_id, upn): (&str, &str),
        audience: &str,
        scopes: &str,
        (ways, roles): (&[&str], &[&str]),
    ) -> String {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let subject = Subject::User {
            object_id,
            upn,
            name: upn,
            scopes,
            amr: texts(ways),
            wids: texts(roles),
        };
        sign(emulator, "04b07795-8ddb-461a-bbee-02f9e1bf7b46", audience, subject)
    }

    fn sign(emulator: &Emulator, app_id: &str, audience: &str, subject: Subject<'_>) -> String {
        let tenant_id = emulator.read(|state| state.tenant.id.clone());
        let grant = Grant {
            app_id,
            proof: "1",
            audience,
            subject,
            id: "test",
            lifetime: SignedDuration::from_mins(60),
            capabilities: Vec::new(),
            claims: None,
        };
        issue(&tenant_id, emulator.clock().now(), grant).unwrap()
    }
}
