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

/// What an answer says of all rows together: the refusal of one, for which all stay as they were, or that all are done. The
/// answer itself, when it is to the batch as a whole and says no word of a row.
///
/// # Errors
/// With why nobody knows what became of it.
pub(super) fn told(answer: Response<Bytes>, rows: usize) -> Result<Response<Bytes>, String> {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let parts = multipart::read(kind, answer.body(), None).unwrap_or_default();
    let (whole, number) = (answer.status(), parts.len());
    let refused = parts.into_iter().find(|part| !part.status.is_success());
    match refused {
        Some(refused) => Ok(of_part(refused)),
        None if number == 0 && !whole.is_success() => Ok(answer),
        None if number == rows && whole.is_success() => Ok(answer.map(|_| Bytes::new())),
        None => Err(format!(
            "Dataverse told of {number} rows of a change set of {rows}, with status {}",
            whole.as_u16()
        )),
    }
}

fn of_part(part: PartAnswer) -> Response<Bytes> {
    let mut response = Response::new(part.body);
    *response.status_mut() = part.status;
    *response.headers_mut() = part.headers;
    response
}
