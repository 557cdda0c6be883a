//! What a world says of later, seen through the doors of the services as time goes.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod door;

use axum::body::Body;
use cutover_emulator::{Emulator, World};
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

use door::{DATAVERSE, GRAPH, ask, get, token};

async fn read(emulator: &Emulator, resource: &str, path: &str) -> Value {
    let token = token(emulator, &World::built_in("ready").unwrap(), resource).await;
    let (status, body) = get(emulator, &token, &format!("{resource}{path}")).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// Whether the plan of the service account's licence is provisioned.
async fn is_provisioned(emulator: &Emulator) -> bool {
    let path = "/v1.0/users/svc-work365@contoso.onmicrosoft.com/licenseDetails";
    let details = read(emulator, GRAPH, path).await;
    let plans = details["value"][0]["servicePlans"].as_array().unwrap().clone();
    let plan = plans
        .iter()
        .find(|plan| plan["servicePlanName"] == "DYN365_ENTERPRISE_SALES");
    plan.unwrap()["provisioningStatus"] == "Success"
}

/// Names of the roles of the service account; `None` while the environment does not know it.
async fn roles(emulator: &Emulator) -> Option<Vec<String>> {
    let path = "/api/data/v9.2/systemusers?$select=fullname&$filter=domainname%20eq%20\
                'svc-work365@contoso.onmicrosoft.com'&$expand=systemuserroles_association($select=name)";
    let users = read(emulator, DATAVERSE, path).await;
    let user = users["value"].get(0)?;
    let roles = user["systemuserroles_association"].as_array().unwrap();
    Some(
        roles
            .iter()
            .map(|role| role["name"].as_str().unwrap().to_owned())
            .collect(),
    )
}

fn advance_to(emulator: &Emulator, time: &str) {
    let time: Timestamp = format!("2026-11-23T{time}Z").parse().unwrap();
    emulator.clock().advance(time.duration_since(emulator.clock().now()));
}

fn emulator(world: &str) -> Emulator {
    Emulator::from_world(&World::built_in(world).unwrap())
}

#[tokio::test]
async fn a_licence_is_provisioned_ten_minutes_later() {
    let emulator = emulator("pending-licence");
    for (time, provisioned) in [
        ("09:00:00", false),
        ("09:09:59.9", false),
        ("09:10:00", true),
        ("23:00:00", true),
    ] {
        advance_to(&emulator, time);
        assert_eq!(is_provisioned(&emulator).await, provisioned, "{time}");
    }
}

#[tokio::test]
async fn a_user_appears_in_dataverse_when_the_change_has_spread() {
    for (world, before, at) in [
        ("user-not-yet-synced", "09:11:59", "09:12:00"),
        ("slow-propagation", "09:14:59", "09:15:00"),
    ] {
        let emulator = emulator(world);
        advance_to(&emulator, before);
        assert_eq!(roles(&emulator).await, None, "{world} at {before}");
        advance_to(&emulator, at);
        let given = roles(&emulator).await.unwrap();
        assert_eq!(given, ["Basic User", "Work 365 Service"], "{world} at {at}");
    }
}

#[tokio::test]
async fn a_kept_tenant_changes_at_the_same_times_and_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let again = |emulator: Emulator| {
        emulator.save(folder.path()).unwrap();
        Emulator::load(folder.path()).unwrap().unwrap()
    };
    let mut emulator = emulator("pending-licence");
    for (time, provisioned) in [("09:00:00", false), ("09:09:59", false), ("09:10:00", true)] {
        advance_to(&emulator, time);
        emulator = again(emulator);
        assert_eq!(is_provisioned(&emulator).await, provisioned, "{time}");
    }
    // Whoever takes the plan away afterwards is not overruled by the change that was made.
    emulator.write(|state| {
        let id = "5e121ce0-0000-4000-8000-000000000002";
        let details = state
            .directory
            .find_mut("licenseDetails", "_emulator_userId", id)
            .unwrap();
        for plan in details["servicePlans"].as_array_mut().unwrap() {
            plan["provisioningStatus"] = json!("Disabled");
        }
    });
    emulator = again(emulator);
    advance_to(&emulator, "09:30:00");
    assert!(!is_provisioned(&emulator).await);
}

#[tokio::test]
async fn the_control_port_moves_time_and_shows_what_stands_then() {
    let emulator = emulator("user-not-yet-synced");
    let control = async |method: &str, path: &str, body: &str| {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://localhost/_emulator/{path}"));
        let (status, answer) = ask(&emulator, request.body(Body::from(body.to_owned())).unwrap()).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    };
    let users = async || {
        let state = control("GET", "state", "").await;
        assert!(state.get("later").is_none(), "what comes may hold secrets");
        state["environments"][0]["tables"]["sets"]["systemusers"]
            .as_array()
            .unwrap()
            .len()
    };
    let slow = json!([{"kind": "propagation", "seconds": 60}]);
    assert_eq!(users().await, 3);
    control("POST", "faults", &slow.to_string()).await;
    control("POST", "clock/advance", r#"{"seconds": 779}"#).await;
    assert_eq!(users().await, 3);
    control("POST", "clock/advance", r#"{"seconds": 1}"#).await;
    assert_eq!(users().await, 4);
}
