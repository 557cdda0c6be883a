//! Pages and texts made of a stored report: complete, the same for the same values, and harmless whatever a tenant named things.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use cutover_report::{Report, escape, html, markdown};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

/// A run that the program carried out, as its first version wrote it: later ones read it too.
const RUN: &str = include_str!("run-1.json");

fn stored() -> Value {
    serde_json::from_str(RUN).unwrap()
}

fn read(value: &Value) -> Report {
    serde_json::from_value(value.clone()).unwrap()
}

/// Elements that a page consists of, each with the names of its attributes; what stands between them is no markup.
fn elements(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(begin) = rest.find('<') {
        rest = &rest[begin + 1..];
        let mut name = String::new();
        let mut is_quoted = false;
        let mut length = 0;
        for letter in rest.chars() {
            length += letter.len_utf8();
            match letter {
                '"' => is_quoted = !is_quoted,
                '>' if !is_quoted => break,
                _ if is_quoted => {}
                letter => name.push(letter),
            }
        }
        rest = &rest[length..];
        // What an element of these holds is no markup until its end.
        for raw in ["style", "script"] {
            if name.trim() == raw {
                rest = &rest[rest.find(&format!("</{raw}>")).unwrap()..];
            }
        }
        found.push(name);
    }
    found
}

/// The same report with a text added to every text in it that is one, and neither a moment nor a word of ours that the reader
/// of the form insists on.
fn with(value: &Value, text: &str) -> Value {
    fn change(value: &mut Value, key: &str, text: &str) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    change(value, key, text);
                }
            }
            Value::Array(values) => {
                for value in values {
                    change(value, key, text);
                }
            }
            Value::String(old) => {
                let is_moment = old.parse::<jiff::Timestamp>().is_ok();
                let is_ours = [
                    "service",
                    "code",
                    "reason",
                    "way",
                    "when",
                    "version",
                    "tenant_id",
                    "about",
                ]
                .contains(&key);
                let is_somebody = old.starts_with("user:") || old.starts_with("app:");
                if !is_moment && !is_ours && !is_somebody {
                    old.push_str(text);
                }
            }
            _ => {}
        }
    }
    let mut value = value.clone();
    change(&mut value, "", text);
    value
}

const HOSTILE: &[&str] = &[
    "</td><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<!--",
    "]]>",
    "</style></script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;script&gt;&#x3c;",
    "\u{202e}txt.exe\u{2066}",
    "\u{0}\u{1b}[31m\r\n\u{85}\u{2028}",
    "| --- |\n# x\n[a](javascript:b) ![c](https://evil.example) <https://evil.example> https://evil.example www.evil.example",
    "`code` *bold* __bold__ ~~gone~~ \\",
];

fn is_harmless(text: &str) {
    let benign = elements(&html::render(&read(&with(&stored(), "x"))).unwrap());
    let report = read(&with(&stored(), text));
    let page = html::render(&report).unwrap();
    assert_eq!(elements(&page), benign, "{text:?} changes what the page consists of");
    assert!(escape::lines(&page) == page, "{text:?} is hidden in the page");

    let lines = markdown::render(&report);
    let shape = |text: &str| {
        let bars = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        text.lines().map(bars).collect::<Vec<_>>()
    };
    let benign = markdown::render(&read(&with(&stored(), "x")));
    assert_eq!(
        shape(&lines),
        shape(&benign),
        "{text:?} changes what the text consists of"
    );
    let unescaped = lines.replace("\\\\", "");
    for markup in ['<', '[', '`', '*', '&'] {
        let begun = unescaped.match_indices(markup);
        let bare = begun.filter(|(at, _)| !unescaped[..*at].ends_with('\\'));
        // The labels of the list are bold.
        let bare = bare.filter(|(at, _)| !unescaped[..*at].ends_with("- ") && !unescaped[*at..].starts_with("**"));
        let bare: Vec<_> = bare.filter(|(at, _)| !unescaped[..*at].ends_with("*")).collect();
        assert!(bare.is_empty(), "{text:?}: {markup} at {bare:?}");
    }
    assert!(!lines.contains("https://"), "an address becomes a link");
    assert!(escape::lines(&lines) == lines, "{text:?} is hidden in the text");
}

#[test]
fn hostile_names_change_nothing_of_a_report() {
    for text in HOSTILE {
        is_harmless(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(365), cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn no_text_changes_what_a_report_consists_of(text in "[<>\"'&\\\\|`*_a-z\\[\\]()!#:/ \n\u{202e}\u{0}-\u{1f}]{0,40}") {
        is_harmless(&text);
    }
}

#[test]
fn a_page_stands_by_itself() {
    let page = html::render(&read(&stored())).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    assert!(
        page.contains("default-src &#39;none&#39;; style-src &#39;sha256-"),
        "{}",
        &page[..600]
    );
    assert!(!page.contains("unsafe-inline"));
    // The only addresses are links that a person follows.
    for (at, _) in page.match_indices("https://") {
        assert!(
            !page[..at].ends_with("src=\"") && !page[..at].ends_with("url("),
            "{}",
            &page[at..at + 60]
        );
    }
    for attribute in [
        " src=",
        "@import",
        "url(",
        "fetch(",
        "XMLHttpRequest",
        " style=",
        " onclick=",
    ] {
        assert!(!page.contains(attribute), "{attribute}");
    }
    // Each table has a caption, each heading of a column its scope.
    let elements = elements(&page);
    let count = |name: &str| {
        elements
            .iter()
            .filter(|element| element.split([' ', '=']).next() == Some(name))
            .count()
    };
    assert!(count("table") >= 4);
    assert_eq!(count("table"), count("caption"));
    assert!(
        elements
            .iter()
            .filter(|one| one.starts_with("th "))
            .all(|one| one.contains("scope"))
    );
    // No colour alone: each state is a word.
    assert_eq!(
        page,
        html::render(&read(&stored())).unwrap(),
        "the same values, another page"
    );
}

#[test]
fn work_and_returns_are_two_results_in_every_form() {
    let report = read(&stored());
    let run = report.run.as_ref().unwrap();
    for text in [html::render(&report).unwrap(), markdown::render(&report)] {
        for told in [&run.work.sentence, &run.returns.sentence] {
            assert!(text.contains(told.as_str()), "{told}");
        }
        for loan in &run.loans {
            assert!(text.contains(&loan.told), "{}", loan.told);
        }
        for check in &report.checks {
            for item in &check.check.findings {
                assert!(text.contains(&item.code), "{}", item.code);
            }
        }
    }
}

#[test]
fn what_a_page_shows_is_what_the_json_says() {
    let report = read(&stored());
    assert_eq!(serde_json::from_str::<Report>(&report.json()).unwrap(), report);
    assert_eq!(report.json(), RUN, "a report of the first version is written as it was");
}
