//! Rows that come, change and go.

use super::*;

const W365: &str = "183a1c2c-6c8f-4d4e-9b2b-2a4f485d6c7b";

fn ask(emulator: &Emulator, target: &str) -> Value {
    body(&send(emulator, &user_token(emulator, 0), target, &[]))
}

#[test]
fn a_new_row_is_answered_by_its_address_or_by_itself() {
    let emulator = emulator();
    let token = user_token(&emulator, 0);
    let made = request(
        &emulator,
        &token,
        &Method::POST,
        "accounts",
        &[],
        r#"{"name":"Fabrikam"}"#,
    );
    assert_eq!((made.status.as_u16(), made.body.len()), (204, 0));
    let url = made.headers["odata-entityid"].to_str().expect("text").to_owned();
    assert_eq!(made.headers["location"], url);
    let id = url
        .strip_prefix(&format!("{URL}/api/data/v9.2/accounts("))
        .and_then(|rest| rest.strip_suffix(')'))
        .expect("an address");
    let row = ask(&emulator, &format!("accounts({id})"));
    for (column, value) in [
        ("name", json!("Fabrikam")),
        ("statecode", json!(0)),
        ("statuscode", json!(1)),
        ("_ownerid_value", json!(user_id(0))),
        ("_owninguser_value", json!(user_id(0))),
        ("_owningbusinessunit_value", json!(ROOT)),
        ("_createdby_value", json!(user_id(0))),
        ("createdon", json!("2026-03-01T08:00:00Z")),
        ("versionnumber", json!(105)),
        ("description", Value::Null),
    ] {
        assert_eq!(row[column], value, "{column}");
    }
    let shown = request(
        &emulator,
        &token,
        &Method::POST,
        "accounts?$select=name,numberofemployees",
        &[("Prefer", "return=representation")],
        &format!(r#"{{"accountid":"{W365}","name":"W365","numberofemployees":"200","createdon":"2020-01-01"}}"#),
    );
    assert_eq!(shown.status, 201);
    assert_eq!(shown.headers["preference-applied"], "return=representation");
    assert_eq!(
        body(&shown),
        json!({
            "@odata.context": format!("{URL}/api/data/v9.2/$metadata#accounts(name,numberofemployees)/$entity"),
            "@odata.etag": "W/\"106\"", "name": "W365", "numberofemployees": 200, "accountid": W365,
        })
    );
    let twice = request(
        &emulator,
        &token,
        &Method::POST,
        "accounts",
        &[],
        &format!(r#"{{"accountid":"{W365}"}}"#),
    );
    assert_eq!(code(&twice), "412 0x80040237");
    let before = ask(&emulator, "accounts/$count");
    let refused = request(
        &emulator,
        &token,
        &Method::POST,
        "accounts?$select=nope",
        &[("Prefer", "return=representation")],
        "{}",
    );
    assert_eq!(code(&refused), "400 0x80060888");
    assert_eq!(ask(&emulator, "accounts/$count"), before, "what is refused is not done");
}

#[test]
fn bodies_are_judged_by_what_the_columns_are() {
    for (target, sent, wanted, named) in [
        ("accounts", "", "400 0x80048d19", "Entity :'accounts'"),
        ("accounts", "[]", "400 0x80048d19", "JSON object"),
        ("accounts", r#"{"Name":"x"}"#, "400 0x0", "Invalid property 'Name'"),
        ("accounts", r#"{"name":1}"#, "400 0x80048d19", "Edm.String"),
        ("accounts", r#"{"creditonhold":"no"}"#, "400 0x80048d19", "Edm.Boolean"),
        (
            "accounts",
            r#"{"accountcategorycode":9}"#,
            "400 0x8004431a",
            "Accepted Values: 1,2",
        ),
        (
            "accounts",
            r#"{"_primarycontactid_value":"x"}"#,
            "400 0x80060888",
            "Navigation properties",
        ),
        (
            "accounts",
            r#"{"primarycontactid":{"lastname":"x"}}"#,
            "501 0x80004001",
            "related rows",
        ),
        (
            "accounts",
            r#"{"nope@odata.bind":"contacts(1)"}"#,
            "400 0x80048d19",
            "undeclared property 'nope'",
        ),
        (
            "accounts",
            r#"{"primarycontactid@odata.bind":"contacts"}"#,
            "400 0x80060888",
            "'contacts'",
        ),
        (
            "accounts",
            r#"{"primarycontactid@odata.bind":"contacts(183a1c2c-6c8f-4d4e-9b2b-2a4f485d6c7b)"}"#,
            "404 0x80040217",
            "'Contact' With Id",
        ),
        (
            "accounts",
            r#"{"primarycontactid@odata.bind":7}"#,
            "400 0x80048d19",
            "primarycontactid@odata.bind",
        ),
        (
            "accounts",
            r#"{"primarycontactid@odata.bind":"https://evil.example/api/data/v9.2/contacts(1)"}"#,
            "400 0x80060888",
            "evil.example",
        ),
        (
            "contacts",
            r#"{"parentcustomerid@odata.bind":"accounts(1)"}"#,
            "400 0x80048d19",
            "parentcustomerid",
        ),
        ("teams", r#"{"description":"x"}"#, "400 0x80040200", "'name'"),
        ("teams", r#"{"name":null}"#, "400 0x80040203", "name"),
        ("contoso_jobs", r#"{"contoso_nope":1}"#, "400 0x0", "contoso_nope"),
    ] {
        let emulator = emulator();
        let token = user_token(&emulator, 0);
        let reply = request(&emulator, &token, &Method::POST, target, &[], sent);
        assert_eq!(code(&reply), wanted, "{target} {sent}");
        assert!(said(&reply).contains(named), "{named} in {}", said(&reply));
    }
}

#[test]
fn rows_are_tied_as_they_come_and_as_they_change() {
    let emulator = emulator();
    let account = format!("accounts({W365})");
    let contact = "contacts(0d2f6c1a-5b7e-4c3d-9a10-1f2e3d4c5b60)";
    let absolute = format!(r#"{{"primarycontactid@odata.bind":"{URL}/api/data/v9.2/{contact}"}}"#);
    steps(
        &emulator,
        &[
            ("PATCH", contact, r#"{"firstname":"Ada","lastname":"Byron"}"#, "204"),
            (
                "PATCH",
                &account,
                &format!(r#"{{"name":"a","accountnumber":"W365","primarycontactid@odata.bind":"/{contact}"}}"#),
                "204",
            ),
            (
                "PATCH",
                contact,
                r#"{"parentcustomerid_account@odata.bind":"accounts(accountnumber='W365')"}"#,
                "204",
            ),
        ],
    );
    let row = ask(
        &emulator,
        &format!(
            "{account}?$select=name&$expand=primarycontactid($select=fullname),contact_customer_accounts($select=fullname)"
        ),
    );
    assert_eq!(row["primarycontactid"]["fullname"], "Ada Byron");
    assert_eq!(row["contact_customer_accounts"][0]["fullname"], "Ada Byron");
    let annotated = send(
        &emulator,
        &user_token(&emulator, 0),
        contact,
        &[("Prefer", "odata.include-annotations=\"*\"")],
    );
    assert_eq!(
        body(&annotated)["_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"],
        "parentcustomerid_account"
    );
    steps(&emulator, &[("PATCH", &account, r#"{"primarycontactid":null}"#, "204")]);
    assert_eq!(ask(&emulator, &account)["_primarycontactid_value"], Value::Null);
    steps(
        &emulator,
        &[("PATCH", &account, &absolute, "204"), ("DELETE", contact, "", "204")],
    );
    assert_eq!(ask(&emulator, &account)["_primarycontactid_value"], Value::Null);
    let owner = format!(r#"{{"ownerid@odata.bind":"teams({TEAM})"}}"#);
    steps(&emulator, &[("PATCH", &account, &owner, "204")]);
    let row = ask(&emulator, &account);
    assert_eq!(
        (
            &row["_owningteam_value"],
            &row["_owninguser_value"],
            &row["_owningbusinessunit_value"]
        ),
        (&json!(TEAM), &Value::Null, &json!(SALES))
    );
}

#[test]
fn an_update_that_finds_nothing_makes_the_row_unless_told_otherwise() {
    let emulator = emulator();
    let token = user_token(&emulator, 0);
    let patch = |target: &str, headers: &[(&str, &str)], sent: &str| {
        request(&emulator, &token, &Method::PATCH, target, headers, sent)
    };
    let by_number = "accounts(accountnumber='W365')";
    assert_eq!(code(&patch(by_number, &[("If-Match", "*")], "{}")), "404 0x80060891");
    let by_id = format!("accounts({W365})");
    assert_eq!(code(&patch(&by_id, &[("If-Match", "*")], "{}")), "404 0x80040217");
    assert_eq!(patch(by_number, &[], r#"{"name":"W365"}"#).status, 204);
    let row = ask(&emulator, by_number);
    assert_eq!((&row["name"], &row["accountnumber"]), (&json!("W365"), &json!("W365")));
    assert_eq!(
        code(&patch(by_number, &[("If-None-Match", "*")], "{}")),
        "412 0x80040237"
    );
    let tag = row["@odata.etag"].as_str().expect("a tag").to_owned();
    assert_eq!(
        code(&patch(by_number, &[("If-Match", "W/\"1\"")], "{}")),
        "412 0x80060882"
    );
    let shown = patch(
        &format!("{by_number}?$select=name"),
        &[("If-Match", &tag), ("Prefer", "return=representation")],
        r#"{"name":"Other"}"#,
    );
    assert_eq!((shown.status.as_u16(), &body(&shown)["name"]), (200, &json!("Other")));
    assert_ne!(body(&shown)["@odata.etag"], tag);
    assert_eq!(code(&patch(by_number, &[("If-Match", &tag)], "{}")), "412 0x80060882");
    assert_eq!(
        patch(&by_id, &[("If-None-Match", "*")], r#"{"name":"new"}"#).status,
        204
    );
    assert_eq!(
        code(&patch(&by_id, &[], r#"{"accountnumber":"w365"}"#)),
        "412 0x80060892",
        "a key is held once"
    );
    assert_eq!(
        code(&patch("systemusers(183a1c2c-6c8f-4d4e-9b2b-2a4f485d6c7b)", &[], "{}")),
        "404 0x80040217"
    );
}

#[test]
fn single_columns_change_and_go_and_so_do_rows() {
    let emulator = emulator();
    let account = format!("accounts({W365})");
    let column = |name: &str| format!("{account}/{name}");
    steps(
        &emulator,
        &[
            ("PUT", &column("name"), r#"{"value":"a"}"#, "404 0x80040217"),
            ("PATCH", &account, r#"{"name":"a","description":"b"}"#, "204"),
            ("PUT", &column("name"), r#"{"value":"c"}"#, "204"),
            ("PUT", &column("name"), r#"{"name":"c"}"#, "400 0x80048d19"),
            ("PUT", &column("nope"), r#"{"value":"c"}"#, "501 0x80004001"),
            ("DELETE", &column("description"), "", "204"),
            ("DELETE", &column("primarycontactid"), "", "400 0x80060888"),
        ],
    );
    let row = ask(&emulator, &account);
    assert_eq!((&row["name"], &row["description"]), (&json!("c"), &Value::Null));
    let token = user_token(&emulator, 0);
    let stale = request(
        &emulator,
        &token,
        &Method::DELETE,
        &account,
        &[("If-Match", "W/\"1\"")],
        "",
    );
    assert_eq!(code(&stale), "412 0x80060882");
    steps(
        &emulator,
        &[
            ("DELETE", &account, "", "204"),
            ("DELETE", &account, "", "404 0x80040217"),
        ],
    );
    let profile = format!("fieldsecurityprofiles({PROFILE})");
    steps(&emulator, &[("DELETE", &profile, "", "204")]);
    assert_eq!(
        column_of(&emulator, "fieldpermissions", "fieldpermissionid"),
        Vec::<String>::new()
    );
    let mine = format!("systemusers({})/systemuserprofiles_association", user_id(0));
    assert_eq!(column_of(&emulator, &mine, "name"), Vec::<String>::new());
    steps(
        &emulator,
        &[
            (
                "POST",
                "contoso_jobs",
                r#"{"contoso_name":"b","contoso_done":false}"#,
                "204",
            ),
            (
                "PATCH",
                &format!("contoso_jobs({PROFILE})"),
                r#"{"contoso_done":false}"#,
                "204",
            ),
        ],
    );
    let open = column_of(&emulator, "contoso_jobs?$filter=contoso_done eq false", "contoso_name");
    assert_eq!(open, ["Sync", "b"]);
}

fn column_of(emulator: &Emulator, target: &str, name: &str) -> Vec<String> {
    column(&send(emulator, &user_token(emulator, 0), target, &[]), name)
}

#[test]
fn whoever_may_read_may_not_write() {
    let emulator = emulator();
    emulator.write(|state| {
        let tables = &mut state.environments[0].tables;
        tables.insert(
            "accounts",
            row(json!({"accountid": W365, "name": "a", "_ownerid_value": user_id(0)})),
        );
    });
    let bob = user_token(&emulator, 1);
    let grant = |privileges: &[&str]| {
        let privileges = privileges.iter().map(|name| (*name).to_owned()).collect();
        emulator.write(|state| {
            state.environments[0]
                .role_privileges
                .insert(READER_ROLE.to_owned(), privileges)
        });
    };
    let account = format!("accounts({W365})");
    let before = emulator.read(State::clone);
    for (privileges, method, target, wanted, named) in [
        (
            &["prvReadAccount"][..],
            "POST",
            "accounts",
            "403 0x80040220",
            "prvCreateAccount",
        ),
        (
            &["prvReadAccount"],
            "PATCH",
            &*account,
            "403 0x80040220",
            "prvWriteAccount",
        ),
        (
            &["prvReadAccount"],
            "DELETE",
            &account,
            "403 0x80040220",
            "prvDeleteAccount",
        ),
        (
            &["prvWriteAccount"],
            "PATCH",
            &account,
            "403 0x80040220",
            "prvReadAccount",
        ),
        (
            &["prvReadAccount", "prvWriteAccount:user"],
            "PATCH",
            &account,
            "403 0x80040220",
            "AccessRights: WriteAccess",
        ),
        (
            &["prvReadAccount", "prvDeleteAccount:business-unit"],
            "DELETE",
            &account,
            "403 0x80040220",
            "AccessRights: DeleteAccess",
        ),
    ] {
        grant(privileges);
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let reply = request(&emulator, &bob, &method, target, &[], "{}");
        assert_eq!(code(&reply), wanted, "{method} {target} with {privileges:?}");
        assert!(said(&reply).contains(named), "{}", said(&reply));
    }
    grant(&["prvReadUser", "prvReadTeam"]);
    assert_eq!(emulator.read(State::clone), before);
    grant(&[
        "prvReadAccount",
        "prvCreateAccount:user",
        "prvReadContact",
        "prvWriteAccount",
        "prvCreateContact",
    ]);
    let made = request(&emulator, &bob, &Method::POST, "accounts", &[], r#"{"name":"mine"}"#);
    assert_eq!(made.status, 204, "{}", said(&made));
    let given = format!(
        r#"{{"name":"hers","ownerid@odata.bind":"systemusers({})"}}"#,
        user_id(0)
    );
    let refused = request(&emulator, &bob, &Method::POST, "accounts", &[], &given);
    assert!(said(&refused).contains("prvReadUser"), "{}", said(&refused));
    let contact = "contacts(0d2f6c1a-5b7e-4c3d-9a10-1f2e3d4c5b60)";
    assert_eq!(request(&emulator, &bob, &Method::PATCH, contact, &[], "{}").status, 204);
    let tied = format!(r#"{{"primarycontactid@odata.bind":"{contact}"}}"#);
    for (privilege, wanted) in [
        ("prvReadContact", "prvAppendAccount"),
        ("prvAppendAccount", "prvAppendToContact"),
        ("prvAppendToContact", ""),
    ] {
        emulator.write(|state| {
            let held = state.environments[0]
                .role_privileges
                .get_mut(READER_ROLE)
                .expect("the role");
            held.push(privilege.to_owned());
        });
        let reply = request(&emulator, &bob, &Method::PATCH, &account, &[], &tied);
        assert!(said(&reply).contains(wanted), "{privilege}: {}", said(&reply));
        assert_eq!(reply.status.is_success(), wanted.is_empty());
    }
}

#[test]
fn who_acts_as_somebody_else_writes_as_that_person() {
    let emulator = emulator();
    emulator.write(|state| {
        let privileges = ["prvReadAccount", "prvCreateAccount"].map(str::to_owned).to_vec();
        state.environments[0]
            .role_privileges
            .insert(READER_ROLE.to_owned(), privileges);
    });
    let token = user_token(&emulator, 0);
    for (header, id) in [("CallerObjectId", object_id(1)), ("MSCRMCallerID", user_id(1))] {
        let reply = request(
            &emulator,
            &token,
            &Method::POST,
            "accounts?$select=_createdby_value",
            &[(header, &id), ("Prefer", "return=representation")],
            "{}",
        );
        assert_eq!(body(&reply)["_createdby_value"], user_id(1), "{}", said(&reply));
        let refused = request(&emulator, &token, &Method::POST, "contacts", &[(header, &id)], "{}");
        assert_eq!(code(&refused), "403 0x80040220");
    }
}
