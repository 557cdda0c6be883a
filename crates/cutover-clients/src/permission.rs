//! What a caller must be allowed for a call.

use crate::directory_role::DirectoryRole;
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
    /// The directory roles of which a signed-in person holds any one beside the delegated permission, the least one
    /// first. Empty where every member of the tenant may, and where Microsoft documents none.
    pub directory_roles: &'static [DirectoryRole],
    /// The roles in Partner Center of which a signed-in person holds any one.
    pub partner_center_roles: &'static [&'static str],
    /// The Dataverse privileges that the caller's security roles must give, all of them.
    pub privileges: &'static [&'static str],
    /// A Dataverse privilege whose name each environment has its own of, in words; needed like those above.
    pub described_privilege: Option<&'static str>,
    /// What else belongs to it, such as the licence that the tenant needs.
    pub note: Option<&'static str>,
    /// Microsoft's page where this is written.
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

    /// The least directory role, when the token is a person's and carries none of those that open the call.
    pub fn lacking_role(&self, claims: &TokenClaims) -> Option<&'static str> {
        let held = |role: &DirectoryRole| claims.wids.contains(&role.template);
        if claims.is_application() || self.directory_roles.iter().any(held) {
            return None;
        }
        self.directory_roles.first().map(|role| role.name)
    }
}
