//! Change sets: operations of a batch that are done together or not at all, and the names they give new rows.
//!
//! *Execute batch operations using the Web API*: an operation with `Content-ID: 1` that makes a row lets those after it
//! write `$1` for the address of that row, at the start of their own address and wherever a body names a row.

use std::collections::HashMap;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, Value as Json};

use super::batch::{Operation, Operations, is_failure};
use super::error::Refusal;
use super::multipart::{self, Part};
use super::preference::Preferences;
use crate::exchange::{Call, Reply};

/// Addresses of rows by the `Content-ID` of the operation that wrote them.
type Named = HashMap<String, String>;

/// Runs a change set. A failed one is answered with its failure alone.
pub(super) fn run(
    operations: &[Operation],
    preferences: &Preferences,
    id: &str,
    tenant: &dyn Operations,
) -> (Part, StatusCode) {
    let transaction = tenant.begin();
    let mut named = Named::new();
    let mut parts = Vec::new();
    for operation in operations {
        let reply = match resolved(&operation.call, &named) {
            Ok(mut call) => {
                call.transaction = Some(transaction.clone());
                tenant.answer(&call)
            }
            Err(refusal) => refusal.reply(preferences),
        };
        let part = operation.part(&reply);
        if is_failure(reply.status) {
            return (part, reply.status);
        }
        if let (Some(content_id), Some(url)) = (&operation.content_id, entity_id(&reply))
            && let Ok(content_id) = content_id.to_str()
        {
            named.insert(content_id.trim().to_owned(), url.to_owned());
        }
        parts.push(part);
    }
    tenant.commit(&transaction);
    let boundary = format!("changesetresponse_{id}");
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("multipart/mixed; boundary={boundary}")) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    let body = multipart::write(&parts, &boundary);
    (Part { headers, body }, StatusCode::OK)
}

fn entity_id(reply: &Reply) -> Option<&str> {
    reply.headers.get("odata-entityid")?.to_str().ok()
}

/// An operation with the names of earlier ones replaced by what they stand for.
fn resolved(call: &Call, named: &Named) -> Result<Call, Refusal> {
    let mut call = call.clone();
    let root = root_of(&call.path).to_owned();
    if let Some(below) = call.path.get(root.len()..).filter(|below| below.starts_with('$')) {
        let url = replaced(below, named)?;
        // The address of a row begins with the origin that the client called.
        let path = url.strip_prefix(call.origin.as_str()).unwrap_or(&url);
        call.path = path.to_owned();
    }
    if let Ok(Json::Object(mut body)) = serde_json::from_slice::<Json>(&call.body)
        && replace_in(&mut body, named)?
    {
        call.body = Json::Object(body).to_string().into();
    }
    Ok(call)
}

/// `/api/data/v9.2/` of a path.
fn root_of(path: &str) -> &str {
    let end = path
        .match_indices('/')
        .nth(3)
        .map_or(path.len(), |(slash, _)| slash + 1);
    path.get(..end).unwrap_or_default()
}

/// `$1` or `$1/…` with the address in place of the name.
fn replaced(text: &str, named: &Named) -> Result<String, Refusal> {
    let (name, rest) = match text.find('/') {
        Some(slash) => text.split_at(slash),
        None => (text, ""),
    };
    let url = named.get(name.trim_start_matches('$')).ok_or_else(|| {
        Refusal::bad_request(format!(
            "Content-ID Reference: '{name}' does not exist in the batch context."
        ))
    })?;
    Ok(format!("{url}{rest}"))
}

/// Replaces names wherever a body names a row; says whether there was one.
fn replace_in(body: &mut Map<String, Json>, named: &Named) -> Result<bool, Refusal> {
    let mut found = false;
    for (name, value) in body {
        if !name.ends_with("@odata.bind") && !name.ends_with("@odata.id") {
            continue;
        }
        let texts: Vec<&mut Json> = match value {
            Json::Array(items) => items.iter_mut().collect(),
            other => vec![other],
        };
        for text in texts {
            if let Some(reference) = text.as_str().filter(|text| text.starts_with('$')) {
                *text = Json::String(replaced(reference, named)?);
                found = true;
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    #[test]
    fn names_stand_for_addresses_in_paths_and_bodies() {
        let origin = "https://contoso.crm4.dynamics.com";
        let url = format!("{origin}/api/data/v9.1/accounts(7)");
        let named = Named::from([("1".to_owned(), url.clone())]);
        for (path, body, resolved_path, resolved_body) in [
            (
                "/api/data/v9.1/$1/name",
                "{}",
                "/api/data/v9.1/accounts(7)/name",
                "{}".to_owned(),
            ),
            ("/api/data/v9.1/$1", "", "/api/data/v9.1/accounts(7)", String::new()),
            (
                "/api/data/v9.1/contacts",
                r#"{"name":"$1","a@odata.bind":"$1"}"#,
                "/api/data/v9.1/contacts",
                format!(r#"{{"name":"$1","a@odata.bind":"{url}"}}"#),
            ),
            (
                "/api/data/v9.1/contacts",
                r#"{"@odata.id":"$1/parentaccountid"}"#,
                "/api/data/v9.1/contacts",
                format!(r#"{{"@odata.id":"{url}/parentaccountid"}}"#),
            ),
        ] {
            let call = Call::new(Method::POST, origin, path).with_body(body);
            let call = resolved(&call, &named).expect(path);
            assert_eq!(
                (call.path.as_str(), &call.body[..]),
                (resolved_path, resolved_body.as_bytes())
            );
        }
        for (path, body) in [
            ("/api/data/v9.1/$2", "{}"),
            ("/api/data/v9.1/accounts", r#"{"a@odata.bind":"$2"}"#),
            ("/api/data/v9.1/accounts", r#"{"a@odata.bind":["$1","$2"]}"#),
        ] {
            let call = Call::new(Method::POST, origin, path).with_body(body);
            let refusal = resolved(&call, &named).expect_err(path);
            assert_eq!(
                refusal.message,
                "Content-ID Reference: '$2' does not exist in the batch context."
            );
        }
    }
}
