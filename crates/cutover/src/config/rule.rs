//! The rules of single values, for answers that are not in a file yet.

use toml::Spanned;

use super::diagnose::Problem;
use super::{environment_url, guid, tenant, user};

/// What an answer has to be, by the very rule of the key that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// `tenant`.
    Tenant,
    /// `sign_in.client_id`.
    Id,
    /// A user principal name.
    User,
    /// `environment.url`.
    Environment,
}

impl Rule {
    /// What is wrong with a text, and what would be right.
    pub(crate) fn fault(self, text: &str) -> Option<String> {
        let text = Spanned::new(0..text.len(), text.to_owned());
        let end = match self {
            Self::Tenant => tenant(&text).map(drop),
            Self::Id => guid(&text).map(drop),
            Self::User => user(&text).map(drop),
            Self::Environment => environment_url(&text).map(drop),
        };
        end.err().as_ref().map(Problem::words)
    }
}
