//! The signature of a bundle: an in-toto statement about its files in a DSSE envelope, by Ed25519.
//!
//! Sources: github.com/in-toto/attestation (spec/v1/statement.md), github.com/secure-systems-lab/dsse (envelope.md,
//! protocol.md), RFC 8410 for keys. Other verifiers of these forms can check it too.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::fault::Fault;
use super::manifest::{Listed, sha256};

/// Name of the file in the bundle.
pub(super) const ENVELOPE: &str = "manifest.dsse.json";

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://github.com/cutover/cutover/evidence-bundle/v1";

/// What stands before the 32 bytes of an Ed25519 public key in its DER form (RFC 8410, section 4).
const PUBLIC_KEY_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Why a text is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a private key in the form that is asked for.
    #[error(
        "is no private key as PKCS#8 PEM (`-----BEGIN PRIVATE KEY-----`): openssl genpkey -algorithm ed25519 makes one"
    )]
    NotPrivate,
    /// Not a public key in the form that is asked for.
    #[error("is no public key as PEM (`-----BEGIN PUBLIC KEY-----`): openssl pkey -pubout makes it of the private one")]
    NotPublic,
    /// A key of another algorithm.
    #[error("is a key of another algorithm than Ed25519")]
    OtherAlgorithm,
}

/// A private key. It is never shown.
pub struct SigningKey(Ed25519KeyPair);

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({})", self.public().id())
    }
}

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PublicKey({})", self.id())
    }
}

impl SigningKey {
    /// Reads a private key.
    ///
    /// # Errors
    /// When the text is no PKCS#8 PEM of an Ed25519 key.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let key = PrivatePkcs8KeyDer::from_pem_slice(text).map_err(|_| KeyError::NotPrivate)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der());
        pair.map(Self).map_err(|_| KeyError::OtherAlgorithm)
    }

    /// The public key that belongs to it.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().zip(self.0.public_key().as_ref()) {
            *place = *byte;
        }
        PublicKey(bytes)
    }
}

impl PublicKey {
    /// Reads a public key.
    ///
    /// # Errors
    /// When the text is no PEM of an Ed25519 public key.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let key = SubjectPublicKeyInfoDer::from_pem_slice(text).map_err(|_| KeyError::NotPublic)?;
        let bytes = key.as_ref().strip_prefix(&PUBLIC_KEY_HEAD);
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(KeyError::OtherAlgorithm)
    }

    /// Names it: SHA-256 of its DER form.
    pub fn id(&self) -> String {
        let der: Vec<u8> = PUBLIC_KEY_HEAD.iter().chain(&self.0).copied().collect();
        format!("sha256:{}", sha256(&der))
    }
}

/// A DSSE envelope.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    #[serde(rename = "payloadType")]
    payload_type: String,
    payload: String,
    signatures: Vec<Signature>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

impl Envelope {
    fn text(&self) -> String {
        // It holds strings only, which always become JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// What is signed: the payload and its type, so that it cannot be taken for one of another kind.
fn pre_authentication(payload: &[u8]) -> Vec<u8> {
    let mut out = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len()).into_bytes();
    out.extend_from_slice(payload);
    out
}

/// What is said about a bundle: each file with its digest, the manifest first.
fn statement(manifest: &[u8], files: &[Listed]) -> Vec<u8> {
    let subject = |name: &str, digest: &str| json!({"name": name, "digest": {"sha256": digest}});
    let mut subjects = vec![subject(super::manifest::NAME, &sha256(manifest))];
    subjects.extend(files.iter().map(|file| subject(&file.name, &file.sha256)));
    let statement = json!({
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": PREDICATE,
        "predicate": {},
    });
    statement.to_string().into_bytes()
}

/// The envelope over a manifest.
pub(super) fn sign(key: &SigningKey, manifest: &[u8], files: &[Listed]) -> String {
    let payload = statement(manifest, files);
    let signature = key.0.sign(&pre_authentication(&payload));
    let envelope = Envelope {
        payload_type: PAYLOAD_TYPE.to_owned(),
        payload: STANDARD.encode(&payload),
        signatures: vec![Signature {
            keyid: key.public().id(),
            sig: STANDARD.encode(signature.as_ref()),
        }],
    };
    envelope.text()
}

/// What a bundle says about its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// Nobody signed it.
    No,
    /// Somebody did, and no key was given to check it with.
    Unchecked {
        /// The keys that it names.
        keys: String,
    },
    /// It was signed with the key that was given.
    By {
        /// The key.
        key: String,
    },
}

/// Compares an envelope with the manifest and, when one is given, with a key.
pub(super) fn verify(
    envelope: &[u8],
    manifest: &[u8],
    files: &[Listed],
    key: Option<&PublicKey>,
) -> (Option<Signed>, Vec<Fault>) {
    let unreadable = |what: &str| {
        let what = what.to_owned();
        (None, vec![Fault::Envelope { what }])
    };
    let Ok(parsed) = serde_json::from_slice::<Envelope>(envelope) else {
        return unreadable("it is no DSSE envelope");
    };
    if parsed.text().as_bytes() != envelope {
        return unreadable("it is not written as cutover writes it");
    }
    if parsed.payload_type != PAYLOAD_TYPE {
        return unreadable("it is of another kind");
    }
    let Ok(payload) = STANDARD.decode(&parsed.payload) else {
        return unreadable("what it signs is not Base64");
    };
    let mut faults = Vec::new();
    if payload != statement(manifest, files) {
        faults.push(Fault::OtherManifest);
    }
    let found: Vec<&str> = parsed.signatures.iter().map(|one| one.keyid.as_str()).collect();
    let found = found.join(", ");
    let Some(key) = key else {
        return (Some(Signed::Unchecked { keys: found }), faults);
    };
    let id = key.id();
    let signed = pre_authentication(&payload);
    let public = UnparsedPublicKey::new(&ED25519, key.0);
    let is_good = |one: &Signature| {
        let signature = STANDARD.decode(&one.sig).unwrap_or_default();
        one.keyid == id && public.verify(&signed, &signature).is_ok()
    };
    if parsed.signatures.iter().all(|one| one.keyid != id) {
        faults.push(Fault::OtherKey { found, given: id });
        return (None, faults);
    }
    if !parsed.signatures.iter().any(is_good) {
        faults.push(Fault::Signature { key: id });
        return (None, faults);
    }
    (Some(Signed::By { key: id }), faults)
}
