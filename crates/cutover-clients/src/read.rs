//! A read operation, ready to be asked.

use std::marker::PhantomData;

use crate::call_spec::CallSpec;
use crate::odata::Address;
use crate::tenancy::AnyTenant;

/// A question to a service whose answer is an `A`, asked in the tenant `On`: Graph in any, Dataverse and Power Platform in
/// the home tenant, Partner Center in the partner's. [`crate::Wave::ask`] takes no other.
///
/// Only the API modules of this crate can make one, and whoever sends one sends a GET, alone or inside a
/// batch. That is how `check` is unable to write: it is given nothing but these. The one exception is What-If, an
/// action that evaluates what its body tells and changes nothing ([`crate::graph::what_if`]); `check` does not ask it.
///
/// ```compile_fail,E0624
/// # fn forge(spec: &'static cutover_clients::CallSpec) {
/// let forged = cutover_clients::Read::<()>::new(spec, unreachable!());
/// # }
/// ```
#[derive(Debug)]
pub struct Read<A, On = AnyTenant> {
    pub(crate) spec: &'static CallSpec,
    /// Path and query below the version, percent-encoded, beginning with a slash.
    pub(crate) url: String,
    /// How many rows are wanted, where the call gives the newest ones.
    pub(crate) most: usize,
    /// What an action is to evaluate, as JSON; empty for everything else.
    pub(crate) body: String,
    pub(crate) answer: PhantomData<fn() -> (A, On)>,
}

impl<A, On> Read<A, On> {
    pub(crate) fn new(spec: &'static CallSpec, address: Address) -> Self {
        Self {
            spec,
            url: address.into_url(),
            most: usize::MAX,
            body: String::new(),
            answer: PhantomData,
        }
    }

    /// The same, with what is to be evaluated.
    pub(crate) fn evaluating(mut self, body: String) -> Self {
        self.body = body;
        self
    }

    /// The same, of no more than the `most` newest rows.
    pub(crate) fn newest(mut self, most: u16) -> Self {
        self.most = most.into();
        self
    }

    /// What is fixed about this call.
    pub fn spec(&self) -> &'static CallSpec {
        self.spec
    }

    /// Method and address as evidence shows them, such as `GET /v1.0/users/anna@contoso.com/licenseDetails`.
    pub fn request(&self) -> String {
        readable(self.spec, &self.url)
    }
}

/// The address without the options that only say which properties are wanted. What a service could not take
/// literally stays percent-encoded, so a name in it cannot carry control characters into a report.
pub(crate) fn readable(spec: &CallSpec, url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let options: Vec<&str> = query
        .split('&')
        .filter(|option| !option.is_empty() && !option.starts_with("$select=") && !option.starts_with("$expand="))
        .collect();
    let mut text = format!("{} {}{path}", spec.method, spec.api.version_prefix());
    if !options.is_empty() {
        text.push('?');
        text.push_str(&options.join("&").replace("%20", " "));
    }
    text
}
