//! JSON batching (GD `json-batching`): up to twenty parts, each answered as a request of its own.

use std::collections::{HashMap, HashSet};

use http::{HeaderName, Method, StatusCode};
use serde_json::{Map, Value, json};

use super::addressing::Version;
use super::collection::JSON;
use super::errors::GraphError;
use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

/// Parts of one batch at most.
const MAX_PARTS: usize = 20;
/// Headers of one part at most (assumed: no document names a limit; web servers take about as many).
const MAX_HEADERS: usize = 100;

struct Part {
    id: String,
    call: Result<Call, GraphError>,
    depends_on: Vec<String>,
}

fn malformed(message: impl Into<String>) -> GraphError {
    GraphError::bad_request(message)
}

/// Answers `POST /$batch`. The caller's token was looked at before, and each part looks again.
pub(crate) fn answer(emulator: &Emulator, outer: &Call, version: Version) -> Result<Reply, GraphError> {
    let parts = read(outer, version)?;
    check_ids(&parts)?;
    let mut failed: HashMap<&str, bool> = HashMap::new();
    let mut responses = Vec::new();
    let mut waiting: Vec<&Part> = parts.iter().collect();
    while !waiting.is_empty() {
        let (ready, later): (Vec<&Part>, Vec<&Part>) = waiting.iter().partition(|part| {
            part.depends_on
                .iter()
                .all(|before| failed.contains_key(before.as_str()))
        });
        if ready.is_empty() {
            return Err(malformed("Batch request has a cycle of dependencies."));
        }
        for part in ready {
            let broken = part
                .depends_on
                .iter()
                .any(|before| failed.get(before.as_str()) == Some(&true));
            let (status, response) = if broken {
                dependency_failed(&part.id)
            } else {
                respond(emulator, outer, part)
            };
            failed.insert(&part.id, !status.is_success());
            responses.push(response);
        }
        waiting = later;
    }
    // The order of answers is free; the last first keeps clients from counting on the order of requests.
    responses.reverse();
    Ok(Reply::json(StatusCode::OK, JSON, &json!({"responses": responses})))
}

/// The requests inside a batch, as far as they can be read.
pub(crate) fn requests(outer: &Call, version: Version) -> Vec<Call> {
    let parts = read(outer, version).unwrap_or_default();
    parts.into_iter().filter_map(|part| part.call.ok()).collect()
}

fn read(outer: &Call, version: Version) -> Result<Vec<Part>, GraphError> {
    let body: Value =
        serde_json::from_slice(&outer.body).map_err(|_| malformed("Unable to read JSON request payload."))?;
    let requests = body
        .get("requests")
        .and_then(Value::as_array)
        .ok_or_else(|| malformed("Invalid batch payload format."))?;
    if requests.is_empty() {
        return Err(malformed("Batch request has no parts."));
    }
    if requests.len() > MAX_PARTS {
        return Err(malformed(format!(
            "Number of batch request steps exceeds the maximum value of {MAX_PARTS}."
        )));
    }
    requests.iter().map(|request| part(outer, version, request)).collect()
}

fn part(outer: &Call, version: Version, request: &Value) -> Result<Part, GraphError> {
    let text = |name: &str| request.get(name).and_then(Value::as_str);
    let id = match request.get("id") {
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        _ => return Err(malformed("Batch request part lacks an 'id'.")),
    };
    let method = text("method")
        .and_then(|method| method.to_ascii_uppercase().parse::<Method>().ok())
        .filter(|method| ["GET", "POST", "PATCH", "PUT", "DELETE"].contains(&method.as_str()))
        .ok_or_else(|| malformed(format!("Batch request part '{id}' has no valid 'method'.")))?;
    let url = text("url")
        .filter(|url| !url.is_empty())
        .ok_or_else(|| malformed(format!("Batch request part '{id}' has no 'url'.")))?;
    let depends_on = match request.get("dependsOn") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(ids)) => ids
            .iter()
            .map(|id| id.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| malformed(format!("Batch request part '{id}' has a bad 'dependsOn'.")))?,
        Some(_) => {
            return Err(malformed(format!("Batch request part '{id}' has a bad 'dependsOn'.")));
        }
    };
    let headers = request.get("headers").and_then(Value::as_object);
    if headers.is_some_and(|headers| headers.len() > MAX_HEADERS) {
        return Err(malformed(format!(
            "Batch request part '{id}' has more than {MAX_HEADERS} headers."
        )));
    }
    let call = target(url, version).map(|target| {
        let mut call = Call::new(method, &outer.origin, &target);
        if let Some(token) = outer.headers.get(http::header::AUTHORIZATION) {
            call.headers.insert(http::header::AUTHORIZATION, token.clone());
        }
        for (name, value) in headers.into_iter().flatten() {
            if let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), value.as_str())
                && name != http::header::AUTHORIZATION
            {
                call.set(name, value);
            }
        }
        match request.get("body") {
            None | Some(Value::Null) => call,
            Some(body) => call.with_body(body.to_string()),
        }
    });
    Ok(Part { id, call, depends_on })
}

/// The path and query of a part with the version in front.
fn target(url: &str, version: Version) -> Result<String, GraphError> {
    let prefix = version.prefix();
    let target = if url.contains("://") && !url.starts_with('/') {
        let (_, rest) = url.split_once("://").unwrap_or_default();
        let (_, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !path
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with(['/', '?']))
        {
            return Err(malformed(format!(
                "Batch request part has the url '{url}', which is not of version {prefix}."
            )));
        }
        format!("/{path}")
    } else {
        let rooted = url.trim_start_matches('/');
        match rooted.split_once(['/', '?']).map_or(rooted, |(first, _)| first) {
            // Clients send the version along as well (recorded of Microsoft's JavaScript client).
            first if first == prefix => format!("/{rooted}"),
            "v1.0" | "beta" => {
                return Err(malformed(format!(
                    "Batch request part has the url '{url}', which is not of version {prefix}."
                )));
            }
            _ => format!("/{prefix}/{rooted}"),
        }
    };
    let inner = target.split('?').next().unwrap_or_default().to_ascii_lowercase();
    if inner.contains("$batch") || inner.contains("%24batch") {
        return Err(malformed("A batch request cannot hold a batch request."));
    }
    Ok(target)
}

fn check_ids(parts: &[Part]) -> Result<(), GraphError> {
    let mut ids = HashSet::new();
    for part in parts {
        if !ids.insert(part.id.as_str()) {
            return Err(malformed(format!(
                "Batch request has the id '{}' more than once.",
                part.id
            )));
        }
    }
    for part in parts {
        if let Some(unknown) = part
            .depends_on
            .iter()
            .find(|before| !ids.contains(before.as_str()) || **before == part.id)
        {
            return Err(malformed(format!(
                "Batch request part '{}' depends on '{unknown}', which is not another part.",
                part.id
            )));
        }
    }
    Ok(())
}

fn dependency_failed(id: &str) -> (StatusCode, Value) {
    let status = StatusCode::FAILED_DEPENDENCY;
    let response = json!({
        "id": id,
        "status": status.as_u16(),
        "headers": {"Content-Type": "application/json"},
        "body": {"error": {
            "code": "FailedDependency",
            "message": "The request failed because a request it depends on failed.",
        }},
    });
    (status, response)
}

fn respond(emulator: &Emulator, outer: &Call, part: &Part) -> (StatusCode, Value) {
    let reply = match &part.call {
        Ok(call) => emulator.answer_part(outer, call),
        Err(error) => Reply::json(
            error.status,
            "application/json",
            &json!({"error": {"code": error.code, "message": error.message}}),
        ),
    };
    let mut headers = Map::new();
    for (name, value) in &reply.headers {
        if let Ok(value) = value.to_str() {
            headers.insert(header_name(name.as_str()), value.into());
        }
    }
    let mut response = Map::new();
    response.insert("id".to_owned(), part.id.clone().into());
    response.insert("status".to_owned(), reply.status.as_u16().into());
    response.insert("headers".to_owned(), Value::Object(headers));
    if !reply.body.is_empty() {
        let body = serde_json::from_slice(&reply.body)
            .unwrap_or_else(|_| String::from_utf8_lossy(&reply.body).into_owned().into());
        response.insert("body".to_owned(), body);
    }
    (reply.status, Value::Object(response))
}

/// Inside a batch headers are JSON, where case is seen; Graph writes these so.
fn header_name(name: &str) -> String {
    match name {
        "content-type" => "Content-Type".to_owned(),
        "retry-after" => "Retry-After".to_owned(),
        "odata-version" => "OData-Version".to_owned(),
        "cache-control" => "Cache-Control".to_owned(),
        "www-authenticate" => "WWW-Authenticate".to_owned(),
        "location" => "Location".to_owned(),
        other => other.to_owned(),
    }
}
