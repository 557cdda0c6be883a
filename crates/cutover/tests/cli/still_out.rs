//! A loan that nobody looks after is said by every command on that tenant, and weighs more than what the command found.

use std::fs;
use std::path::Path;

use crate::program::{Place, Run};

/// A run of the tenant of the built-in worlds whose process died on another machine, with a licence lent.
fn interrupted() -> Place {
    let place = Place::new();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cutover-runner/tests/runs/journal-1.sqlite3");
    fs::create_dir(place.path("state")).unwrap();
    fs::copy(stored, place.path("state/journal.sqlite3")).unwrap();
    place
}

fn alarmed(run: &Run) {
    let said = "STILL LENT: assign the licence DYN365_ENTERPRISE_SALES to admin@contoso.onmicrosoft.com: nobody drives its run 1 any \
                more\n  next: cutover give-back 1 --world ";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[test]
fn a_dead_run_s_loan_outweighs_what_was_found() {
    for (command, without) in [
        ("check --world ready", 0),
        ("check --world ready --strict-warnings", 6),
        ("check --world nothing-ready -o json", 4),
        ("check --world restricted-caller", 5),
        ("plan --world consent-missing", 3),
        ("facts --world ready -o facts.json", 0),
        (
            "explain-mfa --world ready --user svc-work365@contoso.onmicrosoft.com",
            0,
        ),
    ] {
        let quiet = Place::new().run(command).ended(without);
        assert!(!quiet.stderr.contains("STILL LENT"), "{command}: {}", quiet.stderr);
        let loud = interrupted().run(command).ended(8);
        alarmed(&loud);
        // What was found is told all the same.
        assert_eq!(loud.stdout.is_empty(), quiet.stdout.is_empty(), "{command}");
        if command.ends_with("json") && command.starts_with("check") {
            assert_eq!(loud.json()["exit_code"], 8);
            assert_eq!(loud.verdicts(), quiet.verdicts());
        }
    }
}

#[test]
fn nothing_is_begun_while_something_is_out() {
    let place = interrupted();
    place.run("plan --world to-apply -o plan.json").ended(8);
    let run = place.run("apply plan.json --world to-apply --yes").ended(8);
    alarmed(&run);
    assert!(run.stderr.contains("nothing was started"), "{}", run.stderr);
}

#[test]
fn what_looks_at_no_tenant_says_nothing_of_it() {
    let place = interrupted();
    let facts = Place::new();
    facts.run("facts --world ready -o facts.json").ended(0);
    place.write("facts.json", facts.read("facts.json"));
    for command in [
        "judge facts.json",
        "explain W301",
        "facts --redact --from facts.json -o redacted.json",
    ] {
        let run = place.run(command).ended(0);
        assert!(!run.stderr.contains("STILL LENT"), "{command}: {}", run.stderr);
    }
}

#[test]
fn a_run_that_has_ended_is_no_alarm() {
    let place = Place::new();
    place.run("plan --world to-apply -o plan.json").ended(3);
    place.run("apply plan.json --world to-apply --yes").ended(0);
    let check = place.run("check --world to-apply").ended(0);
    assert!(!check.stderr.contains("STILL LENT"), "{}", check.stderr);
}

#[test]
fn what_is_out_is_not_known_when_the_journal_cannot_be_read() {
    let place = Place::new();
    place.write("state/journal.sqlite3", "once upon a time".repeat(400));
    let run = place.run("check --world ready").ended(1);
    assert!(
        run.stderr.contains("what is out on loan in this tenant is not known"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("Ready"), "what was found is told: {}", run.stdout);
}
