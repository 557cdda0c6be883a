//! A person's sign-in kept beyond one command, in the system's keyring. Only where the program was built with it (feature
//! `keyring`), only what `cutover login` put there, and never in a plain file.

use std::sync::Arc;

use cutover_clients::tokens::{Keep, NotKept, Place};
use secrecy::SecretString;

/// Whether this program can keep a sign-in at all.
pub(crate) const POSSIBLE: bool = cfg!(feature = "keyring");

/// Which of the two tenants a sign-in is for. In one tenant two people may sign in, each for one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Home,
    Partner,
}

/// The sign-ins of one side, and of the account that is expected there.
#[derive(Debug, Clone)]
pub(crate) struct Entries {
    side: Side,
    account: Option<String>,
}

impl Entries {
    pub(crate) fn of(side: Side, account: Option<String>) -> Self {
        Self { side, account }
    }

    /// What keeps every newer refresh token there.
    pub(crate) fn keeper(self) -> Arc<dyn Keep> {
        Arc::new(self)
    }

    /// What an entry is called: everything that tells one sign-in from another. The tenant is known by its id, however the
    /// configuration writes it, and no other sign-in host gets the token.
    #[cfg_attr(not(any(feature = "keyring", test)), expect(dead_code, reason = "nothing is kept"))]
    fn name(&self, place: Place<'_>) -> String {
        let side = match self.side {
            Side::Home => "home",
            Side::Partner => "partner",
        };
        let account = self.account.as_ref().map(|account| account.to_lowercase());
        format!(
            "{} {} {} {side} {}",
            place.login,
            place.tenant,
            place.client_id,
            account.as_deref().unwrap_or("-")
        )
    }
}

#[cfg(feature = "keyring")]
mod system {
    use cutover_clients::tokens::{NotKept, Place};
    use secrecy::SecretString;

    use crate::output::stream;
    use crate::parts::Parts;

    impl super::Entries {
        fn parts(&self, place: Place<'_>) -> Parts {
            Parts::new(self.name(place), |name| {
                keyring::Entry::new("cutover", name).map(|entry| entry.inner)
            })
        }

        /// The kept refresh token. A keyring that cannot be read is as good as an empty one, and it is said.
        pub(super) fn read(&self, place: Place<'_>) -> Option<SecretString> {
            self.parts(place).read().unwrap_or_else(|error| {
                stream::note(&format!("the system's keyring cannot be read: {error}"));
                None
            })
        }

        /// Forgets it; whether there was one.
        pub(crate) fn forget(&self, place: Place<'_>) -> Result<bool, String> {
            self.parts(place).forget().map_err(|error| error.to_string())
        }

        pub(super) fn write(&self, place: Place<'_>, token: &SecretString) -> Result<(), NotKept> {
            let written = self.parts(place).write(token);
            written.map_err(|error| NotKept::Failed(format!("the system's keyring did not take it: {error}")))
        }
    }
}

#[cfg(not(feature = "keyring"))]
mod system {
    use cutover_clients::tokens::{NotKept, Place};
    use secrecy::SecretString;

    impl super::Entries {
        /// Nothing is kept without a keyring.
        pub(super) fn read(&self, _: Place<'_>) -> Option<SecretString> {
            None
        }

        /// Nothing is kept without a keyring.
        pub(crate) fn forget(&self, _: Place<'_>) -> Result<bool, String> {
            Ok(false)
        }

        pub(super) fn write(&self, _: Place<'_>, _: &SecretString) -> Result<(), NotKept> {
            Err(NotKept::Failed("this program was built without a keyring".to_owned()))
        }
    }
}

impl Keep for Entries {
    fn kept(&self, place: Place<'_>) -> Option<SecretString> {
        self.read(place)
    }

    fn keep(&self, place: Place<'_>, refresh_token: &SecretString) -> Result<(), NotKept> {
        self.write(place, refresh_token)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_sign_in_has_an_entry_of_its_own() {
        let place = Place {
            login: "https://login.microsoftonline.com",
            tenant: Uuid::from_u128(1),
            client_id: Uuid::from_u128(2),
        };
        let of = |side, account: Option<&str>| Entries::of(side, account.map(str::to_owned));
        let elsewhere = Place {
            login: "https://login.example",
            ..place
        };
        let names = [
            of(Side::Home, None).name(place),
            of(Side::Partner, None).name(place),
            of(Side::Home, Some("a@contoso.com")).name(place),
            of(Side::Home, Some("b@contoso.com")).name(place),
            of(Side::Home, None).name(elsewhere),
            of(Side::Home, None).name(Place {
                tenant: Uuid::from_u128(3),
                ..place
            }),
            of(Side::Home, None).name(Place {
                client_id: Uuid::from_u128(3),
                ..place
            }),
        ];
        for (at, name) in names.iter().enumerate() {
            assert!(!names[..at].contains(name), "{name}");
        }
        let written_otherwise = of(Side::Home, Some("A@Contoso.com")).name(place);
        assert_eq!(written_otherwise, names[2]);
    }
}
