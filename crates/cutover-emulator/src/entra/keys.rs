//! The issuer's key. It is public on purpose, see `keys/README.md`: nobody may trust this issuer.

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// PKCS#1 private key, DER.
pub(crate) const PRIVATE: &[u8] = include_bytes!("../../keys/issuer-private.der");
/// PKCS#1 public key, DER.
pub(crate) const PUBLIC: &[u8] = include_bytes!("../../keys/issuer-public.der");
/// The self-signed certificate around it, DER.
const CERTIFICATE: &[u8] = include_bytes!("../../keys/issuer-certificate.der");

/// `kid` and `x5t` of the key: SHA-1 of its certificate, as Entra names keys.
pub(crate) fn thumbprint() -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, CERTIFICATE))
}

/// The JSON Web Key Set; `issuer` is what version 2.0 keys carry.
pub(crate) fn key_set(issuer: &str) -> Value {
    // RSAPublicKey of 2048 bits: nine bytes of header, the modulus, five bytes of header and exponent.
    let modulus = PUBLIC.get(9..265).unwrap_or_default();
    json!({"keys": [{
        "kty": "RSA",
        "use": "sig",
        "kid": thumbprint(),
        "x5t": thumbprint(),
        "n": URL_SAFE_NO_PAD.encode(modulus),
        "e": "AQAB",
        "x5c": [STANDARD.encode(CERTIFICATE)],
        "cloud_instance_name": "microsoftonline.com",
        "issuer": issuer,
    }]})
}
