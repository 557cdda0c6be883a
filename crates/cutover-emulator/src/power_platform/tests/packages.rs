use serde_json::{Value, json};

use super::*;
use crate::dataverse;

/// Versions and states that the list shows of a package.
fn states(emulator: &Emulator, name: &str) -> Vec<(String, String)> {
    let (status, body) = get(
        emulator,
        &below("appmanagement", "/applicationPackages?appInstallState=All&lcid=1033"),
    );
    assert_eq!(status, 200, "{body}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = body["value"].as_array().unwrap().iter();
    rows.filter(|row| row["uniqueName"] == name)
        .map(|row| (text(&row["version"]), text(&row["state"])))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(one, other): &(&str, &str)| ((*one).to_owned(), (*other).to_owned());
    expected.iter().map(pair).collect()
}

#[test]
fn installing_a_package_makes_the_environment_what_its_manifest_says() {
    let emulator = emulator_of(
        "[environment.main]\npackage.work365.version = '2.1.0.14'\npackage.work365-portal.version.absent = true\n\
         user.service = { roles = ['basic-user'], profiles = [] }\n",
    );
    let there = |emulator: &Emulator| {
        emulator.read(|state| {
            let tables = &state.environments[0].tables;
            let core = tables.find("solutions", "uniquename", "Work365Core").unwrap();
            (
                core["version"].as_str().unwrap().to_owned(),
                tables.find("roles", "name", "Work 365 Service").is_some(),
                tables.find("fieldsecurityprofiles", "name", "Work 365 Admin").is_some(),
                tables.rows("uoms").len(),
                tables.rows("work365_jobs").len(),
            )
        })
    };
    assert_eq!(there(&emulator), ("2.1.0.14".to_owned(), false, false, 0, 1));
    assert_eq!(
        states(&emulator, "Work365"),
        pairs(&[("2.1.0.14", "Installed"), ("4.8.0.12", "None")])
    );
    assert_eq!(states(&emulator, "Work365Portal"), pairs(&[("4.8.0.4", "None")]));
    let target = below("appmanagement", "/applicationPackages/Work365/install");
    let (status, body, location) = post(&emulator, &target, "");
    assert_eq!(
        (status, &body["lastOperation"]["state"]),
        (202, &json!("InstallRequested")),
        "{body}"
    );
    let location = location.unwrap();
    assert_eq!(follow(&emulator, &location)["status"], "NotStarted");
    let (status, body, _) = post(
        &emulator,
        &below("appmanagement", "/applicationPackages/Work365Portal/install"),
        "",
    );
    assert_eq!((status, &body["error"]["code"]), (409, &json!("Conflict")));
    wait(&emulator, 1);
    assert_eq!(follow(&emulator, &location)["status"], "Running");
    assert_eq!(
        states(&emulator, "Work365"),
        pairs(&[("2.1.0.14", "Installed"), ("4.8.0.12", "Installing")])
    );
    wait(&emulator, 18);
    assert_eq!(there(&emulator), ("2.1.0.14".to_owned(), false, false, 0, 1));
    wait(&emulator, 1);
    assert_eq!(follow(&emulator, &location)["status"], "Succeeded");
    assert_eq!(states(&emulator, "Work365"), pairs(&[("4.8.0.12", "Installed")]));
    assert_eq!(
        there(&emulator),
        ("4.8.0.12".to_owned(), true, true, 2, 1),
        "its jobs are still there"
    );
    emulator.read(|state| {
        let tables = &state.environments[0].tables;
        let core = tables.find("solutions", "uniquename", "Work365Core").unwrap();
        assert_eq!(core["installedon"], "2025-02-11T10:00:00Z");
        assert_eq!(core["modifiedon"], "2026-11-23T09:20:00Z");
        let role = tables.find("roles", "name", "Work 365 Service").unwrap();
        assert_eq!(role["createdon"], "2026-11-23T09:20:00Z");
    });
    let (status, ..) = post(
        &emulator,
        &below("appmanagement", "/applicationPackages/Work365Portal/install"),
        "{}",
    );
    assert_eq!(status, 202);
}

#[test]
fn a_solution_brings_what_its_package_brings() {
    let emulator = emulator_of("environment.main.package.work365.version = '3.2.0.21'");
    let installation = |unique_name: &str, version: &str| dataverse::Installation {
        unique_name: unique_name.to_owned(),
        friendly_name: "Work 365 Core Solution".to_owned(),
        description: String::new(),
        version: version.to_owned(),
        managed: true,
        publisher: "work365".to_owned(),
        publisher_name: "Work 365".to_owned(),
        prefix: "work365".to_owned(),
        option_value_prefix: 10_000,
        at: emulator.clock().now(),
    };
    let import = |unique_name: &str, version: &str| {
        let change = crate::later::EnvironmentChange::Solution(Box::new(installation(unique_name, version)));
        emulator.write(|state| {
            let id = state.environments[0].organization_id.clone();
            state.change_environment(&id, change);
            let tables = &state.environments[0].tables;
            tables.find("roles", "name", "Work 365 Portal Service").is_some()
        })
    };
    assert!(!import("Work365Core", "3.4.0.0"), "3.2 brings no such role");
    assert!(
        !import("Work365Core_Upgrade", "4.8.0.12"),
        "a holding solution brings nothing yet"
    );
    assert!(import("work365core", "4.8.0.12"));
    assert_eq!(states(&emulator, "Work365"), pairs(&[("4.8.0.12", "Installed")]));
}

#[test]
fn a_package_may_fail_or_not_be_there() {
    let emulator = emulator_of(
        "environment.main.package.work365.fails_with = 'a dependency is missing'\n\
         environment.main.package.work365-portal = { state = 'InstallFailed', last_error = 'timed out' }\n",
    );
    let (_, body) = get(
        &emulator,
        &below("appmanagement", "/applicationPackages?appInstallState=NotInstalled"),
    );
    let rows = body["value"].as_array().unwrap();
    let portal = rows.iter().find(|row| row["uniqueName"] == "Work365Portal").unwrap();
    assert_eq!(
        (&portal["state"], &portal["lastError"]["message"]),
        (&json!("InstallFailed"), &json!("timed out"))
    );
    let (_, _, location) = post(
        &emulator,
        &below("appmanagement", "/applicationPackages/work365/install"),
        "",
    );
    wait(&emulator, 20);
    let operation = follow(&emulator, &location.unwrap());
    assert_eq!(
        (&operation["status"], &operation["error"]["message"]),
        (&json!("Failed"), &json!("a dependency is missing"))
    );
    assert_eq!(
        states(&emulator, "Work365"),
        pairs(&[("4.6.0.35", "Installed"), ("4.8.0.12", "InstallFailed")])
    );
    let (_, body) = get(
        &emulator,
        "/appmanagement/applicationPackages?api-version=2022-03-01-preview",
    );
    assert_eq!(body["value"].as_array().unwrap().len(), 2);
    let (_, body) = get(
        &emulator,
        &below("appmanagement", "/applicationPackages?appInstallState=Installed"),
    );
    assert_eq!(body["value"].as_array().unwrap().len(), 2, "{body}");
    let (status, body, _) = post(
        &emulator,
        &below("appmanagement", "/applicationPackages/Other/install"),
        "",
    );
    assert_eq!(
        (status, &body["error"]["code"]),
        (404, &json!("ApplicationPackageNotFound"))
    );
    assert_eq!(
        get(
            &emulator,
            &below("appmanagement", "/applicationPackages?appInstallState=x")
        )
        .0,
        400
    );
    assert_eq!(get(&emulator, &below("appmanagement", "/operations/none")).0, 404);
    let unlisted = emulator_of("environment.main.package.work365.listed = false");
    assert!(states(&unlisted, "Work365").is_empty());
    let (_, body) = get(&unlisted, "/appmanagement/applicationPackages?api-version=1");
    assert_eq!(body["value"].as_array().unwrap().len(), 1, "the portal's: {body}");
    assert_eq!(
        post(
            &unlisted,
            &below("appmanagement", "/applicationPackages/Work365/install"),
            ""
        )
        .0,
        404
    );
    let none = emulator_of("environment.main.package.work365.offered.absent = true");
    assert_eq!(
        post(
            &none,
            &below("appmanagement", "/applicationPackages/Work365/install"),
            ""
        )
        .0,
        404
    );
}
