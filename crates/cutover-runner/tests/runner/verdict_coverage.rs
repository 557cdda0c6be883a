//! Which verdict each requirement can have, and that some world leads to each of them.

use std::collections::{BTreeMap, BTreeSet};

use cutover_core::attestation::Attestation;
use cutover_core::waiver::Waiver;
use cutover_core::{Code, Selection, Verdict, checks};
use jiff::civil::date;

use super::harness::{Tenant, only, world_names};

/// Every verdict that a code can have, `waived` aside, which each of them can. No code has another one in any world.
const TABLE: &[(u16, &[&str])] = &[
    (1, &["loan", "met", "missing", "unknown"]),
    (2, &["loan", "met", "missing", "not applicable", "unknown"]),
    (101, &["loan", "met", "missing", "unknown"]),
    (102, &["loan", "met", "missing", "unknown"]),
    (103, &["due", "met", "missing", "unknown"]),
    (104, &["by hand", "due", "met", "unknown"]),
    (201, &["loan", "met", "missing", "unknown"]),
    (300, &["met", "missing", "unknown"]),
    (301, &["due", "met", "missing", "unknown"]),
    (302, &["due", "met", "missing", "not applicable", "unknown"]),
    (401, &["due", "met", "missing", "unknown"]),
    (501, &["met", "missing", "not applicable", "unknown"]),
    (502, &["met", "missing", "not applicable", "unknown"]),
    (503, &["met", "missing", "not applicable", "unknown"]),
    (601, &["by hand", "met", "missing", "not applicable", "unknown"]),
    (602, &["met", "missing", "not applicable", "unknown"]),
    (603, &["met", "missing", "not applicable", "unknown"]),
    (604, &["met", "missing", "not applicable", "unknown"]),
    (605, &["met", "missing", "not applicable", "unknown"]),
    (701, &["met", "missing", "unknown"]),
    (702, &["met", "missing", "not applicable", "unknown"]),
    (801, &["due", "not applicable", "unknown"]),
    (802, &["met", "missing", "unknown"]),
    (803, &["met", "missing", "unknown"]),
    (804, &["due", "missing", "not applicable", "unknown"]),
    (805, &["due", "not applicable", "unknown"]),
    (901, &["due", "met", "missing", "unknown"]),
];

fn waive_everything() -> Vec<Waiver> {
    let waiver = |check: &cutover_core::Check| Waiver {
        code: check.code,
        reason: "decided for the test".to_owned(),
        by: "Carla Owner".to_owned(),
        until: date(2026, 11, 23),
    };
    checks::ALL.iter().map(waiver).collect()
}

#[test]
fn every_code_reaches_every_verdict_it_can_have() {
    let mut reached: BTreeMap<Code, BTreeSet<&str>> = BTreeMap::new();
    let mut waived = BTreeSet::new();
    for world in world_names() {
        let mut tenant = Tenant::built_in(world);
        let look = tenant.look();
        for finding in &look.findings {
            reached
                .entry(finding.code())
                .or_default()
                .insert(finding.verdict().name());
        }
        tenant.waivers = waive_everything();
        for (before, after) in look
            .findings
            .iter()
            .zip(tenant.judge(&look.facts, &Selection::default()))
        {
            match after.verdict() {
                Verdict::Waived(waiver) => {
                    assert!(
                        !before.verdict().permits_ready(),
                        "{world}, {}: nothing to waive",
                        after.code()
                    );
                    assert_eq!(*waiver.instead_of, *before.verdict(), "{world}, {}", after.code());
                    waived.insert(after.code());
                }
                verdict => assert_eq!(verdict, before.verdict(), "{world}, {}", after.code()),
            }
        }
    }
    let wanted = TABLE
        .iter()
        .map(|(number, verdicts)| (Code::new(*number), verdicts.iter().copied().collect()));
    let wanted: BTreeMap<Code, BTreeSet<&str>> = wanted.collect();
    assert_eq!(
        reached.keys().collect::<Vec<_>>(),
        wanted.keys().collect::<Vec<_>>(),
        "{reached:?}"
    );
    for (code, verdicts) in &wanted {
        assert_eq!(
            reached.get(code),
            Some(verdicts),
            "{code}: reached in the worlds, and possible by the table"
        );
    }
    assert_eq!(waived, wanted.into_keys().collect(), "each code can be waived");
}

/// What a person confirms decides W104, for this tenant, environment and version, and from when it was recorded.
#[test]
fn an_attestation_holds_for_what_it_was_given_for() {
    let attestations = Tenant::built_in("consent-accepted").attestations;
    let of_consent = attestations.into_iter().find(|one| one.code == Code::new(104));
    let good = of_consent.expect("the world's attestation");
    type Change = fn(&mut Attestation);
    let cases: [(&str, Change, &str); 7] = [
        ("as recorded", |_| {}, "met"),
        (
            "of a later version",
            |one| one.version = "4.9".parse().expect("a version"),
            "met",
        ),
        (
            "of an earlier version",
            |one| one.version = "4.6".parse().expect("a version"),
            "by hand",
        ),
        ("of another tenant", |one| one.tenant_id = uuid::Uuid::nil(), "by hand"),
        (
            "of another environment",
            |one| one.environment_url = "https://fabrikam.crm.dynamics.com".to_owned(),
            "by hand",
        ),
        ("of another requirement", |one| one.code = Code::new(501), "by hand"),
        (
            "of tomorrow",
            |one| one.at = "2026-11-24T09:00:00Z".parse().expect("a time"),
            "by hand",
        ),
    ];
    let mut tenant = Tenant::built_in("upgraded");
    for (name, change, verdict) in cases {
        let mut attestation = good.clone();
        change(&mut attestation);
        tenant.attestations = vec![attestation];
        assert_eq!(tenant.look_at(&only(104)).verdict(104), verdict, "{name}");
    }
}

#[test]
fn a_waiver_ends_with_its_last_day() {
    let mut tenant = Tenant::built_in("no-profile");
    for (until, verdict) in [
        (date(2026, 11, 22), "missing"),
        (date(2026, 11, 23), "waived"),
        (date(2027, 1, 1), "waived"),
    ] {
        tenant.waivers = waive_everything();
        tenant.waivers.iter_mut().for_each(|waiver| waiver.until = until);
        let look = tenant.look_at(&only(401));
        assert_eq!(look.verdict(401), verdict, "until {until}");
        let told = look
            .finding(401)
            .warnings()
            .iter()
            .any(|warning| warning.contains("ended on 2026-11-22"));
        assert_eq!(
            told,
            verdict == "missing",
            "until {until}: {:?}",
            look.finding(401).warnings()
        );
    }
}
