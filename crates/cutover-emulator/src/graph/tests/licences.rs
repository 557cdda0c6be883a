//! Licences: seats, ways of holding, all or nothing.

use super::*;

fn assign(emulator: &Emulator, whom: &str, add: Value, remove: Value) -> (u16, Value) {
    let body = json!({"addLicenses": add, "removeLicenses": remove});
    send(emulator, Method::POST, &format!("/v1.0/{whom}/assignLicense"), &body)
}

fn user(emulator: &Emulator, id: &str) -> Value {
    let select = "assignedLicenses,assignedPlans,licenseAssignmentStates";
    get(emulator, &format!("/v1.0/users/{id}?$select={select}")).1
}

fn consumed(emulator: &Emulator, sku: &str) -> i64 {
    let (_, skus) = get(emulator, "/v1.0/subscribedSkus");
    let skus = skus["value"].as_array().unwrap();
    skus.iter().find(|row| row["skuId"] == sku).unwrap()["consumedUnits"]
        .as_i64()
        .unwrap()
}

fn details(emulator: &Emulator, id: &str) -> Value {
    get(emulator, &format!("/v1.0/users/{id}/licenseDetails")).1
}

#[test]
fn a_seat_is_taken_and_given_back() {
    let emulator = writable(Premium::P2);
    let carla = format!("users/{CARLA}");
    let add = json!([{"skuId": SKU, "disabledPlans": [SECOND_PLAN]}]);
    let (status, answer) = assign(&emulator, &carla, add, json!([]));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer["assignedLicenses"],
        json!([{"skuId": SKU, "disabledPlans": [SECOND_PLAN]}])
    );
    let state = &user(&emulator, CARLA)["licenseAssignmentStates"][0];
    assert_eq!(
        (&state["assignedByGroup"], &state["state"]),
        (&Value::Null, &json!("Active"))
    );
    let plans = &details(&emulator, CARLA)["value"][0]["servicePlans"];
    assert_eq!(
        (&plans[0]["provisioningStatus"], &plans[1]["provisioningStatus"]),
        (&json!("Success"), &json!("Disabled"))
    );
    let assigned = user(&emulator, CARLA)["assignedPlans"].clone();
    assert_eq!(assigned[0]["capabilityStatus"], json!("Enabled"));
    assert_eq!(assigned[1]["capabilityStatus"], json!("Deleted"));
    assert_eq!(consumed(&emulator, SKU), 5);

    // The same again changes the plans and takes no second seat.
    assert_eq!(assign(&emulator, &carla, json!([{"skuId": SKU}]), json!([])).0, 200);
    assert_eq!(consumed(&emulator, SKU), 5);
    let plans = &details(&emulator, CARLA)["value"][0]["servicePlans"];
    assert_eq!(plans[1]["provisioningStatus"], json!("Success"));

    let (status, answer) = assign(&emulator, &format!("users/{BRIAN}"), json!([{"skuId": SKU}]), json!([]));
    assert_eq!(
        (status, message(&answer)),
        (
            400,
            "License assignment cannot be done for user with invalid usage location."
        )
    );
    let (status, answer) = assign(&emulator, &format!("users/{ADELE}"), json!([{"skuId": SKU}]), json!([]));
    assert_eq!(status, 400);
    assert_eq!(
        message(&answer),
        format!("Subscription with SKU {SKU} does not have any available licenses.")
    );

    assert_eq!(assign(&emulator, &carla, json!([]), json!([SKU])).0, 200);
    assert_eq!(
        (consumed(&emulator, SKU), details(&emulator, CARLA)["value"].clone()),
        (4, json!([]))
    );
    assert_eq!(user(&emulator, CARLA)["assignedLicenses"], json!([]));
    assert_eq!(
        user(&emulator, CARLA)["assignedPlans"][0]["capabilityStatus"],
        json!("Deleted")
    );
    let (status, answer) = assign(&emulator, &carla, json!([]), json!([SKU]));
    assert_eq!(
        (status, message(&answer)),
        (400, "User does not have a corresponding license.")
    );
    assert_eq!(
        assign(&emulator, &format!("users/{ADELE}"), json!([{"skuId": SKU}]), json!([])).0,
        200
    );
}

#[test]
fn a_call_does_everything_or_nothing() {
    let emulator = writable(Premium::P2);
    let carla = format!("users/{CARLA}");
    assert_eq!(
        assign(&emulator, &carla, json!([{"skuId": SPARE_SKU}]), json!([])).0,
        200
    );
    let before = emulator.read(Clone::clone);
    let unknown = "66666666-0000-4000-8000-0000000000ff";
    for (add, remove, status) in [
        (json!([{"skuId": SKU}, {"skuId": unknown}]), json!([]), 404),
        (json!([{"skuId": SKU}]), json!([unknown]), 400),
        (
            json!([{"skuId": SKU, "disabledPlans": [unknown]}]),
            json!([SPARE_SKU]),
            400,
        ),
        (json!([{"skuId": "no guid"}]), json!([]), 400),
        (json!([{"disabledPlans": []}]), json!([]), 400),
        (json!([{"skuId": SKU, "plans": []}]), json!([]), 400),
        (json!([]), Value::Null, 400),
        (Value::Null, json!([]), 400),
        (json!("all"), json!([]), 400),
    ] {
        let (got, answer) = assign(&emulator, &carla, add.clone(), remove);
        assert_eq!(got, status, "{add}: {answer}");
        assert_eq!(emulator.read(Clone::clone), before, "{add}");
    }
    let target = format!("/v1.0/{carla}/assignLicense");
    let (_, answer) = send(&emulator, Method::POST, &target, &json!({"addLicenses": []}));
    assert!(
        message(&answer).contains("missing parameters are: removeLicenses"),
        "{answer}"
    );
    // A swap is one call.
    assert_eq!(
        assign(&emulator, &carla, json!([{"skuId": SKU}]), json!([SPARE_SKU])).0,
        200
    );
    assert_eq!((consumed(&emulator, SKU), consumed(&emulator, SPARE_SKU)), (5, 0));
    assert_eq!(
        send(&emulator, Method::DELETE, &format!("/v1.0/{carla}"), &Value::Null).0,
        204
    );
    assert_eq!(consumed(&emulator, SKU), 4, "who is deleted gives the seat back");
}

#[test]
fn members_of_a_group_inherit_while_they_are_members() {
    let emulator = writable(Premium::P2);
    let staff = format!("groups/{STAFF}");
    let (status, answer) = assign(&emulator, &staff, json!([{"skuId": SKU}]), json!([]));
    assert_eq!(status, 202, "{answer}");
    let state = user(&emulator, CARLA)["licenseAssignmentStates"][0].clone();
    assert_eq!(
        (&state["assignedByGroup"], &state["state"]),
        (&json!(STAFF), &json!("Active"))
    );
    assert_eq!(consumed(&emulator, SKU), 5);
    let carla = format!("users/{CARLA}");
    let (status, answer) = assign(&emulator, &carla, json!([]), json!([SKU]));
    assert_eq!(status, 400);
    assert_eq!(
        message(&answer),
        "User license is inherited from a group membership and it cannot be removed directly from the user."
    );
    // Held in two ways, counted once; taken away directly, still inherited.
    assert_eq!(assign(&emulator, &carla, json!([{"skuId": SKU}]), json!([])).0, 200);
    assert_eq!(
        user(&emulator, CARLA)["licenseAssignmentStates"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(assign(&emulator, &carla, json!([]), json!([SKU])).0, 200);
    assert_eq!(
        (
            consumed(&emulator, SKU),
            details(&emulator, CARLA)["value"].as_array().unwrap().len()
        ),
        (5, 1)
    );

    // Who joins without a free seat inherits in error, until there is one.
    let link = |user: &str| json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/users/{user}")});
    assert_eq!(
        send(
            &emulator,
            Method::POST,
            &format!("/v1.0/{staff}/members/$ref"),
            &link(BRIAN)
        )
        .0,
        204
    );
    let state = user(&emulator, BRIAN)["licenseAssignmentStates"][0].clone();
    assert_eq!(
        (&state["state"], &state["error"]),
        (&json!("Error"), &json!("CountViolation"))
    );
    assert_eq!(details(&emulator, BRIAN)["value"], json!([]));
    assert_eq!(
        send(
            &emulator,
            Method::DELETE,
            &format!("/v1.0/{staff}/members/{CARLA}/$ref"),
            &Value::Null
        )
        .0,
        204
    );
    assert_eq!(user(&emulator, CARLA)["assignedLicenses"], json!([]));
    assert_eq!(consumed(&emulator, SKU), 4);
    let reprocess = format!("/v1.0/users/{BRIAN}/reprocessLicenseAssignment");
    assert_eq!(send(&emulator, Method::POST, &reprocess, &Value::Null).0, 200);
    assert_eq!(
        user(&emulator, BRIAN)["licenseAssignmentStates"][0]["state"],
        json!("Active")
    );
    assert_eq!(consumed(&emulator, SKU), 5);
    assert_eq!(assign(&emulator, &staff, json!([]), json!([SKU])).0, 202);
    assert_eq!(
        (
            consumed(&emulator, SKU),
            user(&emulator, BRIAN)["assignedLicenses"].clone()
        ),
        (4, json!([]))
    );
    assert_eq!(assign(&emulator, &staff, json!([]), json!([SKU])).0, 400);
}
