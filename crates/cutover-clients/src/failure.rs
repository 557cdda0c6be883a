//! Why a call gave no fact.

use std::time::Duration;

use cutover_core::cloud::{Cloud, Lack};
use http::StatusCode;
use serde_json::Value;

use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::explanation::{Explanation, explain};
use crate::tokens::{TokenClaims, TokenError};
use crate::wire::without_mark;

/// Why a call gave no fact. Texts of a service are kept as given: whoever shows them escapes them.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The cloud that the tenant is in does not have the call, so it was not sent.
    #[error("the cloud {cloud} does not have it: {}", lack.why)]
    NotInCloud {
        /// Which cloud.
        cloud: Cloud,
        /// What is lacking.
        lack: &'static Lack,
    },
    /// There is no token for the service.
    #[error("not signed in: {0}")]
    NotSignedIn(TokenError),
    /// The caller is not allowed.
    #[error("refused for want of a right ({code})")]
    Forbidden {
        /// The service's error code.
        code: String,
        /// The service's text.
        message: String,
        /// Graph permissions the token should carry and does not, the least ones; empty when it carries
        /// enough, so that what lacks is a directory role or the like.
        lacking: Vec<&'static str>,
        /// The Dataverse privilege that the service's text names.
        privilege: Option<String>,
        /// The least directory role that opens the call, when a person's token carries none of those that do.
        role: Option<&'static str>,
    },
    /// The caller is not allowed, or is refused in another way whose meaning Microsoft documents.
    #[error("{} ({})", explanation.meaning, if code.is_empty() { status.to_string() } else { code.clone() })]
    Explained {
        /// HTTP status.
        status: u16,
        /// The service's error code, empty when it gave none.
        code: String,
        /// The service's text.
        message: String,
        /// What it means and what to do.
        explanation: &'static Explanation,
    },
    /// The tenant lacks a licence.
    #[error("the tenant has no {edition} licence ({code})")]
    NoLicence {
        /// Which edition of Entra ID is needed.
        edition: Edition,
        /// The service's error code.
        code: String,
    },
    /// There is no such object.
    #[error("not found ({code})")]
    NotFound {
        /// The service's error code.
        code: String,
        /// The service's text.
        message: String,
    },
    /// A beta path exists no longer.
    #[error("the beta call exists no longer ({code})")]
    Gone {
        /// The service's error code.
        code: String,
        /// The service's text.
        message: String,
    },
    /// The service refused or failed in another way.
    #[error("refused with status {status} ({code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The service's error code, empty when it gave none.
        code: String,
        /// The service's text.
        message: String,
    },
    /// The service asked to wait longer or more often than a check may wait.
    #[error("the service is throttling")]
    Throttled(Waited),
    /// The service did not answer in time.
    #[error("no answer in time")]
    TimedOut(Waited),
    /// The service could not be reached, or its connections broke.
    #[error("not reachable: {message}")]
    Unreachable {
        /// What the network said.
        message: String,
    },
    /// The answer is not what the service documents.
    #[error("the answer is not readable: {message}")]
    Unreadable {
        /// What is wrong, naming the property; about 200 letters at most.
        message: String,
    },
    /// The answer has more pages or bytes than a named object can sensibly have.
    #[error("the answer is too large")]
    TooMuch,
}

/// How long an answer was waited for before the question was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waited {
    /// How often it was asked; 0 when an earlier answer forbade to ask at all.
    pub asked: u32,
    /// From the question until it was given up.
    pub waited: Duration,
    /// How much longer it would have to be waited before the next request, when that is known.
    pub wanted: Option<Duration>,
    /// The longest that one question may take.
    pub most: Duration,
}

impl std::fmt::Display for Waited {
    /// As a person reads it: how often, how long, what for, and what the bound is.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.asked {
            0 if self.wanted.is_some() => out.write_str("not asked, because its limits leave no room in time")?,
            0 => write!(
                out,
                "not asked, because sign-in and its limits took {}",
                Span(self.waited)
            )?,
            1 => write!(out, "asked once, waited {}", Span(self.waited))?,
            times => write!(out, "asked {times} times, waited {}", Span(self.waited))?,
        }
        if let Some(wanted) = self.wanted {
            write!(out, "; the next request may come in {}", Span(wanted))?;
        }
        write!(out, "; one question may take {} at most", Span(self.most))
    }
}

/// A length of time in whole seconds, rounded up.
struct Span(Duration);

impl std::fmt::Display for Span {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.0.as_secs().saturating_add(u64::from(self.0.subsec_nanos() > 0));
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, seconds) => write!(out, "{seconds} s"),
            (0, minutes, 0) => write!(out, "{minutes} min"),
            (0, minutes, seconds) => write!(out, "{minutes} min {seconds} s"),
            (hours, 0, _) => write!(out, "{hours} h"),
            (hours, minutes, _) => write!(out, "{hours} h {minutes} min"),
        }
    }
}

/// An edition of Microsoft Entra ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// Entra ID P1.
    P1,
    /// Entra ID P2 or Governance.
    P2,
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::P1 => "Entra ID P1",
            Self::P2 => "Entra ID P2",
        })
    }
}

/// How many letters of a text from an answer stand in a message of this crate.
const MOST_LETTERS: usize = 200;

impl Failure {
    /// An answer that is not as documented. The message may quote from it, so it is cut to a readable length.
    pub(crate) fn unreadable(message: impl Into<String>) -> Self {
        let mut message = message.into();
        if let Some((end, _)) = message.char_indices().nth(MOST_LETTERS) {
            message.truncate(end);
            message.push('…');
        }
        Self::Unreadable { message }
    }

    fn forbidden(code: String, message: String, lacking: Vec<&'static str>, role: Option<&'static str>) -> Self {
        Self::Forbidden {
            lacking,
            role,
            privilege: named_privilege(&message),
            code,
            message,
        }
    }

    /// What an answer that is not a success means.
    pub(crate) fn from_answer(
        spec: &CallSpec,
        status: StatusCode,
        body: &[u8],
        claims: Option<&TokenClaims>,
        waited: Waited,
    ) -> Self {
        let (code, message) = said(spec.api, body);
        let edition = match code.as_str() {
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant" => Some(Edition::P1),
            "AadPremiumLicenseRequired" => Some(Edition::P2),
            _ => None,
        };
        if let Some(edition) = edition {
            return Self::NoLicence { edition, code };
        }
        let unknown_segment = message
            .to_ascii_lowercase()
            .contains("resource not found for the segment");
        let beta = spec.api == Api::GraphBeta;
        let application = claims.is_some_and(TokenClaims::is_application);
        let lacking = claims
            .filter(|_| spec.api != Api::Dataverse)
            .map(|claims| spec.permission.lacking(claims))
            .unwrap_or_default();
        let role = claims.and_then(|claims| spec.permission.lacking_role(claims));
        let explanation = explain(spec.api, status, &code, application);
        match status {
            // A permission that the token lacks says more than what the refusal means in general.
            StatusCode::FORBIDDEN if !lacking.is_empty() => Self::forbidden(code, message, lacking, role),
            status if let Some(explanation) = explanation => Self::Explained {
                status: status.as_u16(),
                code,
                message,
                explanation,
            },
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND if beta && unknown_segment => Self::Gone { code, message },
            StatusCode::GONE if beta => Self::Gone { code, message },
            StatusCode::NOT_FOUND => Self::NotFound { code, message },
            StatusCode::FORBIDDEN => Self::forbidden(code, message, lacking, role),
            StatusCode::TOO_MANY_REQUESTS => Self::Throttled(waited),
            status => Self::Refused {
                status: status.as_u16(),
                code,
                message,
            },
        }
    }
}

/// Code and text of an error, in the shapes that the services write: `error` with both in it; Power Platform also
/// `errorDetail` (`ValidationResponse`); Partner Center `code`, a number or a text, and `description`; the gateway before
/// both `statusCode` and `message`. Each shape only where it is documented: what a stranger between us and the service
/// writes must not pass for its word.
pub(crate) fn said(api: Api, body: &[u8]) -> (String, String) {
    let body = serde_json::from_slice::<Value>(without_mark(body)).unwrap_or_default();
    let error = match api {
        Api::Graph | Api::GraphBeta | Api::Dataverse => body.get("error"),
        Api::PowerPlatform => body.get("error").or_else(|| body.get("errorDetail")).or(Some(&body)),
        Api::PartnerCenter => Some(&body),
    };
    let property = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| match error?.get(name)? {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                Value::Object(fields) if !fields.is_empty() => Some(Value::from(fields.clone()).to_string()),
                _ => None,
            })
            .unwrap_or_default()
    };
    (
        property(&["code"]),
        property(&["message", "description", "fieldErrors"]),
    )
}

/// The privilege that Dataverse names in its refusals, such as `prvReadRole`.
fn named_privilege(message: &str) -> Option<String> {
    message
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .find(|word| {
            word.strip_prefix("prv")
                .and_then(|rest| rest.chars().next())
                .is_some_and(|first| first.is_ascii_uppercase())
        })
        .map(str::to_owned)
}
