//! Whether a service can be reached at all: one request each, without a token.

use bytes::Bytes;
use http::{Method, Request, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use cutover_core::evidence::Service;

use crate::connection::Connection;
use crate::transport::TransportError;

/// The answer of a service to somebody it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// HTTP status; 401 is what the APIs document for a request without a token.
    pub status: u16,
    /// The service's time (`Date` header), to the second; `None` when it told none that can be read.
    pub date: Option<Timestamp>,
}

/// Where a service is asked whether it is there: a documented address that needs no token, or says that it needs one.
/// `None` for what is no service, or none that the cloud has.
pub fn probe_address(connection: &Connection, service: Service, tenant: &str) -> Option<String> {
    let endpoints = &connection.endpoints;
    Some(match service {
        Service::Entra => endpoints
            .login
            .join(&format!("/{tenant}/v2.0/.well-known/openid-configuration")),
        Service::Graph => endpoints.graph.root.join("/v1.0/organization"),
        Service::GraphBeta => endpoints.graph.root.join("/beta/organization"),
        Service::Dataverse => endpoints.dataverse.root.join("/api/data/v9.2/WhoAmI()"),
        Service::PowerPlatform => endpoints
            .power_platform
            .root
            .join("/environmentmanagement/environments?api-version=2024-10-01"),
        Service::PartnerCenter => endpoints
            .partner_center
            .as_ref()?
            .root
            .join("/v1/profiles/organization"),
        Service::File => return None,
    })
}

/// Asks once, without a token and without patience. Any answer shows that the service can be reached.
///
/// # Errors
/// When no answer came.
pub async fn reach(connection: &Connection, address: &str) -> Result<Reached, TransportError> {
    let request = Request::builder()
        .method(Method::GET)
        .uri(address)
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map_err(|error| TransportError::Unreachable {
            source: std::sync::Arc::new(error),
        })?;
    let answer = connection.transport.exchange(request).await?;
    let date = answer.headers().get(header::DATE);
    Ok(Reached {
        status: answer.status().as_u16(),
        date: date
            .and_then(|date| date.to_str().ok())
            .and_then(|date| DateTimeParser::new().parse_timestamp(date).ok()),
    })
}
