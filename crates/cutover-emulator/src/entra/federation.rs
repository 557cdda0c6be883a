//! Workload identity federation: the token of an issuer elsewhere stands for an application that trusts it.
//!
//! Entra fetches the keys of the issuer; the double serves none of the world's issuers but signs for each of them, with
//! one key that is public on purpose (`keys/README.md`). Who drives a test asks the control port for such tokens.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::Refusal;
use crate::emulator::Emulator;
use crate::state::Client;

/// PKCS#1 private key, DER, of every test issuer.
const PRIVATE: &[u8] = include_bytes!("../../keys/federation-private.der");
/// PKCS#1 public key, DER.
const PUBLIC: &[u8] = include_bytes!("../../keys/federation-public.der");
/// `kid` of the key.
const KEY_ID: &str = "emulated-federation";
/// The audience that Microsoft's documents recommend.
pub(crate) const AUDIENCE: &str = "api://AzureADTokenExchange";
/// Entra accepts assertions whose times are up to five minutes off.
const LEEWAY: i64 = 300;

/// The claims of such a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Value,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
}

/// A token of the test issuer `issuer` for `subject` and `audience`, good for as many `seconds` from now on; negative
/// ones make it end in the past. `None` when it cannot be signed.
pub(crate) fn issue(emulator: &Emulator, issuer: &str, subject: &str, audience: &str, seconds: i64) -> Option<String> {
    let now = emulator.clock().now().as_second();
    let claims = Claims {
        iss: issuer.to_owned(),
        sub: subject.to_owned(),
        aud: json!(audience),
        exp: now.saturating_add(seconds),
        nbf: Some(now.min(now.saturating_add(seconds))),
        iat: Some(now),
    };
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY_ID.to_owned());
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_rsa_der(PRIVATE)).ok()
}

/// Whether an assertion comes from an issuer elsewhere: its own certificates an application names by thumbprint, and
/// issuers are addresses.
pub(super) fn is_foreign(assertion: &str) -> bool {
    let Ok(header) = jsonwebtoken::decode_header(assertion) else {
        return false;
    };
    header.x5t.is_none()
        && header.x5t_s256.is_none()
        && claims(assertion).is_some_and(|claims| claims.iss.starts_with("https://"))
}

fn claims(assertion: &str) -> Option<Claims> {
    jsonwebtoken::dangerous::insecure_decode::<Claims>(assertion)
        .ok()
        .map(|data| data.claims)
}

/// Checks that the issuer, subject and audience of `assertion` are what one credential of `client` says, letter by
/// letter (Entra documents: workload-identity-federation-considerations, reference-breaking-changes), and that the
/// issuer signed it. The order in which Entra compares is assumed.
pub(super) fn verify(emulator: &Emulator, client: &Client, assertion: &str) -> Result<(), Refusal> {
    let malformed = || Refusal::of_client(50_027, "JWT token is invalid or malformed.");
    let claims = claims(assertion).ok_or_else(malformed)?;
    let none = |code, what: &str, value: &str| {
        let text = format!(
            "No matching federated identity record found for presented assertion {what} '{value}'. Check your \
             federated identity credential Subject, Audience and Issuer against the presented assertion."
        );
        Err(Refusal::of_client(code, text))
    };
    let mut fitting: Vec<_> = client.federated.iter().filter(|it| it.issuer == claims.iss).collect();
    if fitting.is_empty() {
        return none(700_211, "issuer", &claims.iss);
    }
    fitting.retain(|credential| credential.subject == claims.sub);
    if fitting.is_empty() {
        return none(700_213, "subject", &claims.sub);
    }
    let audiences: Vec<&str> = match &claims.aud {
        Value::String(audience) => vec![audience],
        Value::Array(listed) => listed.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let meant = |audience: &&str| {
        fitting
            .iter()
            .any(|it| it.audiences.iter().any(|known| known == audience))
    };
    if !audiences.iter().any(meant) {
        return none(700_212, "audience", &audiences.join(" "));
    }
    let (message, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
    let key = DecodingKey::from_rsa_der(PUBLIC);
    if !jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::RS256).unwrap_or(false) {
        let text = "Client assertion failed signature validation. [Reason - The key was not found.]";
        return Err(Refusal::of_client(700_027, text));
    }
    let now = emulator.clock().now().as_second();
    let begins = claims.nbf.unwrap_or(now);
    if claims.exp.saturating_add(LEEWAY) <= now || begins.saturating_sub(LEEWAY) > now {
        let text = "Client assertion is not within its valid time range.";
        return Err(Refusal::of_client(700_024, text));
    }
    Ok(())
}
