//! TLS with an authority of the double's own: nobody else vouches for Microsoft's names on this machine.
//!
//! The authority's certificate is given to clients, its key stays here. Clients ask for certificates that fit their
//! own rules: names as subject alternative names, server authentication, the authority's key id, and a life of about
//! one year at most.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData,
};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
pub use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;

use crate::emulator::Emulator;
use crate::hosts;

/// How long an authority lasts that is kept.
const AUTHORITY_LASTS: SignedDuration = SignedDuration::from_hours(24 * 3650);
/// How long a server's certificate lasts: clients refuse more than 398 days (CA/Browser Forum baseline).
const SERVER_LASTS: SignedDuration = SignedDuration::from_hours(24 * 390);
/// Clients whose clock is behind must not find the certificate too young.
const EARLIER: SignedDuration = SignedDuration::from_hours(24);
/// The files of an authority that is kept in a folder.
const CERTIFICATE_FILE: &str = "ca.pem";
const KEY_FILE: &str = "ca-key.pem";

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The certificate does not fit what the server can use.
    #[error("cannot use the certificate: {0}")]
    Server(#[from] tokio_rustls::rustls::Error),
    /// The time of the system lies outside what a certificate can name.
    #[error("the system's time fits no certificate")]
    Time,
    /// The files of a kept authority could not be read or written.
    #[error("cannot keep the certificate authority in {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The files of a kept authority do not belong together or are something else.
    #[error("{path} is not the certificate authority that was kept here")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
}

/// The double's own certificate authority. Its `Debug` output does not show the key.
pub struct Authority {
    certificate: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// A new authority that is valid from `now`, the system's time: clients judge by theirs.
    pub fn make(now: Timestamp) -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let mut params = authority_params(&key)?;
        set_validity(&mut params, now, AUTHORITY_LASTS)?;
        let certificate = params.self_signed(&key)?.der().to_vec();
        Ok(Self {
            certificate,
            issuer: Issuer::new(params, key),
        })
    }

    /// The authority kept in `folder`, made and kept there when there is none, so that clients need to be told
    /// only once. On Unix only the owner can read the key.
    pub fn kept_in(folder: &Path, now: Timestamp) -> Result<Self, TlsError> {
        let paths = [folder.join(CERTIFICATE_FILE), folder.join(KEY_FILE)];
        let [certificate_path, key_path] = &paths;
        let key = match std::fs::read(key_path) {
            Ok(key) => key,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let made = Self::make(now)?;
                std::fs::create_dir_all(folder)
                    .and_then(|()| write_private(key_path, &pem("PRIVATE KEY", &made.issuer.key().serialize_der())))
                    .map_err(|source| TlsError::File {
                        path: key_path.clone(),
                        source,
                    })?;
                made.write_certificate(certificate_path)?;
                return Ok(made);
            }
            Err(source) => {
                return Err(TlsError::File {
                    path: key_path.clone(),
                    source,
                });
            }
        };
        let foreign = |path: &Path| TlsError::Foreign { path: path.to_owned() };
        let key = PrivatePkcs8KeyDer::from_pem_slice(&key).map_err(|_| foreign(key_path))?;
        let key = KeyPair::try_from(&key).map_err(|_| foreign(key_path))?;
        let text = std::fs::read(certificate_path).map_err(|source| TlsError::File {
            path: certificate_path.clone(),
            source,
        })?;
        let certificate = CertificateDer::from_pem_slice(&text).map_err(|_| foreign(certificate_path))?;
        // The certificate of another key would let every client fail far from here.
        let public = key.subject_public_key_info();
        if !certificate.windows(public.len()).any(|part| part == public) {
            return Err(foreign(certificate_path));
        }
        Ok(Self {
            certificate: certificate.to_vec(),
            issuer: Issuer::new(authority_params(&key)?, key),
        })
    }

    /// The certificate that clients have to trust, PEM.
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// Writes the certificate, never the key, where a client can read it.
    pub fn write_certificate(&self, path: &Path) -> Result<(), TlsError> {
        std::fs::write(path, self.certificate_pem()).map_err(|source| TlsError::File {
            path: path.to_owned(),
            source,
        })
    }

    /// What [`crate::serve_tls`] needs: a certificate for all names by which the services of `emulator` may be called.
    /// `now` is the system's time.
    pub fn acceptor(&self, emulator: &Emulator, now: Timestamp) -> Result<TlsAcceptor, TlsError> {
        let names = hosts::names(emulator);
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = named("emulated Microsoft services");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        set_validity(&mut params, now, SERVER_LASTS)?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let chain = vec![
            certificate.der().clone(),
            CertificateDer::from(self.certificate.clone()),
        ];
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// What an authority's certificate says, its validity left out. The name holds a part of the key's hash, so that
/// clients never take an older authority for this one.
fn authority_params(key: &KeyPair) -> Result<CertificateParams, TlsError> {
    let hash = digest::digest(&digest::SHA256, &key.subject_public_key_info());
    let short: String = hash.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = named(&format!("emulated Microsoft services, authority {short}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Emulator, trust it on this machine only");
    name.push(DnType::CommonName, common_name);
    name
}

/// Days on which a certificate made at `now` begins and ends to be good.
fn set_validity(params: &mut CertificateParams, now: Timestamp, lasts: SignedDuration) -> Result<(), TlsError> {
    let day = |at: Result<Timestamp, jiff::Error>| {
        let date = at.map_err(|_| TlsError::Time)?.to_zoned(TimeZone::UTC).date();
        let (Ok(month), Ok(day)) = (u8::try_from(date.month()), u8::try_from(date.day())) else {
            return Err(TlsError::Time);
        };
        Ok(rcgen::date_time_ymd(i32::from(date.year()), month, day))
    };
    params.not_before = day(now.checked_sub(EARLIER))?;
    params.not_after = day(now.checked_add(lasts))?;
    Ok(())
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines: Vec<&str> = Vec::new();
    let mut rest = text.as_str();
    while let Some((line, more)) = rest.split_at_checked(64) {
        lines.push(line);
        rest = more;
    }
    lines.push(rest);
    lines.retain(|line| !line.is_empty());
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Writes a new file that on Unix only its owner can read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())
}
