//! Ties between rows.

use super::*;

const ACCOUNT: &str = "183a1c2c-6c8f-4d4e-9b2b-2a4f485d6c7b";
const CONTACT: &str = "0d2f6c1a-5b7e-4c3d-9a10-1f2e3d4c5b60";

#[test]
fn rows_are_tied_and_parted_in_every_spelling() {
    let bodies = [
        format!(r#"{{"@odata.id":"{URL}/api/data/v9.2/roles({READER_ROLE})"}}"#),
        format!(r#"{{"@odata.id": "https://localhost/api/data/v9.0/roles({READER_ROLE})"}}"#),
        format!(r#"{{"@odata.id":"/api/data/v9.2/roles({READER_ROLE})"}}"#),
        format!(r#"{{"@odata.id":"roles({READER_ROLE})","@odata.context":"x"}}"#),
    ];
    let user = format!("systemusers({})", user_id(0));
    let role = format!("roles({READER_ROLE})");
    let parted = [
        format!("{user}/systemuserroles_association({READER_ROLE})/$ref"),
        format!("{user}/systemuserroles_association/$ref?$id={URL}/api/data/v9.2/{role}"),
        format!("{user}/systemuserroles_association/$ref?$id=%2Fapi%2Fdata%2Fv9.2%2F{role}"),
        format!("{role}/systemuserroles_association({})/$ref", user_id(0)),
    ];
    let emulator = emulator();
    let held = |emulator: &Emulator| {
        let reply = send(
            emulator,
            &user_token(emulator, 0),
            &format!("{user}/systemuserroles_association?$select=name"),
            &[],
        );
        column(&reply, "name").contains(&"Reader".to_owned())
    };
    for (body, parted) in bodies.iter().zip(&parted) {
        let tie = format!("{user}/systemuserroles_association/$ref");
        steps(
            &emulator,
            &[("POST", &tie, body, "204"), ("POST", &tie, body, "412 0x80040237")],
        );
        assert!(held(&emulator), "{body}");
        steps(
            &emulator,
            &[("DELETE", parted, "", "204"), ("DELETE", parted, "", "404 0x80040217")],
        );
        assert!(!held(&emulator), "{parted}");
    }
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    let emulator = emulator();
    let tie = format!("systemusers({})/systemuserroles_association/$ref", user_id(0));
    let to = |address: &str| format!(r#"{{"@odata.id":"{address}"}}"#);
    steps(
        &emulator,
        &[
            ("POST", &tie, "{}", "400 0x80060888"),
            ("POST", &tie, "", "400 0x80048d19"),
            ("POST", &tie, &to("roles"), "400 0x80060888"),
            ("POST", &tie, &to(&format!("teams({TEAM})")), "400 0x80060888"),
            ("POST", &tie, &to(&format!("leads({TEAM})")), "501 0x80004001"),
            ("POST", &tie, &to(&format!("roles({TEAM})")), "404 0x80040217"),
            (
                "POST",
                &tie,
                &to(&format!("https://evil.example/api/data/v9.2/roles({READER_ROLE})")),
                "400 0x80060888",
            ),
            (
                "POST",
                &tie,
                &to(&format!("roles({READER_ROLE})?$select=name")),
                "400 0x80060888",
            ),
            (
                "POST",
                &tie.replace("systemuserroles", "nope"),
                &to("x"),
                "404 0x8006088a",
            ),
            ("PUT", &tie, &to(&format!("roles({READER_ROLE})")), "405 0x80060888"),
            ("DELETE", &tie, "", "400 0x80060888"),
            ("POST", &tie.replace("e0)", "e9)"), &to("x"), "404 0x80040217"),
        ],
    );
}

#[test]
fn lookups_and_their_collections_are_two_ends_of_one_tie() {
    let emulator = emulator();
    let account = format!("accounts({ACCOUNT})");
    let contact = format!("contacts({CONTACT})");
    steps(
        &emulator,
        &[
            ("PATCH", &account, r#"{"name":"a"}"#, "204"),
            ("PATCH", &contact, r#"{"lastname":"c"}"#, "204"),
        ],
    );
    let to = |address: &str| format!(r#"{{"@odata.id":"{address}"}}"#);
    let primary = format!("{account}/primarycontactid/$ref");
    let customers = format!("{account}/contact_customer_accounts");
    let read = |target: &str| send(&emulator, &user_token(&emulator, 0), target, &[]);
    steps(&emulator, &[("PUT", &primary, &to(&contact), "204")]);
    assert_eq!(
        body(&read(&format!("{account}/primarycontactid")))["contactid"],
        CONTACT
    );
    steps(
        &emulator,
        &[
            ("PUT", &primary, &to(&account), "400 0x80060888"),
            ("POST", &primary, &to(&contact), "405 0x80060888"),
            ("DELETE", &primary, "", "204"),
        ],
    );
    assert_eq!(read(&format!("{account}/primarycontactid")).status, 204);
    steps(
        &emulator,
        &[("POST", &format!("{customers}/$ref"), &to(&contact), "204")],
    );
    assert_eq!(column(&read(&customers), "lastname"), ["c"]);
    let from_below = format!("{contact}/parentcustomerid_account/$ref");
    steps(&emulator, &[("DELETE", &from_below, "", "204")]);
    assert_eq!(column(&read(&customers), "lastname"), Vec::<String>::new());
    let part = format!("{customers}({CONTACT})/$ref");
    steps(
        &emulator,
        &[
            ("DELETE", &part, "", "404 0x80040217"),
            ("POST", &format!("{customers}/$ref"), &to(&contact), "204"),
            ("DELETE", &part, "", "204"),
        ],
    );
    let unit = format!("businessunits({SALES})/business_unit_system_users/$ref");
    let user = to(&format!("systemusers({})", user_id(0)));
    steps(&emulator, &[("POST", &unit, &user, "501 0x80004001")]);
}
