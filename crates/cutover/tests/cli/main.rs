//! The program as its users meet it: what it prints, how it ends, what it leaves behind.
//!
//! What is printed is compared with `tests/snapshots`. After a wanted change:
//! `INSTA_UPDATE=always cargo test -p cutover`, then read the difference.

// Tests may unwrap; clippy sees only the functions marked as such, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod applied;
mod approval;
#[cfg(unix)]
mod at_a_terminal;
mod bad_input;
mod diff;
mod doctor;
mod explain_mfa;
mod failure_catalogue;
mod flows;
mod from_facts;
mod given_back;
mod imports_kept;
mod init;
#[cfg(unix)]
mod interrupted;
mod json_schema;
mod over_http;
mod partner_tenant;
mod permissions;
mod plan;
mod probe;
mod program;
mod proof_and_log;
mod redaction;
mod reports;
mod runs;
mod sign_in;
mod still_out;
mod tenant;
mod upgrade_runs;
mod upgrades;
mod worlds;
