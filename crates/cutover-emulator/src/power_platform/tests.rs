mod packages;

use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::entra::tokens::testing;
use crate::world::World;

const NEW: &str = "https://api.powerplatform.com";
const OLD: &str = "https://api.bap.microsoft.com";
const ENVIRONMENT: &str = "e0710000-0000-4000-8000-00000000000f";
const READER: &str = "c07e7000-0000-4000-8000-00000000000a";
const ADMIN: &str = "a11ce000-0000-4000-8000-000000000001";
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const ALL_SCOPES: &str = "EnvironmentManagement.Environments.Read EnvironmentManagement.Environments.Write \
                          AppManagement.ApplicationPackages.Read AppManagement.ApplicationPackages.Install \
                          UserManagement.Users.Apply User";

fn emulator_of(more: &str) -> Emulator {
    Emulator::from_world(&World::parse(&format!("extends = 'ready'\n{more}"), "pp.toml").unwrap())
}

fn emulator() -> Emulator {
    emulator_of("")
}

fn audience(origin: &str) -> &'static str {
    if origin == NEW {
        NEW
    } else {
        "https://service.powerapps.com"
    }
}

fn app(emulator: &Emulator, origin: &str) -> String {
    testing::application(emulator, READER, "sp", audience(origin), &[])
}

fn person(emulator: &Emulator, origin: &str) -> String {
    testing::user_in_roles(emulator, (ADMIN, "admin"), audience(origin), ALL_SCOPES, &[GLOBAL])
}

fn send(emulator: &Emulator, method: &Method, token: &str, origin: &str, target: &str, body: &str) -> Reply {
    let mut call = Call::new(method.clone(), origin, target).with_body(body.to_owned());
    if !token.is_empty() {
        call = call.with(http::header::AUTHORIZATION, &format!("Bearer {token}"));
    }
    emulator.answer(&call)
}

fn read(reply: &Reply) -> (u16, Value) {
    let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    (reply.status.as_u16(), body)
}

/// An address below the environment, in the newer plane.
fn below(area: &str, rest: &str) -> String {
    let sign = if rest.contains('?') { '&' } else { '?' };
    format!("/{area}/environments/{ENVIRONMENT}{rest}{sign}api-version=2024-10-01")
}

fn get(emulator: &Emulator, target: &str) -> (u16, Value) {
    read(&send(emulator, &Method::GET, &app(emulator, NEW), NEW, target, ""))
}

fn post(emulator: &Emulator, target: &str, body: &str) -> (u16, Value, Option<String>) {
    let reply = send(emulator, &Method::POST, &app(emulator, NEW), NEW, target, body);
    let location = reply
        .headers
        .get("operation-location")
        .map(|it| it.to_str().unwrap().to_owned());
    let (status, body) = read(&reply);
    (status, body, location)
}

fn wait(emulator: &Emulator, minutes: i64) {
    emulator.clock().advance(SignedDuration::from_mins(minutes));
}

/// What an `Operation-Location` leads to.
fn follow(emulator: &Emulator, location: &str) -> Value {
    let (status, body) = get(emulator, location.strip_prefix(NEW).unwrap());
    assert_eq!(status, 200, "{location}: {body}");
    body
}

#[test]
fn environments_are_shown_in_both_planes() {
    let emulator = emulator_of(
        "environment.test = { url = 'https://test.crm4.dynamics.com', name = 'test', kind = 'Sandbox', admin_mode = true }",
    );
    let list = "/environmentmanagement/environments?api-version=2024-10-01";
    let (status, body) = get(&emulator, list);
    assert_eq!(status, 200, "{body}");
    let first = &body["value"][0];
    for (property, value) in [
        ("id", ENVIRONMENT),
        ("url", "https://contoso.crm4.dynamics.com/"),
        ("dataverseId", "06a17c0d-0000-4000-8000-00000000000e"),
        ("state", "Ready"),
        ("type", "Production"),
        ("adminMode", "Disabled"),
        ("backgroundOperationsState", "Enabled"),
        ("domainName", "contoso"),
    ] {
        assert_eq!(first[property], value, "{property}");
    }
    for (options, expected) in [
        ("&$top=1", 1),
        ("&$skip=1", 1),
        ("&$filter=type%20eq%20'Sandbox'", 1),
        ("&$filter=startswith(displayName,'zzz')", 0),
        (&format!("&ids={ENVIRONMENT},x"), 1),
        ("", 2),
    ] {
        let (status, body) = get(&emulator, &format!("{list}{options}"));
        assert_eq!(
            (status, body["value"].as_array().map(Vec::len)),
            (200, Some(expected)),
            "{options}"
        );
    }
    let (_, body) = get(&emulator, &format!("{list}&$select=id&$orderby=id%20desc"));
    assert_eq!(body["value"][0].as_object().unwrap().len(), 1);
    for options in ["&$expand=x", "&$filter=id%20eq", "&$search=x"] {
        assert_eq!(get(&emulator, &format!("{list}{options}")).0, 400, "{options}");
    }
    let (_, body) = get(&emulator, &below("environmentmanagement", ""));
    assert_eq!(body["id"], ENVIRONMENT);
    let (status, body) = get(&emulator, "/environmentmanagement/environments/nobody?api-version=1");
    assert_eq!((status, &body["error"]["code"]), (404, &json!("EnvironmentNotFound")));
    let (_, body) = get(&emulator, &below("environmentmanagement", "/restoreCandidates"));
    assert_eq!(
        body["collection"].as_array().unwrap().len(),
        1,
        "only sandboxes: {body}"
    );

    let old = "/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments";
    let token = app(&emulator, OLD);
    let target = format!("{old}?$expand=properties.capacity&api-version=2023-06-01");
    let (status, body) = read(&send(&emulator, &Method::GET, &token, OLD, &target, ""));
    assert_eq!(status, 200, "{body}");
    let metadata = &body["value"][0]["properties"]["linkedEnvironmentMetadata"];
    assert_eq!(metadata["instanceApiUrl"], "https://contoso.api.crm4.dynamics.com");
    assert_eq!(metadata["uniqueName"], "orgc0n705000");
    assert_eq!(body["value"][1]["properties"]["states"]["runtime"]["id"], "AdminMode");
    let target = format!("{old}/{ENVIRONMENT}?api-version=2023-06-01");
    let (_, body) = read(&send(&emulator, &Method::GET, &token, OLD, &target, ""));
    assert_eq!(body["name"], ENVIRONMENT);
}

#[test]
fn a_backup_shows_when_it_can_be_restored() {
    let emulator = emulator();
    let path = below("environmentmanagement", "/backups");
    let labels = |emulator: &Emulator| {
        let (_, body) = get(emulator, &path);
        let all = body["collection"].as_array().unwrap().iter();
        all.map(|backup| backup["label"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        labels(&emulator),
        [Value::Null, json!("before the summer release")],
        "the newest first"
    );
    let (status, body, _) = post(&emulator, &path, r#"{"label": "before 4.8"}"#);
    assert_eq!((status, &body["label"]), (201, &json!("before 4.8")));
    assert_eq!(body["backupPointDateTime"], "2026-11-23T09:00:00Z");
    assert_eq!(body["backupExpiryDateTime"], "2026-12-21T09:00:00Z");
    let id = body["id"].as_str().unwrap().to_owned();
    assert_eq!(labels(&emulator).len(), 2, "not listed yet");
    let (status, body, _) = post(&emulator, &path, r#"{"label": "again"}"#);
    assert_eq!(
        (status, &body["errorDetail"]["code"]),
        (409, &json!("OperationNotStartable"))
    );
    wait(&emulator, 11);
    assert_eq!(labels(&emulator).len(), 2);
    wait(&emulator, 1);
    assert_eq!(labels(&emulator)[0], "before 4.8");
    let delete = |id: &str| {
        let target = below("environmentmanagement", &format!("/backups/{id}"));
        send(&emulator, &Method::DELETE, &app(&emulator, NEW), NEW, &target, "")
            .status
            .as_u16()
    };
    let (_, all) = get(&emulator, &path);
    let system = all["collection"][1]["id"].as_str().unwrap();
    assert_eq!(all["collection"][1]["label"], Value::Null);
    assert_eq!((delete(&id), delete(&id), delete(system)), (204, 400, 400));
    for body in ["", "{}", r#"{"label": " "}"#, "[]", "{"] {
        assert_eq!(post(&emulator, &path, body).0, 400, "{body}");
    }
    let default = emulator_of("environment.main.kind = 'Default'");
    let (status, body, _) = post(&default, &path, r#"{"label": "x"}"#);
    assert_eq!(
        (status, &body["errorDetail"]["code"]),
        (400, &json!("BackupNotSupported"))
    );
    wait(&emulator, 60 * 24 * 40);
    assert!(labels(&emulator).is_empty(), "backups end");
}

#[test]
fn operations_run_by_the_clock() {
    let emulator = emulator_of(
        "environment.main.operation.copy = { name = 'Copy', started = 2026-11-23T08:00:00Z, ends = 2026-11-23T09:30:00Z, outcome = 'Failed' }",
    );
    let path = below("environmentmanagement", "/operations");
    let (_, body) = get(&emulator, &path);
    let copy = &body["collection"][0];
    assert_eq!(
        (&copy["status"], &copy["endTime"]),
        (&json!("InProgress"), &Value::Null)
    );
    let (status, ..) = post(
        &emulator,
        &below("environmentmanagement", "/Disable"),
        r#"{"reason": "upgrade"}"#,
    );
    assert_eq!(status, 409);
    wait(&emulator, 30);
    let id = copy["operationId"].as_str().unwrap();
    for target in [
        below("environmentmanagement", &format!("/operations/{id}")),
        format!("/environmentmanagement/operations/{id}?api-version=2024-10-01"),
    ] {
        let (_, body) = get(&emulator, &target);
        assert_eq!(
            (&body["status"], &body["endTime"]),
            (&json!("Failed"), &json!("2026-11-23T09:30:00Z"))
        );
        assert_eq!(body["errorDetail"]["code"], "OperationFailed");
    }
    let mode = |emulator: &Emulator| get(emulator, &below("environmentmanagement", "")).1["adminMode"].clone();
    let (status, _, location) = post(
        &emulator,
        &below("environmentmanagement", "/Disable"),
        r#"{"reason": "upgrade"}"#,
    );
    assert_eq!((status, mode(&emulator)), (202, json!("Disabled")));
    let location = location.unwrap();
    assert_eq!(follow(&emulator, &location)["status"], "InProgress");
    wait(&emulator, 1);
    assert_eq!(
        (&follow(&emulator, &location)["status"], mode(&emulator)),
        (&json!("Succeeded"), json!("Enabled"))
    );
    assert_eq!(post(&emulator, &below("environmentmanagement", "/Enable"), "").0, 202);
    wait(&emulator, 1);
    assert_eq!(mode(&emulator), "Disabled");
    let (_, first) = get(&emulator, &below("environmentmanagement", "/operations?limit=2"));
    assert_eq!(first["collection"][0]["name"], "Enable");
    let token = first["continuationToken"].as_str().unwrap();
    let next = below(
        "environmentmanagement",
        &format!("/operations?limit=2&continuationToken={token}"),
    );
    let (_, second) = get(&emulator, &next);
    assert_eq!(
        (second["collection"][0]["name"].as_str(), &second["continuationToken"]),
        (Some("Copy"), &Value::Null)
    );
    assert_eq!(
        get(&emulator, &below("environmentmanagement", "/operations/none")).0,
        404
    );
    assert_eq!(
        get(&emulator, &below("environmentmanagement", "/operations?limit=x")).0,
        400
    );
}

#[test]
fn an_administrator_elevates_himself_and_nobody_else() {
    let elevate = |emulator: &Emulator, token: &str| {
        let target = below("usermanagement", "/user/applyAdminRole");
        send(emulator, &Method::POST, token, NEW, &target, "").status.as_u16()
    };
    let holds = |emulator: &Emulator| {
        emulator.read(|state| {
            let tables = &state.environments[0].tables;
            let user = tables
                .find("systemusers", "azureactivedirectoryobjectid", ADMIN)
                .unwrap();
            tables
                .linked_from("systemuserroles_association", user["systemuserid"].as_str().unwrap())
                .count()
        })
    };
    let emulator = emulator();
    assert_eq!(elevate(&emulator, &app(&emulator, NEW)), 403, "an application cannot");
    let reader = testing::user_in_roles(&emulator, (ADMIN, "admin"), NEW, "UserManagement.Users.Apply", &[]);
    assert_eq!(elevate(&emulator, &reader), 403, "no administrator");
    let scopeless = testing::user_in_roles(&emulator, (ADMIN, "admin"), NEW, "other", &[GLOBAL]);
    assert_eq!(elevate(&emulator, &scopeless), 403, "no scope");
    assert_eq!(holds(&emulator), 0);
    assert_eq!(
        (elevate(&emulator, &person(&emulator, NEW)), holds(&emulator)),
        (200, 1)
    );
    assert_eq!(
        (elevate(&emulator, &person(&emulator, NEW)), holds(&emulator)),
        (200, 1),
        "again"
    );
    wait(&emulator, 60 * 24 * 300);
    assert_eq!(holds(&emulator), 1, "a standing role stays");
    let stranger = ("b4ea6000-0000-4000-8000-000000000003", "break-glass");
    let token = testing::user_in_roles(&emulator, stranger, NEW, ALL_SCOPES, &[GLOBAL]);
    assert_eq!(
        elevate(&emulator, &token),
        200,
        "whom the environment does not know yet becomes a user"
    );
    let modes = emulator.read(|state| {
        let tables = &state.environments[0].tables;
        let user = tables
            .find("systemusers", "azureactivedirectoryobjectid", stranger.0)
            .unwrap();
        (user["accessmode"].clone(), user["islicensed"].clone())
    });
    assert_eq!(modes, (1.into(), false.into()), "and only administers");

    let activated = emulator_of(
        "role_assignment.admin = { kind = 'activated', since = 2026-11-23T08:00:00Z, ends = 2026-11-23T16:00:00Z }",
    );
    assert_eq!(
        (elevate(&activated, &person(&activated, NEW)), holds(&activated)),
        (200, 1)
    );
    // The activation ends at four, and Dataverse hears of it two minutes later.
    wait(&activated, 60 * 7 + 3);
    let _ = get(&activated, "/environmentmanagement/environments?api-version=1");
    assert_eq!(holds(&activated), 0, "it ends with the activation");
}

#[test]
fn an_application_is_registered_by_a_person_once() {
    let emulator = emulator_of("app.reader.power_platform = false");
    let list = "/environmentmanagement/environments?api-version=2024-10-01";
    assert_eq!(get(&emulator, list).0, 403);
    let target = format!("/providers/Microsoft.BusinessAppPlatform/adminApplications/{READER}?api-version=2020-10-01");
    let admin = |method: Method, token: &str| read(&send(&emulator, &method, token, OLD, &target, "{}"));
    let (own, persons) = (app(&emulator, OLD), person(&emulator, OLD));
    assert_eq!(admin(Method::PUT, &own).0, 403, "not by itself");
    assert_eq!(admin(Method::GET, &persons).0, 404);
    assert_eq!(admin(Method::PUT, &persons), (200, json!({"applicationId": READER})));
    assert_eq!(admin(Method::GET, &own).0, 200);
    assert_eq!(get(&emulator, list).0, 200);
    let all = "/providers/Microsoft.BusinessAppPlatform/adminApplications?api-version=2020-10-01";
    let (_, body) = read(&send(&emulator, &Method::GET, &persons, OLD, all, ""));
    assert_eq!(body["value"][0]["applicationId"], READER);
    assert_eq!(
        (admin(Method::DELETE, &persons).0, admin(Method::DELETE, &persons).0),
        (200, 404)
    );
    assert_eq!(get(&emulator, list).0, 403);
    let wrong = "/providers/Microsoft.BusinessAppPlatform/adminApplications/x?api-version=2020-10-01";
    assert_eq!(
        send(&emulator, &Method::PUT, &persons, OLD, wrong, "").status.as_u16(),
        400
    );
}

#[test]
fn tokens_versions_and_the_unknown() {
    let emulator = emulator();
    let list = "/environmentmanagement/environments?api-version=2024-10-01";
    assert_eq!(send(&emulator, &Method::GET, "", NEW, list, "").status.as_u16(), 401);
    assert_eq!(
        send(&emulator, &Method::GET, &app(&emulator, OLD), NEW, list, "")
            .status
            .as_u16(),
        401
    );
    assert_eq!(
        send(&emulator, &Method::GET, &person(&emulator, NEW), NEW, list, "")
            .status
            .as_u16(),
        200
    );
    let (status, body) = get(&emulator, "/environmentmanagement/environments");
    assert_eq!(
        (status, &body["error"]["code"]),
        (400, &json!("MissingApiVersionParameter"))
    );
    for target in [
        below("environmentmanagement", "/settings"),
        below("environmentmanagement", "/restore"),
        "/usermanagement/environments?api-version=1".to_owned(),
    ] {
        let (status, body) = get(&emulator, &target);
        assert_eq!(status, 501, "{target}");
        assert!(
            body["error"]["message"].as_str().unwrap().contains("no operation GET"),
            "{body}"
        );
    }
    let two = include_str!("../../worlds/two-tenants.toml");
    let two = Emulator::from_world(&World::parse(two, "two-tenants.toml").unwrap());
    let partner = two.tenants().nth(1).unwrap();
    let foreign = testing::user_in_roles(&partner, (ADMIN, "x"), NEW, ALL_SCOPES, &[GLOBAL]);
    let (status, body) = read(&send(&two, &Method::GET, &foreign, NEW, list, ""));
    assert_eq!(
        (status, &body["value"]),
        (200, &json!([])),
        "the partner tenant has no environment"
    );
    let target = below("environmentmanagement", "");
    assert_eq!(
        send(&two, &Method::GET, &foreign, NEW, &target, "").status.as_u16(),
        404
    );
}
