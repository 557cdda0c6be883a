//! How far privileges reach.

use super::*;

/// `roles` is Bob's list of privileges, through the sales team; below Sales lies one more unit with Eve in it.
fn with(roles: &[&str], inherited: bool) -> Emulator {
    const OFFICE: &str = "6d8fc171-b1d4-4293-8076-7f849da2b1c2";
    let emulator = emulator();
    emulator.write(|state| {
        let environment = &mut state.environments[0];
        let tables = &mut environment.tables;
        tables.insert(
            "businessunits",
            row(json!({"businessunitid": OFFICE, "name": "Office", "_parentbusinessunitid_value": SALES})),
        );
        tables.insert(
            "systemusers",
            row(json!({"systemuserid": user_id(5), "fullname": "Eve", "_businessunitid_value": OFFICE})),
        );
        let copy = tables.find_mut("roles", "roleid", READER_COPY).expect("the copy");
        copy.insert("isinherited".to_owned(), json!(i32::from(inherited)));
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        environment.role_privileges.insert(READER_ROLE.to_owned(), roles);
    });
    emulator
}

#[test]
fn a_list_holds_the_rows_that_the_depth_reaches() {
    for (privilege, wanted) in [
        ("prvReadUser", &["Ann", "Bob", "Cem", "Dora", "# service", "Eve"][..]),
        ("prvReadUser:parent-child", &["Bob", "Cem", "# service", "Eve"]),
        ("prvReadUser:business-unit", &["Bob", "Cem", "# service"]),
        ("prvReadUser:user", &["Bob"]),
    ] {
        let emulator = with(&[privilege], true);
        let bob = user_token(&emulator, 1);
        let reply = send(&emulator, &bob, "systemusers?$select=fullname", &[]);
        assert_eq!(
            (reply.status.as_u16(), column(&reply, "fullname")),
            (200, wanted.iter().map(|name| (*name).to_owned()).collect()),
            "{privilege}"
        );
        let count = send(&emulator, &bob, "systemusers/$count", &[]);
        assert_eq!(count.body, wanted.len().to_string());
    }
    let none = with(&["prvReadUser:far"], true);
    assert_eq!(
        code(&send(&none, &user_token(&none, 1), "systemusers", &[])),
        "403 0x80040220"
    );
}

#[test]
fn one_row_out_of_reach_is_refused_and_related_ones_are_left_out() {
    let emulator = with(
        &[
            "prvReadUser:business-unit",
            "prvReadRole:business-unit",
            "prvReadBusinessUnit:business-unit",
            "prvReadTeam",
        ],
        false,
    );
    let ask = |target: &str| send(&emulator, &user_token(&emulator, 1), target, &[]);
    let there = format!("systemusers({})", user_id(2));
    let beyond = format!("systemusers({})", user_id(0));
    assert_eq!(ask(&there).status, 200);
    assert_eq!(code(&ask(&beyond)), "403 0x80040220");
    assert_eq!(code(&ask(&beyond.replace("e0)", "e9)"))), "404 0x80040217");
    assert_eq!(column(&ask("roles"), "roleid"), [READER_COPY]);
    assert_eq!(column(&ask("businessunits"), "name"), ["Sales"]);
    let members = ask(&format!(
        "teams({ACCESS_TEAM})?$expand=teammembership_association($select=fullname)"
    ));
    assert_eq!(
        body(&members)["teammembership_association"],
        json!([]),
        "Dora sits in the root unit"
    );
    let any = ask("teams?$filter=teammembership_association/any(u:u/fullname eq 'Dora')");
    assert_eq!(column(&any, "name").len(), 0);
}

#[test]
fn a_team_role_reaches_the_members_own_rows_only_when_it_is_inherited() {
    for (inherited, wanted) in [(true, 1), (false, 0)] {
        let emulator = with(&["prvReadUser:user"], inherited);
        let reply = send(&emulator, &user_token(&emulator, 1), "systemusers", &[]);
        assert_eq!(column(&reply, "fullname").len(), wanted, "{inherited}");
    }
}

#[test]
fn effective_privileges_name_their_depth_and_unit() {
    let emulator = with(&["prvReadUser:parent-child", "prvReadTeam"], true);
    let target = format!(
        "systemusers({})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()",
        user_id(1)
    );
    let reply = body(&send(&emulator, &user_token(&emulator, 1), &target, &[]));
    let shown: Vec<(&str, &str, &str)> = reply["RolePrivileges"]
        .as_array()
        .expect("privileges")
        .iter()
        .map(|it| {
            let text = |name: &str| it[name].as_str().expect("text");
            (text("PrivilegeName"), text("Depth"), text("BusinessUnitId"))
        })
        .collect();
    assert_eq!(
        shown,
        [("prvReadTeam", "Global", SALES), ("prvReadUser", "Deep", SALES)]
    );
}

#[test]
fn a_host_that_is_nobodys_is_no_environment() {
    let emulator = emulator();
    let token = user_token(&emulator, 0);
    for (origin, status) in [
        (URL, 200),
        ("https://CONTOSO.api.crm4.dynamics.com", 200),
        ("http://127.0.0.1:8080", 200),
        ("http://[::1]:8080", 200),
        ("http://localhost", 200),
        ("https://fabrikam.crm4.dynamics.com", 404),
        ("https://contoso.crm.dynamics.com", 404),
        ("http://127.0.0.1.example", 404),
    ] {
        let call = Call::new(Method::GET, origin, "/api/data/v9.2/WhoAmI")
            .with(http::header::AUTHORIZATION, &format!("Bearer {token}"));
        let reply = emulator.answer(&call);
        assert_eq!(reply.status.as_u16(), status, "{origin}");
        if status == 404 {
            let host = origin.split_once("://").expect("a scheme").1;
            assert!(body(&reply)["error"]["message"].as_str().expect("text").contains(host));
        }
    }
}
