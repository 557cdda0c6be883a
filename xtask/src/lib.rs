//! The chores of the cutover workspace, as a library so that tests can run them in process.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to whoever runs it"
)]

pub mod bench;
pub mod clients;
pub mod codegen;
pub mod corpus;
pub mod crash_matrix;
mod emulator;
pub mod licences;
pub mod program;
pub mod tally;
