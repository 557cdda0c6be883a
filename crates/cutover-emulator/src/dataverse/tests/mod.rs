//! The service as its clients meet it, over a small environment.

mod actions;
mod associating;
mod change_sets;
mod consistency;
mod definitions;
mod depth;
mod rows;
mod rules;
mod service;
mod upgrades;
mod writing;

use http::{HeaderName, Method};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::emulator::Emulator;
use crate::entra::tokens::testing;
use crate::exchange::{Call, Reply};
use crate::state::{Environment, Premium, Row, State, Tables, Tenant};

const URL: &str = "https://contoso.crm4.dynamics.com";
const TENANT: &str = "7f3e6b52-0c1d-4a58-9e47-2b1f0a6c9d10";
const ORGANIZATION: &str = "7e90d282-c2e5-43a4-9187-80a5aeb3c2d1";
const ROOT: &str = "6d8fc171-b1d4-4293-8076-7f849da2b1c0";
const SALES: &str = "6d8fc171-b1d4-4293-8076-7f849da2b1c1";
const ADMIN_ROLE: &str = "90b2f4a4-e407-45c6-b3a9-a2c7c0d5e4f0";
const READER_ROLE: &str = "90b2f4a4-e407-45c6-b3a9-a2c7c0d5e4f1";
const READER_COPY: &str = "90b2f4a4-e407-45c6-b3a9-a2c7c0d5e4f2";
const TEAM: &str = "a1c3a5b5-f518-46d7-84ba-b3d8d1e6f500";
const ACCESS_TEAM: &str = "a1c3a5b5-f518-46d7-84ba-b3d8d1e6f501";
const PROFILE: &str = "b2d4b6c6-0629-47e8-95cb-c4e9e2f70615";
const APP: &str = "a1c0de00-1111-4222-8333-444455556666";

/// `systemuserid` of a user; the Entra object id ends in the same digit.
fn user_id(number: u32) -> String {
    format!("8fa1e393-d3f6-44b5-a298-91b6bfc4d3e{number}")
}

fn object_id(number: u32) -> String {
    format!("0d2f6c1a-5b7e-4c3d-9a10-1f2e3d4c5b6{number}")
}

fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        other => panic!("{other} is no row"),
    }
}

/// Users: 0 Ann, System Administrator; 1 Bob, reader through a team; 2 Cem, disabled; 3 Dora, only in an
/// access team; 4 the application user, reader by a role copy.
fn environment() -> Environment {
    let mut tables = Tables::default();
    for (id, parent, name) in [(ROOT, Value::Null, "Contoso"), (SALES, json!(ROOT), "Sales")] {
        tables.insert(
            "businessunits",
            row(json!({"businessunitid": id, "name": name, "isdisabled": false, "_parentbusinessunitid_value": parent, "versionnumber": 11})),
        );
    }
    for (number, name, unit) in [
        (0, "Ann", ROOT),
        (1, "Bob", SALES),
        (2, "Cem", SALES),
        (3, "Dora", ROOT),
        (4, "# service", SALES),
    ] {
        tables.insert(
            "systemusers",
            row(json!({
                "systemuserid": user_id(number), "fullname": name, "domainname": format!("{name}@contoso.com"),
                "azureactivedirectoryobjectid": if number == 4 { Value::Null } else { json!(object_id(number)) },
                "applicationid": if number == 4 { json!(APP) } else { Value::Null },
                "isdisabled": number == 2, "accessmode": if number == 4 { 4 } else { 0 },
                "createdon": "2026-01-02T13:04:05Z", "versionnumber": 100 + number,
                "_businessunitid_value": unit, "_emulator_note": "hidden",
            })),
        );
        tables.insert(
            "usersettingscollection",
            row(json!({"systemuserid": user_id(number), "uilanguageid": 1033})),
        );
    }
    for (id, name, root, template, unit) in [
        (
            ADMIN_ROLE,
            "Systemadministrator",
            ADMIN_ROLE,
            json!("627090ff-40a3-4053-8790-584edc5be201"),
            ROOT,
        ),
        (READER_ROLE, "Reader", READER_ROLE, Value::Null, ROOT),
        (READER_COPY, "Reader", READER_ROLE, Value::Null, SALES),
    ] {
        tables.insert(
            "roles",
            row(json!({
                "roleid": id, "name": name, "_parentrootroleid_value": root, "_roletemplateid_value": template,
                "_businessunitid_value": unit, "isinherited": 1, "versionnumber": 7,
                "canbedeleted": {"Value": true, "CanBeChanged": true},
            })),
        );
    }
    for (id, name, kind) in [(TEAM, "Sales", 0), (ACCESS_TEAM, "Access", 1)] {
        tables.insert(
            "teams",
            row(json!({"teamid": id, "name": name, "teamtype": kind, "_businessunitid_value": SALES})),
        );
    }
    tables.insert(
        "fieldsecurityprofiles",
        row(json!({"fieldsecurityprofileid": PROFILE, "name": "Work 365 Admin"})),
    );
    tables.insert(
        "fieldpermissions",
        row(json!({"fieldpermissionid": PROFILE, "canread": 4, "_fieldsecurityprofileid_value": PROFILE})),
    );
    tables.insert(
        "organizations",
        row(json!({"organizationid": ORGANIZATION, "name": "org1", "friendlyname": "Contoso", "languagecode": 1031})),
    );
    tables.insert(
        "EntityDefinitions",
        row(json!({
            "LogicalName": "contoso_job", "SchemaName": "contoso_Job", "EntitySetName": "contoso_jobs",
            "PrimaryIdAttribute": "contoso_jobid", "PrimaryNameAttribute": "contoso_name",
            "DisplayName": {"UserLocalizedLabel": {"Label": "Job"}},
        })),
    );
    tables.insert(
        "contoso_jobs",
        row(json!({
            "contoso_jobid": PROFILE, "contoso_name": "Sync", "contoso_done": true, "createdon": "2026-02-03T04:05:06Z",
            "_ownerid_value": user_id(1), "_emulator_note": "hidden",
        })),
    );
    tables.link("systemuserroles_association", &user_id(0), ADMIN_ROLE);
    tables.link("systemuserroles_association", &user_id(2), ADMIN_ROLE);
    tables.link("systemuserroles_association", &user_id(4), READER_COPY);
    tables.link("teammembership_association", TEAM, &user_id(1));
    tables.link("teammembership_association", ACCESS_TEAM, &user_id(3));
    tables.link("teamroles_association", TEAM, READER_COPY);
    tables.link("teamroles_association", ACCESS_TEAM, READER_COPY);
    tables.link("systemuserprofiles_association", &user_id(0), PROFILE);
    tables.link("teamprofiles_association", TEAM, PROFILE);
    Environment {
        url: URL.to_owned(),
        organization_id: ORGANIZATION.to_owned(),
        version: "9.2.26011.00123".to_owned(),
        languages: vec![1033, 1031],
        tables,
        role_privileges: [(
            READER_ROLE.to_owned(),
            vec!["prvReadUser".to_owned(), "prvReadTeam".to_owned()],
        )]
        .into(),
        ..Environment::default()
    }
}

pub(super) fn emulator() -> Emulator {
    let state = State {
        tenant: Tenant {
            id: TENANT.to_owned(),
            domains: vec!["contoso.com".to_owned()],
            display_name: "Contoso".to_owned(),
            premium: Premium::P2,
            cloud: Default::default(),
        },
        environments: vec![environment()],
        ..State::default()
    };
    let now = "2026-03-01T08:00:00Z".parse().expect("a time");
    Emulator::new(state, Clock::standing(now))
}

fn user_token(emulator: &Emulator, number: u32) -> String {
    testing::user(
        emulator,
        &object_id(number),
        "ann@contoso.com",
        URL,
        "user_impersonation",
    )
}

fn send(emulator: &Emulator, token: &str, target: &str, headers: &[(&str, &str)]) -> Reply {
    request(emulator, token, &Method::GET, target, headers, "")
}

fn request(
    emulator: &Emulator,
    token: &str,
    method: &Method,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let target = match target.strip_prefix('/') {
        Some(_) => target.to_owned(),
        None => format!("/api/data/v9.2/{target}"),
    };
    let mut call = Call::new(method.clone(), URL, &target)
        .with(http::header::AUTHORIZATION, &format!("Bearer {token}"))
        .with_body(body.to_owned());
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        call = call.with(name, value);
    }
    emulator.answer(&call)
}

/// Sends one request after the other as Ann; each is answered as `wanted` says, by status and code.
fn steps(emulator: &Emulator, steps: &[(&str, &str, &str, &str)]) {
    let token = user_token(emulator, 0);
    for (method, target, body, wanted) in steps {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let reply = request(emulator, &token, &method, target, &[], body);
        assert_eq!(outcome(&reply), *wanted, "{method} {target} {body}: {}", said(&reply));
    }
}

/// The status, and the code of an error.
fn outcome(reply: &Reply) -> String {
    match reply.status.is_success() {
        true => reply.status.as_u16().to_string(),
        false => code(reply),
    }
}

fn said(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn get(target: &str) -> Reply {
    get_with(target, &[])
}

fn get_with(target: &str, headers: &[(&str, &str)]) -> Reply {
    let emulator = emulator();
    send(&emulator, &user_token(&emulator, 0), target, headers)
}

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).expect("JSON")
}

fn code(reply: &Reply) -> String {
    format!(
        "{} {}",
        reply.status.as_u16(),
        body(reply)["error"]["code"].as_str().unwrap_or_default()
    )
}

/// The values of one column in a list.
fn column(reply: &Reply, name: &str) -> Vec<String> {
    let body = body(reply);
    let rows = body["value"].as_array().unwrap_or_else(|| panic!("no list: {body}"));
    rows.iter()
        .map(|row| row[name].as_str().unwrap_or("null").to_owned())
        .collect()
}
