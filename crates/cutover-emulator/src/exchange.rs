//! One request and its answer, as every service of the emulator sees them.
//!
//! Services are plain functions from a [`Call`] to a [`Reply`]. A batch calls them again for its parts, so a
//! part meets the same permissions, throttles and faults as a request of its own.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::dataverse::Transaction;
use crate::log::PartEntry;
use crate::waits::Wait;

/// A part of a batch, with what its answer told the caller to wait for.
type AnsweredPart = (PartEntry, Option<Wait>);

/// A request, body read. Its `Debug` output leaves out headers and body, which may hold tokens and secrets.
#[derive(Clone)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// Scheme and authority as the client called them, such as `http://127.0.0.1:8080` or
    /// `https://graph.microsoft.com`: links in answers start with it.
    pub origin: String,
    /// Path as sent, still percent-encoded.
    pub path: String,
    /// Query as sent, still percent-encoded, without the question mark; empty when there is none.
    pub query: String,
    /// Headers as sent.
    pub headers: HeaderMap,
    /// The body; empty when there is none.
    pub body: Bytes,
    /// What the parts of a change set see and change until all of them are done; none for any other call.
    pub(crate) transaction: Option<Arc<Mutex<Transaction>>>,
    parts: Arc<Mutex<Vec<AnsweredPart>>>,
}

impl Call {
    /// A call without headers and body; `target` is the path with or without a query.
    pub fn new(method: Method, origin: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method,
            origin: origin.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            transaction: None,
            parts: Arc::default(),
        }
    }

    /// The same call with one more header; a value that HTTP cannot carry is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a header; a value that HTTP cannot carry is left out, and so is one more header than a map can hold.
    pub fn set(&mut self, name: HeaderName, value: &str) {
        set(&mut self.headers, name, value);
    }

    /// The same call with a body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// A header as text; `None` when absent or not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Path and query together, as they stand in a request line.
    pub fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// Notes a part of this batch, with what its answer told the caller to wait for.
    pub(crate) fn note_part(&self, entry: PartEntry, told: Option<Wait>) {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.push((entry, told));
    }

    pub(crate) fn take_parts(&self) -> Vec<AnsweredPart> {
        std::mem::take(&mut *self.parts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Call")
            .field("method", &self.method)
            .field("origin", &self.origin)
            .field("target", &self.target())
            .finish_non_exhaustive()
    }
}

/// An answer. Its `Debug` output leaves out headers and body, which may hold a token.
#[derive(Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// Whether the connection breaks in place of this answer: a fault, never a service, sets it.
    pub(crate) dropped: bool,
}

impl Reply {
    /// An answer without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            dropped: false,
        }
    }

    /// A JSON answer; `content_type` differs between the services.
    pub fn json(status: StatusCode, content_type: &'static str, body: &serde_json::Value) -> Self {
        let mut reply = Self::empty(status);
        reply.body = Bytes::from(body.to_string());
        reply.with(http::header::CONTENT_TYPE, content_type)
    }

    /// The same answer with one more header; a value that HTTP cannot carry is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        set(&mut self.headers, name, value);
        self
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Reply")
            .field("status", &self.status)
            .field("dropped", &self.dropped)
            .finish_non_exhaustive()
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        // A plain insert panics when the map is full.
        let _ = headers.try_insert(name, value);
    }
}

/// The host of an origin or an authority, without its port; empty when there is none.
pub(crate) fn host_of(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority.get(..end).unwrap_or_default()
}

/// Whether a host means this machine: `localhost`, `[::1]` or an address in 127.0.0.0/8. A name that a name server
/// may give any address is none of them.
pub(crate) fn is_loopback(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host.eq_ignore_ascii_case("localhost")
        || inside.map_or_else(
            || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
            |inside| inside.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for (origin, host, loopback) in [
            ("http://127.0.0.1:8080", "127.0.0.1", true),
            ("http://127.9.9.9", "127.9.9.9", true),
            ("https://LocalHost:1/x", "LocalHost", true),
            ("http://[::1]:8080", "[::1]", true),
            ("[::1]", "[::1]", true),
            ("http://[::2]:8080", "[::2]", false),
            ("::1", "", false),
            ("http://127.0.0.1.evil.example", "127.0.0.1.evil.example", false),
            ("http://localhost@evil.example:80", "evil.example", false),
            ("http://localhost.evil.example", "localhost.evil.example", false),
            ("http://10.0.0.1", "10.0.0.1", false),
            ("", "", false),
        ] {
            assert_eq!(
                (host_of(origin), is_loopback(host_of(origin))),
                (host, loopback),
                "{origin}"
            );
        }
    }

    #[test]
    fn a_full_map_takes_no_more_and_does_not_panic() {
        let mut call = Call::new(Method::GET, "https://x", "/");
        for number in 0..40_000 {
            let name = HeaderName::from_bytes(format!("x-{number}").as_bytes()).unwrap();
            call.set(name, "1");
        }
        assert!(call.headers.len() < 40_000);
    }

    #[test]
    fn tokens_and_secrets_do_not_show() {
        let call = Call::new(Method::POST, "https://x", "/a?b=c")
            .with(http::header::AUTHORIZATION, "Bearer hush")
            .with_body("client_secret=hush");
        let reply = Reply::json(StatusCode::OK, "application/json", &"hush".into());
        let secret = crate::state::Secret {
            value: "hush".to_owned(),
            ends: None,
        };
        let shown = format!("{call:?} {reply:?} {secret:?}");
        assert!(!shown.contains("hush") && shown.contains("/a?b=c"), "{shown}");
    }
}
