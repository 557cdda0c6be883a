//! One request and its answer, as every service of the emulator sees them.
//!
//! Services are plain functions from a [`Call`] to a [`Reply`]. A batch calls them again for its parts, so a
//! part meets the same permissions, throttles and faults as a request of its own.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::log::PartEntry;

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
    parts: Arc<Mutex<Vec<PartEntry>>>,
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
            parts: Arc::default(),
        }
    }

    /// The same call with one more header; a value that HTTP cannot carry is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
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

    pub(crate) fn note_part(&self, entry: PartEntry) {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    pub(crate) fn take_parts(&self) -> Vec<PartEntry> {
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
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

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
