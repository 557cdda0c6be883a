//! A person who signs in here and now, at a browser or with a device code, and stays signed in by what that gives.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use uuid::Uuid;

use super::prompt::{Keep, Prompt};
use super::proof::Proof;
use super::refresh_token::refresh;
use super::{FetchedToken, TokenError, TokenRequest, TokenSource, browser, device_code};
use crate::connection::Connection;

/// How a person signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the browser of this machine (authorization code with PKCE, RFC 7636 and RFC 8252).
    Browser,
    /// In any browser, by a code that is typed there (RFC 8628).
    DeviceCode,
}

/// A person's sign-in by a public client. It happens when the first token is wanted, and once: the refresh token that comes along
/// serves every other API by another scope. When Entra refuses that one, or a service asks for more than the sign-in has
/// (claims challenge), the person is asked again.
pub struct Person {
    client_id: Uuid,
    way: Way,
    prompt: Option<Arc<dyn Prompt>>,
    hint: Option<String>,
    keep: Option<Arc<dyn Keep>>,
    newest: Mutex<Newest>,
    /// Held by whoever asks the person, so that nobody is asked twice at a time.
    asking: tokio::sync::Mutex<()>,
}

/// The newest refresh token.
#[derive(Default)]
struct Newest {
    token: Option<SecretString>,
    /// How often the person has signed in.
    sign_ins: u64,
}

impl Person {
    /// A person who signs in with the application `client_id`, and is told by `prompt` what to do. Without one there is nobody to
    /// ask, and only a sign-in that is remembered serves.
    pub fn new(client_id: Uuid, way: Way, prompt: Option<Arc<dyn Prompt>>) -> Self {
        Self {
            client_id,
            way,
            prompt,
            hint: None,
            keep: None,
            newest: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// The same; the sign-in page names this account already.
    #[must_use]
    pub fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// The same; every newer refresh token is given to `keep`, and `remembered` is the one that it kept.
    #[must_use]
    pub fn kept(mut self, keep: Arc<dyn Keep>, remembered: Option<SecretString>) -> Self {
        self.keep = Some(keep);
        self.newest = Mutex::new(Newest {
            token: remembered,
            sign_ins: 0,
        });
        self
    }

    fn newest(&self) -> (Option<SecretString>, u64) {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        (newest.token.clone(), newest.sign_ins)
    }

    fn remember(&self, newer: Option<SecretString>, signed_in: bool) {
        let Some(newer) = newer else { return };
        if let Some(keep) = &self.keep {
            keep.keep(&newer);
        }
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.token = Some(newer);
        newest.sign_ins += u64::from(signed_in);
    }

    async fn refreshed(
        &self,
        connection: &Connection,
        wanted: TokenRequest<'_>,
        token: &SecretString,
    ) -> Result<FetchedToken, TokenError> {
        let (fetched, newer) = refresh(connection, wanted, self.client_id, &Proof::Public, token).await?;
        self.remember(newer, false);
        Ok(fetched)
    }

    async fn token(&self, connection: &Connection, wanted: TokenRequest<'_>) -> Result<FetchedToken, TokenError> {
        let (token, seen) = self.newest();
        let mut refused = None;
        if let Some(token) = token {
            match self.refreshed(connection, wanted, &token).await {
                Err(error) if asks_for_person(&error) => refused = Some(error),
                end => return end,
            }
        }
        let _nobody_else_asks = self.asking.lock().await;
        // Meanwhile the person may have signed in for another API.
        if let (Some(token), sign_ins) = self.newest()
            && sign_ins != seen
        {
            match self.refreshed(connection, wanted, &token).await {
                Err(error) if asks_for_person(&error) => refused = Some(error),
                end => return end,
            }
        }
        let Some(prompt) = &self.prompt else {
            return Err(refused.unwrap_or(TokenError::Unavailable {
                what: "nobody is signed in, and nobody can be asked to sign in here".to_owned(),
                next_step: "Run the command on a terminal without --non-interactive, or sign in as an application.",
            }));
        };
        // What Entra itself asked for when it refused belongs to the next request, unchanged.
        let asked = refused.as_ref().and_then(|error| match error {
            TokenError::Refused(refusal) => refusal.claims.as_deref(),
            _ => None,
        });
        let wanted = TokenRequest {
            claims: wanted.claims.or(asked),
            ..wanted
        };
        let (fetched, newer) = match self.way {
            Way::Browser => {
                browser::sign_in(connection, wanted, self.client_id, self.hint.as_deref(), &**prompt).await?
            }
            Way::DeviceCode => device_code::sign_in(connection, wanted, self.client_id, &**prompt).await?,
        };
        self.remember(newer, true);
        Ok(fetched)
    }
}

/// Whether a refusal of a refresh token is one that the person can put right (Entra documentation, handle errors in MSAL:
/// `invalid_grant`, `interaction_required` and their kin lead to an interactive sign-in, unless the suberror says that it
/// would only show a message).
fn asks_for_person(error: &TokenError) -> bool {
    let TokenError::Refused(refusal) = error else {
        return false;
    };
    let interactive = [
        "invalid_grant",
        "interaction_required",
        "consent_required",
        "login_required",
    ];
    interactive.contains(&refusal.error.as_str()) && refusal.suberror.as_deref() != Some("message_only")
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("client_id", &self.client_id)
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

impl TokenSource for Person {
    fn fetch<'a>(
        &'a self,
        connection: &'a Connection,
        wanted: TokenRequest<'a>,
    ) -> BoxFuture<'a, Result<FetchedToken, TokenError>> {
        Box::pin(self.token(connection, wanted))
    }
}
