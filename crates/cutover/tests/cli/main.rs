//! The program as its users meet it: what it prints, how it ends, what it leaves behind.
//!
//! What is printed is compared with `tests/snapshots`. After a wanted change:
//! `INSTA_UPDATE=always cargo test -p cutover`, then read the difference.

// Tests may unwrap; clippy sees only the functions marked as such, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod approval;
mod bad_input;
mod diff;
mod doctor;
mod explain_mfa;
mod flows;
mod from_facts;
mod given_back;
mod init;
mod json_schema;
mod over_http;
mod permissions;
mod plan;
mod probe;
mod program;
mod redaction;
mod runs;
mod sign_in;
mod still_out;
mod tenant;
mod worlds;
