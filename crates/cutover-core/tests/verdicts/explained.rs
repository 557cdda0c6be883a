//! The reasoning about MFA, and Microsoft's own beside it.

use cutover_core::facts::principal::{PerUserMfa, ServicePrincipal};
use cutover_core::facts::tenant::ConditionalAccessPolicy;
use cutover_core::facts::{Fact, Reason};
use cutover_core::mfa_explained::{Asked, DATAVERSE, MfaVerdict, Opinion, POINTS, SecondOpinion, explain};
use cutover_core::{Facts, Pack};
use serde_json::{Value, json};

use crate::fixture::{blind, global_administrator, id, known, ready, service_of};

fn policy(id: &str, state: &str, conditions: Value, control: &str) -> ConditionalAccessPolicy {
    let mut whole = json!({"conditions": {"users": {"includeUsers": ["All"]}, "clientAppTypes": ["all"],
        "applications": {"includeApplications": ["All"]}}, "grantControls": {"operator": "OR", "builtInControls": [control]}});
    for (part, value) in conditions.as_object().unwrap() {
        whole["conditions"][part] = value.clone();
    }
    ConditionalAccessPolicy {
        id: id.to_owned(),
        name: format!("policy {id}"),
        state: state.to_owned(),
        policy: whole,
    }
}

/// A tenant with these policies, in which nothing else asks for MFA.
fn with(policies: Vec<ConditionalAccessPolicy>) -> Facts {
    let mut facts = ready();
    service_of(&mut facts).per_user_mfa = known(PerUserMfa::Disabled);
    facts.tenant.conditional_access = known(policies);
    facts
}

#[test]
fn more_combinations_than_are_looked_at_are_not_proven_and_said_so() {
    let place = |number: usize| format!("b4a2c400-0000-4000-8000-0000000020{number:02}");
    let outside = |number: usize| {
        let left_out = [place(2 * number), place(2 * number + 1)];
        let locations = json!({"includeLocations": ["All"], "excludeLocations": left_out});
        policy(
            &format!("p{number}"),
            "enabled",
            json!({ "locations": locations }),
            "mfa",
        )
    };
    let facts = with((0..24).map(outside).collect());
    let explained = explain(&facts, &Pack::work365().unwrap(), &asked(&facts)).unwrap();
    assert_eq!(explained.verdict, MfaVerdict::NotProven);
    assert!(
        explained.because.contains("more sign-ins apart than are looked at"),
        "{}",
        explained.because
    );
}

fn asked(facts: &Facts) -> Asked {
    Asked::at(facts.scene.service_identity.clone(), DATAVERSE)
}

fn verdict(facts: &Facts) -> MfaVerdict {
    explain(facts, &Pack::work365().unwrap(), &asked(facts))
        .unwrap()
        .verdict
}

#[test]
fn each_verdict_has_its_reason() {
    let always = || policy("a", "enabled", json!({}), "mfa");
    let browsers = || policy("b", "enabled", json!({"clientAppTypes": ["browser"]}), "mfa");
    let office = json!({"applications": {"includeApplications": ["Office365"]}});
    let with_defaults = |administrator: bool| {
        let mut facts = with(Vec::new());
        facts.tenant.security_defaults = known(true);
        if administrator {
            service_of(&mut facts).active_roles = known(vec![global_administrator()]);
        }
        facts
    };
    let per_user = |state: PerUserMfa| {
        let mut facts = with(vec![browsers()]);
        service_of(&mut facts).per_user_mfa = known(state);
        facts
    };
    let unseen = |mut facts: Facts| {
        facts.tenant.conditional_access = blind(Reason::MissingPermission);
        facts
    };
    for (what, facts, expected) in [
        ("a policy for all sign-ins", with(vec![always()]), MfaVerdict::Proven),
        ("a policy for some", with(vec![browsers()]), MfaVerdict::NotProven),
        ("none", with(Vec::new()), MfaVerdict::Disproven),
        (
            "for others only",
            with(vec![policy(
                "o",
                "enabled",
                json!({"users": {"includeUsers": ["None"]}}),
                "mfa",
            )]),
            MfaVerdict::Disproven,
        ),
        (
            "a block",
            with(vec![policy("x", "enabled", json!({}), "block"), always()]),
            MfaVerdict::Blocked,
        ),
        (
            "a bundle",
            with(vec![policy("f", "enabled", office, "mfa")]),
            MfaVerdict::CouldNotRead,
        ),
        ("policies unseen", unseen(with(Vec::new())), MfaVerdict::CouldNotRead),
        (
            "per-user MFA fills what policies leave",
            per_user(PerUserMfa::Enforced),
            MfaVerdict::Probable,
        ),
        (
            "per-user MFA enabled",
            per_user(PerUserMfa::Enabled),
            MfaVerdict::Probable,
        ),
        (
            "per-user MFA, policies unseen",
            unseen(per_user(PerUserMfa::Enforced)),
            MfaVerdict::Probable,
        ),
        ("security defaults", with_defaults(false), MfaVerdict::NotProven),
        (
            "security defaults, of an administrator",
            with_defaults(true),
            MfaVerdict::Proven,
        ),
    ] {
        assert_eq!(verdict(&facts), expected, "{what}");
    }
}

fn warnings(facts: &Facts) -> (MfaVerdict, String) {
    let explained = explain(facts, &Pack::work365().unwrap(), &asked(facts)).unwrap();
    (explained.verdict, explained.warnings.join("\n"))
}

/// Wherever a page names a change of a policy, it says what to do before.
#[test]
fn emergency_accounts_are_named_before_any_change() {
    let mut probable = with(vec![policy(
        "b",
        "enabled",
        json!({"clientAppTypes": ["browser"]}),
        "mfa",
    )]);
    service_of(&mut probable).per_user_mfa = known(PerUserMfa::Enforced);
    let office = json!({"applications": {"includeApplications": ["Office365"]}});
    let unclear = with(vec![policy("f", "enabled", office, "mfa")]);
    for (facts, expected) in [
        (probable, MfaVerdict::Probable),
        (unclear, MfaVerdict::CouldNotRead),
        (with(Vec::new()), MfaVerdict::Disproven),
    ] {
        let (verdict, said) = warnings(&facts);
        assert_eq!(verdict, expected);
        assert!(said.contains("two emergency accounts"), "{expected:?}: {said}");
        assert!(!said.contains("security defaults"), "{expected:?}: {said}");
    }
    let (verdict, said) = warnings(&with(vec![policy("a", "enabled", json!({}), "mfa")]));
    assert_eq!(verdict, MfaVerdict::Proven);
    assert!(!said.contains("two emergency accounts"), "{said}");
}

/// Security defaults and enabled policies shut each other out (contracts of `identitySecurityDefaultsEnforcementPolicy`).
#[test]
fn no_policy_is_advised_beside_security_defaults_without_a_word() {
    let mut facts = with(Vec::new());
    facts.tenant.security_defaults = known(true);
    let explained = explain(&facts, &Pack::work365().unwrap(), &asked(&facts)).unwrap();
    let change = explained.holes[0].change.clone().unwrap();
    let watching = policy("watching", "enabledForReportingButNotEnforced", json!({}), "mfa");
    facts.tenant.conditional_access = known(vec![watching]);
    let said = warnings(&facts).1;
    for words in ["cannot both be on", "needs Entra ID P1"] {
        assert!(change.contains(words), "{words}: {change}");
        assert!(said.contains(words), "{words}: {said}");
    }
    facts.tenant.conditional_access = known(Vec::new());
    let mut off = facts.clone();
    off.tenant.security_defaults = known(false);
    let explained = explain(&off, &Pack::work365().unwrap(), &asked(&off)).unwrap();
    assert_eq!(
        explained.holes[0].change.as_deref(),
        Some("let a policy ask for MFA at these sign-ins")
    );
}

/// Nothing is claimed beyond what the log shows.
#[test]
fn a_log_without_unattended_sign_ins_is_no_proof_that_there_are_none() {
    let said = warnings(&with(Vec::new())).1;
    assert!(
        said.contains("the only successful sign-in in the log came with MFA; the log shows interactive sign-ins, and an unattended one, which MFA would stop, may not be in it"),
        "{said}"
    );
    let mut facts = with(Vec::new());
    service_of(&mut facts).sign_ins = known(Default::default());
    let said = warnings(&facts).1;
    assert!(
        said.contains("the sign-in log shows no successful sign-in of this account; it shows interactive sign-ins, and an unattended one, which MFA would stop, may not be in it"),
        "{said}"
    );
}

/// What a What-If that says `applies` of every policy comes to.
fn compared(facts: &Facts, opinions: &[(&str, bool, &str)]) -> SecondOpinion {
    let opinions: Vec<Opinion> = opinions
        .iter()
        .map(|(policy, applies, reason)| Opinion {
            policy: (*policy).to_owned(),
            applies: *applies,
            reason: (*reason).to_owned(),
        })
        .collect();
    let mut second = SecondOpinion::default();
    second.compare(facts, &Pack::work365().unwrap(), &asked(facts), POINTS[0], &opinions);
    second
}

#[test]
fn a_second_opinion_that_differs_is_shown() {
    let trusted = json!({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}});
    let named = json!({"locations": {"includeLocations": ["0ff1ce00-0000-4000-8000-00000000aaaa"]}});
    let device = json!({"devices": {"deviceFilter": {"mode": "include", "rule": "device.isCompliant -eq True"}}});
    let facts = with(vec![
        policy("all", "enabled", json!({}), "mfa"),
        policy("outside", "enabledForReportingButNotEnforced", trusted, "mfa"),
        policy(
            "programs",
            "enabled",
            json!({"clientAppTypes": ["mobileAppsAndDesktopClients"]}),
            "mfa",
        ),
        policy("named", "enabled", named, "mfa"),
        policy("device", "enabled", device, "mfa"),
        policy("off", "disabled", json!({}), "mfa"),
        policy(
            "bundle",
            "enabled",
            json!({"applications": {"includeApplications": ["Office365"]}}),
            "mfa",
        ),
    ]);
    let agreeing = compared(
        &facts,
        &[
            ("ALL", true, "notSet"),
            ("outside", true, "notSet"),
            ("programs", false, "clientApps"),
            ("named", true, "notSet"),
            ("device", false, "devices"),
            ("off", false, "policyNotEnabled"),
            ("bundle", false, "application"),
        ],
    );
    assert_eq!((agreeing.agreed, agreeing.not_comparable), (3, 3), "{agreeing:?}");
    assert_eq!(agreeing.disagreements, Vec::<String>::new());
    assert_eq!(agreeing.sign_ins, ["browser"]);
    assert_eq!(
        agreeing.why_not_comparable,
        [
            "policy named: it names places, and the sign-in asked about is from none that is known",
            "policy device: it depends on the device, of which the sign-in asked about says nothing",
            "policy bundle: whether it means this account and application cannot be told here",
        ]
    );
    let differing = compared(
        &facts,
        &[
            ("all", false, "users"),
            ("programs", true, "notSet"),
            ("outside", false, "notEnoughInformation"),
            ("unheard-of", true, "notSet"),
        ],
    );
    assert_eq!((differing.agreed, differing.not_comparable), (0, 4), "{differing:?}");
    assert_eq!(
        differing.disagreements,
        [
            "policy all: What-If says that it does not apply with browser (users), by what is said here it does",
            "policy programs: What-If says that it applies with browser, by what is said here it does not",
            "browser: What-If knows a policy unheard-of that was not listed",
        ]
    );
    assert_eq!(
        differing.why_not_comparable[0],
        "policy outside: What-If says that it has not enough information"
    );
}

/// What-If is asked for every policy, whether it applies or not, so one that it does not list is a difference.
#[test]
fn a_policy_that_what_if_does_not_list_is_a_difference() {
    let named = json!({"locations": {"includeLocations": ["0ff1ce00-0000-4000-8000-00000000aaaa"]}});
    let facts = with(vec![
        policy("all", "enabled", json!({}), "mfa"),
        policy("watching", "enabledForReportingButNotEnforced", json!({}), "mfa"),
        policy("programs", "enabled", json!({"clientAppTypes": ["other"]}), "mfa"),
        policy("named", "enabled", named, "mfa"),
        policy("off", "disabled", json!({}), "mfa"),
    ]);
    let nothing = compared(&facts, &[]);
    assert_eq!(
        nothing.disagreements,
        [
            "policy all: What-If does not list it with browser, by what is said here it applies",
            "policy watching: What-If does not list it with browser, by what is said here it applies",
        ]
    );
    // Nothing was said of the one that does not apply, nor of the one of which that cannot be told.
    assert_eq!((nothing.agreed, nothing.not_comparable), (0, 2));
    assert_eq!(nothing.why_not_comparable.len(), 2, "{nothing:?}");
    assert_eq!(
        nothing.why_not_comparable[0],
        "policy programs: What-If does not list it, and by what is said here it does not apply"
    );
    let some = compared(
        &facts,
        &[
            ("all", true, "notSet"),
            ("programs", false, "clientApps"),
            ("named", true, "notSet"),
        ],
    );
    assert_eq!(
        (some.agreed, some.disagreements.len(), some.not_comparable),
        (2, 1, 1),
        "{some:?}"
    );
}

/// Whether an application has a service principal is known of the account's own tenant, or not at all.
#[test]
fn another_application_is_looked_up_in_the_accounts_own_tenant() {
    let api = uuid::uuid!("00000003-0000-0ff1-ce00-000000000000");
    let names_it = json!({"applications": {"includeApplications": [api]}});
    let mut facts = with(vec![policy("files", "enabled", names_it, "mfa")]);
    let pack = Pack::work365().unwrap();
    let at = |facts: &Facts, principal: Option<Fact<Option<ServicePrincipal>>>, id| {
        let asked = Asked::Account {
            who: facts.scene.service_identity.clone(),
            application: id,
            principal,
        };
        let explained = explain(facts, &pack, &asked).unwrap();
        (explained.verdict, explained.in_tenant, explained.because)
    };
    let there = known(Some(ServicePrincipal {
        id: id(95),
        app_id: api,
        display_name: "Files".into(),
        enabled: true,
    }));
    assert_eq!(at(&facts, Some(there), api).0, MfaVerdict::Proven);
    let (verdict, in_tenant, _) = at(&facts, Some(known(None)), api);
    assert_eq!((verdict, in_tenant), (MfaVerdict::Disproven, Some(false)));
    let (verdict, in_tenant, because) = at(&facts, None, api);
    assert_eq!((verdict, in_tenant), (MfaVerdict::CouldNotRead, None));
    assert!(because.contains("is not in these facts"), "{because}");
    // Partner Center's service principal of another tenant says nothing of this one.
    facts.partner.partner_center_app = known(None);
    assert_eq!(at(&facts, None, pack.partner_center.api).1, None);
    facts.scene.partner.as_mut().unwrap().tenant_id = facts.scene.tenant_id;
    assert_eq!(at(&facts, None, pack.partner_center.api).1, Some(false));
}

#[test]
fn points_are_told_apart_in_graphs_words() {
    let words: Vec<String> = POINTS.iter().map(|point| point.words()).collect();
    assert_eq!(
        words,
        [
            "browser",
            "mobileAppsAndDesktopClients",
            "other",
            "mobileAppsAndDesktopClients by deviceCodeFlow"
        ]
    );
    let facts = with(vec![policy(
        "code",
        "enabled",
        json!({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}),
        "block",
    )]);
    for (point, applies) in POINTS.iter().zip([false, false, false, true]) {
        let opinion = Opinion {
            policy: "code".to_owned(),
            applies,
            reason: "authenticationFlow".to_owned(),
        };
        let mut second = SecondOpinion::default();
        second.compare(&facts, &Pack::work365().unwrap(), &asked(&facts), *point, &[opinion]);
        assert_eq!((second.agreed, second.disagreements.len()), (1, 0), "{second:?}");
    }
}
