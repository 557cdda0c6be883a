//! Billing contracts: three flags that somebody finds by what they are called.

use super::*;

#[test]
fn the_flags_are_found_by_their_names_and_changed_all_at_once() {
    let emulator = world("");
    let tables = read(
        &emulator,
        "EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName&$filter=LogicalName eq 'work365_billingcontract'",
    );
    let table = &tables["value"][0];
    assert_eq!(
        (
            &table["DisplayName"]["UserLocalizedLabel"]["Label"],
            &table["EntitySetName"]
        ),
        (&json!("Billing Contract"), &json!("work365_billingcontracts"))
    );
    let columns = read(
        &emulator,
        "EntityDefinitions(LogicalName='work365_billingcontract')/Attributes?$select=LogicalName,DisplayName,AttributeType",
    );
    let flags: Vec<(String, String)> = columns["value"]
        .as_array()
        .expect("columns")
        .iter()
        .filter(|column| column["AttributeType"] == "Boolean")
        .map(|column| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (
                text(&column["DisplayName"]["UserLocalizedLabel"]["Label"]),
                text(&column["LogicalName"]),
            )
        })
        .collect();
    let names: Vec<&str> = flags.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Auto Charge", "Auto Send", "Auto Sync"]);
    let rows = read(&emulator, "work365_billingcontracts?$orderby=work365_name");
    let rows = rows["value"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    let off = |rows: &[Value]| {
        let values = rows
            .iter()
            .flat_map(|row| flags.iter().map(move |(_, flag)| row[flag] == false));
        values.filter(|off| *off).count()
    };
    assert_eq!(off(rows), 1, "one is off already");

    let all_off: serde_json::Map<_, _> = flags.iter().map(|(_, flag)| (flag.clone(), json!(false))).collect();
    let change_set = |ids: &[&str]| {
        let parts = ids.iter().enumerate().map(|(at, id)| {
            format!(
                "--changeset_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: \
                 {}\r\n\r\nPATCH /api/data/v9.2/work365_billingcontracts({id}) HTTP/1.1\r\nContent-Type: \
                 application/json\r\nIf-Match: *\r\n\r\n{}\r\n",
                at + 1,
                Value::Object(all_off.clone())
            )
        });
        format!(
            "--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_1\r\n\r\n{}--changeset_1--\r\n--batch_1--\r\n",
            parts.collect::<String>()
        )
    };
    let batch = |ids: &[&str]| {
        let headers = [("content-type", "multipart/mixed; boundary=batch_1")];
        let token = owner(&emulator);
        request(&emulator, &token, &Method::POST, "$batch", &headers, &change_set(ids))
    };
    let ids: Vec<&str> = rows
        .iter()
        .map(|row| row["work365_billingcontractid"].as_str().expect("an id"))
        .collect();
    let left = |emulator: &Emulator| {
        let rows = read(emulator, "work365_billingcontracts");
        off(rows["value"].as_array().expect("rows"))
    };
    let refused = batch(&[ids[0], TEAM]);
    assert!(said(&refused).contains("404"), "{}", said(&refused));
    assert_eq!(left(&emulator), 1, "one that is not there spoils the whole set");
    let done = batch(&ids);
    assert_eq!(said(&done).matches("HTTP/1.1 204").count(), 3, "{}", said(&done));
    assert_eq!(left(&emulator), 9);
    let holdings = emulator.holdings();
    let told = holdings
        .get("contoso.crm4.dynamics.com/work365_billingcontract/Fabrikam monthly")
        .expect("it is told");
    let mut expected = json!(all_off);
    expected["statecode"] = json!(0);
    assert_eq!(told, &expected);
}

#[test]
fn who_holds_no_right_changes_no_contract() {
    let emulator = world("");
    let reader = testing::application(&emulator, "c07e7000-0000-4000-8000-00000000000a", "sp", URL, &[]);
    let rows = send(&emulator, &reader, "work365_billingcontracts", &[]);
    let id = body(&rows)["value"][0]["work365_billingcontractid"].clone();
    let target = format!("work365_billingcontracts({})", id.as_str().expect("an id"));
    let sent = r#"{"work365_billingcontract_autosend":false}"#;
    let refused = request(&emulator, &reader, &Method::PATCH, &target, &[], sent);
    assert_eq!(outcome(&refused), "403 0x80040220");
    let service = testing::user(
        &emulator,
        "5e121ce0-0000-4000-8000-000000000002",
        "svc-work365@contoso.onmicrosoft.com",
        URL,
        "user_impersonation",
    );
    let done = request(&emulator, &service, &Method::PATCH, &target, &[], sent);
    assert_eq!(outcome(&done), "204", "{}", said(&done));
}
