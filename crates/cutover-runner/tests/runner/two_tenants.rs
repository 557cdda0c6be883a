//! Two tenants: each is asked with its own sign-in, only when a check needs it, and what goes wrong in the partner's stays
//! there.

use std::collections::BTreeSet;

use cutover_core::facts::Reason;
use cutover_core::{Code, Finding, Selection, Verdict};
use cutover_emulator::faults::{Fault, FaultKind};

use super::harness::{Look, Tenant, only, said};

const WORLD: &str = "two-tenants";
/// The requirements of row 6.
const ROW_6: &[u16] = &[601, 602, 603, 604, 605];

fn of_row_6(finding: &Finding) -> bool {
    ROW_6.iter().any(|number| finding.code() == Code::new(*number))
}

/// What is not row 6 is judged as on a quiet day.
fn assert_home_unchanged(look: &Look) {
    let quiet = Tenant::built_in(WORLD).look();
    for (quiet, after) in quiet.findings.iter().zip(&look.findings) {
        if !of_row_6(quiet) {
            assert_eq!(said(quiet), said(after), "{}", quiet.code());
        }
    }
}

fn unknown(look: &Look) -> BTreeSet<Code> {
    let unknown = look
        .findings
        .iter()
        .filter(|finding| matches!(finding.verdict(), Verdict::Unknown(_)));
    unknown.map(Finding::code).collect()
}

fn sign_ins(tenant: &Tenant, id: &str) -> usize {
    let log = tenant.emulator.log().entries();
    log.iter()
        .filter(|entry| entry.service == "entra" && entry.target.contains(id) && entry.target.ends_with("/token"))
        .count()
}

fn partner_id(tenant: &Tenant) -> String {
    let partner = tenant.scene.partner.as_ref().expect("a partner tenant");
    assert_ne!(partner.tenant_id, tenant.scene.tenant_id);
    partner.tenant_id.to_string()
}

#[test]
fn row_6_is_seen_in_the_partner_tenant_and_by_a_person_in_partner_center() {
    let tenant = Tenant::built_in(WORLD);
    let look = tenant.look();
    assert!(unknown(&look).is_empty(), "{}", look.verdicts());
    let partner = &look.facts.partner;
    let signed_in = partner.tenant.signed_in.value().expect("who signed in");
    let account = partner
        .integration
        .account
        .value()
        .expect("an account")
        .as_ref()
        .expect("one");
    assert!(!signed_in.application, "a person, at Partner Center");
    assert_eq!(signed_in.object_id, account.id, "the integration account itself");
    assert_eq!(partner.mfa_compliant.value(), Ok(&Some(true)));
    assert!(
        partner
            .organization
            .value()
            .is_ok_and(|one| one.company == "Contoso Partner")
    );
    // One sign-in for each service: two in the partner tenant, three in the other.
    assert_eq!(sign_ins(&tenant, &partner_id(&tenant)), 2);
    assert_eq!(sign_ins(&tenant, &tenant.scene.tenant_id.to_string()), 3);
}

#[test]
fn nothing_of_the_partner_is_asked_unless_a_check_needs_it() {
    for number in [1, 502, 701, 802] {
        let tenant = Tenant::built_in(WORLD);
        let look = tenant.look_at(&only(number));
        assert_eq!(sign_ins(&tenant, &partner_id(&tenant)), 0, "W{number}");
        assert!(look.facts.partner.integration.account.is_not_collected());
        assert!(look.facts.partner.tenant.signed_in.is_not_collected());
    }
    let mut tenant = Tenant::built_in(WORLD);
    let id = partner_id(&tenant);
    tenant.scene.partner = None;
    let look = tenant.look();
    assert_eq!(sign_ins(&tenant, &id), 0, "no integration account is named");
    assert_eq!(look.verdict(601), "unknown", "{}", look.finding(601).sentence());
    // And of the Dynamics tenant no more than sign-in, organisation and service account.
    let tenant = Tenant::built_in(WORLD);
    tenant.look_at(&only(604));
    assert_eq!(
        sign_ins(&tenant, &partner_id(&tenant)),
        1,
        "Graph alone tells of applications"
    );
}

#[test]
fn a_failed_sign_in_to_the_partner_tenant_blinds_row_6_alone() {
    type Spoil = fn(&mut Tenant);
    let spoiled: [(&str, Spoil); 3] = [
        ("a wrong secret", |tenant| {
            tenant.partner_client_secret = Some("something-else".to_owned().into());
        }),
        ("nothing that proves a sign-in", |tenant| {
            tenant.partner_client_secret = None;
            tenant.partner_refresh_token = None;
        }),
        ("an application that is not there", |tenant| {
            tenant.partner_client_id = uuid::uuid!("0ff1ce00-0000-4000-8000-00000000000f");
        }),
    ];
    for (name, spoil) in spoiled {
        let mut tenant = Tenant::built_in(WORLD);
        spoil(&mut tenant);
        let look = tenant.look();
        assert_home_unchanged(&look);
        for number in ROW_6 {
            let finding = look.finding(*number);
            let Verdict::Unknown(blinds) = finding.verdict() else {
                panic!("{name}: W{number} {}", finding.sentence())
            };
            let reasons = [Reason::NotSignedIn, Reason::DependsOn];
            assert!(
                blinds.iter().all(|blind| reasons.contains(&blind.reason)),
                "{name}: {blinds:#?}"
            );
        }
        assert!(!format!("{look_facts:?}", look_facts = look.facts).contains("something-else"));
    }
}

#[test]
fn an_application_alone_is_told_what_partner_center_tells_persons_only() {
    let mut tenant = Tenant::built_in(WORLD);
    tenant.partner_refresh_token = None;
    let look = tenant.look();
    let partner = &look.facts.partner;
    assert!(partner.tenant.signed_in.value().is_ok_and(|one| one.application));
    assert!(
        partner.integration.account.value().is_ok(),
        "Graph answers applications"
    );
    for blind in [
        partner.organization.value().map(|_| ()).expect_err("nothing"),
        partner.mfa_compliant.value().map(|_| ()).expect_err("nothing"),
        partner.resellers.value().map(|_| ()).expect_err("nothing"),
        partner.providers.value().map(|_| ()).expect_err("nothing"),
        partner.agreement.value().map(|_| ()).expect_err("nothing"),
    ] {
        assert_eq!(blind.reason, Reason::MissingPermission);
        assert!(
            blind.lacking.iter().any(|lacking| lacking.contains("signed-in person")),
            "{blind:?}"
        );
    }
    let asked = tenant.questions();
    assert!(!asked.iter().any(|question| question.starts_with("/v1/")), "{asked:?}");
    assert_home_unchanged(&look);
}

/// One service of the partner's being away takes nothing else along.
#[test]
fn partner_center_away_leaves_the_rest_of_row_6() {
    let away = Fault {
        path: "/v1/".to_owned(),
        status: 503,
        ..Fault::of(FaultKind::Error)
    };
    let look = Tenant::built_in(WORLD).with_faults(&[away]).look();
    assert_home_unchanged(&look);
    let quiet = Tenant::built_in(WORLD).look();
    for number in [602, 604, 605] {
        assert_eq!(said(look.finding(number)), said(quiet.finding(number)), "W{number}");
    }
    assert!(look.facts.partner.organization.value().is_err());
}

#[test]
fn in_one_tenant_policies_are_asked_for_once_and_row_6_is_judged_as_in_two() {
    let tenant = Tenant::built_in("ready");
    let partner = tenant.scene.partner.as_ref().expect("an integration account");
    assert_eq!(partner.tenant_id, tenant.scene.tenant_id);
    let look = tenant.look();
    let policies =
        |question: &&String| question.contains("/conditionalAccess/") || question.contains("securityDefaults");
    let asked = tenant.questions();
    let mut asked: Vec<_> = asked.iter().filter(policies).collect();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "asked twice: {asked:?}");
    assert!(look.facts.partner.tenant.conditional_access.value().is_ok());
    let two = Tenant::built_in(WORLD).look();
    for number in ROW_6 {
        assert_eq!(look.verdict(*number), two.verdict(*number), "W{number}");
    }
    // The policies alone still come along when only row 6 is looked at.
    let alone = Tenant::built_in("ready").look_at(&only(603));
    assert_eq!(said(alone.finding(603)), said(look.finding(603)));
    assert_eq!(
        Tenant::built_in("ready").look_at(&Selection::default()).verdicts(),
        look.verdicts()
    );
}
