//! What is read of runs and checks later: lists, reports, and evidence bundles, all without asking anybody.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cutover_core::Plan;
use cutover_core::machine::{Event, Outcome, Way, What};
use cutover_report::Report;
use cutover_report::bundle::{PublicKey, Signed, verify};
use cutover_runner::journal::{Journal, Owner};
use cutover_runner::sha256;
use serde_json::Value;

use crate::json_schema;
use crate::program::{Place, Run, all_match, portable};

const KEYS: &str = "../cutover-report/tests/bundle";

/// A place in which a plan was carried out.
fn applied() -> Place {
    let place = Place::new();
    place.run("plan --world to-apply -o plan.json").ended(3);
    place.run("apply plan.json --world to-apply --yes").ended(0);
    place
}

/// A run whose process died on another machine, with a licence lent, in a journal of the first form.
fn interrupted() -> Place {
    let place = Place::new();
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cutover-runner/tests/runs/journal-1.sqlite3");
    fs::create_dir(place.path("state")).unwrap();
    fs::copy(stored, place.path("state/journal.sqlite3")).unwrap();
    place
}

fn key(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(KEYS)
        .join(name)
        .display()
        .to_string()
}

fn told(command: &str, run: &Run) -> String {
    portable(&format!(
        "$ cutover {command}\n{}{}exit code {}\n",
        run.stderr, run.stdout, run.code
    ))
}

fn schema<T: schemars::JsonSchema>() -> Value {
    serde_json::to_value(schemars::schema_for!(T)).unwrap()
}

#[test]
fn a_person_reads_what_was_agreed() {
    let place = applied();
    let old = interrupted();
    let shown = [
        ("runs", &place, "runs", 0),
        ("show", &place, "runs show 1", 0),
        ("report", &place, "report", 0),
        ("first-form-runs", &old, "runs", 0),
        ("first-form-report", &old, "report 1 --format markdown", 0),
        ("none", &Place::new(), "report", 2),
        ("no-such-run", &place, "report 7", 2),
    ]
    .map(|(name, place, command, code)| {
        let told = told(command, &place.run(command).ended(code));
        // What is said of the requirements is `check`'s to show.
        let told = told.split("\n## Requirements").next().unwrap().to_owned();
        (name.to_owned(), told)
    });
    all_match("reports", shown);
}

#[test]
fn a_program_reads_what_the_schemas_say() {
    let place = applied();
    let report = place.run("report --format json").ended(0).json();
    assert_eq!(json_schema::faults(&schema::<Report>(), &report), Vec::<String>::new());
    let whens: Vec<&Value> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|look| &look["when"])
        .collect();
    assert_eq!(whens, ["before", "after"]);
    assert_eq!(report["run"]["work"]["is"], "complete");
    assert_eq!(report["run"]["returns"]["is"], "proved");
    // A run that was carried out leaves less to do than there was.
    let blocking = |look: &Value| {
        let findings = look["check"]["findings"].as_array().unwrap().clone();
        findings.iter().filter(|finding| finding["blocks"] == true).count()
    };
    assert!(blocking(&report["checks"][1]) < blocking(&report["checks"][0]));

    let runs = place.run("runs -o json").ended(0).json();
    let said = schema::<cutover::output::runs_v1::Runs>();
    assert_eq!(json_schema::faults(&said, &runs), Vec::<String>::new());
    assert_eq!(runs["runs"][0]["out"], serde_json::json!([]));
    let out = interrupted().run("runs -o json").ended(0).json();
    assert_eq!(out["runs"][0]["out"].as_array().unwrap().len(), 1);
    let shown = place.run("runs show 1 -o json").ended(0).json();
    assert_eq!(shown["run"], report["run"]);
}

#[test]
fn the_form_is_what_the_name_of_the_file_says() {
    let place = applied();
    place.run("report -o report.html").ended(0);
    place.run("report -o report.json").ended(0);
    place.run("report -o report.md").ended(0);
    assert!(place.read("report.html").starts_with("<!DOCTYPE html>"));
    assert!(place.read("report.md").starts_with("# Run 1 in "));
    assert_eq!(
        serde_json::from_str::<Value>(&place.read("report.json")).unwrap()["format"],
        "cutover-report/1"
    );
    place.run("report -o page.txt --format html").ended(0);
    assert_eq!(place.read("page.txt"), place.read("report.html"));
}

#[test]
fn a_check_of_stored_facts_is_reported_alone() {
    let place = Place::new();
    place.run("facts --world hostile-names -o facts.json").ended(0);
    let report = place.run("report --of facts.json --format json").ended(0).json();
    assert_eq!(json_schema::faults(&schema::<Report>(), &report), Vec::<String>::new());
    assert_eq!(report["run"], Value::Null);
    let check = place.run("judge facts.json -o json").json();
    assert_eq!(report["checks"][0]["check"], check);
    let page = place.run("report --of facts.json --format html").ended(0).stdout;
    assert_eq!(page.matches("<script").count(), 1, "a name became a script");
    let both = place.run("report 1 --of facts.json").ended(2);
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
}

#[test]
fn a_bundle_holds_everything_and_verifies_offline() {
    let place = applied();
    place.run("report --bundle run-1.tar.zst").ended(0);
    place.run("report 1 --bundle again.tar.zst").ended(0);
    let bytes = fs::read(place.path("run-1.tar.zst")).unwrap();
    assert_eq!(bytes, fs::read(place.path("again.tar.zst")).unwrap());
    let verified = verify(&bytes, None);
    assert_eq!(verified.faults, []);
    let names: Vec<&str> = verified.files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "facts-after.json",
            "facts-before.json",
            "journal.jsonl",
            "leases.json",
            "manifest.json",
            "packs/settings.json",
            "packs/work365.toml",
            "plan.json",
            "report.html",
            "report.json",
            "verdicts-after.json",
            "verdicts-before.json",
        ]
    );
    let manifest = serde_json::from_slice(&verified.files["manifest.json"]).unwrap();
    let said = schema::<cutover_report::bundle::Manifest>();
    assert_eq!(json_schema::faults(&said, &manifest), Vec::<String>::new());
    // The stored facts give the stored verdicts again.
    for when in ["before", "after"] {
        place.write("facts.json", &verified.files[&format!("facts-{when}.json")]);
        let judged = place.run("judge facts.json -o json");
        let kept: Value = serde_json::from_slice(&verified.files[&format!("verdicts-{when}.json")]).unwrap();
        assert_eq!(judged.json(), kept, "{when}");
    }
    let whole = place.run("verify-bundle run-1.tar.zst").ended(0);
    assert!(whole.stdout.contains("Nobody signed it"), "{}", whole.stdout);
    let report = place.run("verify-bundle run-1.tar.zst -o json").ended(0).json();
    let said = schema::<cutover::output::verify_v1::Report>();
    assert_eq!(json_schema::faults(&said, &report), Vec::<String>::new());
}

#[test]
fn a_signed_bundle_says_by_whom() {
    let place = applied();
    let (private, public, other) = (key("signing.pem"), key("signing.pub.pem"), key("other.pub.pem"));
    let signed = place
        .run_with("report --bundle run.tar.zst", &["--sign-with", &private])
        .ended(0);
    let id = PublicKey::from_pem(&fs::read(&public).unwrap()).unwrap().id();
    assert!(signed.stderr.contains(&id), "{}", signed.stderr);
    let good = place
        .run_with("verify-bundle run.tar.zst", &["--key", &public])
        .ended(0);
    assert!(good.stdout.contains("it was signed with the key"), "{}", good.stdout);
    let unchecked = place.run("verify-bundle run.tar.zst").ended(0);
    assert!(
        unchecked.stdout.contains("name that key with --key"),
        "{}",
        unchecked.stdout
    );
    let wrong = place.run_with("verify-bundle run.tar.zst", &["--key", &other]).ended(4);
    assert!(
        wrong.stdout.contains("the signature is by another key"),
        "{}",
        wrong.stdout
    );
    place.run("report --bundle bare.tar.zst").ended(0);
    let bare = place
        .run_with("verify-bundle bare.tar.zst", &["--key", &public])
        .ended(4);
    assert!(bare.stdout.contains("the bundle is not signed"), "{}", bare.stdout);

    let mut bytes = fs::read(place.path("run.tar.zst")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    place.write("changed.tar.zst", &bytes);
    let changed = place
        .run_with("verify-bundle changed.tar.zst", &["--key", &public, "-o", "json"])
        .ended(4)
        .json();
    assert_eq!(
        (&changed["unchanged"], &changed["exit_code"]),
        (&Value::Bool(false), &4.into())
    );
    assert!(!changed["faults"].as_array().unwrap().is_empty());
    let verified = verify(&fs::read(place.path("run.tar.zst")).unwrap(), None);
    assert_eq!(verified.signed, Some(Signed::Unchecked { keys: id }));
}

#[test]
fn what_cannot_be_read_or_signed_is_said_and_writes_nothing() {
    let place = applied();
    let says = |arguments: &str, further: &[&str], expected: &str| {
        let run = place.run_with(arguments, further).ended(2);
        assert!(run.stderr.contains(expected), "{arguments}: {}", run.stderr);
        assert!(!place.path("run.tar.zst").exists(), "{arguments}");
    };
    let public = key("signing.pub.pem");
    let foreign = key("p256.pem");
    says(
        "report --bundle run.tar.zst",
        &["--sign-with", &public],
        "is no private key as PKCS#8 PEM",
    );
    says(
        "report --bundle run.tar.zst",
        &["--sign-with", &foreign],
        "of another algorithm than Ed25519",
    );
    says(
        "report --bundle run.tar.zst",
        &["--sign-with", "nowhere.pem"],
        "cannot read the key nowhere.pem",
    );
    says("report", &["--sign-with", &public], "--bundle");
    says("verify-bundle nowhere.tar.zst", &[], "cannot read nowhere.tar.zst");
    place.write("text.pem", "hello");
    says(
        "verify-bundle text.pem",
        &["--key", "text.pem"],
        "is no public key as PEM",
    );
    let other = place.run("verify-bundle plan.json").ended(4);
    assert!(
        other.stdout.contains("the bundle cannot be unpacked"),
        "{}",
        other.stdout
    );
}

/// A run that never looked again because it was left, and one of a version that kept nothing, are reported as far as they went.
#[test]
fn a_journal_of_the_first_form_is_reported_without_checks() {
    let place = interrupted();
    let report = place.run("report --format json").ended(0).json();
    assert_eq!(report["checks"], serde_json::json!([]));
    assert_eq!(report["run"]["work"]["is"], "open");
    assert_eq!(report["run"]["returns"]["is"], "out");
    assert_eq!(report["run"]["returns"]["good"], false);
    place.run("report --bundle run.tar.zst").ended(0);
    let verified = verify(&fs::read(place.path("run.tar.zst")).unwrap(), None);
    assert_eq!(verified.faults, []);
    assert!(!verified.files.contains_key("facts-before.json"));
}

/// Nothing that signs anybody in reaches a report, whatever the emulator knows.
#[test]
fn no_secret_is_in_a_bundle() {
    let place = applied();
    place.run("report --bundle run.tar.zst").ended(0);
    let files: BTreeMap<String, Vec<u8>> = verify(&fs::read(place.path("run.tar.zst")).unwrap(), None).files;
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        for secret in [
            "emulated-secret",
            "bearer ey",
            "refresh_token",
            "private key-----",
            "open-sesame",
        ] {
            assert!(!text.contains(secret), "{secret} is in {name}");
        }
    }
}

/// A run whose process died on this machine right after a step that stays, with nothing lent.
fn died_after_its_first_step() -> (Place, Plan) {
    let place = Place::new();
    place.run("plan --world to-apply -o plan.json").ended(3);
    let plan = Plan::from_json(&place.read("plan.json"), sha256).unwrap();
    let at = plan.made_at;
    let step = plan.steps.iter().find(|step| step.loan.is_none()).unwrap().id.clone();
    let journal = Journal::open(&place.path("state")).unwrap();
    let mut run = journal.begin(&plan, &Owner::this(at), at).unwrap();
    let started = What::Started {
        step: step.clone(),
        way: Way::Do,
        before: Value::Null,
        key: uuid::Uuid::from_u128(1),
    };
    let outcome = Outcome::Done {
        kept: Value::Null,
        seen: "it is so".to_owned(),
    };
    let way = Way::Do;
    for what in [started, What::Ended { step, way, outcome }] {
        run.append(&Event { at, what }).unwrap();
    }
    (place, plan)
}

#[test]
fn what_stays_of_a_run_that_was_aborted_is_named() {
    let (place, plan) = died_after_its_first_step();
    let run = place.run("abort --world to-apply").ended(0);
    let does = plan
        .steps
        .iter()
        .find(|step| step.loan.is_none())
        .unwrap()
        .action
        .describe()
        .does();
    let stays = run.stdout.split("What stays").nth(1).unwrap();
    // Lines are wrapped.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(stays).contains(&words(&does)), "{does}: {stays}");
    assert!(stays.contains("done; nobody takes it back but by hand"), "{stays}");
    assert_eq!(stays.matches("by hand   ").count(), 1, "{stays}");
    // It ended, so it was looked at; nobody had looked before it began.
    let report = place.run("report --format json").ended(0).json();
    assert_eq!(report["checks"][0]["when"], "after");
    assert_eq!(report["run"]["work"]["is"], "incomplete");
    assert_eq!(report["run"]["returns"]["is"], "nothing lent");
    let by = report["run"]["decisions"][0]["by"].as_str().unwrap();
    assert!(by.starts_with("abort, by "), "{by}");
    // A program hears of it in lines alone.
    let (place, _) = died_after_its_first_step();
    let lines = place.run("abort --world to-apply -o jsonl").ended(0).stdout;
    for line in lines.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
}

#[test]
fn an_abort_that_cannot_take_everything_back_says_so() {
    let place = interrupted();
    let refused = place.run("abort --world to-apply").ended(2);
    assert!(refused.stderr.contains("add --take-over"), "{}", refused.stderr);
    let left = place.run("abort --take-over --world to-apply").ended(8);
    assert!(left.stdout.contains("STILL OUT"), "{}", left.stdout);
    assert!(left.stdout.contains("What stays"), "{}", left.stdout);
    let ended = applied().run("abort 1 --world to-apply").ended(2);
    assert!(ended.stderr.contains("run 1 has ended"), "{}", ended.stderr);
}
