//! What the emulator can answer: one entry an operation, from which `docs/` gets its coverage table.

/// An operation of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// The service, with its version where it has one: `Entra`, `Graph v1.0`, `Dataverse v9.2`.
    pub service: &'static str,
    /// HTTP method.
    pub method: &'static str,
    /// Path template, with `{…}` where a key stands: `/users/{id}/licenseDetails`.
    pub path: &'static str,
    /// Application permissions or Dataverse privileges of which any one is enough; empty: none is asked.
    pub application: &'static [&'static str],
    /// Delegated permissions of which any one is enough.
    pub delegated: &'static [&'static str],
    /// Directory roles, by name and template id, of which a signed-in person needs any one beside the delegated
    /// permission; empty: none is asked.
    pub directory_roles: &'static [(&'static str, &'static str)],
    /// Query options and shapes that are answered, in words: `$select`, `$filter`, paging, annotations.
    pub shapes: &'static str,
    /// Errors it can produce beside those every operation has.
    pub errors: &'static str,
    /// The throttle that applies, in words.
    pub throttle: &'static str,
    /// Delay between a change and its effect, in words; `none` for reads.
    pub delay: &'static str,
    /// The document or recording the behaviour follows.
    pub source: &'static str,
}
