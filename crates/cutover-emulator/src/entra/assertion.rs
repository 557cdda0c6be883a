//! Client assertions: a JWT signed with a certificate that the application has registered.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde::Deserialize;
use serde_json::Number;

use super::error::Refusal;
use crate::emulator::Emulator;
use crate::exchange::Call;
use crate::state::Client;

/// The `client_assertion_type` of RFC 7523.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Entra accepts assertions whose times are up to five minutes off.
const LEEWAY: i64 = 300;

#[derive(Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    sub: String,
    exp: Number,
    #[serde(default)]
    nbf: Option<Number>,
    #[serde(default)]
    iat: Option<Number>,
    #[serde(default)]
    jti: Option<String>,
}

/// The whole second of a point in time as RFC 7519 writes it: a number that may have a fraction. `None` when it
/// lies outside the years that a time can name.
fn numeric_date(number: &Number) -> Option<i64> {
    let range = jiff::Timestamp::MIN.as_second()..=jiff::Timestamp::MAX.as_second();
    let seconds = number.as_i64().or_else(|| {
        // Doubles hold each second of that range, and the cast of what lies beyond ends at the widest integer.
        #[allow(clippy::cast_possible_truncation)]
        number.as_f64().map(|seconds| seconds.floor() as i64)
    })?;
    range.contains(&seconds).then_some(seconds)
}

/// Checks that `assertion` comes from `client` and is meant for this request.
pub(super) fn verify(
    emulator: &Emulator,
    call: &Call,
    tenants: &[&str],
    client: &Client,
    assertion: &str,
) -> Result<(), Refusal> {
    let malformed = || Refusal::of_client(50_027, "JWT token is invalid or malformed.");
    let header = jsonwebtoken::decode_header(assertion).map_err(|_| malformed())?;
    let algorithm = match header.alg {
        algorithm @ (Algorithm::PS256 | Algorithm::RS256) => algorithm,
        _ => return Err(malformed()),
    };
    let certificate = registered(client, header.x5t_s256.as_deref(), header.x5t.as_deref()).ok_or_else(|| {
        unsigned(
            "The certificate with identifier used to sign the client assertion is not registered on \
                      application. [Reason - The key was not found.]",
        )
    })?;
    let (message, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
    let key = DecodingKey::from_rsa_pem(certificate.as_bytes())
        .map_err(|_| unsigned("The registered certificate has no usable RSA key."))?;
    let signed = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, algorithm);
    if !signed.unwrap_or(false) {
        let text = "Client assertion failed signature validation. [Reason - The key used is incorrect.]";
        return Err(unsigned(text));
    }
    let claims: Claims = message
        .split_once('.')
        .and_then(|(_, claims)| URL_SAFE_NO_PAD.decode(claims).ok())
        .and_then(|claims| serde_json::from_slice(&claims).ok())
        .ok_or_else(malformed)?;
    if !(claims.iss.eq_ignore_ascii_case(&client.app_id) && claims.sub.eq_ignore_ascii_case(&client.app_id)) {
        let text = "Client assertion application identifier doesn't match 'client_id' parameter.";
        return Err(Refusal::of_client(700_021, text));
    }
    if !audience_fits(call, tenants, &claims.aud) {
        let text = "Client assertion audience claim does not match Realm issuer.";
        return Err(Refusal::of_client(700_023, text));
    }
    let date = |number: &Number| numeric_date(number).ok_or_else(malformed);
    let now = emulator.clock().now().as_second();
    let ends = date(&claims.exp)?;
    let begins = claims.nbf.as_ref().map(date).transpose()?.unwrap_or(now);
    claims.iat.as_ref().map(date).transpose()?;
    if ends.saturating_add(LEEWAY) <= now || begins.saturating_sub(LEEWAY) > now {
        let text = "Client assertion is not within its valid time range.";
        return Err(Refusal::of_client(700_024, text));
    }
    // `jti` is among the documented claims; that an assertion without it is refused is assumed. No document says
    // that one is refused when it comes a second time, and Microsoft's own libraries send one again.
    claims.jti.map(|_| ()).ok_or_else(malformed)
}

fn unsigned(text: &str) -> Refusal {
    Refusal::of_client(700_027, text)
}

/// The registered certificate (PEM) with this SHA-256 or, for older clients, SHA-1 thumbprint.
fn registered<'c>(client: &'c Client, sha256: Option<&str>, sha1: Option<&str>) -> Option<&'c str> {
    let fits = |der: &[u8], algorithm, wanted: Option<&str>| {
        wanted.is_some_and(|wanted| {
            URL_SAFE_NO_PAD.encode(digest::digest(algorithm, der)) == wanted.trim_end_matches('=')
        })
    };
    client.certificates.iter().map(String::as_str).find(|pem| {
        CertificateDer::from_pem_slice(pem.as_bytes())
            .is_ok_and(|der| fits(&der, &digest::SHA256, sha256) || fits(&der, &digest::SHA1_FOR_LEGACY_USE_ONLY, sha1))
    })
}

/// The audience is the token endpoint, of either generation, or the tenant's issuer.
fn audience_fits(call: &Call, tenants: &[&str], audience: &str) -> bool {
    let audience = audience.trim_end_matches('/');
    [call.origin.as_str(), "https://login.microsoftonline.com"]
        .iter()
        .flat_map(|origin| tenants.iter().map(move |tenant| format!("{origin}/{tenant}")))
        .any(|base| {
            ["/oauth2/v2.0/token", "/oauth2/token", "/v2.0", ""]
                .iter()
                .any(|end| audience.eq_ignore_ascii_case(&format!("{base}{end}")))
        })
}
