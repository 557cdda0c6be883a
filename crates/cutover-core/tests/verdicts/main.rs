//! The rules, one by one: facts of a tenant that is ready, one thing changed, and the verdict that must follow.

mod consent;
mod fixture;
mod identity;
mod lenders;
mod mfa;
mod order;
mod properties;
mod upgrade;
