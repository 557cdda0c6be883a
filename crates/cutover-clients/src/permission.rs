//! What a caller must be allowed for a call.

use crate::tokens::TokenClaims;

/// The permissions of one call: any one of a list suffices, the least one first.
#[derive(Debug, PartialEq, Eq)]
pub struct Permission {
    /// Application permissions of Microsoft Graph, any one of them. Empty for Dataverse.
    pub application: &'static [&'static str],
    /// Delegated permissions, any one of them. For Dataverse `user_impersonation`.
    pub delegated: &'static [&'static str],
    /// Needed beside one of the lists above, any one of them, in either kind of sign-in, for the answer to be
    /// whole; empty when nothing more is needed.
    pub also: &'static [&'static str],
    /// The Dataverse privileges that the caller's security roles must give, all of them.
    pub privileges: &'static [&'static str],
    /// The directory role that a signed-in person needs as well, or the licence that the tenant needs.
    pub note: Option<&'static str>,
    /// Where this is written.
    pub source: &'static str,
}

impl Permission {
    /// The least permission of each list of which the token carries none; empty when it carries enough.
    ///
    /// For Dataverse nothing is lacking as far as a token can tell: its rights come from security roles.
    pub fn lacking(&self, claims: &TokenClaims) -> Vec<&'static str> {
        let main = if claims.is_application() {
            self.application
        } else {
            self.delegated
        };
        let held = claims.permissions();
        [main, self.also]
            .into_iter()
            .filter(|list| {
                !list
                    .iter()
                    .any(|wanted| held.iter().any(|one| one.eq_ignore_ascii_case(wanted)))
            })
            .filter_map(|list| list.first().copied())
            .collect()
    }
}
