//! What a person and a program get to see of every built-in world, and that both stay what they are.
//!
//! After a wanted change: `INSTA_UPDATE=always cargo test -p cutover`, then read the difference.

use crate::json_schema;
use crate::program::{Place, Run, all_match, worlds};

fn check(world: &str, further: &str) -> Run {
    Place::new().run(&format!("check --world {world} {further}"))
}

#[test]
fn a_person_sees_of_every_world_what_was_agreed() {
    let shown = worlds().into_iter().map(|world| {
        let table = check(&world, "");
        let short = check(&world, "-o short");
        assert_eq!(
            table.code, short.code,
            "{world}: the form of the output changes the exit code"
        );
        assert!(
            (0..=5).contains(&table.code) && table.code != 1 && table.code != 2,
            "{world}: {}",
            table.stderr
        );
        let hidden = table
            .stdout
            .chars()
            .find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(hidden, None, "{world}: a control character reaches the terminal");
        let text = format!(
            "$ cutover check --world {world} -o short\n{}exit code {}\n\n$ cutover check --world {world}\n{}{}",
            short.stdout, short.code, table.stderr, table.stdout
        );
        (world, text)
    });
    all_match("worlds/table", shown);
}

#[test]
fn a_program_reads_of_every_world_what_the_schema_says() {
    let schema = serde_json::to_value(schemars::schema_for!(cutover::output::json_v1::Report)).unwrap();
    let shown = worlds().into_iter().map(|world| {
        let run = check(&world, "-o json");
        let report = run.json();
        let faults = json_schema::faults(&schema, &report);
        assert!(faults.is_empty(), "{world}: {faults:#?}");
        assert_eq!(report["exit_code"], run.code, "{world}");
        assert_eq!(
            report["findings"].as_array().unwrap().len() as u64,
            report["counts"]
                .as_object()
                .unwrap()
                .values()
                .map(|count| count.as_u64().unwrap())
                .sum::<u64>(),
            "{world}: the counts and the findings differ"
        );
        (world, run.stdout)
    });
    all_match("worlds/json", shown);
}

/// The schema would be worthless if the check of it let everything through.
#[test]
fn the_schema_refuses_what_is_no_report() {
    let schema = serde_json::to_value(schemars::schema_for!(cutover::output::json_v1::Report)).unwrap();
    let report = check("restricted-caller", "-o json").json();
    let broken = |pointer: &str, value: serde_json::Value| {
        let mut report = report.clone();
        *report
            .pointer_mut(pointer)
            .unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
        json_schema::faults(&schema, &report)
    };
    for (pointer, value) in [
        ("/tenant", serde_json::Value::Null),
        ("/exit_code", "4".into()),
        ("/exit_code", 256.into()),
        ("/counts", serde_json::json!({})),
        ("/findings/0/evidence/0/calls/0/service", "carrier pigeon".into()),
        ("/findings/0/warnings", "none".into()),
        ("/findings/3", serde_json::json!([])),
    ] {
        let faults = broken(pointer, value);
        assert!(!faults.is_empty(), "{pointer} was let through");
        assert!(faults.iter().all(|fault| fault.starts_with(pointer)), "{faults:?}");
    }
}
