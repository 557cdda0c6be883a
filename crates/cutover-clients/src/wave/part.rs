//! One question on its way: its pages, its waits, its end.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::pages::{Next, Pages};
use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::connection::Connection;
use crate::explanation::explain;
use crate::failure::{Failure, Waited, said};
use crate::retry::{Patience, Round, Verdict};
use crate::service_root::ServiceRoot;
use crate::tokens::{TokenClaims, challenge};
use crate::transport::TransportError;
use crate::wire::{HEADERS, without_mark};

/// What came back for one part, alone or inside a batch.
#[derive(Debug)]
pub(super) enum Reply {
    /// An answer.
    Answer(PartAnswer),
    /// No answer.
    Silence(TransportError),
    /// A batch answered, but not for this part.
    Missing,
}

/// How many headers of a part are kept. Services send a dozen; a map of headers takes thirty thousand before it panics.
const MOST_HEADERS: usize = 100;

/// Keeps a header of a part, unless there are too many.
pub(super) fn keep_header(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if headers.len() < MOST_HEADERS {
        // A header that does not fit is one that nobody looks for.
        let _ = headers.try_append(name, value);
    }
}

/// Status, headers and body of one part.
#[derive(Debug, Clone)]
pub(crate) struct PartAnswer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The id of the request that carried it, for parts without an id of their own.
    pub(crate) carrier_id: Option<String>,
}

/// A question that is settled.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) place: usize,
    pub(super) status: Option<u16>,
    pub(super) request_id: Option<String>,
    pub(super) at: Timestamp,
    pub(super) result: Result<Value, Failure>,
    /// The least permissions the token lacks for this call.
    pub(super) lacking: Vec<&'static str>,
}

/// What to do after a reply.
#[derive(Debug)]
pub(super) enum Step {
    /// Settled.
    Done(Box<Outcome>),
    /// Ask again or ask for the next page, not before [`Part::not_before`].
    Ask(Box<Part>),
    /// The token was refused; ask again with another one, which has what the service asks for.
    Renew(Box<Part>, Option<String>),
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) spec: &'static CallSpec,
    /// What to ask next: path and query below the version.
    pub(super) url: String,
    /// What an action is to evaluate; empty for everything else.
    pub(super) body: String,
    /// The token of the next page, where it travels in a header.
    pub(super) continuation: Option<HeaderValue>,
    /// Not to be asked before this time.
    pub(super) not_before: Timestamp,
    /// Not to be put into a batch, because a batch left it unanswered.
    pub(super) alone: bool,
    place: usize,
    tenant: Uuid,
    pages: Pages,
    patience: Patience,
    renewed: bool,
}

impl Part {
    pub(super) fn new(
        place: usize,
        spec: &'static CallSpec,
        url: String,
        most: usize,
        body: String,
        (connection, tenant): (&Connection, Uuid),
    ) -> Self {
        Self {
            spec,
            pages: Pages::new(spec, url.clone(), most),
            url,
            body,
            continuation: None,
            not_before: connection.clock.now(),
            alone: false,
            place,
            tenant,
            patience: Patience::begin(connection),
            renewed: false,
        }
    }

    /// When the question ends unanswered, whatever happens.
    pub(super) fn deadline(&self) -> Timestamp {
        self.patience.deadline()
    }

    /// What tells this request from others when it was refused.
    fn request(&self) -> String {
        let continuation = self.continuation.as_ref().map(HeaderValue::as_bytes);
        format!(
            "{} {:?} {} {} {continuation:?}",
            self.tenant, self.spec.api, self.url, self.body
        )
    }

    /// Puts the question off as long as an earlier answer to the same one demanded; ends it when that is too long.
    pub(super) fn admitted(mut self, connection: &Connection) -> Result<Self, Box<Outcome>> {
        let Some(not_before) = connection.pace.not_before(&self.request()) else {
            return Ok(self);
        };
        self.not_before = self.not_before.max(not_before);
        if self.not_before > self.deadline() {
            return Err(Box::new(self.put_off(connection.clock.now(), not_before)));
        }
        Ok(self)
    }

    /// Ends a question that could be asked next at `then`, which is too late.
    pub(super) fn put_off(self, now: Timestamp, then: Timestamp) -> Outcome {
        if then <= now {
            return self.out_of_time(now);
        }
        let waited = self.patience.waited(now, Some(then));
        self.fail(now, Failure::Throttled(waited))
    }

    /// Ends a question for which there is no time left.
    pub(super) fn out_of_time(self, now: Timestamp) -> Outcome {
        let waited = self.patience.waited(now, None);
        self.fail(now, Failure::TimedOut(waited))
    }

    /// Ends the question without an answer.
    pub(super) fn fail(self, at: Timestamp, failure: Failure) -> Outcome {
        Outcome {
            place: self.place,
            status: None,
            request_id: None,
            at,
            result: Err(failure),
            lacking: Vec::new(),
        }
    }

    /// Takes in what came back.
    pub(super) fn take(mut self, reply: Reply, round: &Round<'_>, root: &ServiceRoot, claims: &TokenClaims) -> Step {
        let now = round.now;
        let answer = match reply {
            Reply::Answer(answer) => answer,
            Reply::Missing => {
                self.alone = true;
                return Step::Ask(Box::new(self));
            }
            Reply::Silence(error) => {
                return match self.patience.after_silence(round, &error) {
                    Verdict::Again(at) => {
                        self.not_before = at;
                        Step::Ask(Box::new(self))
                    }
                    Verdict::Final => {
                        let waited = self.patience.waited(now, None);
                        Step::Done(Box::new(self.fail(now, silence(&error, waited))))
                    }
                };
            }
        };
        if answer.status == StatusCode::UNAUTHORIZED && !self.renewed {
            let challenge = challenge(&answer.headers);
            if challenge.is_some() || another_token_may_do(self.spec, &answer, claims) {
                self.renewed = true;
                return Step::Renew(Box::new(self), challenge);
            }
        }
        let result = if answer.status.is_success() {
            match self.pages.take(&answer.body, root) {
                Ok(Some(_)) if !self.patience.next_page(round) => {
                    Err(Failure::TimedOut(self.patience.waited(now, None)))
                }
                Ok(Some(Next { url, continuation })) => {
                    self.url = url;
                    self.continuation = continuation;
                    self.not_before = now;
                    return Step::Ask(Box::new(self));
                }
                Ok(None) => Ok(with_headers(self.spec, self.pages.whole(), &answer.headers)),
                Err(failure) => Err(failure),
            }
        } else {
            let verdict = self.patience.after_answer(round, answer.status, &answer.headers);
            if let Some(told) = self.patience.told() {
                round.connection.pace.refused(now, self.request(), told);
            }
            match verdict {
                Verdict::Again(at) => {
                    self.not_before = at;
                    return Step::Ask(Box::new(self));
                }
                Verdict::Final => Err(Failure::from_answer(
                    self.spec,
                    answer.status,
                    &answer.body,
                    Some(claims),
                    self.patience.waited(now, self.patience.told()),
                )),
            }
        };
        Step::Done(Box::new(Outcome {
            place: self.place,
            status: Some(answer.status.as_u16()),
            request_id: request_id(self.spec.api, &answer),
            at: now,
            result,
            lacking: match self.spec.api {
                Api::Graph | Api::GraphBeta => self.spec.permission.lacking(claims),
                Api::Dataverse | Api::PowerPlatform | Api::PartnerCenter => Vec::new(),
            },
        }))
    }
}

/// Whether a refused token may be another matter than what the sign-in itself lacks.
fn another_token_may_do(spec: &CallSpec, answer: &PartAnswer, claims: &TokenClaims) -> bool {
    let (code, _) = said(spec.api, &answer.body);
    explain(spec.api, answer.status, &code, claims.is_application()).is_none_or(|known| known.renew)
}

/// The answer with those headers that its call names as part of it.
pub(crate) fn with_headers(spec: &CallSpec, mut whole: Value, headers: &HeaderMap) -> Value {
    if let Value::Object(object) = &mut whole {
        object.remove(HEADERS);
        if !spec.answer_headers.is_empty() {
            let told: Map<String, Value> = spec
                .answer_headers
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), headers.get(*name)?.to_str().ok()?.into())))
                .collect();
            object.insert(HEADERS.to_owned(), told.into());
        }
    }
    whole
}

fn silence(error: &TransportError, waited: Waited) -> Failure {
    match error {
        TransportError::TimedOut { .. } => Failure::TimedOut(waited),
        TransportError::TooLarge { .. } => Failure::TooMuch,
        TransportError::Unreachable { .. } | TransportError::Dropped { .. } => {
            Failure::Unreachable { message: error.chain() }
        }
    }
}

/// The service's own id of the request: the part's, else the one in its error body, else the carrier's.
fn request_id(api: Api, answer: &PartAnswer) -> Option<String> {
    let own = answer
        .headers
        .get(api.request_id_header())
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    own.or_else(|| {
        let body: Value = serde_json::from_slice(without_mark(&answer.body)).ok()?;
        let error = body.get("error")?;
        let inner = error.get("innerError").or_else(|| error.get("innererror"))?;
        Some(inner.get("request-id")?.as_str()?.to_owned())
    })
    .or_else(|| answer.carrier_id.clone())
}
