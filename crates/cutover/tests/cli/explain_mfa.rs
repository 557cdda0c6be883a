//! Why MFA is demanded of an account, as a person and as a program reads it.

use serde_json::{Value, json};

use crate::json_schema;
use crate::program::{Place, Run, all_match};

const SERVICE: &str = "svc-work365@contoso.onmicrosoft.com";

/// Worlds in which the service account meets each verdict.
const WORLDS: &[(&str, &str)] = &[
    ("conditional-access", "proven"),
    ("mfa-by-two-policies", "proven"),
    ("mfa-trusted-places", "not-proven"),
    ("mfa-blocked", "blocked"),
    ("mfa-unclear", "could-not-read"),
    ("mfa-not-demanded", "disproven"),
    ("ready", "probable"),
    ("security-defaults", "not-proven"),
    ("restricted-caller", "could-not-read"),
    ("hostile-names", "proven"),
];

fn explain(world: &str, further: &str) -> Run {
    Place::new().run(&format!("explain-mfa --user {SERVICE} --world {world} {further}"))
}

#[test]
fn a_person_sees_the_whole_reasoning() {
    let shown = WORLDS.iter().map(|(world, _)| {
        let run = explain(world, "").ended(0);
        let hidden = run.stdout.chars().find(|letter| letter.is_control() && *letter != '\n');
        assert_eq!(hidden, None, "{world}: a control character reaches the terminal");
        let text = format!("$ cutover explain-mfa --user {SERVICE} --world {world}\n{}", run.stdout);
        ((*world).to_owned(), text)
    });
    all_match("explain-mfa", shown);
}

#[test]
fn a_program_reads_the_same() {
    let schema = serde_json::to_value(schemars::schema_for!(cutover::output::explain_mfa_v1::Report)).unwrap();
    for (world, verdict) in WORLDS {
        let read = explain(world, "-o json").ended(0).json();
        assert_eq!(
            (&read["format"], &read["verdict"]),
            (&json!("cutover-explain-mfa/1"), &json!(verdict)),
            "{world}"
        );
        assert_eq!(read["user"], json!(SERVICE));
        let faults = json_schema::faults(&schema, &read);
        assert!(faults.is_empty(), "{world}: {faults:#?}");
        let texts = |value: &Value| value.as_array().unwrap().len();
        if read["policies"].as_array().is_some_and(|policies| !policies.is_empty()) {
            let second = &read["second_opinion"];
            assert_eq!(
                (texts(&second["sign_ins"]), texts(&second["disagreements"])),
                (4, 0),
                "{world}: {second:#}"
            );
        }
        assert_eq!(texts(&read["requirements"]), 2, "{world}: registered and exercised");
        if *verdict == "not-proven" && *world != "security-defaults" {
            assert!(texts(&read["holes"]) > 0, "{world}");
        }
        // Every hole says what closes it: each policy that comes close, or else the hole itself.
        let is_said = |change: &Value| change.as_str().is_some_and(|change| !change.is_empty());
        for hole in read["holes"].as_array().unwrap() {
            let nearest = hole["nearest"].as_array().unwrap();
            assert!(nearest.iter().all(|near| is_said(&near["change"])), "{world}: {hole:#}");
            assert_eq!(is_said(&hole["change"]), nearest.is_empty(), "{world}: {hole:#}");
        }
        if *world == "mfa-trusted-places" {
            assert_eq!(texts(&read["holes"][0]["nearest"]), 3, "{world}: {read:#}");
        }
    }
}

#[test]
fn stored_facts_explain_the_same_offline() {
    let place = Place::new();
    place.run("facts --world mfa-trusted-places -o facts.json").ended(0);
    let explained = format!("explain-mfa --user {SERVICE} -o json");
    let stored = place.run(&format!("{explained} --facts facts.json")).ended(0).json();
    let mut seen = place
        .run(&format!("{explained} --world mfa-trusted-places"))
        .ended(0)
        .json();
    // Microsoft's own evaluation is no fact, and cannot be asked offline.
    assert!(seen["second_opinion"]["agreed"].as_u64() > Some(0), "{seen:#}");
    seen["second_opinion"] = Value::Null;
    assert_eq!(stored, seen);
    let nobody = place
        .run("explain-mfa --user nobody@contoso.com --facts facts.json")
        .ended(2);
    assert!(
        nobody.stderr.contains("holds nothing of nobody@contoso.com") && nobody.stderr.contains(SERVICE),
        "{}",
        nobody.stderr
    );
}

/// Support may be sent facts without a name in them, and has to come to the same.
#[test]
fn redacted_facts_explain_the_same() {
    for (world, verdict) in WORLDS {
        let place = Place::new();
        place.run(&format!("facts --world {world} -o facts.json")).ended(0);
        place.run("facts --redact --from facts.json -o redacted.json").ended(0);
        let redacted: Value =
            serde_json::from_str(&std::fs::read_to_string(place.path("redacted.json")).unwrap()).unwrap();
        let who = redacted["scene"]["service_identity"].as_str().unwrap();
        let who = who.strip_prefix("user:").unwrap();
        let explain = |user: &str, file: &str| {
            place
                .run(&format!("explain-mfa --user {user} --facts {file} -o json"))
                .ended(0)
                .json()
        };
        let (open, closed) = (explain(SERVICE, "facts.json"), explain(who, "redacted.json"));
        assert_eq!(closed["verdict"], json!(verdict), "{world}");
        assert!(!closed.to_string().contains("contoso"), "{world}: {closed:#}");
        let shape = |read: &Value| -> Vec<(Value, Value)> {
            let policies = read["policies"].as_array();
            let policies = policies.into_iter().flatten();
            policies
                .map(|policy| (policy["in_scope"].clone(), policy["demands"].clone()))
                .collect()
        };
        assert_eq!(shape(&closed), shape(&open), "{world}");
        let holes = |read: &Value| read["holes"].as_array().map(Vec::len);
        assert_eq!(holes(&closed), holes(&open), "{world}");
    }
}

#[test]
fn other_accounts_and_applications_can_be_asked_for() {
    let of = |user: &str, app: &str| {
        Place::new().run(&format!(
            "explain-mfa --user {user} --app {app} --world mfa-trusted-places -o json"
        ))
    };
    let guarded = of("break-glass@contoso.onmicrosoft.com", "dataverse").ended(0).json();
    assert_eq!(
        guarded["policies"][2]["why_not"],
        json!("the user is excluded by name"),
        "{guarded:#}"
    );
    let api = of(SERVICE, "partner-center").ended(0).json();
    assert_eq!(api["application"], json!("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"));
    let other = of(SERVICE, "00000003-0000-0ff1-ce00-000000000000").ended(0).json();
    assert_eq!(
        (&other["in_tenant"], &other["verdict"]),
        (&json!(false), &json!("not-proven"))
    );
    let graph = of(SERVICE, "00000003-0000-0000-c000-000000000000").ended(0).json();
    assert_eq!(graph["in_tenant"], json!(true));
    for (user, app, words) in [
        (
            SERVICE,
            "sharepoint",
            "--app takes dataverse, partner-center or an application id",
        ),
        (
            "nobody@contoso.onmicrosoft.com",
            "dataverse",
            "there is no account nobody@contoso.onmicrosoft.com",
        ),
    ] {
        let run = of(user, app).ended(2);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

/// Nobody signs in to a partner tenant in this world, so whether Partner Center is in the Dynamics tenant is asked there.
#[test]
fn an_application_is_looked_up_in_the_accounts_own_tenant() {
    let run = Place::new().run(&format!(
        "explain-mfa --user {SERVICE} --app partner-center --world indirect-reseller -o json"
    ));
    assert_eq!(run.ended(0).json()["in_tenant"], json!(true));
    let place = Place::new();
    place.run("facts --world mfa-trusted-places -o facts.json").ended(0);
    let offline = place
        .run(&format!(
            "explain-mfa --user {SERVICE} --app 00000003-0000-0ff1-ce00-000000000000 --facts facts.json"
        ))
        .ended(0);
    assert!(
        offline
            .stdout
            .contains("has a service principal in the tenant is not in these facts"),
        "{}",
        offline.stdout
    );
}

#[test]
fn the_integration_account_is_explained_in_its_own_tenant() {
    let run = Place::new().run("explain-mfa --user nobody --world two-tenants");
    assert_eq!(run.code, 2, "{}", run.stdout);
    let account = crate::program::note_of_world("two-tenants", "config")["who"]["integration_account"].clone();
    let account = account.as_str().unwrap();
    let read = Place::new()
        .run(&format!(
            "explain-mfa --user {account} --app partner-center --world two-tenants -o json"
        ))
        .ended(0)
        .json();
    assert_eq!(read["requirements"][0]["code"], json!("W603"));
    assert_eq!(read["user"], json!(account));
}
