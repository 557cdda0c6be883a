//! What a sign-in asks of the person in front of the program. How it is shown is the program's matter: this crate prints
//! nothing and opens nothing.

use std::fmt;

/// Shows a person what to do to sign in. Addresses and codes come from a service: whoever shows them escapes them.
pub trait Prompt: Send + Sync + fmt::Debug {
    /// The person is to sign in at this address, in a browser on this very machine, within so many minutes.
    fn browse(&self, address: &str, minutes: u64);
    /// The person is to enter `code` at `page`, on any device, within so many minutes.
    fn enter_code(&self, page: &str, code: &str, minutes: u64);
}

/// Keeps a person's refresh token beyond this process, such as in the system's keyring. Never in a plain file.
pub trait Keep: Send + Sync + fmt::Debug {
    /// A newer refresh token; the older one need not be kept any longer.
    fn keep(&self, refresh_token: &secrecy::SecretString);
}
