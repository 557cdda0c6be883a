//! A plan is carried out only while what it stands on is as it was.

use cutover_core::plan::{Precondition, stale};
use cutover_core::{Decisions, Facts};

use super::of;
use crate::fixture::{admin_of, all, global_administrator, known, ready, service_of, value};

fn lacking() -> Facts {
    let mut facts = ready();
    service_of(&mut facts).licences = known(vec![]);
    service_of(&mut facts).security_roles = known(vec![]);
    facts
}

fn decisions() -> Decisions {
    Decisions {
        lasting_licence: true,
        ..Decisions::default()
    }
}

#[test]
fn what_a_plan_stands_on_is_compared() {
    type Change = fn(&mut Facts);
    let cases: &[(&str, Change, &[&str])] = &[
        ("nothing", |_| {}, &[]),
        (
            "another day",
            |facts| facts.collected_at = "2026-11-24T09:00:00Z".parse().unwrap(),
            &[],
        ),
        (
            "other seats, still enough",
            |facts| value(&mut facts.tenant.skus)[0].consumed = 4,
            &[],
        ),
        (
            "no seat",
            |facts| value(&mut facts.tenant.skus)[0].consumed = 5,
            &["DYN365_ENTERPRISE_SALES"],
        ),
        (
            "done by somebody else",
            |facts| service_of(facts).licences = known(vec![crate::fixture::sales_licence("Success")]),
            &["W300"],
        ),
        (
            "activated by hand",
            |facts| admin_of(facts).active_roles = known(vec![global_administrator()]),
            &["W101"],
        ),
        (
            "another environment",
            |facts| facts.scene.environment_url = "https://fabrikam.crm4.dynamics.com".into(),
            &["the scene"],
        ),
        (
            "another organisation behind the address",
            |facts| value(&mut facts.environment.who_am_i).organization = crate::fixture::id(66),
            &["the organisation"],
        ),
        // What the plan does not act upon may change.
        ("English", |facts| facts.environment.languages = known(vec![1043]), &[]),
    ];
    let plan = of(&lacking(), &decisions());
    assert!(
        plan.preconditions
            .iter()
            .any(|one| matches!(one, Precondition::FreeSeats { at_least: 1, .. }))
    );
    for (what, change, expected) in cases {
        let mut facts = lacking();
        change(&mut facts);
        let stale = stale(&plan, &facts, &all(&facts, &[]));
        let about: Vec<&str> = stale.iter().map(|stale| stale.what.as_str()).collect();
        let seats = *what == "no seat";
        assert!(
            about.iter().all(|one| expected.contains(one) || seats),
            "{what}: {stale:?}"
        );
        assert!(expected.iter().all(|one| about.contains(one)), "{what}: {stale:?}");
    }
}
