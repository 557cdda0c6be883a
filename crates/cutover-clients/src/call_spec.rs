//! What is fixed about a call: its service, path, permission and shape.

use cutover_core::evidence::Service;

use crate::api::Api;
use crate::permission::Permission;

/// One operation as documentation and permission manifest see it; its arguments are in [`crate::Read`] or [`crate::Write`].
#[derive(Debug, PartialEq, Eq)]
pub struct CallSpec {
    /// Who answers.
    pub service: Service,
    /// The same, as what a token opens.
    pub(crate) api: Api,
    /// Path below the version, arguments in braces, such as `/users/{id}/licenseDetails`.
    pub path: &'static str,
    /// What the call tells, a sentence fragment.
    pub about: &'static str,
    /// What the caller must be allowed.
    pub permission: &'static Permission,
    /// How it is throttled.
    pub lane: Lane,
    /// What comes back.
    pub shape: Shape,
    /// `GET`, or `POST` for the one action that only reads (What-If); of a write `POST`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// Headers beside those that every call to the service has.
    pub headers: &'static [(&'static str, &'static str)],
    /// Headers of the response that belong to the answer and stand in it beside the object's own properties.
    pub answer_headers: &'static [&'static str],
}

impl CallSpec {
    /// A call without anything out of the ordinary, as a start for the exceptions below.
    pub(crate) const fn new(
        api: Api,
        shape: Shape,
        path: &'static str,
        about: &'static str,
        permission: &'static Permission,
    ) -> Self {
        Self {
            service: api.service(),
            api,
            path,
            about,
            permission,
            lane: Lane::General,
            shape,
            method: "GET",
            headers: &[],
            answer_headers: &[],
        }
    }

    /// The same call with headers beside those that every call to the service has.
    pub(crate) const fn with_headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        self.headers = headers;
        self
    }

    /// The same call; these headers of its response belong to its answer. A collection has no place for them.
    pub(crate) const fn answered_in(mut self, headers: &'static [&'static str]) -> Self {
        assert!(
            matches!(self.shape, Shape::Single),
            "only one object can have headers beside it"
        );
        self.answer_headers = headers;
        self
    }

    /// The same call as an action that is told in its body what to evaluate, and changes nothing.
    pub(crate) const fn evaluating(mut self) -> Self {
        self.method = "POST";
        self
    }

    /// A call that changes something.
    pub(crate) const fn writing(
        api: Api,
        method: &'static str,
        path: &'static str,
        about: &'static str,
        permission: &'static Permission,
    ) -> Self {
        let mut spec = Self::new(api, Shape::Single, path, about, permission);
        spec.method = method;
        spec
    }

    pub(crate) const fn in_lane(mut self, lane: Lane) -> Self {
        self.lane = lane;
        self
    }
}

/// How a call is throttled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// By the service's general limits; such calls are merged into batches.
    General,
    /// One request a second per tenant over all apps, without `Retry-After` (Microsoft Graph documentation): paced
    /// before a refusal comes, and never batched.
    ConditionalAccess,
}

/// What a call gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One object.
    Single,
    /// A collection; all its pages are gathered.
    Collection,
    /// The newest rows of a log, up to a number of them. Pages are gathered until that many have come, since a page may
    /// be short or empty and still lead to another (Microsoft Graph documentation).
    Newest,
}
