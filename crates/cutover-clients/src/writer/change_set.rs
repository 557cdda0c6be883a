//! A change set of Dataverse: rows that are changed together or not at all, as the one part of a `$batch` (Dataverse Web API
//! documentation, execute batch operations).

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use serde_json::Value;

use crate::api::Api;
use crate::connection::Connection;
use crate::wave::multipart;
use crate::wave::part::PartAnswer;
use crate::write::RowChange;

/// Content type and body. Each row has to be there: nothing is made of an id.
pub(super) fn written(rows: &[RowChange], connection: &Connection) -> (HeaderValue, Bytes) {
    let (batch, set) = ((connection.ids)(), (connection.ids)());
    let root = connection.endpoints.dataverse.root.as_str();
    let version = Api::Dataverse.version_prefix();
    let mut body = format!("--batch_{batch}\r\nContent-Type: multipart/mixed; boundary=changeset_{set}\r\n\r\n");
    for (row, id) in rows.iter().zip(1..) {
        let properties = Value::Object(row.properties.clone());
        let _ = write!(
            body,
            "--changeset_{set}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: \
             {id}\r\n\r\nPATCH {root}{version}{} HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\nIf-Match: \
             *\r\n\r\n{properties}\r\n",
            row.url
        );
    }
    let _ = write!(body, "--changeset_{set}--\r\n--batch_{batch}--\r\n");
    // An id is made of hexadecimal digits and hyphens, so this is always a header.
    let kind = HeaderValue::try_from(format!("multipart/mixed; boundary=batch_{batch}"))
        .unwrap_or(HeaderValue::from_static("multipart/mixed"));
    (kind, Bytes::from(body))
}

/// What an answer says of all rows together: the refusal of one, for which all stay as they were, or one of the answers, when
/// all are done. `None` when the batch as a whole was answered, with no word of a row.
///
/// # Errors
/// With why nobody knows what became of it.
pub(super) fn told(answer: &Response<Bytes>, operations: usize) -> Result<Option<PartAnswer>, String> {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let parts = multipart::read(kind, answer.body(), None);
    let whole = answer.status();
    let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
        return match whole.is_success() {
            true => Err(format!(
                "Dataverse answered a change set with status {} and no word of its rows",
                whole.as_u16()
            )),
            false => Ok(None),
        };
    };
    let number = parts.len();
    let mut parts = parts.into_iter();
    match parts.find(|part| !part.status.is_success()) {
        Some(refused) => Ok(Some(refused)),
        None if number == operations && whole.is_success() => Ok(Some(PartAnswer {
            status: whole,
            headers: answer.headers().clone(),
            body: Bytes::new(),
            carrier_id: None,
        })),
        None => Err(format!(
            "Dataverse told of {number} rows of a change set of {operations}, with status {}",
            whole.as_u16()
        )),
    }
}
