//! Who calls: what a verified access token says.

/// The identity behind a verified access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// `tid`: the tenant the token was issued by.
    pub tenant_id: String,
    /// `appid`: the application that asked for the token.
    pub app_id: String,
    /// `oid`: the user's object id, or the service principal's for an app-only token.
    pub object_id: String,
    /// `upn` of a user; `None` for an app-only token.
    pub upn: Option<String>,
    /// `scp`, split at blanks: delegated permissions. Empty for an app-only token.
    pub scopes: Vec<String>,
    /// `roles`: application permissions. Empty when none is granted.
    pub roles: Vec<String>,
    /// `wids`: role templates the identity held when the token was issued.
    pub wids: Vec<String>,
    /// `amr`: how a user proved who he is; `mfa` among it after a second factor.
    pub amr: Vec<String>,
}

impl Caller {
    /// Whether this is an app-only token.
    pub fn is_application(&self) -> bool {
        self.upn.is_none()
    }

    /// Whether the identity held a directory role, by its template, when the token was issued.
    pub fn holds(&self, template: &str) -> bool {
        self.wids.iter().any(|held| held.eq_ignore_ascii_case(template))
    }
}
