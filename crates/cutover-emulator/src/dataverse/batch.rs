//! `$batch`: several operations in one multipart request (*Execute batch operations using the Web API*).
//!
//! Operations run one after the other. The first failure ends the batch, and its status becomes the batch's,
//! unless `Prefer: odata.continue-on-error` was sent. Each operation is answered as a request of its own
//! would be.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::change_set;
use super::error::Refusal;
use super::multipart::{self, Part};
use super::preference::Preferences;
use super::transaction::Transaction;
use crate::exchange::{Call, Reply};

/// How many operations a batch may have.
const MOST_OPERATIONS: usize = 1_000;
/// Headers of the batch that hold for its operations too, unless an operation has its own.
const INHERITED: [&str; 4] = ["odata-version", "odata-maxversion", "callerobjectid", "mscrmcallerid"];

/// What a batch asks of the tenant it is sent to.
pub(super) trait Operations {
    /// Answers one operation as a request of its own.
    fn answer(&self, call: &Call) -> Reply;
    /// Begins changes that are made together or not at all; operations that carry it belong to it.
    fn begin(&self) -> Arc<Mutex<Transaction>>;
    /// Makes them.
    fn commit(&self, transaction: &Mutex<Transaction>);
}

/// One entry of a batch.
#[derive(Debug)]
enum Entry {
    Single(Box<Operation>),
    /// Operations that are done together or not at all.
    ChangeSet(Vec<Operation>),
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation {
    /// What its answer is told apart by, and others in its change set call its row.
    pub(super) content_id: Option<HeaderValue>,
    pub(super) call: Call,
}

/// Answers a batch; `id` names the boundaries of the answer.
pub(super) fn answer(
    call: &Call,
    version: &str,
    preferences: &Preferences,
    id: &str,
    tenant: &dyn Operations,
) -> Result<Reply, Refusal> {
    let entries = read(call, version)?;
    let mut status = StatusCode::OK;
    let mut parts = Vec::new();
    let mut change_sets = 0;
    for entry in &entries {
        let (part, outcome) = match entry {
            Entry::Single(operation) => {
                let reply = tenant.answer(&operation.call);
                (operation.part(&reply), reply.status)
            }
            Entry::ChangeSet(operations) => {
                change_sets += 1;
                // Boundaries inside one answer differ from each other.
                let id = match change_sets {
                    1 => id.to_owned(),
                    number => format!("{id}-{number}"),
                };
                change_set::run(operations, preferences, &id, tenant)
            }
        };
        parts.push(part);
        if is_failure(outcome) && !preferences.continue_on_error {
            status = outcome;
            break;
        }
    }
    let boundary = format!("batchresponse_{id}");
    let mut reply = Reply::empty(status).with(header::CONTENT_TYPE, &format!("multipart/mixed; boundary={boundary}"));
    reply.body = multipart::write(&parts, &boundary);
    Ok(reply)
}

/// Whether an operation failed.
pub(super) fn is_failure(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

impl Operation {
    /// The answer as a part of the batch's answer.
    pub(super) fn part(&self, reply: &Reply) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/http"));
        headers.insert("content-transfer-encoding", HeaderValue::from_static("binary"));
        if let Some(id) = &self.content_id {
            headers.insert("content-id", id.clone());
        }
        let reason = reply.status.canonical_reason().unwrap_or_default();
        let mut body = format!("HTTP/1.1 {} {reason}\r\n", reply.status.as_u16()).into_bytes();
        multipart::write_headers(&reply.headers, &mut body);
        body.extend_from_slice(b"\r\n");
        body.extend_from_slice(&reply.body);
        Part {
            headers,
            body: body.into(),
        }
    }
}

fn refused(message: impl std::fmt::Display) -> Refusal {
    Refusal::bad_request(format!("The batch request is not valid: {message}."))
}

/// The operations inside a batch; none when it cannot be read.
pub(super) fn operations(call: &Call, version: &str) -> Vec<Call> {
    let entries = read(call, version).unwrap_or_default();
    let operations = entries.into_iter().flat_map(|entry| match entry {
        Entry::Single(operation) => vec![*operation],
        Entry::ChangeSet(operations) => operations,
    });
    operations.map(|operation| operation.call).collect()
}

fn read(call: &Call, version: &str) -> Result<Vec<Entry>, Refusal> {
    let mut count = 0;
    let mut counted = |more: usize| {
        count += more;
        if count > MOST_OPERATIONS {
            return Err(refused(format!(
                "it has more than the {MOST_OPERATIONS} operations that are allowed"
            )));
        }
        Ok(())
    };
    let mut entries = Vec::new();
    for part in parts(call.header("content-type"), &call.body)? {
        if is_http(&part) {
            counted(1)?;
            entries.push(Entry::Single(Box::new(operation(call, version, &part)?)));
            continue;
        }
        let mut operations = Vec::new();
        for part in parts(content_type(&part), &part.body)? {
            if !is_http(&part) {
                return Err(refused("a change set cannot hold a batch or another change set"));
            }
            counted(1)?;
            let operation = operation(call, version, &part)?;
            if operation.call.method == Method::GET {
                return Err(refused(
                    "an invalid HTTP method 'GET' was detected for a request in a change set; requests in \
                     change sets only support the HTTP methods 'POST', 'PUT', 'DELETE', and 'PATCH'",
                ));
            }
            operations.push(operation);
        }
        entries.push(Entry::ChangeSet(operations));
    }
    Ok(entries)
}

fn parts(content_type: Option<&str>, body: &Bytes) -> Result<Vec<Part>, Refusal> {
    let boundary = content_type
        .and_then(multipart::boundary)
        .ok_or_else(|| refused(multipart::MultipartError::Boundary))?;
    multipart::read(body, &boundary, MOST_OPERATIONS).map_err(refused)
}

fn content_type(part: &Part) -> Option<&str> {
    part.headers.get(header::CONTENT_TYPE)?.to_str().ok()
}

fn is_http(part: &Part) -> bool {
    content_type(part).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/http")
    })
}

/// The request inside a part.
fn operation(outer: &Call, version: &str, part: &Part) -> Result<Operation, Refusal> {
    let blank = part
        .body
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    let content = part.body.slice(blank..);
    let line_end = content
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(content.len(), |newline| newline + 1);
    let malformed = || refused("a part has a malformed request line");
    let line = std::str::from_utf8(content.get(..line_end).unwrap_or_default())
        .map_err(|_| malformed())?
        .trim();
    // Blanks inside the address are a frequent slip and do not make the line ambiguous.
    let (method, rest) = line.split_once(' ').ok_or_else(malformed)?;
    let (target, protocol) = rest.rsplit_once(' ').ok_or_else(malformed)?;
    if !matches!(protocol, "HTTP/1.1" | "HTTP/1.0" | "HTTP/2" | "HTTP/2.0") {
        return Err(malformed());
    }
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| malformed())?;
    let (headers, body) = multipart::headers_and_body(&content.slice(line_end..)).map_err(refused)?;
    let target = rooted(target.trim(), version)?;
    let mut call = Call::new(method, &outer.origin, &target).with_body(body);
    for name in INHERITED {
        if let Some(value) = outer.headers.get(name) {
            call.headers.insert(name, value.clone());
        }
    }
    for (name, value) in &headers {
        call.headers.insert(name, value.clone());
    }
    // Who calls is proved once, for the whole batch.
    call.headers.remove(header::AUTHORIZATION);
    for name in [header::AUTHORIZATION, header::HOST] {
        if let Some(value) = outer.headers.get(&name) {
            call.headers.insert(name, value.clone());
        }
    }
    // Some clients write it among the headers of the request.
    let content_id = part.headers.get("content-id").or_else(|| headers.get("content-id"));
    Ok(Operation {
        content_id: content_id.cloned(),
        call,
    })
}

/// The path and query of an address that is absolute, rooted, or relative to the service root.
fn rooted(target: &str, version: &str) -> Result<String, Refusal> {
    let path = match target.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', '(']) => {
            rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/")
        }
        _ => target,
    };
    let path = if path.starts_with('/') && !path.starts_with("/$") {
        path.to_owned()
    } else {
        format!("/api/data/{version}/{}", path.trim_start_matches('/'))
    };
    let bare = path.split('?').next().unwrap_or_default();
    if !bare.starts_with("/api/data/") {
        return Err(refused(format!("the address '{target}' is not below the service root")));
    }
    let last = bare.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if matches!(last.to_ascii_lowercase().as_str(), "$batch" | "%24batch") {
        return Err(refused("a batch cannot hold another batch"));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataverse::transaction;
    use crate::emulator::Emulator;

    const ORIGIN: &str = "https://contoso.crm4.dynamics.com";

    fn batch(body: &str) -> Call {
        Call::new(Method::POST, ORIGIN, "/api/data/v9.1/$batch")
            .with(header::CONTENT_TYPE, "multipart/mixed; boundary=b")
            .with(header::AUTHORIZATION, "Bearer outer")
            .with_body(body.to_owned())
    }

    fn part(request: &str) -> String {
        format!("--b\r\nContent-Type: application/http\r\nContent-ID: 7\r\n\r\n{request}\r\n")
    }

    struct Double {
        seen: Mutex<Vec<Call>>,
        emulator: Emulator,
    }

    impl Operations for Double {
        fn answer(&self, call: &Call) -> Reply {
            self.seen.lock().expect("not poisoned").push(call.clone());
            let missing = call.path.contains("missing");
            Reply::empty(if missing { StatusCode::NOT_FOUND } else { StatusCode::OK })
        }

        fn begin(&self) -> Arc<Mutex<Transaction>> {
            transaction::begin(&self.emulator)
        }

        fn commit(&self, transaction: &Mutex<Transaction>) {
            transaction::commit(&self.emulator, transaction);
        }
    }

    /// Runs a batch; answers 404 to addresses with `missing`, 200 to all else.
    fn run(call: &Call, continue_on_error: bool) -> (Result<Reply, Refusal>, Vec<Call>) {
        let double = Double {
            seen: Mutex::default(),
            emulator: crate::dataverse::tests::emulator(),
        };
        let preferences = Preferences {
            continue_on_error,
            ..Preferences::default()
        };
        let reply = answer(call, "v9.1", &preferences, "1", &double);
        (reply, double.seen.into_inner().expect("not poisoned"))
    }

    #[test]
    fn every_spelling_of_an_operation_is_understood() {
        let wanted = "/api/data/v9.1/roles?$select=name";
        for request in [
            "GET https://contoso.crm4.dynamics.com/api/data/v9.1/roles?$select=name HTTP/1.1\r\nAccept: application/json\r\n\r\n",
            "GET /api/data/v9.1/roles?$select=name HTTP/1.1\r\nAccept: application/json\r\n",
            "GET roles?$select=name HTTP/1.1\nAccept: application/json",
            "\r\nGET roles?$select=name HTTP/1.1",
        ] {
            let (reply, seen) = run(&batch(&format!("{}--b--", part(request))), false);
            assert_eq!(reply.expect(request).status, 200);
            assert_eq!(seen[0].target(), wanted, "{request}");
            assert_eq!(seen[0].header("authorization"), Some("Bearer outer"));
        }
        let (_, seen) = run(
            &batch(&format!(
                "{}--b--",
                part("GET roles?$filter=name eq 'a b' HTTP/1.1\r\nAuthorization: Bearer inner\r\nPrefer: x")
            )),
            false,
        );
        assert_eq!(seen[0].query, "$filter=name eq 'a b'");
        assert_eq!(seen[0].header("prefer"), Some("x"));
        assert_eq!(seen[0].header("authorization"), Some("Bearer outer"));
    }

    #[test]
    fn the_first_failure_ends_the_batch_unless_it_may_go_on() {
        let body = format!(
            "{}{}{}--b--",
            part("GET a HTTP/1.1"),
            part("GET missing HTTP/1.1"),
            part("GET c HTTP/1.1")
        );
        for (go_on, status, answered) in [(false, 404, 2), (true, 200, 3)] {
            let (reply, seen) = run(&batch(&body), go_on);
            let reply = reply.expect("a batch");
            assert_eq!((reply.status.as_u16(), seen.len()), (status, answered));
            let parts = multipart::read(&reply.body, "batchresponse_1", 10).expect("multipart");
            assert_eq!(parts.len(), answered);
            assert_eq!(parts[0].headers["content-id"], "7");
            assert!(parts[1].body.starts_with(b"HTTP/1.1 404 Not Found\r\n"));
        }
    }

    #[test]
    fn a_change_set_succeeds_or_fails_as_one() {
        let set = |second: &str| {
            let inner = |target: &str| {
                format!(
                    "--c\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nPOST {target} HTTP/1.1\r\n\r\n{{}}\r\n"
                )
            };
            batch(&format!(
                "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n{}{}--c--\r\n--b--",
                inner("teams"),
                inner(second)
            ))
        };
        let (reply, _) = run(&set("roles"), false);
        let reply = reply.expect("a batch");
        let parts = multipart::read(&reply.body, "batchresponse_1", 10).expect("multipart");
        let inside = multipart::read(&parts[0].body, "changesetresponse_1", 10).expect("multipart");
        assert_eq!(inside.len(), 2);
        let (reply, _) = run(&set("missing"), false);
        let reply = reply.expect("a batch");
        assert_eq!(reply.status, 404);
        let parts = multipart::read(&reply.body, "batchresponse_1", 10).expect("multipart");
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].headers["content-type"], "application/http");
    }

    #[test]
    fn what_is_no_batch_is_refused_whole() {
        let get_inside = "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\n\r\nGET a HTTP/1.1\r\n--c--\r\n--b--";
        let nested = format!("{}--b--", part("POST /api/data/v9.1/$batch HTTP/1.1"));
        let elsewhere = format!("{}--b--", part("GET https://graph.microsoft.com/v1.0/users HTTP/1.1"));
        let no_protocol = format!("{}--b--", part("GET roles"));
        let too_many = format!("{}--b--", part("GET roles HTTP/1.1").repeat(1_001));
        let no_type = "--b\r\n\r\nGET roles HTTP/1.1\r\n--b--";
        for body in [get_inside, &nested, &elsewhere, &no_protocol, &too_many, no_type, ""] {
            let (reply, seen) = run(&batch(body), true);
            assert_eq!(reply.expect_err(body).status, 400);
            assert!(seen.is_empty(), "nothing of a refused batch runs");
        }
        let (reply, seen) = run(
            &batch(&format!("{}--b--", part("GET roles HTTP/1.1").repeat(1_000))),
            true,
        );
        assert_eq!((reply.expect("a thousand").status.as_u16(), seen.len()), (200, 1_000));
    }
}
