//! Pages written by hand keep to what the program does.

#![allow(clippy::unwrap_used, reason = "a test may unwrap")]

use std::fs;
use std::path::{Path, PathBuf};

use xtask::codegen::{permissions, root};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The contents of the fenced blocks of a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(fence.as_str())
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap())
        .collect()
}

#[test]
fn the_readme_begins_with_the_two_commands_and_ci_calls_the_second_first() {
    let readme = read("README.md");
    assert_eq!(
        blocks(&readme, "sh").get(..2),
        Some(["cargo run -- demo", "cargo test --workspace"].as_slice())
    );
    let script = read(".ci/run");
    let first = script.lines().find(|line| line.starts_with("step ")).unwrap();
    assert!(first.ends_with(" cargo test --workspace"), "{first}");
}

#[test]
fn what_the_readme_shows_is_what_a_person_sees() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("<!-- shown by: ").unwrap();
    let (world, rest) = rest.split_once(" -->").unwrap();
    let seen = read(&format!("crates/cutover/tests/snapshots/worlds/table/{world}.snap"));
    let mut seen = seen.lines();
    for line in blocks(rest, "text")
        .first()
        .unwrap()
        .lines()
        .filter(|line| *line != "…")
    {
        assert!(
            seen.any(|other| other == line),
            "cutover check --world {world} does not show, in this order: {line}"
        );
    }
}

#[test]
fn the_pages_name_the_permissions_that_suffice() {
    for path in ["README.md", "docs/guides/first-check.md"] {
        let page = read(path);
        let named: Vec<&str> = page
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("- `"))
            .filter_map(|line| line.split('`').next())
            .filter(|name| name.contains(".Read."))
            .collect();
        assert_eq!(named, permissions::application_permissions().unwrap(), "{path}");
    }
}

#[test]
fn every_link_to_a_file_leads_somewhere() {
    let mut pages: Vec<PathBuf> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    find(&root().join("docs"), &mut pages);
    assert!(pages.len() > 20);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            if target.contains("://") || file.is_empty() {
                continue;
            }
            let linked = page.parent().unwrap_or(Path::new(".")).join(file);
            assert!(
                linked.exists(),
                "{} links to {target}, which is not there",
                page.display()
            );
        }
    }
}

fn find(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
}
