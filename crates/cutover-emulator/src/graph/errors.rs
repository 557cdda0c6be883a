//! What goes wrong, in Graph's words.

use http::{HeaderName, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::entra::tokens::TokenRefusal;
use crate::odata::ODataError;

/// A refused request: status, code, message, headers of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {code}: {message}")]
pub(crate) struct GraphError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) headers: Vec<(HeaderName, String)>,
}

impl GraphError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            headers: Vec::new(),
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// What Entra's directory answers to a request it cannot read.
    pub(crate) fn request_bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_BadRequest", message)
    }

    /// A query the directory does not run as it stands (GD `aad-advanced-queries`).
    pub(crate) fn unsupported_query(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Request_UnsupportedQuery", message)
    }

    pub(crate) fn not_found(key: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "Request_ResourceNotFound",
            format!(
                "Resource '{key}' does not exist or one of its queried reference-property objects \
                 are not present."
            ),
        )
    }

    /// A body with a property that the type does not have.
    pub(crate) fn unknown_property_in_body(property: &str) -> Self {
        Self::request_bad_request(format!(
            "Property '{property}' does not exist as a declared property or extension property."
        ))
    }

    /// A body with a property that nobody may write.
    pub(crate) fn read_only(property: &str) -> Self {
        Self::request_bad_request(format!("Property '{property}' is read-only and cannot be set."))
    }

    /// A body with a value that is not of its type.
    pub(crate) fn wrong_value(property: &str, wanted: &str) -> Self {
        Self::request_bad_request(format!(
            "Invalid value specified for property '{property}' of resource: a value of type '{wanted}' is expected."
        ))
    }

    /// A link that is there already (GD group-post-members: 400).
    pub(crate) fn already_referenced(property: &str) -> Self {
        Self::request_bad_request(format!(
            "One or more added object references already exist for the following modified properties: '{property}'."
        ))
    }

    /// A second object where the directory takes one only.
    pub(crate) fn same_key(message: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "Request_MultipleObjectsWithSameKeyValue", message)
    }

    pub(crate) fn denied() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )
    }

    /// A feature of Entra ID P1 in a tenant without it.
    pub(crate) fn not_premium() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
            "Neither tenant is B2C or tenant doesn't have premium license",
        )
    }

    /// Privileged Identity Management in a tenant without Entra ID P2 or Governance.
    pub(crate) fn premium_license_required() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "AadPremiumLicenseRequired",
            "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
        )
    }

    /// The loud answer to an operation that the emulator does not have.
    pub(crate) fn not_implemented(method: &http::Method, path: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "EmulatorNotImplemented",
            format!("the emulator has no operation {method} {path}"),
        )
    }

    /// A token that is not accepted.
    pub(crate) fn unauthorized(refusal: TokenRefusal) -> Self {
        let message = match refusal {
            TokenRefusal::Missing => "Access token is empty.",
            TokenRefusal::Malformed => "CompactToken parsing failed with error code: 80049217",
            TokenRefusal::Signature => "Access token validation failure. Signature is invalid.",
            TokenRefusal::Expired => "Lifetime validation failed, the token is expired.",
            TokenRefusal::NotYetValid => "Lifetime validation failed, the token is not yet valid.",
            TokenRefusal::Audience => "Access token validation failure. Invalid audience.",
            TokenRefusal::Tenant => "Access token validation failure. Invalid issuer.",
        };
        let mut error = Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message);
        error.headers.push((
            http::header::WWW_AUTHENTICATE,
            "Bearer realm=\"\", \
             authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
             client_id=\"00000003-0000-0000-c000-000000000000\""
                .to_owned(),
        ));
        error
    }

    /// The body, with what identifies the request.
    pub(crate) fn body(&self, now: Timestamp, request_id: &str, client_request_id: &str) -> Value {
        json!({"error": {
            "code": self.code,
            "message": self.message,
            "innerError": {
                "date": now.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
                "request-id": request_id,
                "client-request-id": client_request_id,
            },
        }})
    }
}

impl From<ODataError> for GraphError {
    fn from(error: ODataError) -> Self {
        match &error {
            ODataError::Syntax { option, .. } if option == "$filter" => {
                Self::bad_request(format!("Invalid filter clause: {error}"))
            }
            ODataError::IncompatibleTypes { .. } | ODataError::NotBoolean(_) => {
                Self::bad_request(format!("Invalid filter clause: {error}"))
            }
            ODataError::Syntax { option, .. } if option == "$select" || option == "$expand" => {
                Self::bad_request(format!("Parsing OData Select and Expand failed: {error}"))
            }
            _ => Self::bad_request(error.to_string()),
        }
    }
}
