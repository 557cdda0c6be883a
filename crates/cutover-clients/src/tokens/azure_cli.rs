//! Whoever is signed in to the Azure CLI (`az login`).

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::Stdio;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use tokio::process::Command;

use super::error::TokenRefusal;
use super::first_failure::FirstFailure;
use super::{FetchedToken, TokenError, TokenRequest, TokenSource};
use crate::connection::Connection;

/// A batch file on Windows; the standard library quotes what is passed to one, or refuses.
const PROGRAM: &str = if cfg!(windows) { "az.cmd" } else { "az" };
/// How long the program may take. It starts slowly, and may have to renew a token.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sign-in of the Azure CLI: `az account get-access-token` (Azure CLI reference).
#[derive(Debug)]
pub struct AzureCli {
    program: OsString,
    first_failure: FirstFailure,
}

impl Default for AzureCli {
    fn default() -> Self {
        Self::at(PROGRAM)
    }
}

impl AzureCli {
    /// The same by another program file than the one that is found by its name.
    pub fn at(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            first_failure: FirstFailure::default(),
        }
    }

    async fn token(&self, connection: &Connection, wanted: TokenRequest<'_>) -> Result<FetchedToken, TokenError> {
        if wanted.claims.is_some() {
            return Err(unavailable(
                "the service asks for a new sign-in, which the Azure CLI cannot do by itself",
                log_in(wanted),
            ));
        }
        // No shell is between: each argument arrives as it is.
        let run = Command::new(&self.program)
            .args(["account", "get-access-token", "--output", "json"])
            .args(["--resource", &wanted.resource.audience])
            .args(["--tenant", &wanted.tenant.to_string()])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = match tokio::time::timeout(PATIENCE, run).await {
            Ok(Ok(output)) => output,
            Ok(Err(error)) if error.kind() == ErrorKind::NotFound => {
                return Err(unavailable(
                    "the Azure CLI (az) is not installed, or not on the path",
                    "Install it (https://aka.ms/azure-cli) and run az login, or choose another sign-in.",
                ));
            }
            Ok(Err(error)) => {
                return Err(unavailable(
                    &format!("the Azure CLI could not be started: {error}"),
                    "Try az account get-access-token by hand.",
                ));
            }
            Err(_) => {
                let what = format!("the Azure CLI did not answer within {} s", PATIENCE.as_secs());
                return Err(unavailable(&what, "Try az account get-access-token by hand."));
            }
        };
        let answer = Zeroizing::new(output.stdout);
        if !output.status.success() {
            return Err(refused(&String::from_utf8_lossy(&output.stderr), wanted));
        }

        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            access_token: String,
            #[serde(rename = "expires_on")]
            expires_on: Option<i64>,
        }
        let wire: Wire = serde_json::from_slice(&answer)
            .map_err(|_| TokenError::NotAToken("the answer of the Azure CLI holds no accessToken"))?;
        let ends = wire.expires_on.and_then(|ends| Timestamp::from_second(ends).ok());
        let lasts = ends.map(|ends| crate::clock::until(connection.clock.now(), ends).as_secs());
        Ok(FetchedToken::new(SecretString::from(wire.access_token), lasts))
    }
}

/// AADSTS codes that speak of the API and not of the sign-in: signing in again changes nothing.
const OF_THE_API: &[u32] = &[500_011, 650_052];

/// What signs in again to just this.
fn log_in(wanted: TokenRequest<'_>) -> String {
    format!(
        "Run az login --tenant {} --scope {}/.default, then try again.",
        wanted.tenant, wanted.resource.audience
    )
}

fn unavailable(what: &str, next_step: impl Into<Cow<'static, str>>) -> TokenError {
    TokenError::Unavailable {
        what: what.to_owned(),
        next_step: next_step.into(),
    }
}

/// What the program said when it gave no token.
fn refused(said: &str, wanted: TokenRequest<'_>) -> TokenError {
    let refusal = TokenRefusal::carried("az".to_owned(), said.trim().to_owned());
    if refusal.codes.iter().any(|code| OF_THE_API.contains(code)) {
        return TokenError::Refused(refusal.into());
    }
    if let Some(known) = refusal.advice() {
        let next = match known.is_for_another_sign_in() {
            true => log_in(wanted),
            false => format!("{} {}", known.next_step, log_in(wanted)),
        };
        return unavailable(&refusal.to_string(), next);
    }
    let line = said
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("it does not say why");
    if said.contains("az login") {
        return unavailable("nobody is signed in to the Azure CLI", log_in(wanted));
    }
    let what = format!("the Azure CLI gave no token: {}", line.escape_debug());
    unavailable(&what, log_in(wanted))
}

impl TokenSource for AzureCli {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        Box::pin(self.first_failure.unless_known(self.token(connection, wanted)))
    }
}
