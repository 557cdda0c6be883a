//! Bodies of answers.

use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::exchange::Reply;

/// The mark at the beginning of a text in UTF-8, with which recorded bodies start at times.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A body, by its shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// One resource, or what an older operation gives back bare.
    One(Value),
    /// A collection, or a page of one.
    Many(Value),
}

impl Answer {
    /// The reply. Of the recorded bodies with a byte-order mark all are collections.
    pub(super) fn reply(&self, byte_order_mark: bool) -> Reply {
        let text = match self {
            Self::Many(body) if byte_order_mark => format!("{BYTE_ORDER_MARK}{body}"),
            Self::One(body) | Self::Many(body) => body.to_string(),
        };
        let mut reply = Reply::empty(StatusCode::OK);
        reply.body = text.into();
        reply.with(header::CONTENT_TYPE, "application/json; charset=utf-8")
    }
}

/// A link as resources carry it; `uri` is relative to the version of the API.
pub(super) fn link(uri: &str) -> Value {
    json!({"uri": uri, "method": "GET", "headers": []})
}
