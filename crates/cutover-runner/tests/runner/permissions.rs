//! What a missing right does: it blinds exactly the checks whose calls needed it, by name, and changes nothing else.

use std::collections::{BTreeMap, BTreeSet};

use cutover_clients::CallSpec;
use cutover_core::evidence::Service;
use cutover_core::facts::{Blind, Reason};
use cutover_core::{Finding, Pack, Verdict, checks};
use cutover_runner::collect::calls_of;

use super::harness::{Tenant, differences};

/// Rights of the signed-in reader: Graph application permissions and Dataverse privileges.
type Rights = BTreeSet<String>;

fn rights(tenant: &Tenant) -> Rights {
    tenant.emulator.read(|state| {
        let client = state
            .clients
            .iter()
            .find(|client| client.app_id == tenant.client_id.to_string())
            .expect("the reader");
        let environment = &state.environments[0];
        let role = environment
            .tables
            .find("roles", "name", "cutover Reader")
            .expect("its role");
        let privileges = &environment.role_privileges[role["roleid"].as_str().expect("an id")];
        client.app_roles.values().flatten().chain(privileges).cloned().collect()
    })
}

fn look_with(world: &str, rights: &Rights) -> Vec<Finding> {
    let tenant = opened(world);
    let (privileges, permissions): (Vec<String>, Vec<String>) =
        rights.iter().cloned().partition(|right| right.starts_with("prv"));
    tenant.emulator.write(|state| {
        let client = state
            .clients
            .iter_mut()
            .find(|client| client.app_id == tenant.client_id.to_string());
        let app_roles = &mut client.expect("the reader").app_roles;
        assert_eq!(app_roles.len(), 1, "permissions of Graph alone");
        app_roles.values_mut().for_each(|held| held.clone_from(&permissions));
        let environment = &mut state.environments[0];
        let role = environment
            .tables
            .find("roles", "name", "cutover Reader")
            .expect("its role");
        let id = role["roleid"].as_str().expect("an id").to_owned();
        environment.role_privileges.insert(id, privileges);
    });
    tenant.look().findings
}

/// What a call lacks of these rights, as a finding names it; empty when they suffice.
fn lacking(call: &CallSpec, rights: &Rights) -> Vec<String> {
    if call.service == Service::Dataverse {
        let lacking = call
            .permission
            .privileges
            .iter()
            .filter(|privilege| !rights.contains(**privilege));
        return lacking
            .map(|privilege| format!("a security role with {privilege}"))
            .collect();
    }
    [call.permission.application, call.permission.also]
        .into_iter()
        .filter(|list| !list.is_empty() && !list.iter().any(|permission| rights.contains(*permission)))
        .map(|list| format!("permission {}", list[0]))
        .collect()
}

/// The least rights that the calls of all checks name.
fn least() -> Rights {
    let calls = checks::ALL
        .iter()
        .flat_map(|check| calls_of(check, &Pack::work365().expect("the built-in pack")));
    let least = calls.flat_map(|call| {
        let first = [call.permission.application.first(), call.permission.also.first()]
            .into_iter()
            .flatten();
        first
            .chain(call.permission.privileges)
            .map(|right| (*right).to_owned())
            .collect::<Vec<_>>()
    });
    least.collect()
}

fn blinds(finding: &Finding) -> &[Blind] {
    match finding.verdict() {
        Verdict::Unknown(blinds) => blinds,
        _ => &[],
    }
}

const WORLDS: &[&str] = &["ready", "application-user", "via-group", "upgraded", ELIGIBLE_GROUP];
/// `via-group`, where the group's role has to be activated first: only who sees the group sees the eligibility.
const ELIGIBLE_GROUP: &str = "eligible group";

fn opened(world: &str) -> Tenant {
    match world {
        ELIGIBLE_GROUP => Tenant::like("via-group", "role_assignment.admins.kind = \"eligible\""),
        built_in => Tenant::built_in(built_in),
    }
}

#[test]
fn the_least_rights_are_enough() {
    let least = least();
    for world in WORLDS {
        let whole = opened(world).look().findings;
        let findings = look_with(world, &least);
        let unknown: Vec<_> = findings.iter().filter(|finding| !blinds(finding).is_empty()).collect();
        assert!(unknown.is_empty(), "{world}: {unknown:#?}");
        assert_eq!(findings, whole, "{world}: {}", differences(&whole, &findings));
    }
}

/// Ways to take rights away: each by itself, and all that would open one call, named by the least of them.
fn removals(held: &Rights) -> BTreeMap<String, Rights> {
    let calls = checks::ALL
        .iter()
        .flat_map(|check| calls_of(check, &Pack::work365().expect("the built-in pack")));
    let lists = calls.flat_map(|call| [call.permission.application, call.permission.also]);
    let whole = lists.filter(|list| !list.is_empty());
    let whole = whole.map(|list| {
        (
            format!("all like {}", list[0]),
            list.iter().map(|right| (*right).to_owned()).collect(),
        )
    });
    let single = held.iter().map(|right| (right.clone(), Rights::from([right.clone()])));
    single.chain(whole).collect()
}

#[test]
fn a_missing_right_blinds_the_checks_that_need_it_and_no_other() {
    for world in WORLDS {
        let least = (*world == "ready").then(least);
        for held in [rights(&opened(world))].into_iter().chain(least) {
            let before = look_with(world, &held);
            for (right, removal) in removals(&held) {
                let rest: Rights = held.difference(&removal).cloned().collect();
                let after = look_with(world, &rest);
                for ((check, before), after) in checks::ALL.iter().zip(&before).zip(&after) {
                    let place = format!("{world} without {right}, {}", check.code);
                    assert_eq!(
                        (before.code(), after.code()),
                        (check.code, check.code),
                        "{place}: same order"
                    );
                    let wanted: Vec<String> = calls_of(check, &Pack::work365().expect("the built-in pack"))
                        .into_iter()
                        .flat_map(|call| lacking(call, &rest))
                        .collect();
                    if wanted.is_empty() {
                        assert_eq!(before, after, "{place}: needs nothing of it");
                        continue;
                    }
                    if after.verdict().name() != before.verdict().name() {
                        assert_eq!(after.verdict().name(), "unknown", "{place}: {}", after.sentence());
                    }
                    for blind in blinds(after) {
                        let reasons = [Reason::MissingPermission, Reason::MissingRole, Reason::DependsOn];
                        assert!(reasons.contains(&blind.reason), "{place}: {blind:?}");
                        let named = blind.lacking.iter().all(|lacking| wanted.contains(lacking));
                        assert!(
                            !blind.lacking.is_empty() && named,
                            "{place}: {blind:?} names none of {wanted:?}"
                        );
                        let right = wanted.iter().filter_map(|wanted| wanted.split(' ').next_back());
                        assert!(
                            right.clone().any(|right| after.sentence().contains(right)),
                            "{place}: {}",
                            after.sentence()
                        );
                    }
                }
            }
        }
    }
}

/// What goes dark in `ready` without a right, or without all permissions that open the same call.
///
/// A check that can be decided in another way stays open: W501 by the registration report, loans by another lender.
const OPENED_BY: &[(&str, &str)] = &[
    ("AuditLog.Read.All", "W503"),
    ("Directory.Read.All", "W103"),
    ("Policy.Read.All", "W502"),
    ("all like Application.Read.All", "W103"),
    ("all like AuditLog.Read.All", "W503"),
    ("all like Directory.Read.All", "W103"),
    ("all like GroupMember.Read.All", "W103"),
    (
        "all like LicenseAssignment.Read.All",
        "W001 W002 W101 W102 W103 W201 W300 W301 W401 W502 W503 W702 W901",
    ),
    ("all like Policy.Read.All", "W502"),
    ("all like Policy.Read.AuthenticationMethod", "W502"),
    (
        "all like RoleEligibilitySchedule.Read.Directory",
        "W001 W002 W101 W102 W201",
    ),
    ("all like RoleManagement.Read.Directory", "W103"),
    (
        "all like User.Read.All",
        "W001 W002 W101 W102 W103 W201 W300 W301 W401 W502 W503 W702 W901",
    ),
    ("prvReadAsyncOperation", "W803"),
    ("prvReadBusinessUnit", "W001 W102 W300 W301 W401 W702 W901"),
    ("prvReadFieldSecurityProfile", "W401"),
    ("prvReadImportJob", "W803"),
    ("prvReadPublisher", "W104 W802 W803"),
    ("prvReadRole", "W001 W102 W301 W901"),
    ("prvReadSolution", "W104 W802 W803"),
    ("prvReadTeam", "W001 W102 W901"),
    ("prvReadUser", "W001 W102 W300 W301 W401 W702 W803 W901"),
];

#[test]
fn which_checks_each_right_opens() {
    let held = rights(&Tenant::built_in("ready"));
    let mut opened = Vec::new();
    for (right, removal) in removals(&held) {
        let rest = held.difference(&removal).cloned().collect();
        let findings = look_with("ready", &rest);
        let unknown = findings.iter().filter(|finding| !blinds(finding).is_empty());
        let codes: Vec<String> = unknown.map(|finding| finding.code().to_string()).collect();
        // One of several permissions that do the same opens nothing by itself.
        if !codes.is_empty() {
            opened.push((right, codes.join(" ")));
        }
    }
    let opened: Vec<(&str, &str)> = opened
        .iter()
        .map(|(right, codes)| (right.as_str(), codes.as_str()))
        .collect();
    assert_eq!(opened, OPENED_BY, "{opened:#?}");
}
