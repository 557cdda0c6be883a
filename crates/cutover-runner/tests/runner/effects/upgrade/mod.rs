//! The steps of an upgrade: what they say while they wait, what they refuse, and what they leave to others.

mod billing;
mod files;
mod packages;
mod waits;

use cutover_core::machine::{Outcome, Retry};
use cutover_core::plan::Action;
use cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR;
use cutover_emulator::later::{Cause, Change, EnvironmentChange, Scheduled, TableChange};
use cutover_emulator::state::State;
use cutover_runner::carry_out::Effects;
use serde_json::{Value, json};

use super::examples::CORE;
use super::stage::{Setting, Stage, row};
use crate::harness::block_on;

/// An action in a world, in which something is different.
fn on_stage(world: &'static str, action: Action, change: fn(&mut State)) -> Stage {
    let setting = Setting {
        world,
        directory_roles: vec![GLOBAL_ADMINISTRATOR],
        administers: true,
        change,
    };
    Stage::new(&setting, action)
}

/// Whether there is nothing to do, and what a look says.
fn looked(stage: &Stage) -> (bool, String) {
    let looked = block_on(stage.effects.look(stage.step())).expect("a look");
    (looked.held, looked.seen)
}

/// Refused for good, with these words.
fn refused(outcome: &Outcome, words: &[&str]) {
    match outcome {
        Outcome::Refused {
            why,
            retry: Retry::Never,
        } if words.iter().all(|words| why.contains(words)) => {}
        other => panic!("wanted {words:?}: {other:?}"),
    }
}

/// A row of the environment's tables changes at a time of the day.
fn at(state: &mut State, time: &str, set: &str, key: (&str, &str), properties: Value) {
    state.later.push(Scheduled {
        at: format!("2026-11-23T{time}:00Z").parse().expect("a time"),
        change: Change::Environment {
            organization_id: state.environments[0].organization_id.clone(),
            change: EnvironmentChange::Tables(TableChange::Set {
                set: set.to_owned(),
                key: [(key.0.to_owned(), key.1.to_owned())].into(),
                properties: row(properties),
                without: Vec::new(),
            }),
        },
        cause: Cause::Time,
    });
}

const THEIRS: &str = "7be14000-0000-4000-8000-0000000000aa";

/// Somebody else's import of the core runs; it ends at 9:20 and says this.
fn import_of_others(state: &mut State, warnings: &[&str], errors: &[&str]) {
    let rows = state.environments[0].tables.rows("importjobs");
    let mut own = rows.first().expect("an import").clone();
    own.extend(row(json!({
        "importjobid": THEIRS, "solutionname": CORE, "progress": 45.0, "startedon": "2026-11-23T08:55:00Z",
        "completedon": null, "_emulator_result": {"warnings": warnings, "errors": errors},
    })));
    state.environments[0].tables.insert("importjobs", own);
    let ended = json!({"progress": 100.0, "completedon": "2026-11-23T09:20:00Z"});
    at(state, "09:20", "importjobs", ("importjobid", THEIRS), ended);
}
