//! `$batch`.

use super::*;

fn batch(emulator: &Emulator, version: &str, requests: Value) -> (u16, Value) {
    let call = call(emulator, Method::POST, &format!("/{version}/$batch"), ALL)
        .with_body(json!({"requests": requests}).to_string());
    let reply = crate::graph::answer(emulator, &call);
    (reply.status.as_u16(), body(&reply))
}

fn part<'a>(answer: &'a Value, id: &str) -> &'a Value {
    answer["responses"]
        .as_array()
        .and_then(|parts| parts.iter().find(|part| part["id"] == json!(id)))
        .unwrap_or_else(|| panic!("no part {id} in {answer}"))
}

#[test]
fn parts_are_answered_each_by_itself() {
    let emulator = tenant(Premium::P2);
    let (status, answer) = batch(
        &emulator,
        "v1.0",
        json!([
            {"id": "1", "method": "GET", "url": "/users/adele@contoso.com?$select=id"},
            {"id": "2", "method": "get", "url": "users/nobody"},
            {"id": "3", "method": "GET", "url": "https://graph.microsoft.com/v1.0/users/$count",
             "headers": {"ConsistencyLevel": "eventual"}},
            {"id": "4", "method": "GET", "url": "/users/$count"},
            {"id": "5", "method": "POST", "url": "/users/adele@contoso.com/getMemberGroups",
             "headers": {"Content-Type": "application/json"}, "body": {"securityEnabledOnly": true}},
            {"id": "6", "method": "GET", "url": "/identity/conditionalAccess/policies"},
            {"id": "7", "method": "GET", "url": "/identity/conditionalAccess/namedLocations"},
            {"id": "8", "method": "PUT", "url": "/users/adele@contoso.com", "body": {"usageLocation": "FR"}},
            {"id": "9", "method": "GET", "url": "https://graph.microsoft.com/beta/users"},
            {"id": "10", "method": "POST", "url": "/$batch", "body": {"requests": []}},
            {"id": "11", "method": "GET", "url": "/organization", "dependsOn": ["1"]},
            {"id": "12", "method": "GET", "url": "/organization", "dependsOn": ["2"]},
            {"id": "13", "method": "GET", "url": "/organization", "dependsOn": ["12"]},
            {"id": "14", "method": "GET", "url": "/organization", "headers": {"Authorization": "Bearer x"}},
        ]),
    );
    assert_eq!(status, 200);
    let statuses: Vec<u64> = (1..=14)
        .map(|id: u32| part(&answer, &id.to_string())["status"].as_u64().expect("a status"))
        .collect();
    assert_eq!(
        statuses,
        [200, 404, 200, 400, 200, 200, 429, 501, 400, 400, 200, 424, 424, 200]
    );
    assert_eq!(part(&answer, "1")["body"]["id"], json!(ADELE));
    assert_eq!(part(&answer, "3")["body"], json!(2));
    assert_eq!(part(&answer, "5")["body"]["value"], json!([ADMINS]));
    assert!(part(&answer, "7")["headers"].get("Retry-After").is_none());
    let ids: Vec<&str> = (1..=2)
        .map(|id: u32| {
            part(&answer, &id.to_string())["headers"]["request-id"]
                .as_str()
                .expect("an id")
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
    assert_ne!(
        answer["responses"][0]["id"],
        json!("1"),
        "the order of answers is not that of requests"
    );
}

#[test]
fn a_throttled_part_says_when_to_come_back() {
    let emulator = tenant(Premium::P2);
    let requests: Vec<Value> = (0..7)
        .map(|id| json!({"id": id.to_string(), "method": "GET", "url": "/auditLogs/signIns"}))
        .collect();
    let (status, answer) = batch(&emulator, "beta", json!(requests));
    assert_eq!(status, 200);
    assert_eq!(part(&answer, "4")["status"], json!(200));
    assert_eq!(part(&answer, "5")["status"], json!(429));
    assert_eq!(part(&answer, "5")["headers"]["Retry-After"], json!("10"));
}

#[test]
fn malformed_batches_are_refused_whole() {
    let emulator = tenant(Premium::P2);
    let request = |id: u32| json!({"id": id.to_string(), "method": "GET", "url": "/organization"});
    let twenty_one: Vec<Value> = (0..21).map(request).collect();
    for requests in [
        json!([]),
        json!(null),
        json!({}),
        json!([1]),
        json!(twenty_one),
        json!([request(1), request(1)]),
        json!([{"id": 1, "method": "GET", "url": "/organization"}]),
        json!([{"id": "1", "method": "TRACE", "url": "/organization"}]),
        json!([{"id": "1", "url": "/organization"}]),
        json!([{"id": "1", "method": "GET"}]),
        json!([{"id": "1", "method": "GET", "url": "/a", "dependsOn": ["2"]}]),
        json!([{"id": "1", "method": "GET", "url": "/a", "dependsOn": ["1"]}]),
        json!([{"id": "1", "method": "GET", "url": "/a", "dependsOn": "1"}]),
        json!([{"id": "1", "method": "GET", "url": "/a", "dependsOn": ["2"]},
               {"id": "2", "method": "GET", "url": "/a", "dependsOn": ["1"]}]),
    ] {
        let (status, answer) = batch(&emulator, "v1.0", requests.clone());
        assert_eq!(status, 400, "{requests}: {answer}");
    }
    let twenty: Vec<Value> = (0..20).map(request).collect();
    assert_eq!(batch(&emulator, "v1.0", json!(twenty)).0, 200);
    let broken = call(&emulator, Method::POST, "/v1.0/$batch", ALL).with_body("{");
    assert_eq!(crate::graph::answer(&emulator, &broken).status.as_u16(), 400);
    let anonymous = Call::new(Method::POST, ORIGIN, "/v1.0/$batch").with_body("{}");
    assert_eq!(crate::graph::answer(&emulator, &anonymous).status.as_u16(), 401);
}

#[test]
fn a_part_with_tens_of_thousands_of_headers_is_refused() {
    let emulator = tenant(Premium::P2);
    let with = |count: usize| {
        let headers: serde_json::Map<String, Value> =
            (0..count).map(|number| (format!("x-{number}"), json!("1"))).collect();
        let part = json!({"id": "1", "method": "GET", "url": "/organization", "headers": headers});
        batch(&emulator, "v1.0", json!([part]))
    };
    assert_eq!(with(34_000).0, 400);
    assert_eq!(with(101).0, 400);
    let (status, answer) = with(100);
    assert_eq!((status, &part(&answer, "1")["status"]), (200, &json!(200)));
}
