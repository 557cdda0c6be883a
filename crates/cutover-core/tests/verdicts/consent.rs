//! The consent, its two sides.

use cutover_core::attestation::Attestation;
use cutover_core::facts::Reason;
use cutover_core::{Code, Facts};

use crate::fixture::{Case, DATAVERSE, GRAPH, blind, check, grant, known, now, scene, solution, value};

#[test]
fn consent_is_tenant_wide_and_whole() {
    check(&[
        Case {
            what: "whole",
            change: |_| {},
            code: 103,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "not in the tenant yet, before the install",
            change: |facts| facts.tenant.work365_app = known(None),
            code: 103,
            verdict: "due",
            says: "not in this tenant yet",
        },
        Case {
            what: "not in the tenant, after the install",
            change: |facts| {
                facts.tenant.work365_app = known(None);
                facts.environment.solutions = known(vec![solution("Work365Core", "4.8")]);
            },
            code: 103,
            verdict: "missing",
            says: "adminconsent",
        },
        Case {
            what: "there and not consented: before the install as well",
            change: |facts| facts.tenant.work365_grants = known(vec![]),
            code: 103,
            verdict: "missing",
            says: "no tenant-wide grant of Microsoft Graph User.Read and Dynamics user_impersonation",
        },
        Case {
            what: "half",
            change: |facts| facts.tenant.work365_grants = known(vec![grant(GRAPH, &["User.Read"])]),
            code: 103,
            verdict: "missing",
            says: "no tenant-wide grant of Dynamics user_impersonation",
        },
        Case {
            what: "the right scope at the wrong resource",
            change: |facts| {
                facts.tenant.work365_grants = known(vec![grant(GRAPH, &["User.Read", "user_impersonation"])]);
            },
            code: 103,
            verdict: "missing",
            says: "Dynamics user_impersonation",
        },
        Case {
            what: "one person's",
            change: |facts| {
                value(&mut facts.tenant.work365_grants)
                    .iter_mut()
                    .for_each(|grant| grant.tenant_wide = false)
            },
            code: 103,
            verdict: "missing",
            says: "not organisation-wide",
        },
        Case {
            what: "written otherwise",
            change: |facts| {
                facts.tenant.work365_grants = known(vec![
                    grant(GRAPH, &["openid", "user.read"]),
                    grant(DATAVERSE, &["User_Impersonation"]),
                ]);
            },
            code: 103,
            verdict: "met",
            says: "warnings: []",
        },
        Case {
            what: "more than asked for",
            change: |facts| value(&mut facts.tenant.work365_grants).push(grant(GRAPH, &["Directory.ReadWrite.All"])),
            code: 103,
            verdict: "met",
            says: "Directory.ReadWrite.All",
        },
        Case {
            what: "disabled",
            change: |facts| value(&mut facts.tenant.work365_app).as_mut().unwrap().enabled = false,
            code: 103,
            verdict: "missing",
            says: "is disabled",
        },
        Case {
            what: "grants not to be seen",
            change: |facts| facts.tenant.work365_grants = blind(Reason::MissingPermission),
            code: 103,
            verdict: "unknown",
            says: "a key",
        },
    ]);
}

fn attested(facts: &mut Facts, version: &str) {
    facts.attestations.push(Attestation {
        code: Code::new(104),
        by: "Alice".into(),
        at: now(),
        seen: "the right account".into(),
        version: version.parse().unwrap(),
        tenant_id: scene().tenant_id,
        environment_url: scene().environment_url,
    });
}

#[test]
fn the_vendors_side_is_a_matter_of_a_persons_word() {
    check(&[
        Case {
            what: "nobody said, before the install",
            change: |_| {},
            code: 104,
            verdict: "due",
            says: "attest W104",
        },
        Case {
            what: "nobody said, after the install",
            change: |facts| facts.environment.solutions = known(vec![solution("Work365Core", "4.8.0.1")]),
            code: 104,
            verdict: "by hand",
            says: "attest W104",
        },
        Case {
            what: "said",
            change: |facts| attested(facts, "4.8"),
            code: 104,
            verdict: "met",
            says: "Alice",
        },
        Case {
            what: "said of an older version",
            change: |facts| attested(facts, "4.6"),
            code: 104,
            verdict: "due",
            says: "",
        },
        Case {
            what: "said of another environment",
            change: |facts| {
                attested(facts, "4.8");
                facts.attestations.last_mut().unwrap().environment_url = "https://fabrikam.crm4.dynamics.com".into();
            },
            code: 104,
            verdict: "due",
            says: "",
        },
        Case {
            what: "said of another tenant",
            change: |facts| {
                attested(facts, "4.8");
                facts.attestations.last_mut().unwrap().tenant_id = GRAPH;
            },
            code: 104,
            verdict: "due",
            says: "",
        },
        Case {
            what: "said later than the judgement",
            change: |facts| {
                attested(facts, "4.8");
                facts.attestations.last_mut().unwrap().at = "2026-11-24T00:00:00Z".parse().unwrap();
            },
            code: 104,
            verdict: "due",
            says: "",
        },
    ]);
}
