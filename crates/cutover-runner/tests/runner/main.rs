//! Collection and judgement against the emulator's worlds, in process; time stands still except where somebody waits.

// Clippy's exception for tests covers only functions marked as tests, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod attestations;
mod calls_of;
mod clouds;
mod determinism;
mod effects;
mod faults;
mod guards;
mod harness;
mod least;
mod package;
mod permissions;
mod round_trips;
mod throttling;
mod two_tenants;
mod verdict_coverage;
