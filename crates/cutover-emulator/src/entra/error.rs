//! Error bodies of the sign-in service.

use http::StatusCode;
use serde_json::json;

use crate::emulator::Emulator;
use crate::exchange::{Call, Reply};

/// A refusal: OAuth's word and Entra's number for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    error: &'static str,
    code: u32,
    text: String,
}

impl Refusal {
    /// A refusal with status 400.
    pub(crate) fn new(error: &'static str, code: u32, text: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            code,
            text: text.into(),
        }
    }

    /// A client that did not prove itself: status 401.
    pub(crate) fn of_client(code: u32, text: impl Into<String>) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            ..Self::new("invalid_client", code, text)
        }
    }

    /// A form field that is not there.
    pub(crate) fn missing(field: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{field}'.");
        Self::new("invalid_request", 900_144, text)
    }

    /// The answer. The text is for people: clients go by `error` and `error_codes`.
    pub(crate) fn reply(&self, emulator: &Emulator, call: &Call) -> Reply {
        let trace = emulator.request_id(call);
        let correlation = call.header("client-request-id").unwrap_or(&trace).to_owned();
        let time = emulator.clock().now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let body = json!({
            "error": self.error,
            "error_description": format!(
                "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
                self.code, self.text
            ),
            "error_codes": [self.code],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{}/error?code={}", call.origin, self.code),
        });
        super::answered(call, &trace, self.status, &body)
    }
}
