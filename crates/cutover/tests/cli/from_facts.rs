//! Facts become a world, and a check of that world finds what the facts say.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::program::{Emulator, Place};

/// Worlds whose facts are made into a world again: every service, both ways to run Work 365, one tenant and two, what is
/// wrong, what is going on, and what may not be seen.
const WORLDS: &[&str] = &[
    "ready",
    "nothing-ready",
    "two-tenants",
    "busy",
    "half-upgraded",
    "indirect-provider",
    "application-user",
    "application-caller",
    "conditional-access",
    "hostile-names",
    "restricted-caller",
    "blind-caller",
    "reader-of-own-unit",
    "reader-without-roles",
    "not-registered-with-power-platform",
    "via-group",
    "group-licence",
    "without-pim",
    "without-premium",
    "profile-through-team",
    "role-in-other-business-unit",
    "package-failed",
    "no-service-role",
    "no-profile",
    "no-jobs-table",
    "two-jobs-tables",
    "v2.1-with-portal",
    "tier-2",
    "partner-mfa-enforced",
    "partner-sign-in-refused",
    "partner-center-silent",
];

/// Those where tokens stand for names that mean something.
const REDACTED: &[&str] = &[
    "nothing-ready",
    "two-tenants",
    "busy",
    "two-jobs-tables",
    "restricted-caller",
    "application-user",
    "conditional-access",
    "hostile-names",
    "partner-sign-in-refused",
];

/// Verdicts by the facts, and by a check over HTTP of the world made from them.
fn both(place: &Place, facts: &str) -> [Vec<(String, String)>; 2] {
    let judged = place.run(&format!("judge {facts} -o json")).verdicts();
    let attested = serde_json::from_str::<Value>(&place.read(facts)).unwrap()["attestations"].take();
    // A folder of its own: the first one keeps the state of the world that the facts came from.
    let facts = place.path(facts).display().to_string();
    let place = &Place::new();
    let emulator = Emulator::start_of(place, &format!("--from-facts {facts}"));
    let (variables, config) = emulator
        .before
        .split_once("In the environment of cutover:")
        .and_then(|(_, rest)| rest.split_once("In cutover.toml:"))
        .unwrap_or_else(|| panic!("no configuration is printed:\n{}", emulator.before));
    let config = config.replace("[connection]\n", "");
    place.write("cutover.toml", format!("{config}\n{}", emulator.connection));
    let attested = if attested.is_array() { attested } else { json!([]) };
    let stored = json!({"format": "cutover-attestations/1", "attestations": attested});
    place.write("state/attestations.json", stored.to_string());
    let variables: Vec<(&str, &str)> = variables.lines().filter_map(|line| line.split_once('=')).collect();
    let checked = place.run_in("check -c cutover.toml -o json", &variables).verdicts();
    [judged, checked]
}

/// No difference is accepted: what is known is found again, and what is unknown may not be seen in the world either.
fn compare(worlds: &[&str], further: &str) {
    let mut found = BTreeMap::new();
    for world in worlds {
        let place = Place::new();
        place
            .run(&format!("facts --world {world} -o facts.json {further}"))
            .ended(0);
        let [judged, checked] = both(&place, "facts.json");
        assert!(judged.len() > 20, "{world}: {judged:?}");
        assert_eq!(judged.len(), checked.len(), "{world}");
        for ((code, wanted), (other, seen)) in judged.into_iter().zip(checked) {
            assert_eq!(code, other, "{world}");
            if wanted != seen {
                found.insert((*world, code), (wanted, seen));
            }
        }
    }
    assert!(found.is_empty(), "by the facts, and in the world: {found:#?}");
}

#[test]
fn a_world_from_facts_is_judged_as_the_facts_are() {
    compare(WORLDS, "");
}

#[test]
fn a_world_from_redacted_facts_is_judged_as_they_are() {
    compare(REDACTED, "--redact");
}

/// What is unknown stays so because somebody may not see it, and not because nothing is there.
#[test]
fn a_right_that_was_lacking_is_lacking_in_the_world() {
    let place = Place::new();
    place.run("facts --world restricted-caller -o facts.json").ended(0);
    let run = place
        .run("emulator --from-facts facts.json --save-world made.toml")
        .ended(0);
    let made: toml::Table = toml::from_str(&place.read("made.toml")).unwrap();
    let permissions = made["app"]["reader"]["permissions"]["graph"].as_array().unwrap();
    let holds = |name: &str| permissions.iter().any(|one| one.as_str() == Some(name));
    assert!(
        holds("User.Read.All") && !holds("Application.Read.All"),
        "{permissions:?}"
    );
    let rights = made["environment"]["main"]["role"]["rights-of-the-reader"]["privileges"]
        .as_array()
        .unwrap();
    let holds = |name: &str| rights.iter().any(|one| one.as_str() == Some(name));
    assert!(holds("prvReadUser") && !holds("prvReadSolution"), "{rights:?}");
    for told in [
        "environment.solutions (Dataverse refused GET ",
        "the partner's number at Microsoft and its customers",
        "settings and waivers of the configuration",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
}

/// What an installed package brings to a world is taken away where the facts know that it is not there.
#[test]
fn what_a_package_brings_is_there_only_when_the_facts_hold_it() {
    let place = Place::new();
    place.run("facts --world package-older -o facts.json").ended(0);
    let mut facts: Value = serde_json::from_str(&place.read("facts.json")).unwrap();
    for list in ["job_tables", "wanted_profiles", "open_jobs"] {
        facts["environment"][list]["known"]["value"] = json!([]);
    }
    place.write("facts.json", facts.to_string());
    let [judged, checked] = both(&place, "facts.json");
    assert_eq!(judged, checked);
    place
        .run("emulator --from-facts facts.json --save-world made.toml")
        .ended(0);
    let made: toml::Table = toml::from_str(&place.read("made.toml")).unwrap();
    let main = &made["environment"]["main"];
    assert_eq!(main["package"]["work365"]["version"].as_str(), Some("4.6.0.35"));
    for (kind, alias) in [("profile", "admin"), ("table", "work365_job")] {
        assert_eq!(main[kind][alias]["absent"].as_bool(), Some(true), "{kind}");
    }
}

/// Where nothing can stand for a fact, the list says so.
#[test]
fn what_no_world_can_say_is_told() {
    let place = Place::new();
    place.run("facts --world ready -o facts.json").ended(0);
    let mut facts: Value = serde_json::from_str(&place.read("facts.json")).unwrap();
    let known = |value: Value, of: &Value| json!({"known": {"value": value, "calls": of["known"]["calls"]}});
    let tenant = &mut facts["tenant"];
    tenant["methods_policy"]["known"]["value"][0]["include"] = json!(["some-group"]);
    tenant["work365_grants"]["known"]["value"][0]["resource"] = json!("00000000-0000-0000-0000-0000000000ff");
    tenant["conditional_access"] = known(
        json!([
            {"id": "p", "name": "\u{1b}[2Jnew", "state": "someday", "policy": {}},
            {"id": "q", "name": "odd", "state": "enabled", "policy": {
                "createdDateTime": "yesterday", "grantControls": 5, "conditions": {
                    "moonPhases": ["full"], "users": {"includeUsers": ["@user.nobody"], "excludeUsers": null}}}},
        ]),
        &tenant["skus"],
    );
    tenant["skus"] = json!({"unknown": {"reason": "timed-out", "message": "no answer in time"}});
    let other = known(
        json!([{"unique_name": "Other", "name": "Other", "publisher": "x", "version": "1.0", "state": "Installed"}]),
        &facts["tenant"]["security_defaults"],
    );
    facts["power_platform"]["packages"] = other;
    let person = &mut facts["principals"]["user:svc-work365@contoso.onmicrosoft.com"];
    person["methods"]["known"]["value"][0] = json!("carrierPigeonAuthenticationMethod");
    person["active_roles"]["known"]["value"] = json!([]);
    person["role_assignments"]["known"]["value"] = json!([
        {"role": "00000000-0000-0000-0000-0000000000aa", "principal": "00000000-0000-0000-0000-0000000000bb"},
        {"role": "62e90394-69f5-4237-9190-012177145e10", "principal": "00000000-0000-0000-0000-0000000000bb"},
    ]);
    person["settings"]["known"]["value"]["locale"] = json!(-7);
    facts["environment"]["languages"]["known"]["value"] = json!([1033, -1]);
    place.write("facts.json", facts.to_string());
    let run = place
        .run("emulator --from-facts facts.json --save-world made.toml")
        .ended(0);
    for told in [
        "the directory role 00000000-0000-0000-0000-0000000000aa",
        "through which group",
        "the language -1",
        "the locale -7",
        "the condition moonPhases of the Conditional Access policy odd",
        "the text @user.nobody",
        "whom the method Fido2 is for",
        "a grant of Work 365 to the resource 00000000-0000-0000-0000-0000000000ff",
        "new, whose state is someday",
        "tenant.skus (no answer in time); the world shows its own defaults",
        "the application package Other 1.0 (Installed)",
        "the method carrierPigeonAuthenticationMethod",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
    // The emulator takes it all the same, and what it holds can be looked at.
    drop(Emulator::start_of(
        &Place::new(),
        &format!("--world-file {}", place.path("made.toml").display()),
    ));
}

#[test]
fn what_is_no_facts_file_is_refused_as_judge_does() {
    let place = Place::new();
    place.write("broken.json", "{\"format\": ");
    place.write("foreign.json", "{}");
    place.write("later.json", "{\"format\": \"cutover-facts/9\"}");
    for file in ["broken.json", "foreign.json", "later.json", "missing.json"] {
        let judged = place.run(&format!("judge {file}")).ended(2);
        let made = place.run(&format!("emulator --port 0 --from-facts {file}")).ended(2);
        assert_eq!(made.stderr, judged.stderr, "{file}");
    }
}
