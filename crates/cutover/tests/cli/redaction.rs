//! Redacted facts: nothing of the tenant is left in them, and they are judged as before.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::program::{Place, worlds};

/// Names that are the same in every tenant, beside those of the pack, the licence table and the redaction itself.
const EVERYBODYS: &[&str] = &[
    // Dataverse's own solutions, and the scope of a role policy: words that mean something else in facts.
    "Default",
    "Active",
    "DirectoryRole",
    // The product's.
    "Work365Core",
    "Work365Portal",
    "Work 365 Core Solution",
    "Work 365 Portal Solution",
    "Work 365 Portal",
    // States of the product's jobs, as the vendor's table reference has them.
    "Cancelled",
    "Failed",
    "Succeeded",
    "Work365Core_Upgrade",
    // Words of Microsoft's that a world uses as a name, and one that tokens begin with.
    "Copy",
    "MultiFactor Authentication",
    "unit",
    // The role template of System Administrator.
    "627090ff-40a3-4053-8790-584edc5be201",
];

/// What a service principal of Microsoft's offers: names of permissions.
const OFFERED: &[&str] = &["appRoles", "oauth2PermissionScopes"];

/// Properties that hold somebody's text.
const NAMES: &[&str] = &[
    "address",
    "companyname",
    "displayname",
    "domain",
    "domainname",
    "domains",
    "display_name",
    "fullname",
    "friendlyname",
    "givenname",
    "internalemailaddress",
    "label",
    "localizedname",
    "mail",
    "mailnickname",
    "name",
    "solutionname",
    "surname",
    "uniquename",
    "url",
    "userprincipalname",
];

/// Every name, address and id that a world holds.
fn names_and_ids(value: &Value, key: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !OFFERED.contains(&key.as_str()))
            .for_each(|(key, field)| names_and_ids(field, key, out)),
        Value::Array(items) => items.iter().for_each(|item| names_and_ids(item, key, out)),
        Value::String(text) if is_somebodys(text, key) => {
            out.insert(text.trim_start_matches("https://").to_lowercase());
        }
        _ => {}
    }
}

fn is_somebodys(text: &str, key: &str) -> bool {
    uuid::Uuid::parse_str(text).is_ok() || text.contains('@') || NAMES.contains(&key.to_lowercase().as_str())
}

/// Every text of a file, and the principals that are keys, one a line.
fn texts(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if key.contains(':') {
                    out.push_str(key);
                    out.push('\n');
                }
                texts(field, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        _ => {}
    }
}

/// Whether a text holds another one, not merely as a part of a longer word.
fn holds(text: &str, wanted: &str) -> bool {
    let of_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(wanted).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + wanted.len()..].chars().next();
        let ends = (wanted.chars().next(), wanted.chars().next_back());
        let goes_on = of_word(before) && of_word(ends.0) || of_word(after) && of_word(ends.1);
        !goes_on
    })
}

#[test]
fn nothing_of_a_world_is_left_and_the_verdicts_are_the_same() {
    let pack = include_str!("../../../../packs/work365.toml").to_lowercase();
    let licences = include_str!("../../../cutover-core/data/licences.toml").to_lowercase();
    let redaction = include_str!("../../../cutover-core/src/redact/vocabulary.rs").to_lowercase();
    let roles = include_str!("../../../cutover-core/src/reading/built_in_roles.rs").to_lowercase();
    let mut left = BTreeMap::new();
    for world in worlds() {
        let place = Place::new();
        place.run(&format!("facts --world {world} -o facts.json")).ended(0);
        let said = place
            .run("facts --from facts.json --redact -o redacted.json")
            .ended(0)
            .stderr;
        assert!(
            said.contains("Replaced by tokens: ") && said.contains(" user"),
            "{world}: {said}"
        );

        let [plain, redacted] = ["facts.json", "redacted.json"].map(|file| {
            let mut text = String::new();
            texts(&serde_json::from_str(&place.read(file)).unwrap(), &mut text);
            text.to_lowercase()
        });
        let state = cutover_emulator::World::built_in(&world).unwrap().into_state();
        let mut hidden = BTreeSet::new();
        names_and_ids(&serde_json::to_value(&state).unwrap(), "", &mut hidden);
        hidden.retain(|text| {
            let known = [&pack, &licences, &redaction, &roles]
                .iter()
                .any(|file| file.contains(&format!("\"{text}\"")));
            text.len() > 3 && !known && !EVERYBODYS.iter().any(|own| own.eq_ignore_ascii_case(text))
        });
        let there = hidden.iter().filter(|text| holds(&plain, text)).count();
        assert!(there > 10, "{world}: only {there} of its names stand in its facts");
        for text in hidden.iter().filter(|text| holds(&redacted, text)) {
            left.entry(text.clone()).or_insert_with(|| world.clone());
        }

        let judge = |file: &str| place.run(&format!("judge {file} -o json"));
        let (before, after) = (judge("facts.json"), judge("redacted.json"));
        assert_eq!(after.code, before.code, "{world}");
        assert_eq!(after.verdicts(), before.verdicts(), "{world}");
        // Redacting again finds nothing.
        let again = place.run("facts --from redacted.json --redact -o again.json").ended(0);
        assert!(
            again.stderr.contains("Nothing had to be replaced"),
            "{world}: {}",
            again.stderr
        );
        assert_eq!(place.read("again.json"), place.read("redacted.json"), "{world}");
    }
    assert!(left.is_empty(), "left, with the first world that shows it: {left:#?}");
}

#[test]
fn what_a_redacted_file_still_says_is_told() {
    let place = Place::new();
    let run = place.run("facts --world ready --redact -o redacted.json").ended(0);
    assert!(
        run.stderr
            .contains("times, counts, states, versions and languages stay"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("cutover judge redacted.json gives the same verdicts"),
        "{}",
        run.stderr
    );
    let printed = Place::new().run("facts --world ready --redact -o -").ended(0);
    assert_eq!(
        printed.json(),
        serde_json::from_str::<Value>(&place.read("redacted.json")).unwrap()
    );
    assert!(printed.stderr.contains("Replaced by tokens: "), "{}", printed.stderr);
    // What is the same in every tenant stays, so that a reader can follow a refusal.
    let refused = Place::new()
        .run("facts --world restricted-caller --redact -o -")
        .ended(0);
    for sentence in [
        "GET /v1.0/users/user-2@tenant-1.example/authentication/methods: the sign-in lacks the permission UserAuthenticationMethod.Read.All",
        "/systemuserprofiles_association: the signed-in identity lacks the privilege prvReadFieldSecurityProfile",
    ] {
        assert!(refused.stdout.contains(sentence), "{sentence}\n{}", refused.stdout);
    }
}

/// A word of Microsoft's addresses that the redaction does not know would make evidence unreadable.
#[test]
fn every_call_can_still_be_read() {
    let place = Place::new();
    place.run("facts --world ready -o facts.json").ended(0);
    let mut facts: Value = serde_json::from_str(&place.read("facts.json")).unwrap();
    let paths: Vec<String> = cutover_clients::calls()
        .map(|call| {
            call.path
                .split('{')
                .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest))
                .collect()
        })
        .collect();
    facts["tenant"]["skus"] =
        serde_json::json!({ "unknown": { "reason": "refused", "message": "refused", "lacking": paths } });
    place.write("facts.json", facts.to_string());
    place.run("facts --from facts.json --redact -o redacted.json").ended(0);
    let redacted: Value = serde_json::from_str(&place.read("redacted.json")).unwrap();
    assert_eq!(
        redacted["tenant"]["skus"]["unknown"]["lacking"],
        serde_json::json!(paths)
    );
}
