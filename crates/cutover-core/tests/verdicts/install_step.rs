//! What the install step takes: a package or a solution file, and a restore point.

use cutover_core::Facts;
use cutover_core::facts::Reason;
use cutover_core::facts::package::SolutionFile;
use cutover_core::scene::InstallDriver;

use crate::fixture::{Case, blind, check, known, package, upgraded, value};

fn by_file(facts: &mut Facts) {
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

/// A solution file with another unique name, version, kind or prefix.
fn file(facts: &mut Facts, name: &str, number: &str, is_managed: bool, of_prefix: &str) {
    by_file(facts);
    if let SolutionFile::Solution {
        unique_name,
        version,
        managed,
        prefix,
        ..
    } = value(&mut facts.solution_file)
    {
        *unique_name = name.into();
        *version = number.parse().unwrap();
        *managed = is_managed;
        *prefix = of_prefix.into();
    }
}

#[test]
fn a_solution_file_is_looked_into() {
    check(&[
        Case {
            what: "the right one: whether parts are missing is seen later",
            change: by_file,
            code: 804,
            verdict: "due",
            says: "Work365Core_managed.zip holds Work365Core 4.8.0.12; as far as can be seen it can be installed",
        },
        Case {
            what: "the step is named",
            change: by_file,
            code: 804,
            verdict: "due",
            says: "whether something it depends on is missing shows only when it is staged",
        },
        Case {
            what: "no file that can be read as a solution",
            change: |facts| {
                by_file(facts);
                facts.solution_file = known(SolutionFile::Refused {
                    because: "it is cut off".into(),
                });
            },
            code: 804,
            verdict: "missing",
            says: "Work365Core_managed.zip cannot be installed: it is cut off",
        },
        Case {
            what: "unmanaged",
            change: |facts| file(facts, "Work365Core", "4.8.0.12", false, "work365"),
            code: 804,
            verdict: "missing",
            says: "it is an unmanaged solution",
        },
        Case {
            what: "somebody else's",
            change: |facts| file(facts, "Work365Core", "4.8.0.12", true, "iotap"),
            code: 804,
            verdict: "missing",
            says: "(prefix iotap), not the product's (prefix work365)",
        },
        Case {
            what: "the portal's",
            change: |facts| file(facts, "Work365Portal", "4.8.0.12", true, "work365"),
            code: 804,
            verdict: "missing",
            says: "the core comes first",
        },
        Case {
            what: "another solution of the product",
            change: |facts| file(facts, "Work365Insights", "4.8.0.12", true, "Work365"),
            code: 804,
            verdict: "missing",
            says: "it holds Work365Insights, and the installed core is Work365Core",
        },
        Case {
            what: "another solution, where nothing is installed to compare with",
            change: |facts| {
                file(facts, "Work365Insights", "4.8.0.12", true, "work365");
                facts.environment.solutions = known(vec![]);
            },
            code: 804,
            verdict: "due",
            says: "Work365Insights 4.8.0.12",
        },
        Case {
            what: "older than what is installed",
            change: |facts| file(facts, "Work365Core", "4.6.0.34", true, "work365"),
            code: 804,
            verdict: "missing",
            says: "older than the installed 4.6.0.35",
        },
        Case {
            what: "as old as what is installed, and below the target",
            change: |facts| file(facts, "Work365Core", "4.6.0.35", true, "work365"),
            code: 804,
            verdict: "missing",
            says: "below the target 4.8",
        },
        Case {
            what: "the very version that is the target",
            change: |facts| {
                facts.scene.target = Some("4.8.0.12".parse().unwrap());
                by_file(facts);
            },
            code: 804,
            verdict: "due",
            says: "holds Work365Core 4.8.0.12",
        },
        Case {
            what: "beyond the target",
            change: |facts| file(facts, "Work365Core", "4.9", true, "work365"),
            code: 804,
            verdict: "due",
            says: "beyond the target 4.8",
        },
        Case {
            what: "of the target's line, without a warning",
            change: by_file,
            code: 804,
            verdict: "due",
            says: "warnings: []",
        },
        Case {
            what: "not to be read",
            change: |facts| {
                by_file(facts);
                facts.solution_file = blind(Reason::Unreadable);
            },
            code: 804,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "what is installed is not to be seen",
            change: |facts| {
                by_file(facts);
                facts.environment.solutions = blind(Reason::MissingRole);
            },
            code: 804,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "after the install step",
            change: |facts| {
                by_file(facts);
                upgraded(facts);
            },
            code: 804,
            verdict: "not applicable",
            says: "nothing is left to install",
        },
    ]);
}

#[test]
fn an_application_package_is_looked_for() {
    fn in_state(facts: &mut Facts, state: &str) {
        value(&mut facts.power_platform.packages)[0].state = state.into();
    }
    fn named(facts: &mut Facts, name: &str) {
        facts.scene.install = InstallDriver::ApplicationPackage {
            unique_name: Some(name.into()),
        };
    }
    check(&[
        Case {
            what: "by the product's name",
            change: |_| {},
            code: 804,
            verdict: "due",
            says: "the package iotap_work365 brings 4.8.0.12",
        },
        Case {
            what: "by the configured name, whatever it is called",
            change: |facts| {
                named(facts, "IOTAP_Billing");
                value(&mut facts.power_platform.packages).push(package("iotap_billing", "Billing", "4.8.0.9"));
            },
            code: 804,
            verdict: "due",
            says: "the package iotap_billing brings 4.8.0.9",
        },
        Case {
            what: "the configured name is not there",
            change: |facts| named(facts, "iotap_billing"),
            code: 804,
            verdict: "missing",
            says: "no package iotap_billing among 1 of the environment",
        },
        Case {
            what: "none of the product",
            change: |facts| facts.power_platform.packages = known(vec![package("msdyn_sales", "Sales", "9.0")]),
            code: 804,
            verdict: "missing",
            says: "get it in the marketplace",
        },
        Case {
            what: "the portal's is another one",
            change: |facts| {
                value(&mut facts.power_platform.packages).push(package("iotap_w365p", "Work 365 Portal", "4.8.0.1"));
                value(&mut facts.power_platform.packages).push(package("iotap_w365_portal", "Work 365 Self", "4.8"));
            },
            code: 804,
            verdict: "due",
            says: "iotap_work365",
        },
        Case {
            what: "two of the product",
            change: |facts| {
                value(&mut facts.power_platform.packages).push(package("iotap_next", "Work 365 Next", "4.8"));
            },
            code: 804,
            verdict: "unknown",
            says: "iotap_next, iotap_work365; name it in the configuration as install.package",
        },
        Case {
            what: "the same one as installed and as on offer",
            change: |facts| {
                let mut present = package("iotap_work365", "Work 365", "4.6.0.35");
                present.state = "Installed".into();
                value(&mut facts.power_platform.packages).push(present);
            },
            code: 804,
            verdict: "due",
            says: "brings 4.8.0.12",
        },
        Case {
            what: "older than what is installed",
            change: |facts| value(&mut facts.power_platform.packages)[0].version = "4.2.0.1".into(),
            code: 804,
            verdict: "missing",
            says: "older than the installed 4.6.0.35",
        },
        Case {
            what: "below the target",
            change: |facts| value(&mut facts.power_platform.packages)[0].version = "4.7".into(),
            code: 804,
            verdict: "missing",
            says: "below the target 4.8",
        },
        Case {
            what: "a version that is none",
            change: |facts| value(&mut facts.power_platform.packages)[0].version = "latest".into(),
            code: 804,
            verdict: "unknown",
            says: "`latest`",
        },
        Case {
            what: "failed last time",
            change: |facts| {
                in_state(facts, "InstallFailed");
                value(&mut facts.power_platform.packages)[0].last_error = Some("missing dependency X".into());
            },
            code: 804,
            verdict: "due",
            says: "failed; the service says: missing dependency X",
        },
        Case {
            what: "failed last time, nobody says why",
            change: |facts| in_state(facts, "InstallFailed"),
            code: 804,
            verdict: "due",
            says: "failed; the service does not say why",
        },
        Case {
            what: "being installed",
            change: |facts| in_state(facts, "InstallScheduled"),
            code: 804,
            verdict: "due",
            says: "is being installed right now (InstallScheduled)",
        },
        Case {
            what: "being removed",
            change: |facts| in_state(facts, "Uninstalling"),
            code: 804,
            verdict: "due",
            says: "is being uninstalled right now",
        },
        Case {
            what: "could not be removed",
            change: |facts| in_state(facts, "UninstallFailed"),
            code: 804,
            verdict: "due",
            says: "the last removal of iotap_work365 failed",
        },
        Case {
            what: "a state of tomorrow",
            change: |facts| in_state(facts, "Dreaming"),
            code: 804,
            verdict: "due",
            says: "which Microsoft does not document",
        },
        Case {
            what: "an ordinary state",
            change: |facts| in_state(facts, "None"),
            code: 804,
            verdict: "due",
            says: "warnings: []",
        },
        Case {
            what: "packages not to be seen",
            change: |facts| facts.power_platform.packages = blind(Reason::MissingRole),
            code: 804,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "somebody installs it",
            change: |facts| {
                facts.scene.install = InstallDriver::Guided;
                facts.power_platform.packages = blind(Reason::MissingRole);
                facts.environment.solutions = blind(Reason::MissingRole);
            },
            code: 804,
            verdict: "not applicable",
            says: "(guided)",
        },
        Case {
            what: "after the install step",
            change: upgraded,
            code: 804,
            verdict: "not applicable",
            says: "nothing is left to install",
        },
    ]);
}

#[test]
fn a_restore_point_belongs_to_the_run() {
    check(&[
        Case {
            what: "the newest backup is information",
            change: |facts| {
                let backups = value(&mut facts.power_platform.backups);
                let mut older = backups[0].clone();
                older.point = "2026-11-20T02:00:00Z".parse().unwrap();
                backups.push(older);
            },
            code: 805,
            verdict: "due",
            says: "the newest backup is of 2026-11-23T02:00:00Z, 7 hour(s) old",
        },
        Case {
            what: "with its label and its end, days old",
            change: |facts| {
                let backup = &mut value(&mut facts.power_platform.backups)[0];
                backup.label = Some("before 4.6".into());
                backup.point = "2026-11-20T02:00:00Z".parse().unwrap();
                backup.expires = Some("2026-12-18T02:00:00Z".parse().unwrap());
            },
            code: 805,
            verdict: "due",
            says: "the newest backup (before 4.6) is of 2026-11-20T02:00:00Z, 3 days old, kept until 2026-12-18T02:00:00Z",
        },
        Case {
            what: "of yesterday",
            change: |facts| value(&mut facts.power_platform.backups)[0].point = "2026-11-22T03:00:00Z".parse().unwrap(),
            code: 805,
            verdict: "due",
            says: "30 hour(s) old",
        },
        Case {
            what: "of just now",
            change: |facts| value(&mut facts.power_platform.backups)[0].point = "2026-11-23T08:59:00Z".parse().unwrap(),
            code: 805,
            verdict: "due",
            says: "less than an hour old",
        },
        Case {
            what: "none",
            change: |facts| facts.power_platform.backups = known(vec![]),
            code: 805,
            verdict: "due",
            says: "Power Platform lists no backup",
        },
        Case {
            what: "not to be seen",
            change: |facts| facts.power_platform.backups = blind(Reason::MissingRole),
            code: 805,
            verdict: "due",
            says: "which backups there are could not be read: no view",
        },
        Case {
            what: "the default environment",
            change: |facts| value(&mut facts.power_platform.environment).as_mut().unwrap().kind = "Default".into(),
            code: 805,
            verdict: "due",
            says: "the default environment cannot be backed up by hand",
        },
        Case {
            what: "another environment, without a warning",
            change: |_| {},
            code: 805,
            verdict: "due",
            says: "warnings: []",
        },
        Case {
            what: "after the install step",
            change: upgraded,
            code: 805,
            verdict: "not applicable",
            says: "for the time before",
        },
        Case {
            what: "installed or not is not to be seen",
            change: |facts| facts.environment.solutions = blind(Reason::MissingRole),
            code: 805,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}
