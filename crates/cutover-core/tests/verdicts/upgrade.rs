//! The way to the target, left-overs, and what lies about afterwards.

use cutover_core::facts::Reason;
use cutover_core::facts::environment::{ImportJob, SolutionOperation, SupportUser};

use crate::fixture::{
    Case, admin_of, blind, check, global_administrator, id, known, sales_licence, schedule, service_of, solution,
    system_administrator, value,
};

#[test]
fn the_route_has_stops_and_no_way_back() {
    check(&[
        Case {
            what: "one step",
            change: |_| {},
            code: 802,
            verdict: "met",
            says: "core 4.6.0.35 > core 4.8 > portal 4.8",
        },
        Case {
            what: "there already",
            change: |facts| facts.environment.solutions = known(vec![solution("Work365Core", "4.8.0.12")]),
            code: 802,
            verdict: "met",
            says: "4.8 is installed",
        },
        Case {
            what: "there, and the portal with it",
            change: |facts| {
                facts.environment.solutions = known(vec![
                    solution("Work365Core", "4.8.0.12"),
                    solution("Work365Portal", "4.8.0.4"),
                ]);
            },
            code: 802,
            verdict: "met",
            says: "4.8 is installed (core 4.8.0.12, portal 4.8.0.4)",
        },
        Case {
            what: "there, and the portal is not",
            change: |facts| {
                facts.environment.solutions = known(vec![
                    solution("Work365Core", "4.8.0.12"),
                    solution("Work365Portal", "4.6.0.13"),
                ]);
            },
            code: 802,
            verdict: "missing",
            says: "the portal did not follow to 4.8 (core 4.8.0.12, portal 4.6.0.13)",
        },
        Case {
            what: "backwards",
            change: |facts| facts.environment.solutions = known(vec![solution("Work365Core", "5.0")]),
            code: 802,
            verdict: "missing",
            says: "older than what is installed",
        },
        Case {
            what: "a stop on the way, the portal in it",
            change: |facts| {
                facts.environment.solutions = known(vec![
                    solution("Work365Core", "2.1.0.4"),
                    solution("Work365Portal", "2.1.0.1"),
                ]);
            },
            code: 802,
            verdict: "missing",
            says: "core 2.1.0.4 > remove the portal > core 2.5 > core 4.8 > the newest portal again",
        },
        Case {
            what: "the stop itself as target",
            change: |facts| {
                facts.scene.target = Some("2.5".parse().unwrap());
                facts.environment.solutions = known(vec![solution("Work365Core", "2.1.0.4")]);
            },
            code: 802,
            verdict: "met",
            says: "core 2.1.0.4 > core 2.5",
        },
        Case {
            what: "the portal ahead of the core",
            change: |facts| {
                facts.environment.solutions = known(vec![
                    solution("Work365Core", "4.6.0.35"),
                    solution("Work365Portal", "4.8.0.1"),
                ]);
            },
            code: 802,
            verdict: "missing",
            says: "ahead of the core",
        },
        Case {
            what: "nothing installed",
            change: |facts| facts.environment.solutions = known(vec![]),
            code: 802,
            verdict: "missing",
            says: "not installed in this environment",
        },
        Case {
            what: "two that could be the core",
            change: |facts| {
                facts.environment.solutions = known(vec![solution("Alpha", "4.6"), solution("Beta", "4.6")])
            },
            code: 802,
            verdict: "unknown",
            says: "work365.core_solution",
        },
        Case {
            what: "a name in the configuration that is not there",
            change: |facts| facts.scene.core_solution = Some("Work365Cor".into()),
            code: 802,
            verdict: "missing",
            says: "no solution Work365Cor; there are Work365Core",
        },
        Case {
            what: "a patch is no second core",
            change: |facts| {
                let mut patch = solution("Work365Core_Patch_1", "4.6.0.36");
                patch.patch = true;
                value(&mut facts.environment.solutions).push(patch);
            },
            code: 802,
            verdict: "met",
            says: "core 4.6.0.35",
        },
        Case {
            what: "a target nobody knows",
            change: |facts| facts.scene.target = Some("48".parse().unwrap()),
            code: 802,
            verdict: "unknown",
            says: "the newest version this pack knows is 4.8",
        },
        Case {
            what: "two, and the configuration says which",
            change: |facts| {
                facts.environment.solutions = known(vec![solution("Alpha", "4.6"), solution("Beta", "4.2")]);
                facts.scene.core_solution = Some("beta".into());
            },
            code: 802,
            verdict: "met",
            says: "core 4.2 > core 4.8",
        },
        Case {
            what: "solutions not to be seen",
            change: |facts| facts.environment.solutions = blind(Reason::MissingRole),
            code: 802,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

#[test]
fn left_overs_are_told_from_what_runs() {
    fn job(started: &str) -> ImportJob {
        ImportJob {
            id: id(80),
            solution: "Work365Core".into(),
            started: Some(started.parse().unwrap()),
            progress: Some(61.0),
        }
    }
    fn operation(kind: i64) -> SolutionOperation {
        SolutionOperation {
            id: id(81),
            name: "Import".into(),
            kind: Some(kind),
            state: 2,
            created: None,
        }
    }
    check(&[
        Case {
            what: "nothing",
            change: |_| {},
            code: 803,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "a holding solution",
            change: |facts| value(&mut facts.environment.solutions).push(solution("Work365Core_Upgrade", "4.8")),
            code: 803,
            verdict: "missing",
            says: "Work365Core_Upgrade 4.8",
        },
        Case {
            what: "an import without an end, and nothing runs",
            change: |facts| facts.environment.open_imports = known(vec![job("2026-11-23T08:50:00Z")]),
            code: 803,
            verdict: "missing",
            says: "never ended",
        },
        Case {
            what: "an import that runs",
            change: |facts| {
                facts.environment.open_imports = known(vec![job("2026-11-23T08:50:00Z")]);
                facts.environment.open_operations = known(vec![operation(54)]);
            },
            code: 803,
            verdict: "met",
            says: "run right now",
        },
        Case {
            what: "an import, while only a language is provisioned",
            change: |facts| {
                facts.environment.open_imports = known(vec![job("2026-11-23T08:50:00Z")]);
                facts.environment.open_operations = known(vec![operation(209)]);
            },
            code: 803,
            verdict: "missing",
            says: "never ended",
        },
        Case {
            what: "publishing is no solution operation",
            change: |facts| facts.environment.open_operations = known(vec![operation(204)]),
            code: 803,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "an import of yesterday, while something else runs",
            change: |facts| {
                facts.environment.open_imports = known(vec![job("2026-11-22T08:50:00Z")]);
                facts.environment.open_operations = known(vec![operation(54)]);
            },
            code: 803,
            verdict: "missing",
            says: "61 % done",
        },
        Case {
            what: "nothing seen, from one business unit",
            change: |facts| facts.environment.own_privileges = known(crate::fixture::reach("Local")),
            code: 803,
            verdict: "unknown",
            says: "for the whole organisation",
        },
        Case {
            what: "operations not to be seen",
            change: |facts| facts.environment.open_operations = blind(Reason::MissingRole),
            code: 803,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

#[test]
fn standing_privileges_are_listed() {
    check(&[
        Case {
            what: "none",
            change: |_| {},
            code: 901,
            verdict: "met",
            says: "nobody holds",
        },
        Case {
            what: "the service account is System Administrator, before the install",
            change: |facts| value(&mut service_of(facts).security_roles).push(system_administrator()),
            code: 901,
            verdict: "due",
            says: "svc@contoso.example: System Administrator",
        },
        Case {
            what: "the borrower's three, after the install",
            change: |facts| {
                facts.environment.solutions = known(vec![solution("Work365Core", "4.8")]);
                let admin = admin_of(facts);
                admin.active_roles = known(vec![global_administrator()]);
                admin.role_assignments = known(vec![schedule(None)]);
                admin.security_roles = known(vec![system_administrator()]);
                admin.licences = known(vec![sales_licence("Success")]);
            },
            code: 901,
            verdict: "missing",
            says: "Global Administrator without an end; admin@contoso.example: System Administrator; admin@contoso.example: licence",
        },
        Case {
            what: "an activation that ends is no standing privilege",
            change: |facts| {
                let admin = admin_of(facts);
                admin.active_roles = known(vec![global_administrator()]);
                admin.role_assignments = known(vec![schedule(Some("2026-11-23T16:00:00Z".parse().unwrap()))]);
            },
            code: 901,
            verdict: "met",
            says: "nobody holds",
        },
        Case {
            what: "the vendor's support user",
            change: |facts| {
                let user = value(&mut service_of(facts).system_users)[0].clone();
                let roles = vec![system_administrator()];
                facts.environment.support_users = known(vec![SupportUser { user, roles }]);
            },
            code: 901,
            verdict: "due",
            says: "(vendor support): System Administrator",
        },
        Case {
            what: "a disabled support user can do nothing",
            change: |facts| {
                let mut user = value(&mut service_of(facts).system_users)[0].clone();
                user.disabled = true;
                let roles = vec![system_administrator()];
                facts.environment.support_users = known(vec![SupportUser { user, roles }]);
            },
            code: 901,
            verdict: "met",
            says: "nobody holds",
        },
        Case {
            what: "an active role whose end is not to be seen",
            change: |facts| {
                let admin = admin_of(facts);
                admin.active_roles = known(vec![global_administrator()]);
                admin.role_assignments = blind(Reason::MissingPermission);
            },
            code: 901,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "no support user, the users seen in part",
            change: |facts| facts.environment.own_privileges = known(crate::fixture::reach_but("prvReadUser")),
            code: 901,
            verdict: "unknown",
            says: "prvReadUser for the whole organisation",
        },
        Case {
            what: "support users not to be seen",
            change: |facts| facts.environment.support_users = blind(Reason::MissingRole),
            code: 901,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}
