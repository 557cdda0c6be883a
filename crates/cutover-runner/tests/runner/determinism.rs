//! Equal worlds give equal facts and equal findings, byte for byte, stored or not.

use cutover_core::{Facts, Selection};

use super::harness::{Tenant, assert_founded, differences, world_names};

#[test]
fn equal_looks_are_equal_and_survive_being_stored() {
    for world in world_names() {
        let text = |facts: &Facts| serde_json::to_string_pretty(facts).expect("facts as text");
        let tenant = Tenant::built_in(world);
        let (one, other) = (tenant.look(), Tenant::built_in(world).look());
        assert_eq!(text(&one.facts), text(&other.facts), "{world}: facts");
        assert_eq!(
            format!("{:#?}", one.findings),
            format!("{:#?}", other.findings),
            "{world}: findings"
        );
        one.findings.iter().for_each(assert_founded);

        let stored = Facts::from_json(&text(&one.facts)).unwrap_or_else(|error| panic!("{world}: {error}"));
        assert_eq!(stored, one.facts, "{world}: read back");
        let again = tenant.judge(&stored, &Selection::default());
        assert_eq!(again, one.findings, "{world}: {}", differences(&one.findings, &again));
    }
}

#[test]
fn a_second_look_at_a_world_that_stands_still_sees_the_same() {
    for world in ["ready", "nothing-ready", "application-user", "hostile-names"] {
        let tenant = Tenant::built_in(world);
        assert_eq!(tenant.look().verdicts(), tenant.look().verdicts(), "{world}");
    }
}
