//! The `cutover` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    cutover::run(std::env::args_os()).into()
}
