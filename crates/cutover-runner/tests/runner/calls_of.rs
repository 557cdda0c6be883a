//! The list of calls that documentation is made from, against what collection really sends.

use std::collections::BTreeSet;

use cutover_clients::CallSpec;
use cutover_core::{Check, Pack, checks};
use cutover_runner::collect::{calls_of, in_words};

use super::harness::{Tenant, only, specs_of, world_names};

/// Answers that a guard needs whatever was chosen: which organisation this is.
const ALWAYS: &str = "/WhoAmI()";

fn name(spec: &CallSpec) -> String {
    format!("{} {}", spec.service.name(), spec.path)
}

/// What a check alone asks in a world, by service and template.
fn asked(tenant: &Tenant, number: u16) -> BTreeSet<String> {
    tenant.look_at(&only(number));
    let specs = tenant.questions();
    let specs = specs.iter().flat_map(|question| specs_of(question));
    specs.filter(|spec| spec.path != ALWAYS).map(name).collect()
}

fn listed(check: &Check) -> BTreeSet<String> {
    calls_of(check, &Pack::work365().expect("the built-in pack"))
        .into_iter()
        .filter(|spec| spec.path != ALWAYS)
        .map(name)
        .collect()
}

/// Worlds in which, together, every listed call of every check has a reason to be made: people, an application user and
/// an application as caller, a vendor support user, policies that speak of places.
const WORLDS: &[&str] = &[
    "ready",
    "application-user",
    "application-caller",
    "standing-privileges",
    "package-listed",
    "mfa-trusted-places",
];

#[test]
fn a_check_alone_asks_what_its_list_names_and_nothing_else() {
    for check in checks::ALL {
        let number = check.code.to_string()[1..].parse().expect("a number");
        let listed = listed(check);
        let mut everywhere = BTreeSet::new();
        for world in WORLDS {
            let asked = asked(&Tenant::built_in(world), number);
            let beyond: Vec<_> = asked.difference(&listed).collect();
            assert!(
                beyond.is_empty(),
                "{} in {world} asks beyond its list: {beyond:?}",
                check.code
            );
            everywhere.extend(asked);
        }
        let never: Vec<_> = listed.difference(&everywhere).collect();
        assert!(never.is_empty(), "{} lists what it never asks: {never:?}", check.code);
    }
}

#[test]
fn a_full_check_asks_in_no_world_beyond_the_lists() {
    let all: BTreeSet<String> = checks::ALL.iter().flat_map(listed).collect();
    for world in world_names() {
        let tenant = Tenant::built_in(world);
        tenant.look();
        for question in tenant.questions() {
            let spec = specs_of(&question)[0];
            assert!(spec.path == ALWAYS || all.contains(&name(spec)), "{world}: {question}");
        }
    }
}

#[test]
fn every_requirement_of_the_pack_has_a_check_and_its_calls_in_words() {
    let pack = Pack::work365().expect("the built-in pack");
    let codes: Vec<_> = pack.requirement.iter().map(|requirement| requirement.code).collect();
    assert_eq!(codes, checks::ALL.iter().map(|check| check.code).collect::<Vec<_>>());
    for check in checks::ALL {
        let calls = calls_of(check, &pack);
        assert!(!calls.is_empty(), "{} is judged by nothing", check.code);
        let names: BTreeSet<_> = calls.iter().map(|call| (name(call), call.about)).collect();
        assert_eq!(names.len(), calls.len(), "{}: a call is listed twice", check.code);
        for call in calls {
            let words = in_words(call);
            assert!(words.contains(call.path) && words.contains(call.about), "{words}");
            let rights = call
                .permission
                .application
                .iter()
                .take(1)
                .chain(call.permission.privileges);
            for right in rights {
                assert!(words.contains(right), "{words} names {right}");
            }
        }
    }
}
