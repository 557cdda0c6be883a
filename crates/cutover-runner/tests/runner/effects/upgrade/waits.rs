//! What waits and writes nothing: for quiet, for an installation of somebody else, for a person.

use cutover_core::machine::Outcome;
use cutover_core::plan::action::{FollowInstallation, Task};
use cutover_core::plan::{Action, HandWork};
use cutover_emulator::state::State;
use cutover_runner::carry_out::Attempt;
use serde_json::json;

use super::{at, import_of_others, looked, on_stage, refused};
use crate::effects::examples::{CORE, example, follow, installs_later};

fn quiet() -> Action {
    example(|action| matches!(action, Action::AwaitQuiet(_)))
}

#[test]
fn quiet_comes_when_jobs_have_ended_and_says_for_what_it_waits() {
    let stage = on_stage("draining", quiet(), |_| {});
    let (waited, outcome) = stage.came_to();
    assert_eq!(waited[0], "2 open jobs: 1 Dispatched, 1 In progress");
    assert_eq!(waited.last().map(String::as_str), Some("1 open job: 1 Dispatched"));
    assert!(
        matches!(&outcome, Outcome::Done { seen, .. } if seen == "nothing runs"),
        "{outcome:?}"
    );
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[test]
fn everything_that_runs_is_named_and_what_is_scheduled_is_not_waited_for() {
    let (held, seen) = looked(&on_stage("busy", quiet(), |_| {}));
    assert_eq!(
        (held, seen.as_str()),
        (
            false,
            "5 open jobs: 1 Dispatched, 1 In progress, 1 Retry, 2 Waiting; the import of SomethingElse is at 12 %; \
             a language is provisioned; customisations are published; 1 job is scheduled for later, the first for \
             2026-12-01T02:00:00Z, and not waited for"
        )
    );
    let (held, seen) = looked(&on_stage("scheduled-job", quiet(), |_| {}));
    assert!(
        held && seen.starts_with("nothing runs; 1 job is scheduled for later"),
        "{seen}"
    );
    let (held, seen) = looked(&on_stage("no-jobs-table", quiet(), |_| {}));
    assert!(held && seen.ends_with("so jobs of the product were not seen"), "{seen}");
}

fn guided() -> Action {
    Action::FollowInstallation(follow(false))
}

#[test]
fn an_installation_of_others_is_followed_with_its_progress() {
    let stage = on_stage("ready", guided(), |state| {
        import_of_others(state, &["a form was left out"], &[]);
        installs_later(state, "4.8.0.12");
    });
    let (waited, outcome) = stage.came_to();
    assert_eq!(
        waited[0],
        "the import of Work365Core is at 45 %; the core is 4.6.0.35, and 4.8 is waited for"
    );
    let words = "the core is there: Work365Core is 4.8.0.12; the import warns: a form was left out";
    assert!(
        matches!(&outcome, Outcome::Done { seen, .. } if seen == words),
        "{outcome:?}"
    );
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[test]
fn an_import_of_others_that_fails_is_a_failure_in_its_words() {
    let stage = on_stage("ready", guided(), |state| {
        import_of_others(state, &[], &["0x8004801d: a table of Sales is missing"]);
    });
    let (_, outcome) = stage.came_to();
    refused(
        &outcome,
        &["0x8004801d: a table of Sales is missing", "is 4.6.0.35", "plan again"],
    );
}

#[test]
fn the_version_counts_and_nothing_else() {
    // A later version of the line will do; another line is another plan; what waits beside it is not in place.
    let stage = on_stage("ready", guided(), |state| installs_later(state, "4.8.1.3"));
    assert!(matches!(stage.came_to().1, Outcome::Done { .. }));
    let stage = on_stage("ready", guided(), |state| installs_later(state, "5.0.0.1"));
    refused(&stage.came_to().1, &["is 5.0.0.1 now", "plan again for that version"]);
    let stage = on_stage("left-over", guided(), |_| {});
    let (held, seen) = looked(&stage);
    assert!(!held && seen.contains("somebody has to apply the upgrade"), "{seen}");
}

#[test]
fn the_portal_is_told_apart_from_the_core() {
    let portal = FollowInstallation {
        portal: true,
        ..follow(false)
    };
    let stage = on_stage("ready", Action::FollowInstallation(portal), |_| {});
    let (_, seen) = looked(&stage);
    assert_eq!(seen, "the portal is 4.6.0.13, and 4.8 is waited for");
}

#[test]
fn a_package_that_fails_or_does_not_upgrade_is_said_to() {
    let packaged = || Action::FollowInstallation(follow(true));
    let stage = on_stage("package-failed", packaged(), |_| {});
    refused(
        &stage.came_to().1,
        &["Work365Core depends on a solution that is missing", "plan again"],
    );
    // It ended, and nothing came of it.
    let stage = on_stage("package-listed", packaged(), |_| {});
    let (waited, outcome) = stage.came_to();
    refused(
        &outcome,
        &[
            "does not upgrade what is installed",
            "Work365Core is 4.6.0.35",
            "solution file",
        ],
    );
    assert!((10..=12).contains(&waited.len()), "{waited:?}");
    let stage = on_stage("package-installing", packaged(), |state: &mut State| {
        let id = state.environments[0]
            .tables
            .find("solutions", "uniquename", CORE)
            .expect("the core");
        let id = id["solutionid"].as_str().expect("an id").to_owned();
        at(
            state,
            "10:30",
            "solutions",
            ("solutionid", &id),
            json!({"version": "4.8.0.12"}),
        );
    });
    let (waited, outcome) = stage.came_to();
    assert!(
        waited[0].starts_with("Power Platform installs Work365; the core is"),
        "{waited:?}"
    );
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
}

#[test]
fn a_task_is_never_done_by_itself() {
    let task = Task {
        name: "clear-cache".to_owned(),
        title: "clear the cache of Work 365".to_owned(),
        work: HandWork {
            requirement: "W801".parse().expect("a requirement"),
            what: vec!["clear it".to_owned()],
            path: None,
            link: None,
            verified_by: "the page says so".to_owned(),
        },
        asks: "what the page showed".to_owned(),
        attests: None,
        taken_back_by: None,
        private_window: false,
    };
    let stage = on_stage("ready", Action::Task(task), |_| {});
    let (held, seen) = looked(&stage);
    assert!(!held && seen.ends_with("clear the cache of Work 365"), "{seen}");
    let (_, attempt) = stage.attempted();
    let Attempt::Ended(outcome) = attempt else {
        panic!("{attempt:?}");
    };
    refused(&outcome, &["a person does this"]);
    assert_eq!(stage.written(), Vec::<String>::new());
}
