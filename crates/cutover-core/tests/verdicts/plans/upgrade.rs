//! Plans of upgrades: their order, their three drivers, what is lent for which part, and what speaks against beginning.

use cutover_core::facts::package::SolutionFile;
use cutover_core::plan::{Action, Plan, Refusal, lint, returns};
use cutover_core::planner::{LeftOver, UpgradeDecisions, Window};
use cutover_core::scene::{InstallDriver, Principal, Tier};
use cutover_core::{Decisions, Facts};

use super::{steps, upgrade_of};
use crate::fixture::{
    admin_of, global_administrator, known, now, package, ready, schedule, service_of, solution, value,
};

/// Package, solution file, or guided.
pub(super) fn by_driver(facts: &mut Facts, driver: usize) {
    match driver {
        0 => facts.scene.install = InstallDriver::ApplicationPackage { unique_name: None },
        1 => {
            facts.scene.install = InstallDriver::SolutionFile {
                file: "Work365Core_managed.zip".into(),
            };
            facts.solution_file = known(SolutionFile::Solution {
                unique_name: "Work365Core".into(),
                version: "4.8.0.12".parse().unwrap(),
                managed: true,
                publisher: "work365".into(),
                prefix: "work365".into(),
                sha256: "ab".repeat(32),
            });
        }
        _ => facts.scene.install = InstallDriver::Guided,
    }
}

fn upgraded(
    driver: usize,
    change: impl Fn(&mut Facts),
    decide: impl Fn(&mut UpgradeDecisions),
) -> Result<Plan, Vec<Refusal>> {
    let mut facts = ready();
    by_driver(&mut facts, driver);
    change(&mut facts);
    let mut decisions = UpgradeDecisions::default();
    decide(&mut decisions);
    upgrade_of(&facts, &Decisions::default(), &decisions)
}

fn the_plan(driver: usize, change: impl Fn(&mut Facts)) -> Plan {
    let plan = upgraded(driver, change, |_| {}).unwrap_or_else(|against| panic!("{against:#?}"));
    assert_eq!(lint(&plan), []);
    plan
}

fn against(change: impl Fn(&mut Facts), decide: impl Fn(&mut UpgradeDecisions)) -> String {
    let Err(refusals) = upgraded(0, change, decide) else {
        return "nothing".to_owned();
    };
    let words = refusals.iter().map(|refusal| {
        format!(
            "{}: {} (unless: {})",
            refusal.requirement,
            refusal.why,
            refusal.unless.as_deref().unwrap_or("-")
        )
    });
    words.collect::<Vec<_>>().join("\n")
}

fn window(ends: jiff::Timestamp) -> Window {
    Window {
        ends,
        shown: format!("{ends} by the clock"),
    }
}

#[test]
fn each_driver_goes_the_specified_way() {
    insta::assert_snapshot!(steps(&the_plan(0, |_| {})).join("\n"));
    insta::assert_snapshot!(steps(&the_plan(1, |_| {})).join("\n"));
    insta::assert_snapshot!(steps(&the_plan(2, |_| {})).join("\n"));
}

#[test]
fn what_is_lent_is_back_before_people_are_waited_for() {
    let plan = the_plan(0, |_| {});
    let back: Vec<String> = returns(&plan)
        .iter()
        .map(|back| {
            format!(
                "{} after {}",
                back.loan,
                back.after.map(ToString::to_string).unwrap_or_default()
            )
        })
        .collect();
    insta::assert_snapshot!(back.join("\n"));
}

#[test]
fn an_old_portal_goes_first_and_comes_back_after_the_core() {
    let plan = the_plan(0, |facts| {
        facts.scene.target = Some("2.5".parse().unwrap());
        facts.environment.solutions = known(vec![
            solution("Work365Core", "2.1.0.14"),
            solution("Work365Portal", "2.1.0.3"),
        ]);
        value(&mut facts.power_platform.packages)[0].version = "2.5.0.1".into();
    });
    let names = steps(&plan);
    let place = |name: &str| {
        names
            .iter()
            .position(|step| *step == name)
            .unwrap_or_else(|| panic!("{name} in {names:?}"))
    };
    assert!(place("remove-portal") < place("restore-point"));
    assert!(place("restore-point") < place("install-core"));
    assert!(place("follow-core") < place("upgrade-portal"));
}

#[test]
fn a_portal_package_follows_the_core() {
    let plan = the_plan(0, |facts| {
        let portal = package("Work365Portal", "Work 365 Portal", "4.8.0.4");
        value(&mut facts.power_platform.packages).push(portal);
    });
    let names = steps(&plan);
    let place = |name: &str| names.iter().position(|step| *step == name).unwrap();
    assert!(place("follow-core") < place("install-portal"));
    assert!(place("install-portal") < place("follow-portal"));
    assert!(!names.contains(&"upgrade-portal"));
}

#[test]
fn a_licence_is_lent_and_returned_by_a_role_that_is_lent_once_more() {
    let plan = the_plan(0, |facts| admin_of(facts).licences = known(vec![]));
    let (step, loan) = plan
        .loans()
        .find(|(step, _)| matches!(step.action, Action::AssignLicence(_)))
        .expect("a licence");
    let with = loan.returned_with.clone().expect("a role for its return");
    assert_eq!(with.0, "lend-global-administrator-to-finish");
    assert!(
        step.after
            .iter()
            .any(|id| id.0 == "lend-global-administrator-to-install")
    );
    let role = plan.step(&with).expect("the role");
    assert!(
        role.after_return
            .iter()
            .any(|id| id.0 == "lend-global-administrator-to-install")
    );
}

#[test]
fn what_speaks_against_it_is_said_before_anything_is_lent() {
    let shown = [
        (
            "the target is there",
            against(
                |facts| {
                    value(&mut facts.environment.solutions)[0].version = "4.8.0.12".parse().unwrap();
                },
                |_| {},
            ),
        ),
        (
            "a downgrade",
            against(|facts| facts.scene.target = Some("4.5".parse().unwrap()), |_| {}),
        ),
        (
            "a stop on the way",
            against(
                |facts| {
                    value(&mut facts.environment.solutions)[0].version = "2.1.0.14".parse().unwrap();
                    value(&mut facts.environment.solutions)[1].version = "2.1.0.3".parse().unwrap();
                },
                |_| {},
            ),
        ),
        (
            "a window that is over",
            against(|_| {}, |decisions| decisions.window = Some(window(now()))),
        ),
        (
            "administration mode",
            against(
                |facts| {
                    value(&mut facts.power_platform.environment)
                        .as_mut()
                        .unwrap()
                        .admin_mode = Some("Enabled".into());
                },
                |_| {},
            ),
        ),
        (
            "a left-over",
            against(
                |facts| {
                    value(&mut facts.environment.solutions).push(solution("Work365Core_Upgrade", "4.8.0.12"));
                },
                |_| {},
            ),
        ),
        (
            "the default environment",
            against(
                |facts| {
                    value(&mut facts.power_platform.environment).as_mut().unwrap().kind = "Default".into();
                },
                |_| {},
            ),
        ),
        (
            "an unknown package",
            against(
                |facts| {
                    facts.scene.install = InstallDriver::ApplicationPackage {
                        unique_name: Some("Another".into()),
                    };
                },
                |_| {},
            ),
        ),
        (
            "no method of MFA",
            against(|facts| service_of(facts).methods = known(vec![]), |_| {}),
        ),
        (
            "a role that was activated before",
            against(
                |facts| {
                    admin_of(facts).active_roles = known(vec![global_administrator()]);
                    admin_of(facts).role_assignments =
                        known(vec![schedule(Some("2026-11-23T20:30:00Z".parse().unwrap()))]);
                },
                |_| {},
            ),
        ),
        (
            "nobody may become System Administrator",
            against(
                |facts| {
                    admin_of(facts).role_eligibilities = known(vec![]);
                },
                |_| {},
            ),
        ),
    ];
    for (what, why) in &shown {
        assert_ne!(why, "nothing", "{what}");
    }
    let shown: Vec<String> = shown.iter().map(|(what, why)| format!("# {what}\n{why}\n")).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_left_over_is_finished_or_cleared_by_decision() {
    let with = |left_over| {
        let plan = upgraded(
            0,
            |facts| value(&mut facts.environment.solutions).push(solution("Work365Core_Upgrade", "4.7.0.1")),
            |decisions| decisions.left_over = Some(left_over),
        )
        .unwrap();
        steps(&plan).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(with(LeftOver::Finish).contains(&"finish-left-over".to_owned()));
    assert!(with(LeftOver::Clear).contains(&"clear-left-over".to_owned()));
}

#[test]
fn an_indirect_reseller_is_asked_for_no_connection_to_partner_center() {
    let direct = the_plan(0, |_| {});
    assert!(steps(&direct).contains(&"verify-connectivity"));
    let indirect = the_plan(0, |facts| {
        facts.scene.tier = Tier::Indirect;
        facts.scene.partner = None;
    });
    assert!(!steps(&indirect).contains(&"verify-connectivity"));
}

#[test]
fn an_old_platform_imports_beside_and_promotes() {
    let plan = upgraded(1, |_| {}, |decisions| decisions.in_two_steps = true).unwrap();
    let names = steps(&plan);
    let place = |name: &str| names.iter().position(|step| *step == name).unwrap();
    assert!(place("import-core-beside") < place("promote-core"));
    assert!(matches!(plan.scene.caller, Principal::User(_)));
}

#[test]
fn english_that_does_not_fit_into_the_window_is_said() {
    let notes = |hours: i64| {
        let plan = upgraded(
            0,
            |facts| facts.environment.languages = known(vec![1043]),
            |decisions| decisions.window = Some(window(now() + jiff::SignedDuration::from_hours(hours))),
        )
        .unwrap();
        plan.notes.join("\n")
    };
    assert!(notes(1).contains("the window ends in 60 min: enable it on an earlier day"));
    assert!(!notes(6).contains("the window ends in"));
}

#[test]
fn what_people_switch_off_names_who_switches_it_on() {
    let plan = the_plan(0, |_| {});
    let Some(Action::Task(task)) = plan.step(&"pause-scheduled-jobs".into()).map(|step| &step.action) else {
        panic!("no such task");
    };
    let back = task.taken_back_by.as_ref().expect("a step that takes it back");
    assert!(plan.step(back).is_some_and(|step| step.is_task()));
}
