//! No fact changes without a word.

use serde_json::json;

use super::facts as difference;
use crate::facts::Facts;
use crate::redact::tests::{places, whole};

/// Changes that are no news: why.
const NO_NEWS: &[(&str, &str)] = &[
    ("/scene/tenant_id", "other tenants are not compared"),
    ("/scene/tenant", "the same tenant by another of its names"),
    (
        "/scene/organization_id",
        "what the configuration pins, not what is there",
    ),
    ("/scene/partner/tenant_id", "told by the tenant's name"),
    ("/collected_at", "no two looks are of the same time"),
    ("/registration/known/value/updated", "the report is made anew every day"),
    (
        "/sign_ins/known/value/entries",
        "only the newest sign-in with MFA is told",
    ),
    ("/sign_ins/known/value/more", "as above"),
    (
        "/mfa_claim",
        "every token is of its own time; that there is none is told",
    ),
    ("/business_unit", "told by the unit's name, and by the role's own id"),
    ("/root", "follows from the role's own id"),
    ("/template", "follows from the role's own id"),
    ("/inherited_by_members", "only that it is not inherited is told"),
    ("/entra_object_id", "the row's own id tells it"),
    ("/application_id", "the row's own id tells it"),
    ("/support_users/known/value", "the rows are told apart from the roles"),
    ("/teams/known/value", "of a team's roles the names are told"),
    ("/open_imports/known/value/0/progress", "it moves while one looks"),
    ("/open_operations/known/value/0/kind", "does not change"),
    ("/open_operations/known/value/0/created", "does not change"),
    ("/job_tables/known/value", "names of columns follow from the table"),
    ("/statuses", "labels are told, numbers are not"),
    ("/open_jobs/known/value/0/scheduled", "moves with every run of a job"),
    ("/backups/known/value/0/expires", "follows from the point in time"),
    ("/operations/known/value/0/started", "does not change"),
    ("/friendly_name", "somebody's text; the unique name tells"),
    ("/active_roles/known/value/0/name", "localised; the template tells"),
    ("/attestations", "told as a whole"),
];

fn sample(variant: usize) -> Facts {
    let mut facts = whole(variant);
    // One person of the sample plays a part.
    facts.principals = facts.principals.into_iter().take(1).collect();
    facts
}

#[test]
fn equal_facts_do_not_differ() {
    for variant in 0..3 {
        let facts = sample(variant);
        assert_eq!(difference(&facts, &facts), []);
    }
}

#[test]
fn every_fact_that_is_hidden_or_shown_is_told() {
    let facts = sample(0);
    let value = serde_json::to_value(&facts).unwrap();
    let (places, _) = places(&value);
    assert!(places.len() > 80, "{}", places.len());
    for place in places {
        let mut hidden = value.clone();
        *hidden.pointer_mut(&place).unwrap() = json!({ "unknown": { "reason": "refused", "message": "no view" } });
        let hidden: Facts = serde_json::from_value(hidden).unwrap();
        let sentences = |before: &Facts, after: &Facts| -> Vec<String> {
            difference(before, after)
                .iter()
                .map(super::FactChange::sentence)
                .collect()
        };
        let gone = sentences(&facts, &hidden);
        let is_told = |told: &[String], what: &str| !told.is_empty() && told.iter().all(|one| one.contains(what));
        assert!(is_told(&gone, "cannot be seen any more (no view)"), "{place}: {gone:?}");
        let back = sentences(&hidden, &facts);
        assert!(is_told(&back, "can be seen now (no view)"), "{place}: {back:?}");
    }
}

#[test]
fn every_value_that_changes_is_told() {
    let facts = sample(0);
    let value = serde_json::to_value(&facts).unwrap();
    let (_, values) = places(&value);
    assert!(values.len() > 200, "{}", values.len());
    let mut untold = Vec::new();
    for (place, other) in values {
        let mut changed = value.clone();
        *changed.pointer_mut(&place).unwrap() = other;
        let changed: Facts = serde_json::from_value(changed).unwrap();
        if difference(&facts, &changed).is_empty() && !NO_NEWS.iter().any(|(no_news, _)| place.contains(no_news)) {
            untold.push(place);
        }
    }
    assert!(untold.is_empty(), "{untold:#?}");
}
