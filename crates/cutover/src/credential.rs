//! What proves a sign-in: secrets, certificates and refresh tokens, from the environment alone.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use cutover_clients::tokens::{ClientCertificate, ClientSecret, PersonAtPartnerCenter, RefreshToken, TokenSource};
use secrecy::{SecretSlice, SecretString};
use uuid::Uuid;

use crate::Stop;

/// The environment variables that hold the proofs for one tenant.
pub(crate) struct Variables {
    /// A client secret.
    pub(crate) secret: &'static str,
    /// The path of a PEM or PKCS#12 file: certificate and private key.
    pub(crate) certificate: &'static str,
    /// The password of a PKCS#12 file.
    pub(crate) password: &'static str,
    /// A refresh token of a person, where a person's sign-in is of use.
    pub(crate) refresh_token: Option<&'static str>,
}

/// Of the Dynamics tenant.
pub(crate) const HOME: Variables = Variables {
    secret: "CUTOVER_CLIENT_SECRET",
    certificate: "CUTOVER_CLIENT_CERTIFICATE",
    password: "CUTOVER_CLIENT_CERTIFICATE_PASSWORD",
    refresh_token: Some("CUTOVER_REFRESH_TOKEN"),
};

/// Of the partner tenant. Partner Center tells most things only to a person (Secure Application Model).
pub(crate) const PARTNER: Variables = Variables {
    secret: "CUTOVER_PARTNER_CLIENT_SECRET",
    certificate: "CUTOVER_PARTNER_CLIENT_CERTIFICATE",
    password: "CUTOVER_PARTNER_CLIENT_CERTIFICATE_PASSWORD",
    refresh_token: Some("CUTOVER_PARTNER_REFRESH_TOKEN"),
};

impl Variables {
    /// Whether the environment holds something that proves an application.
    pub(crate) fn are_set(&self) -> bool {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        is_set(self.secret) || is_set(self.certificate)
    }
}

/// What was given to prove a sign-in to one tenant.
#[derive(Default)]
pub(crate) struct Proof {
    /// A client secret, or
    pub(crate) secret: Option<SecretString>,
    /// a certificate with its key.
    pub(crate) certificate: Option<Arc<ClientCertificate>>,
    /// A person's refresh token.
    pub(crate) refresh_token: Option<SecretString>,
}

impl Proof {
    /// What the environment holds for an application in one tenant.
    pub(crate) fn from_environment(client_id: Uuid, variables: &Variables) -> Result<Self, Stop> {
        let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let (secret, certificate) = (given(variables.secret), given(variables.certificate));
        if let (Some(_), Some(_)) = (&secret, &certificate) {
            return Err(Stop::usage(format!(
                "error: both {} and {} are set\n  hint: unset one of them: a sign-in has one proof",
                variables.secret, variables.certificate
            )));
        }
        let refresh_token = variables
            .refresh_token
            .and_then(|name| given(name).map(|value| text(name, value)));
        Ok(Self {
            secret: secret.map(|secret| text(variables.secret, secret)).transpose()?,
            certificate: certificate
                .map(|path| from_file(client_id, variables, path))
                .transpose()?,
            refresh_token: refresh_token.transpose()?,
        })
    }

    /// Whether there is anything.
    pub(crate) fn is_there(&self) -> bool {
        self.secret.is_some() || self.certificate.is_some() || self.refresh_token.is_some()
    }

    /// The sign-in as an application by itself.
    pub(crate) fn application(&self, client_id: Uuid) -> Option<Arc<dyn TokenSource>> {
        let secret = self.secret.clone();
        let by_secret = secret.map(|secret| Arc::new(ClientSecret::new(client_id, secret)) as Arc<dyn TokenSource>);
        by_secret.or_else(|| {
            let certificate = self.certificate.clone()?;
            Some(certificate)
        })
    }

    /// The sign-in to the partner tenant. A person signs in where Partner Center is asked, an application elsewhere, and one
    /// of them everywhere when there is no other. What is missing is taken from `same`, the proof of the very same application
    /// in the very same tenant.
    pub(crate) fn partner(&self, client_id: Uuid, same: Option<&Self>) -> Option<Arc<dyn TokenSource>> {
        let other = || same.and_then(|same| same.application(client_id));
        let application = self.application(client_id).or_else(other);
        let Some(token) = self.refresh_token.clone() else {
            return application;
        };
        // The application the token was given to proves itself as well, unless it is a public client.
        let own = self.secret.is_some() || self.certificate.is_some();
        let person = by_token(client_id, token, if own { Some(self) } else { same });
        Some(match application {
            Some(application) => Arc::new(PersonAtPartnerCenter::new(person, application)),
            None => person,
        })
    }

    /// The sign-in of a person whose refresh token was given.
    pub(crate) fn person(&self, client_id: Uuid) -> Option<Arc<dyn TokenSource>> {
        let token = self.refresh_token.clone()?;
        Some(by_token(client_id, token, Some(self)))
    }
}

/// A person by a refresh token, which the application it was given to redeems with what proves it.
fn by_token(client_id: Uuid, token: SecretString, proof: Option<&Proof>) -> Arc<dyn TokenSource> {
    let secret = proof.and_then(|proof| proof.secret.clone());
    let person = RefreshToken::new(client_id, secret, token);
    Arc::new(match proof.and_then(|proof| proof.certificate.clone()) {
        Some(certificate) => person.with_certificate(&certificate),
        None => person,
    })
}

fn text(variable: &str, value: OsString) -> Result<SecretString, Stop> {
    value
        .into_string()
        .map(SecretString::from)
        .map_err(|_| Stop::usage(format!("error: {variable} holds something that is not text")))
}

fn from_file(client_id: Uuid, variables: &Variables, path: OsString) -> Result<Arc<ClientCertificate>, Stop> {
    let path = PathBuf::from(path);
    let variable = variables.certificate;
    let hint = format!(
        "{variable} names a PEM file with the certificate and its private key, or a PKCS#12 file (.pfx, .p12), whose password is in {}",
        variables.password
    );
    let file = fs::read(&path).map_err(|error| {
        Stop::usage(format!(
            "error: cannot read the certificate {}: {error}\n  hint: {hint}",
            path.display()
        ))
    })?;
    // Every PKCS#12 file is a sequence in DER.
    let is_der = file.first() == Some(&0x30);
    let file = SecretSlice::from(file);
    let certificate = if is_der {
        let password = env::var_os(variables.password).unwrap_or_default();
        ClientCertificate::from_pkcs12(client_id, &file, &text(variables.password, password)?)
    } else {
        ClientCertificate::from_pem(client_id, &file)
    };
    let certificate = certificate.map_err(|error| {
        Stop::usage(format!(
            "error: {} cannot be used to sign in: {error}\n  hint: {hint}",
            path.display()
        ))
    })?;
    Ok(Arc::new(certificate))
}
