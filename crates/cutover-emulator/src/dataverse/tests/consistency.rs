//! What holds for any request and for every world.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::dataverse::schema::Schema;
use crate::world::World;

#[test]
fn every_column_a_world_fills_is_known() {
    for (name, _) in World::built_in_names() {
        let state = World::built_in(name).expect(name).into_state();
        for environment in &state.environments {
            let schema = Schema::of(environment);
            for set in environment.tables.set_names().filter(|set| *set != "EntityDefinitions") {
                let table = schema.of_set(set).unwrap_or_else(|| panic!("{name}: no table {set}"));
                let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name).collect();
                for column in environment.tables.rows(set).iter().flat_map(Row::keys) {
                    let known = columns.contains(column.as_str()) || column.starts_with("_emulator_");
                    assert!(known, "{name}: {set} has no column {column}");
                }
            }
        }
    }
}

/// Pieces that addresses are made of, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "systemusers",
        "roles",
        "contoso_jobs",
        "/",
        "(",
        ")",
        "?",
        "&",
        "=",
        "'",
        ",",
        ";",
        "$select=",
        "$filter=",
        "$expand=",
        "$orderby=",
        "$top=",
        "$count=true",
        "$skiptoken=",
        "/$ref",
        "/$count",
        "/$value",
        "$batch",
        "fullname",
        "businessunitid",
        "systemuserroles_association",
        "teammembership_association",
        "/any(x:x/",
        " eq ",
        " and ",
        "null",
        "1",
        "@p1",
        "%2",
        "%ff",
        "EntityDefinitions",
        "LogicalName",
        "Attributes",
        "WhoAmI",
        "Microsoft.Dynamics.CRM.systemuser",
        "<cookie pagenumber=\"9\" istracking=\"False\" />",
        "8fa1e393-d3f6-44b5-a298-91b6bfc4d3e0",
        "ü",
        "\u{202e}",
    ];
    prop_oneof![
        8 => proptest::sample::select(KNOWN).prop_map(str::to_owned),
        1 => ".{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400, rng_seed: RngSeed::Fixed(365), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_address_gets_an_answer_of_the_service(pieces in proptest::collection::vec(piece(), 0..14)) {
        let emulator = emulator();
        let token = user_token(&emulator, 0);
        let headers = [("Prefer", "odata.include-annotations=\"*\",odata.maxpagesize=2")];
        let reply = send(&emulator, &token, &format!("/api/data/v9.2/{}", pieces.concat()), &headers);
        prop_assert!([200, 204, 400, 404, 405, 501].contains(&reply.status.as_u16()), "{}", reply.status);
        if reply.status.is_client_error() || reply.status.is_server_error() {
            let body: Value = serde_json::from_slice(&reply.body).expect("an error body");
            prop_assert!(body["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));
        }
    }
}
