//! A second person approves a plan, or nothing begins.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::program::{Place, Run};
use crate::tenant::Held;

const APPLY: &str = "apply plan.json --world to-apply --yes";
const APPROVER: &str = "crm-owner@contoso.onmicrosoft.com";

fn planned() -> Place {
    let place = Place::new();
    place.run("plan --world to-apply -o plan.json").ended(3);
    place
}

/// Runs a command with this on its standard input.
fn answered(place: &Place, arguments: &str, answer: &str) -> Run {
    let mut child = place.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    // A program that ends before it asks reads nothing of it.
    let _ = child.stdin.take().unwrap().write_all(answer.as_bytes());
    Run::of(child.wait_with_output().unwrap())
}

fn digest(place: &Place) -> String {
    let plan: Value = serde_json::from_str(&place.read("plan.json")).unwrap();
    plan["digest"].as_str().unwrap().to_owned()
}

#[test]
fn a_second_person_signs_in_and_approves_the_very_plan() {
    let place = planned();
    let digest = digest(&place);
    let run = answered(&place, &format!("{APPLY} --approve-by {APPROVER}"), "yes\n").ended(0);
    let told = |text: &str| {
        run.stderr
            .find(text)
            .unwrap_or_else(|| panic!("no `{text}` in {}", run.stderr))
    };
    // The person sees what is to be done and its digest, signs in, says yes, and only then the run begins.
    let order = [
        told(&format!("{APPROVER} is asked to approve this plan")),
        told("  lend   activate Global Administrator"),
        told("  change consent for the whole organisation"),
        told(&format!("  {digest}\n")),
        told("enter the code "),
        told(&format!("{APPROVER}: approve {digest}?")),
        told("run 1 of "),
    ];
    assert!(order.is_sorted(), "{order:?}: {}", run.stderr);
    assert_eq!(run.stderr.matches("enter the code").count(), 1, "{}", run.stderr);
    let approved = format!("Approved by {APPROVER} (c0117e00-0000-4000-8000-000000000004) at 2026-11-23 09:00");
    assert!(run.stdout.contains(&approved), "{}", run.stdout);
    let leases = place.run("leases --all").ended(0);
    assert!(
        leases.stdout.contains(&format!("  approved by {APPROVER} at ")),
        "{}",
        leases.stdout
    );
    assert_eq!(
        place.run("leases --all -o json").ended(0).json()["runs"][0]["approved_by"],
        APPROVER
    );
    // Neither person's token is kept anywhere but in the emulated tenant's own memory.
    for (path, text) in place.files() {
        if path.file_name().unwrap() != "state.json" {
            assert!(!text.contains("eyJ"), "{} holds a token", path.display());
        }
    }
}

#[test]
fn a_program_reads_who_approved_before_anything_was_done() {
    let place = planned();
    let run = answered(&place, &format!("{APPLY} -o jsonl --approve-by {APPROVER}"), "yes\n").ended(0);
    let lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let first = &lines[0]["what"];
    assert_eq!(first["event"], "approved");
    assert_eq!(
        (&first["by"], &first["digest"]),
        (&APPROVER.into(), &digest(&place).into())
    );
    assert_eq!(lines.last().unwrap()["approved_by"], APPROVER);
}

#[test]
fn without_the_second_person_s_word_nothing_is_started() {
    let place = planned();
    let refused = |further: &str, answer: &str, asks: bool, says: &str| {
        let run = answered(&place, &format!("{APPLY} {further}"), answer).ended(2);
        assert!(run.stderr.contains(says), "{further}: {}", run.stderr);
        assert!(run.stderr.contains("nothing was started"), "{further}: {}", run.stderr);
        assert_eq!(run.stderr.contains("enter the code"), asks, "{further}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{further}");
        let leases = place.run("leases --all -o json").ended(0).json();
        assert_eq!(leases["runs"], serde_json::json!([]), "{further}");
    };
    let by = |name: &str| format!("--approve-by {name}");
    // Who cannot approve is told before anybody signs in.
    refused(
        &by("admin@contoso.onmicrosoft.com"),
        "yes\n",
        false,
        "nobody approves an own plan",
    );
    refused(
        &by("a11ce000-0000-4000-8000-000000000001"),
        "yes\n",
        false,
        "nobody approves an own plan",
    );
    refused(
        &by("nobody@contoso.onmicrosoft.com"),
        "yes\n",
        false,
        "does not exist in the tenant",
    );
    refused(
        &format!("{} --non-interactive", by(APPROVER)),
        "yes\n",
        false,
        "--non-interactive forbids",
    );
    // Somebody else signs in.
    refused(
        &by("break-glass@contoso.onmicrosoft.com"),
        "yes\n",
        true,
        "crm-owner@contoso.onmicrosoft.com signed in to approve it, and break-glass@contoso.onmicrosoft.com has to",
    );
    // The right one does not say yes, or says nothing.
    refused(&by(APPROVER), "no\n", true, "did not approve it");
    refused(&by(APPROVER), "", true, "did not approve it");
    // And the plan still is what it was.
    place.run(APPLY).ended(0);
}

#[test]
fn who_resumes_an_approved_run_asks_nobody_again() {
    let held = Held::at_its_first_loan(&format!("--approve-by {APPROVER}"), "yes\n");
    // It died with the approval in its journal and before anything had an effect.
    let resumed = held.tenant.run("resume").ended(0);
    assert!(!resumed.stderr.contains("enter the code"), "{}", resumed.stderr);
    assert!(
        resumed.stdout.contains(&format!("Approved by {APPROVER} (")),
        "{}",
        resumed.stdout
    );
}
