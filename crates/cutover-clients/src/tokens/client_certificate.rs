//! An application that signs in with a certificate.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::future::BoxFuture;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use p12_keystore::KeyStore;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::endpoint::token_endpoint;
use super::oauth::client_credentials;
use super::proof::Proof;
use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// How long an assertion is valid, seconds: the upper end of what Microsoft advises, for clocks that differ.
const ASSERTION_LIFETIME: i64 = 600;

/// Client credentials with a certificate: each request carries an assertion signed with PS256 that names the
/// certificate by its SHA-256 thumbprint (Entra documentation, certificate credentials).
#[derive(Debug)]
pub struct ClientCertificate {
    client_id: Uuid,
    proof: Proof,
}

/// A certificate's key, and what names the certificate.
pub(super) struct SigningKey {
    client_id: Uuid,
    thumbprint: String,
    key: EncodingKey,
}

/// Why a file cannot serve as certificate credential.
#[derive(Debug, thiserror::Error)]
pub enum InvalidCertificate {
    /// It holds no certificate.
    #[error("no certificate in it (a block BEGIN CERTIFICATE is needed)")]
    NoCertificate,
    /// It holds no private key, or an encrypted one.
    #[error("no unencrypted private key in it (a block BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY is needed)")]
    NoKey,
    /// The key is not RSA, which is what Entra takes here.
    #[error("its private key is not a usable RSA key")]
    NotRsa,
    /// It is no PKCS#12 file, is damaged, or has another password.
    #[error("it is not a PKCS#12 file that this password opens")]
    NotOpened,
}

impl ClientCertificate {
    /// Reads a PEM text that holds the certificate and its unencrypted RSA private key, in any order.
    pub fn from_pem(client_id: Uuid, pem: &SecretSlice<u8>) -> Result<Self, InvalidCertificate> {
        let pem = pem.expose_secret();
        let certificate = CertificateDer::from_pem_slice(pem).map_err(|_| InvalidCertificate::NoCertificate)?;
        let key = Zeroizing::new(PrivateKeyDer::from_pem_slice(pem).map_err(|_| InvalidCertificate::NoKey)?);
        let pair = match &*key {
            PrivateKeyDer::Pkcs8(der) => aws_lc_rs::rsa::KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => aws_lc_rs::rsa::KeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(InvalidCertificate::NotRsa),
        };
        pair.map_err(|_| InvalidCertificate::NotRsa)?;
        // The signing library reads PKCS#1; from PEM it unwraps PKCS#8 by itself.
        let key = EncodingKey::from_rsa_pem(&pem_of_key(pem)).map_err(|_| InvalidCertificate::NotRsa)?;
        let key = SigningKey {
            client_id,
            thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, &certificate)),
            key,
        };
        Ok(Self {
            client_id,
            proof: Proof::Certificate(Arc::new(key)),
        })
    }

    /// Reads a PKCS#12 file (`.pfx`, `.p12`) as Windows, Azure Key Vault and OpenSSL write them; an empty password is one too.
    ///
    /// # Errors
    /// When the file cannot be opened, or holds no RSA key with its certificate.
    pub fn from_pkcs12(
        client_id: Uuid,
        file: &SecretSlice<u8>,
        password: &SecretString,
    ) -> Result<Self, InvalidCertificate> {
        let store = KeyStore::from_pkcs12(file.expose_secret(), password.expose_secret())
            .map_err(|_| InvalidCertificate::NotOpened)?;
        let (_, chain) = store.private_key_chain().ok_or(InvalidCertificate::NoKey)?;
        // The chain begins with the certificate of the key.
        let certificate = chain.chain().first().ok_or(InvalidCertificate::NoCertificate)?;
        let mut pem = block("CERTIFICATE", certificate.as_der());
        pem.extend_from_slice(&block("PRIVATE KEY", chain.key()));
        Self::from_pem(client_id, &SecretSlice::from(std::mem::take(&mut *pem)))
    }

    /// What proves the application, whatever it asks a token by.
    pub(super) fn proof(&self) -> Proof {
        self.proof.clone()
    }
}

impl SigningKey {
    /// An assertion for one request.
    pub(super) fn assertion(&self, connection: &Connection, tenant: Uuid) -> Result<SecretString, TokenError> {
        #[derive(Serialize)]
        struct Claims {
            aud: String,
            iss: Uuid,
            sub: Uuid,
            jti: Uuid,
            nbf: i64,
            iat: i64,
            exp: i64,
        }
        let now = connection.clock.now().as_second();
        let header = Header {
            x5t_s256: Some(self.thumbprint.clone()),
            ..Header::new(Algorithm::PS256)
        };
        let claims = Claims {
            aud: token_endpoint(connection, tenant),
            iss: self.client_id,
            sub: self.client_id,
            jti: (connection.ids)(),
            nbf: now,
            iat: now,
            exp: now.saturating_add(ASSERTION_LIFETIME),
        };
        let assertion = encode(&header, &claims, &self.key).map_err(|_| TokenError::Unsigned)?;
        Ok(SecretString::from(assertion))
    }
}

/// The private key's block alone: the signing library reads only the first block of a PEM text.
fn pem_of_key(pem: &[u8]) -> Zeroizing<Vec<u8>> {
    // Large enough from the start, since growing would leave a copy behind that nobody wipes.
    let mut block = Zeroizing::new(Vec::with_capacity(pem.len() + 1));
    for line in pem.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        let begins = line.starts_with(b"-----BEGIN ") && line.ends_with(b"PRIVATE KEY-----");
        if begins || !block.is_empty() {
            block.extend_from_slice(line);
            block.push(b'\n');
        }
        if !block.is_empty() && line.starts_with(b"-----END ") {
            break;
        }
    }
    block
}

/// A block of PEM; the room is taken at once, since growing would leave a copy behind that nobody wipes.
fn block(label: &str, der: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = Zeroizing::new(STANDARD.encode(der));
    let mut block = Zeroizing::new(Vec::with_capacity(4 * der.len() + 256));
    block.extend_from_slice(format!("-----BEGIN {label}-----\n").as_bytes());
    for line in text.as_bytes().chunks(64) {
        block.extend_from_slice(line);
        block.push(b'\n');
    }
    block.extend_from_slice(format!("-----END {label}-----\n").as_bytes());
    block
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("client_id", &self.client_id)
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}

impl TokenSource for ClientCertificate {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        Box::pin(client_credentials(connection, wanted, self.client_id, &self.proof))
    }
}
