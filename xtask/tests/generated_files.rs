//! Generated files say what the code says.

#![allow(clippy::unwrap_used, reason = "a test may unwrap")]

use xtask::codegen;

#[test]
fn every_generated_file_is_up_to_date() {
    let tally = codegen::check(codegen::root()).unwrap();
    assert_eq!(tally.failed, 0, "run `cargo xtask codegen`; the files are named above");
    assert!(tally.passed > 20, "{tally:?}");
}
