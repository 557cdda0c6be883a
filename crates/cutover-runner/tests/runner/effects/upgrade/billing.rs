//! The automatic flags of billing contracts: off for the time of an upgrade, and on again where they were on.

use cutover_core::machine::Outcome;
use cutover_core::plan::Action;
use cutover_emulator::state::State;
use serde_json::{Value, json};

use super::{looked, on_stage, refused};
use crate::effects::examples::example;
use crate::effects::stage::Stage;

const SET: &str = "work365_billingcontracts";
const SEND: &str = "work365_billingcontract_autosend";
const CHARGE: &str = "work365_billingcontract_autocharge";
const SYNC: &str = "work365_billingcontract_autosync";

fn pause() -> Action {
    example(|action| matches!(action, Action::PauseBilling(_)))
}

fn flags(stage: &Stage, name: &str) -> [bool; 3] {
    stage.tenant.emulator.read(|state| {
        let row = state.environments[0].tables.find(SET, "work365_name", name);
        let row = row.expect("the contract").clone();
        [SEND, CHARGE, SYNC].map(|flag| row.get(flag).and_then(Value::as_bool) == Some(true))
    })
}

#[test]
fn what_somebody_changed_meanwhile_is_left() {
    let stage = on_stage("ready", pause(), |_| {});
    let standing = stage.made();
    assert_eq!(flags(&stage, "Fabrikam monthly"), [false; 3]);
    stage.meanwhile(|state| {
        let tables = &mut state.environments[0].tables;
        tables.remove(SET, "work365_name", "Northwind annual");
        let litware = tables
            .find_mut(SET, "work365_name", "Litware monthly")
            .expect("the contract");
        litware.insert(SEND.to_owned(), json!(true));
    });
    let outcome = stage.taken_back(&standing);
    let words = "1 of those before are gone or not active any more";
    assert!(
        matches!(&outcome, Outcome::Done { seen, .. } if seen.contains(words)),
        "{outcome:?}"
    );
    assert_eq!(flags(&stage, "Fabrikam monthly"), [true; 3]);
    // What was off before stays off.
    assert_eq!(flags(&stage, "Litware monthly"), [true, false, true]);
}

#[test]
fn without_a_table_there_is_nothing_to_pause_and_with_two_nobody_knows() {
    fn forget(state: &mut State) {
        let tables = &mut state.environments[0].tables;
        tables.remove("EntityDefinitions", "LogicalName", "work365_billingcontract");
    }
    let (held, seen) = looked(&on_stage("ready", pause(), forget));
    assert!(held && seen.contains("there is no billing to pause"), "{seen}");
    let stage = on_stage("ready", pause(), |state| {
        let tables = &mut state.environments[0].tables;
        let mut other = tables
            .find("EntityDefinitions", "LogicalName", "work365_billingcontract")
            .expect("the table")
            .clone();
        other.insert("LogicalName".to_owned(), json!("work365_billingcontract2"));
        other.insert("MetadataId".to_owned(), json!("b1110000-0000-4000-8000-000000000002"));
        tables.insert("EntityDefinitions", other);
    });
    refused(&stage.came_to().1, &["2 tables are called Billing Contract", "by hand"]);
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[test]
fn more_contracts_than_a_change_set_takes_are_several() {
    let stage = on_stage("ready", pause(), |state| {
        let tables = &mut state.environments[0].tables;
        let first = tables
            .find(SET, "work365_name", "Fabrikam monthly")
            .expect("a contract")
            .clone();
        for number in 0..1000_u32 {
            let mut other = first.clone();
            let id = uuid::Uuid::from_u128(0xb111_0000 + u128::from(number));
            other.insert("work365_billingcontractid".to_owned(), json!(id));
            other.insert("work365_name".to_owned(), json!(format!("Contract {number}")));
            tables.insert(SET, other);
        }
    });
    let standing = stage.made();
    let written = stage.written();
    let sets = written.iter().filter(|request| request.ends_with("/$batch")).count();
    assert_eq!((sets, flags(&stage, "Contract 999")), (2, [false; 3]));
    assert!(standing.touched);
}
