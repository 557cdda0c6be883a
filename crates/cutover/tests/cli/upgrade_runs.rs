//! Upgrades that wait for people, are called off, or must not begin.

use cutover_emulator::{Emulator, SolutionFile};
use serde_json::json;

use crate::program::{Place, Run, matches};
use crate::upgrades::{DONE, Served};

/// What a run says from its beginning on, with the command: the plan is held by another test.
fn told(command: &str, run: &Run) -> String {
    let said = run.stderr.split_once("\nrun 1 of ").map_or_else(
        || run.stderr.clone(),
        |(_, run)| {
            run.split_once('\n')
                .map_or_else(String::new, |(_, rest)| rest.to_owned())
        },
    );
    format!("$ cutover {command}\n{said}{}exit code {}\n", run.stdout, run.code)
}

/// An upgrade that waits for the first task after the installation.
fn waiting() -> (Place, String) {
    let place = Place::new();
    let command = "upgrade --world upgrade --yes --non-interactive --done pause-scheduled-jobs=two";
    let run = place.run(command).ended(4);
    let text = told(command, &run);
    (place, text)
}

/// Which billing contracts have which flags on, and who holds what; what stays of an upgrade differs.
fn held(place: &Place) -> serde_json::Value {
    let emulator = Emulator::load(&place.path("state")).unwrap().unwrap();
    let holdings = emulator.holdings();
    let all = holdings.iter().filter(|(object, _)| {
        ["/work365_billingcontract/", "/role/", "role/", "user/"]
            .iter()
            .any(|kind| object.contains(kind))
    });
    json!(
        all.map(|(object, value)| (object.to_owned(), value.clone()))
            .collect::<std::collections::BTreeMap<_, _>>()
    )
}

#[test]
fn a_run_that_waits_for_a_person_is_calm_and_goes_on() {
    let (place, mut text) = waiting();
    for (command, code) in [
        ("leases".to_owned(), 0),
        (format!("resume --world upgrade --non-interactive {DONE}"), 0),
        ("leases".to_owned(), 0),
    ] {
        text += &format!("\n{}", told(&command, &place.run(&command).ended(code)));
    }
    matches("upgrade_runs", "waits-and-goes-on", &text);
    let fresh = Place::new();
    fresh.run("check --world upgrade");
    assert_eq!(held(&place), held(&fresh));
}

#[test]
fn what_is_called_off_comes_back_and_what_stays_is_said() {
    let (place, _) = waiting();
    let fresh = Place::new();
    fresh.run("check --world upgrade");
    assert_ne!(held(&place), held(&fresh), "billing is paused meanwhile");
    let mut text = String::new();
    for (command, code) in [("abort --world upgrade --non-interactive", 0), ("leases", 0)] {
        text += &format!("{}\n", told(command, &place.run(command).ended(code)));
    }
    matches("upgrade_runs", "called-off", &text);
    assert_eq!(held(&place), held(&fresh));
}

/// The solution file of the new version, with something wrong.
fn wrong(change: impl FnOnce(&mut SolutionFile)) -> Vec<u8> {
    let mut file = SolutionFile::of("work365", "4.8.0.12").unwrap();
    change(&mut file);
    file.zip().unwrap()
}

#[test]
fn nothing_begins_with_a_wrong_file_a_wrong_package_or_at_a_wrong_time() {
    let whole = wrong(|_| ());
    let files = [
        ("no zip file", b"Work 365".to_vec()),
        ("an empty zip file", [b"PK\x05\x06".as_slice(), &[0; 18]].concat()),
        ("a truncated one", whole[..whole.len() / 2].to_vec()),
        ("an unmanaged solution", wrong(|file| file.managed = false)),
        (
            "of another publisher",
            wrong(|file| {
                "contoso".clone_into(&mut file.publisher);
                "Contoso".clone_into(&mut file.publisher_name);
                "con".clone_into(&mut file.prefix);
            }),
        ),
        (
            "an older version",
            wrong(|file| "4.2.0.0".clone_into(&mut file.version)),
        ),
        (
            "a zip bomb",
            wrong(|file| file.friendly_name = "Work 365 ".repeat(10_000_000)),
        ),
    ];
    let mut text = String::new();
    let served = Served::of(Place::new(), "upgrade-without-package", "", Some("4.8.0.12"));
    let before = served.emulator.control("GET", "holdings", "");
    let refused = |served: &Served, further: &str| {
        let run = served.run(&format!("upgrade --yes --non-interactive {further} {DONE}"));
        assert_ne!(run.code, 0, "{}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        format!("{}{}exit code {}\n\n", run.stderr, run.stdout, run.code)
    };
    for (what, bytes) in files {
        served.place.write("Work365.zip", bytes);
        text += &format!("# {what}\n{}", refused(&served, ""));
    }
    served.place.write("Work365.zip", whole);
    text += &format!(
        "# a window that is over\n{}",
        refused(&served, "--window-ends 2026-11-23T08:00:00Z")
    );
    let config = served.place.read("cutover.toml");
    let unknown = config.replace("file = \"Work365.zip\"", "package = \"Work366\"");
    assert_ne!(unknown, config);
    served.place.write("cutover.toml", unknown);
    text += &format!("# an unknown package\n{}", refused(&served, ""));
    assert_eq!(served.emulator.control("GET", "audit", ""), json!([]));
    assert_eq!(served.emulator.control("GET", "holdings", ""), before);

    let closed = "environment.main.admin_mode = true\nenvironment.main.background_operations = false\n";
    let served = Served::of(Place::new(), "upgrade", closed, None);
    text += &format!("# administration mode\n{}", refused(&served, ""));
    assert_eq!(served.emulator.control("GET", "audit", ""), json!([]));
    matches("upgrade_runs", "refused", &text);
}

#[test]
fn a_run_that_waits_comes_before_another_upgrade() {
    let place = Place::new();
    place.run("upgrade --world upgrade --yes --non-interactive").ended(4);
    // Nobody confirms here: what is in the way is said before the plan is shown and anything is asked.
    let again = place.run("upgrade --world upgrade --non-interactive");
    assert!(again.stderr.contains("run 1"), "{}", again.stderr);
    assert!(again.stderr.contains("nothing was started"), "{}", again.stderr);
    assert!(!again.stderr.contains("Return card"), "{}", again.stderr);
    // The same of a plan that was kept, and planning alone is nobody's obstacle.
    place.run("upgrade --world upgrade --plan-only plan.json").ended(3);
    let kept = place.run("apply plan.json --world upgrade --non-interactive");
    assert!(
        kept.stderr.contains("run 1") && !kept.stderr.contains("Return card"),
        "{}",
        kept.stderr
    );
}

#[test]
fn a_window_ends_by_the_clock_of_the_tenant_and_what_is_lent_comes_back_after_it() {
    let served = Served::of(Place::new(), "upgrade", "", None);
    let command = format!("upgrade --yes --non-interactive --window-ends 04:10 {DONE}");
    let unzoned = served.run(&command).ended(2);
    let asked =
        "error: nothing says in which time zone the window ends at 2026-11-24T04:10:00\n  hint: environment.time_zone";
    assert!(unzoned.stderr.contains(asked), "{}", unzoned.stderr);
    let config = served.place.read("cutover.toml");
    let zoned = config.replacen(
        "[environment]\n",
        "[environment]\ntime_zone = \"America/New_York\"\n",
        1,
    );
    assert_ne!(zoned, config);
    served.place.write("cutover.toml", zoned);
    // It is 04:00 there; the restore point takes longer than ten minutes.
    let run = served.run(&command).ended(7);
    assert!(
        run.stderr
            .contains("the maintenance window ends at 2026-11-23 04:10 America/New_York"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("the maintenance window ended at 2026-11-23T09:10:00Z, so the installation of"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("proved"), "{}", run.stdout);
    assert_eq!(served.emulator.control("GET", "solution-operations", ""), json!([]));
    let log = served.emulator.control("GET", "audit", "").to_string();
    assert!(log.contains("work365_billingcontract"), "billing was paused: {log}");
    served.run("leases").ended(0);
}
