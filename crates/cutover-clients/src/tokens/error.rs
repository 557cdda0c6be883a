//! Why there is no token.

use std::borrow::Cow;
use std::sync::Arc;

use cutover_core::cloud::Cloud;
use cutover_core::evidence::Service;
use serde::Deserialize;
use uuid::Uuid;

use super::TokenClaims;
use super::aadsts::{Aadsts, explain};
use crate::failure::Waited;
use crate::transport::TransportError;

/// Why there is no token.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenError {
    /// Entra ID refused.
    #[error("sign-in was refused: {0}")]
    Refused(Arc<TokenRefusal>),
    /// The token is of another tenant than the one that was asked for.
    #[error("the token is of tenant {got}, asked for was {asked}")]
    WrongTenant {
        /// The configured tenant.
        asked: Uuid,
        /// The token's `tid`.
        got: Uuid,
    },
    /// The token is for another API than the one that was asked for.
    #[error("the token is for {got:?}, asked for was {asked:?}")]
    WrongAudience {
        /// The API's audience.
        asked: String,
        /// The token's `aud`.
        got: String,
    },
    /// The answer held no readable token.
    #[error("the sign-in answer is not a usable token: {0}")]
    NotAToken(&'static str),
    /// Entra ID gave no answer.
    #[error("the sign-in service gave no answer")]
    Transport(#[from] TransportError),
    /// Entra ID asked to wait longer than this run may wait.
    #[error("the sign-in service is throttling: {0}")]
    Throttled(Waited),
    /// The cloud has no such service, so there is nothing to sign in to.
    #[error("the cloud {cloud} has no {}", service.name())]
    NotInCloud {
        /// Which service.
        service: Service,
        /// Which cloud.
        cloud: Cloud,
    },
    /// The assertion that proves the certificate could not be signed.
    #[error("the certificate's key could not sign the sign-in assertion")]
    Unsigned,
    /// What was given as tenant is neither an id nor a domain name.
    #[error("{0:?} is neither a tenant id nor a domain name")]
    InvalidTenant(String),
    /// A person signed in to Partner Center without a second factor, which it does not take (Partner Center documentation, MFA
    /// for API calls).
    #[error("{} is signed in without multifactor authentication, which Partner Center asks of every person", claims.who())]
    WithoutMfa {
        /// What the token says.
        claims: Arc<TokenClaims>,
    },
    /// A person was asked to sign in and did not.
    #[error("nobody signed in within {minutes} minutes")]
    NobodyCame {
        /// How long was waited.
        minutes: u64,
    },
    /// The way to sign in that was chosen is not to be had here.
    #[error("{what}")]
    Unavailable {
        /// What is in the way.
        what: String,
        /// What to do.
        next_step: Cow<'static, str>,
    },
    /// The sign-in that was kept is not of the account that the configuration names.
    #[error("the sign-in that was kept is of {signed_in}, and the configuration names {expected}")]
    KeptOfSomebodyElse {
        /// Whose it is.
        signed_in: String,
        /// Whose it should be.
        expected: String,
    },
    /// A code was redeemed, and what came back did not arrive. The code is worth nothing any more.
    #[error("the sign-in may have worked, but the answer was lost on its way")]
    AnswerLost,
    /// The request could not be built from the configured addresses.
    #[error("the sign-in request could not be built")]
    InvalidRequest,
}

impl TokenError {
    /// What to do about it, where that is known.
    pub fn next_step(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.advice().map(|known| known.next_step),
            Self::WithoutMfa { .. } => Some(
                "Sign in again with multifactor authentication; if nothing asks for it, have it demanded for this account.",
            ),
            Self::NobodyCame { .. } => Some("Start the command again, and sign in while it waits."),
            Self::Unavailable { next_step, .. } => Some(next_step),
            Self::KeptOfSomebodyElse { .. } => {
                Some("Sign in as the account that is named: cutover login; or correct the name in the configuration.")
            }
            Self::AnswerLost => Some("Start the sign-in again: its code can be used only once."),
            Self::Throttled(_) => Some("Wait some minutes before the next attempt."),
            _ => None,
        }
    }
}

/// Entra's error body (Microsoft identity platform documentation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRefusal {
    /// HTTP status.
    pub status: u16,
    /// OAuth error such as `invalid_client`; the first thing to branch on.
    pub error: String,
    /// AADSTS numbers, most specific first. Microsoft may change them.
    pub codes: Vec<u32>,
    /// The service's own text, shown as given: escape it.
    pub description: String,
    /// Ids with which Microsoft's support finds the attempt.
    pub trace_id: Option<String>,
    /// What a next step by a person may do about it, such as `basic_action`, or `message_only` for nothing.
    pub suberror: Option<String>,
    /// What the next sign-in has to ask for, as JSON text to be passed on unchanged.
    pub claims: Option<String>,
}

impl TokenRefusal {
    /// What the codes mean and what to do next, when known.
    pub fn advice(&self) -> Option<&'static Aadsts> {
        explain(&self.codes)
    }

    /// Reads an error body; anything else is kept as a refusal without codes.
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Wire {
            error: String,
            #[serde(default)]
            error_description: String,
            #[serde(default)]
            error_codes: Vec<u32>,
            trace_id: Option<String>,
            suberror: Option<String>,
            claims: Option<String>,
        }
        match serde_json::from_slice::<Wire>(body) {
            Ok(wire) => Self {
                status,
                error: wire.error,
                codes: wire.error_codes,
                description: wire.error_description,
                trace_id: wire.trace_id,
                suberror: wire.suberror,
                claims: wire.claims,
            },
            Err(_) => Self {
                status,
                error: String::new(),
                codes: Vec::new(),
                description: String::new(),
                trace_id: None,
                suberror: None,
                claims: None,
            },
        }
    }

    /// A refusal that came by another way than Entra's error body, such as a redirect. Only its text holds the code then.
    pub(crate) fn carried(error: String, description: String) -> Self {
        let number = description.split("AADSTS").nth(1).map(|rest| {
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default().parse()
        });
        Self {
            status: 0,
            error,
            codes: number.into_iter().flatten().collect(),
            description,
            trace_id: None,
            suberror: None,
            claims: None,
        }
    }
}

impl std::fmt::Display for TokenRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.advice(), self.codes.first()) {
            (Some(advice), Some(code)) => write!(f, "{} (AADSTS{code})", advice.meaning),
            (None, Some(code)) => write!(f, "{} (AADSTS{code})", self.error.escape_debug()),
            _ if self.error.is_empty() => write!(f, "status {}", self.status),
            _ => write!(f, "{}", self.error.escape_debug()),
        }
    }
}
