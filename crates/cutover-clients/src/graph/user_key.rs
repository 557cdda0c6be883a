//! How a user is named in a path.

use std::str::FromStr;

use uuid::Uuid;

use crate::odata::{quoted, segment};

/// A user's object id or user principal name, checked so that it can stand in a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserKey(Key);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Id(Uuid),
    PrincipalName(String),
}

/// A text that is neither an object id nor a user principal name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an object id nor a user principal name (name@domain)")]
pub struct InvalidUserKey(pub String);

impl From<Uuid> for UserKey {
    fn from(id: Uuid) -> Self {
        Self(Key::Id(id))
    }
}

impl FromStr for UserKey {
    type Err = InvalidUserKey;

    /// Takes an id, or a name with exactly one `@` between two non-empty parts. A guest's name holds `#`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(id) = Uuid::parse_str(text) {
            return Ok(id.into());
        }
        let well_formed = text.len() <= 1024
            && !text.chars().any(char::is_control)
            && text
                .split_once('@')
                .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty() && !domain.contains('@'));
        if well_formed {
            Ok(Self(Key::PrincipalName(text.to_owned())))
        } else {
            Err(InvalidUserKey(text.to_owned()))
        }
    }
}

impl std::fmt::Display for UserKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Key::Id(id) => write!(f, "{id}"),
            Key::PrincipalName(name) => f.write_str(name),
        }
    }
}

impl UserKey {
    /// `/users/{key}`. A name that begins with a dollar sign would be taken for an OData word there, so it
    /// stands in parentheses (reference page of user, get).
    pub(crate) fn path(&self) -> String {
        match &self.0 {
            Key::Id(id) => format!("/users/{id}"),
            Key::PrincipalName(name) if name.starts_with('$') => format!("/users({})", quoted(name)),
            Key::PrincipalName(name) => format!("/users/{}", segment(name)),
        }
    }
}
