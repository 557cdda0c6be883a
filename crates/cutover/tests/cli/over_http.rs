//! The emulator as a process of its own and a configuration file in between: what a tenant is reached by.

use crate::bad_input::SOUND;
use crate::program::{Emulator, Place, Run, all_match, matches, note_of_world, portable};

const SECRET: &str = "CUTOVER_CLIENT_SECRET";
const CERTIFICATE: &str = "CUTOVER_CLIENT_CERTIFICATE";

/// The discard port, on which nobody listens.
const NOBODY: &str = "http://127.0.0.1:9";

/// The configuration of a built-in world, with the services where the emulator listens.
fn configuration(world: &str, emulator: &Emulator) -> String {
    let config = toml::to_string(&note_of_world(world, "config")).unwrap();
    format!("{config}\n{}", emulator.connection)
}

fn secret_of(world: &str) -> String {
    note_of_world(world, "client_secret").as_str().unwrap().to_owned()
}

/// Runs a command as somebody who has what the world tells its user: the given proof of the caller, that of the
/// partner's application, and what people attested.
fn run_signed_in(place: &Place, world: &str, arguments: &str, proof: (&str, &str)) -> Run {
    let notes = cutover_emulator::World::built_in(world).unwrap();
    let notes = notes.notes_for("cutover").unwrap().clone();
    let told = |key: &str| notes.get(key).map(|value| value.as_str().unwrap().to_owned());
    let mut variables = vec![(proof.0, proof.1.to_owned())];
    for (variable, key) in [
        ("CUTOVER_PARTNER_CLIENT_SECRET", "partner_client_secret"),
        ("CUTOVER_PARTNER_REFRESH_TOKEN", "partner_refresh_token"),
    ] {
        variables.extend(told(key).map(|value| (variable, value)));
    }
    if proof.0 == CERTIFICATE && notes.contains_key("partner_refresh_token") {
        // The same application signs in to the partner's side, by the same proof.
        variables.push(("CUTOVER_PARTNER_CLIENT_CERTIFICATE", proof.1.to_owned()));
    }
    if let Some(attested) = notes.get("attestation") {
        let stored = serde_json::json!({"format": "cutover-attestations/1", "attestations": attested});
        place.write("state/attestations.json", stored.to_string());
    }
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    place.run_in(arguments, &variables)
}

/// Checks over HTTP, signed in with the world's secret.
fn check(place: &Place, world: &str, further: &str) -> Run {
    let arguments = format!("check -c cutover.toml -o json {further}");
    run_signed_in(place, world, &arguments, (SECRET, &secret_of(world)))
}

/// A report without what each run has of its own: the ids of its requests.
fn without_request_ids(run: &Run) -> serde_json::Value {
    fn forget(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                members.shift_remove("request_id");
                members.values_mut().for_each(forget);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let mut report = run.json();
    forget(&mut report);
    report
}

#[test]
fn a_check_over_http_finds_what_the_embedded_one_finds() {
    for world in ["ready", "nothing-ready", "restricted-caller", "hostile-names", "tier-2"] {
        let place = Place::new();
        let embedded = place.run(&format!("check --world {world} -o json"));
        let emulator = Emulator::start(&place, world);
        place.write("cutover.toml", configuration(world, &emulator));
        let by_secret = check(&place, world, "").ended(embedded.code);
        assert_eq!(
            without_request_ids(&by_secret),
            without_request_ids(&embedded),
            "{world}"
        );
        let pem = note_of_world(world, "client_certificate");
        place.write("reader.pem", pem.as_str().unwrap());
        // A double of its own: Conditional Access may be read once a second, and the first run has done it.
        let emulator = Emulator::start(&place, world);
        place.write("cutover.toml", configuration(world, &emulator));
        let by_certificate = run_signed_in(
            &place,
            world,
            "check -c cutover.toml -o json",
            (CERTIFICATE, "reader.pem"),
        );
        let by_certificate = by_certificate.ended(embedded.code);
        assert_eq!(
            without_request_ids(&by_certificate),
            without_request_ids(&embedded),
            "{world}"
        );
    }
}

#[test]
fn over_tls_cutover_trusts_what_the_emulator_wrote_out_and_nothing_else() {
    let place = Place::new();
    let embedded = place.run("check --world ready -o json");
    let emulator = Emulator::start_with(&place, "ready", "--https --ca-file trust/emulator.pem");
    assert!(emulator.base.starts_with("https://127.0.0.1:"), "{}", emulator.base);
    let configuration = configuration("ready", &emulator);
    place.write("cutover.toml", &configuration);
    let over_tls = check(&place, "ready", "").ended(embedded.code);
    assert_eq!(without_request_ids(&over_tls), without_request_ids(&embedded));
    let certificate = place.read("trust/emulator.pem");
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----\n") && !certificate.contains("KEY"));
    assert!(
        place.files().iter().all(|(_, text)| !text.contains("PRIVATE KEY")),
        "the authority's key was written, though nobody asked to keep it"
    );
    let lines = configuration.lines().filter(|line| !line.starts_with("trusted_ca"));
    place.write("cutover.toml", lines.collect::<Vec<_>>().join("\n"));
    let untrusted = check(&place, "ready", "");
    assert_ne!(untrusted.code, embedded.code);
    assert!(untrusted.stderr.contains("certificate"), "{}", untrusted.stderr);
}

#[test]
fn a_kept_authority_lies_in_the_state_folder_and_survives_a_start() {
    let place = Place::new();
    drop(Emulator::start_with(&place, "ready", "--https --keep-ca"));
    let first = place.read("state/ca.pem");
    drop(Emulator::start_with(&place, "ready", "--https --keep-ca"));
    assert_eq!(place.read("state/ca.pem"), first);
    place.write("state/ca-key.pem", "no key");
    let run = place.run("emulator --port 0 --world ready --https --keep-ca").ended(2);
    assert!(
        run.stderr.contains("hint: move ca.pem and ca-key.pem away"),
        "{}",
        run.stderr
    );
}

#[test]
fn another_tenant_environment_or_organisation_is_refused_before_anything_is_judged() {
    let place = Place::new();
    let emulator = Emulator::start(&place, "ready");
    let sound = configuration("ready", &emulator);
    let secret = secret_of("ready");
    let cases = [
        ("a wrong secret", "", "", "5ome-0ther-text"),
        ("an expired secret", "", "", "emulated-secret-that-has-expired"),
        ("an unknown application", "\"c07e7000", "\"c07e7001", secret.as_str()),
        (
            "an unknown tenant id",
            "\"contoso.onmicrosoft.com\"",
            "\"7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d11\"",
            &secret,
        ),
        (
            "an unknown domain",
            "\"contoso.onmicrosoft.com\"",
            "\"contosso.onmicrosoft.com\"",
            &secret,
        ),
        (
            "a tenant of another cloud",
            "https://contoso.crm4.dynamics.com",
            "https://contoso.crm.microsoftdynamics.us",
            &secret,
        ),
        ("another organisation", "\"06a17c0d", "\"06a17c0e", &secret),
        (
            "another environment",
            "https://contoso.crm4",
            "https://contoso-test.crm4",
            &secret,
        ),
    ];
    let texts = cases.map(|(case, from, to, secret)| {
        assert!(sound.contains(from), "{case}: nothing to change in\n{sound}");
        place.write("cutover.toml", sound.replacen(from, to, 1));
        let run = place.run_in("check", &[(SECRET, secret)]).ended(2);
        assert_eq!(run.stdout, "", "{case}: something was judged");
        assert!(!run.stderr.contains(secret), "{case}: {}", run.stderr);
        assert!(!place.path("state").exists(), "{case}");
        let facts = place.run_in("facts -o facts.json", &[(SECRET, secret)]).ended(2);
        assert_eq!(facts.stderr, run.stderr, "{case}");
        assert!(
            !place.path("facts.json").exists(),
            "{case}: facts of somebody else were kept"
        );
        format!("# {case}\n$ cutover check\n{}exit code 2\n", run.stderr)
    });
    matches("over_http", "refused", &texts.join("\n"));
}

#[test]
fn what_a_service_that_is_gone_would_have_shown_is_unknown_and_the_rest_is_judged() {
    let place = Place::new();
    let emulator = Emulator::start(&place, "ready");
    let sound = configuration("ready", &emulator);
    let service = |name: &str, address: &str| {
        let from = format!("{name} = \"{}\"", emulator.base);
        assert!(sound.contains(&from), "{sound}");
        place.write("cutover.toml", sound.replace(&from, &format!("{name} = \"{address}\"")));
        check(&place, "ready", "")
    };
    let without_dataverse = service("dataverse", NOBODY).ended(5);
    let without_graph = service("graph", NOBODY).ended(5);
    for code in ["W301", "W401", "W701", "W802"] {
        assert_eq!(
            without_dataverse.verdict(code),
            "unknown",
            "{code} is a matter of Dataverse"
        );
        assert_ne!(
            without_graph.verdict(code),
            "missing",
            "{code} is a matter of Dataverse"
        );
    }
    for code in ["W101", "W103", "W201", "W501", "W502"] {
        assert_eq!(without_graph.verdict(code), "unknown", "{code} is a matter of Graph");
        assert_ne!(
            without_dataverse.verdict(code),
            "unknown",
            "{code} is a matter of Graph"
        );
        assert_ne!(
            without_dataverse.verdict(code),
            "missing",
            "{code} is a matter of Graph"
        );
    }
    assert_eq!(without_graph.verdict("W701"), "met");
    // Sign-in itself: nothing can be said about anything, and nothing is.
    let without_entra = service("login", NOBODY).ended(1);
    assert_eq!(without_entra.stdout, "");
    assert!(
        without_entra.stderr.contains("connection.login"),
        "{}",
        without_entra.stderr
    );
}

#[test]
fn a_service_that_is_gone_is_told_apart_from_a_requirement_that_is_missing() {
    let shown = ["dataverse", "graph"].map(|name| {
        let place = Place::new();
        let emulator = Emulator::start(&place, "ready");
        let from = format!("{name} = \"{}\"", emulator.base);
        let gone = format!("{name} = \"{NOBODY}\"");
        place.write("cutover.toml", configuration("ready", &emulator).replace(&from, &gone));
        let run = run_signed_in(&place, "ready", "check -o short", (SECRET, &secret_of("ready")));
        (
            name.to_owned(),
            format!("{}{}exit code {}\n", run.stderr, portable(&run.stdout), run.code),
        )
    });
    all_match("over_http/gone", shown);
}

#[test]
fn an_emulator_that_ends_is_an_error_that_says_where_to_look() {
    let place = Place::new();
    let mut emulator = Emulator::start(&place, "ready");
    place.write("cutover.toml", configuration("ready", &emulator));
    check(&place, "ready", "").ended(0);
    emulator.stop();
    let run = check(&place, "ready", "").ended(1);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("connection.control"), "{}", run.stderr);
}

#[test]
fn waiting_moves_the_clock_at_the_control_port() {
    let place = Place::new();
    let emulator = Emulator::start(&place, "nothing-ready");
    place.write("cutover.toml", configuration("nothing-ready", &emulator));
    let before = check(&place, "nothing-ready", "").json();
    let waited = check(&place, "nothing-ready", "--wait 5m").ended(4);
    assert!(waited.stderr.contains("waiting for W001"), "{}", waited.stderr);
    let at =
        |report: &serde_json::Value| -> jiff::Timestamp { report["collected_at"].as_str().unwrap().parse().unwrap() };
    let passed = at(&waited.json()).duration_since(at(&before));
    assert_eq!(passed, jiff::SignedDuration::from_mins(5));
    // The clock stays where it is for whoever comes next.
    let after = check(&place, "nothing-ready", "").json();
    assert_eq!(at(&after), at(&waited.json()));
}

#[test]
fn the_addresses_that_the_emulator_prints_are_what_a_configuration_takes() {
    let place = Place::new();
    let emulator = Emulator::start(&place, "ready");
    let begin = SOUND.find("[connection]").unwrap();
    let account = "[who]\nintegration_account = \"partner-integration@contoso.onmicrosoft.com\"\n";
    let config = SOUND[..begin].replacen("[who]\n", account, 1);
    place.write("cutover.toml", format!("{config}{}", emulator.connection));
    let run = run_signed_in(&place, "ready", "check -o json", (SECRET, &secret_of("ready"))).ended(0);
    assert_eq!(run.json()["readiness"], "ready");
}
