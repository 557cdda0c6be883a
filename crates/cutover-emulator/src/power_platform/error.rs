//! Error bodies of both planes.

use http::{StatusCode, header};
use serde_json::json;

use super::JSON;
use crate::entra::tokens::TokenRefusal;
use crate::exchange::Reply;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `{"error": {"code", "message"}}`.
    Error,
    /// `ValidationResponse`: what operations on environments declare for 400 and 409.
    Validation,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            shape: Shape::Error,
        }
    }

    /// No token, or one that does not fit.
    pub(super) fn unauthorized(refusal: TokenRefusal) -> Self {
        let text = format!("Authentication failed: {refusal}.");
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", text)
    }

    /// A request that cannot be understood.
    pub(super) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// A request that the environment's state forbids.
    pub(super) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            shape: Shape::Validation,
            ..Self::new(StatusCode::BAD_REQUEST, code, message)
        }
    }

    /// Another operation is under way.
    pub(super) fn not_startable(message: impl Into<String>) -> Self {
        Self {
            shape: Shape::Validation,
            ..Self::new(StatusCode::CONFLICT, "OperationNotStartable", message)
        }
    }

    /// Another installation is under way: transient.
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", message)
    }

    /// What is named is not there.
    pub(super) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// An environment that the tenant does not have (recorded).
    pub(super) fn no_environment(id: &str) -> Self {
        let text = format!("The environment '{id}' could not be found in the tenant.");
        Self::not_found("EnvironmentNotFound", text)
    }

    fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message)
    }

    /// An application that no administrator has registered.
    pub(super) fn not_registered(object_id: &str) -> Self {
        Self::forbidden(format!(
            "The service principal with id '{object_id}' does not have permission to access this resource: it is not \
             registered as an administration application."
        ))
    }

    /// An application where a person is asked for.
    pub(super) fn persons_only() -> Self {
        Self::forbidden("The operation is supported for users only.")
    }

    /// A person's token without a scope.
    pub(super) fn lacks_scope(scopes: &[&str]) -> Self {
        Self::forbidden(format!("The token lacks the scope {}.", scopes.join(" or ")))
    }

    /// A person without an administrator's role.
    pub(super) fn no_administrator(object_id: &str) -> Self {
        Self::forbidden(format!(
            "The user with object id '{object_id}' does not have permission to access this resource."
        ))
    }

    /// What Microsoft has, or may have, and the emulator has not.
    pub(super) fn not_emulated(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "EmulatorNotImplemented",
            format!("the emulator does not know {what}"),
        )
    }

    pub(super) fn reply(&self) -> Reply {
        let body = match self.shape {
            Shape::Error => json!({"error": {"code": self.code, "message": self.message}}),
            Shape::Validation => json!({"errorDetail": {
                "code": self.code, "fieldErrors": {"message": [self.message]},
            }}),
        };
        let reply = Reply::json(self.status, JSON, &body);
        if self.status == StatusCode::UNAUTHORIZED {
            return reply.with(header::WWW_AUTHENTICATE, "Bearer");
        }
        reply
    }
}
