//! Conditional Access, judged for one user and one application: a table of tenants in miniature, and properties.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "conditional_access/corpus.rs"]
mod corpus;
#[path = "conditional_access/properties.rs"]
mod properties;
#[path = "conditional_access/tenants.rs"]
mod tenants;
