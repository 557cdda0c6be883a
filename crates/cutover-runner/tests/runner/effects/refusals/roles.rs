//! Directory roles.

use cutover_core::machine::{Outcome, Retry, StepState, Way};
use cutover_core::plan::Action;
use cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR;
use cutover_emulator::faults::{Fault, FaultKind};
use cutover_emulator::state::State;
use cutover_runner::carry_out::{Attempt, Effects};
use jiff::SignedDuration;
use serde_json::json;

use super::{later, never, of, take_back};
use crate::effects::examples::{ADMIN, example, setting};
use crate::effects::made::assert_same;
use crate::effects::stage::{OPERATOR, Stage, assign_role, row};
use crate::harness::block_on;

#[test]
fn an_activation_ends_after_five_minutes_and_not_before() {
    let stage = of(|action| matches!(action, Action::ActivateDirectoryRole(_)));
    let begun = stage.tenant.emulator.clock().now();
    let standing = stage.made();
    let early = take_back(&stage, &standing);
    // The platform does it for nobody, so nobody has to look after it.
    assert!(
        matches!(
            early,
            Outcome::Refused {
                retry: Retry::NotBefore(_),
                ..
            }
        ),
        "{early:?}"
    );
    let at = later(early, "for five minutes");
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
