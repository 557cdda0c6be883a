//! Dataverse's multipart batch (Dataverse Web API documentation).

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::multipart;
use super::part::{Part, Reply};
use super::request::{carrier_id, exchange, headers_of, silence, whole, without_parts};
use crate::api::Api;
use crate::clients::Clients;
use crate::tenancy::Tenancy;
use crate::tokens::Token;

/// The parts as HTTP messages between delimiters. The line end before a delimiter belongs to the delimiter (RFC 2046,
/// section 5.1.1), so each message ends with the empty line of its headers and one line end more.
fn body(root: &str, boundary: &str, parts: &[Part]) -> String {
    let version = Api::Dataverse.version_prefix();
    let mut body = String::new();
    for part in parts {
        let _ = write!(
            body,
            "--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
             GET {root}{version}{} HTTP/1.1\r\n",
            part.url
        );
        for (name, value) in headers_of(part.spec) {
            let _ = write!(body, "{name}: {value}\r\n");
        }
        body.push_str("\r\n\r\n");
    }
    let _ = write!(body, "--{boundary}--\r\n");
    body
}

/// Sends parts together; the replies come in the order of the parts.
pub(super) async fn send<T: Tenancy>(clients: &Clients<T>, token: &Token<T>, parts: &[Part]) -> Vec<Reply> {
    let api = Api::Dataverse;
    let boundary = format!("batch_{}", (clients.connection().ids)());
    let root = clients.connection().endpoints.dataverse.root.as_str();
    let body = body(root, &boundary, parts);
    let mut headers = HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/json")),
        (
            HeaderName::from_static("odata-maxversion"),
            HeaderValue::from_static("4.0"),
        ),
        (
            HeaderName::from_static("odata-version"),
            HeaderValue::from_static("4.0"),
        ),
        (
            HeaderName::from_static("prefer"),
            HeaderValue::from_static("odata.continue-on-error"),
        ),
    ]);
    if let Ok(kind) = HeaderValue::try_from(format!("multipart/mixed; boundary={boundary}")) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    let sent = exchange(clients, token, api, Method::POST, "/$batch", headers, Bytes::from(body));
    let response = match sent.await {
        Ok(response) => response,
        Err(error) => return silence(&error, parts.len()),
    };
    let carrier = carrier_id(api, response.headers());
    // A batch that stopped answers with the failing part's status and the parts it came to.
    let answers = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| multipart::read(kind, response.body(), carrier.as_deref()));
    match answers {
        Some(answers) => {
            let mut answers = answers.into_iter();
            parts
                .iter()
                .map(|_| answers.next().map_or(Reply::Missing, Reply::Answer))
                .collect()
        }
        None => without_parts(&whole(api, response), parts.len()),
    }
}
