//! Plans carried out: what a person and a program hear, what is refused before anything begins, and what is said to be out.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::json_schema;
use crate::program::{Place, Run, all_match};

/// A place with a plan for a world.
fn planned(world: &str) -> Place {
    let place = Place::new();
    place.run(&format!("plan --world {world} -o plan.json")).ended(3);
    place
}

/// A run whose process died on another machine, with a licence lent: as the first form of journals holds it.
fn interrupted() -> Place {
    let place = Place::new();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cutover-runner/tests/runs/journal-1.sqlite3");
    fs::create_dir(place.path("state")).unwrap();
    fs::copy(stored, place.path("state/journal.sqlite3")).unwrap();
    place
}

fn told(command: &str, run: &Run) -> String {
    format!(
        "$ cutover {command}\n{}{}exit code {}\n",
        run.stderr, run.stdout, run.code
    )
}

#[test]
fn a_person_hears_what_was_agreed() {
    let mut shown = Vec::new();
    let place = planned("to-apply");
    let command = "apply plan.json --world to-apply --yes";
    shown.push(("to-apply".to_owned(), told(command, &place.run(command).ended(0))));
    let command = "leases --all";
    shown.push(("ended".to_owned(), told(command, &place.run(command).ended(0))));
    let command = "leases";
    shown.push(("dead".to_owned(), told(command, &interrupted().run(command).ended(8))));
    all_match("runs", shown);
}

#[test]
fn a_program_reads_what_the_schemas_say() {
    let line = serde_json::to_value(schemars::schema_for!(cutover::output::run_v1::Line)).unwrap();
    let place = planned("to-apply");
    let run = place.run("apply plan.json --world to-apply --yes -o jsonl").ended(0);
    let lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for value in &lines {
        let faults = json_schema::faults(&line, value);
        assert!(faults.is_empty(), "{faults:#?}\n{value}");
    }
    let end = lines.last().unwrap();
    assert_eq!(
        (&end["line"], &end["work"], &end["exit_code"]),
        (&"end".into(), &"complete".into(), &0.into())
    );
    let loans = end["loans"].as_array().unwrap();
    assert!(
        !loans.is_empty() && loans.iter().all(|loan| loan["state"] == "proved"),
        "{end}"
    );

    let schema = serde_json::to_value(schemars::schema_for!(cutover::output::leases_v1::Leases)).unwrap();
    let leases = interrupted().run("leases -o json").ended(8).json();
    assert_eq!(json_schema::faults(&schema, &leases), Vec::<String>::new());
    assert_eq!(leases["runs"][0]["loans"][0]["state"], "return-refused");
    assert_eq!(leases["runs"][0]["loans"][0]["alarming"], true);
}

#[test]
fn what_must_not_be_carried_out_is_refused_before_anything_begins() {
    let place = planned("to-apply");
    let plan = place.read("plan.json");
    place
        .write("edited.json", plan.replacen("Global Administrator", "Global Reader", 1))
        .write("newer.json", plan.replacen("cutover-plan/1", "cutover-plan/2", 1))
        .write("cut.json", &plan[..plan.len() / 2]);
    let begins = |arguments: &str, code: i32, says: &str| {
        let run = place.run(&format!("apply {arguments}")).ended(code);
        assert!(run.stderr.contains(says), "{arguments}: {}", run.stderr);
        assert!(
            run.stderr.contains("nothing was started"),
            "{arguments}: {}",
            run.stderr
        );
        assert_eq!(run.stdout, "");
    };
    begins("edited.json --world to-apply --yes", 2, "was changed after it was made");
    begins(
        "newer.json --world to-apply --yes",
        2,
        "use the version that made it, or plan again",
    );
    begins("cut.json --world to-apply --yes", 2, "is not a whole plan");
    begins("nowhere.json --world to-apply --yes", 2, "cannot be read");
    begins("plan.json --world to-apply", 2, "nobody is there to confirm");
    let elsewhere = Place::new();
    elsewhere.write("plan.json", &plan);
    let other = elsewhere.run("apply plan.json --world china --yes").ended(2);
    assert!(other.stderr.contains("nothing was started"), "{}", other.stderr);
    assert!(other.stderr.contains("in the tenant"), "{}", other.stderr);
    // Carried out once, the plan is stale.
    place.run("apply plan.json --world to-apply --yes").ended(0);
    begins(
        "plan.json --world to-apply --yes",
        2,
        "the plan is stale, the tenant has changed since",
    );
}

#[test]
fn a_journal_that_cannot_be_trusted_begins_nothing() {
    for (name, bytes) in [
        ("text", "once upon a time".repeat(400).into_bytes()),
        ("a picture", vec![0xff; 9000]),
    ] {
        let place = planned("to-apply");
        place.write("state/journal.sqlite3", bytes);
        let run = place.run("apply plan.json --world to-apply --yes").ended(1);
        assert!(
            run.stderr.contains("is not a journal of cutover"),
            "{name}: {}",
            run.stderr
        );
        assert!(run.stderr.contains("nothing was started"), "{name}: {}", run.stderr);
        place.run("leases").ended(1);
    }
}

#[test]
fn a_run_of_another_machine_is_taken_over_only_when_it_is_said() {
    for command in ["resume", "give-back"] {
        let run = interrupted().run(&format!("{command} --world to-apply")).ended(2);
        assert!(run.stderr.contains("add --take-over"), "{command}: {}", run.stderr);
        let none = Place::new().run(&format!("{command} --world to-apply")).ended(2);
        assert!(none.stderr.contains("nothing is out"), "{command}: {}", none.stderr);
    }
    let other = interrupted().run("give-back 7 --world to-apply").ended(2);
    assert!(other.stderr.contains("has no run 7"), "{}", other.stderr);
    // Nothing else begins as long as it has not ended.
    let place = interrupted();
    place.run("plan --world to-apply -o plan.json").ended(8);
    let run = place.run("apply plan.json --world to-apply --yes").ended(8);
    assert!(
        run.stderr.contains("nobody drives its run 1 any more"),
        "{}",
        run.stderr
    );
    // Taken over, its return is refused in this world again and again: it is said, and stays listed.
    let back = place.run("give-back --take-over --world to-apply").ended(8);
    assert!(
        back.stdout.contains("STILL OUT its return was refused"),
        "{}",
        back.stdout
    );
    assert!(
        back.stderr.contains("still lent: assign the licence"),
        "{}",
        back.stderr
    );
    let left = place.run("leases").ended(8);
    assert!(left.stdout.contains("left: nobody drives it"), "{}", left.stdout);
}

#[test]
fn a_renewal_is_a_decision_that_somebody_takes() {
    let place = interrupted();
    let renew = |further: &str| place.run(&format!("leases renew lend-licence --by anna {further}"));
    let late = renew("--until 2027-01-01T00:00:00Z").ended(2);
    assert!(
        late.stderr.contains("more than 24 h after the present end"),
        "{}",
        late.stderr
    );
    let unknown = place
        .run("leases renew lend-nothing --by anna --until 2026-12-01T10:00:00Z")
        .ended(2);
    assert!(
        unknown.stderr.contains("what is out: lend-licence"),
        "{}",
        unknown.stderr
    );
    let dead = renew("--until 2026-12-01T10:00:00Z").ended(2);
    assert!(dead.stderr.contains("--take-over"), "{}", dead.stderr);
}
