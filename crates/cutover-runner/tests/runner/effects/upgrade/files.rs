//! Solution files: compared, staged, imported once, followed by their own id, promoted; and solutions that go.

use cutover_core::machine::Outcome;
use cutover_core::plan::Action;
use cutover_core::plan::action::{PromoteSolution, RemoveSolution, UpgradeSolution};
use cutover_emulator::faults::{Fault, FaultKind};

use super::{at, import_of_others, on_stage, refused};
use crate::effects::examples::{CORE, example, installs_later, wanted};
use crate::effects::stage::Stage;

fn upgrade() -> UpgradeSolution {
    match example(|action| matches!(action, Action::UpgradeSolution(_))) {
        Action::UpgradeSolution(upgrade) => upgrade,
        other => panic!("{other:?}"),
    }
}

/// How often an import was begun.
fn begun(stage: &Stage) -> usize {
    let written = stage.written().into_iter();
    let imports =
        written.filter(|request| request.ends_with("ImportSolutionAsync") || request.ends_with("UpgradeAsync"));
    imports.count()
}

#[test]
fn an_import_tells_its_progress_and_keeps_its_id() {
    let stage = on_stage("ready", Action::UpgradeSolution(upgrade()), |_| {});
    let (waited, outcome) = stage.came_to();
    assert!(
        waited
            .iter()
            .any(|words| words == "the import of Work365Core is at 50 %"),
        "{waited:#?}"
    );
    let Outcome::Done { kept, seen } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(seen.starts_with("Work365Core is 4.8.0.12"), "{seen}");
    assert_eq!(kept["made"]["import"], kept["key"], "{kept}");
    assert_eq!(begun(&stage), 1);
}

#[test]
fn labels_that_were_left_out_are_said_to_be() {
    let stage = on_stage(
        "german-base-without-english",
        Action::UpgradeSolution(upgrade()),
        |_| {},
    );
    let (_, outcome) = stage.came_to();
    let Outcome::Done { seen, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        seen.contains("0x80048026") && seen.contains("languages that are not enabled"),
        "{seen}"
    );
}

#[test]
fn another_file_than_the_plans_is_not_sent() {
    let other = UpgradeSolution {
        sha256: "00".repeat(32),
        ..upgrade()
    };
    let gone = UpgradeSolution {
        file: "gone.zip".to_owned(),
        ..upgrade()
    };
    let late = UpgradeSolution {
        not_after: Some("2026-11-23T08:30:00Z".parse().expect("a time")),
        ..upgrade()
    };
    for (action, words) in [
        (other, "is not the one that the plan was made for"),
        (gone, "cannot read the solution file gone.zip"),
        (late, "the maintenance window ended"),
    ] {
        let stage = on_stage("ready", Action::UpgradeSolution(action), |_| {});
        refused(&stage.came_to().1, &[words]);
        assert_eq!(stage.written(), Vec::<String>::new(), "{words}");
    }
}

#[test]
fn what_staging_finds_is_told_and_nothing_is_imported() {
    // The file's version is the one that is there already, by another name of the plan's.
    let higher = UpgradeSolution {
        version: "4.9".parse().expect("a version"),
        solution: "SomethingElse".to_owned(),
        ..upgrade()
    };
    let stage = on_stage("ready", Action::UpgradeSolution(higher), |_| {});
    refused(
        &stage.came_to().1,
        &["cannot be imported, and nothing was changed", "the file is Work365Core"],
    );
    assert_eq!(begun(&stage), 0);
    let stage = on_stage("left-over", Action::UpgradeSolution(upgrade()), |_| {});
    refused(
        &stage.came_to().1,
        &["an upgrade was left half done", "Work365Core_Upgrade"],
    );
    assert_eq!(begun(&stage), 0);
}

#[test]
fn an_import_that_runs_already_is_attached_to() {
    let stage = on_stage("ready", Action::UpgradeSolution(upgrade()), |state| {
        import_of_others(state, &["a form was left out"], &[]);
        installs_later(state, "4.8.0.12");
    });
    let (waited, outcome) = stage.came_to();
    assert_eq!(waited[0], "the import of Work365Core is at 45 %, which somebody began");
    let Outcome::Done { seen, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(seen.contains("the import warns: a form was left out"), "{seen}");
    assert_eq!(begun(&stage), 0);
    let stage = on_stage("ready", Action::UpgradeSolution(upgrade()), |state| {
        import_of_others(state, &[], &["0x80048033: words of the service"]);
    });
    refused(
        &stage.came_to().1,
        &["0x80048033: words of the service", "Work365Core is 4.6.0.35"],
    );
    assert_eq!(begun(&stage), 0);
}

/// The next upgrade that is begun fails on its way.
fn fails(stage: &Stage, kind: FaultKind, message: &str) {
    stage.tenant.emulator.faults().add(Fault {
        path: "*/StageAndUpgradeAsync".to_owned(),
        count: Some(1),
        message: Some(message.to_owned()),
        ..Fault::of(kind)
    });
}

#[test]
fn an_import_that_fails_on_its_way_says_why_and_where_things_stand() {
    let stage = on_stage("ready", Action::UpgradeSolution(upgrade()), |_| {});
    fails(&stage, FaultKind::ImportFails, "the form Unit could not be imported");
    let (_, outcome) = stage.came_to();
    refused(
        &outcome,
        &[
            "the form Unit could not be imported",
            "Work365Core is 4.6.0.35",
            "plan again",
        ],
    );
    let stage = on_stage("ready", Action::UpgradeSolution(upgrade()), |_| {});
    fails(&stage, FaultKind::PromotionFails, "a table is in use");
    let (waited, outcome) = stage.came_to();
    refused(
        &outcome,
        &[
            "the import ended well, and 4.8.0.12 is not in place (a table is in use)",
            "Work365Core is 4.6.0.35, 4.8.0.12 waits beside it as Work365Core_Upgrade",
            "plan again",
        ],
    );
    // It is said at once, and not after a time in which the version might still have come.
    assert!(waited.len() < 16, "{waited:#?}");
    assert_eq!(begun(&stage), 1);
}

#[test]
fn an_import_that_ended_well_without_its_version_is_a_failure() {
    let stage = on_stage("ready", Action::UpgradeSolution(upgrade()), |state| {
        import_of_others(state, &[], &[]);
    });
    let (_, outcome) = stage.came_to();
    refused(
        &outcome,
        &[
            "the import ended well, and 4.8.0.12 is not in place",
            "Work365Core is 4.6.0.35",
        ],
    );
}

#[test]
fn a_solution_is_imported_beside_and_promoted() {
    let beside = UpgradeSolution {
        beside: true,
        ..upgrade()
    };
    let stage = on_stage("ready", Action::UpgradeSolution(beside), |_| {});
    let (_, outcome) = stage.came_to();
    let words = "Work365Core is 4.6.0.35, 4.8.0.12 waits beside it as Work365Core_Upgrade";
    assert!(
        matches!(&outcome, Outcome::Done { seen, .. } if seen.starts_with(words)),
        "{outcome:?}"
    );
    let promote = PromoteSolution {
        solution: CORE.to_owned(),
        version: wanted(),
        not_after: None,
    };
    let stage = stage.planned(|plan| plan.steps[0].action = Action::PromoteSolution(promote));
    let (waited, outcome) = stage.came_to();
    let takes = "Work365Core 4.8.0.12 takes the place of the installed version";
    assert!(waited.iter().any(|words| words == takes), "{waited:?}");
    assert!(
        matches!(&outcome, Outcome::Done { seen, .. } if seen == "Work365Core is 4.8.0.12"),
        "{outcome:?}"
    );
}

#[test]
fn nothing_is_promoted_that_is_not_there() {
    let promote = example(|action| matches!(action, Action::PromoteSolution(_)));
    let stage = on_stage("ready", promote, |_| {});
    refused(
        &stage.came_to().1,
        &["there is no Work365Core_Upgrade", "import it first"],
    );
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[test]
fn only_the_version_that_was_named_goes() {
    let remove = RemoveSolution {
        solution: CORE.to_owned(),
        name: "Work 365 Core Solution".to_owned(),
        version: "2.1".parse().expect("a version"),
    };
    let stage = on_stage("ready", Action::RemoveSolution(remove.clone()), |_| {});
    refused(
        &stage.came_to().1,
        &["Work365Core is 4.6.0.35", "only 2.1 was to be uninstalled"],
    );
    // What is imported right now is not taken away from under its import.
    let there = RemoveSolution {
        version: "4.6.0.35".parse().expect("a version"),
        ..remove
    };
    let stage = on_stage("ready", Action::RemoveSolution(there), |state| {
        import_of_others(state, &[], &[]);
        let id = state.environments[0]
            .tables
            .find("solutions", "uniquename", CORE)
            .expect("the core");
        let id = id["solutionid"].as_str().expect("an id").to_owned();
        at(
            state,
            "09:20",
            "solutions",
            ("solutionid", &id),
            serde_json::json!({"version": "4.7.0.1"}),
        );
    });
    let (_, attempt) = stage.attempted();
    let waits =
        matches!(&attempt, cutover_runner::carry_out::Attempt::Pending { for_what, .. } if for_what.contains("45 %"));
    assert!(waits, "{attempt:?}");
    assert_eq!(stage.written(), Vec::<String>::new());
}
