//! Application packages and backups.

use cutover_core::machine::Outcome;
use cutover_core::plan::Action;
use cutover_core::plan::action::InstallPackage;
use cutover_emulator::assumed::InstallUpgrades;
use cutover_emulator::state::State;
use cutover_runner::carry_out::Attempt;

use super::{looked, on_stage, refused};
use crate::effects::examples::{ENVIRONMENT, example, follow};

fn install() -> InstallPackage {
    match example(|action| matches!(action, Action::InstallPackage(_))) {
        Action::InstallPackage(install) => install,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_begun_after_the_window() {
    let late = InstallPackage {
        not_after: Some("2026-11-23T08:30:00Z".parse().expect("a time")),
        ..install()
    };
    let stage = on_stage("package-listed", Action::InstallPackage(late), |_| {});
    refused(
        &stage.came_to().1,
        &["the maintenance window ended at 2026-11-23T08:30:00Z", "plan again"],
    );
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[test]
fn what_runs_already_is_attached_to_and_what_is_not_offered_is_not_asked_for() {
    let stage = on_stage("package-installing", Action::InstallPackage(install()), |_| {});
    let (held, seen) = looked(&stage);
    assert!(held && seen.contains("Power Platform installs Work365"), "{seen}");
    let other = InstallPackage {
        package: "SomethingElse".to_owned(),
        ..install()
    };
    let stage = on_stage("package-listed", Action::InstallPackage(other), |_| {});
    refused(
        &stage.came_to().1,
        &["does not offer the package SomethingElse", "solution file"],
    );
    let newer = InstallPackage {
        version: "4.9".parse().expect("a version"),
        ..install()
    };
    let stage = on_stage("package-listed", Action::InstallPackage(newer), |_| {});
    refused(&stage.came_to().1, &["offers Work365 in 4.8.0.12, and 4.9 is wanted"]);
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[test]
fn the_operation_is_kept() {
    let stage = on_stage("package-listed", Action::InstallPackage(install()), |_| {});
    let (_, outcome) = stage.came_to();
    let Outcome::Done { kept, seen } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        seen.starts_with("Power Platform has begun to install Work365 4.8.0.12"),
        "{seen}"
    );
    assert!(
        kept["made"]["operation"].as_str().is_some_and(|id| seen.contains(id)),
        "{kept}"
    );
}

#[test]
fn a_platform_that_installs_nothing_over_what_is_there_is_said_to() {
    let stage = on_stage("package-listed", Action::InstallPackage(install()), |state| {
        state.assumed.install_upgrades = InstallUpgrades::Refused;
    });
    let (_, outcome) = stage.came_to();
    refused(&outcome, &["could not start the installation of the package Work365"]);
    // It says that all went well, and nothing changes.
    let stage = on_stage("package-listed", Action::InstallPackage(install()), |state| {
        state.assumed.install_upgrades = InstallUpgrades::NothingChanges;
    });
    let (_, outcome) = stage.came_to();
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    let stage = stage.planned(|plan| plan.steps[0].action = Action::FollowInstallation(follow(true)));
    let (_, outcome) = stage.came_to();
    refused(
        &outcome,
        &["This package does not upgrade what is installed", "solution file"],
    );
}

fn backup() -> Action {
    example(|action| matches!(action, Action::TakeBackup(_)))
}

#[test]
fn a_backup_is_told_by_the_plans_own_label_and_its_point_is_kept() {
    let stage = on_stage("ready", backup(), |_| {});
    let (waited, outcome) = stage.came_to();
    assert!(waited[0].contains("the backup is listed"), "{waited:?}");
    let Outcome::Done { kept, seen } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(seen.contains("is restored into a sandbox only"), "{seen}");
    assert_eq!(kept["made"]["point"], "2026-11-23T09:00:00Z", "{kept}");
    let labels = stage.tenant.emulator.read(|state| {
        let backups = state.environments[0].administration.backups.iter();
        backups.filter_map(|backup| backup.label.clone()).collect::<Vec<_>>()
    });
    let ours = labels
        .iter()
        .filter(|label| label.starts_with("before the upgrade to 4.8 (cutover plan "));
    assert_eq!(ours.count(), 1, "{labels:?}");
}

#[test]
fn the_default_environment_has_no_backup_by_hand() {
    let stage = on_stage("ready", backup(), |state: &mut State| {
        let environment = &mut state.environments[0].administration;
        assert_eq!(environment.id, ENVIRONMENT.to_string());
        environment.kind = "Default".to_owned();
    });
    refused(
        &stage.came_to().1,
        &["The default environment has automatic backups only"],
    );
}

#[test]
fn an_operation_on_the_environment_is_waited_for() {
    // World `busy` copies the environment.
    let stage = on_stage("busy", backup(), |_| {});
    let (_, attempt) = stage.attempted();
    let Attempt::Ended(outcome) = attempt else {
        panic!("{attempt:?}");
    };
    crate::effects::refusals::later(outcome, "another operation on the environment runs");
}
