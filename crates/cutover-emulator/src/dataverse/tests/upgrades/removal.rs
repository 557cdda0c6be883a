//! Solutions that are taken away.

use super::*;

fn id_of(emulator: &Emulator, name: &str) -> String {
    let found = read(
        emulator,
        &format!("solutions?$filter=uniquename eq '{name}'&$select=solutionid"),
    );
    found["value"][0]["solutionid"].as_str().unwrap_or_default().to_owned()
}

fn delete(emulator: &Emulator, name: &str) -> String {
    let target = format!("solutions({})", id_of(emulator, name));
    outcome(&ask(emulator, &Method::DELETE, &target, &Value::Null))
}

#[test]
fn the_portal_goes_first_and_comes_back_after_the_core() {
    let emulator = world(
        "environment.main.package.work365.version = '2.1.0.14'\n\
         environment.main.package.work365-portal.version = '2.1.0.3'\n\
         environment.main.user.service = { roles = ['basic-user'], profiles = [] }",
    );
    assert_eq!(
        delete(&emulator, "Work365Core"),
        "400 0x8004f01f",
        "the portal stands on it"
    );
    assert_eq!(delete(&emulator, "Work365Portal"), "204");
    assert_eq!(id_of(&emulator, "Work365Portal"), "");
    assert_eq!(
        outcome(&post(
            &emulator,
            "StageAndUpgradeAsync",
            &import(&core("4.8.0.12"), &json!({}))
        )),
        "200"
    );
    wait(&emulator, 11);
    assert_eq!(there(&emulator), state("4.8.0.12", true, 2, "4.8.0.12"));
    let portal = import(&solution_zip("work365-portal", "4.8.0.4").expect("a file"), &json!({}));
    assert_eq!(outcome(&post(&emulator, "ImportSolutionAsync", &portal)), "200");
    wait(&emulator, 11);
    let portal = read(
        &emulator,
        "solutions?$filter=uniquename eq 'Work365Portal'&$select=version,ismanaged",
    );
    assert_eq!(
        (&portal["value"][0]["version"], &portal["value"][0]["ismanaged"]),
        (&json!("4.8.0.4"), &json!(true))
    );
    let installed = emulator.read(|state| {
        let packages = state.environments[0].administration.packages.iter();
        packages
            .map(|package| package.installed.clone().unwrap_or_default())
            .collect::<Vec<_>>()
    });
    assert_eq!(installed, ["4.8.0.12", "4.8.0.4"]);
    let holdings = emulator.holdings();
    assert_eq!(
        holdings.get("contoso.crm4.dynamics.com/removal/Work365Portal 2.1.0.3"),
        Some(&json!("succeeded"))
    );
}

#[test]
fn what_a_solution_brought_goes_with_it() {
    let emulator = world("");
    assert_eq!(delete(&emulator, "Work365Portal"), "204");
    assert_eq!(delete(&emulator, "Work365Core"), "204");
    let jobs = ask(&emulator, &Method::GET, "work365_jobs", &Value::Null);
    assert_eq!(outcome(&jobs), "404 0x8006088a", "its tables went");
    emulator.read(|state| {
        let environment = &state.environments[0];
        let tables = &environment.tables;
        assert!(tables.rows("work365_billingcontracts").is_empty());
        assert!(tables.find("roles", "name", "Work 365 Service").is_none());
        assert!(tables.find("fieldsecurityprofiles", "name", "Work 365 Admin").is_none());
        let roles: Vec<&str> = tables
            .rows("roles")
            .iter()
            .filter_map(|role| role["roleid"].as_str())
            .collect();
        let held = tables
            .links()
            .filter(|(relation, ..)| *relation == "systemuserroles_association");
        for (_, _, role) in held {
            assert!(roles.contains(&role), "nobody holds {role}, which is gone");
        }
        assert_eq!(
            tables
                .links()
                .filter(|(relation, ..)| *relation == "systemuserprofiles_association")
                .count(),
            0
        );
    });
}

#[test]
fn a_holding_solution_is_cleared_and_nothing_goes_while_something_runs() {
    let left = "[environment.main.solution.core-upgrade]\nunique_name = 'Work365Core_Upgrade'\n\
                version = '4.8.0.12'\nmanaged = true\npublisher = 'work365'\n";
    let emulator = world(left);
    assert_eq!(
        delete(&emulator, "Work365Core"),
        "400 0x8004f01f",
        "the portal stands on it"
    );
    assert_eq!(delete(&emulator, "Work365Portal"), "204");
    assert_eq!(
        delete(&emulator, "Work365Core"),
        "501 0x80004001",
        "no document says what becomes of the pending one"
    );
    assert_eq!(delete(&emulator, "Work365Core_Upgrade"), "204");
    assert_eq!(there(&emulator).0, "4.6.0.35");
    assert_eq!(
        outcome(&post(
            &emulator,
            "StageAndUpgradeAsync",
            &import(&core("4.8.0.12"), &json!({}))
        )),
        "200"
    );
    assert_eq!(delete(&emulator, "Work365Core"), "429 0x80071151");
}
