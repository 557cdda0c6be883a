//! What the integration account has in the partner tenant: its role, a native app, and no licence.

use cutover_core::facts::partner::AppRegistration;
use cutover_core::facts::principal::{DirectoryRole, Licence, LicenceAssignment};
use cutover_core::facts::{Fact, Reason};
use cutover_core::{Code, Facts, Pack};

use crate::fixture::{
    ADMIN_AGENTS, Case, PARTNER_API, SALES, agents, blind, check, finding, id, integration_of, known, native_app, now,
    ready, sales_licence, value,
};

fn billing_administrator() -> DirectoryRole {
    DirectoryRole {
        template: "b0f54661-2d74-4c50-afa3-1ec803f12efe".parse().unwrap(),
        name: "Billing Administrator".into(),
    }
}

/// Sales agent and Billing admin, and no Admin agent.
fn sales_and_billing(facts: &mut Facts) {
    value(&mut facts.partner.agent_groups).push(agents(id(91), "SalesAgents"));
    integration_of(facts).groups = known(vec![id(91)]);
    integration_of(facts).active_roles = known(vec![billing_administrator()]);
}

#[test]
fn the_role_is_membership_of_exactly_one_group() {
    check(&[
        Case {
            what: "a member",
            change: |_| {},
            code: 602,
            verdict: "met",
            says: "is Admin agent: member of AdminAgents",
        },
        Case {
            what: "no member",
            change: |facts| integration_of(facts).groups = known(vec![id(91)]),
            code: 602,
            verdict: "missing",
            says: "automatic: Some(\"add work365@partner.example to AdminAgents (lasting; Partner Center shows it after up to an hour)\")",
        },
        Case {
            what: "two groups of the name, a member of both",
            change: |facts| {
                value(&mut facts.partner.agent_groups).push(agents(id(92), "adminagents"));
                value(&mut integration_of(facts).groups).push(id(92));
            },
            code: 602,
            verdict: "missing",
            says: "there are 2 groups named AdminAgents (00000000-0000-4000-8000-0000000000a1, ",
        },
        Case {
            what: "two groups of the name: nothing is added to either",
            change: |facts| value(&mut facts.partner.agent_groups).push(agents(id(92), "AdminAgents")),
            code: 602,
            verdict: "missing",
            says: "automatic: None",
        },
        Case {
            what: "a second one that is no security group",
            change: |facts| {
                let mut imitation = agents(id(92), "AdminAgents");
                imitation.security = false;
                value(&mut facts.partner.agent_groups).push(imitation);
            },
            code: 602,
            verdict: "met",
            says: "another group is named AdminAgents as well",
        },
        Case {
            what: "only one that is no security group",
            change: |facts| value(&mut facts.partner.agent_groups)[0].security = false,
            code: 602,
            verdict: "missing",
            says: "is no security group",
        },
        Case {
            what: "no such group: perhaps another tenant is enrolled",
            change: |facts| facts.partner.agent_groups = known(vec![]),
            code: 602,
            verdict: "missing",
            says: "check that partner.example is the tenant that is enrolled in Partner Center",
        },
        Case {
            what: "another accepted set, which is not chosen",
            change: sales_and_billing,
            code: 602,
            verdict: "missing",
            says: "it holds Sales agent and Billing admin, which another page of the vendor accepts",
        },
        Case {
            what: "half of another accepted set is not told",
            change: |facts| {
                sales_and_billing(facts);
                integration_of(facts).active_roles = known(vec![]);
            },
            code: 602,
            verdict: "missing",
            says: "neither directly nor through a group\"",
        },
        Case {
            what: "no such account",
            change: |facts| integration_of(facts).account = known(None),
            code: 602,
            verdict: "missing",
            says: "see W601",
        },
        Case {
            what: "groups not to be seen",
            change: |facts| facts.partner.agent_groups = blind(Reason::MissingPermission),
            code: 602,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "membership not to be seen",
            change: |facts| integration_of(facts).groups = blind(Reason::MissingPermission),
            code: 602,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "none named",
            change: |facts| facts.scene.partner = None,
            code: 602,
            verdict: "unknown",
            says: "write who.integration_account",
        },
    ]);
}

#[test]
fn the_setting_chooses_the_roles() {
    let judged = |change: fn(&mut Facts)| {
        let mut facts = ready();
        change(&mut facts);
        let mut pack = Pack::work365().unwrap();
        pack.settings.partner_roles = "sales-agent-and-billing-admin".into();
        let findings = cutover_core::judge(&facts, &pack, &[], &Default::default(), now());
        let finding = findings.into_iter().find(|finding| finding.code() == Code::new(602));
        let finding = finding.unwrap();
        (finding.verdict().name(), format!("{finding:?}"))
    };
    let (verdict, text) = judged(sales_and_billing);
    assert_eq!(verdict, "met", "{text}");
    for says in [
        "member of SalesAgents and Billing Administrator",
        "the vendor's article asks for Admin agent",
    ] {
        assert!(text.contains(says), "{text}");
    }
    let (verdict, text) = judged(|_| {});
    assert_eq!(verdict, "missing", "{text}");
    for says in [
        "there is no group SalesAgents",
        "the directory role Billing Administrator is not active",
        "it holds Admin agent",
        "automatic: None",
    ] {
        assert!(text.contains(says), "{text}");
    }
    let (verdict, text) = judged(|facts| value(&mut facts.partner.agent_groups).push(agents(id(91), "SalesAgents")));
    assert_eq!(verdict, "missing", "{text}");
    assert!(
        text.contains("not a member of SalesAgents") && text.contains("automatic: None"),
        "{text}"
    );
    let (verdict, text) = judged(|facts| integration_of(facts).active_roles = blind(Reason::MissingRole));
    assert_eq!(verdict, "unknown", "{text}");
    // A name that no pack lists reaches a check only past the reader of packs, and still decides nothing.
    let mut pack = Pack::work365().unwrap();
    pack.settings.partner_roles = "owner".into();
    let findings = cutover_core::judge(&ready(), &pack, &[], &Default::default(), now());
    let finding = findings
        .iter()
        .find(|finding| finding.code() == Code::new(602))
        .unwrap();
    assert_eq!(finding.verdict().name(), "unknown", "{finding:?}");
}

#[test]
fn a_native_app_is_public_and_asks_for_partner_center() {
    fn app(public_client: bool, asks_for: &[uuid::Uuid]) -> Fact<Vec<AppRegistration>> {
        known(vec![AppRegistration {
            public_client,
            asks_for: asks_for.to_vec(),
            ..native_app()
        }])
    }
    check(&[
        Case {
            what: "both",
            change: |_| {},
            code: 604,
            verdict: "met",
            says: "Work 365 Partner Center is a native app for Partner Center",
        },
        Case {
            what: "a web app",
            change: |facts| facts.partner.applications = app(false, &[PARTNER_API]),
            code: 604,
            verdict: "missing",
            says: "asks for the Partner Center API, but is no public client",
        },
        Case {
            what: "a public client for something else",
            change: |facts| facts.partner.applications = app(true, &[id(5)]),
            code: 604,
            verdict: "missing",
            says: "is a public client, but does not ask for the Partner Center API",
        },
        Case {
            what: "one half each of two apps is no whole",
            change: |facts| {
                facts.partner.applications = app(true, &[]).and(app(false, &[PARTNER_API]));
            },
            code: 604,
            verdict: "missing",
            says: "but is no public client",
        },
        Case {
            what: "nothing",
            change: |facts| facts.partner.applications = known(vec![]),
            code: 604,
            verdict: "missing",
            says: "create a native app",
        },
        Case {
            what: "a version for which a newer page asks for none: still required, and said",
            change: |facts| facts.partner.applications = known(vec![]),
            code: 604,
            verdict: "missing",
            says: "from version 4.5 on: if the vendor confirms it, waive W604",
        },
        Case {
            what: "the first version of the newer page",
            change: |facts| {
                facts.scene.target = Some("4.5".parse().unwrap());
                facts.partner.applications = known(vec![]);
            },
            code: 604,
            verdict: "missing",
            says: "waive W604",
        },
        Case {
            what: "the last version before it",
            change: |facts| {
                facts.scene.target = Some("4.4.9.9".parse().unwrap());
                facts.partner.applications = known(vec![]);
            },
            code: 604,
            verdict: "missing",
            says: "warnings: []",
        },
        Case {
            what: "not to be seen",
            change: |facts| facts.partner.applications = blind(Reason::MissingPermission),
            code: 604,
            verdict: "unknown",
            says: "a key",
        },
        Case {
            what: "none named",
            change: |facts| facts.scene.partner = None,
            code: 604,
            verdict: "unknown",
            says: "write who.integration_account",
        },
    ]);
}

#[test]
fn a_licence_on_it_is_a_seat_wasted() {
    fn other(part_number: &str, number: u128) -> Licence {
        Licence {
            sku_id: id(number),
            sku_part_number: part_number.into(),
            plans: vec![],
        }
    }
    check(&[
        Case {
            what: "none",
            change: |_| {},
            code: 605,
            verdict: "met",
            says: "no licence at all",
        },
        Case {
            what: "another product's",
            change: |facts| integration_of(facts).licences = known(vec![other("AAD_PREMIUM", 70)]),
            code: 605,
            verdict: "met",
            says: "1 licence(s), none of them of Dynamics",
        },
        Case {
            what: "Dynamics",
            change: |facts| integration_of(facts).licences = known(vec![sales_licence("Success")]),
            code: 605,
            verdict: "missing",
            says: "occupies DYN365_ENTERPRISE_SALES",
        },
        Case {
            what: "Dynamics, switched off: the seat is taken all the same",
            change: |facts| integration_of(facts).licences = known(vec![sales_licence("Disabled")]),
            code: 605,
            verdict: "missing",
            says: "take the licence from the account",
        },
        Case {
            what: "Dynamics, directly",
            change: |facts| {
                integration_of(facts).licences = known(vec![sales_licence("Success")]);
                let account = value(&mut integration_of(facts).account).as_mut().unwrap();
                account.licence_assignments = vec![LicenceAssignment {
                    sku_id: SALES,
                    by_group: None,
                    state: "Active".into(),
                }];
            },
            code: 605,
            verdict: "missing",
            says: "take the licence from the account",
        },
        Case {
            what: "Dynamics, from a group",
            change: |facts| {
                integration_of(facts).licences = known(vec![sales_licence("Success")]);
                let account = value(&mut integration_of(facts).account).as_mut().unwrap();
                account.licence_assignments = vec![LicenceAssignment {
                    sku_id: SALES,
                    by_group: Some(ADMIN_AGENTS),
                    state: "Active".into(),
                }];
            },
            code: 605,
            verdict: "missing",
            says: "take the account out of the group",
        },
        Case {
            what: "a SKU of a new name with plans of Dynamics",
            change: |facts| {
                let mut licence = sales_licence("Success");
                licence.sku_id = id(71);
                licence.sku_part_number = "DYN365_NEW".into();
                integration_of(facts).licences = known(vec![licence]);
            },
            code: 605,
            verdict: "unknown",
            says: "whether DYN365_NEW of work365@partner.example is a Dynamics licence cannot be told",
        },
        Case {
            what: "no such account",
            change: |facts| integration_of(facts).account = known(None),
            code: 605,
            verdict: "missing",
            says: "does not exist in the partner tenant",
        },
        Case {
            what: "not to be seen",
            change: |facts| integration_of(facts).licences = blind(Reason::MissingPermission),
            code: 605,
            verdict: "unknown",
            says: "a key",
        },
    ]);
    // It is advice: neither its absence nor its blindness keeps a tenant from being ready.
    let mut facts = ready();
    integration_of(&mut facts).licences = known(vec![sales_licence("Success")]);
    assert!(!finding(&facts, 605).blocks());
}
