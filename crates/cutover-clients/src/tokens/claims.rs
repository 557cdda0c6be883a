//! What an access token says about its holder.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::TokenError;

/// The claims that matter here. The signature is not checked: a token is opaque to its client, and the
/// service that takes it checks it (Entra documentation, access tokens). A token carries the roles of its
/// issue time, up to about 90 minutes ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenClaims {
    /// Tenant of the token.
    pub tid: Uuid,
    /// Who it is for: an address or an application id.
    pub aud: String,
    /// Object id of the user or service principal.
    pub oid: Option<Uuid>,
    /// Client application that signed in.
    pub appid: Option<Uuid>,
    /// `app` for an application alone, `user` for a person.
    pub idtyp: Option<String>,
    /// User principal name or other sign-in name of a person.
    pub upn: Option<String>,
    /// Application permissions, as granted. Empty in an app-only token without any grant: such a token is
    /// issued all the same, so holding a token proves no permission.
    pub roles: Vec<String>,
    /// Delegated permissions, without the scopes of the sign-in itself, which open no data.
    pub scp: Vec<String>,
    /// Template ids of the directory roles held when the token was issued.
    pub wids: Vec<Uuid>,
    /// How the person signed in; holds `mfa` when a second factor was used. Older tokens only.
    pub amr: Vec<String>,
    /// When it was issued.
    pub iat: Option<Timestamp>,
    /// End of validity.
    pub exp: Timestamp,
}

/// Scopes of OpenID Connect.
const SIGN_IN_SCOPES: &[&str] = &["openid", "profile", "email", "offline_access"];

#[derive(Deserialize)]
struct Wire {
    tid: Uuid,
    aud: String,
    oid: Option<Uuid>,
    appid: Option<Uuid>,
    azp: Option<Uuid>,
    idtyp: Option<String>,
    upn: Option<String>,
    preferred_username: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    scp: Option<String>,
    #[serde(default)]
    wids: Vec<Uuid>,
    #[serde(default)]
    amr: Vec<String>,
    iat: Option<i64>,
    exp: i64,
}

impl TokenClaims {
    /// Reads the middle part of a JSON web token.
    pub(crate) fn decode(token: &str) -> Result<Self, TokenError> {
        let mut parts = token.split('.');
        let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(TokenError::NotAToken("it does not have three parts"));
        };
        let payload = URL_SAFE_NO_PAD
            .decode(payload.trim_end_matches('='))
            .map_err(|_| TokenError::NotAToken("its claims are not base64"))?;
        let wire: Wire =
            serde_json::from_slice(&payload).map_err(|_| TokenError::NotAToken("its claims lack tid, aud or exp"))?;
        Ok(Self {
            tid: wire.tid,
            aud: wire.aud,
            oid: wire.oid,
            appid: wire.appid.or(wire.azp),
            idtyp: wire.idtyp,
            upn: wire.upn.or(wire.preferred_username),
            roles: wire.roles,
            scp: wire
                .scp
                .unwrap_or_default()
                .split_whitespace()
                .filter(|scope| !SIGN_IN_SCOPES.contains(scope))
                .map(str::to_owned)
                .collect(),
            wids: wire.wids,
            amr: wire.amr,
            iat: wire.iat.and_then(|issued| Timestamp::from_second(issued).ok()),
            exp: Timestamp::from_second(wire.exp)
                .map_err(|_| TokenError::NotAToken("its end of validity is not a time"))?,
        })
    }

    /// Whether an application signed in by itself. The `idtyp` claim is optional, so a token without it is
    /// taken for an application's when it has no delegated permission.
    pub fn is_application(&self) -> bool {
        match self.idtyp.as_deref() {
            Some(kind) => kind == "app",
            None => self.scp.is_empty(),
        }
    }

    /// Who signed in, as a person reads it.
    pub fn who(&self) -> String {
        let object = || {
            self.oid
                .map_or_else(|| "somebody".to_owned(), |id| format!("the account {id}"))
        };
        match (self.is_application(), self.appid, &self.upn) {
            (true, Some(app), _) => format!("application {app}"),
            (_, _, Some(name)) => name.escape_debug().to_string(),
            _ => object(),
        }
    }

    /// Whether the token says that a person signed in without a second factor; newer tokens say nothing about it.
    pub fn is_without_mfa(&self) -> bool {
        !self.is_application() && !self.amr.is_empty() && !self.amr.iter().any(|way| way == "mfa")
    }

    /// When a person's token was issued that says that a second factor was used; `None` when it does not say so.
    pub fn mfa_issued(&self) -> Option<Timestamp> {
        let used = self.amr.iter().any(|way| way == "mfa");
        self.iat.filter(|_| used && !self.is_application())
    }

    /// The permissions it carries: application permissions for an application, delegated ones for a person.
    pub fn permissions(&self) -> &[String] {
        if self.is_application() { &self.roles } else { &self.scp }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn claims(further: &Value) -> TokenClaims {
        let mut claims = json!({"tid": Uuid::nil(), "aud": "https://graph.microsoft.com", "exp": 1_795_000_000,
                                "iat": 1_794_996_400, "scp": "User.Read", "amr": ["pwd", "mfa"]});
        for (name, value) in further.as_object().unwrap() {
            claims[name] = value.clone();
        }
        TokenClaims::decode(&format!("e30.{}.", URL_SAFE_NO_PAD.encode(claims.to_string()))).unwrap()
    }

    #[test]
    fn only_a_persons_token_with_a_second_factor_shows_one() {
        let issued = Timestamp::from_second(1_794_996_400).unwrap();
        for (what, further, shown) in [
            ("both factors", json!({}), Some(issued)),
            ("a password alone", json!({"amr": ["pwd"]}), None),
            ("no time", json!({"iat": null}), None),
            ("an application", json!({"idtyp": "app"}), None),
        ] {
            assert_eq!(claims(&further).mfa_issued(), shown, "{what}");
        }
    }
}
