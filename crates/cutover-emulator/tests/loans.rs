//! Loans from their beginning to their end, by a person with real tokens: what each service refuses and when it lets go.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use cutover_emulator::audit::{By, Holdings};
use cutover_emulator::exchange::Call;
use cutover_emulator::{Emulator, World};
use http::{Method, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

const GRAPH: &str = "https://graph.microsoft.com";
const DATAVERSE: &str = "https://contoso.crm4.dynamics.com";
const POWER_PLATFORM: &str = "https://api.powerplatform.com";
const ADMIN: &str = "a11ce000-0000-4000-8000-000000000001";
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const SALES: &str = "1e1a282c-9c54-43a2-9310-98ef728faace";
const REQUESTS: &str = "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests";
const LOAN: &str = "role/Global Administrator/admin@contoso.onmicrosoft.com";
const USER: &str = "contoso.crm4.dynamics.com/user/admin@contoso.onmicrosoft.com";
const SYSTEM_ADMINISTRATOR: &str =
    "contoso.crm4.dynamics.com/role/admin@contoso.onmicrosoft.com/System Administrator of orgc0n705000";

fn world(name: &str) -> Emulator {
    Emulator::from_world(&World::built_in(name).unwrap())
}

fn wait(emulator: &Emulator, minutes: i64) {
    emulator.clock().advance(SignedDuration::from_mins(minutes));
}

/// A new access token of Alice, who signed in once.
fn token(emulator: &Emulator, resource: &str) -> String {
    let form = format!(
        "grant_type=refresh_token&client_id=c07e7000-0000-4000-8000-00000000000d\
         &refresh_token=emulated-refresh-token-of-the-administrator&scope={resource}/.default"
    );
    let place = "/contoso.onmicrosoft.com/oauth2/v2.0/token";
    let reply = emulator.answer(&Call::new(Method::POST, "https://login.microsoftonline.com", place).with_body(form));
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let token = body["access_token"].as_str();
    token.unwrap_or_else(|| panic!("no token: {body}")).to_owned()
}

fn send(emulator: &Emulator, token: &str, method: Method, origin: &str, target: &str, body: &Value) -> (u16, Value) {
    let call = Call::new(method, origin, target)
        .with(header::AUTHORIZATION, &format!("Bearer {token}"))
        .with(header::CONTENT_TYPE, "application/json")
        .with_body(if body.is_null() {
            String::new()
        } else {
            body.to_string()
        });
    let reply = emulator.answer(&call);
    (
        reply.status.as_u16(),
        serde_json::from_slice(&reply.body).unwrap_or(Value::Null),
    )
}

fn graph(emulator: &Emulator, method: Method, target: &str, body: &Value) -> (u16, Value) {
    send(emulator, &token(emulator, GRAPH), method, GRAPH, target, body)
}

fn role(action: &str, principal: &str, duration: &str) -> Value {
    json!({
        "action": action, "principalId": principal, "roleDefinitionId": GLOBAL, "directoryScopeId": "/",
        "justification": "upgrade", "scheduleInfo": {"expiration": {"type": "afterDuration", "duration": duration}},
    })
}

fn ask(emulator: &Emulator, action: &str, duration: &str) -> (u16, Value) {
    graph(emulator, Method::POST, REQUESTS, &role(action, ADMIN, duration))
}

/// What is not as it was.
fn changed(start: &Holdings, emulator: &Emulator) -> Vec<String> {
    let now = emulator.holdings();
    start.differences(&now).map(|(object, ..)| object.to_owned()).collect()
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"]["code"].as_str().unwrap_or_default())
}

fn licence(emulator: &Emulator, add: bool) -> (u16, Value) {
    let body = if add {
        json!({"addLicenses": [{"skuId": SALES, "disabledPlans": []}], "removeLicenses": []})
    } else {
        json!({"addLicenses": [], "removeLicenses": [SALES]})
    };
    graph(
        emulator,
        Method::POST,
        &format!("/v1.0/users/{ADMIN}/assignLicense"),
        &body,
    )
}

fn elevate(emulator: &Emulator, token: &str) -> u16 {
    let target = "/usermanagement/environments/e0710000-0000-4000-8000-00000000000f/user/applyAdminRole?api-version=1";
    send(emulator, token, Method::POST, POWER_PLATFORM, target, &Value::Null).0
}

/// Alice takes System Administrator from herself.
fn resign(emulator: &Emulator) -> (u16, Value) {
    let token = token(emulator, DATAVERSE);
    let get = |target: &str| send(emulator, &token, Method::GET, DATAVERSE, target, &Value::Null).1;
    let me = get("/api/data/v9.2/WhoAmI()")["UserId"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let template = "627090ff-40a3-4053-8790-584edc5be201";
    let roles = get(&format!(
        "/api/data/v9.2/roles?$select=roleid&$filter=_roletemplateid_value%20eq%20{template}"
    ));
    let id = roles["value"][0]["roleid"].as_str().unwrap_or_default();
    let target = format!("/api/data/v9.2/systemusers({me})/systemuserroles_association({id})/$ref");
    send(emulator, &token, Method::DELETE, DATAVERSE, &target, &Value::Null)
}

#[test]
fn a_role_is_activated_shows_in_new_tokens_and_goes_back() {
    let emulator = world("to-apply");
    let start = emulator.holdings();
    let before = token(&emulator, POWER_PLATFORM);
    assert_eq!(ask(&emulator, "selfActivate", "PT4H").0, 201);
    assert_eq!(
        elevate(&emulator, &before),
        403,
        "a token says what was so when it was issued"
    );
    let after = token(&emulator, POWER_PLATFORM);
    assert_eq!(elevate(&emulator, &after), 200);
    assert!(emulator.holdings().get(SYSTEM_ADMINISTRATOR).is_some());
    // Contracts, section 2: five minutes at least; section 7.4: 0x80041d64.
    assert_eq!(
        code(&ask(&emulator, "selfDeactivate", "PT4H")),
        (400, "ActiveDurationTooShort")
    );
    assert_eq!(code(&resign(&emulator)), (400, "0x80041d64"));
    wait(&emulator, 6);
    assert_eq!(ask(&emulator, "selfDeactivate", "PT4H").0, 201);
    assert_eq!(
        code(&ask(&emulator, "selfDeactivate", "PT4H")),
        (400, "RoleAssignmentDoesNotExist")
    );
    assert_eq!(
        code(&resign(&emulator)),
        (400, "0x80041d64"),
        "Dataverse does not know it yet"
    );
    wait(&emulator, 3);
    assert_eq!(emulator.holdings(), start, "what came by elevation goes with the role");
    let last = emulator.audit().entries().pop().unwrap();
    assert_eq!((last.object.as_str(), last.by), (SYSTEM_ADMINISTRATOR, By::Sync));
}

#[test]
fn elevation_that_stays_is_given_back_once_dataverse_knows() {
    let emulator = world("elevation-stays");
    let start = emulator.holdings();
    assert_eq!(ask(&emulator, "selfActivate", "PT1H").0, 201);
    assert_eq!(elevate(&emulator, &token(&emulator, POWER_PLATFORM)), 200);
    wait(&emulator, 61);
    assert_eq!(code(&resign(&emulator)), (400, "0x80041d64"));
    wait(&emulator, 2);
    assert_eq!(resign(&emulator).0, 204);
    assert_eq!(emulator.holdings(), start);
}

#[test]
fn the_last_system_administrator_stays() {
    let emulator = world("last-system-administrator");
    assert_eq!(ask(&emulator, "selfActivate", "PT30M").0, 201);
    assert_eq!(elevate(&emulator, &token(&emulator, POWER_PLATFORM)), 200);
    emulator.write(|state| state.elevations.clear());
    wait(&emulator, 40);
    assert_eq!(code(&resign(&emulator)), (400, "0x80041d30"));
}

#[test]
fn approvers_say_yes_no_or_nothing() {
    for (name, status, held) in [
        ("approval-needed", "Provisioned", true),
        ("approval-denied", "Denied", false),
        ("approval-silent", "PendingApproval", false),
    ] {
        let emulator = world(name);
        let asked = ask(&emulator, "selfActivate", "PT1H");
        assert_eq!(
            (asked.0, &asked.1["status"]),
            (201, &json!("PendingApproval")),
            "{name}"
        );
        assert_eq!(
            code(&ask(&emulator, "selfActivate", "PT1H")),
            (400, "PendingRoleAssignmentRequest")
        );
        wait(&emulator, 11);
        assert_eq!(emulator.holdings().get(LOAN).is_some(), held, "{name}");
        let id = asked.1["id"].as_str().unwrap();
        let now = graph(&emulator, Method::GET, &format!("{REQUESTS}/{id}"), &Value::Null);
        assert_eq!(now.1["status"], status, "{name}");
        if held {
            let ends = emulator.holdings().get(LOAN).unwrap()["ends"].clone();
            assert_eq!(ends, "2026-11-23T10:10:00Z", "an hour from the approval");
        }
    }
    let emulator = world("approval-needed");
    let asked = ask(&emulator, "selfActivate", "PT1H");
    let id = asked.1["id"].as_str().unwrap();
    assert_eq!(
        graph(
            &emulator,
            Method::POST,
            &format!("{REQUESTS}/{id}/cancel"),
            &Value::Null
        )
        .0,
        204
    );
    wait(&emulator, 11);
    assert!(
        emulator.holdings().get(LOAN).is_none(),
        "nobody approves what was withdrawn"
    );
}

#[test]
fn a_role_has_rules() {
    let emulator = world("strict-role-policy");
    let refused = ask(&emulator, "selfActivate", "PT4H");
    assert_eq!(code(&refused), (400, "RoleAssignmentRequestPolicyValidationFailed"));
    let text = refused.1["error"]["message"].as_str().unwrap();
    assert!(text.contains(r#"["ExpirationRule","TicketingRule"]"#), "{text}");
    let mut right = role("selfActivate", ADMIN, "PT1H");
    right["ticketInfo"] = json!({"ticketNumber": "4711", "ticketSystem": "x"});
    right["isValidationOnly"] = json!(true);
    let start = emulator.holdings();
    assert_eq!(graph(&emulator, Method::POST, REQUESTS, &right).0, 201);
    assert_eq!(emulator.holdings(), start, "a validation stores nothing");
    right["isValidationOnly"] = json!(false);
    assert_eq!(graph(&emulator, Method::POST, REQUESTS, &right).0, 201);
    // GD unifiedrolemanagementpolicy: the clock ends it.
    wait(&emulator, 61);
    assert!(emulator.holdings().get(LOAN).is_none());
}

#[test]
fn without_privileged_identity_management_a_role_is_assigned_and_taken() {
    let emulator = world("plain-assignment");
    let owner = "c0117e00-0000-4000-8000-000000000004";
    assert_eq!(
        code(&ask(&emulator, "adminAssign", "PT1H")),
        (400, "AadPremiumLicenseRequired")
    );
    let start = emulator.holdings();
    let body = json!({"principalId": owner, "roleDefinitionId": GLOBAL, "directoryScopeId": "/"});
    let assignments = "/v1.0/roleManagement/directory/roleAssignments";
    let (status, made) = graph(&emulator, Method::POST, assignments, &body);
    assert_eq!(status, 201);
    assert_eq!(
        code(&graph(&emulator, Method::POST, assignments, &body)),
        (400, "Request_BadRequest")
    );
    let target = format!("{assignments}/{}", made["id"].as_str().unwrap());
    assert_eq!(graph(&emulator, Method::DELETE, &target, &Value::Null).0, 204);
    assert_eq!(emulator.holdings(), start);
}

#[test]
fn a_role_comes_and_goes_with_a_group() {
    let emulator = world("role-group");
    let start = emulator.holdings();
    let groups = graph(
        &emulator,
        Method::GET,
        "/v1.0/groups?$filter=displayName%20eq%20'Platform%20administrators'",
        &Value::Null,
    );
    let group = groups.1["value"][0]["id"].as_str().unwrap().to_owned();
    let body = json!({"@odata.id": format!("{GRAPH}/v1.0/directoryObjects/{ADMIN}")});
    assert_eq!(
        graph(
            &emulator,
            Method::POST,
            &format!("/v1.0/groups/{group}/members/$ref"),
            &body
        )
        .0,
        204
    );
    assert_eq!(elevate(&emulator, &token(&emulator, POWER_PLATFORM)), 200);
    let target = format!("/v1.0/groups/{group}/members/{ADMIN}");
    assert_eq!(
        graph(&emulator, Method::DELETE, &format!("{target}/$ref"), &Value::Null).0,
        204
    );
    let left = changed(&start, &emulator);
    assert_eq!(
        left,
        [SYSTEM_ADMINISTRATOR],
        "a role through a group came without an end: the elevation stays"
    );
}

#[test]
fn a_licence_is_provisioned_then_known_and_taken_again() {
    let emulator = world("owner-of-processes");
    assert_eq!(ask(&emulator, "selfActivate", "PT4H").0, 201);
    let start = emulator.holdings();
    assert_eq!(licence(&emulator, true).0, 200);
    let plan = "user/admin@contoso.onmicrosoft.com/plan/DYN365_ENTERPRISE_SALES/DYN365_ENTERPRISE_SALES";
    let plans = |emulator: &Emulator| emulator.holdings().get(plan).cloned().unwrap();
    assert_eq!(plans(&emulator), "PendingProvisioning");
    wait(&emulator, 2);
    assert_eq!(plans(&emulator), "Success");
    let known = |emulator: &Emulator| emulator.holdings().get(USER).cloned().unwrap();
    assert_eq!(known(&emulator)["licensed"], false);
    wait(&emulator, 12);
    assert_eq!(
        (&known(&emulator)["licensed"], &known(&emulator)["accessMode"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(licence(&emulator, false).0, 200);
    wait(&emulator, 13);
    let left = changed(&start, &emulator);
    assert_eq!(
        left,
        ["contoso.crm4.dynamics.com/process/Remind of renewals"],
        "the process stopped"
    );
}

#[test]
fn a_licence_that_goes_may_disable_the_user() {
    let emulator = world("licence-taken-disables");
    assert_eq!(ask(&emulator, "selfActivate", "PT4H").0, 201);
    assert_eq!(licence(&emulator, true).0, 200);
    wait(&emulator, 15);
    assert_eq!(licence(&emulator, false).0, 200);
    wait(&emulator, 15);
    assert_eq!(emulator.holdings().get(USER).unwrap()["disabled"], true);
    let answer = send(
        &emulator,
        &token(&emulator, DATAVERSE),
        Method::GET,
        DATAVERSE,
        "/api/data/v9.2/WhoAmI()",
        &Value::Null,
    );
    assert_eq!(code(&answer), (403, "0x8004a112"));
}

#[test]
fn licences_are_refused_with_their_words() {
    // Contracts, section 3: all of them 400 Request_BadRequest, told apart by their words.
    for (name, add, words) in [
        ("usage-location-missing", true, "invalid usage location"),
        ("no-seat-to-lend", true, "does not have any available licenses"),
        ("conflicting-plans", true, "conflicting service plans"),
        ("borrower-inherits-licence", false, "inherited from a group membership"),
    ] {
        let emulator = world(name);
        assert_eq!(ask(&emulator, "selfActivate", "PT4H").0, 201, "{name}");
        let start = emulator.holdings();
        let refused = licence(&emulator, add);
        assert_eq!(code(&refused), (400, "Request_BadRequest"), "{name}");
        let text = refused.1["error"]["message"].as_str().unwrap();
        assert!(text.contains(words), "{name}: {text}");
        assert_eq!(emulator.holdings(), start, "{name}");
    }
}

#[test]
fn a_role_is_shown_late_and_is_there_at_once() {
    let emulator = world("role-shown-late");
    assert_eq!(ask(&emulator, "selfActivate", "PT4H").0, 201);
    assert_eq!(
        code(&ask(&emulator, "selfActivate", "PT4H")),
        (400, "RoleAssignmentExists")
    );
    let shown = |emulator: &Emulator| {
        let address = format!(
            "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances?$filter=principalId%20eq%20'{ADMIN}'%20and%20\
             roleDefinitionId%20eq%20'{GLOBAL}'"
        );
        let instances = graph(emulator, Method::GET, &address, &Value::Null).1;
        instances["value"].as_array().unwrap().len()
    };
    assert_eq!((shown(&emulator), emulator.holdings().get(LOAN).is_some()), (0, true));
    wait(&emulator, 6);
    assert_eq!(shown(&emulator), 1);
}
