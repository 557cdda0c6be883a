//! What-If, one sign-in at a time.

mod scope;
mod situations;

use super::*;

const EVALUATE: &str = "/v1.0/identity/conditionalAccess/evaluate";
const OFFICE: &str = "99999999-0000-4000-8000-000000000001";
const BRANCH: &str = "99999999-0000-4000-8000-000000000002";
const BENELUX: &str = "99999999-0000-4000-8000-000000000003";
const ELSEWHERE: &str = "44444444-0000-4000-8000-0000000000ff";

/// The small tenant with three named places and one policy only: for everybody, everything, everywhere, with `over`
/// laid over its conditions.
fn tenant(over: &Value) -> Emulator {
    let emulator = with_directory(Premium::P2, directory());
    emulator.write(|state| {
        for place in [
            json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": OFFICE, "displayName": "Office",
                   "isTrusted": true, "ipRanges": [{"cidrAddress": "203.0.113.0/24"}, {"cidrAddress": "2001:db8::/32"}]}),
            json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": BRANCH, "displayName": "Branch",
                   "isTrusted": false, "ipRanges": [{"cidrAddress": "198.51.100.128/25"}]}),
            json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "id": BENELUX, "displayName": "Benelux",
                   "countriesAndRegions": ["BE", "NL", "LU"], "includeUnknownCountriesAndRegions": true}),
        ] {
            state.directory.insert("namedLocations", row(place));
        }
        if let Some(policy) = state.directory.find_mut("conditionalAccessPolicies", "id", "ca1") {
            policy.insert("state".to_owned(), json!("disabled"));
        }
        let mut policy = json!({
            "id": "p", "displayName": "P", "state": "enabled", "deletedDateTime": null,
            "conditions": {
                "clientAppTypes": ["all"], "applications": {"includeApplications": ["All"]},
                "users": {"includeUsers": ["All"]},
            },
            "grantControls": {"operator": "OR", "builtInControls": ["mfa"]}, "sessionControls": null,
        });
        lay(&mut policy["conditions"], over);
        state.directory.insert("conditionalAccessPolicies", row(policy));
    });
    emulator
}

fn lay(below: &mut Value, over: &Value) {
    match (below, over) {
        (Value::Object(below), Value::Object(over)) => {
            for (name, value) in over {
                lay(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (below, over) => *below = over.clone(),
    }
}

/// Adele signs in to an application of the tenant, in a situation told whole.
fn question(over: &Value) -> Value {
    let mut question = json!({
        "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": ADELE},
        "signInContext": {"@odata.type": "#microsoft.graph.applicationContext", "includeApplications": [APP]},
        "signInConditions": {"clientAppType": "browser", "devicePlatform": "windows", "country": "NL",
            "ipAddress": "203.0.113.7", "signInRiskLevel": "none", "userRiskLevel": "none", "deviceInfo": {}},
    });
    lay(&mut question, over);
    question
}

fn ask(emulator: &Emulator, question: &Value) -> (u16, Value) {
    send_with(
        emulator,
        Method::POST,
        EVALUATE,
        question,
        &["Policy.Read.ConditionalAccess"],
    )
}

/// What stands against the policy; `notSet` when it applies.
fn reason(conditions: &Value, asked: &Value) -> String {
    let emulator = tenant(conditions);
    let (status, answer) = ask(&emulator, &question(asked));
    assert_eq!(status, 200, "{answer}");
    let results = answer["value"].as_array().unwrap();
    let policy = results.iter().find(|result| result["id"] == "p").unwrap();
    let reason = policy["analysisReasons"].as_str().unwrap();
    assert_eq!(policy["policyApplies"], json!(reason == "notSet"), "{policy}");
    reason.to_owned()
}

fn check(cases: &[(&str, Value, Value, &str)]) {
    for (what, conditions, asked, expected) in cases {
        assert_eq!(reason(conditions, asked), *expected, "{what}");
    }
}

#[test]
fn states_and_the_shape_of_the_answer() {
    let emulator = tenant(&json!({}));
    let state = |state: &str| {
        emulator.write(|held| {
            let policy = held.directory.find_mut("conditionalAccessPolicies", "id", "p");
            policy.unwrap().insert("state".to_owned(), json!(state));
        });
        let (_, answer) = ask(&emulator, &question(&json!({"appliedPoliciesOnly": true})));
        answer
    };
    let answer = state("enabled");
    assert_eq!(
        answer["@odata.context"],
        json!(format!(
            "{ORIGIN}/v1.0/$metadata#Collection(microsoft.graph.whatIfAnalysisResult)"
        ))
    );
    assert_eq!(answer["value"].as_array().unwrap().len(), 1, "{answer}");
    let result = &answer["value"][0];
    assert_eq!((&result["id"], &result["state"]), (&json!("p"), &json!("enabled")));
    assert_eq!(result["grantControls"]["builtInControls"], json!(["mfa"]));
    assert_eq!(result.get("deletedDateTime"), None);
    let reporting = state("enabledForReportingButNotEnforced");
    assert_eq!(
        reporting["value"][0]["policyApplies"],
        json!(true),
        "as if it were enforced"
    );
    assert_eq!(state("disabled")["value"], json!([]));
    let (_, answer) = ask(&emulator, &question(&json!({})));
    assert_eq!(
        answer["value"].as_array().unwrap().last().unwrap()["analysisReasons"],
        json!("policyNotEnabled")
    );
}

#[test]
fn what_is_no_question_is_refused() {
    let emulator = tenant(&json!({}));
    let whole = question(&json!({}));
    let changed = |pointer: &str, value: Value| {
        let mut wrong = whole.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        wrong
    };
    for (wrong, status) in [
        (changed("/signInIdentity", Value::Null), 400),
        (changed("/signInIdentity/userId", json!("")), 400),
        (
            changed("/signInIdentity/@odata.type", json!("#microsoft.graph.user")),
            400,
        ),
        (changed("/signInIdentity/userId", json!(APP)), 404),
        (changed("/signInContext", Value::Null), 400),
        (changed("/signInContext/includeApplications", json!([])), 400),
        (changed("/signInContext/includeApplications", json!("All")), 400),
        (changed("/signInConditions", Value::Null), 400),
        (changed("/signInConditions/clientAppType", json!("telnet")), 400),
        (changed("/signInConditions/ipAddress", json!("here")), 400),
        (changed("/signInConditions/userRiskLevel", json!(["high"])), 400),
        (json!({"who": "me"}), 400),
        (Value::Null, 400),
        (json!([]), 400),
    ] {
        let (got, answer) = ask(&emulator, &wrong);
        assert_eq!(got, status, "{wrong}: {answer}");
    }
    let (status, _) = send_with(&emulator, Method::POST, EVALUATE, &whole, &["User.Read.All"]);
    assert_eq!(status, 403);
    for permission in ["Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"] {
        assert_eq!(
            send_with(&emulator, Method::POST, EVALUATE, &whole, &[permission]).0,
            200
        );
    }
    let call = call(&emulator, Method::POST, EVALUATE, &["Policy.Read.All"]).with_body(whole.to_string());
    let reply = crate::graph::answer(&emulator, &call);
    assert_eq!(reply.status, 429, "it shares the throttle of Conditional Access");
}
