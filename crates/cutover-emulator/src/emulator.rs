//! The double as one thing: state, clock and journal behind one router.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::body::Body;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde_json::json;
use uuid::Uuid;

use crate::clock::Clock;
use crate::exchange::{Call, Reply};
use crate::log::{Entry, Log, PartEntry};
use crate::state::State;
use crate::{dataverse, entra, graph};

/// No document names one limit for all services; the largest body a check or an upgrade sends is a solution
/// file, which Dataverse limits to 128 MB (assumed to hold for the whole request).
const LARGEST_BODY: usize = 128 * 1024 * 1024;

/// An offline double of a Microsoft tenant. Clones share one state.
#[derive(Clone)]
pub struct Emulator(Arc<Inner>);

struct Inner {
    state: RwLock<State>,
    clock: Clock,
    log: Log,
    /// How many requests of one kind came so far, by the name-based id of the kind.
    counts: Mutex<HashMap<Uuid, u64>>,
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Emulator").finish_non_exhaustive()
    }
}

impl Emulator {
    /// A double that holds `state` and tells the time of `clock`.
    pub fn new(state: State, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            state: RwLock::new(state),
            clock,
            log: Log::default(),
            counts: Mutex::default(),
        }))
    }

    /// The emulator's time.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What reached the emulator so far.
    pub fn log(&self) -> &Log {
        &self.0.log
    }

    /// Looks at the state; must not call [`Emulator::write`] inside.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.0.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state; must not call [`Emulator::read`] inside.
    pub fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The whole double: Entra, Graph and Dataverse told apart by path.
    pub fn router(&self) -> axum::Router {
        let emulator = self.clone();
        axum::Router::new().fallback(move |request: Request<Body>| {
            let emulator = emulator.clone();
            async move { emulator.receive(request).await }
        })
    }

    async fn receive(&self, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LARGEST_BODY).collect().await else {
            return respond(Reply::empty(StatusCode::PAYLOAD_TOO_LARGE));
        };
        let authority = head.uri.authority().map(ToString::to_string).or_else(|| {
            head.headers
                .get(http::header::HOST)
                .and_then(|host| host.to_str().ok())
                .map(str::to_owned)
        });
        let origin = format!(
            "{}://{}",
            head.uri.scheme_str().unwrap_or("http"),
            authority.as_deref().unwrap_or("localhost")
        );
        let target = head
            .uri
            .path_and_query()
            .map_or("/", http::uri::PathAndQuery::as_str);
        let mut call = Call::new(head.method, &origin, target).with_body(body.to_bytes());
        call.headers = head.headers;
        respond(self.answer(&call))
    }

    /// Answers one request and records it.
    pub fn answer(&self, call: &Call) -> Reply {
        let at = self.clock().now();
        let (service, reply) = self.dispatch(call);
        self.log().push(Entry {
            at,
            service,
            method: call.method.to_string(),
            target: call.target(),
            status: reply.status.as_u16(),
            dropped: reply.dropped,
            early_retry: false,
            parts: call.take_parts(),
        });
        reply
    }

    /// Answers one request inside the batch `outer`. `part` is built with [`Call::new`] and the headers that
    /// hold for it (of the outer request at least `Authorization`), its path with the service's prefix.
    pub fn answer_part(&self, outer: &Call, part: &Call) -> Reply {
        let (_, reply) = self.dispatch(part);
        outer.note_part(PartEntry {
            method: part.method.to_string(),
            target: part.target(),
            status: reply.status.as_u16(),
            early_retry: false,
        });
        reply
    }

    fn dispatch(&self, call: &Call) -> (&'static str, Reply) {
        if let Some(operation) = entra::operation_of(call) {
            return ("entra", entra::answer(self, call, operation));
        }
        let mut segments = call.path.split('/').skip(1);
        match (segments.next(), segments.next()) {
            (Some("v1.0" | "beta"), _) => ("graph", graph::answer(self, call)),
            (Some("api"), Some("data")) => ("dataverse", dataverse::answer(self, call)),
            _ => ("none", self.not_there(call)),
        }
    }

    /// The loud answer to an operation that the emulator does not have.
    fn not_there(&self, call: &Call) -> Reply {
        Reply::json(
            StatusCode::NOT_IMPLEMENTED,
            "application/json",
            &json!({"error": {
                "code": "EmulatorNotImplemented",
                "message": format!("the emulator has no operation {} {}", call.method, call.path),
            }}),
        )
    }

    /// The id of one request, for `request-id`, `trace_id` and their like. It is named after method, path,
    /// query, body and how many equal requests came before, so parallel requests get equal ids in any order.
    /// Each use counts as one request, so ask once for each answer.
    pub fn request_id(&self, call: &Call) -> String {
        let mut kind = format!("{} {}\n", call.method, call.target()).into_bytes();
        // The body of a token request holds an assertion that differs each time.
        if entra::operation_of(call).is_none() {
            kind.extend_from_slice(&call.body);
        }
        let kind = Uuid::new_v5(&Uuid::NAMESPACE_URL, &kind);
        let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(kind).or_default();
        *count += 1;
        Uuid::new_v5(&kind, &count.to_be_bytes()).to_string()
    }
}

fn respond(reply: Reply) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}
