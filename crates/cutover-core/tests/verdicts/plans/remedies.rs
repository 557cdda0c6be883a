//! What is proposed for each requirement.

use cutover_core::facts::Reason;
use cutover_core::facts::principal::{Licence, LicenceAssignment, PerUserMfa, UserSettings};
use cutover_core::facts::tenant::ConditionalAccessPolicy;
use cutover_core::plan::Action;
use cutover_core::plan::action::Side;
use cutover_core::planner::MfaBy;
use cutover_core::{Code, Decisions, Facts};
use uuid::{Uuid, uuid};

use super::{emergency, planned, steps};
use crate::fixture::{
    DATAVERSE, SALES, admin_of, blind, grant, id, integration_of, known, ready, service_of, system_administrator,
    upgraded, value,
};

const TEAM_MEMBERS: Uuid = uuid!("7ac9fe77-66b7-4e5e-9e46-10eed1cff547");
const GLOBAL: &str = "lend-global-administrator";
const SYSTEM: &str = "lend-system-administrator";

struct Case {
    what: &'static str,
    change: fn(&mut Facts),
    decide: fn(&mut Decisions),
    /// Names of the steps, in order.
    steps: &'static [&'static str],
    /// Codes of what is refused, and words of the reason or the way out.
    refused: &'static [(u16, &'static str)],
    by_hand: &'static [u16],
}

const PLAIN: Case = Case {
    what: "",
    change: |_| {},
    decide: |_| {},
    steps: &[],
    refused: &[],
    by_hand: &[],
};

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let plan = planned(case.change, case.decide);
        let hand: Vec<Code> = plan.hand_work.iter().map(|work| work.requirement).collect();
        let by_hand: Vec<Code> = case.by_hand.iter().map(|code| Code::new(*code)).collect();
        let refused = plan.refused.len() == case.refused.len()
            && plan.refused.iter().zip(case.refused).all(|(refusal, (code, words))| {
                refusal.requirement == Code::new(*code) && format!("{refusal:?}").contains(words)
            });
        if steps(&plan) != case.steps || !refused || hand != by_hand {
            wrong.push(format!(
                "{}: steps {:?}, by hand {hand:?}, refused {:#?}",
                case.what,
                steps(&plan),
                plan.refused
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn consent_is_brought_in_and_granted() {
    check(&[
        Case { what: "ready", ..PLAIN },
        Case {
            what: "no grant",
            change: |facts| facts.tenant.work365_grants = known(vec![]),
            steps: &[GLOBAL, "consent-microsoft-graph", "consent-dynamics"],
            ..PLAIN
        },
        Case {
            what: "one grant",
            change: |facts| facts.tenant.work365_grants = known(vec![grant(DATAVERSE, &["User_Impersonation"])]),
            steps: &[GLOBAL, "consent-microsoft-graph"],
            ..PLAIN
        },
        Case {
            what: "the API itself is not in the tenant",
            change: |facts| facts.tenant.dataverse_app = known(None),
            steps: &[GLOBAL, "add-dynamics", "consent-dynamics"],
            ..PLAIN
        },
        Case {
            what: "the app comes with the install step",
            change: |facts| facts.tenant.work365_app = known(None),
            ..PLAIN
        },
        Case {
            what: "the app is not there after it",
            change: |facts| {
                upgraded(facts);
                facts.tenant.work365_app = known(None);
            },
            steps: &[GLOBAL, "add-work-365", "consent-microsoft-graph", "consent-dynamics"],
            by_hand: &[104],
            ..PLAIN
        },
        Case {
            what: "somebody switched the app off",
            change: |facts| value(&mut facts.tenant.work365_app).as_mut().unwrap().enabled = false,
            by_hand: &[103],
            ..PLAIN
        },
    ]);
}

#[test]
fn the_service_identity_is_enabled_and_gets_its_roles() {
    check(&[
        Case {
            what: "no role",
            change: |facts| service_of(facts).security_roles = known(vec![]),
            steps: &[GLOBAL, SYSTEM, "assign-role-work-365-service"],
            ..PLAIN
        },
        Case {
            what: "no profile, by one who is System Administrator already",
            change: |facts| {
                service_of(facts).profiles = known(vec![]);
                admin_of(facts).security_roles = known(vec![system_administrator()]);
            },
            steps: &["assign-profile-work-365-admin"],
            ..PLAIN
        },
        Case {
            what: "disabled",
            change: |facts| value(&mut service_of(facts).account).as_mut().unwrap().enabled = false,
            steps: &[GLOBAL, "enable-service-identity"],
            ..PLAIN
        },
        Case {
            what: "no row: nothing can be given to it",
            change: |facts| {
                service_of(facts).system_users = known(vec![]);
                service_of(facts).security_roles = known(vec![]);
            },
            by_hand: &[300, 301, 401, 702],
            ..PLAIN
        },
        Case {
            what: "not asked for",
            change: |facts| service_of(facts).security_roles = known(vec![]),
            decide: |decisions| decisions.selection.skip = vec![Code::new(301)],
            ..PLAIN
        },
    ]);
}

fn team_members(by_group: Option<Uuid>) -> impl Fn(&mut Facts) {
    move |facts| {
        service_of(facts).licences = known(vec![Licence {
            sku_id: TEAM_MEMBERS,
            sku_part_number: "DYN365_TEAM_MEMBERS".into(),
            plans: vec![],
        }]);
        value(&mut service_of(facts).account)
            .as_mut()
            .unwrap()
            .licence_assignments = vec![LicenceAssignment {
            sku_id: TEAM_MEMBERS,
            by_group,
            state: "Active".into(),
        }];
    }
}

#[test]
fn a_licence_for_good_is_a_decision() {
    let unlicensed: fn(&mut Facts) = |facts| service_of(facts).licences = known(vec![]);
    let no_location: fn(&mut Facts) = |facts| {
        service_of(facts).licences = known(vec![]);
        value(&mut service_of(facts).account).as_mut().unwrap().usage_location = None;
    };
    check(&[
        Case {
            what: "not decided",
            change: unlicensed,
            refused: &[(300, "--lasting-licence")],
            ..PLAIN
        },
        Case {
            what: "decided",
            change: unlicensed,
            decide: |decisions| decisions.lasting_licence = true,
            steps: &[GLOBAL, "assign-licence"],
            ..PLAIN
        },
        Case {
            what: "no usage location",
            change: no_location,
            decide: |decisions| decisions.lasting_licence = true,
            refused: &[(300, "--usage-location")],
            by_hand: &[300],
            ..PLAIN
        },
        Case {
            what: "the usage location first",
            change: no_location,
            decide: |decisions| {
                decisions.lasting_licence = true;
                decisions.usage_location = Some("NL".into());
            },
            steps: &[GLOBAL, "set-usage-location", "assign-licence"],
            ..PLAIN
        },
        Case {
            what: "a licence that the tenant does not own",
            change: unlicensed,
            decide: |decisions| {
                decisions.lasting_licence = true;
                decisions.sku = Some("CRMSTANDARD".into());
            },
            refused: &[(300, "owns no licence CRMSTANDARD")],
            by_hand: &[300],
            ..PLAIN
        },
        Case {
            what: "no seat",
            change: |facts| {
                service_of(facts).licences = known(vec![]);
                value(&mut facts.tenant.skus)[0].consumed = 5;
            },
            decide: |decisions| decisions.lasting_licence = true,
            refused: &[(300, "no Dynamics 365")],
            by_hand: &[2, 201, 300],
            ..PLAIN
        },
        Case {
            what: "a licence with its plans switched off needs no second seat",
            change: |facts| service_of(facts).licences = known(vec![crate::fixture::sales_licence("Disabled")]),
            decide: |decisions| decisions.lasting_licence = true,
            by_hand: &[300],
            ..PLAIN
        },
    ]);
    // Team Members goes in the same call, unless it comes through a group.
    for (by_group, instead_of) in [(None, vec![TEAM_MEMBERS]), (Some(id(77)), vec![])] {
        let plan = planned(team_members(by_group), |decisions| decisions.lasting_licence = true);
        let licence = plan.steps.iter().find_map(|step| match &step.action {
            Action::AssignLicence(licence) => Some(licence),
            _ => None,
        });
        let licence = licence.unwrap();
        assert_eq!((licence.sku, &licence.instead_of), (SALES, &instead_of));
    }
}

#[test]
fn mfa_is_demanded_only_by_decision() {
    let off: fn(&mut Facts) = |facts| service_of(facts).per_user_mfa = known(PerUserMfa::Disabled);
    check(&[
        Case {
            what: "not decided",
            change: off,
            refused: &[(502, "--mfa per-user")],
            ..PLAIN
        },
        Case {
            what: "per user",
            change: off,
            decide: |decisions| decisions.mfa = Some(MfaBy::PerUser),
            steps: &[GLOBAL, "enforce-mfa-svc-contoso-example"],
            ..PLAIN
        },
        Case {
            what: "nobody without a method is locked out",
            change: |facts| {
                service_of(facts).per_user_mfa = known(PerUserMfa::Disabled);
                service_of(facts).methods = known(vec![]);
            },
            decide: |decisions| decisions.mfa = Some(MfaBy::PerUser),
            refused: &[(502, "locked out")],
            by_hand: &[501],
            ..PLAIN
        },
        Case {
            what: "a policy without emergency accounts",
            change: off,
            decide: |decisions| decisions.mfa = Some(MfaBy::ConditionalAccess),
            refused: &[(502, "--emergency-account")],
            ..PLAIN
        },
        Case {
            what: "a policy, report-only",
            change: off,
            decide: |decisions| {
                decisions.mfa = Some(MfaBy::ConditionalAccess);
                decisions.emergency_accounts = vec![emergency()];
            },
            steps: &[GLOBAL, "create-policy-svc-contoso-example"],
            ..PLAIN
        },
        Case {
            what: "a policy beside security defaults",
            change: |facts| {
                service_of(facts).per_user_mfa = known(PerUserMfa::Disabled);
                facts.tenant.security_defaults = known(true);
            },
            decide: |decisions| {
                decisions.mfa = Some(MfaBy::ConditionalAccess);
                decisions.emergency_accounts = vec![emergency()];
            },
            refused: &[(502, "cannot both be on")],
            ..PLAIN
        },
        Case {
            what: "security defaults",
            change: off,
            decide: |decisions| decisions.mfa = Some(MfaBy::SecurityDefaults),
            steps: &[GLOBAL, "enable-security-defaults"],
            ..PLAIN
        },
        Case {
            what: "security defaults beside a policy",
            change: |facts| {
                service_of(facts).per_user_mfa = known(PerUserMfa::Disabled);
                facts.tenant.conditional_access = known(vec![ConditionalAccessPolicy {
                    id: "p".into(),
                    name: "for others".into(),
                    state: "enabled".into(),
                    policy: serde_json::json!({
                        "id": "p", "displayName": "for others", "state": "enabled",
                        "conditions": {"users": {"includeUsers": ["None"]}, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
                        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
                    }),
                }]);
            },
            decide: |decisions| decisions.mfa = Some(MfaBy::SecurityDefaults),
            refused: &[(502, "cannot be on beside")],
            ..PLAIN
        },
    ]);
}

#[test]
fn the_partner_side_is_changed_by_whoever_is_signed_in_there() {
    let may: fn(&mut Facts) = |facts| {
        integration_of(facts).groups = known(vec![]);
        facts.partner.applications = known(vec![]);
        let token = value(&mut facts.partner.tenant.signed_in);
        token.application = true;
        let permissions = &mut token.permissions;
        permissions.push("GroupMember.ReadWrite.All".into());
        permissions.push("Application.ReadWrite.All".into());
    };
    check(&[
        Case {
            what: "who may not",
            change: |facts| {
                integration_of(facts).groups = known(vec![]);
                facts.partner.applications = known(vec![]);
            },
            refused: &[(602, "partner tenant"), (604, "partner tenant")],
            by_hand: &[602, 604],
            ..PLAIN
        },
        Case {
            what: "who may",
            change: may,
            steps: &["join-adminagents", "register-native-app"],
            ..PLAIN
        },
        Case {
            what: "an application may in the directory, and somebody else is signed in at Partner Center",
            change: |facts| {
                integration_of(facts).groups = known(vec![]);
                facts.partner.applications = known(vec![]);
                let mut token = value(&mut facts.partner.tenant.signed_in).clone();
                token.application = true;
                token.permissions = ["GroupMember.ReadWrite.All", "AppRegistration.Create"]
                    .map(Into::into)
                    .into();
                facts.partner.directory_sign_in = known(token);
            },
            steps: &["join-adminagents", "register-native-app"],
            ..PLAIN
        },
        Case {
            what: "what somebody may at Partner Center is no right in the directory",
            change: |facts| {
                integration_of(facts).groups = known(vec![]);
                facts.partner.applications = known(vec![]);
                facts.partner.directory_sign_in = known(value(&mut facts.partner.tenant.signed_in).clone());
                let token = value(&mut facts.partner.tenant.signed_in);
                token.application = false;
                token.directory_roles = vec![cutover_core::reading::directory_roles::GLOBAL_ADMINISTRATOR];
            },
            refused: &[(602, "partner tenant"), (604, "partner tenant")],
            by_hand: &[602, 604],
            ..PLAIN
        },
        Case {
            what: "two groups of the name",
            change: |facts| {
                integration_of(facts).groups = known(vec![]);
                let groups = value(&mut facts.partner.agent_groups);
                let mut second = groups[0].clone();
                second.id = id(78);
                groups.push(second);
            },
            by_hand: &[602],
            ..PLAIN
        },
        Case {
            what: "a seat that is wasted is told",
            change: |facts| integration_of(facts).licences = known(vec![crate::fixture::sales_licence("Success")]),
            ..PLAIN
        },
    ]);
    let plan = planned(may, |_| {});
    assert!(
        plan.steps
            .iter()
            .all(|step| step.action.describe().side() == Side::Partner)
    );
}

#[test]
fn language_and_settings_are_changed_in_the_environment() {
    check(&[
        Case {
            what: "no English",
            change: |facts| facts.environment.languages = known(vec![1043]),
            steps: &[GLOBAL, SYSTEM, "enable-english"],
            ..PLAIN
        },
        Case {
            what: "another access mode",
            change: |facts| value(&mut service_of(facts).system_users)[0].access_mode = 1,
            steps: &[GLOBAL, SYSTEM, "set-access-mode"],
            ..PLAIN
        },
        Case {
            what: "another access mode, for want of a licence",
            change: |facts| {
                value(&mut service_of(facts).system_users)[0].access_mode = 1;
                service_of(facts).licences = known(vec![]);
            },
            decide: |decisions| decisions.lasting_licence = true,
            steps: &[GLOBAL, "assign-licence"],
            refused: &[(702, "a licence comes first")],
            ..PLAIN
        },
        Case {
            what: "another format",
            change: |facts| {
                service_of(facts).settings = known(Some(UserSettings {
                    locale: Some(1043),
                    time_zone: Some(110),
                }));
            },
            steps: &[GLOBAL, SYSTEM, "update-settings"],
            ..PLAIN
        },
        Case {
            what: "no time zone, and none decided",
            change: |facts| {
                service_of(facts).settings = known(Some(UserSettings {
                    locale: Some(1033),
                    time_zone: None,
                }));
            },
            ..PLAIN
        },
        Case {
            what: "no time zone",
            change: |facts| {
                service_of(facts).settings = known(Some(UserSettings {
                    locale: Some(1033),
                    time_zone: None,
                }));
            },
            decide: |decisions| decisions.time_zone = Some(110),
            steps: &[GLOBAL, SYSTEM, "update-settings"],
            ..PLAIN
        },
    ]);
}

#[test]
fn what_was_held_before_is_never_taken() {
    let plan = planned(
        |facts| {
            upgraded(facts);
            service_of(facts).security_roles.clone_from(&known(vec![
                crate::fixture::role("Work 365 Service", None, crate::fixture::UNIT),
                system_administrator(),
            ]));
        },
        |_| {},
    );
    assert!(plan.steps.is_empty(), "{:?}", steps(&plan));
    let refusal = plan
        .refused
        .iter()
        .find(|refusal| refusal.requirement == Code::new(901));
    assert!(refusal.unwrap().why.contains("held before"));
}

#[test]
fn what_could_not_be_seen_is_not_planned() {
    let plan = planned(|facts| facts.environment.languages = blind(Reason::Unreachable), |_| {});
    assert!(plan.steps.is_empty());
    assert!(
        plan.notes
            .iter()
            .any(|note| note.starts_with("W701 could not be checked")),
        "{:?}",
        plan.notes
    );
}

#[test]
fn every_requirement_of_the_pack_is_told_of_or_done() {
    // Every requirement that is missing leaves a trace: a step, hand-work, a refusal or a note.
    let mut facts = ready();
    for change in crate::properties::TWISTS {
        change(&mut facts);
    }
    let plan = super::of(&facts, &Decisions::default());
    for finding in crate::fixture::all(&facts, &[]) {
        let code = finding.code();
        if finding.verdict().name() != "missing" && finding.verdict().name() != "by hand" {
            continue;
        }
        let told = plan.steps.iter().any(|step| step.requirements.contains(&code))
            || plan.hand_work.iter().any(|work| work.requirement == code)
            || plan.refused.iter().any(|refusal| refusal.requirement == code)
            || plan.notes.iter().any(|note| note.contains(&code.to_string()));
        assert!(told, "{code}: {finding:?}");
    }
}
