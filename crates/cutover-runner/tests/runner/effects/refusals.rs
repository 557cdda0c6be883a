//! What Microsoft refuses, and what others do meanwhile.

use cutover_core::machine::{Outcome, Retry, StepState, Way};
use cutover_core::plan::Action;
use cutover_core::plan::action::*;
use cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR;
use cutover_emulator::faults::{Fault, FaultKind};
use cutover_emulator::state::State;
use cutover_runner::carry_out::{Attempt, Effects};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::examples::{ADMIN, SALES, SERVICE, TEAM, example, setting, stage, whom};
use super::made::assert_same;
use super::stage::{OPERATOR, Stage, assign_role, row};
use crate::harness::block_on;

fn of(is: impl Fn(&Action) -> bool) -> Stage {
    stage(example(is))
}

fn take_back(stage: &Stage, standing: &StepState) -> Outcome {
    match block_on(stage.effects.take_back(stage.step(), standing, stage.key())) {
        Attempt::Ended(outcome) => outcome,
        pending @ Attempt::Pending { .. } => panic!("{pending:?}"),
    }
}

/// Refused for now, with these words; when it may be tried again.
fn later(outcome: Outcome, words: &str) -> Timestamp {
    match outcome {
        Outcome::Refused {
            why,
            retry: Retry::At(at),
        } if why.contains(words) => at,
        other => panic!("wanted {words:?}: {other:?}"),
    }
}

fn never(attempt: Attempt, words: &str) {
    match attempt {
        Attempt::Ended(Outcome::Refused {
            why,
            retry: Retry::Never,
        }) if why.contains(words) => {}
        other => panic!("wanted {words:?}: {other:?}"),
    }
}

fn user(state: &mut State, id: uuid::Uuid) -> &mut cutover_emulator::state::Row {
    let user = state.directory.find_mut("users", "id", &id.to_string());
    user.expect("the user")
}

#[test]
fn an_activation_ends_after_five_minutes_and_not_before() {
    let stage = of(|action| matches!(action, Action::ActivateDirectoryRole(_)));
    let begun = stage.tenant.emulator.clock().now();
    let standing = stage.made();
    let at = later(take_back(&stage, &standing), "within its first five minutes");
    let waited = at.duration_since(begun);
    assert!(
        waited >= SignedDuration::from_mins(5) && waited < SignedDuration::from_mins(6),
        "{waited}"
    );
    stage.wait_until(at);
    assert!(matches!(take_back(&stage, &standing), Outcome::Done { .. }));
}

#[test]
fn a_removal_that_was_denied_and_done_is_done() {
    for stage in [
        of(|action| matches!(action, Action::ActivateDirectoryRole(_))),
        of(|action| matches!(action, Action::AssignDirectoryRole(_))),
    ] {
        let standing = stage.made();
        stage.tenant.emulator.clock().advance(SignedDuration::from_mins(6));
        stage.tenant.emulator.faults().add(Fault::of(FaultKind::RemovalDenied));
        let outcome = take_back(&stage, &standing);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
}

#[test]
fn an_activation_that_ends_by_itself_is_gone() {
    let stage = of(|action| matches!(action, Action::ActivateDirectoryRole(_)));
    let standing = stage.made();
    stage.tenant.emulator.clock().advance(SignedDuration::from_hours(5));
    let outcome = take_back(&stage, &standing);
    assert!(matches!(outcome, Outcome::AlreadySo { .. }), "{outcome:?}");
}

fn demand_approval(state: &mut State) {
    let role = GLOBAL_ADMINISTRATOR.to_string();
    let policy = state
        .directory
        .find_mut("roleManagementPolicyAssignments", "roleDefinitionId", &role)
        .expect("its policy");
    let rules = policy["policy"]["rules"].as_array_mut().expect("its rules");
    let approval = rules
        .iter_mut()
        .find(|rule| rule["id"] == "Approval_EndUser_Assignment");
    approval.expect("the rule")["setting"]["isApprovalRequired"] = json!(true);
}

#[test]
fn an_activation_waits_for_its_approval_and_is_withdrawn_when_it_is_given_up() {
    let stage = of(|action| matches!(action, Action::ActivateDirectoryRole(_)));
    stage.meanwhile(demand_approval);
    let before = stage.holds();
    let (standing, attempt) = stage.attempted();
    let Attempt::Pending { for_what, .. } = &attempt else {
        panic!("{attempt:?}");
    };
    assert!(for_what.contains("approves"), "{for_what}");
    let settled = block_on(stage.effects.settle(stage.step(), Way::Do, &standing));
    assert!(matches!(settled, Attempt::Pending { .. }), "{settled:?}");

    let outcome = stage.taken_back(&standing);
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    assert_same(&stage, &before, "the request is withdrawn");
    let status = stage.tenant.emulator.read(|state| {
        let requests = state.directory.rows("roleAssignmentScheduleRequests");
        requests.last().expect("the request")["status"].clone()
    });
    assert_eq!(status, "Canceled");
}

#[test]
fn a_denied_request_is_no_loan() {
    let stage = of(|action| matches!(action, Action::ActivateDirectoryRole(_)));
    stage.meanwhile(demand_approval);
    let (standing, _) = stage.attempted();
    stage.meanwhile(|state| {
        let id = state.directory.rows("roleAssignmentScheduleRequests")[0]["id"].clone();
        let id = id.as_str().expect("an id").to_owned();
        let request = state.directory.find_mut("roleAssignmentScheduleRequests", "id", &id);
        request
            .expect("the request")
            .insert("status".to_owned(), json!("Denied"));
    });
    never(
        block_on(stage.effects.settle(stage.step(), Way::Do, &standing)),
        "ended as Denied",
    );
}

#[test]
fn an_assignment_of_somebody_else_stays() {
    let stage = of(|action| matches!(action, Action::AssignDirectoryRole(_)));
    let looked = block_on(stage.effects.look(stage.step())).expect("a look");
    let other = json!({
        "id": "of somebody else", "principalId": ADMIN, "roleDefinitionId": GLOBAL_ADMINISTRATOR,
        "directoryScopeId": "/", "roleAssignmentScheduleId": "of somebody else", "assignmentType": "Assigned",
        "memberType": "Direct", "startDateTime": "2026-11-23T09:00:00Z", "endDateTime": null,
    });
    stage.meanwhile(|state| state.directory.insert("roleAssignmentScheduleInstances", row(other)));
    let held = stage.holds();
    let attempt = block_on(stage.effects.make(stage.step(), &looked.value, stage.key()));
    assert!(
        matches!(attempt, Attempt::Ended(Outcome::AlreadySo { .. })),
        "{attempt:?}"
    );
    let standing = StepState {
        before: Some(looked.value),
        touched: true,
        ..StepState::default()
    };
    let outcome = take_back(&stage, &standing);
    assert!(matches!(outcome, Outcome::NotOurs { .. }), "{outcome:?}");
    assert_same(&stage, &held, "it stays");
}

#[test]
fn without_the_licence_for_it_nothing_ends_by_itself_and_that_is_said() {
    let Action::AssignDirectoryRole(action) = example(|action| matches!(action, Action::AssignDirectoryRole(_))) else {
        unreachable!("the example");
    };
    let action = Action::AssignDirectoryRole(action);
    let mut setting = setting(&action);
    setting.world = "without-pim";
    let stage = Stage::new(&setting, action);
    let cannot = block_on(stage.effects.look(stage.step())).expect_err("no look without the licence");
    assert!(cannot.why.contains("Entra ID P2"), "{}", cannot.why);
}

#[test]
fn the_last_global_administrator_stays_until_there_is_another() {
    let stage = of(|action| matches!(action, Action::AssignStandingDirectoryRole(_)));
    let standing = stage.made();
    let others = |state: &mut State, present: bool| {
        let holders: Vec<String> = state
            .directory
            .rows("roleAssignments")
            .iter()
            .filter(|row| row["roleDefinitionId"] == json!(GLOBAL_ADMINISTRATOR) && row["principalId"] != json!(ADMIN))
            .map(|row| row["id"].as_str().expect("an id").to_owned())
            .collect();
        for id in holders {
            state.directory.remove("roleAssignments", "id", &id);
        }
        if present {
            assign_role(state, OPERATOR, GLOBAL_ADMINISTRATOR);
        }
    };
    // Whoever returns it may read who holds it, and holds another role.
    let privileged = cutover_core::reading::directory_roles::PRIVILEGED_ROLE_ADMINISTRATOR;
    stage.meanwhile(|state| {
        others(state, false);
        assign_role(state, OPERATOR, privileged);
    });
    let written = stage.written();
    let at = later(take_back(&stage, &standing), "the last one is never taken away");
    assert_eq!(stage.written(), written, "nothing is sent");
    stage.meanwhile(|state| others(state, true));
    stage.wait_until(at);
    assert!(matches!(take_back(&stage, &standing), Outcome::Done { .. }));
}

#[test]
fn dataverse_keeps_an_administrator_of_the_tenant_until_entra_lets_go() {
    let action = example(|action| matches!(action, Action::AssignSecurityRole(_)));
    let stage = stage(action);
    let standing = stage.made();
    stage.meanwhile(|state| assign_role(state, SERVICE, GLOBAL_ADMINISTRATOR));
    let at = later(take_back(&stage, &standing), "whose role in Entra ends first");
    stage.meanwhile(|state| {
        let id = format!("given {GLOBAL_ADMINISTRATOR}");
        state.directory.rows("roleAssignments");
        while state.directory.remove("roleAssignments", "id", &id) > 0 {}
        assign_role(state, OPERATOR, GLOBAL_ADMINISTRATOR);
    });
    stage.wait_until(at);
    assert!(matches!(take_back(&stage, &standing), Outcome::Done { .. }));
}

#[test]
fn the_last_system_administrator_is_never_forced_out() {
    let stage = of(|action| matches!(action, Action::AssignSecurityRole(_)));
    let standing = stage.made();
    stage.meanwhile(|state| {
        let tables = &mut state.environments[0].tables;
        let others = ["Carla Owner", "Olga Operator"];
        for name in others {
            let user = tables.find_mut("systemusers", "fullname", name).expect("the row");
            // The operator goes on as one whom the rule does not count.
            if name == "Carla Owner" {
                user.insert("isdisabled".to_owned(), json!(true));
            }
        }
        let holders: Vec<String> = tables
            .links()
            .filter(|(relation, from, _)| *relation == "systemuserroles_association" && *from == OPERATOR.to_string())
            .map(|(_, _, to)| to.to_owned())
            .collect();
        for role in holders {
            tables.unlink("systemuserroles_association", &OPERATOR.to_string(), &role);
        }
    });
    // Without any right of his own the operator is refused before the rule is reached; either way nothing is forced.
    let outcome = take_back(&stage, &standing);
    assert!(
        matches!(
            outcome,
            Outcome::Refused {
                retry: Retry::At(_),
                ..
            }
        ),
        "{outcome:?}"
    );
    assert!(block_on(stage.effects.look(stage.step())).is_err() || !stage.written().is_empty());
}

#[test]
fn consent_is_added_to_what_was_there_and_goes_back_word_for_word() {
    let stage = of(|action| matches!(action, Action::GrantConsent(_)));
    let old = " Mail.Read   user.read ";
    let grant = |state: &mut State, change: Option<&str>| -> String {
        let rows = state.directory.rows("oauth2PermissionGrants").to_vec();
        let work365 = state
            .directory
            .find("servicePrincipals", "displayName", "Work 365")
            .expect("the app")["id"]
            .clone();
        let graph = state
            .directory
            .find("servicePrincipals", "displayName", "Microsoft Graph")
            .expect("the API")["id"]
            .clone();
        let found = rows
            .iter()
            .find(|row| row["clientId"] == work365 && row["resourceId"] == graph)
            .expect("the grant");
        let id = found["id"].as_str().expect("an id").to_owned();
        let row = state
            .directory
            .find_mut("oauth2PermissionGrants", "id", &id)
            .expect("the grant");
        if let Some(scope) = change {
            row.insert("scope".to_owned(), json!(scope));
        }
        row["scope"].as_str().expect("a scope").to_owned()
    };
    stage.meanwhile(|state| {
        grant(state, Some(old));
    });
    let standing = stage.made();
    let mut now = String::new();
    stage.meanwhile(|state| now = grant(state, None));
    assert_eq!(
        now, " Mail.Read   user.read offline_access",
        "what was granted in another case is not granted again"
    );
    stage.taken_back(&standing);
    stage.meanwhile(|state| now = grant(state, None));
    assert_eq!(now, old);

    let standing = stage.made();
    stage.meanwhile(|state| {
        grant(state, Some(" Mail.Read   user.read offline_access Files.Read"));
    });
    let outcome = take_back(&stage, &standing);
    assert!(matches!(outcome, Outcome::NotOurs { .. }), "{outcome:?}");
}

#[test]
fn a_licence_needs_a_place_and_a_seat() {
    let licence = |action: &Action| matches!(action, Action::AssignLicence(_));
    let stage = of(licence);
    stage.meanwhile(|state| {
        user(state, ADMIN).insert("usageLocation".to_owned(), Value::Null);
    });
    never(stage.attempted().1, "usage location");

    let stage = of(licence);
    stage.meanwhile(|state| {
        let sku = state
            .directory
            .find_mut("subscribedSkus", "skuId", &SALES.to_string())
            .expect("the SKU");
        sku.insert(
            "prepaidUnits".to_owned(),
            json!({"enabled": 0, "warning": 0, "suspended": 0, "lockedOut": 0}),
        );
    });
    let before = stage.holds();
    never(stage.attempted().1, "available licenses");
    assert_same(&stage, &before, "nothing is taken when nothing is given");
}

#[test]
fn a_swap_goes_and_comes_back_in_one_call() {
    let stage = of(|action| matches!(action, Action::AssignLicence(_)));
    let standing = stage.made();
    stage.taken_back(&standing);
    let calls = stage
        .written()
        .into_iter()
        .filter(|line| line.ends_with("/assignLicense"));
    assert_eq!(calls.count(), 2, "one each way");
    let held = stage.tenant.emulator.read(|state| {
        let user = state
            .directory
            .find("users", "id", &ADMIN.to_string())
            .expect("the user");
        user["assignedLicenses"].clone()
    });
    assert_eq!(held, json!([{"skuId": TEAM, "disabledPlans": []}]));
}

#[test]
fn an_inherited_licence_is_not_touched() {
    let action = Action::AssignLicence(AssignLicence {
        whom: whom(SERVICE, "svc-work365"),
        sku: SALES,
        name: "DYN365_ENTERPRISE_SALES".to_owned(),
        instead_of: Vec::new(),
    });
    let mut setting = setting(&action);
    setting.world = "group-licence";
    setting.change = |_| {};
    let stage = Stage::new(&setting, action);
    let looked = block_on(stage.effects.look(stage.step())).expect("a look");
    assert!(looked.held && looked.seen.contains("from a group"), "{}", looked.seen);
    let standing = StepState {
        before: Some(looked.value),
        touched: true,
        ..StepState::default()
    };
    let outcome = take_back(&stage, &standing);
    assert!(matches!(outcome, Outcome::AlreadySo { .. }), "{outcome:?}");
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[test]
fn a_licence_is_there_when_dataverse_knows_it() {
    let stage = of(|action| matches!(action, Action::AssignLicence(_)));
    let licensed = |state: &mut State, licensed: bool| {
        let row = state.environments[0]
            .tables
            .find_mut("systemusers", "fullname", "Alice Admin");
        row.expect("her row").insert("islicensed".to_owned(), json!(licensed));
    };
    stage.meanwhile(|state| licensed(state, false));
    let (standing, attempt) = stage.attempted();
    let Attempt::Pending { for_what, look_at, .. } = &attempt else {
        panic!("{attempt:?}");
    };
    assert!(for_what.contains("Dataverse knows"), "{for_what}");
    stage.meanwhile(|state| licensed(state, true));
    stage.wait_until(*look_at);
    let settled = block_on(stage.effects.settle(stage.step(), Way::Do, &standing));
    assert!(matches!(settled, Attempt::Ended(Outcome::Done { .. })), "{settled:?}");
}

#[test]
fn what_needs_a_row_waits_for_it() {
    for stage in [
        of(|action| matches!(action, Action::AssignSecurityRole(_))),
        of(|action| matches!(action, Action::SetAccessMode(_))),
        of(|action| matches!(action, Action::UpdateUserSettings(_))),
    ] {
        stage.meanwhile(|state| {
            state.environments[0]
                .tables
                .remove("systemusers", "fullname", "Work 365 Service");
        });
        let (_, attempt) = stage.attempted();
        let Attempt::Ended(outcome) = attempt else {
            panic!("{attempt:?}");
        };
        later(outcome, "does not know svc-work365@contoso.onmicrosoft.com yet");
        assert_eq!(stage.written(), Vec::<String>::new());
    }
}

#[test]
fn settings_that_somebody_changed_meanwhile_stay() {
    let stage = of(|action| matches!(action, Action::UpdateUserSettings(_)));
    let standing = stage.made();
    let set = |state: &mut State, column: &str, value: i64| {
        let tables = &mut state.environments[0].tables;
        let user = tables
            .find("systemusers", "fullname", "Work 365 Service")
            .expect("the row")["systemuserid"]
            .clone();
        let user = user.as_str().expect("an id").to_owned();
        let settings = tables
            .find_mut("usersettingscollection", "systemuserid", &user)
            .expect("the settings");
        settings.insert(column.to_owned(), json!(value));
    };
    stage.meanwhile(|state| {
        set(state, "localeid", 1036);
        set(state, "timezonecode", 4);
    });
    let outcome = take_back(&stage, &standing);
    assert!(matches!(outcome, Outcome::NotOurs { .. }), "{outcome:?}");
}
