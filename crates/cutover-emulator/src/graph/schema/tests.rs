//! Bodies read as their types.

use super::*;

fn object(value: Value) -> Row {
    value.as_object().cloned().unwrap()
}

#[test]
fn every_type_that_is_named_is_there() {
    let edm = [
        "String",
        "Boolean",
        "Int32",
        "Guid",
        "DateTimeOffset",
        "Date",
        "Duration",
        "Binary",
        "Untyped",
    ];
    for (name, _) in TYPES {
        for (property, declared) in properties(name) {
            let known = edm.contains(&declared.name)
                || is_structured(declared.name)
                || ENUMS.iter().any(|(known, _)| *known == declared.name);
            assert!(known, "{name}.{property} is a {}", declared.name);
        }
    }
}

#[test]
fn values_are_read_as_their_types_and_spellings_put_right() {
    let read = |name, value| super::read(name, &object(value));
    for (name, given, wanted) in [
        ("user", json!({"UsageLocation": "DE"}), json!({"usageLocation": "DE"})),
        (
            "user",
            json!({"mail": null, "@odata.type": "#microsoft.graph.user"}),
            json!({"mail": null, "@odata.type": "#microsoft.graph.user"}),
        ),
        ("user", json!({"extension_1_x": 4}), json!({"extension_1_x": 4})),
        (
            "requestSchedule",
            json!({"startDateTime": "2022-04-10T00:00:00Z", "expiration": {"type": "AfterDuration", "duration": "PT5H"}}),
            json!({"startDateTime": "2022-04-10T00:00:00Z", "expiration": {"type": "afterDuration", "duration": "PT5H"}}),
        ),
        (
            "conditionalAccessAuthenticationFlows",
            json!({"transferMethods": "DeviceCodeFlow, authenticationTransfer"}),
            json!({"transferMethods": "deviceCodeFlow,authenticationTransfer"}),
        ),
        (
            "conditionalAccessGuestsOrExternalUsers",
            json!({"externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "members": ["a"]}}),
            json!({"externalTenants": {"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "members": ["a"]}}),
        ),
    ] {
        assert_eq!(read(name, given).map(Value::Object), Ok(wanted));
    }
    for (name, given, property) in [
        ("user", json!({"nonsense": 1}), "nonsense"),
        ("user", json!({"_emulator_x": 1}), "_emulator_x"),
        ("user", json!({"accountEnabled": "true"}), "accountEnabled"),
        ("user", json!({"businessPhones": "1"}), "businessPhones"),
        ("user", json!({"businessPhones": [null]}), "businessPhones"),
        ("assignedLicense", json!({"skuId": "no guid"}), "skuId"),
        ("signInFrequencySessionControl", json!({"value": 1.5}), "value"),
        (
            "signInFrequencySessionControl",
            json!({"value": 9_999_999_999_i64}),
            "value",
        ),
        ("conditionalAccessPolicy", json!({"state": "on"}), "state"),
        ("conditionalAccessPolicy", json!({"state": "enabled,disabled"}), "state"),
        ("conditionalAccessPolicy", json!({"conditions": []}), "conditions"),
        (
            "conditionalAccessPolicy",
            json!({"conditions": {"users": {"who": []}}}),
            "who",
        ),
        ("expirationPattern", json!({"duration": "4 hours"}), "duration"),
        (
            "requestSchedule",
            json!({"startDateTime": "yesterday"}),
            "startDateTime",
        ),
        ("conditionalAccessExternalTenants", json!({"members": []}), "members"),
    ] {
        let (Mismatch::Unknown { property: found } | Mismatch::Value { property: found, .. }) =
            read(name, given).unwrap_err();
        assert_eq!(found, property);
    }
}

#[test]
fn merging_keeps_what_was_not_sent_and_replaces_collections() {
    let mut there = object(json!({"a": {"x": 1, "list": [1, 2]}, "b": 2}));
    merge(&mut there, object(json!({"a": {"list": [3]}, "c": null})));
    assert_eq!(
        Value::Object(there),
        json!({"a": {"x": 1, "list": [3]}, "b": 2, "c": null})
    );
}

#[test]
fn completing_fills_objects_inside_as_well() {
    let mut row = object(json!({"users": {"includeUsers": ["All"]}}));
    complete("conditionalAccessConditionSet", &mut row);
    assert_eq!(row["users"]["excludeGroups"], json!([]));
    assert_eq!(row["users"]["excludeGuestsOrExternalUsers"], Value::Null);
    assert_eq!((&row["platforms"], &row["userRiskLevels"]), (&Value::Null, &json!([])));
}
