//! A write operation, ready to be sent.

use std::marker::PhantomData;

use serde_json::{Map, Value};

use crate::call_spec::CallSpec;
use crate::odata::Address;
use crate::read::readable;
use crate::tenancy::AnyTenant;

/// New properties of one row, as an operation of a change set.
#[derive(Debug)]
pub(crate) struct RowChange {
    /// Path below the version, percent-encoded, beginning with a slash.
    pub(crate) url: String,
    /// What changes.
    pub(crate) properties: Map<String, Value>,
}

/// A change in a tenant `On`: Graph in any, Dataverse and Power Platform in the home tenant.
///
/// Only the API modules of this crate can make one, and only a [`crate::Writer`] can send one:
///
/// ```compile_fail,E0624
/// # fn forge(spec: &'static cutover_clients::CallSpec) {
/// let forged = cutover_clients::Write::<()>::new(spec, unreachable!());
/// # }
/// ```
///
/// ```compile_fail,E0308
/// # use cutover_clients::{Wave, graph, tenancy::Home};
/// let _ = Wave::<Home>::new().ask(graph::policies::enable_security_defaults(true));
/// ```
#[derive(Debug)]
#[must_use = "a write that is not sent changes nothing"]
pub struct Write<On = AnyTenant> {
    pub(crate) spec: &'static CallSpec,
    /// Path and query below the version, percent-encoded, beginning with a slash.
    pub(crate) url: String,
    /// What is written; `None` for what is only named.
    pub(crate) body: Option<Value>,
    /// The object that a link is made to, below the service's version; the link's body names it with its whole address.
    pub(crate) to: Option<String>,
    /// Rows that are changed together or not at all; empty for everything else.
    pub(crate) change_set: Vec<RowChange>,
    pub(crate) on: PhantomData<fn() -> On>,
}

impl<On> Write<On> {
    pub(crate) fn new(spec: &'static CallSpec, address: Address) -> Self {
        Self {
            spec,
            url: address.into_url(),
            body: None,
            to: None,
            change_set: Vec::new(),
            on: PhantomData,
        }
    }

    /// The same, as rows of Dataverse that are changed together or not at all.
    pub(crate) fn changing(mut self, rows: Vec<RowChange>) -> Self {
        self.change_set = rows;
        self
    }

    /// The same, with what is written.
    pub(crate) fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The same, as a link to an object: path below the version.
    pub(crate) fn linking(mut self, to: String) -> Self {
        self.to = Some(to);
        self
    }

    /// What is fixed about this call.
    pub fn spec(&self) -> &'static CallSpec {
        self.spec
    }

    /// Method and address as evidence shows them, such as `DELETE /v1.0/groups/…/members/…/$ref`.
    pub fn request(&self) -> String {
        readable(self.spec, &self.url)
    }
}
