//! One fact: known with the calls that showed it, or unknown with the reason.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::Call;

/// Something about a tenant. There is no default value: what could not be read is [`Fact::Unknown`], and says why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fact<T> {
    /// Read from a service.
    Known {
        /// What was read.
        value: T,
        /// The calls that showed it; at least one.
        calls: Calls,
    },
    /// Could not be read.
    Unknown(Blind),
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::Unknown(Blind::not_collected())
    }
}

impl<T> Fact<T> {
    /// A fact shown by one call.
    pub fn known(value: T, call: Call) -> Self {
        Self::Known {
            value,
            calls: Calls(vec![call]),
        }
    }

    /// The value and its calls, or the reason there is none.
    pub fn read(&self) -> Result<(&T, &Calls), &Blind> {
        match self {
            Self::Known { value, calls } => Ok((value, calls)),
            Self::Unknown(blind) => Err(blind),
        }
    }

    /// The value alone, or the reason there is none.
    pub fn value(&self) -> Result<&T, &Blind> {
        self.read().map(|(value, _)| value)
    }

    /// Makes a known fact unknown for a reason that has nothing to do with the call.
    pub(super) fn distrust(&mut self, why: &Blind) {
        if matches!(self, Self::Known { .. }) {
            *self = Self::Unknown(why.clone());
        }
    }

    /// Whether nobody asked for this fact; such facts are left out of stored files.
    pub fn is_not_collected(&self) -> bool {
        matches!(
            self,
            Self::Unknown(Blind {
                reason: Reason::NotCollected,
                ..
            })
        )
    }
}

impl<T> Fact<Vec<T>> {
    /// These and more, as one fact; when either is unknown, all of it is.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        match (self, more) {
            (
                Self::Known { mut value, calls },
                Self::Known {
                    value: more,
                    calls: more_calls,
                },
            ) => {
                value.extend(more);
                Self::Known {
                    value,
                    calls: calls.and(&more_calls),
                }
            }
            (unknown @ Self::Unknown(_), _) | (_, unknown) => unknown,
        }
    }
}

/// One or more calls: what a known fact stands on. It cannot be empty, not even in a stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Call>")]
#[schemars(with = "Vec<Call>")]
pub struct Calls(Vec<Call>);

/// A known fact without any call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a known fact must name the call that showed it")]
pub struct NoCalls;

impl TryFrom<Vec<Call>> for Calls {
    type Error = NoCalls;

    fn try_from(calls: Vec<Call>) -> Result<Self, NoCalls> {
        if calls.is_empty() {
            Err(NoCalls)
        } else {
            Ok(Self(calls))
        }
    }
}

impl Calls {
    /// These calls and more.
    #[must_use]
    pub fn and(mut self, more: &Calls) -> Self {
        for call in &more.0 {
            if !self.0.contains(call) {
                self.0.push(call.clone());
            }
        }
        self
    }

    /// The calls, in the order they were made.
    pub fn as_slice(&self) -> &[Call] {
        &self.0
    }
}

/// Why a fact is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blind {
    /// The kind of obstacle.
    pub reason: Reason,
    /// What happened, for a person: a lower-case fragment.
    pub message: String,
    /// What would open the view: permissions, privileges, roles or licences, any one of which is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacking: Vec<String>,
    /// The call that failed; absent when none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Box<Call>>,
}

/// The kinds of obstacle between cutover and a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Nobody asked for it.
    NotCollected,
    /// The token lacks the permission (scope or application role).
    MissingPermission,
    /// The signed-in identity lacks a role or privilege.
    MissingRole,
    /// The tenant lacks a licence for the feature.
    MissingLicence,
    /// The service refused for another reason.
    Refused,
    /// No sign-in was possible.
    NotSignedIn,
    /// No answer in time.
    TimedOut,
    /// No connection.
    Unreachable,
    /// The service asked to wait longer than was allowed.
    Throttled,
    /// A beta call that is no longer there.
    BetaGone,
    /// The cloud that the tenant is in does not have it.
    NotInCloud,
    /// The answer could not be understood.
    Unreadable,
    /// It was read, and still cannot be told from it.
    NotDecidable,
    /// It builds on another fact that is not known.
    DependsOn,
}

impl Blind {
    /// Nobody asked for the fact.
    pub fn not_collected() -> Self {
        Self {
            reason: Reason::NotCollected,
            message: "was not collected".into(),
            lacking: Vec::new(),
            call: None,
        }
    }

    /// The fact builds on `other`, which is not known.
    pub fn depends_on(other: &Blind) -> Self {
        match other.reason {
            Reason::NotCollected => other.clone(),
            _ => Self {
                reason: Reason::DependsOn,
                ..other.clone()
            },
        }
    }

    /// It was read, and what is asked cannot be told from it; the first call shows where to look.
    pub fn not_decidable(message: impl Into<String>, calls: &Calls) -> Self {
        let call = calls.as_slice().first().cloned().map(Box::new);
        Self {
            reason: Reason::NotDecidable,
            message: message.into(),
            lacking: Vec::new(),
            call,
        }
    }

    /// An answer came, but does not hold what Microsoft documents.
    pub fn unreadable(message: impl Into<String>, call: Option<Box<Call>>) -> Self {
        Self {
            reason: Reason::Unreadable,
            message: message.into(),
            lacking: Vec::new(),
            call,
        }
    }
}

impl From<&Blind> for Blind {
    fn from(blind: &Blind) -> Self {
        blind.clone()
    }
}
