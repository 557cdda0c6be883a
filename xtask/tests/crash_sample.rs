//! A sample of the crash matrix: the program that the other tests use, killed at requests.

#![allow(clippy::unwrap_used, reason = "a test may unwrap")]

use std::path::PathBuf;

/// The program beside this test's own folder, as `cargo test --workspace` builds it.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let name = format!("cutover{}", std::env::consts::EXE_SUFFIX);
    let program = own.ancestors().nth(2).unwrap().join(name);
    assert!(
        program.exists(),
        "{} is not there: run cargo test --workspace",
        program.display()
    );
    program
}

#[test]
fn killed_anywhere_the_program_leaves_nothing_lent() {
    xtask::crash_matrix::of_program(&program(), false).unwrap();
}
