//! Writes and the reads that see them later.

use jiff::SignedDuration;

use super::*;
use crate::faults::{Fault, FaultKind};

#[test]
fn reads_lag_behind_writes_and_writes_do_not() {
    let emulator = writable(Premium::P2);
    emulator.faults().add(Fault {
        seconds: 60,
        ..Fault::of(FaultKind::Propagation)
    });
    let links = format!("/v1.0/groups/{STAFF}/members/$ref");
    let link = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{BRIAN}")});
    let members = |emulator: &Emulator| {
        let call = eventual(call(
            emulator,
            Method::GET,
            &format!("/v1.0/groups/{STAFF}/members"),
            ALL,
        ));
        // The emulator makes what is due before each answer.
        column(&body(&emulator.answer(&call)), "/id").len()
    };
    assert_eq!(send(&emulator, Method::POST, &links, &link).0, 204);
    assert_eq!(members(&emulator), 2, "not seen yet");
    assert_eq!(send(&emulator, Method::POST, &links, &link).0, 400, "but there");
    let created = send(
        &emulator,
        Method::POST,
        "/v1.0/applications",
        &json!({"displayName": "A"}),
    );
    let target = format!("/v1.0/applications/{}", created.1["id"].as_str().unwrap());
    let read = |emulator: &Emulator| {
        emulator
            .answer(&call(emulator, Method::GET, &target, ALL))
            .status
            .as_u16()
    };
    assert_eq!((created.0, read(&emulator)), (201, 404), "404 after 201");
    assert_eq!(
        send(&emulator, Method::PATCH, &target, &json!({"displayName": "B"})).0,
        204
    );
    emulator.clock().advance(SignedDuration::from_secs(60));
    assert_eq!((members(&emulator), read(&emulator)), (3, 200));
    let (_, application) = get(&emulator, &target);
    assert_eq!(application["displayName"], json!("B"));
    assert!(emulator.read(|state| state.later.is_empty()));
}

#[test]
fn parts_of_a_batch_write_in_order_and_stop_after_a_failure() {
    let emulator = writable(Premium::P2);
    let requests = json!({"requests": [
        {"id": "1", "method": "GET", "url": format!("/v1.0/users/{CARLA}?$select=usageLocation")},
        {"id": "2", "method": "PATCH", "url": format!("users/{CARLA}"), "headers": {"content-type": "application/json"},
         "body": {"usageLocation": "US"}, "dependsOn": ["1"]},
        {"id": "3", "method": "GET", "url": format!("https://graph.microsoft.com/v1.0/users/{CARLA}?%24select=usageLocation"),
         "dependsOn": ["2"]},
        {"id": "4", "method": "PATCH", "url": format!("/users/{CARLA}"), "body": {"nonsense": 1}, "dependsOn": ["3"]},
        {"id": "5", "method": "DELETE", "url": format!("/users/{CARLA}"), "dependsOn": ["4"]},
        {"id": "6", "method": "GET", "url": "/beta/users"},
    ]});
    let (status, answer) = send(&emulator, Method::POST, "/v1.0/$batch", &requests);
    assert_eq!(status, 200, "{answer}");
    let part = |id: &str| {
        let parts = answer["responses"].as_array().unwrap();
        parts.iter().find(|part| part["id"] == id).unwrap().clone()
    };
    let statuses = ["1", "2", "3", "4", "5", "6"].map(|id| part(id)["status"].as_u64().unwrap());
    assert_eq!(statuses, [200, 204, 200, 400, 424, 400]);
    assert_eq!(part("1")["body"]["usageLocation"], json!("DE"));
    assert_eq!(part("3")["body"]["usageLocation"], json!("US"));
    assert_eq!(
        get(&emulator, &format!("/v1.0/users/{CARLA}")).0,
        200,
        "what depended was not done"
    );
}

#[test]
fn what_is_refused_changes_nothing_and_new_ids_never_meet_old_ones() {
    let emulator = writable(Premium::P2);
    let register = |emulator: &Emulator| {
        send(
            emulator,
            Method::POST,
            "/v1.0/applications",
            &json!({"displayName": "A"}),
        )
        .1
    };
    let first = register(&emulator);
    // A process that goes on with a stored state counts its requests from the start.
    let resumed = Emulator::new(emulator.read(Clone::clone), Clock::standing(emulator.clock().now()));
    let second = register(&resumed);
    assert_ne!(first["id"], second["id"]);
    assert_ne!(first["appId"], second["appId"]);
    let before = resumed.read(Clone::clone);
    let (status, _) = send_with(
        &resumed,
        Method::POST,
        "/v1.0/applications",
        &json!({"displayName": "A"}),
        ALL,
    );
    assert_eq!(status, 403);
    assert_eq!(resumed.read(Clone::clone), before);
}
