//! Conditional Access policies and security defaults.

use super::*;

const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";

fn policy() -> Value {
    json!({
        "displayName": "W365 upgrade: MFA", "state": "enabledForReportingButNotEnforced",
        "conditions": {"clientAppTypes": ["all"], "applications": {"includeApplications": ["All"]},
                       "users": {"includeUsers": [CARLA]}},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    })
}

#[test]
fn a_policy_is_created_changed_and_deleted() {
    let emulator = writable(Premium::P2);
    let (status, created) = send(&emulator, Method::POST, POLICIES, &policy());
    assert_eq!(status, 201, "{created}");
    assert_eq!(created["conditions"]["users"]["excludeGroups"], json!([]));
    assert_eq!(created["conditions"]["locations"], Value::Null);
    assert_eq!(created["sessionControls"], Value::Null);
    let target = format!("{POLICIES}/{}", created["id"].as_str().unwrap());
    let (_, read) = get(&emulator, &target);
    assert_eq!(
        (&read["conditions"], &read["createdDateTime"]),
        (&created["conditions"], &created["createdDateTime"])
    );

    assert_eq!(
        send(&emulator, Method::PATCH, &target, &json!({"state": "enabled"})).0,
        204
    );
    let change = json!({"conditions": {"users": {"excludeUsers": [ADELE]}, "signInRiskLevels": ["High"]}});
    assert_eq!(send(&emulator, Method::PATCH, &target, &change).0, 204);
    let strength = json!({"grantControls": {"operator": "OR", "builtInControls": [],
        "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000002"}}});
    assert_eq!(send(&emulator, Method::PATCH, &target, &strength).0, 204);
    let (_, read) = get(&emulator, &target);
    assert_eq!(read["state"], json!("enabled"));
    assert_eq!(
        read["conditions"]["users"]["includeUsers"],
        json!([CARLA]),
        "what is not sent stays"
    );
    assert_eq!(read["conditions"]["users"]["excludeUsers"], json!([ADELE]));
    assert_eq!(read["conditions"]["signInRiskLevels"], json!(["high"]));
    assert_eq!(
        read["grantControls"]["authenticationStrength"]["requirementsSatisfied"],
        json!("mfa")
    );
    assert!(read["modifiedDateTime"].is_string());

    assert_eq!(send(&emulator, Method::DELETE, &target, &Value::Null).0, 204);
    assert_eq!(get(&emulator, &target).0, 404);
    assert_eq!(
        send(&emulator, Method::PATCH, &target, &json!({"state": "enabled"})).0,
        404
    );
}

#[test]
fn what_is_no_policy_is_refused_with_a_number() {
    let emulator = writable(Premium::P2);
    let before = emulator.read(Clone::clone);
    let cases: [(&str, Value, &str); 13] = [
        ("/id", json!("x"), "1001: 'id' is a readonly field"),
        ("/state", json!("on"), "1007:"),
        ("/state", Value::Null, "1007:"),
        ("/displayName", json!(""), "1007:"),
        ("/conditions/users/includeUsers", json!([]), "1007:"),
        (
            "/conditions/users/includeUsers",
            json!(["11111111-0000-4000-8000-0000000000ff"]),
            "1011:",
        ),
        ("/conditions/users/includeGroups", json!(["All"]), "1011:"),
        ("/conditions/users/includeRoles", json!([CARLA]), "1011:"),
        (
            "/conditions/applications/includeUserActions",
            json!(["urn:user:registerdevice"]),
            "1007:",
        ),
        (
            "/conditions/locations",
            json!({"includeLocations": ["nowhere"]}),
            "1011:",
        ),
        ("/grantControls/builtInControls", json!(["block", "mfa"]), "1007:"),
        ("/grantControls/operator", json!("XOR"), "1007:"),
        ("/grantControls", Value::Null, "1007:"),
    ];
    for (pointer, value, words) in cases {
        let mut wrong = policy();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        wrong.pointer_mut(parent).unwrap()[name] = value;
        let (status, answer) = send(&emulator, Method::POST, POLICIES, &wrong);
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!("BadRequest")),
            "{pointer}: {answer}"
        );
        assert!(message(&answer).starts_with(words), "{pointer}: {answer}");
    }
    let mut unknown = policy();
    unknown["conditions"]["nonsense"] = json!([]);
    let (status, answer) = send(&emulator, Method::POST, POLICIES, &unknown);
    assert!(
        status == 400 && message(&answer).starts_with("Property 'nonsense' does not exist"),
        "{answer}"
    );
    assert_eq!(emulator.read(Clone::clone), before);
    let (status, answer) = send(&writable(Premium::None), Method::POST, POLICIES, &policy());
    assert_eq!(
        (status, &answer["error"]["code"]),
        (403, &json!("Authentication_RequestFromNonPremiumTenantOrB2CTenant"))
    );
}

#[test]
fn security_defaults_and_enabled_policies_exclude_one_another() {
    let emulator = writable(Premium::P2);
    let defaults = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy";
    let set = |on: bool| send(&emulator, Method::PATCH, defaults, &json!({"isEnabled": on})).0;
    assert_eq!(set(true), 400, "ca1 is enabled");
    let off = send(&emulator, Method::PATCH, &format!("{POLICIES}/ca1"), &{
        let mut whole = policy();
        whole["state"] = json!("disabled");
        whole
    });
    assert_eq!(off.0, 204, "{off:?}");
    assert_eq!(set(true), 204);
    assert_eq!(get(&emulator, defaults).1["isEnabled"], json!(true));
    let mut enabled = policy();
    enabled["state"] = json!("enabled");
    let (status, answer) = send(&emulator, Method::POST, POLICIES, &enabled);
    assert!(
        status == 400 && message(&answer).contains("Security Defaults"),
        "{answer}"
    );
    assert_eq!(
        send(&emulator, Method::POST, POLICIES, &policy()).0,
        201,
        "report-only goes beside"
    );
    assert_eq!(set(false), 204);
    assert_eq!(send(&emulator, Method::POST, POLICIES, &enabled).0, 201);
    assert_eq!(
        send(&emulator, Method::PATCH, defaults, &json!({"isEnabled": "yes"})).0,
        400
    );
}

#[test]
fn writes_share_the_throttle_of_the_tenant() {
    let emulator = writable(Premium::P2);
    let ask = |method: Method, target: &str, body: &Value| {
        let call = call(&emulator, method, target, WRITES).with_body(body.to_string());
        crate::graph::answer(&emulator, &call).status.as_u16()
    };
    assert_eq!(ask(Method::POST, POLICIES, &policy()), 201);
    assert_eq!(
        ask(Method::PATCH, &format!("{POLICIES}/ca1"), &json!({"state": "disabled"})),
        429
    );
    let count = emulator.read(|state| state.directory.rows("conditionalAccessPolicies").len());
    assert_eq!(count, 2);
}
