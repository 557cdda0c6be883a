//! The built-in worlds for whole upgrades: each can become 4.8, by the way that it is there for.

use super::*;

fn built_in(name: &str) -> Emulator {
    Emulator::from_world(&World::built_in(name).expect("a world"))
}

fn version(emulator: &Emulator) -> String {
    there(emulator).0
}

fn start(emulator: &Emulator, action: &str, more: &Value) -> String {
    outcome(&post(emulator, action, &import(&core("4.8.0.12"), more)))
}

fn solutions(emulator: &Emulator) -> Vec<String> {
    let found = read(
        emulator,
        "solutions?$filter=ismanaged eq true&$select=uniquename,version&$orderby=uniquename",
    );
    let rows = found["value"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.iter()
        .map(|row| format!("{} {}", text(&row["uniquename"]), text(&row["version"])))
        .collect()
}

#[test]
fn each_can_become_the_target() {
    for (name, before) in [
        ("upgrade", "4.6.0.35"),
        ("upgrade-from-3.2", "3.2.0.21"),
        ("upgrade-from-3.5", "3.5.0.18"),
        ("upgrade-tier-2", "4.6.0.35"),
        ("upgrade-two-tenants", "4.6.0.35"),
        ("upgrade-application-user", "4.6.0.35"),
        ("upgrade-without-package", "4.6.0.35"),
    ] {
        let emulator = built_in(name);
        assert_eq!(version(&emulator), before, "{name}");
        let open = |emulator: &Emulator| jobs(emulator).iter().filter(|(_, state)| *state < 4).count();
        assert_eq!(open(&emulator), 2, "{name}");
        wait(&emulator, 15);
        assert_eq!(open(&emulator), 0, "{name}: they drain");
        assert_eq!(start(&emulator, "StageAndUpgradeAsync", &json!({})), "200", "{name}");
        wait(&emulator, 11);
        assert_eq!(version(&emulator), "4.8.0.12", "{name}");
        assert!(there(&emulator).1, "{name}: its roles are there");
        assert!(
            jobs(&emulator).iter().all(|(_, state)| *state == 4),
            "{name}: nothing failed"
        );
    }
}

#[test]
fn the_portal_of_old_goes_first() {
    let emulator = built_in("upgrade-from-2.1-with-portal");
    assert_eq!(solutions(&emulator), ["Work365Core 2.1.0.14", "Work365Portal 2.1.0.3"]);
    let portal = read(
        &emulator,
        "solutions?$filter=uniquename eq 'Work365Portal'&$select=solutionid",
    );
    let target = format!(
        "solutions({})",
        portal["value"][0]["solutionid"].as_str().expect("an id")
    );
    assert_eq!(outcome(&ask(&emulator, &Method::DELETE, &target, &Value::Null)), "204");
    assert_eq!(start(&emulator, "StageAndUpgradeAsync", &json!({})), "200");
    wait(&emulator, 11);
    assert_eq!(solutions(&emulator), ["Work365Core 4.8.0.12"]);
}

#[test]
fn what_the_marketplace_offers_is_what_comes_back() {
    let emulator = built_in("upgrade-to-2.5-with-portal");
    let portal = read(
        &emulator,
        "solutions?$filter=uniquename eq 'Work365Portal'&$select=solutionid",
    );
    let id = portal["value"][0]["solutionid"].as_str().expect("an id");
    let gone = ask(&emulator, &Method::DELETE, &format!("solutions({id})"), &Value::Null);
    assert_eq!(outcome(&gone), "204");
    let core = import(&core("2.5.0.9"), &json!({}));
    assert_eq!(outcome(&post(&emulator, "StageAndUpgradeAsync", &core)), "200");
    wait(&emulator, 11);
    let roles = read(&emulator, "roles?$filter=name eq 'Work 365 Service'&$select=name");
    assert_eq!(there(&emulator).0, "2.5.0.9");
    assert_ne!(roles["value"], json!([]), "2.5 brings the role");
    let offered = emulator.read(|state| {
        let mut packages = state.environments[0].administration.packages.iter();
        let portal = packages.find(|package| package.unique_name == "Work365Portal");
        let portal = portal.expect("the portal's package");
        portal.release("2.5.0.2").map(|release| portal.changes_of(release))
    });
    assert!(
        offered.is_some_and(|changes| !changes.is_empty()),
        "it can be installed where it was removed"
    );
}

#[test]
fn an_old_platform_upgrades_in_two_steps() {
    let emulator = built_in("upgrade-old-platform");
    assert_eq!(start(&emulator, "StageAndUpgradeAsync", &json!({})), "404 0x8006088a");
    assert_eq!(
        start(&emulator, "ImportSolutionAsync", &json!({"HoldingSolution": true})),
        "200"
    );
    wait(&emulator, 11);
    assert!(solutions(&emulator).contains(&"Work365Core_Upgrade 4.8.0.12".to_owned()));
    let promoted = post(
        &emulator,
        "DeleteAndPromoteAsync",
        &json!({"UniqueName": "Work365Core"}),
    );
    assert_eq!(outcome(&promoted), "200");
    wait(&emulator, 6);
    assert_eq!(solutions(&emulator), ["Work365Core 4.8.0.12", "Work365Portal 4.6.0.13"]);
}

#[test]
fn what_is_left_over_is_promoted_or_cleared() {
    let emulator = built_in("upgrade-fails-at-promotion");
    assert_eq!(start(&emulator, "StageAndUpgradeAsync", &json!({})), "200");
    wait(&emulator, 11);
    let left = [
        "Work365Core 4.6.0.35",
        "Work365Core_Upgrade 4.8.0.12",
        "Work365Portal 4.6.0.13",
    ];
    assert_eq!(solutions(&emulator), left);
    for emulator in [emulator, built_in("upgrade-left-over")] {
        assert_eq!(solutions(&emulator), left);
        let promoted = post(
            &emulator,
            "DeleteAndPromoteAsync",
            &json!({"UniqueName": "Work365Core"}),
        );
        assert_eq!(outcome(&promoted), "200");
        wait(&emulator, 6);
        assert_eq!(solutions(&emulator), ["Work365Core 4.8.0.12", "Work365Portal 4.6.0.13"]);
    }
}

#[test]
fn the_vendor_installs_by_himself() {
    let emulator = built_in("upgrade-vendor-installs");
    let running = |emulator: &Emulator| {
        let found = read(emulator, "importjobs?$filter=completedon eq null&$select=progress");
        let rows = found["value"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| row["progress"].clone()).collect::<Vec<_>>()
    };
    wait(&emulator, 29);
    assert!(running(&emulator).is_empty());
    wait(&emulator, 2);
    assert_eq!(running(&emulator), [json!(0.0)]);
    assert_eq!(start(&emulator, "StageAndUpgradeAsync", &json!({})), "429 0x80071151");
    wait(&emulator, 8);
    assert_eq!(
        (running(&emulator), version(&emulator)),
        (vec![json!(50.0)], "4.6.0.35".to_owned())
    );
    emulator.write(|state| {
        let backups = &mut state.environments[0].administration.backups;
        backups.truncate(1);
    });
    wait(&emulator, 6);
    assert!(running(&emulator).is_empty());
    assert_eq!(there(&emulator), state("4.8.0.12", true, 2, "4.8.0.12"));
    let backups = emulator.read(|state| state.environments[0].administration.backups.len());
    assert_eq!(backups, 1, "what else is known of the environment stays");
}
