//! cutover with places at which it dies on request, for the crash matrix; users never get it.

use std::process::ExitCode;

fn main() -> ExitCode {
    cutover::run(std::env::args_os()).into()
}
