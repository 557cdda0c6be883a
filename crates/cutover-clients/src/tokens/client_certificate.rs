//! An application that signs in with a certificate.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice};
use serde::Serialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::endpoint::{client_credentials, token_endpoint};
use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// How long an assertion is valid, seconds: the upper end of what Microsoft advises, for clocks that differ.
const ASSERTION_LIFETIME: i64 = 600;

/// Client credentials with a certificate: each request carries an assertion signed with PS256 that names the
/// certificate by its SHA-256 thumbprint (Entra documentation, certificate credentials).
pub struct ClientCertificate {
    client_id: Uuid,
    thumbprint: String,
    key: EncodingKey,
}

/// Why a PEM text cannot serve as certificate credential.
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
        Ok(Self {
            client_id,
            thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, &certificate)),
            key,
        })
    }

    /// Puts what proves the application into a token request, whatever is granted for it.
    pub(super) fn prove(
        &self,
        connection: &Connection,
        tenant: Uuid,
        form: &mut Serializer<'_, String>,
    ) -> Result<(), TokenError> {
        let assertion = self.assertion(connection, tenant)?;
        form.append_pair(
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        )
        .append_pair("client_assertion", &assertion);
        Ok(())
    }

    fn assertion(&self, connection: &Connection, tenant: Uuid) -> Result<String, TokenError> {
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
        encode(&header, &claims, &self.key).map_err(|_| TokenError::Unsigned)
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

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate")
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
        Box::pin(client_credentials(connection, wanted, self.client_id, move |form| {
            self.prove(connection, wanted.tenant, form)
        }))
    }
}
