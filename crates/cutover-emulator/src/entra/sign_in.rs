//! What the sign-in service remembers between two requests, and what it knows of people beside the directory.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Passwords, the person at the browser, and sign-ins that are under way. Its `Debug` output shows none of it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// Passwords by object id of the user; who has none here cannot sign in with one.
    pub passwords: BTreeMap<String, String>,
    /// Who sits at the browser; nobody when absent, and then a page waits for somebody.
    pub browser: Option<Browser>,
    /// Authorization codes that were given out.
    pub codes: Vec<Code>,
    /// Device codes that were given out.
    pub device_codes: Vec<DeviceCode>,
    /// Browsers in which somebody is signed in.
    #[serde(default)]
    pub sessions: Vec<Session>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// A scripted person, who does at once what a page asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    /// Object id of the user; whoever the application names when absent (`login_hint`).
    pub user_id: Option<String>,
    /// Whether the person gives a second factor, registered ones provided.
    pub mfa: bool,
    /// Whether the person declines instead.
    pub declines: bool,
    /// Seconds until a device code is entered; never by itself when absent.
    pub enters_code_after: Option<i64>,
}

/// An authorization code, and what may be had for it once.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Code {
    pub(crate) value: String,
    pub(crate) app_id: String,
    pub(crate) user_id: String,
    pub(crate) mfa: bool,
    /// `scope` or `resource` of the request.
    pub(crate) asked: String,
    pub(crate) redirect_uri: String,
    /// `S256` or `plain`, and the challenge.
    pub(crate) challenge: Option<(String, String)>,
    pub(crate) nonce: Option<String>,
    /// The claims request of the page (`claims`), as it came.
    #[serde(default)]
    pub(crate) claims: Option<String>,
    pub(crate) ends: Timestamp,
    pub(crate) redeemed: bool,
}

/// A browser in which somebody is signed in: its next visit needs no name.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The cookie.
    pub(crate) value: String,
    pub(crate) user_id: String,
    pub(crate) mfa: bool,
    pub(crate) began: Timestamp,
}

/// A device code, and what became of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceCode {
    pub(crate) value: String,
    /// What the person types.
    pub(crate) user_code: String,
    pub(crate) app_id: String,
    /// `scope` or `resource` of the request.
    pub(crate) asked: String,
    pub(crate) began: Timestamp,
    pub(crate) polled: Option<Timestamp>,
    pub(crate) outcome: Outcome,
}

/// What a person made of a device code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing yet.
    Pending,
    /// Signed in.
    SignedIn {
        /// Object id of the user.
        user_id: String,
        /// Whether with a second factor.
        mfa: bool,
    },
    /// Declined.
    Declined,
    /// The application has its tokens.
    Redeemed,
}

impl SignIn {
    /// Forgets what ended long before `now`, so that a double that stands for long does not grow. What ended lately
    /// stays, since its refusal says so.
    pub(crate) fn forget(&mut self, now: Timestamp) {
        let ended = |at: Timestamp| now.duration_since(at) > jiff::SignedDuration::from_hours(24);
        self.codes.retain(|code| !ended(code.ends));
        self.device_codes.retain(|code| !ended(code.began));
        self.sessions.retain(|session| !ended(session.began));
    }
}
