//! What each crate may depend on, read from cargo.
//!
//! `cargo tree` and not `cargo metadata` tells what a crate brings along: metadata merges the features of the whole
//! workspace, so that the core would seem to hold a random number generator that only the clients switch on.

#![allow(clippy::unwrap_used, reason = "a test may unwrap")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Crates that the core may have beside itself: data, text and time, without a way out of the process.
const PURE: &[&str] = &[
    // What the core names itself.
    "jiff",
    "schemars",
    "serde",
    "serde_json",
    "thiserror",
    "toml",
    "uuid",
    // What those bring along.
    "dyn-clone",
    "equivalent",
    "foldhash",
    "hashbrown",
    "indexmap",
    "itoa",
    "jiff-core",
    "jiff-static",
    "memchr",
    "portable-atomic",
    "portable-atomic-util",
    "proc-macro2",
    "quote",
    "ref-cast",
    "ref-cast-impl",
    "schemars_derive",
    "serde_core",
    "serde_derive",
    "serde_derive_internals",
    "serde_spanned",
    "syn",
    "thiserror-impl",
    "toml_datetime",
    "toml_parser",
    "toml_writer",
    "unicode-ident",
    "winnow",
    "zmij",
];

/// Crates that reach the network, the clock or chance: none of them may come near the core.
const IMPURE: &[&str] = &[
    "axum",
    "fastrand",
    "getrandom",
    "hyper",
    "mio",
    "rand",
    "reqwest",
    "socket2",
    "tokio",
];

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(xtask::codegen::root())
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Everything that a crate brings along on this system, dev-dependencies left out; the other systems are looked at by the
/// same test there.
fn brought_by(package: &str) -> BTreeSet<String> {
    cargo(&[
        "tree",
        "--package",
        package,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{lib}",
    ])
    .lines()
    .filter_map(|line| line.split_whitespace().next())
    .map(|name| name.replace('_', "-"))
    .filter(|name| *name != package)
    .collect()
}

fn dashed(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| name.replace('_', "-")).collect()
}

#[test]
fn the_core_brings_only_crates_without_a_way_out() {
    let brought = brought_by("cutover-core");
    for own in ["serde", "toml", "jiff"] {
        assert!(
            brought.contains(own),
            "{own} is not in {brought:?}: is the list read rightly?"
        );
    }
    let pure = dashed(PURE);
    let strangers: Vec<_> = brought.difference(&pure).collect();
    assert!(
        strangers.is_empty(),
        "the core brings {strangers:?}; add only what has no I/O, clock or chance to PURE"
    );
    assert!(brought.is_disjoint(&dashed(IMPURE)));
}

/// Values in, text and bytes out: a report reads neither the network nor a clock, and its bytes are nobody's chance.
#[test]
fn a_report_asks_nobody() {
    let brought = brought_by("cutover-report");
    for own in ["askama", "ruzstd"] {
        assert!(
            brought.contains(own),
            "{own} is not in {brought:?}: is the list read rightly?"
        );
    }
    let strangers: Vec<_> = brought.intersection(&dashed(IMPURE)).cloned().collect();
    assert!(strangers.is_empty(), "cutover-report brings {strangers:?}");
}

#[test]
fn each_crate_knows_only_those_below_it() {
    let allowed: [(&str, &[&str]); 5] = [
        ("cutover-core", &[]),
        ("cutover-report", &["cutover-core"]),
        ("cutover-emulator", &[]),
        ("cutover-clients", &["cutover-core"]),
        ("cutover-runner", &["cutover-clients", "cutover-core"]),
    ];
    for (package, below) in allowed {
        let ours: BTreeSet<String> = brought_by(package)
            .into_iter()
            .filter(|name| name.starts_with("cutover") || name == "xtask")
            .collect();
        let below = dashed(below);
        assert!(
            ours.is_subset(&below),
            "{package} depends on {:?}",
            ours.difference(&below).collect::<Vec<_>>()
        );
    }
}

#[test]
fn every_crate_has_the_workspace_lints_and_only_the_command_line_prints() {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--format-version", "1", "--no-deps"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() >= 6);
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let text = fs::read_to_string(manifest).unwrap();
        assert!(
            text.contains("[lints]\nworkspace = true"),
            "{name} goes without the workspace's lints"
        );
        if matches!(name, "cutover" | "xtask") {
            continue;
        }
        let mut files = Vec::new();
        sources(&manifest.with_file_name("src"), &mut files);
        for file in files {
            let code = fs::read_to_string(&file).unwrap();
            for way in [
                "println!",
                "print!",
                "eprintln!",
                "eprint!",
                "stdout()",
                "stderr()",
                "clippy::print_std",
            ] {
                assert!(
                    !code.contains(way),
                    "{} prints by {way}: only the command line does",
                    file.display()
                );
            }
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}
