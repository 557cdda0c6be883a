//! The table of licences says what Microsoft's list says.

#![allow(clippy::unwrap_used, reason = "a test may unwrap")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::path::PathBuf;

use xtask::{codegen, licences};

#[test]
fn the_table_is_made_from_microsofts_list() {
    let Some(folder) = std::env::var_os("CUTOVER_SCHEMAS") else {
        eprintln!("skipped: CUTOVER_SCHEMAS names no folder with licence-plans.csv");
        return;
    };
    let list = PathBuf::from(folder).join("licence-plans.csv");
    let tally = licences::run(codegen::root(), &list, true).unwrap();
    assert_eq!(tally.failed, 0, "the differences are named above");
}
