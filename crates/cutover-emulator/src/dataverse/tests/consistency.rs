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

    #[test]
    fn any_write_gets_an_answer_and_what_is_refused_changes_nothing(
        method in proptest::sample::select(&["POST", "PATCH", "PUT", "DELETE"][..]),
        place in proptest::sample::select(PLACES),
        pieces in proptest::collection::vec(piece(), 0..3),
        sent in proptest::sample::select(BODIES),
        noise in "\\PC{0,20}",
    ) {
        let emulator = emulator();
        let token = user_token(&emulator, 0);
        let before = emulator.read(State::clone);
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let body = sent.replace('~', &noise);
        let target = format!("/api/data/v9.2/{place}{}", pieces.concat());
        let headers = [("Prefer", "return=representation"), ("Content-Type", "multipart/mixed;boundary=b")];
        let reply = request(&emulator, &token, &method, &target, &headers, &body);
        let known = [200, 201, 204, 400, 403, 404, 405, 412, 429, 501];
        prop_assert!(known.contains(&reply.status.as_u16()), "{method} {target} {body}: {}", reply.status);
        if !reply.status.is_success() {
            prop_assert_eq!(emulator.read(State::clone), before, "{} {} {}", method, target, body);
        }
    }
}

/// Where writes go.
const PLACES: &[&str] = &[
    "accounts",
    "contacts",
    "teams",
    "contoso_jobs",
    "solutions",
    "systemusers(8fa1e393-d3f6-44b5-a298-91b6bfc4d3e1)",
    "systemusers(8fa1e393-d3f6-44b5-a298-91b6bfc4d3e1)/systemuserroles_association/$ref",
    "systemusers(8fa1e393-d3f6-44b5-a298-91b6bfc4d3e0)/businessunitid/$ref",
    "accounts(accountnumber='1')",
    "accounts(183a1c2c-6c8f-4d4e-9b2b-2a4f485d6c7b)/name",
    "usersettingscollection(8fa1e393-d3f6-44b5-a298-91b6bfc4d3e1)",
    "ImportSolution",
    "StageSolution",
    "ProvisionLanguageAsync",
    "DeleteAndPromote",
    "$batch",
];
/// What they send; a tilde stands for anything.
const BODIES: &[&str] = &[
    "~",
    "{\"~\":1}",
    "{\"name\":\"~\"}",
    "{\"name\":null,\"primarycontactid@odata.bind\":\"~\"}",
    "{\"@odata.id\":\"~\"}",
    "{\"@odata.id\":\"roles(90b2f4a4-e407-45c6-b3a9-a2c7c0d5e4f2)\"}",
    "{\"value\":\"~\"}",
    "{\"Language\":1043}",
    "{\"CustomizationFile\":\"~\"}",
    "{\"accessmode\":4,\"uilanguageid\":1031}",
    "--b\r\nContent-Type: application/http\r\n\r\nPOST accounts~ HTTP/1.1\r\n\r\n{}\r\n--b--",
    "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\nContent-ID: ~\r\n\r\nPOST accounts HTTP/1.1\r\n\r\n{}\r\n--c\r\nContent-Type: application/http\r\n\r\nPATCH $~ HTTP/1.1\r\n\r\n{}\r\n--c--\r\n--b--",
];
