//! The pure heart of cutover: facts, checks, verdicts.
//!
//! Nothing in this crate does I/O, reads a clock or draws a random number; equal inputs give equal outputs.
//! The way of the data: [`facts`] → [`reading`] (what they amount to) → [`checks`] (one file each) →
//! [`verdict`]s, put together by [`judge`] → a [`plan`], made by the [`planner`] → what comes next, said by the [`machine`].

pub mod attestation;
mod check;
pub mod checks;
pub mod cloud;
pub mod code;
pub mod conditional_access;
pub mod context;
pub mod difference;
pub mod evidence;
pub mod facts;
pub mod judge;
pub mod machine;
pub mod mfa_explained;
pub mod need;
pub mod pack;
pub mod plan;
pub mod planner;
pub mod reading;
pub mod redact;
mod rules;
pub mod scene;
pub mod verdict;
pub mod version;
pub mod waiver;

pub use check::Check;
pub use code::Code;
pub use facts::Facts;
pub use judge::{Readiness, Selection, judge, readiness};
pub use pack::Pack;
pub use plan::Plan;
pub use planner::{Decisions, plan};
pub use verdict::{Finding, Verdict};
