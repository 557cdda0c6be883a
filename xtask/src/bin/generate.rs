//! The second half of `cargo xtask codegen`, built anew after the check registry changed.
//!
//! It is a program of its own because a running one cannot be built again on Windows.

use std::process::ExitCode;

use xtask::{codegen, tally};

fn main() -> ExitCode {
    tally::end(codegen::write_pages(codegen::root()))
}
