//! A secret of any length in a keyring whose entries are short: Windows takes 2,560 bytes of UTF-16 in one, and refresh tokens are
//! longer.

use jiff::Timestamp;
use keyring_core::{Entry, Error};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// How many characters of the secret go into one entry; there is room for what stands before them.
const PART: usize = 1200;

/// Opens an entry by its name.
type Open = Box<dyn Fn(&str) -> Result<Entry, Error>>;

/// The entries of one secret: the first has its name, the others that name with a number. Each begins with a mark of the writing
/// it belongs to, so that what two programs wrote at a time is not put together.
pub(crate) struct Parts {
    name: String,
    open: Open,
}

impl Parts {
    pub(crate) fn new(name: String, open: impl Fn(&str) -> Result<Entry, Error> + 'static) -> Self {
        Self {
            name,
            open: Box::new(open),
        }
    }

    fn entry(&self, number: usize) -> Result<Entry, Error> {
        match number {
            0 => (self.open)(&self.name),
            number => (self.open)(&format!("{} #{number}", self.name)),
        }
    }

    fn text(&self, number: usize) -> Result<Option<Zeroizing<String>>, Error> {
        match self.entry(number)?.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The secret; `None` as well when its parts do not belong together.
    pub(crate) fn read(&self) -> Result<Option<SecretString>, Error> {
        let Some(first) = self.text(0)? else { return Ok(None) };
        let mut head = first.splitn(3, ':');
        let (Some(mark), Some(Ok(count)), Some(begin)) =
            (head.next(), head.next().map(str::parse::<usize>), head.next())
        else {
            return Ok(None);
        };
        let mut whole = Zeroizing::new(begin.to_owned());
        for number in 1..count {
            let part = self.text(number)?;
            let Some((of, text)) = part.as_ref().and_then(|part| part.split_once(':')) else {
                return Ok(None);
            };
            if of != mark {
                return Ok(None);
            }
            whole.push_str(text);
        }
        Ok(Some(SecretString::from(whole.as_str())))
    }

    /// Writes the secret in place of an older one; the first entry last, so that a broken-off writing is no secret.
    pub(crate) fn write(&self, secret: &SecretString) -> Result<(), Error> {
        let letters = Zeroizing::new(secret.expose_secret().chars().collect::<Vec<char>>());
        let parts: Vec<&[char]> = letters.chunks(PART).collect();
        let mark = Timestamp::now().as_nanosecond();
        for (number, part) in parts.iter().enumerate().rev() {
            let part = Zeroizing::new(part.iter().collect::<String>());
            let text = Zeroizing::new(match number {
                0 => format!("{mark}:{}:{}", parts.len(), *part),
                _ => format!("{mark}:{}", *part),
            });
            self.entry(number)?.set_password(&text)?;
        }
        self.forget_from(parts.len().max(1)).map(drop)
    }

    /// Forgets it; whether there was one.
    pub(crate) fn forget(&self) -> Result<bool, Error> {
        self.forget_from(0)
    }

    fn forget_from(&self, first: usize) -> Result<bool, Error> {
        let mut number = first;
        loop {
            match self.entry(number)?.delete_credential() {
                Ok(()) => number += 1,
                // A writing that was broken off has no first entry.
                Err(Error::NoEntry) if number == 0 => {
                    self.forget_from(1)?;
                    return Ok(false);
                }
                Err(Error::NoEntry) => return Ok(number > first),
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use keyring_core::api::CredentialStoreApi;
    use keyring_core::mock::Store;

    use super::*;

    fn drawer() -> (Arc<Store>, Parts) {
        let store = Store::new().unwrap();
        let of = Arc::clone(&store);
        let parts = Parts::new("one sign-in".to_owned(), move |name| of.build("cutover", name, None));
        (store, parts)
    }

    fn stored(store: &Arc<Store>, name: &str) -> Result<String, Error> {
        store.build("cutover", name, None).unwrap().get_password()
    }

    #[test]
    fn a_long_secret_is_split_and_put_together_again() {
        let (store, parts) = drawer();
        assert!(parts.read().unwrap().is_none());
        let read = || parts.read().unwrap().map(|secret| secret.expose_secret().to_owned());
        let long: String = (0..2_000).map(|at| char::from(b'a' + (at % 26) as u8)).collect();
        for secret in [long.clone(), "x".repeat(PART), long.repeat(3), "short".to_owned(), long] {
            parts.write(&SecretString::from(secret.as_str())).unwrap();
            assert_eq!(read().as_deref(), Some(secret.as_str()));
            let count = secret.len().div_ceil(PART);
            for number in 0..count {
                let name = if number == 0 {
                    "one sign-in".to_owned()
                } else {
                    format!("one sign-in #{number}")
                };
                let text = stored(&store, &name).unwrap();
                assert!(text.encode_utf16().count() <= 1_280, "{number}: {}", text.len());
            }
            // Nothing of a longer one is left.
            let behind = stored(&store, &format!("one sign-in #{count}"));
            assert!(matches!(behind, Err(Error::NoEntry)), "{behind:?}");
        }
        assert!(parts.forget().unwrap());
        assert!(!parts.forget().unwrap());
        assert!(parts.read().unwrap().is_none());
        assert!(matches!(stored(&store, "one sign-in #1"), Err(Error::NoEntry)));
    }

    #[test]
    fn parts_of_two_writings_are_not_put_together() {
        let (store, parts) = drawer();
        parts.write(&SecretString::from("a".repeat(2_000))).unwrap();
        let other = store.build("cutover", "one sign-in #1", None).unwrap();
        other.set_password("1:bbb").unwrap();
        assert!(parts.read().unwrap().is_none());
        other.delete_credential().unwrap();
        assert!(parts.read().unwrap().is_none());
    }

    #[test]
    fn what_the_keyring_refuses_is_an_error() {
        let (store, parts) = drawer();
        let secret = SecretString::from("x".repeat(2_000));
        parts.write(&secret).unwrap();
        let entry = store.build("cutover", "one sign-in", None).unwrap();
        let of_mock: &keyring_core::mock::Cred = entry.as_any().downcast_ref().unwrap();
        of_mock.set_error(Error::TooLong("password".to_owned(), 1_280));
        assert!(parts.write(&secret).is_err());
    }
}
