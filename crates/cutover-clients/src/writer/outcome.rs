//! What came of a write.

use cutover_core::evidence::Service;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clock::after;
use crate::failure::{Failure, said};
use crate::retry_after::retry_after;
use crate::tokens::TokenError;
use crate::wave::part::with_headers;
use crate::wire::without_mark;
use crate::write::Write;

/// What came of a write that was sent. A write is never sent again by itself.
#[derive(Debug, Clone)]
pub enum WriteOutcome {
    /// The service says that it is done, with what it answered; null for nothing. Headers that the call names as part of the
    /// answer stand in it.
    Done(Value),
    /// The service says that it did nothing.
    Refused(Refused),
    /// Nobody knows: it is settled by looking.
    Unknown {
        /// What happened.
        why: String,
    },
}

/// A refusal: nothing was changed.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Who refused.
    pub service: Service,
    /// HTTP status.
    pub status: u16,
    /// The service's error code, empty when it gave none.
    pub code: String,
    /// The service's text. Whoever shows it escapes it.
    pub message: String,
    /// Before when the same must not be sent again, when the service put it off.
    pub again: Option<Timestamp>,
    /// What it means.
    pub failure: Failure,
}

impl Refused {
    /// Whether the service's code is this one, however it writes it.
    pub fn is(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code)
    }

    /// Whether the service's text holds these words.
    pub fn says(&self, words: &str) -> bool {
        self.message.to_ascii_lowercase().contains(&words.to_ascii_lowercase())
    }
}

/// Why a write was not sent: nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotSent {
    /// The token is of another tenant than the plan.
    #[error("the sign-in is in the tenant {got}, the plan is for {planned}: sign in there, or plan again")]
    OtherTenant {
        /// The plan's.
        planned: Uuid,
        /// The token's.
        got: Uuid,
    },
    /// Somebody else is signed in than the plan was made for.
    #[error("{who} is signed in, the plan was made for the account {planned}: sign in as that account, or plan again")]
    OtherCaller {
        /// Object id of the plan's caller.
        planned: Uuid,
        /// Who it is, as a person reads it.
        who: String,
    },
    /// The environment is another one than the plan's.
    #[error("the environment answers as the organisation {got}, the plan is for {planned}: plan again")]
    OtherOrganization {
        /// The plan's.
        planned: Uuid,
        /// What the environment says.
        got: Uuid,
    },
    /// The plan does not say which organisation it is for.
    #[error(
        "the plan does not know the organisation id of the environment: name it in the configuration and plan again"
    )]
    OrganizationNotPlanned,
    /// The environment did not say which organisation it is.
    #[error("the environment did not say which organisation it is: {0}")]
    OrganizationUnread(Failure),
    /// There is no token.
    #[error("not signed in: {0}")]
    NotSignedIn(TokenError),
    /// The service asked to wait.
    #[error("the limits of {} leave no room before {until}", service.name())]
    NotYet {
        /// Which service.
        service: Service,
        /// Before when nothing may be sent.
        until: Timestamp,
    },
    /// The service could not be reached at all.
    #[error("{} could not be reached: {message}", service.name())]
    Unreachable {
        /// Which service.
        service: Service,
        /// What the network said.
        message: String,
    },
    /// The cloud of the tenant does not have it.
    #[error("the cloud of this tenant does not have {request}: {why}")]
    NotInCloud {
        /// Method and address.
        request: String,
        /// What is lacking.
        why: &'static str,
    },
}

impl NotSent {
    /// Whether the same would be the case again, however often it is tried.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::OtherTenant { .. }
                | Self::OtherCaller { .. }
                | Self::OtherOrganization { .. }
                | Self::OrganizationNotPlanned
                | Self::NotInCloud { .. }
        )
    }
}

/// What an answer to a write says.
pub(super) fn of_answer<On>(
    write: &Write<On>,
    now: Timestamp,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    refusal: impl FnOnce() -> Failure,
) -> WriteOutcome {
    let unknown = |why: String| WriteOutcome::Unknown { why };
    let request = write.request();
    let service = write.spec.service.name();
    let told = retry_after(now, headers).map(|wait| after(now, wait));
    if status == StatusCode::ACCEPTED
        && write
            .spec
            .answer_headers
            .iter()
            .any(|name| !headers.contains_key(*name))
    {
        return unknown(format!(
            "{service} accepted {request} and did not say where its outcome is told"
        ));
    }
    if status.is_success() {
        let answer = match serde_json::from_slice(without_mark(body)).unwrap_or_default() {
            // The body of a 202 may be empty: its header is the answer.
            Value::Null if !write.spec.answer_headers.is_empty() => Value::Object(Map::new()),
            answer => answer,
        };
        return WriteOutcome::Done(with_headers(write.spec, answer, headers));
    }
    let put_off = match status {
        StatusCode::TOO_MANY_REQUESTS => Some(told.unwrap_or_else(|| after(now, super::UNTOLD_WAIT))),
        // Whoever says when to come back has not begun; any other failure of a server may come after the effect.
        StatusCode::SERVICE_UNAVAILABLE => told,
        _ => None,
    };
    let undecided = !status.is_client_error() || status == StatusCode::REQUEST_TIMEOUT;
    if undecided && put_off.is_none() && status != StatusCode::NOT_IMPLEMENTED {
        return unknown(format!("{service} answered {request} with status {}", status.as_u16()));
    }
    let (code, message) = said(write.spec.api, body);
    WriteOutcome::Refused(Refused {
        service: write.spec.service,
        status: status.as_u16(),
        code,
        message,
        again: put_off,
        failure: refusal(),
    })
}
