//! Refusals of the Web API: codes, messages and the body they travel in.
//!
//! Codes and names follow Microsoft's page *Web service error codes*; the body follows *Compose HTTP requests
//! and handle errors*. Details beyond code and message are annotations, sent only to those who ask for them.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::preference::Preferences;
use crate::exchange::Reply;

/// The content type of every JSON answer.
pub(super) const JSON: &str = "application/json; odata.metadata=minimal";

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", written(*code))]
pub(super) struct Refusal {
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// Dataverse's own code; a few refusals have none.
    pub code: Option<u32>,
    /// What the answer says.
    pub message: String,
    /// Seconds for `Retry-After`, for the limits only.
    pub retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: impl Into<Option<u32>>, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            retry_after: None,
        }
    }

    /// A URL, query option or header that cannot be understood.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 0x8006_0888, message)
    }

    /// A name that no column of the table has.
    pub(super) fn unknown_property(name: &str, logical_name: &str) -> Self {
        Self::bad_request(format!(
            "Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{logical_name}'."
        ))
    }

    /// A body that is not what its table or operation takes; `inner` is the inner exception's text.
    pub(super) fn bad_payload(set: &str, inner: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            0x8004_8d19,
            format!(
                "Error identified in Payload provided by the user for Entity :'{set}', For more information on this \
                 error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  \
                 InnerException : {inner}"
            ),
        )
    }

    /// An operation of the service that takes another verb.
    pub(super) fn no_operation(url: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            None,
            format!("No HTTP resource was found that matches the request URI '{url}'."),
        )
    }

    /// A path segment that the service does not have.
    pub(super) fn no_resource(segment: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            0x8006_088a,
            format!("Resource not found for the segment '{segment}'."),
        )
    }

    /// A host that is no organization's address.
    pub(super) fn no_organization(host: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            0x8004_0217,
            format!("The organization with the host '{host}' does not exist."),
        )
    }

    /// A row that is there, outside what the user's privileges reach; `right` is the access that is lacking, such as
    /// `ReadAccess`.
    pub(super) fn out_of_reach(user_id: &str, object_type_code: u32, id: &str, right: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            0x8004_0220,
            format!(
                "SecLib::AccessCheckEx failed. Returned hr = -2147187962, ObjectID: {id}, CallingUser: {user_id}. \
                 ObjectTypeCode: {object_type_code}, AccessRights: {right}"
            ),
        )
    }

    /// A row that is not there.
    pub(super) fn no_row(schema_name: &str, id: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            0x8004_0217,
            format!("Entity '{schema_name}' With Id = {id} Does Not Exist"),
        )
    }

    /// A verb that the resource does not take.
    pub(super) fn wrong_verb(method: &http::Method) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            0x8006_0888,
            format!("The requested resource does not support http method '{method}'."),
        )
    }

    /// An operation that Microsoft has, or may have, and the emulator has not.
    pub(super) fn not_emulated(method: &http::Method, what: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            0x8000_4001,
            format!("the emulator has no operation {method} {what}"),
        )
    }

    /// The answer that carries this refusal.
    pub(super) fn reply(&self, preferences: &Preferences) -> Reply {
        let mut error = Map::new();
        error.insert("code".into(), json!(written(self.code)));
        error.insert("message".into(), json!(self.message));
        let details = [
            (
                "Microsoft.PowerApps.CDS.ErrorDetails.HttpStatusCode",
                self.status.as_u16().to_string(),
            ),
            (
                "Microsoft.PowerApps.CDS.HelpLink",
                format!(
                    "http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a{:08x}&client=platform",
                    self.code.unwrap_or_default()
                ),
            ),
            ("Microsoft.PowerApps.CDS.TraceText", format!("{}\n", self.message)),
        ];
        for (term, value) in details {
            if preferences.annotates(term) {
                error.insert(format!("@{term}"), Value::String(value));
            }
        }
        let mut body = Map::new();
        body.insert("error".into(), Value::Object(error));
        let mut reply = Reply::json(self.status, JSON, &Value::Object(body));
        if let Some(seconds) = self.retry_after {
            reply = reply.with(http::header::RETRY_AFTER, &seconds.to_string());
        }
        reply
    }
}

/// A code as answers carry it: eight digits, a lone zero for an error that was not told apart, or nothing.
fn written(code: Option<u32>) -> String {
    match code {
        None => String::new(),
        Some(0) => "0x0".to_owned(),
        Some(code) => format!("0x{code:08x}"),
    }
}
