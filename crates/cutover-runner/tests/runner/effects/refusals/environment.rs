//! The environment.

use cutover_core::machine::Outcome;
use cutover_core::plan::Action;
use cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR;
use cutover_emulator::state::State;
use cutover_runner::carry_out::Attempt;
use serde_json::json;

use super::{later, of, take_back};
use crate::effects::examples::{SERVICE, example, stage};
use crate::effects::made::assert_same;
use crate::effects::stage::{OPERATOR, assign_role};

#[test]
fn dataverse_keeps_an_administrator_of_the_tenant_until_entra_lets_go() {
    let action = example(|action| matches!(action, Action::AssignSecurityRole(_)));
    let stage = stage(action);
    let standing = stage.made();
    stage.meanwhile(|state| assign_role(state, SERVICE, GLOBAL_ADMINISTRATOR));
    let at = later(take_back(&stage, &standing), "whose role in Entra ends first");
    stage.meanwhile(|state| {
        let id = format!("given {GLOBAL_ADMINISTRATOR}");
        while state.directory.remove("roleAssignments", "id", &id) > 0 {}
        assign_role(state, OPERATOR, GLOBAL_ADMINISTRATOR);
    });
    stage.wait_until(at);
    // Dataverse hears of it after minutes.
    let outcome = stage.taken_back(&standing);
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

#[test]
fn the_last_system_administrator_is_never_forced_out() {
    let stage = of(|action| matches!(action, Action::BecomeSystemAdministrator(_)));
    let owner = |state: &mut State, disabled: bool| {
        let row = state.environments[0]
            .tables
            .find_mut("systemusers", "fullname", "Carla Owner");
        row.expect("her row").insert("isdisabled".to_owned(), json!(disabled));
    };
    stage.meanwhile(|state| owner(state, true));
    let standing = stage.made();
    let held = stage.holds();
    let at = later(take_back(&stage, &standing), "the last one is never taken away");
    assert_same(&stage, &held, "it stays");
    stage.meanwhile(|state| owner(state, false));
    stage.wait_until(at);
    assert!(matches!(take_back(&stage, &standing), Outcome::Done { .. }));
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
