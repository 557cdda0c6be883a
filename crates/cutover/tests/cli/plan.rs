//! What a person and a program get to see before anything is written.

use serde_json::{Value, json};

use crate::json_schema;
use crate::program::{Place, Run, all_match, worlds};

fn plan(world: &str, further: &str) -> Run {
    Place::new().run(&format!("plan --world {world} {further}"))
}

/// The digest covers the version of the program, so it differs from release to release.
pub(crate) fn without_digest(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("sha256:") {
        let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        assert_eq!(digits, 64, "{after}");
        out.push_str(before);
        out.push_str("sha256:…");
        rest = &after[digits..];
    }
    out + rest
}

#[test]
fn a_person_sees_of_every_world_what_would_be_done() {
    let shown = worlds().into_iter().map(|world| {
        let run = plan(&world, "");
        assert!(matches!(run.code, 0 | 3 | 4 | 5), "{world}: {}", run.stderr);
        let hidden = run.stdout.chars().find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(hidden, None, "{world}: a control character reaches the terminal");
        let text = format!(
            "$ cutover plan --world {world}\n{}{}exit code {}\n",
            run.stderr, run.stdout, run.code
        );
        (world, without_digest(&text))
    });
    all_match("plan", shown);
}

/// Worlds with the decisions that make something of them.
const DECIDED: &[(&str, &str, &str)] = &[
    ("licence", "no-licence", "--lasting-licence"),
    (
        "licence-instead",
        "team-members-licence",
        "--lasting-licence --sku dyn365_enterprise_sales",
    ),
    ("mfa-per-user", "mfa-not-demanded", "--mfa per-user"),
    (
        "mfa-policy",
        "mfa-not-demanded",
        "--mfa conditional-access --emergency-account break-glass@contoso.onmicrosoft.com",
    ),
    ("mfa-defaults", "mfa-not-demanded", "--mfa security-defaults"),
    (
        "everything",
        "nothing-ready",
        "--lasting-licence --mfa per-user --loan-limit 90m --ticket 4711",
    ),
    ("one", "nothing-ready", "--only W701"),
    ("plain", "no-service-role", "--plain"),
];

#[test]
fn decisions_change_what_would_be_done() {
    let shown = DECIDED.iter().map(|(name, world, further)| {
        let run = plan(world, further);
        let call = format!("$ cutover plan --world {world} {further}\n");
        assert!(!further.contains("--plain") || run.stdout.is_ascii(), "{}", run.stdout);
        (
            (*name).to_owned(),
            without_digest(&format!("{call}{}exit code {}\n", run.stdout, run.code)),
        )
    });
    all_match("plan-decided", shown);
}

#[test]
fn a_program_reads_the_plan_itself() {
    let schema = serde_json::to_value(schemars::schema_for!(cutover_core::Plan)).unwrap();
    let shown = ["ready", "no-service-role", "consent-missing", "restricted-caller"].map(|world| {
        let place = Place::new();
        let run = place.run(&format!("plan --world {world} --output json -o kept/plan.json"));
        assert!(run.code == 1, "the folder is not there: {}", run.stderr);
        let run = place.run(&format!("plan --world {world} --output json -o plan.json"));
        let kept: Value = serde_json::from_str(&place.read("plan.json")).unwrap();
        assert_eq!(run.json(), kept, "{world}: what is shown and what is kept differ");
        let faults = json_schema::faults(&schema, &kept);
        assert!(faults.is_empty(), "{world}: {faults:#?}");
        (world.to_owned(), without_digest(&run.stdout))
    });
    all_match("plan-json", shown);
}

#[test]
fn the_same_tenant_makes_the_same_plan_byte_for_byte_and_a_decision_another_one() {
    let kept = || {
        let place = Place::new();
        place.run("plan --world consent-missing -o plan.json").ended(3);
        place.read("plan.json")
    };
    let text = kept();
    assert_eq!(text, kept());
    let digest: Value = serde_json::from_str::<Value>(&text).unwrap()["digest"].clone();
    assert!(digest.as_str().unwrap().starts_with("sha256:"));
    // A decision is part of what is approved.
    let place = Place::new();
    place
        .run("plan --world consent-missing -o plan.json --ticket 4711")
        .ended(3);
    let other: Value = serde_json::from_str(&place.read("plan.json")).unwrap();
    assert_eq!(other["ticket"], json!("4711"));
    assert_ne!(other["digest"], digest);
}

#[test]
fn an_edited_plan_is_refused_before_anything_begins() {
    let place = Place::new();
    place.run("plan --world consent-missing -o plan.json").ended(3);
    let text = place.read("plan.json");
    let edited = text.replacen("Prerequisites of the Work 365 upgrade", "Something else", 1);
    assert_ne!(edited, text);
    place.write("plan.json", edited);
    let run = place.run("apply plan.json --world consent-missing --yes").ended(2);
    assert!(
        run.stderr.contains("plan.json") && run.stderr.contains("sha256:"),
        "{}",
        run.stderr
    );
    assert!(
        place.run("runs -o json").ended(0).json()["runs"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn nothing_is_written_to_the_tenant() {
    let place = Place::new();
    let before = place.run("check --world consent-missing -o json");
    place.run("plan --world consent-missing").ended(3);
    let after = place.run("check --world consent-missing -o json");
    assert_eq!(after.verdicts(), before.verdicts());
}

/// In a world an application looks and a person carries out; the person sees less, and that is no change of the tenant.
#[test]
fn a_plan_that_was_just_made_is_not_stale() {
    for world in ["no-profile", "no-service-role", "consent-missing"] {
        let place = Place::new();
        place.run(&format!("plan --world {world} -o plan.json")).ended(3);
        let run = place.run(&format!("apply plan.json --world {world} --yes"));
        assert!(!run.stderr.contains("stale"), "{world}: {}", run.stderr);
        run.ended(0);
    }
}

#[test]
fn a_wrong_decision_is_refused_with_what_is_right() {
    for (further, words) in [
        ("--loan-limit 1m", "at least 5m and at most 24h"),
        ("--loan-limit soon", "at least 5m and at most 24h"),
        ("--usage-location Holland", "two letters"),
        ("--emergency-account nobody", "neither an object id"),
        (
            "--emergency-account nobody@contoso.onmicrosoft.com",
            "does not exist in the tenant",
        ),
        ("--mfa sometimes", "per-user"),
        ("--only W999", "there is no requirement W999"),
    ] {
        let run = plan("ready", further).ended(2);
        assert!(run.stderr.contains(words), "{further}: {}", run.stderr);
    }
    let place = Place::new();
    let run = place.run_with("plan --world ready", &["--justification", " "]).ended(2);
    assert!(run.stderr.contains("one line of text"), "{}", run.stderr);
}
