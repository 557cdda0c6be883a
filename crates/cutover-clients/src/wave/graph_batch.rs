//! Microsoft Graph's JSON batch (Microsoft Graph documentation).

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::part::{Part, PartAnswer, Reply, keep_header};
use super::request::{carrier_id, exchange, headers_of, silence, whole, without_parts};
use crate::api::Api;
use crate::clients::Clients;
use crate::tenancy::Tenancy;
use crate::tokens::Token;

#[derive(Serialize)]
struct BatchPart<'a> {
    id: String,
    method: &'static str,
    url: &'a str,
    headers: Map<String, Value>,
}

#[derive(Deserialize)]
struct BatchAnswer {
    responses: Vec<PartResponse>,
}

#[derive(Deserialize)]
struct PartResponse {
    id: String,
    status: u16,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Value,
}

/// Sends parts of one version of Graph together; the replies come in the order of the parts.
pub(super) async fn send<T: Tenancy>(clients: &Clients<T>, token: &Token<T>, api: Api, parts: &[Part]) -> Vec<Reply> {
    let ids = &clients.connection().ids;
    let requests: Vec<BatchPart<'_>> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| BatchPart {
            id: place.to_string(),
            method: "GET",
            url: &part.url,
            headers: headers_of(part.spec)
                .map(|(name, value)| (name.to_owned(), value.into()))
                .chain([("client-request-id".to_owned(), ids().to_string().into())])
                .collect(),
        })
        .collect();
    let body = Bytes::from(json!({ "requests": requests }).to_string());
    let json = HeaderValue::from_static("application/json");
    let headers = HeaderMap::from_iter([(header::ACCEPT, json.clone()), (header::CONTENT_TYPE, json)]);
    let sent = exchange(clients, token, api, Method::POST, "/$batch", headers, body);
    let response = match sent.await {
        Ok(response) => response,
        Err(error) => return silence(&error, parts.len()),
    };
    let carrier = carrier_id(api, response.headers());
    let answer = response
        .status()
        .is_success()
        .then(|| serde_json::from_slice::<BatchAnswer>(response.body()).ok())
        .flatten();
    let Some(answer) = answer else {
        return without_parts(&whole(api, response), parts.len());
    };
    let mut replies: Vec<Reply> = parts.iter().map(|_| Reply::Missing).collect();
    for part in answer.responses {
        let place = part.id.parse::<usize>().ok();
        if let (Some(slot), Ok(status)) = (
            place.and_then(|place| replies.get_mut(place)),
            StatusCode::from_u16(part.status),
        ) {
            *slot = Reply::Answer(PartAnswer {
                status,
                headers: part_headers(&part.headers),
                body: Bytes::from(part.body.to_string()),
                carrier_id: carrier.clone(),
            });
        }
    }
    replies
}

/// A part's headers; values come as text, now and then as number.
fn part_headers(given: &Map<String, Value>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let value = match value {
            Value::String(text) => HeaderValue::from_str(text),
            Value::Number(number) => HeaderValue::from_str(&number.to_string()),
            _ => continue,
        };
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), value) {
            keep_header(&mut headers, name, value);
        }
    }
    headers
}
