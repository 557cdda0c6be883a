//! The integration account is separate and no person's; what Partner Center says of the partner.

use cutover_core::attestation::Attestation;
use cutover_core::facts::Reason;
use cutover_core::facts::partner::Relationship;
use cutover_core::facts::principal::DirectoryRole;
use cutover_core::scene::{Principal, Tier};
use cutover_core::{Code, Facts};

use crate::fixture::{
    Case, INTEGRATION, SERVICE, admin_of, all, blind, check, finding, global_administrator, id, integration_of, known,
    ready, schedule, service_of, value,
};

/// Partner Center in the tenant of Dynamics, as with most small partners.
fn one_tenant(facts: &mut Facts) {
    let tenant_id = facts.scene.tenant_id;
    facts.scene.partner.as_mut().unwrap().tenant_id = tenant_id;
}

/// The integration account under another name, the facts of it unchanged.
fn named(facts: &mut Facts, name: &str) {
    facts.scene.partner.as_mut().unwrap().integration_account = Principal::user(name);
    let account = value(&mut integration_of(facts).account).as_mut().unwrap();
    account.user_principal_name = name.into();
}

#[test]
fn the_account_is_separate_and_no_persons() {
    check(&[
        Case {
            what: "in place",
            change: |_| {},
            code: 601,
            verdict: "met",
            says: "Ada confirmed on 2026-11-23T09:00:00Z: used by Work 365 alone",
        },
        Case {
            what: "nobody has said yet that it is no person's",
            change: |facts| facts.attestations.clear(),
            code: 601,
            verdict: "by hand",
            says: "cutover attest W601 --by you@example.com --seen \\\"…\\\" --for-version 4.8",
        },
        Case {
            what: "said for an older version",
            change: |facts| facts.attestations[0].version = "4.6".parse().unwrap(),
            code: 601,
            verdict: "by hand",
            says: "nobody has confirmed yet",
        },
        Case {
            what: "none named",
            change: |facts| facts.scene.partner = None,
            code: 601,
            verdict: "unknown",
            says: "write who.integration_account",
        },
        Case {
            what: "no such account",
            change: |facts| integration_of(facts).account = known(None),
            code: 601,
            verdict: "missing",
            says: "work365@partner.example does not exist in the partner tenant",
        },
        Case {
            what: "disabled",
            change: |facts| value(&mut integration_of(facts).account).as_mut().unwrap().enabled = false,
            code: 601,
            verdict: "missing",
            says: "is disabled in the partner tenant",
        },
        Case {
            what: "not to be seen",
            change: |facts| integration_of(facts).account = blind(Reason::MissingPermission),
            code: 601,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "a guest of another domain",
            change: |facts| named(facts, "work365_elsewhere.example#ext#@partner.example"),
            code: 601,
            verdict: "met",
            says: "it is a guest",
        },
        Case {
            what: "indirect",
            change: |facts| facts.scene.tier = Tier::Indirect,
            code: 601,
            verdict: "not applicable",
            says: "another partner tier",
        },
    ]);
}

#[test]
fn it_is_not_the_service_account_by_whatever_name() {
    check(&[
        Case {
            what: "one tenant, one object",
            change: |facts| {
                one_tenant(facts);
                value(&mut integration_of(facts).account).as_mut().unwrap().id = id(20);
            },
            code: 601,
            verdict: "missing",
            says: "is the service account itself",
        },
        Case {
            what: "one tenant, two objects",
            change: one_tenant,
            code: 601,
            verdict: "met",
            says: "is a separate account",
        },
        Case {
            what: "one tenant, the service account not to be seen",
            change: |facts| {
                one_tenant(facts);
                service_of(facts).account = blind(Reason::MissingPermission);
            },
            code: 601,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "one tenant, and Work 365 is an application",
            change: |facts| {
                one_tenant(facts);
                facts.scene.service_identity = Principal::Application(id(77));
            },
            code: 601,
            verdict: "met",
            says: "is a separate account",
        },
        Case {
            what: "two tenants, the same name",
            change: |facts| named(facts, SERVICE),
            code: 601,
            verdict: "missing",
            says: "is the service account itself",
        },
        Case {
            what: "two tenants, the same object id means nothing",
            change: |facts| value(&mut integration_of(facts).account).as_mut().unwrap().id = id(20),
            code: 601,
            verdict: "met",
            says: "is a separate account",
        },
        Case {
            what: "two tenants, a guest by its name at home",
            change: |facts| named(facts, "svc_contoso.example#EXT#@partner.example"),
            code: 601,
            verdict: "missing",
            says: "is the service account itself",
        },
        Case {
            what: "the borrower",
            change: |facts| named(facts, "admin_contoso.example#EXT#@partner.example"),
            code: 601,
            verdict: "missing",
            says: "is the borrower, so it is a person's account",
        },
        Case {
            what: "the caller",
            change: |facts| {
                facts.scene.caller = Principal::user("ops@contoso.example");
                named(facts, "ops@contoso.example");
            },
            code: 601,
            verdict: "missing",
            says: "is the caller, so it is a person's account",
        },
    ]);
}

#[test]
fn it_is_no_global_administrator_there() {
    check(&[
        Case {
            what: "active",
            change: |facts| integration_of(facts).active_roles = known(vec![global_administrator()]),
            code: 601,
            verdict: "missing",
            says: "is Global Administrator of the partner tenant",
        },
        Case {
            what: "another role",
            change: |facts| {
                integration_of(facts).active_roles = known(vec![DirectoryRole {
                    template: id(99),
                    name: "Directory Readers".into(),
                }]);
            },
            code: 601,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "Global Administrator of the Dynamics tenant is another matter",
            change: |facts| admin_of(facts).active_roles = known(vec![global_administrator()]),
            code: 601,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "eligible",
            change: |facts| integration_of(facts).role_eligibilities = known(vec![schedule(None)]),
            code: 601,
            verdict: "met",
            says: "it may activate Global Administrator",
        },
        Case {
            what: "eligibility not to be seen",
            change: |facts| integration_of(facts).role_eligibilities = blind(Reason::MissingPermission),
            code: 601,
            verdict: "met",
            says: "whether it may activate Global Administrator could not be read: no view",
        },
        Case {
            what: "no PIM in that tenant",
            change: |facts| {
                integration_of(facts).role_eligibilities = blind(Reason::MissingLicence);
                integration_of(facts).role_assignments = blind(Reason::MissingLicence);
            },
            code: 601,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "roles not to be seen",
            change: |facts| integration_of(facts).active_roles = blind(Reason::MissingPermission),
            code: 601,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

fn partner_named(name: &str, state: &str) -> Relationship {
    Relationship {
        id: name.into(),
        name: name.into(),
        state: state.into(),
    }
}

#[test]
fn the_tier_is_compared_with_partner_center() {
    check(&[
        Case {
            what: "neither: likely, never proven",
            change: |_| {},
            code: 601,
            verdict: "met",
            says: "likely direct bill, which Partner Center never says outright",
        },
        Case {
            what: "neither, without a warning",
            change: |_| {},
            code: 601,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "resellers",
            change: |facts| facts.partner.resellers = known(vec![partner_named("Litware", "Active")]),
            code: 601,
            verdict: "met",
            says: "shows indirect resellers (Litware): this is an indirect provider. It buys from Microsoft itself",
        },
        Case {
            what: "a provider",
            change: |facts| facts.partner.providers = known(vec![partner_named("Fabrikam", "Active")]),
            code: 601,
            verdict: "met",
            says: "set work365.tier = 2",
        },
        Case {
            what: "a relationship that ended",
            change: |facts| facts.partner.providers = known(vec![partner_named("Fabrikam", "Terminated")]),
            code: 601,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "a provider, the resellers not to be seen",
            change: |facts| {
                facts.partner.resellers = blind(Reason::MissingRole);
                facts.partner.providers = known(vec![partner_named("Fabrikam", "Active")]);
            },
            code: 601,
            verdict: "met",
            says: "set work365.tier = 2",
        },
        Case {
            what: "many resellers are not all named",
            change: |facts| {
                let names = ["A", "B", "C", "D"];
                facts.partner.resellers = known(names.iter().map(|name| partner_named(name, "active")).collect());
            },
            code: 601,
            verdict: "met",
            says: "4 indirect reseller(s): A, B, C, …",
        },
        Case {
            what: "nothing to be seen: said once",
            change: |facts| {
                facts.partner.resellers = blind(Reason::MissingRole);
                facts.partner.providers = blind(Reason::MissingRole);
                facts.partner.agreement = blind(Reason::MissingRole);
            },
            code: 601,
            verdict: "met",
            says: "warnings: [\"tier and agreement could not be compared with Partner Center: no view\"]",
        },
        Case {
            what: "the agreement not signed",
            change: |facts| value(&mut facts.partner.agreement).signed = false,
            code: 601,
            verdict: "met",
            says: "is not signed",
        },
        Case {
            what: "the account not to be seen: the tier is told all the same",
            change: |facts| {
                integration_of(facts).account = blind(Reason::MissingPermission);
                facts.partner.providers = known(vec![partner_named("Fabrikam", "Active")]);
            },
            code: 601,
            verdict: "unknown",
            says: "set work365.tier = 2",
        },
    ]);
}

#[test]
fn row_six_does_not_concern_indirect_resellers() {
    let mut facts = ready();
    facts.scene.tier = Tier::Indirect;
    facts.scene.partner = None;
    facts.partner = Default::default();
    let findings = all(&facts, &[]);
    assert!(findings.iter().all(|finding| !finding.blocks()));
    let row_six = findings.iter().filter(|finding| finding.about().row == "6");
    let verdicts: Vec<_> = row_six.map(|finding| finding.verdict().name()).collect();
    assert_eq!(verdicts, ["not applicable"; 5]);
}

#[test]
fn a_word_for_another_account_of_the_pack_does_not_count() {
    let mut facts = ready();
    let mut word: Attestation = facts.attestations[0].clone();
    word.code = Code::new(104);
    facts.attestations = vec![word];
    let finding = finding(&facts, 601);
    assert_eq!(finding.verdict().name(), "by hand", "{finding:?}");
    assert!(finding.sentence().contains(INTEGRATION) && !finding.evidence().is_empty());
}
