//! cutover's own health: what is told, how it ends, and what is never shown.

use serde_json::Value;

use crate::bad_input::SOUND;
use crate::json_schema;
use crate::program::{Emulator, Place, Run, note_of_world};

/// State, text and next step of a line.
fn line(run: &Run, about: &str) -> (String, String, String) {
    let report = run.json();
    let lines = report["lines"].as_array().unwrap();
    let found = lines.iter().find(|line| line["about"] == about);
    let found = found.unwrap_or_else(|| panic!("no line {about}: {report:#}"));
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (text("state"), text("found"), text("next"))
}

const SECRET: (&str, &str) = ("CUTOVER_CLIENT_SECRET", "hunter2-hunter2");

#[test]
fn a_world_is_told_from_the_folder_to_the_permissions() {
    let place = Place::new();
    let run = place.run("doctor --world ready -o json").ended(0);
    let schema = serde_json::to_value(schemars::schema_for!(cutover::output::doctor_v1::Report)).unwrap();
    let faults = json_schema::faults(&schema, &run.json());
    assert!(faults.is_empty(), "{faults:#?}");
    for (about, says) in [
        ("program", "requirements up to version 4.8"),
        ("state folder", "state"),
        ("Entra", "login.microsoftonline.com answers (status 200"),
        ("Microsoft Graph", "graph.microsoft.com answers (status 401"),
        ("Dataverse", "contoso.crm4.dynamics.com answers (status 401"),
        (
            "sign-in",
            "tenant 7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10, until 2026-11-23T1",
        ),
        ("permissions", "as many as a check needs"),
        ("attestations", "0 recorded"),
    ] {
        let (state, found, next) = line(&run, about);
        assert_eq!((state.as_str(), next.as_str()), ("ok", ""), "{about}: {found}");
        assert!(found.contains(says), "{about}: {found}");
    }
    // What is lacking is named, and does not keep anything from working.
    let restricted = Place::new().run("doctor --world restricted-caller -o json").ended(0);
    let (state, found, next) = line(&restricted, "permissions");
    assert_eq!(state, "warning");
    assert!(
        found.contains("not granted: ") && found.contains("Policy.Read.All"),
        "{found}"
    );
    assert!(next.contains("stay unknown"), "{next}");
    let short = Place::new().run("doctor --world restricted-caller -o short").ended(0);
    assert!(
        !short.stdout.contains(" ok ") && short.stdout.contains("warning  permissions"),
        "{}",
        short.stdout
    );
    // Offline nothing is asked.
    let offline = Place::new().run("doctor --world ready --offline -o json").ended(0);
    let told = offline.stdout.contains("Dataverse") || offline.stdout.contains("sign-in");
    assert!(!told && offline.json()["offline"] == true, "{}", offline.stdout);
}

#[test]
fn what_is_wrong_here_is_told_with_what_to_do() {
    let place = Place::new();
    let none = place.run("doctor --offline -o json").ended(2);
    let (state, found, next) = line(&none, "configuration");
    assert_eq!(state, "problem");
    assert!(
        found.contains("cutover.toml") && next.contains("-c FILE"),
        "{found} {next}"
    );

    place.write("cutover.toml", SOUND);
    let without = place.run("doctor --offline -o json").ended(2);
    let (state, found, next) = line(&without, "credentials");
    assert_eq!(state, "problem");
    assert!(
        found.contains("none of CUTOVER_CLIENT_SECRET") && next.contains("CUTOVER_CLIENT_CERTIFICATE"),
        "{found} {next}"
    );

    let both = [SECRET, ("CUTOVER_CLIENT_CERTIFICATE", "absent.pem")];
    let (state, found, _) = line(&place.run_in("doctor --offline -o json", &both).ended(2), "credentials");
    assert_eq!(state, "problem");
    assert!(
        found.contains("both CUTOVER_CLIENT_SECRET and CUTOVER_CLIENT_CERTIFICATE"),
        "{found}"
    );

    let set = place.run_in("doctor --offline -o json", &[SECRET]).ended(0);
    assert_eq!(line(&set, "credentials").1, "CUTOVER_CLIENT_SECRET is set");

    place.write("state/attestations.json", "{");
    let broken = place.run_in("doctor --offline -o json", &[SECRET]).ended(1);
    assert_eq!(line(&broken, "attestations").0, "problem");

    place
        .write("ca.pem", "no certificate")
        .write("cutover.toml", format!("{SOUND}trusted_ca = \"ca.pem\"\n"));
    let authority = place.run_in("doctor --offline -o json", &[SECRET]).ended(2);
    assert!(
        line(&authority, "trusted CA").1.contains("ca.pem holds no certificate"),
        "{}",
        authority.stdout
    );
}

#[test]
fn no_secret_is_shown_and_no_password_of_a_proxy() {
    let place = Place::new();
    place.write("cutover.toml", SOUND);
    let environment = [
        SECRET,
        ("CUTOVER_PARTNER_REFRESH_TOKEN", "refresh-hunter2"),
        ("HTTPS_PROXY", "http://carla:hunter2@proxy.contoso.com:8080"),
        ("ALL_PROXY", "carla:hunter2@"),
        ("NO_PROXY", "localhost"),
    ];
    for form in ["table", "short", "json"] {
        let run = place.run_in(&format!("doctor --offline -o {form}"), &environment);
        let both = format!("{}{}", run.stdout, run.stderr);
        assert!(!both.contains("hunter2") && !both.contains("carla"), "{both}");
    }
    let environment = &environment[..3];
    let proxy = line(&place.run_in("doctor --offline -o json", environment), "proxy");
    assert_eq!(proxy.1, "HTTPS_PROXY leads to proxy.contoso.com:8080");
}

#[test]
fn services_are_reached_over_the_network_or_named() {
    let place = Place::new();
    // Nobody listens there.
    place.write("cutover.toml", SOUND);
    let run = place.run_in("doctor -o json", &[SECRET]).ended(1);
    for about in ["Entra", "Microsoft Graph", "Dataverse"] {
        let (state, found, next) = line(&run, about);
        assert_eq!(state, "problem", "{found}");
        assert!(
            found.starts_with("127.0.0.1:9 gave no answer: ") && next.contains("firewall"),
            "{found}"
        );
    }
    assert!(
        line(&run, "sign-in").1.contains("could not be looked up"),
        "{}",
        run.stdout
    );

    let emulator = Emulator::start(&place, "ready");
    let (sound, _) = SOUND.split_once("[connection]").unwrap();
    place.write("cutover.toml", format!("{sound}{}", emulator.connection));
    let secret = note_of_world("ready", "client_secret");
    let run = place.run_in("doctor -o json", &[("CUTOVER_CLIENT_SECRET", secret.as_str().unwrap())]);
    assert_eq!(line(&run, "Dataverse").0, "ok", "{}", run.stdout);
    assert_eq!(line(&run, "permissions").0, "ok", "{}", run.stdout);
    let (state, found, _) = line(&run, "clock");
    assert_eq!(state, "ok", "{found}");
    assert!(
        found.contains("this machine is "),
        "the services told their time: {found}"
    );
    let wrong = place.run_in("doctor -o json", &[SECRET]);
    let refused: Vec<Value> = wrong.json()["lines"].as_array().unwrap().clone();
    let refused = refused.iter().find(|line| line["about"] == "sign-in").unwrap();
    assert_eq!(refused["state"], "problem");
    assert!(
        refused["found"].as_str().unwrap().contains("AADSTS7000215"),
        "{refused}"
    );
}
