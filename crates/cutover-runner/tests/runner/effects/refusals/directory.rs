//! Consent and licences.

use cutover_core::machine::{Outcome, StepState, Way};
use cutover_core::plan::Action;
use cutover_core::plan::action::*;
use cutover_emulator::state::State;
use cutover_runner::carry_out::{Attempt, Effects};
use serde_json::{Value, json};

use super::{later, never, of, take_back, user};
use crate::effects::examples::{ADMIN, SALES, SERVICE, TEAM, setting, whom};
use crate::effects::made::assert_same;
use crate::effects::stage::{Stage, row};
use crate::harness::block_on;

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
fn a_licence_that_is_lent_is_there_when_dataverse_knows_it() {
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
fn a_licence_that_stays_is_there_when_entra_shows_it() {
    let stage = of(|action| matches!(action, Action::AssignLicence(_)));
    stage.meanwhile(|state| {
        let row = state.environments[0]
            .tables
            .find_mut("systemusers", "fullname", "Alice Admin");
        row.expect("her row").insert("islicensed".to_owned(), json!(false));
    });
    let attempt = stage.attempted_for_good();
    assert!(matches!(attempt, Attempt::Ended(Outcome::Done { .. })), "{attempt:?}");
}

#[test]
fn a_licence_on_which_new_processes_hang_is_not_pulled_from_under_them() {
    let stage = of(|action| matches!(action, Action::AssignLicence(_)));
    let process = |name: &str| {
        json!({"workflowid": uuid::Uuid::from_u128(name.len() as u128), "name": name, "statecode": 1, "statuscode": 2, "type": 1,
               "category": 0, "_ownerid_value": Value::Null})
    };
    let own = |state: &mut State, name: &str| {
        let tables = &mut state.environments[0].tables;
        let owner = tables.find("systemusers", "fullname", "Alice Admin").expect("her row")["systemuserid"].clone();
        let mut process = row(process(name));
        process.insert("_ownerid_value".to_owned(), owner);
        tables.insert("workflows", process);
    };
    // What was active without the licence goes on without it.
    stage.meanwhile(|state| own(state, "Old"));
    let action = Action::AssignLicence(AssignLicence {
        whom: whom(ADMIN, "admin"),
        sku: SALES,
        name: "DYN365_ENTERPRISE_SALES".to_owned(),
        instead_of: Vec::new(),
    });
    let stage = stage.planned(|plan| plan.steps[0].action = action);
    let standing = stage.made();
    stage.meanwhile(|state| own(state, "Remind of renewals"));
    let written = stage.written();
    let at = later(
        take_back(&stage, &standing),
        "would stop without the licence: Remind of renewals. Give them",
    );
    assert_eq!(stage.written(), written, "nothing is taken");
    stage.meanwhile(|state| {
        state.environments[0]
            .tables
            .remove("workflows", "name", "Remind of renewals");
    });
    stage.wait_until(at);
    assert!(matches!(take_back(&stage, &standing), Outcome::Done { .. }));
}
