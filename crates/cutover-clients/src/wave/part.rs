//! One question on its way: its pages, its waits, its end.

use std::collections::HashSet;

use bytes::Bytes;
use cutover_core::evidence::Service;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::call_spec::{CallSpec, Shape, version_prefix};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::retry::{Patience, Verdict};
use crate::service_root::ServiceRoot;
use crate::tokens::TokenClaims;
use crate::transport::TransportError;

/// How many pages one question may have. Named objects have few; more is a loop or not what was meant.
const PAGE_LIMIT: usize = 100;

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

/// Status, headers and body of one part.
#[derive(Debug, Clone)]
pub(super) struct PartAnswer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// The id of the request that carried it, for parts without an id of their own.
    pub(super) carrier_id: Option<String>,
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
    /// The token was refused; ask again with another one.
    Renew(Box<Part>),
}

/// Where the rows of a page belong.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// The object itself, or the rows of the collection.
    Whole,
    /// An expanded collection of one row.
    Expanded { row: usize, property: String },
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) spec: &'static CallSpec,
    /// What to ask next: path and query below the version.
    pub(super) url: String,
    /// Not to be asked before this time.
    pub(super) not_before: Timestamp,
    /// Not to be put into a batch, because a batch left it unanswered.
    pub(super) alone: bool,
    place: usize,
    target: Target,
    open: Vec<(Target, String)>,
    rows: Vec<Value>,
    seen: HashSet<String>,
    patience: Patience,
    renewed: bool,
}

impl Part {
    pub(super) fn new(place: usize, spec: &'static CallSpec, url: String, clock: &dyn Clock) -> Self {
        Self {
            spec,
            url,
            not_before: clock.now(),
            alone: false,
            place,
            target: Target::Whole,
            open: Vec::new(),
            rows: Vec::new(),
            seen: HashSet::new(),
            patience: Patience::begin(clock),
            renewed: false,
        }
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
    pub(super) fn take(
        mut self,
        reply: Reply,
        now: Timestamp,
        root: &ServiceRoot,
        clock: &dyn Clock,
        claims: &TokenClaims,
    ) -> Step {
        let answer = match reply {
            Reply::Answer(answer) => answer,
            Reply::Missing => {
                self.alone = true;
                return Step::Ask(Box::new(self));
            }
            Reply::Silence(error) => {
                return match self.patience.after_silence(now, &error) {
                    Verdict::Again(at) => {
                        self.not_before = at;
                        Step::Ask(Box::new(self))
                    }
                    Verdict::Final => Step::Done(Box::new(self.fail(now, silence(&error)))),
                };
            }
        };
        if answer.status == StatusCode::UNAUTHORIZED && !self.renewed {
            self.renewed = true;
            return Step::Renew(Box::new(self));
        }
        let result = if answer.status.is_success() {
            match self.take_page(&answer.body, root) {
                Ok(true) => {
                    // Each page has patience of its own.
                    self.patience = Patience::begin(clock);
                    self.not_before = now;
                    return Step::Ask(Box::new(self));
                }
                Ok(false) => Ok(self.whole()),
                Err(failure) => Err(failure),
            }
        } else {
            match self.patience.after_answer(now, answer.status, &answer.headers) {
                Verdict::Again(at) => {
                    self.not_before = at;
                    return Step::Ask(Box::new(self));
                }
                Verdict::Final => Err(Failure::from_answer(
                    self.spec,
                    answer.status,
                    &answer.body,
                    Some(claims),
                )),
            }
        };
        Step::Done(Box::new(Outcome {
            place: self.place,
            status: Some(answer.status.as_u16()),
            request_id: request_id(self.spec.service, &answer),
            at: now,
            result,
            lacking: match self.spec.service {
                Service::Dataverse => Vec::new(),
                _ => self.spec.permission.lacking(claims),
            },
        }))
    }

    /// Keeps a page; true when another one must be asked for, whose address is then in `url`.
    fn take_page(&mut self, body: &[u8], root: &ServiceRoot) -> Result<bool, Failure> {
        let page: Value = serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()))?;
        let Value::Object(mut page) = page else {
            return Err(unreadable("the answer is not an object"));
        };
        match (self.spec.shape, self.target.clone()) {
            (Shape::Single, Target::Whole) => self.keep_rows(vec![Value::Object(page)], root)?,
            (shape, target) => {
                let rows = match page.remove("value") {
                    Some(Value::Array(rows)) => rows,
                    _ => return Err(unreadable("value: not a list")),
                };
                let next = page.remove("@odata.nextLink");
                match &target {
                    Target::Whole => self.keep_rows(rows, root)?,
                    Target::Expanded { row, property } => self.extend_row(*row, property, rows),
                }
                if let (Some(Value::String(link)), false) = (next, shape == Shape::FirstPage) {
                    let url = self.below(root, &link)?;
                    self.open.push((target, url));
                }
            }
        }
        let Some((target, url)) = self.open.pop() else {
            return Ok(false);
        };
        if self.seen.len() >= PAGE_LIMIT {
            return Err(Failure::TooMuch);
        }
        if !self.seen.insert(url.clone()) {
            return Err(unreadable("@odata.nextLink: it leads in a circle"));
        }
        self.target = target;
        self.url = url;
        Ok(true)
    }

    /// Keeps rows, and notes the expanded collections in them that have more rows than came along.
    ///
    /// Dataverse gives a link beside every expanded collection, an empty one too, which repeats the whole of it
    /// (Web API documentation, expanding collection-valued navigation properties); only a link that carries a
    /// position leads to rows that did not come along.
    fn keep_rows(&mut self, rows: Vec<Value>, root: &ServiceRoot) -> Result<(), Failure> {
        for row in rows {
            let place = self.rows.len();
            if let Value::Object(properties) = &row {
                for (name, link) in properties {
                    let Some(property) = name
                        .strip_suffix("@odata.nextLink")
                        .filter(|property| !property.is_empty())
                    else {
                        continue;
                    };
                    let Value::String(link) = link else {
                        return Err(unreadable(format!("{name}: not a link")));
                    };
                    if link.contains("skiptoken") {
                        let url = self.below(root, link)?;
                        let target = Target::Expanded {
                            row: place,
                            property: property.to_owned(),
                        };
                        self.open.push((target, url));
                    }
                }
            }
            self.rows.push(row);
        }
        Ok(())
    }

    fn extend_row(&mut self, row: usize, property: &str, more: Vec<Value>) {
        let Some(Value::Object(properties)) = self.rows.get_mut(row) else {
            return;
        };
        match properties.get_mut(property) {
            Some(Value::Array(rows)) => rows.extend(more),
            _ => {
                properties.insert(property.to_owned(), Value::Array(more));
            }
        }
    }

    /// A link as address below the version; it carries the token, so it must not lead anywhere else.
    fn below(&self, root: &ServiceRoot, link: &str) -> Result<String, Failure> {
        root.strip(link)
            .and_then(|rest| rest.strip_prefix(version_prefix(self.spec.service)).map(str::to_owned))
            .filter(|rest| rest.starts_with('/'))
            .ok_or_else(|| unreadable("@odata.nextLink: it leads away from the service"))
    }

    fn whole(&mut self) -> Value {
        let mut rows = std::mem::take(&mut self.rows);
        match self.spec.shape {
            Shape::Single => rows.pop().unwrap_or(Value::Object(Map::new())),
            Shape::Collection | Shape::FirstPage => Value::Array(rows),
        }
    }
}

fn unreadable(message: impl Into<String>) -> Failure {
    Failure::Unreadable {
        message: message.into(),
    }
}

fn silence(error: &TransportError) -> Failure {
    match error {
        TransportError::TimedOut { .. } => Failure::TimedOut,
        TransportError::TooLarge { .. } => Failure::TooMuch,
        TransportError::Unreachable { .. } | TransportError::Dropped { .. } => {
            Failure::Unreachable { message: error.chain() }
        }
    }
}

/// The service's own id of the request: the part's, else the one in its error body, else the carrier's.
fn request_id(service: Service, answer: &PartAnswer) -> Option<String> {
    let own = answer
        .headers
        .get(request_id_header(service))
        .and_then(|id| id.to_str().ok())
        .map(str::to_owned);
    own.or_else(|| {
        let body: Value = serde_json::from_slice(&answer.body).ok()?;
        let error = body.get("error")?;
        let inner = error.get("innerError").or_else(|| error.get("innererror"))?;
        Some(inner.get("request-id")?.as_str()?.to_owned())
    })
    .or_else(|| answer.carrier_id.clone())
}

/// The header in which a service gives its own id of a request.
pub(super) fn request_id_header(service: Service) -> &'static str {
    match service {
        Service::Dataverse => "x-ms-service-request-id",
        Service::Entra | Service::Graph | Service::GraphBeta => "request-id",
    }
}
