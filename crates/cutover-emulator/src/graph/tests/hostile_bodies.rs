//! Bodies that nobody should send.

use super::writes::{ready_for_writes, written};
use super::*;
use crate::graph::operations;

/// Every place of a body, as JSON pointers.
fn places(body: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match body {
        Value::Object(inside) => {
            for (name, value) in inside {
                places(
                    value,
                    &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_place_of_every_body_takes_anything_calmly() {
    let emulator = ready_for_writes();
    let initial = emulator.read(Clone::clone);
    let values = [
        json!(null),
        json!(-9_223_372_036_854_775_808_i64),
        json!("\u{202e}\u{0}é'\"\\../"),
        json!([[], {}, null, "x"]),
        json!({"": {"@odata.type": "#microsoft.graph.nonsense"}}),
        json!("P99999999999Y"),
    ];
    let mut sent = 0;
    for operation in operations() {
        let Some((address, body)) = written(operation.method, operation.path) else {
            continue;
        };
        let version = if operation.service == "Graph beta" {
            "beta"
        } else {
            "v1.0"
        };
        let method: Method = operation.method.parse().expect("a method");
        let mut found = Vec::new();
        places(&body, "", &mut found);
        for place in &found {
            for value in &values {
                let mut hostile = body.clone();
                *hostile.pointer_mut(place).expect("a place of its own") = value.clone();
                emulator.write(|state| state.clone_from(&initial));
                let (status, answer) = send(&emulator, method.clone(), &format!("/{version}{address}"), &hostile);
                let calm = matches!(status, 200 | 201 | 202 | 204 | 400 | 403 | 404 | 409 | 501);
                assert!(calm, "{method} {address} {hostile}: {status} {answer}");
                sent += 1;
            }
        }
    }
    assert!(sent > 400, "{sent}");
    // Times beyond the end of time, and what is no JSON at all.
    let far = json!({
        "action": "adminAssign", "principalId": CARLA, "roleDefinitionId": DYNAMICS_ADMINISTRATOR, "directoryScopeId": "/",
        "scheduleInfo": {"startDateTime": "9999-12-31T23:59:59Z", "expiration": {"type": "afterDuration", "duration": "P9999Y"}},
    });
    let requests = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests";
    assert_eq!(send(&emulator, Method::POST, requests, &far).0, 400);
    for raw in ["", "{", "[]", "null", "\u{feff}{}", &"[".repeat(10_000)] {
        let call = call(&emulator, Method::POST, "/v1.0/applications", WRITES).with_body(raw.to_owned());
        assert_eq!(
            crate::graph::answer(&emulator, &call).status.as_u16(),
            400,
            "{:.10}",
            raw
        );
    }
}
