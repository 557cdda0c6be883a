//! What proves a sign-in: secrets, certificates and refresh tokens, from the environment alone.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use cutover_clients::tokens::{ClientCertificate, ClientSecret, RefreshToken, TokenSource};
use secrecy::{SecretSlice, SecretString};
use uuid::Uuid;

use crate::Stop;

/// The environment variables that hold the proofs for one tenant.
pub(crate) struct Variables {
    /// A client secret.
    pub(crate) secret: &'static str,
    /// The path of a PEM file: certificate and private key.
    pub(crate) certificate: &'static str,
    /// A refresh token of a person, where a person's sign-in is of use.
    pub(crate) refresh_token: Option<&'static str>,
}

/// Of the Dynamics tenant.
pub(crate) const HOME: Variables = Variables {
    secret: "CUTOVER_CLIENT_SECRET",
    certificate: "CUTOVER_CLIENT_CERTIFICATE",
    refresh_token: None,
};

/// Of the partner tenant. Partner Center tells most things only to a person (Secure Application Model).
pub(crate) const PARTNER: Variables = Variables {
    secret: "CUTOVER_PARTNER_CLIENT_SECRET",
    certificate: "CUTOVER_PARTNER_CLIENT_CERTIFICATE",
    refresh_token: Some("CUTOVER_PARTNER_REFRESH_TOKEN"),
};

/// What proves a sign-in as an application; `None` when no variable is set.
pub(crate) fn from_environment(client_id: Uuid, variables: &Variables) -> Result<Option<Arc<dyn TokenSource>>, Stop> {
    let given = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let refresh_token = variables
        .refresh_token
        .and_then(|name| given(name).map(|value| (name, value)));
    let (secret, certificate) = (given(variables.secret), given(variables.certificate));
    let both = |one: &str, other: &str| {
        Stop::usage(format!(
            "error: both {one} and {other} are set\n  hint: unset one of them: a sign-in has one proof"
        ))
    };
    let secret = secret.map(|secret| text(variables.secret, secret)).transpose()?;
    match (refresh_token, secret, certificate) {
        (None, Some(_), Some(_)) => Err(both(variables.secret, variables.certificate)),
        (Some((name, _)), _, Some(_)) => Err(both(name, variables.certificate)),
        (Some((name, token)), secret, None) => {
            Ok(Some(Arc::new(RefreshToken::new(client_id, secret, text(name, token)?))))
        }
        (None, Some(secret), None) => Ok(Some(Arc::new(ClientSecret::new(client_id, secret)))),
        (None, None, Some(path)) => Ok(Some(from_file(client_id, variables.certificate, path)?)),
        (None, None, None) => Ok(None),
    }
}

fn text(variable: &str, value: OsString) -> Result<SecretString, Stop> {
    value
        .into_string()
        .map(SecretString::from)
        .map_err(|_| Stop::usage(format!("error: {variable} holds something that is not text")))
}

fn from_file(client_id: Uuid, variable: &str, path: OsString) -> Result<Arc<dyn TokenSource>, Stop> {
    let path = PathBuf::from(path);
    let hint = format!("{variable} names a PEM file with the certificate and its private key");
    let pem = fs::read(&path).map_err(|error| {
        Stop::usage(format!(
            "error: cannot read the certificate {}: {error}\n  hint: {hint}",
            path.display()
        ))
    })?;
    let certificate = ClientCertificate::from_pem(client_id, &SecretSlice::from(pem)).map_err(|error| {
        Stop::usage(format!(
            "error: {} cannot be used to sign in: {error}\n  hint: {hint}",
            path.display()
        ))
    })?;
    Ok(Arc::new(certificate))
}
