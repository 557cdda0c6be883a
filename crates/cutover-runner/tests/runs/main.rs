//! Runs: their journal, who drives them, and what comes of it, also when the program dies anywhere.

// Tests may unwrap; clippy sees only the functions marked as such, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod asking;
mod driving;
mod journal;
mod plans;
mod processes;
mod tenant;
mod waiting;
