//! What a sign-in asks of the person in front of the program. How it is shown is the program's matter: this crate prints
//! nothing and opens nothing.

use std::fmt;

use secrecy::SecretString;
use uuid::Uuid;

/// Shows a person what to do to sign in. Addresses and codes come from a service: whoever shows them escapes them.
pub trait Prompt: Send + Sync + fmt::Debug {
    /// The person is to sign in at this address, in a browser on this very machine, within so many minutes.
    fn browse(&self, address: &str, minutes: u64);
    /// The person is to enter `code` at `page`, on any device, within so many minutes.
    fn enter_code(&self, page: &str, code: &str, minutes: u64);
}

/// Where a person's sign-in is good: a refresh token of one place is never sent to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The sign-in host, as an address without a slash at the end.
    pub login: &'a str,
    /// The tenant.
    pub tenant: Uuid,
    /// The application that the person signed in with.
    pub client_id: Uuid,
}

/// Keeps a person's refresh token beyond this process, such as in the system's keyring. Never in a plain file.
pub trait Keep: Send + Sync + fmt::Debug {
    /// The token that was kept for a place.
    fn kept(&self, place: Place<'_>) -> Option<SecretString>;

    /// A newer refresh token; the older one need not be kept any longer.
    ///
    /// # Errors
    /// When it could not be kept.
    fn keep(&self, place: Place<'_>, refresh_token: &SecretString) -> Result<(), NotKept>;
}

/// Why a sign-in is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Somebody else signed in than was expected.
    #[error("{signed_in} signed in, and the configuration names {expected}")]
    SomebodyElse {
        /// Who it is.
        signed_in: String,
        /// Who it should have been.
        expected: String,
    },
    /// The sign-in gave nothing that could be kept.
    #[error("the sign-in gave no refresh token")]
    NoToken,
    /// What keeps it failed.
    #[error("{0}")]
    Failed(String),
}
