//! A person who signs in here and now, at a browser or with a device code, and stays signed in by what that gives.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::prompt::{Keep, NotKept, Place, Prompt};
use super::proof::Proof;
use super::refresh_token::refresh;
use super::{FetchedToken, TokenClaims, TokenError, TokenRequest, TokenSource, browser, device_code};
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
/// (claims challenge), the person is asked again. Whoever was asked in vain is not asked again by the same program.
pub struct Person {
    client_id: Uuid,
    way: Way,
    prompt: Option<Arc<dyn Prompt>>,
    hint: Option<String>,
    keep: Option<Arc<dyn Keep>>,
    newest: Mutex<Newest>,
    /// Held by whoever asks the person, so that nobody is asked twice at a time; with why nobody need be asked any more.
    asking: tokio::sync::Mutex<Option<TokenError>>,
}

/// The newest refresh token.
#[derive(Default)]
struct Newest {
    token: Option<SecretString>,
    /// How often the person has signed in.
    sign_ins: u64,
    /// Whether what was kept earlier has been looked for, or need not be.
    looked: bool,
    /// Whether newer tokens are kept.
    keeping: bool,
    /// What came of that last.
    kept: Option<Result<(), NotKept>>,
}

/// Where a refresh token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// The person has just signed in.
    SignedIn,
    /// It replaces the token of a sign-in, the one with this number.
    Refreshed(u64),
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

    /// The same; the sign-in page names this account already, and no sign-in of anybody else is kept or taken from there.
    #[must_use]
    pub fn with_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// The same; what `keep` has kept serves first, and is replaced by every newer refresh token.
    #[must_use]
    pub fn kept(mut self, keep: Arc<dyn Keep>) -> Self {
        self.keep = Some(keep);
        self.newest = Mutex::default();
        self
    }

    /// The same; the person signs in anew, and that sign-in is given to `keep` in place of any other.
    #[must_use]
    pub fn kept_anew(mut self, keep: Arc<dyn Keep>) -> Self {
        self.keep = Some(keep);
        self.newest = Mutex::new(Newest {
            looked: true,
            keeping: true,
            ..Newest::default()
        });
        self
    }

    /// What came of keeping the sign-in; `None` while there was nothing to be kept.
    pub fn is_kept(&self) -> Option<Result<(), NotKept>> {
        self.lock().kept.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Newest> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place<'a>(&self, connection: &'a Connection, wanted: TokenRequest<'_>) -> Place<'a> {
        Place {
            login: connection.endpoints.login.as_str().trim_end_matches('/'),
            tenant: wanted.tenant,
            client_id: self.client_id,
        }
    }

    fn newest(&self, place: Place<'_>) -> (Option<SecretString>, u64) {
        let mut newest = self.lock();
        if !newest.looked {
            newest.looked = true;
            newest.token = self.keep.as_ref().and_then(|keep| keep.kept(place));
            newest.keeping = newest.token.is_some();
        }
        (newest.token.clone(), newest.sign_ins)
    }

    /// Remembers and keeps a newer token, both at once: what a slow answer brings of an older sign-in replaces nothing.
    fn remember(&self, place: Place<'_>, fetched: &FetchedToken, newer: Option<SecretString>, came: Came) {
        let mut newest = self.lock();
        if matches!(came, Came::Refreshed(seen) if seen != newest.sign_ins) {
            return;
        }
        if let (true, Some(keep)) = (newest.keeping, &self.keep) {
            newest.kept = match (&newer, self.somebody_else(fetched)) {
                (_, Some((signed_in, expected))) => Some(Err(NotKept::SomebodyElse { signed_in, expected })),
                (Some(newer), None) => Some(keep.keep(place, newer)),
                (None, None) if came == Came::SignedIn => Some(Err(NotKept::NoToken)),
                // The older token is kept and stays good.
                (None, None) => newest.kept.take(),
            };
        }
        let Some(newer) = newer else { return };
        newest.token = Some(newer);
        newest.sign_ins += u64::from(came == Came::SignedIn);
    }

    /// Who has signed in, and who should have, when those are two. A guest's name is written in several ways, and proves nothing.
    fn somebody_else(&self, fetched: &FetchedToken) -> Option<(String, String)> {
        let expected = self.hint.clone()?;
        let signed_in = TokenClaims::decode(fetched.secret.expose_secret()).ok()?.upn?;
        let guest = [&signed_in, &expected].iter().any(|name| name.contains("#EXT#"));
        let other = !guest && signed_in.to_lowercase() != expected.to_lowercase();
        other.then_some((signed_in, expected))
    }

    async fn refreshed(
        &self,
        connection: &Connection,
        wanted: TokenRequest<'_>,
        token: &SecretString,
        seen: u64,
    ) -> Result<FetchedToken, TokenError> {
        let (fetched, newer) = refresh(connection, wanted, self.client_id, &Proof::Public, token).await?;
        // In this program the person has chosen who to be; earlier, perhaps for another configuration.
        if seen == 0
            && let Some((signed_in, expected)) = self.somebody_else(&fetched)
        {
            return Err(TokenError::KeptOfSomebodyElse { signed_in, expected });
        }
        let place = self.place(connection, wanted);
        self.remember(place, &fetched, newer, Came::Refreshed(seen));
        Ok(fetched)
    }

    async fn token(&self, connection: &Connection, wanted: TokenRequest<'_>) -> Result<FetchedToken, TokenError> {
        let place = self.place(connection, wanted);
        let (token, seen) = self.newest(place);
        let mut refused = None;
        if let Some(token) = token {
            match self.refreshed(connection, wanted, &token, seen).await {
                Err(error) if asks_for_person(&error) => refused = Some(error),
                end => return end,
            }
        }
        let mut asked_in_vain = self.asking.lock().await;
        // Meanwhile the person may have signed in for another API.
        if let (Some(token), sign_ins) = self.newest(place)
            && sign_ins != seen
        {
            match self.refreshed(connection, wanted, &token, sign_ins).await {
                Err(error) if asks_for_person(&error) => refused = Some(error),
                end => return end,
            }
        }
        let Some(prompt) = &self.prompt else {
            return Err(refused.unwrap_or(TokenError::Unavailable {
                what: "nobody is signed in, and nobody can be asked to sign in here".to_owned(),
                next_step: "Run the command on a terminal without --non-interactive, or sign in as an application."
                    .into(),
            }));
        };
        if let Some(error) = &*asked_in_vain {
            return Err(error.clone());
        }
        // What Entra itself asked for when it refused belongs to the next request, unchanged.
        let asked = refused.as_ref().and_then(|error| match error {
            TokenError::Refused(refusal) => refusal.claims.as_deref(),
            _ => None,
        });
        let wanted = TokenRequest {
            claims: wanted.claims.or(asked),
            ..wanted
        };
        let signed_in = match self.way {
            Way::Browser => browser::sign_in(connection, wanted, self.client_id, self.hint.as_deref(), &**prompt).await,
            Way::DeviceCode => device_code::sign_in(connection, wanted, self.client_id, &**prompt).await,
        };
        match signed_in {
            Ok((fetched, newer)) => {
                self.remember(place, &fetched, newer, Came::SignedIn);
                Ok(fetched)
            }
            Err(error) => {
                // Where nothing answered, nobody was asked.
                if !matches!(error, TokenError::Transport(_)) {
                    *asked_in_vain = Some(error.clone());
                }
                Err(error)
            }
        }
    }
}

/// Whether a refusal of a refresh token is one that the person can put right (Entra documentation, handle errors in MSAL:
/// `invalid_grant`, `interaction_required` and their kin lead to an interactive sign-in, unless the suberror says that it
/// would only show a message).
fn asks_for_person(error: &TokenError) -> bool {
    let refusal = match error {
        TokenError::Refused(refusal) => refusal,
        TokenError::KeptOfSomebodyElse { .. } => return true,
        _ => return false,
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
