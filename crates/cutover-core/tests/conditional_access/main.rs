//! Conditional Access, judged for one user and one application: a table of tenants in miniature, and properties.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

mod miniature;
mod points;
mod properties;
mod tenants;
