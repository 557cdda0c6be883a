//! The rules, one by one: facts of a tenant that is ready, one thing changed, and the verdict that must follow.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the tables' own functions fail a test by panicking"
)]

mod consent;
mod difference;
mod fixture;
mod identity;
mod lenders;
mod mfa;
mod order;
mod properties;
mod upgrade;
