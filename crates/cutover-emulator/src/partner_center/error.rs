//! Error bodies: both shapes that the service has.

use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::entra::tokens::TokenRefusal;
use crate::exchange::Reply;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    /// None: the answer has no body.
    body: Option<Body>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Body {
    /// A number in most recorded answers, a text in others.
    code: Code,
    description: String,
    source: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Number(u32),
    Text(&'static str),
}

impl Refusal {
    fn new(status: StatusCode, code: Code, description: impl Into<String>, source: &'static str) -> Self {
        Self {
            status,
            body: Some(Body {
                code,
                description: description.into(),
                source,
            }),
        }
    }

    /// No token, or one that does not fit.
    pub(super) fn unauthorized(refusal: TokenRefusal) -> Self {
        if refusal == TokenRefusal::Missing {
            return Self {
                status: StatusCode::UNAUTHORIZED,
                body: None,
            };
        }
        let text = format!("Partner Token missing in request context: {refusal}.");
        Self::new(StatusCode::UNAUTHORIZED, Code::Number(800_001), text, "PartnerFD")
    }

    /// The sign-in behind the token was done without multifactor authentication.
    pub(super) fn mfa_required() -> Self {
        let text = "Unauthorized - MFA required";
        Self::new(StatusCode::UNAUTHORIZED, Code::Text("900421"), text, "PartnerFD")
    }

    /// An application's own token where a person's is asked for (which code it carries is assumed).
    pub(super) fn needs_a_user() -> Self {
        let text = "Access denied: this operation supports App+User authentication only.";
        Self::new(StatusCode::UNAUTHORIZED, Code::Number(400), text, "PartnerFD")
    }

    /// A person's token without the delegated permission.
    pub(super) fn access_denied() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Code::Number(400),
            "Access denied",
            "PartnerFD",
        )
    }

    /// The caller's role does not open the operation.
    pub(super) fn no_right() -> Self {
        let text = "The role of the caller does not have access to this resource.";
        Self::new(StatusCode::FORBIDDEN, Code::Number(900_150), text, "PartnerFD")
    }

    /// The caller's tenant is no partner's.
    pub(super) fn not_enrolled() -> Self {
        Self::new(StatusCode::FORBIDDEN, Code::Number(2032), "Access denied", "PartnerFD")
    }

    /// The partner agreement is not signed.
    pub(super) fn agreement_not_signed() -> Self {
        let text = "The partner has not accepted the Microsoft Partner Agreement.";
        Self::new(StatusCode::FORBIDDEN, Code::Number(900_124), text, "PartnerFD")
    }

    /// A tenant that is no customer of the partner.
    pub(super) fn no_customer() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Code::Number(60_003),
            "Tenant not found",
            "PartnerFD",
        )
    }

    /// A partner that is not there.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::Number(1000), "Not found", "PartnerFD")
    }

    /// A parameter that is not understood, with code and source as documented for it.
    pub(super) fn bad_request(code: u32, description: impl Into<String>, source: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::Number(code), description, source)
    }

    /// A parameter that is not understood, where no document names its code.
    pub(super) fn invalid_input(description: impl Into<String>) -> Self {
        Self::bad_request(800_002, description, "PartnerFD")
    }

    pub(super) fn reply(&self, request_id: &str) -> Reply {
        let reply = match &self.body {
            None => Reply::empty(self.status),
            Some(body) => {
                let code = match body.code {
                    Code::Number(number) => Value::from(number),
                    Code::Text(text) => Value::from(text),
                };
                let body = json!({"code": code, "description": body.description, "data": [], "source": body.source});
                Reply::json(self.status, "application/json; charset=utf-8", &body)
            }
        };
        if self.status != StatusCode::UNAUTHORIZED {
            return reply;
        }
        reply.with(
            header::WWW_AUTHENTICATE,
            &format!("OAuth realm=urn:cpsvc:cpid:{request_id}"),
        )
    }
}
