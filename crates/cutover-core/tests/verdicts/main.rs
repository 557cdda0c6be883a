//! The rules, one by one: facts of a tenant that is ready, one thing changed, and the verdict that must follow.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the tables' own functions fail a test by panicking"
)]

mod consent;
mod difference;
mod explained;
mod fixture;
mod identity;
mod install_step;
mod installed;
mod lenders;
mod mfa;
mod order;
mod partner;
mod partner_access;
mod partner_mfa;
mod plans;
mod properties;
mod quiet;
mod stored;
mod upgrade;
