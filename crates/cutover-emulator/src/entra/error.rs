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
    suberror: Option<&'static str>,
}

impl Refusal {
    /// A refusal with status 400.
    pub(crate) fn new(error: &'static str, code: u32, text: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error,
            code,
            text: text.into(),
            suberror: None,
        }
    }

    /// The same refusal with what Entra adds to tell cases apart that OAuth has one word for.
    pub(crate) fn with_suberror(mut self, suberror: &'static str) -> Self {
        self.suberror = Some(suberror);
        self
    }

    /// Entra's number.
    pub(crate) fn code(&self) -> u32 {
        self.code
    }

    /// OAuth's word.
    pub(crate) fn error(&self) -> &'static str {
        self.error
    }

    /// Entra's number and text, as they begin `error_description`.
    pub(crate) fn description(&self) -> String {
        format!("AADSTS{}: {}", self.code, self.text)
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
        let mut body = json!({
            "error": self.error,
            "error_description": format!(
                "{} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
                self.description()
            ),
            "error_codes": [self.code],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{}/error?code={}", call.origin, self.code),
        });
        if let (Some(suberror), Some(object)) = (self.suberror, body.as_object_mut()) {
            object.insert("suberror".to_owned(), suberror.into());
        }
        super::answered(call, &trace, self.status, &body)
    }
}
