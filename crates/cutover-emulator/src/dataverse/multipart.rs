//! `multipart/mixed` bodies, read and written (RFC 2046, 5.1).

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers of one part at most (assumed: no document names a limit; web servers take about as many).
const MOST_HEADERS: usize = 100;

/// One part of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its headers; empty when it begins with an empty line.
    pub headers: HeaderMap,
    /// What follows the headers.
    pub body: Bytes,
}

/// Why a body is no multipart body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum MultipartError {
    /// The content type has no boundary that RFC 2046 allows.
    #[error("the content type names no valid multipart boundary")]
    Boundary,
    /// The boundary never begins a part.
    #[error("no part begins with the boundary of the content type")]
    NoPart,
    /// The body ends before the closing boundary.
    #[error("the multipart body ends without its closing boundary")]
    Unclosed,
    /// A header of a part that is no header.
    #[error("a part of the multipart body has a malformed header")]
    Header,
    /// More headers in one part than are read at all.
    #[error("a part of the multipart body has more than {MOST_HEADERS} headers")]
    TooManyHeaders,
    /// More parts than are read at all.
    #[error("the multipart body has more than {0} parts")]
    TooMany(usize),
}

/// The boundary of a content type such as `multipart/mixed; boundary="batch_1"`, quoted or not; `None` when
/// the type is another, or the boundary is not one.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let (kind, mut rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted_value(quoted)?,
            None => {
                let end = after.find(';').unwrap_or(after.len());
                let (value, left) = after.split_at(end);
                (value.trim_end().to_owned(), left)
            }
        };
        if name.trim().eq_ignore_ascii_case("boundary") {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
            let valid = (1..=70).contains(&value.len()) && value.bytes().all(allowed) && !value.ends_with(' ');
            return valid.then_some(value);
        }
        rest = left.trim_start().strip_prefix(';')?;
    }
}

/// The inside of a quoted string after its first quote, and what follows its last.
fn quoted_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut escaped = false;
    for (position, letter) in text.char_indices() {
        match letter {
            _ if escaped => {
                value.push(letter);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((value, text.get(position + 1..)?)),
            _ => value.push(letter),
        }
    }
    None
}

/// Reads the parts of a body. Preamble and epilogue are left out, lines may end with CRLF or LF, and the end
/// of line before a boundary belongs to the boundary. At most `most` parts are read.
pub(super) fn read(body: &Bytes, boundary: &str, most: usize) -> Result<Vec<Part>, MultipartError> {
    if boundary.is_empty() {
        return Err(MultipartError::Boundary);
    }
    let mut parts = Vec::new();
    let mut content_start = None;
    let mut line_start = 0;
    while line_start < body.len() {
        let rest = body.get(line_start..).unwrap_or_default();
        let line_length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |newline| newline + 1);
        let line = rest.get(..line_length).unwrap_or_default();
        let next = line_start + line_length;
        if let Some(closes) = delimiter(line, boundary) {
            if let Some(start) = content_start {
                if parts.len() == most {
                    return Err(MultipartError::TooMany(most));
                }
                let end = before_line_end(body, line_start).max(start);
                parts.push(part(&body.slice(start..end))?);
            }
            if closes {
                return match content_start {
                    Some(_) => Ok(parts),
                    None => Err(MultipartError::NoPart),
                };
            }
            content_start = Some(next);
        }
        line_start = next;
    }
    Err(match content_start {
        Some(_) => MultipartError::Unclosed,
        None => MultipartError::NoPart,
    })
}

/// Whether a line is a delimiter, and if so, whether it is the closing one.
fn delimiter(line: &[u8], boundary: &str) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary.as_bytes())?;
    let (closes, padding) = match rest.strip_prefix(b"--") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    // Blanks after a boundary are transport padding.
    padding
        .iter()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .then_some(closes)
}

fn before_line_end(body: &[u8], line_start: usize) -> usize {
    let before = body.get(..line_start).unwrap_or_default();
    let before = before.strip_suffix(b"\n").unwrap_or(before);
    before.strip_suffix(b"\r").unwrap_or(before).len()
}

fn part(content: &Bytes) -> Result<Part, MultipartError> {
    let (headers, body) = headers_and_body(content)?;
    Ok(Part { headers, body })
}

/// Reads header lines up to an empty line, or to the end when there is none: the end of line that a last
/// header needs may have gone to the boundary.
pub(super) fn headers_and_body(content: &Bytes) -> Result<(HeaderMap, Bytes), MultipartError> {
    let malformed = MultipartError::Header;
    let mut headers = HeaderMap::new();
    let mut position = 0;
    let mut unfolded: Option<(HeaderName, String)> = None;
    loop {
        let rest = content.get(position..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |newline| newline + 1);
        let line = std::str::from_utf8(rest.get(..length).unwrap_or_default()).map_err(|_| malformed)?;
        let text = line.trim_end_matches(['\r', '\n']);
        position += length;
        let continues = text.starts_with([' ', '\t']);
        if continues && !text.trim().is_empty() {
            let (_, value) = unfolded.as_mut().ok_or(malformed)?;
            write!(value, " {}", text.trim()).map_err(|_| malformed)?;
            continue;
        }
        if let Some((name, value)) = unfolded.take() {
            if headers.len() == MOST_HEADERS {
                return Err(MultipartError::TooManyHeaders);
            }
            let value = HeaderValue::from_str(&value).map_err(|_| malformed)?;
            headers
                .try_append(name, value)
                .map_err(|_| MultipartError::TooManyHeaders)?;
        }
        if text.trim().is_empty() {
            let start = position.min(content.len());
            return Ok((headers, content.slice(start..)));
        }
        let (name, value) = text.split_once(':').ok_or(malformed)?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed)?;
        unfolded = Some((name, value.trim().to_owned()));
    }
}

/// Writes parts between boundaries.
pub(super) fn write(parts: &[Part], boundary: &str) -> Bytes {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        write_headers(&part.headers, &mut out);
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&part.body);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    out.into()
}

/// Writes header lines, names as the service spells them: clients search for them with their capitals.
pub(super) fn write_headers(headers: &HeaderMap, out: &mut Vec<u8>) {
    for (name, value) in headers {
        for (position, word) in name.as_str().split('-').enumerate() {
            if position > 0 {
                out.push(b'-');
            }
            match word {
                "odata" => out.extend_from_slice(b"OData"),
                "id" => out.extend_from_slice(b"ID"),
                _ => {
                    let mut bytes = word.bytes();
                    out.extend(bytes.next().map(|first| first.to_ascii_uppercase()));
                    out.extend(bytes);
                }
            }
        }
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn bodies(body: &str, boundary: &str) -> Result<Vec<String>, MultipartError> {
        let parts = read(&Bytes::copy_from_slice(body.as_bytes()), boundary, 1_000)?;
        Ok(parts
            .into_iter()
            .map(|part| String::from_utf8(part.body.to_vec()).expect("text"))
            .collect())
    }

    #[test]
    fn boundaries_are_read_by_the_standard() {
        let cases = [
            ("multipart/mixed; boundary=batch_1", Some("batch_1")),
            ("multipart/mixed;boundary=\"batch 1\"", Some("batch 1")),
            (
                "Multipart/Mixed; charset=\"a;b\"; Boundary = \"b\\=1\" ; x=y",
                Some("b=1"),
            ),
            ("multipart/mixed; x=y; boundary=b ;z=1", Some("b")),
            ("multipart/mixed", None),
            ("multipart/mixed; boundary=", None),
            ("multipart/mixed; boundary=\"open", None),
            ("multipart/mixed; boundary=\"ends in blank \"", None),
            ("multipart/mixed; boundary=umläut", None),
            ("application/json; boundary=b", None),
        ];
        for (content_type, wanted) in cases {
            assert_eq!(boundary(content_type).as_deref(), wanted, "{content_type}");
        }
    }

    #[test]
    fn bodies_are_read_by_the_standard() {
        let cases: &[(&str, &[&str])] = &[
            ("--b\r\nA: 1\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n", &["one", "two"]),
            ("--b\nA: 1\n\none\n--b\n\ntwo\n--b--", &["one", "two"]),
            (
                "preamble --b\r\n--b \t\r\n\r\n--bee\r\n-- b\r\n\r\n--b--\r\nepilogue\r\n--b\r\n",
                &["--bee\r\n-- b\r\n"],
            ),
            ("--b\r\nA: 1\r\n folded\r\n\r\n\r\n\r\n--b--", &["\r\n"]),
            ("--b\r\nA: 1\r\n--b--", &[""]),
            ("--b\r\n\r\n--b--", &[""]),
        ];
        for (body, wanted) in cases {
            assert_eq!(bodies(body, "b").expect(body), *wanted, "{body:?}");
        }
        for (body, error) in [
            ("", MultipartError::NoPart),
            ("no boundary\r\n", MultipartError::NoPart),
            ("--b--\r\n", MultipartError::NoPart),
            ("--b\r\n\r\none", MultipartError::Unclosed),
            ("--b\r\nno header\r\n\r\n--b--", MultipartError::Header),
        ] {
            assert_eq!(bodies(body, "b"), Err(error), "{body:?}");
        }
        let two = Bytes::from_static(b"--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--");
        assert_eq!(read(&two, "b", 1), Err(MultipartError::TooMany(1)));
        let with = |count: usize, name: fn(usize) -> String| {
            let headers: String = (0..count).map(|number| format!("{}: 1\r\n", name(number))).collect();
            bodies(&format!("--b\r\n{headers}\r\none\r\n--b--"), "b")
        };
        for name in [|number| format!("x-{number}"), |_| "x".to_owned()] {
            assert_eq!(with(40_000, name), Err(MultipartError::TooManyHeaders));
            assert_eq!(with(101, name), Err(MultipartError::TooManyHeaders));
            assert_eq!(with(100, name), Ok(vec!["one".to_owned()]));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(365), failure_persistence: None, ..ProptestConfig::default()
        })]

        #[test]
        fn no_input_makes_the_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..400), content_type in ".{0,80}") {
            let _ = boundary(&content_type);
            let _ = read(&body.into(), "b", 1_000);
        }

        #[test]
        fn no_text_of_boundaries_makes_the_reader_panic(body in "(--b|--|b|\r\n|\n|:|x| ){0,40}") {
            let _ = read(&Bytes::from(body), "b", 1_000);
        }

        #[test]
        fn the_reader_gets_back_what_the_writer_wrote(
            parts in proptest::collection::vec(
                ("[a-z]{1,8}", "[!-~]([ -~]{0,10}[!-~])?", proptest::collection::vec(any::<u8>(), 0..60)), 1..6),
        ) {
            let parts: Vec<Part> = parts
                .into_iter()
                .map(|(name, value, body)| {
                    let mut headers = HeaderMap::new();
                    headers.insert(
                        HeaderName::from_bytes(name.as_bytes()).expect("a name"),
                        HeaderValue::from_str(&value).expect("a value"),
                    );
                    Part { headers, body: body.into() }
                })
                .collect();
            let written = write(&parts, "batchresponse_1");
            prop_assert_eq!(read(&written, "batchresponse_1", 1_000), Ok(parts));
        }
    }
}
