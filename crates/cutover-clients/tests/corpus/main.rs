//! Recorded answers of Microsoft's services, read by the calls that ask for their kind.
//!
//! The answers are other people's data and no part of this project: `CUTOVER_CORPUS` names the folder that holds them in
//! `recorded`. Each goes through the whole client: token, request, pages, errors, types.

// Clippy's exception for tests covers only functions marked as tests, not what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod answering;
mod kinds;
mod recorded;
mod shortened;

use std::collections::BTreeMap;
use std::path::PathBuf;

use kinds::{Kind, Outcome, kind_of, parse};
use shortened::PutBack;

/// Answers that cannot be read, by the end of their name, with the reason.
const EXPLAINED: &[(&str, &str)] = &[(
    "managed_solution/tests/resource/Validate_Create_HappyPath/get_async_operations",
    "a stub of another tool's test that holds nothing but the time of completion",
)];

/// How many answers of one kind there are, and how many of them were read as they are, and completed.
#[derive(Default)]
struct Count {
    all: usize,
    read: usize,
    completed: usize,
    explained: usize,
}

#[tokio::test]
async fn every_recorded_answer_of_a_kind_we_ask_for_is_read() {
    let Some(folder) = std::env::var_os("CUTOVER_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: CUTOVER_CORPUS does not name a folder with recorded answers");
        return;
    };
    let all = recorded::read(&folder.join("recorded"));
    let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
    let mut put_back = PutBack::new();
    let mut missed = Vec::new();
    for recorded in &all {
        let kind = kind_of(recorded);
        let count = counts.entry(kind).or_default();
        count.all += 1;
        if matches!(kind, Kind::NotRead(_)) {
            continue;
        }
        match parse(recorded, &mut put_back).await {
            Outcome::Read => count.read += 1,
            Outcome::Completed => count.completed += 1,
            Outcome::Missed(_) if EXPLAINED.iter().any(|(name, _)| recorded.name.ends_with(name)) => {
                count.explained += 1
            }
            Outcome::Missed(wrong) => {
                missed.push(format!(
                    "{} {} /{}: {wrong}",
                    recorded.name, recorded.method, recorded.path
                ));
            }
        }
    }
    let mut sum = Count::default();
    for (kind, count) in &counts {
        if let Kind::NotRead(why) = kind {
            eprintln!("  {:3} not asked for: {why}", count.all);
        } else {
            eprintln!(
                "  {:3} {kind:?}: {} as they are, {} completed",
                count.all, count.read, count.completed
            );
            sum.all += count.all;
            sum.read += count.read;
            sum.completed += count.completed;
            sum.explained += count.explained;
        }
    }
    for (reason, count) in &put_back {
        eprintln!("  put back {count} times: {reason}");
    }
    for (name, reason) in EXPLAINED {
        eprintln!("  not readable: {name}: {reason}");
    }
    eprintln!(
        "recorded answers: {} in all, {} of kinds that are asked for: {} read as they are, {} after what a page left out was put \
         back, {} explained, {} missed",
        all.len(),
        sum.all,
        sum.read,
        sum.completed,
        sum.explained,
        missed.len()
    );
    assert!(missed.is_empty(), "{missed:#?}");
    assert_eq!(sum.explained, EXPLAINED.len(), "what is explained is missed");
    assert!(
        sum.read > 80 && sum.read > 2 * sum.completed,
        "{} {}",
        sum.read,
        sum.completed
    );
}

/// What makes the figure mean something: only what pages leave out is put back.
#[test]
fn nothing_else_is_put_back() {
    let row = || serde_json::json!({"a": [{"skuId": "skuId-value", "count": "many"}]});
    let cases = [
        ("", "missing field `id`", true),
        ("", "missing field `displayName`", false),
        ("a[0].skuId", "UUID parsing failed: invalid character", true),
        ("a[0].count", "invalid type: string, expected i64", false),
        ("a[1].skuId", "UUID parsing failed: invalid character", false),
        ("b", "missing field `id`", false),
    ];
    for (path, problem, wanted) in cases {
        let (mut changed, mut put_back) = (row(), PutBack::new());
        assert_eq!(
            shortened::object(&mut changed, path, problem, &mut put_back),
            wanted,
            "{path} {problem}"
        );
        assert_eq!(
            (changed == row(), put_back.is_empty()),
            (!wanted, !wanted),
            "{path} {problem}"
        );
    }
    assert!(shortened::json("{\"a\": nothing}", &mut PutBack::new()).is_none());
}
