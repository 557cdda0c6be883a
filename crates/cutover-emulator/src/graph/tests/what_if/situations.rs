//! In which situation: client, platform, place, device, risk, flow.

use super::*;

fn from(address: &str, country: &str) -> Value {
    json!({"signInConditions": {"ipAddress": address, "country": country}})
}

fn situation(name: &str, value: Value) -> Value {
    json!({"signInConditions": {name: value}})
}

fn places(include: &[&str], exclude: &[&str]) -> Value {
    json!({"locations": {"includeLocations": include, "excludeLocations": exclude}})
}

#[test]
fn clients_platforms_risks_and_flows() {
    let whole = json!({});
    let without = |name: &str| situation(name, Value::Null);
    let platforms = |include: &[&str], exclude: &[&str]| json!({"platforms": {"includePlatforms": include, "excludePlatforms": exclude}});
    let code = json!({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}});
    let flow = |method: &str| situation("authenticationFlow", json!({"transferMethod": method}));
    check(&[
        (
            "this client",
            json!({"clientAppTypes": ["browser", "other"]}),
            whole.clone(),
            "notSet",
        ),
        (
            "another client",
            json!({"clientAppTypes": ["mobileAppsAndDesktopClients"]}),
            whole.clone(),
            "clientApps",
        ),
        (
            "no client told",
            json!({"clientAppTypes": ["browser"]}),
            without("clientAppType"),
            "notEnoughInformation",
        ),
        (
            "no client told, none needed",
            json!({}),
            without("clientAppType"),
            "notSet",
        ),
        (
            "this platform",
            platforms(&["windows", "linux"], &[]),
            whole.clone(),
            "notSet",
        ),
        (
            "another platform",
            platforms(&["linux"], &[]),
            whole.clone(),
            "devicePlatform",
        ),
        (
            "all but this platform",
            platforms(&["all"], &["windows"]),
            whole.clone(),
            "devicePlatform",
        ),
        (
            "all but another platform",
            platforms(&["all"], &["linux"]),
            whole.clone(),
            "notSet",
        ),
        (
            "no platform told",
            platforms(&["all"], &["linux"]),
            without("devicePlatform"),
            "notEnoughInformation",
        ),
        (
            "no platform told, none needed",
            platforms(&["all"], &[]),
            situation("devicePlatform", json!("all")),
            "notSet",
        ),
        (
            "risk that is not",
            json!({"signInRiskLevels": ["high"]}),
            without("signInRiskLevel"),
            "signInRisk",
        ),
        (
            "risk that is",
            json!({"signInRiskLevels": ["medium", "high"]}),
            situation("signInRiskLevel", json!("high")),
            "notSet",
        ),
        (
            "user risk",
            json!({"userRiskLevels": ["high"]}),
            whole.clone(),
            "userRisk",
        ),
        (
            "user risk that is",
            json!({"userRiskLevels": ["high"]}),
            situation("userRiskLevel", json!("high")),
            "notSet",
        ),
        (
            "insider risk",
            json!({"insiderRiskLevels": "minor,moderate"}),
            whole.clone(),
            "insiderRisk",
        ),
        (
            "insider risk that is",
            json!({"insiderRiskLevels": "minor,moderate"}),
            situation("insiderRiskLevel", json!("moderate")),
            "notSet",
        ),
        ("a flow", code.clone(), whole.clone(), "authenticationFlow"),
        ("the flow", code.clone(), flow("deviceCodeFlow"), "notSet"),
        (
            "another flow",
            code,
            flow("authenticationTransfer"),
            "authenticationFlow",
        ),
        (
            "two reasons: what is certain is said",
            json!({"clientAppTypes": ["browser"], "userRiskLevels": ["low"]}),
            without("clientAppType"),
            "userRisk",
        ),
        (
            "a condition of another time",
            json!({"times": {"includeTimes": "night"}}),
            whole,
            "notEnoughInformation",
        ),
    ]);
}

#[test]
fn places_and_devices() {
    let whole = json!({});
    let office = from("203.0.113.7", "DE");
    let branch = from("198.51.100.200", "NL");
    let beside = from("198.51.100.7", "NL");
    let six = from("2001:db8:1::1", "NL");
    let nowhere = json!({"signInConditions": {"ipAddress": null, "country": null}});
    let filter = |mode: &str, rule: &str| json!({"devices": {"deviceFilter": {"mode": mode, "rule": rule}}});
    let device = |info: Value| situation("deviceInfo", info);
    let compliant = "device.isCompliant -eq True";
    check(&[
        ("anywhere", places(&["All"], &[]), nowhere.clone(), "notSet"),
        (
            "all but trusted, from there",
            places(&["All"], &["AllTrusted"]),
            office.clone(),
            "location",
        ),
        (
            "all but trusted, from elsewhere",
            places(&["All"], &["AllTrusted"]),
            branch.clone(),
            "notSet",
        ),
        (
            "all but trusted, by IPv6",
            places(&["All"], &["AllTrusted"]),
            six,
            "location",
        ),
        ("trusted only", places(&["AllTrusted"], &[]), branch.clone(), "location"),
        ("a range", places(&[BRANCH], &[]), branch, "notSet"),
        ("beside the range", places(&[BRANCH], &[]), beside.clone(), "location"),
        ("countries", places(&[BENELUX], &[]), beside.clone(), "notSet"),
        ("another country", places(&[BENELUX], &[]), office.clone(), "location"),
        ("a country excluded", places(&["All"], &[BENELUX]), beside, "location"),
        (
            "exclusion wins",
            places(&[OFFICE, BENELUX], &["AllTrusted"]),
            office,
            "location",
        ),
        (
            "not told from where",
            places(&["All"], &["AllTrusted"]),
            nowhere.clone(),
            "notEnoughInformation",
        ),
        (
            "not told from which country",
            places(&[BENELUX], &[]),
            nowhere,
            "notEnoughInformation",
        ),
        (
            "a device that fits",
            filter("include", compliant),
            device(json!({"isCompliant": true})),
            "notSet",
        ),
        (
            "a device that does not",
            filter("include", compliant),
            device(json!({"model": "x"})),
            "devices",
        ),
        (
            "a device left out",
            filter("exclude", compliant),
            device(json!({"isCompliant": true})),
            "devices",
        ),
        (
            "a device not left out",
            filter("exclude", compliant),
            device(json!({})),
            "notSet",
        ),
        (
            "no device told",
            filter("exclude", compliant),
            device(Value::Null),
            "notEnoughInformation",
        ),
        (
            "no rule",
            filter("include", "device.isCompliant -is True"),
            whole,
            "invalidCondition",
        ),
    ]);
}
