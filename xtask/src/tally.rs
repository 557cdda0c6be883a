//! How a chore ends: one line of counts, and an exit code.

use std::process::ExitCode;

use anyhow::Result;

/// What was tried, and how it ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// What came out as it should.
    pub passed: usize,
    /// What did not.
    pub failed: usize,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
    }
}

/// Prints the closing line and gives the exit code.
pub fn end(result: Result<Tally>) -> ExitCode {
    match result {
        Ok(Tally { passed, failed }) => {
            println!("{passed} passed, {failed} failed");
            if failed == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
