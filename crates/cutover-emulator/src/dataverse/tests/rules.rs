//! What Dataverse refuses beyond privileges, with its codes.

use super::*;

const OWN_COPY: &str = "90b2f4a4-e407-45c6-b3a9-a2c7c0d5e4f5";
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

fn role_of(user: u32) -> String {
    format!("systemusers({})/systemuserroles_association", user_id(user))
}

fn to(address: &str) -> String {
    format!(r#"{{"@odata.id":"{address}"}}"#)
}

/// Ann is Global Administrator, from the start of the test until the end named.
fn make_global_administrator(emulator: &Emulator, end: &str) {
    emulator.write(|state| {
        state.directory.insert(
            "roleAssignmentScheduleInstances",
            row(json!({
                "id": "ga", "principalId": object_id(0), "roleDefinitionId": GLOBAL_ADMINISTRATOR,
                "directoryScopeId": "/", "startDateTime": "2026-03-01T07:00:00Z", "endDateTime": end,
                "memberType": "Direct", "assignmentType": "Activated",
            })),
        );
    });
}

#[test]
fn roles_belong_to_the_business_unit_of_their_holder() {
    let emulator = emulator();
    let (ann, bob) = (format!("{}/$ref", role_of(0)), format!("{}/$ref", role_of(1)));
    let (root, sales) = (
        to(&format!("roles({READER_ROLE})")),
        to(&format!("roles({READER_COPY})")),
    );
    let team = format!("teams({TEAM})/teamroles_association/$ref");
    let access_team = team.replace(TEAM, ACCESS_TEAM);
    steps(
        &emulator,
        &[
            ("POST", &ann, &sales, "400 0x80041409"),
            ("POST", &bob, &root, "400 0x80041409"),
            ("POST", &bob, &sales, "204"),
            ("POST", &team, &root, "400 0x8004140d"),
            ("POST", &access_team, &sales, "400 0x80048331"),
            (
                "PATCH",
                &format!("organizations({ORGANIZATION})"),
                r#"{"orgdborgsettings":"<OrgSettings><EnableOwnershipAcrossBusinessUnits>true</EnableOwnershipAcrossBusinessUnits></OrgSettings>"}"#,
                "204",
            ),
            ("POST", &ann, &sales, "204"),
            ("POST", &team, &root, "204"),
        ],
    );
    emulator.write(|state| {
        let tables = &mut state.environments[0].tables;
        let team = tables.find_mut("teams", "teamid", TEAM).expect("the team");
        team.insert("teamtype".to_owned(), json!(2));
        tables.insert(
            "roles",
            row(json!({"roleid": OWN_COPY, "name": "x", "isinherited": 0, "_businessunitid_value": SALES})),
        );
    });
    let member = format!("teams({TEAM})/teammembership_association/$ref");
    steps(
        &emulator,
        &[
            ("POST", &team, &to(&format!("roles({OWN_COPY})")), "400 0x80048350"),
            (
                "POST",
                &member,
                &to(&format!("systemusers({})", user_id(0))),
                "501 0x80004001",
            ),
        ],
    );
}

#[test]
fn nobody_gives_more_than_he_has() {
    let emulator = emulator();
    emulator.write(|state| {
        let environment = &mut state.environments[0];
        let privileges = [
            "prvReadUser",
            "prvReadRole",
            "prvAssignRole:business-unit",
            "prvReadTeam",
        ];
        let privileges = privileges.map(str::to_owned).to_vec();
        environment.role_privileges.insert(READER_ROLE.to_owned(), privileges);
        environment.tables.insert(
            "roles",
            row(json!({
                "roleid": OWN_COPY, "name": "Systemadministrator", "_businessunitid_value": SALES,
                "_roletemplateid_value": "627090ff-40a3-4053-8790-584edc5be201", "_parentrootroleid_value": ADMIN_ROLE,
            })),
        );
    });
    let bob = user_token(&emulator, 1);
    let post = |user: u32, role: &str| {
        let reply = request(
            &emulator,
            &bob,
            &Method::POST,
            &format!("{}/$ref", role_of(user)),
            &[],
            &to(&format!("roles({role})")),
        );
        format!("{} {}", outcome(&reply), said(&reply))
    };
    assert!(post(1, READER_COPY).starts_with("204"), "what he has through his team");
    assert!(post(1, OWN_COPY).contains("all of System Administrator"));
    assert!(
        post(0, READER_ROLE).contains("AccessRights: AssignAccess"),
        "beyond his unit"
    );
    emulator.write(|state| {
        let environment = &mut state.environments[0];
        let more = ["prvReadUser".to_owned(), "prvWriteUser".to_owned()].to_vec();
        environment.role_privileges.insert(OWN_COPY.to_owned(), more);
        let copy = environment
            .tables
            .find_mut("roles", "roleid", OWN_COPY)
            .expect("the role");
        copy.insert("_roletemplateid_value".to_owned(), Value::Null);
    });
    assert!(post(1, OWN_COPY).contains("prvWriteUser among them"));
}

#[test]
fn the_last_administrator_and_the_global_one_keep_their_role() {
    let emulator = emulator();
    let part = format!("{}({ADMIN_ROLE})/$ref", role_of(0));
    let ann = format!("systemusers({})", user_id(0));
    let unit = format!(r#"{{"businessunitid@odata.bind":"businessunits({SALES})"}}"#);
    steps(
        &emulator,
        &[
            ("DELETE", &part, "", "400 0x80041d30"),
            ("PATCH", &ann, r#"{"isdisabled":true}"#, "400 0x80041d2f"),
            ("PATCH", &ann, &unit, "400 0x80041d30"),
            (
                "POST",
                &format!("{}/$ref", role_of(3)),
                &to(&format!("roles({ADMIN_ROLE})")),
                "204",
            ),
        ],
    );
    make_global_administrator(&emulator, "2026-03-01T09:00:00Z");
    steps(
        &emulator,
        &[
            ("DELETE", &part, "", "400 0x80041d64"),
            ("PATCH", &ann, r#"{"isdisabled":true}"#, "400 0x80041d65"),
        ],
    );
    emulator.clock().advance(jiff::SignedDuration::from_mins(61));
    steps(&emulator, &[("DELETE", &part, "", "204")]);
    let reply = send(&emulator, &user_token(&emulator, 0), "WhoAmI", &[]);
    assert_eq!(code(&reply), "403 0x80042f09", "no role is left to Ann");
}

#[test]
fn the_rule_about_global_administrators_can_sleep() {
    let emulator = emulator();
    make_global_administrator(&emulator, "2027-01-01T00:00:00Z");
    emulator.write(|state| {
        state.assumed.administrators_keep_system_administrator = false;
    });
    steps(
        &emulator,
        &[
            (
                "POST",
                &format!("{}/$ref", role_of(3)),
                &to(&format!("roles({ADMIN_ROLE})")),
                "204",
            ),
            ("DELETE", &format!("{}({ADMIN_ROLE})/$ref", role_of(0)), "", "204"),
        ],
    );
}

#[test]
fn the_access_mode_follows_the_licence_and_an_administrator_sets_it() {
    let emulator = emulator();
    emulator.write(|state| {
        let environment = &mut state.environments[0];
        for (number, mode, licensed) in [(1, 1, false), (3, 1, true)] {
            let id = user_id(number);
            let user = environment
                .tables
                .find_mut("systemusers", "systemuserid", &id)
                .expect("a user");
            user.insert("accessmode".to_owned(), json!(mode));
            user.insert("islicensed".to_owned(), json!(licensed));
        }
        let privileges = ["prvReadUser", "prvWriteUser"].map(str::to_owned).to_vec();
        environment.role_privileges.insert(READER_ROLE.to_owned(), privileges);
    });
    let user = |number| format!("systemusers({})", user_id(number));
    steps(
        &emulator,
        &[
            ("PATCH", &user(1), r#"{"accessmode":0}"#, "400 0x80041d66"),
            ("PATCH", &user(1), r#"{"accessmode":1}"#, "204"),
            ("PATCH", &user(1), r#"{"accessmode":4}"#, "204"),
            ("PATCH", &user(1), r#"{"accessmode":9}"#, "400 0x8004431a"),
            ("PATCH", &user(3), r#"{"accessmode":0}"#, "204"),
            ("PATCH", &user(3), r#"{"accessmode":5}"#, "400 0x80041d66"),
            ("PATCH", &user(4), r#"{"accessmode":0}"#, "400 0x80041d66"),
            ("PATCH", &user(3), r#"{"islicensed":true,"title":"x"}"#, "204"),
            ("PATCH", &user(3), r#"{"islicensed":false}"#, "400 0x80041d4c"),
            ("PATCH", &user(3), r#"{"issyncwithdirectory":false}"#, "400 0x80041d4e"),
            ("PATCH", &user(2), r#"{"isdisabled":false}"#, "400 0x8004d24c"),
            ("PUT", &format!("{}/isdisabled", user(3)), r#"{"value":true}"#, "204"),
            ("PUT", &format!("{}/isdisabled", user(3)), r#"{"value":false}"#, "204"),
        ],
    );
    let bob = user_token(&emulator, 1);
    let sent = |body: &str| outcome(&request(&emulator, &bob, &Method::PATCH, &user(3), &[], body));
    assert_eq!(sent(r#"{"accessmode":2}"#), "403 0x80048d2f");
    assert_eq!(
        sent(r#"{"accessmode":0,"firstname":"Dora","lastname":"Doe"}"#),
        "204",
        "no change of the mode"
    );
    let name = body(&send(&emulator, &bob, &format!("{}?$select=fullname", user(3)), &[]));
    assert_eq!(name["fullname"], "Dora Doe");
}

#[test]
fn who_moves_to_another_unit_leaves_the_roles_behind() {
    let emulator = emulator();
    let dora = format!("systemusers({})", user_id(3));
    let give = format!("{}/$ref", role_of(3));
    let place = format!("{dora}/businessunitid/$ref");
    let held = || {
        let reply = send(&emulator, &user_token(&emulator, 0), &role_of(3), &[]);
        column(&reply, "name").len()
    };
    steps(
        &emulator,
        &[
            ("POST", &give, &to(&format!("roles({READER_ROLE})")), "204"),
            ("PUT", &place, &to(&format!("businessunits({ROOT})")), "204"),
        ],
    );
    assert_eq!(held(), 1, "the same unit is no move");
    steps(
        &emulator,
        &[("PUT", &place, &to(&format!("businessunits({SALES})")), "204")],
    );
    assert_eq!(held(), 0);
    steps(&emulator, &[("DELETE", &place, "", "400 0x80040203")]);
}

#[test]
fn settings_profiles_and_teams_have_rules_of_their_own() {
    let emulator = emulator();
    const ADMINISTRATORS: &str = "572329c1-a042-4e22-be47-367c6374ea45";
    emulator.write(|state| {
        let tables = &mut state.environments[0].tables;
        tables.insert(
            "fieldsecurityprofiles",
            row(json!({"fieldsecurityprofileid": ADMINISTRATORS, "name": "System Administrator", "ismanaged": true})),
        );
        tables.link("systemuserprofiles_association", &user_id(0), ADMINISTRATORS);
        tables.link("systemuserprofiles_association", &user_id(1), ADMINISTRATORS);
        let team = tables.find_mut("teams", "teamid", TEAM).expect("the team");
        team.insert("isdefault".to_owned(), json!(true));
    });
    let settings = format!("usersettingscollection({})", user_id(1));
    let profile = |id: &str| format!("fieldsecurityprofiles({id})/systemuserprofiles_association");
    let bob = to(&format!("systemusers({})", user_id(1)));
    let member = |team: &str| format!("teams({team})/teammembership_association");
    steps(
        &emulator,
        &[
            (
                "PATCH",
                &settings,
                r#"{"uilanguageid":1031,"helplanguageid":0,"timezonecode":110}"#,
                "204",
            ),
            ("PATCH", &settings, r#"{"uilanguageid":1036}"#, "400 0x80044195"),
            ("DELETE", &settings, "", "501 0x80004001"),
            ("POST", &format!("{}/$ref", profile(PROFILE)), &bob, "204"),
            (
                "DELETE",
                &format!("{}({})/$ref", profile(PROFILE), user_id(1)),
                "",
                "204",
            ),
            (
                "DELETE",
                &format!("{}({})/$ref", profile(ADMINISTRATORS), user_id(0)),
                "",
                "400 0x8004f505",
            ),
            (
                "DELETE",
                &format!("{}({})/$ref", profile(ADMINISTRATORS), user_id(1)),
                "",
                "204",
            ),
            (
                "PATCH",
                &format!("fieldsecurityprofiles({ADMINISTRATORS})"),
                r#"{"name":"x"}"#,
                "501 0x80004001",
            ),
            (
                "POST",
                &format!("teams({ACCESS_TEAM})/teamprofiles_association/$ref"),
                &to(&format!("fieldsecurityprofiles({PROFILE})")),
                "400 0x80048331",
            ),
            (
                "POST",
                &format!("{}/$ref", member(TEAM)),
                &to(&format!("systemusers({})", user_id(0))),
                "400 0x8004830b",
            ),
            (
                "DELETE",
                &format!("{}({})/$ref", member(TEAM), user_id(1)),
                "",
                "400 0x8004830c",
            ),
            ("POST", &format!("{}/$ref", member(ACCESS_TEAM)), &bob, "204"),
            ("POST", "teams", r#"{"name":"New"}"#, "204"),
            (
                "PATCH",
                &format!("organizations({ORGANIZATION})"),
                r#"{"languagecode":1033}"#,
                "204",
            ),
        ],
    );
    let read = |target: &str| body(&send(&emulator, &user_token(&emulator, 0), target, &[]));
    assert_eq!(read(&settings)["uilanguageid"], 1031);
    let organization = read(&format!("organizations({ORGANIZATION})"));
    assert_eq!(organization["languagecode"], 1031, "the base language stays");
}
