//! Building and sending one HTTP request of a wave.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};

use super::pages::CONTINUATION;
use super::part::{Part, PartAnswer, Reply};
use crate::api::Api;
use crate::call_spec::CallSpec;
use crate::clients::Clients;
use crate::tenancy::Tenancy;
use crate::tokens::Token;
use crate::transport::TransportError;

/// The headers that a call needs wherever it travels (Dataverse Web API, Microsoft Graph and Partner
/// Center documentation).
pub(super) fn headers_of(spec: &CallSpec) -> impl Iterator<Item = (&'static str, &'static str)> {
    const JSON: &[(&str, &str)] = &[("Accept", "application/json")];
    const DATAVERSE: &[(&str, &str)] = &[
        ("Accept", "application/json"),
        ("OData-MaxVersion", "4.0"),
        ("OData-Version", "4.0"),
        ("If-None-Match", "null"),
    ];
    const PARTNER_CENTER: &[(&str, &str)] = &[
        ("Accept", "application/json"),
        ("MS-Contract-Version", "v1"),
        ("X-Locale", "en-US"),
    ];
    let general = match spec.api {
        Api::Dataverse => DATAVERSE,
        Api::Graph | Api::GraphBeta | Api::PowerPlatform => JSON,
        Api::PartnerCenter => PARTNER_CENTER,
    };
    general.iter().chain(spec.headers).copied()
}

/// A question by itself.
pub(super) async fn single<T: Tenancy>(clients: &Clients<T>, token: &Token<T>, part: &Part) -> Reply {
    let continuation = part
        .continuation
        .clone()
        .map(|token| (HeaderName::from_static(CONTINUATION), token));
    let headers = headers_of(part.spec)
        .filter_map(|(name, value)| Some((HeaderName::try_from(name).ok()?, HeaderValue::from_static(value))))
        .chain(continuation);
    let mut headers: HeaderMap = headers.collect();
    let method = match part.body.is_empty() {
        true => Method::GET,
        false => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Method::POST
        }
    };
    let body = Bytes::from(part.body.clone());
    let sent = exchange(clients, token, part.spec.api, method, &part.url, headers, body);
    match sent.await {
        Ok(response) => Reply::Answer(whole(part.spec.api, response)),
        Err(error) => Reply::Silence(error),
    }
}

/// A response as the answer of all that travelled in its request.
pub(super) fn whole(api: Api, response: Response<Bytes>) -> PartAnswer {
    let (head, body) = response.into_parts();
    PartAnswer {
        status: head.status,
        carrier_id: carrier_id(api, &head.headers),
        headers: head.headers,
        body,
    }
}

/// The service's id of a request that carried a batch.
pub(super) fn carrier_id(api: Api, headers: &HeaderMap) -> Option<String> {
    let id = headers.get(api.request_id_header())?.to_str().ok()?;
    Some(id.to_owned())
}

/// Sends to a service, with the token and an id of our own, which `headers` may name.
pub(crate) async fn exchange<T: Tenancy>(
    clients: &Clients<T>,
    token: &Token<T>,
    api: Api,
    method: Method,
    url: &str,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response<Bytes>, TransportError> {
    let connection = clients.connection();
    let unusable =
        |source: Box<dyn std::error::Error + Send + Sync>| TransportError::Unreachable { source: source.into() };
    let Some(resource) = clients.resource(api) else {
        return Err(unusable("the cloud has no such service".into()));
    };
    let address = resource.root.join(&format!("{}{url}", api.version_prefix()));
    let mut request = Request::builder().method(method).uri(address);
    for header in api.own_id_headers() {
        request = request.header(*header, (connection.ids)().to_string());
    }
    let mut request = request.body(body).map_err(|error| unusable(error.into()))?;
    let authorization = token.authorization().map_err(|error| unusable(error.into()))?;
    request.headers_mut().extend(headers);
    request.headers_mut().insert(header::AUTHORIZATION, authorization);
    let answer = connection.transport.exchange(request).await?;
    let (now, tenant) = (connection.clock.now(), clients.tenant().id());
    connection
        .pace
        .note(now, tenant, api, answer.status(), answer.headers());
    Ok(answer)
}

/// The replies when a batch as a whole did not answer with its parts.
///
/// What concerns the carrier (token, no access at all, throttling, a server in trouble) holds for each part. Any other refusal is
/// about the batch itself; then the parts go alone, so that one of them cannot spoil the others.
pub(super) fn without_parts(answer: &PartAnswer, parts: usize) -> Vec<Reply> {
    let concerns_all = matches!(answer.status.as_u16(), 401 | 403 | 408 | 429 | 500 | 502..=504);
    (0..parts)
        .map(|_| {
            if concerns_all {
                Reply::Answer(answer.clone())
            } else {
                Reply::Missing
            }
        })
        .collect()
}

/// The replies when no answer came to a batch. One that is too large may be so only as a whole.
pub(super) fn silence(error: &TransportError, parts: usize) -> Vec<Reply> {
    (0..parts)
        .map(|_| match error {
            TransportError::TooLarge { .. } => Reply::Missing,
            other => Reply::Silence(other.clone()),
        })
        .collect()
}
