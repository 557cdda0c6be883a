//! A person's sign-in kept beyond one command, in the system's keyring. Only where the program was built with it (feature
//! `keyring`), only what `cutover login` put there, and never in a plain file.

use std::sync::Arc;

use cutover_clients::tokens::Keep;
use secrecy::SecretString;
use uuid::Uuid;

/// Whether this program can keep a sign-in at all.
pub(crate) const POSSIBLE: bool = cfg!(feature = "keyring");

/// The entry of one tenant and one application.
#[derive(Debug)]
pub(crate) struct Entry {
    #[cfg_attr(
        not(feature = "keyring"),
        expect(dead_code, reason = "nothing is kept without a keyring")
    )]
    name: String,
}

impl Entry {
    /// Of the tenant as the configuration writes it.
    pub(crate) fn of(tenant: &str, client_id: Uuid) -> Self {
        Self {
            name: format!("{tenant}/{client_id}"),
        }
    }

    /// What keeps every newer refresh token there.
    pub(crate) fn keeper(self) -> Arc<dyn Keep> {
        Arc::new(self)
    }
}

#[cfg(feature = "keyring")]
mod system {
    use keyring::{Entry, Error};
    use secrecy::{ExposeSecret, SecretString};

    use crate::output::stream;

    const SERVICE: &str = "cutover";

    impl super::Entry {
        fn open(&self) -> Result<Entry, Error> {
            Entry::new(SERVICE, &self.name)
        }

        /// The kept refresh token. A keyring that cannot be read is as good as an empty one, and it is said.
        pub(crate) fn read(&self) -> Option<SecretString> {
            match self.open().and_then(|entry| entry.get_password()) {
                Ok(token) => Some(token.into()),
                Err(Error::NoEntry) => None,
                Err(error) => {
                    stream::note(&format!("the system's keyring cannot be read: {error}"));
                    None
                }
            }
        }

        /// Forgets it; whether there was one.
        pub(crate) fn forget(&self) -> Result<bool, String> {
            match self.open().and_then(|entry| entry.delete_credential()) {
                Ok(()) => Ok(true),
                Err(Error::NoEntry) => Ok(false),
                Err(error) => Err(error.to_string()),
            }
        }

        pub(super) fn write(&self, token: &SecretString) {
            let written = self.open().and_then(|entry| entry.set_password(token.expose_secret()));
            if let Err(error) = written {
                stream::note(&format!(
                    "the sign-in could not be kept in the system's keyring: {error}"
                ));
            }
        }
    }
}

#[cfg(not(feature = "keyring"))]
mod system {
    use secrecy::SecretString;

    impl super::Entry {
        /// Nothing is kept without a keyring.
        pub(crate) fn read(&self) -> Option<SecretString> {
            None
        }

        /// Nothing is kept without a keyring.
        pub(crate) fn forget(&self) -> Result<bool, String> {
            Ok(false)
        }

        pub(super) fn write(&self, _: &SecretString) {}
    }
}

impl Keep for Entry {
    fn keep(&self, refresh_token: &SecretString) {
        self.write(refresh_token);
    }
}
