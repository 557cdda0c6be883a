//! The service identity: row, roles, profile, settings.

use cutover_core::facts::Reason;
use cutover_core::facts::principal::{Team, TeamProfiles};
use cutover_core::scene::Principal;

use crate::fixture::{
    Case, OTHER_UNIT, PROFILE, UNIT, blind, check, id, known, reach, reach_but, role, service_of, solution,
    system_administrator, value,
};

fn team(inherited: bool) -> Team {
    let mut role = role("Work 365 Service", None, UNIT);
    role.inherited_by_members = Some(inherited);
    Team {
        id: id(70),
        name: "Identities".into(),
        kind: 0,
        roles: vec![role],
    }
}

#[test]
fn the_service_identity_has_to_be_usable() {
    check(&[
        Case {
            what: "in place",
            change: |_| {},
            code: 300,
            verdict: "met",
            says: "assigned directly",
        },
        Case {
            what: "disabled in Entra",
            change: |facts| value(&mut service_of(facts).account).as_mut().unwrap().enabled = false,
            code: 300,
            verdict: "missing",
            says: "disabled in Entra",
        },
        Case {
            what: "not in the tenant",
            change: |facts| service_of(facts).account = known(None),
            code: 300,
            verdict: "missing",
            says: "does not exist in this tenant",
        },
        Case {
            what: "disabled in the environment",
            change: |facts| value(&mut service_of(facts).system_users)[0].disabled = true,
            code: 300,
            verdict: "missing",
            says: "disabled in the environment",
        },
        Case {
            what: "the row is deleted",
            change: |facts| value(&mut service_of(facts).system_users)[0].deleted = true,
            code: 300,
            verdict: "missing",
            says: "is deleted in the environment",
        },
        Case {
            what: "the row belongs to an earlier account of the same name",
            change: |facts| value(&mut service_of(facts).system_users)[0].entra_object_id = Some(id(99)),
            code: 301,
            verdict: "missing",
            says: "only as an earlier account",
        },
        Case {
            what: "a deleted row beside the one in use",
            change: |facts| {
                let rows = value(&mut service_of(facts).system_users);
                let mut old = rows[0].clone();
                old.deleted = true;
                old.entra_object_id = Some(id(99));
                rows.insert(0, old);
            },
            code: 300,
            verdict: "met",
            says: "left by earlier accounts",
        },
        Case {
            what: "no row, seen from one business unit",
            change: |facts| {
                service_of(facts).system_users = known(vec![]);
                facts.environment.own_privileges = known(reach("Local"));
            },
            code: 300,
            verdict: "unknown",
            says: "prvReadUser for the whole organisation",
        },
        Case {
            what: "no role, seen from one business unit",
            change: |facts| {
                service_of(facts).security_roles = known(vec![]);
                facts.environment.own_privileges = known(reach("Deep"));
            },
            code: 301,
            verdict: "unknown",
            says: "prvReadRole for the whole organisation",
        },
        Case {
            what: "no role, the teams seen in part",
            change: |facts| {
                service_of(facts).security_roles = known(vec![]);
                facts.environment.own_privileges = known(reach_but("prvReadTeam"));
            },
            code: 301,
            verdict: "unknown",
            says: "prvReadTeam for the whole organisation",
        },
        Case {
            what: "what is seen from one business unit is there",
            change: |facts| facts.environment.own_privileges = known(reach("Local")),
            code: 301,
            verdict: "met",
            says: "assigned directly",
        },
        Case {
            what: "rows not to be seen",
            change: |facts| service_of(facts).system_users = blind(Reason::Unreachable),
            code: 300,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

#[test]
fn a_role_counts_in_the_own_business_unit_or_through_a_team() {
    check(&[
        Case {
            what: "direct",
            change: |_| {},
            code: 301,
            verdict: "met",
            says: "assigned directly",
        },
        Case {
            what: "the copy of another business unit",
            change: |facts| service_of(facts).security_roles = known(vec![role("Work 365 Service", None, OTHER_UNIT)]),
            code: 301,
            verdict: "missing",
            says: "another business unit",
        },
        Case {
            what: "another role of the same name, of no known root",
            change: |facts| {
                let roles = value(&mut service_of(facts).security_roles);
                roles[0].root = Some(id(4711));
            },
            code: 301,
            verdict: "missing",
            says: "not assigned",
        },
        Case {
            what: "through a team",
            change: |facts| {
                let service = service_of(facts);
                service.security_roles = known(vec![]);
                service.teams = known(vec![team(true)]);
            },
            code: 301,
            verdict: "met",
            says: "through the team Identities",
        },
        Case {
            what: "through a team, for team-owned records only",
            change: |facts| {
                let service = service_of(facts);
                service.security_roles = known(vec![]);
                service.teams = known(vec![team(false)]);
            },
            code: 301,
            verdict: "missing",
            says: "team-owned records only",
        },
        Case {
            what: "through a team, and whether members inherit it was not told",
            change: |facts| {
                let service = service_of(facts);
                service.security_roles = known(vec![]);
                let mut silent = team(true);
                silent.roles[0].inherited_by_members = None;
                service.teams = known(vec![silent]);
            },
            code: 301,
            verdict: "unknown",
            says: "was not told",
        },
        Case {
            what: "teams not to be seen: it could come through one",
            change: |facts| {
                let service = service_of(facts);
                service.security_roles = known(vec![]);
                service.teams = blind(Reason::MissingRole);
            },
            code: 301,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "teams not to be seen, but held directly",
            change: |facts| service_of(facts).teams = blind(Reason::MissingRole),
            code: 301,
            verdict: "met",
            says: "assigned directly",
        },
        Case {
            what: "the installed version does not have it yet",
            change: |facts| facts.environment.wanted_roles = known(vec![]),
            code: 301,
            verdict: "due",
            says: "which brings the role",
        },
        Case {
            what: "the target version is there and does not have it",
            change: |facts| {
                facts.environment.wanted_roles = known(vec![]);
                facts.environment.solutions = known(vec![solution("Work365Core", "4.8.0.1")]);
            },
            code: 301,
            verdict: "missing",
            says: "although the target version is installed",
        },
    ]);
}

#[test]
fn the_portal_role_is_for_application_users_with_the_portal() {
    fn application(facts: &mut cutover_core::Facts) {
        let app = Principal::Application(id(5));
        let mut service = service_of(facts).clone();
        value(&mut service.system_users)[0].application_id = Some(id(5));
        service.service_principal = facts.tenant.work365_app.clone();
        facts.scene.service_identity = app.clone();
        facts.principals.insert(app, service);
    }
    check(&[
        Case {
            what: "a service account",
            change: |_| {},
            code: 302,
            verdict: "not applicable",
            says: "a service account",
        },
        Case {
            what: "lacking, before the install",
            change: application,
            code: 302,
            verdict: "due",
            says: "does not hold",
        },
        Case {
            what: "no portal",
            change: |facts| {
                application(facts);
                facts.environment.solutions = known(vec![solution("Work365Core", "4.6")]);
            },
            code: 302,
            verdict: "not applicable",
            says: "portal solution is not installed",
        },
        Case {
            what: "lacking, after the install",
            change: |facts| {
                application(facts);
                facts.environment.solutions = known(vec![
                    solution("Work365Core", "4.8.0.1"),
                    solution("Work365Portal", "4.8.0.1"),
                ]);
            },
            code: 302,
            verdict: "missing",
            says: "Work 365 Portal Service",
        },
        Case {
            what: "an application needs no licence",
            change: application,
            code: 300,
            verdict: "met",
            says: "enabled user",
        },
        Case {
            what: "MFA does not concern it",
            change: application,
            code: 501,
            verdict: "not applicable",
            says: "service account",
        },
        Case {
            what: "nor do its settings",
            change: application,
            code: 702,
            verdict: "not applicable",
            says: "service account",
        },
        Case {
            what: "the profile is advice for it",
            change: |facts| {
                application(facts);
                let app = facts.scene.service_identity.clone();
                facts.principals.get_mut(&app).unwrap().profiles = known(vec![]);
            },
            code: 401,
            verdict: "missing",
            says: "severity: Advisory",
        },
    ]);
}

#[test]
fn the_column_profile_is_judged_apart_from_system_administrator() {
    check(&[
        Case {
            what: "a member",
            change: |_| {},
            code: 401,
            verdict: "met",
            says: "is a member",
        },
        Case {
            what: "through a team",
            change: |facts| {
                let service = service_of(facts);
                service.profiles = known(vec![]);
                let profiles = vec![PROFILE];
                service.team_profiles = known(vec![TeamProfiles {
                    id: id(70),
                    name: "Identities".into(),
                    profiles,
                }]);
            },
            code: 401,
            verdict: "met",
            says: "through the team Identities",
        },
        Case {
            what: "missing",
            change: |facts| service_of(facts).profiles = known(vec![]),
            code: 401,
            verdict: "missing",
            says: "1 write, lasting",
        },
        Case {
            what: "missing, hidden by System Administrator",
            change: |facts| {
                let service = service_of(facts);
                service.profiles = known(vec![]);
                service.security_roles = known(vec![system_administrator()]);
            },
            code: 401,
            verdict: "missing",
            says: "System Administrator hides this",
        },
        Case {
            what: "missing, hidden by System Administrator through a team",
            change: |facts| {
                let service = service_of(facts);
                service.profiles = known(vec![]);
                let mut administrators = team(true);
                administrators.roles = vec![system_administrator()];
                service.teams = known(vec![administrators]);
            },
            code: 401,
            verdict: "missing",
            says: "System Administrator hides this",
        },
        Case {
            what: "another profile of another name",
            change: |facts| value(&mut facts.environment.wanted_profiles)[0].name = "work 365 admins".into(),
            code: 401,
            verdict: "due",
            says: "which brings the profile",
        },
        Case {
            what: "no profile of the name, seen in part",
            change: |facts| {
                value(&mut facts.environment.wanted_profiles).clear();
                facts.environment.own_privileges = known(reach_but("prvReadFieldSecurityProfile"));
            },
            code: 401,
            verdict: "unknown",
            says: "prvReadFieldSecurityProfile for the whole organisation",
        },
        Case {
            what: "not a member, the profiles seen in part",
            change: |facts| {
                service_of(facts).profiles = known(vec![]);
                facts.environment.own_privileges = known(reach_but("prvReadFieldSecurityProfile"));
            },
            code: 401,
            verdict: "unknown",
            says: "prvReadFieldSecurityProfile for the whole organisation",
        },
        Case {
            what: "not a member, the teams seen in part",
            change: |facts| {
                service_of(facts).profiles = known(vec![]);
                facts.environment.own_privileges = known(reach_but("prvReadTeam"));
            },
            code: 401,
            verdict: "unknown",
            says: "prvReadTeam for the whole organisation",
        },
        Case {
            what: "teams' profiles not to be seen",
            change: |facts| {
                let service = service_of(facts);
                service.profiles = known(vec![]);
                service.team_profiles = blind(Reason::MissingRole);
            },
            code: 401,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

#[test]
fn access_mode_is_required_and_the_rest_is_advice() {
    check(&[
        Case {
            what: "in place",
            change: |_| {},
            code: 702,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "Administrative",
            change: |facts| value(&mut service_of(facts).system_users)[0].access_mode = 1,
            code: 702,
            verdict: "missing",
            says: "access mode Administrative",
        },
        Case {
            what: "German format",
            change: |facts| value(&mut service_of(facts).settings).as_mut().unwrap().locale = Some(1031),
            code: 702,
            verdict: "met",
            says: "the format is 1031",
        },
        Case {
            what: "no time zone",
            change: |facts| value(&mut service_of(facts).settings).as_mut().unwrap().time_zone = None,
            code: 702,
            verdict: "met",
            says: "no time zone",
        },
        Case {
            what: "settings not to be seen",
            change: |facts| service_of(facts).settings = blind(Reason::MissingRole),
            code: 702,
            verdict: "met",
            says: "could not be read",
        },
    ]);
}

#[test]
fn english_is_asked_of_the_provisioned_languages() {
    check(&[
        Case {
            what: "there",
            change: |_| {},
            code: 701,
            verdict: "met",
            says: "1033",
        },
        Case {
            what: "only German",
            change: |facts| facts.environment.languages = known(vec![1031]),
            code: 701,
            verdict: "missing",
            says: "provisioned: 1031",
        },
        Case {
            what: "not to be seen, whatever the base language says",
            change: |facts| facts.environment.languages = blind(Reason::TimedOut),
            code: 701,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}
