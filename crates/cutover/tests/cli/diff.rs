//! What changed between two looks, as a person and a program read it.

use crate::bad_input::SOUND;
use crate::json_schema;
use crate::program::{Place, Run, all_match, portable};

/// A place with the facts of these worlds, each in a file of its name.
fn with_facts(worlds: &[&str]) -> Place {
    let place = Place::new();
    for world in worlds {
        place.run(&format!("facts --world {world} -o {world}.json")).ended(0);
        std::fs::remove_dir_all(place.path("state")).unwrap();
    }
    place
}

fn refused(place: &Place, command: &str) -> Run {
    let run = place.run(command).ended(2);
    assert_eq!(run.stdout, "", "{command}");
    run
}

#[test]
fn verdicts_come_first_and_then_the_facts() {
    let place = with_facts(&["nothing-ready", "ready", "upgraded", "hostile-names"]);
    let shown = [
        ("table", "diff nothing-ready.json ready.json"),
        ("short", "diff ready.json upgraded.json -o short"),
        ("none", "diff ready.json ready.json"),
        ("hostile", "diff ready.json hostile-names.json -o short"),
    ]
    .map(|(name, command)| {
        let run = place.run(command).ended(0);
        assert_eq!(run.stderr, "", "{command}");
        let hidden = run.stdout.chars().find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(hidden, None, "{command}: a control character reaches the terminal");
        (name.to_owned(), format!("$ cutover {command}\n{}", run.stdout))
    });
    all_match("diff", shown);
}

#[test]
fn a_program_reads_the_same() {
    let place = with_facts(&["nothing-ready", "ready"]);
    let schema = serde_json::to_value(schemars::schema_for!(cutover::output::diff_v1::Report)).unwrap();
    let report = place.run("diff nothing-ready.json ready.json -o json").ended(0).json();
    let faults = json_schema::faults(&schema, &report);
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(
        report["before"]["exit_code"],
        place.run("judge nothing-ready.json").code
    );
    assert_eq!(
        report["after"]["readiness"],
        place.run("judge ready.json -o json").json()["readiness"]
    );
    let changed = |code: &str| {
        report["verdicts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["code"] == code)
            .cloned()
    };
    let english = changed("W701").unwrap();
    assert_eq!(
        (&english["before"]["verdict"], &english["after"]["verdict"]),
        (&"missing".into(), &"met".into())
    );
    assert_eq!(english["after"]["sentence"], "English is enabled");
    let facts = report["facts"].as_array().unwrap();
    assert!(
        facts.iter().any(|fact| fact["sentence"] == "languages: 1033 is new"),
        "{facts:#?}"
    );
    // What a check printed can be compared as well, with facts too; it holds no facts of its own.
    let check = |world: &str| Place::new().run(&format!("check --world {world} -o json")).stdout;
    place
        .write("before.json", check("nothing-ready"))
        .write("after.json", check("ready"));
    for files in ["before.json after.json", "nothing-ready.json after.json"] {
        let of_checks = place.run(&format!("diff {files} -o json")).ended(0).json();
        assert_eq!(of_checks["verdicts"], report["verdicts"], "{files}");
        assert_eq!(of_checks["facts"], serde_json::Value::Null);
        assert!(
            of_checks["notes"][0].as_str().unwrap().contains("holds no facts"),
            "{of_checks}"
        );
    }
}

#[test]
fn the_exit_code_tells_of_changes_only_when_it_is_asked() {
    let place = with_facts(&["nothing-ready", "ready", "english-missing"]);
    let of_check = |world: &str| place.run(&format!("judge {world}.json")).code;
    let [nothing_ready, english_missing] = ["nothing-ready", "english-missing"].map(of_check);
    assert!(nothing_ready > 2 && english_missing > 2, "both are not ready");
    for (command, code) in [
        ("diff ready.json nothing-ready.json", 0),
        ("diff ready.json nothing-ready.json --exit-code", nothing_ready),
        ("diff ready.json english-missing.json --exit-code", english_missing),
        ("diff nothing-ready.json ready.json --exit-code", of_check("ready")),
        // Nothing changed, and so there is nothing to act upon, as bad as it may stand.
        ("diff nothing-ready.json nothing-ready.json --exit-code", 0),
    ] {
        assert_eq!(place.run(command).code, code, "{command}");
    }
}

#[test]
fn two_tenants_are_compared_by_decision_only() {
    let place = with_facts(&["ready"]);
    let facts = place.read("ready.json");
    let tenant: serde_json::Value = serde_json::from_str(&facts).unwrap();
    let tenant = tenant["scene"]["tenant_id"].as_str().unwrap();
    place.write(
        "other.json",
        facts.replace(tenant, "0b0b0b0b-0000-4000-8000-000000000001"),
    );
    let run = refused(&place, "diff ready.json other.json");
    assert!(
        run.stderr.contains("nothing was compared") && run.stderr.contains("--other-tenant"),
        "{}",
        run.stderr
    );
    place.run("diff ready.json other.json --other-tenant").ended(0);
}

#[test]
fn redacted_files_are_compared_as_far_as_tokens_go() {
    let place = with_facts(&["nothing-ready", "ready"]);
    for world in ["nothing-ready", "ready"] {
        place
            .run(&format!("facts --from {world}.json --redact -o r-{world}.json"))
            .ended(0);
    }
    let plain = place.run("diff nothing-ready.json ready.json -o json").json();
    let redacted = place
        .run("diff r-nothing-ready.json r-ready.json -o json")
        .ended(0)
        .json();
    let words = |report: &serde_json::Value| -> Vec<String> {
        let all = report["verdicts"].as_array().unwrap().iter();
        all.map(|one| {
            format!(
                "{} {} {}",
                one["code"], one["before"]["verdict"], one["after"]["verdict"]
            )
        })
        .collect()
    };
    assert_eq!(words(&redacted), words(&plain));
    assert!(
        redacted["notes"][0].as_str().unwrap().contains("tokens of their file"),
        "{redacted}"
    );
    let run = refused(&place, "diff ready.json r-nothing-ready.json");
    assert!(run.stderr.contains("one of them is redacted"), "{}", run.stderr);
    // The configuration of the tenant lies beside the file as a rule: its waivers count, its tenant cannot be compared.
    place.write("cutover.toml", SOUND);
    let judged = place.run("judge r-ready.json -o json");
    assert_eq!(
        judged.verdicts(),
        Place::new().run("check --world ready -o json").verdicts()
    );
    assert!(judged.stderr.contains("is redacted"), "{}", judged.stderr);
}

#[test]
fn what_is_no_look_is_refused() {
    let place = with_facts(&["ready"]);
    place
        .write("cut.json", place.read("ready.json").split_once(',').unwrap().0)
        .write("foreign.json", "{}")
        .write("newer.json", "{\"format\": \"cutover-check/9\"}")
        .write("half.json", "{\"format\": \"cutover-check/1\", \"pack\": \"work365\"}");
    let said = ["cut.json", "foreign.json", "newer.json", "half.json", "absent.json"].map(|file| {
        let run = refused(&place, &format!("diff ready.json {file}"));
        assert!(run.stderr.contains(file), "{}", run.stderr);
        format!("$ cutover diff ready.json {file}\n{}", portable(&run.stderr))
    });
    all_match("diff-refused", [("refused".to_owned(), said.join("\n"))]);
}
