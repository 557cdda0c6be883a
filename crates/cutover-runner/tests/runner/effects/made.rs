//! Each action: looked at, made, looked at again, taken back, proved.

use std::collections::BTreeMap;

use cutover_core::machine::{Outcome, StepState};
use cutover_runner::carry_out::Effects;

use super::examples::{every_action, name, stage};
use super::stage::Stage;
use crate::harness::block_on;

#[test]
fn every_action_is_made_and_given_back() {
    for action in every_action() {
        let what = name(&action);
        let returns = action.describe().gives_back().is_some();
        let stage = stage(action);
        let before = stage.holds();
        let standing = stage.made();
        assert!(
            block_on(stage.effects.look(stage.step())).expect("a look").held,
            "{what}"
        );
        assert_ne!(stage.holds(), before, "{what}: nothing was changed");
        if !returns {
            continue;
        }
        let (gone, seen) = block_on(stage.effects.prove(stage.step(), &standing)).expect("a look");
        assert!(!gone, "{what}: it is there, and is told to be back: {seen}");
        let outcome = stage.taken_back(&standing);
        assert!(matches!(outcome, Outcome::Done { .. }), "{what}: {outcome:?}");
        assert_same(&stage, &before, &what);
        prove(&stage, &standing, &what);
    }
}

fn prove(stage: &Stage, standing: &StepState, what: &str) {
    let (gone, seen) = block_on(stage.effects.prove(stage.step(), standing)).expect("a look");
    assert!(gone, "{what}: {seen}");
}

/// The tenant holds what it held, row by row.
pub(super) fn assert_same(stage: &Stage, before: &BTreeMap<String, Vec<String>>, what: &str) {
    let now = stage.holds();
    let nothing = Vec::new();
    let mut told = String::new();
    for (set, was) in before {
        let is = now.get(set).unwrap_or(&nothing);
        for (mark, rows, others) in [('-', was, is), ('+', is, was)] {
            for row in rows.iter().filter(|row| !others.contains(row)) {
                told.push_str(&format!("{mark} {set}: {row:.300}\n"));
            }
        }
    }
    assert!(told.is_empty(), "{what}\n{told}");
}
