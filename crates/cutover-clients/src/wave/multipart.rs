//! Reading an answer of type `multipart/mixed` whose parts are HTTP messages (RFC 2046, OData 4.0 batch), or the answers of a
//! change set, which are parts of a part.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::part::{PartAnswer, keep_header};

/// The HTTP messages of a multipart body in their order, those of a change set in its place; `None` when it is not one. A part
/// that is not readable ends the reading, since what follows could not be told to its question.
pub(crate) fn read(content_type: &str, body: &[u8], carrier_id: Option<&str>) -> Option<Vec<PartAnswer>> {
    read_at(content_type, body, carrier_id, true)
}

/// Change sets hold no change sets.
fn read_at(content_type: &str, body: &[u8], carrier_id: Option<&str>, outermost: bool) -> Option<Vec<PartAnswer>> {
    let boundary = boundary(content_type)?;
    let delimiter = format!("--{boundary}");
    let mut answers = Vec::new();
    let mut rest: &[u8] = skip_to_delimiter(body, delimiter.as_bytes())?;
    loop {
        // After a delimiter: two hyphens end the message, else a line end begins a part.
        if rest.starts_with(b"--") {
            return Some(answers);
        }
        let (_, part) = line(rest);
        let end = find_delimiter(part, delimiter.as_bytes());
        let (content, next) = match end {
            Some((end, next)) => (part.get(..end)?, part.get(next..)?),
            None => (part, &[][..]),
        };
        let (head, inside) = headers(content);
        let kind = head.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        match kind.filter(|kind| outermost && self::boundary(kind).is_some()) {
            Some(kind) => answers.extend(read_at(kind, inside, carrier_id, false).unwrap_or_default()),
            None => match message(inside, carrier_id) {
                Some(answer) => answers.push(answer),
                None => return Some(answers),
            },
        }
        if end.is_none() {
            return Some(answers);
        }
        rest = next;
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut fields = content_type.split(';').map(str::trim);
    if !fields.next()?.eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    fields
        .find_map(|field| {
            let (name, value) = field.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("boundary")
                .then(|| value.trim().trim_matches('"'))
        })
        .filter(|boundary| !boundary.is_empty() && boundary.len() <= 200)
}

fn skip_to_delimiter<'a>(body: &'a [u8], delimiter: &[u8]) -> Option<&'a [u8]> {
    match body.strip_prefix(delimiter) {
        Some(rest) => Some(rest),
        None => find_delimiter(body, delimiter).and_then(|(_, next)| body.get(next..)),
    }
}

/// Where the content before the next delimiter line ends, and where the text after the delimiter begins.
fn find_delimiter(bytes: &[u8], delimiter: &[u8]) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == b'\n') {
        let start = from + at + 1;
        if bytes.get(start..)?.starts_with(delimiter) {
            return Some((start, start + delimiter.len()));
        }
        from = start;
    }
    None
}

/// The first line without its end, and what follows it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(at) => (
            bytes.get(..at).unwrap_or_default(),
            bytes.get(at + 1..).unwrap_or_default(),
        ),
        None => (bytes, &[][..]),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), rest)
}

/// Header lines up to the empty line, and what follows it.
fn headers(mut bytes: &[u8]) -> (HeaderMap, &[u8]) {
    let mut headers = HeaderMap::new();
    loop {
        let (text, rest) = line(bytes);
        if text.is_empty() {
            return (headers, rest);
        }
        bytes = rest;
        let Some(colon) = text.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let name = text.get(..colon).map(HeaderName::from_bytes);
        let value = text
            .get(colon + 1..)
            .map(|value| HeaderValue::from_bytes(value.trim_ascii()));
        if let (Some(Ok(name)), Some(Ok(value))) = (name, value) {
            keep_header(&mut headers, name, value);
        }
    }
}

fn message(message: &[u8], carrier_id: Option<&str>) -> Option<PartAnswer> {
    let (status_line, rest) = line(message);
    let status = std::str::from_utf8(status_line)
        .ok()?
        .strip_prefix("HTTP/")?
        .split(' ')
        .nth(1)?;
    let status = StatusCode::from_bytes(status.as_bytes()).ok()?;
    let (headers, body) = headers(rest);
    Some(PartAnswer {
        status,
        headers,
        body: Bytes::copy_from_slice(body.trim_ascii()),
        carrier_id: carrier_id.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_parts_in_the_spellings_that_servers_use() {
        let body = "preamble\r\n--b_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
            HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-One: a:b\r\n\r\n{\"value\":[\"--b_1\"]}\r\n\
            --b_1\nContent-Type: application/http\n\nHTTP/1.1 404 Not Found\nRetry-After: 3\n\n{}\n--b_1--\r\n";
        for kind in [
            "multipart/mixed; boundary=b_1",
            "Multipart/Mixed; charset=x; boundary=\"b_1\"",
        ] {
            let parts = read(kind, &Bytes::from_static(body.as_bytes()), Some("id")).expect(kind);
            assert_eq!(parts.len(), 2);
            assert_eq!(parts[0].status, StatusCode::OK);
            assert_eq!(parts[0].headers["x-one"], "a:b");
            assert_eq!(&parts[0].body[..], b"{\"value\":[\"--b_1\"]}");
            assert_eq!(parts[1].status, StatusCode::NOT_FOUND);
            assert_eq!(parts[1].headers["retry-after"], "3");
            assert_eq!(parts[1].carrier_id.as_deref(), Some("id"));
        }
    }

    #[test]
    fn the_answers_of_a_change_set_are_read_in_its_place() {
        let body = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n\
            --c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n\
            --c\r\nContent-Type: application/http\r\nContent-ID: 2\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n--c--\r\n\
            --b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 412 Precondition Failed\r\n\r\n{}\r\n--b--\r\n";
        let parts = read("multipart/mixed; boundary=b", body.as_bytes(), None).expect("parts");
        let statuses: Vec<u16> = parts.iter().map(|part| part.status.as_u16()).collect();
        assert_eq!(statuses, [204, 204, 412]);
        // A change set within a change set is nothing that could be understood.
        let nested = "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: multipart/mixed; \
            boundary=d\r\n\r\n--d\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n--d--\r\n--c--\r\n--b--";
        let parts = read("multipart/mixed; boundary=b", nested.as_bytes(), None).expect("no parts");
        assert!(parts.is_empty());
    }

    #[test]
    fn broken_bodies_give_what_was_whole() {
        let good = "--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n";
        let cases: [(&str, &str, Option<usize>); 7] = [
            ("application/json", good, None),
            ("multipart/mixed", good, None),
            ("multipart/mixed; boundary=", good, None),
            ("multipart/mixed; boundary=other", good, None),
            ("multipart/mixed; boundary=b", good, Some(1)),
            ("multipart/mixed; boundary=b", "--b--", Some(0)),
            (
                "multipart/mixed; boundary=b",
                "--b\r\n\r\nHTTP/1.1 nine\r\n\r\n",
                Some(0),
            ),
        ];
        for (kind, body, wanted) in cases {
            let parts = read(kind, &Bytes::from(body.to_owned()), None);
            assert_eq!(parts.map(|parts| parts.len()), wanted, "{kind} {body:?}");
        }
    }
}
