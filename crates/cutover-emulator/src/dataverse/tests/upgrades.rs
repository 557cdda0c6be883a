//! Solutions of an application that the emulator knows: what they bring, and when.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;

use super::*;
use crate::solution_zip::{SolutionFile, solution_zip};
use crate::world::World;

mod administration_mode;
mod billing_contracts;
mod failures;
mod removal;
mod worlds;

const OWNER: &str = "c0117e00-0000-4000-8000-000000000004";

fn world(more: &str) -> Emulator {
    Emulator::from_world(&World::parse(&format!("extends = 'ready'\n{more}"), "upgrades.toml").expect("a world"))
}

fn owner(emulator: &Emulator) -> String {
    let tenant = "crm-owner@contoso.onmicrosoft.com";
    testing::user(emulator, OWNER, tenant, URL, "user_impersonation")
}

fn ask(emulator: &Emulator, method: &Method, target: &str, sent: &Value) -> Reply {
    let sent = if sent.is_null() {
        String::new()
    } else {
        sent.to_string()
    };
    request(emulator, &owner(emulator), method, target, &[], &sent)
}

fn read(emulator: &Emulator, target: &str) -> Value {
    body(&ask(emulator, &Method::GET, target, &Value::Null))
}

fn post(emulator: &Emulator, action: &str, sent: &Value) -> Reply {
    ask(emulator, &Method::POST, action, sent)
}

/// What an import is asked with.
fn import(file: &[u8], more: &Value) -> Value {
    let mut sent = json!({
        "OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true, "CustomizationFile": STANDARD.encode(file),
    });
    if let (Some(sent), Some(more)) = (sent.as_object_mut(), more.as_object()) {
        sent.extend(more.clone());
    }
    sent
}

fn core(version: &str) -> Vec<u8> {
    solution_zip("work365", version).expect("a file")
}

fn wait(emulator: &Emulator, minutes: i64) {
    emulator.clock().advance(SignedDuration::from_mins(minutes));
}

/// Version of the core; whether its role of 3.5 is there; how many units; what the control plane says is installed.
fn there(emulator: &Emulator) -> (String, bool, usize, String) {
    let solution = read(
        emulator,
        "solutions?$filter=uniquename eq 'Work365Core'&$select=version",
    );
    let roles = read(emulator, "roles?$filter=name eq 'Work 365 Portal Service'&$select=name");
    emulator.read(|state| {
        let environment = &state.environments[0];
        let package = &environment.administration.packages[0];
        (
            solution["value"][0]["version"].as_str().unwrap_or_default().to_owned(),
            roles["value"].as_array().is_some_and(|roles| !roles.is_empty()),
            environment.tables.rows("uoms").len(),
            package.installed.clone().unwrap_or_default(),
        )
    })
}

fn state(version: &str, role: bool, units: usize, package: &str) -> (String, bool, usize, String) {
    (version.to_owned(), role, units, package.to_owned())
}

#[test]
fn a_solution_file_changes_what_its_package_changes_when_it_ends() {
    let before = state("3.2.0.21", false, 0, "3.2.0.21");
    let after = state("4.8.0.12", true, 2, "4.8.0.12");
    for action in ["StageAndUpgradeAsync", "ImportSolutionAsync"] {
        let emulator = world(
            "environment.main.package.work365 = { version = '3.2.0.21', offered.absent = true, listed = false }\n\
             environment.main.package.work365-portal.version.absent = true",
        );
        let started = post(&emulator, action, &import(&core("4.8.0.12"), &json!({})));
        assert_eq!(outcome(&started), "200", "{action}: {}", said(&started));
        wait(&emulator, 9);
        assert_eq!(there(&emulator), before, "{action}");
        wait(&emulator, 2);
        assert_eq!(there(&emulator), after, "{action}");
    }
}

#[test]
fn a_holding_solution_brings_nothing_until_it_is_promoted() {
    let emulator = world("");
    let sent = import(&core("4.8.0.12"), &json!({"HoldingSolution": true}));
    assert_eq!(outcome(&post(&emulator, "ImportSolutionAsync", &sent)), "200");
    wait(&emulator, 11);
    assert_eq!(there(&emulator), state("4.6.0.35", true, 0, "4.6.0.35"));
    let promote = post(
        &emulator,
        "DeleteAndPromoteAsync",
        &json!({"UniqueName": "Work365Core"}),
    );
    assert_eq!(outcome(&promote), "200");
    wait(&emulator, 4);
    assert_eq!(there(&emulator), state("4.6.0.35", true, 0, "4.6.0.35"));
    wait(&emulator, 2);
    assert_eq!(there(&emulator), state("4.8.0.12", true, 2, "4.8.0.12"));
    assert_eq!(
        read(&emulator, "solutions?$filter=uniquename eq 'Work365Core_Upgrade'")["value"],
        json!([])
    );
}

#[test]
fn a_version_that_no_manifest_knows_brings_what_the_newest_below_it_brings() {
    let emulator = world("");
    assert_eq!(
        outcome(&post(
            &emulator,
            "StageAndUpgradeAsync",
            &import(&core("4.7.3.1"), &json!({}))
        )),
        "200"
    );
    wait(&emulator, 11);
    assert_eq!(
        there(&emulator),
        state("4.7.3.1", true, 0, "4.6.0.35"),
        "4.6 is there already"
    );
    assert_eq!(
        outcome(&post(
            &emulator,
            "StageAndUpgradeAsync",
            &import(&core("4.9.0.0"), &json!({}))
        )),
        "200"
    );
    wait(&emulator, 11);
    assert_eq!(there(&emulator), state("4.9.0.0", true, 2, "4.8.0.12"));
}

#[test]
fn the_portal_needs_the_core_of_its_own_line() {
    let emulator = world("");
    let portal = import(&solution_zip("work365-portal", "4.8.0.4").expect("a file"), &json!({}));
    let staged = body(&post(
        &emulator,
        "StageSolution",
        &json!({"CustomizationFile": portal["CustomizationFile"]}),
    ));
    let results = &staged["StageSolutionResults"];
    assert_eq!(results["StageSolutionStatus"], "Failed");
    assert_eq!(results["MissingDependencies"][0]["RequiredSolutionName"], "Work365Core");
    assert_eq!(
        outcome(&post(
            &emulator,
            "StageAndUpgradeAsync",
            &import(&core("4.8.0.12"), &json!({}))
        )),
        "200"
    );
    wait(&emulator, 11);
    assert_eq!(outcome(&post(&emulator, "StageAndUpgradeAsync", &portal)), "200");
    wait(&emulator, 11);
    let portal = read(
        &emulator,
        "solutions?$filter=uniquename eq 'Work365Portal'&$select=version",
    );
    assert_eq!(portal["value"][0]["version"], "4.8.0.4");
}

#[test]
fn a_file_that_says_something_wrong_is_told_apart() {
    let emulator = world("");
    let good = SolutionFile::of("work365", "4.8.0.12").expect("a file");
    for (file, code) in [
        (
            SolutionFile {
                publisher: "contoso".to_owned(),
                ..good.clone()
            },
            0x8004_801c_u32,
        ),
        (
            SolutionFile {
                managed: false,
                ..good.clone()
            },
            0x8004_8041,
        ),
        (
            SolutionFile {
                version: "4.5.0.0".to_owned(),
                ..good.clone()
            },
            0x8004_8541,
        ),
    ] {
        let sent = json!({"CustomizationFile": STANDARD.encode(file.zip().expect("a file"))});
        let results = body(&post(&emulator, "StageSolution", &sent))["StageSolutionResults"].clone();
        assert_eq!(
            results["SolutionValidationResults"][0]["ErrorCode"],
            code.cast_signed(),
            "{results}"
        );
    }
}

/// The states of the open jobs by name.
fn jobs(emulator: &Emulator) -> Vec<(String, i64)> {
    let rows = read(
        emulator,
        "work365_jobs?$select=work365_name,statuscode&$orderby=work365_name",
    );
    let rows = rows["value"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            let name = row["work365_name"].as_str().unwrap_or_default().to_owned();
            (name, row["statuscode"].as_i64().unwrap_or_default())
        })
        .collect()
}

const DRAINING: &str = "[environment.main.table.work365_job]\n\
    row.charge = { work365_name = 'Charge Invoice', statuscode = 'In progress' }\n\
    row.sync = { work365_name = 'Sync License', statuscode = 'Dispatched' }\n\
    row.renew = { work365_name = 'Renew', statuscode = 'Waiting', work365_scheduledfor = 2026-12-01T02:00:00Z }\n\
    ends.charge = { after = 'PT5M', as = 'Succeeded' }\n\
    ends.sync = { after = 'PT50M', as = 'Succeeded' }\n";

#[test]
fn work_that_crosses_the_cut_over_fails_and_work_that_ended_before_does_not() {
    let emulator = world(DRAINING);
    let named = |states: [i64; 4]| -> Vec<(String, i64)> {
        let names = ["Charge Invoice", "Renew", "Sync Invoice", "Sync License"];
        names.map(str::to_owned).into_iter().zip(states).collect()
    };
    assert_eq!(jobs(&emulator), named([3, 1, 4, 2]));
    assert_eq!(
        outcome(&post(
            &emulator,
            "StageAndUpgradeAsync",
            &import(&core("4.8.0.12"), &json!({}))
        )),
        "200"
    );
    wait(&emulator, 6);
    assert_eq!(jobs(&emulator), named([4, 1, 4, 2]), "one has ended in time");
    wait(&emulator, 5);
    assert_eq!(jobs(&emulator), named([4, 5, 4, 5]), "all that was open failed");
    wait(&emulator, 60);
    assert_eq!(
        jobs(&emulator),
        named([4, 5, 4, 5]),
        "what failed does not end a second time"
    );
    let log = emulator.audit().entries();
    let told: Vec<_> = log
        .iter()
        .filter(|entry| entry.object.ends_with("work365_job/Renew"))
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].after.as_ref().map(|value| value["statuscode"].clone()),
        Some(json!(5))
    );
}

#[test]
fn work_drains_while_nothing_is_installed() {
    let emulator = world(DRAINING);
    wait(&emulator, 60);
    let open: Vec<_> = jobs(&emulator).into_iter().filter(|(_, state)| *state < 4).collect();
    assert_eq!(
        open,
        [("Renew".to_owned(), 1)],
        "what waits for a day to come does not drain"
    );
}
