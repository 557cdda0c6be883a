//! Names that try to become a part of an address, and answers that try to bring the reader down.

use cutover_clients::Wave;
use cutover_clients::dataverse::system_users::SystemUserKey;
use cutover_clients::dataverse::{entity_definitions, profiles, roles, solutions, system_users};
use cutover_clients::graph::{UserKey, authentication, licences, organization, users};
use cutover_clients::partner_center::organization_profile::organization_profile;
use cutover_clients::partner_center::relationships::indirect_resellers;
use cutover_clients::power_platform::operations::operations;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use url::Url;

use crate::double::{Double, json_response, rows};

#[tokio::test]
async fn a_guest_or_hostile_name_stays_one_segment() {
    let names = [
        (
            "eve_fabrikam.com#EXT#@contoso.onmicrosoft.com",
            "/users/eve_fabrikam.com%23EXT%23@contoso.onmicrosoft.com/licenseDetails",
        ),
        ("o'brien@contoso.com", "/users/o%27brien@contoso.com/licenseDetails"),
        (
            "a/../../groups?$filter=x@contoso.com",
            "/users/a%2F..%2F..%2Fgroups%3F$filter%3Dx@contoso.com/licenseDetails",
        ),
        ("$dollar@contoso.com", "/users('$dollar@contoso.com')/licenseDetails"),
        ("$o'b@contoso.com", "/users('$o%27%27b@contoso.com')/licenseDetails"),
        ("müller@contoso.com", "/users/m%C3%BCller@contoso.com/licenseDetails"),
    ];
    for (name, wanted) in names {
        let key: UserKey = name.parse().unwrap();
        assert_eq!(key.to_string(), name);
        let double = Double::new(|_| rows(json!([])));
        let mut wave = Wave::new();
        let licences = wave.ask(users::licence_details(&key));
        let answer = wave.send(&double.clients).await.take(licences);
        assert!(answer.result.is_ok(), "{name}");
        assert_eq!(double.requests(), [format!("GET /v1.0{wanted}")]);
        assert!(answer.call.request.is_ascii());
    }
    for wrong in [
        "",
        "anna",
        "@contoso.com",
        "anna@",
        "a@b@c",
        "..",
        ".",
        "an\nna@contoso.com",
        "a\u{0}@b",
    ] {
        assert!(wrong.parse::<UserKey>().is_err(), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_part_with_any_number_of_headers_is_an_answer() {
    let many = || (0..40_000).map(|number| format!("x-{number}"));
    let double = Double::with_carrier(
        |_| rows(json!([])),
        move |sent| {
            let answer = if sent.line == "POST /v1.0/$batch" {
                let headers: Map<String, Value> = many().map(|name| (name, json!("y"))).collect();
                let part = |id: &str| json!({"id": id, "status": 200, "headers": headers, "body": {"value": []}});
                json_response(200, &json!({"responses": [part("0"), part("1")]}))
            } else if sent.line.contains("$batch") {
                let headers: String = many().map(|name| format!("{name}: y\r\n")).collect();
                let part = format!("--b\r\n{headers}\r\nHTTP/1.1 200 OK\r\n{headers}\r\n{{\"value\":[]}}\r\n");
                http::Response::builder()
                    .header("content-type", "multipart/mixed; boundary=b")
                    .body(format!("{part}{part}--b--").into())
                    .unwrap()
            } else {
                return None;
            };
            Some(Ok(answer))
        },
    );
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let organization = wave.ask(organization::organization());
    let roles = wave.ask(roles::by_name("x"));
    let profiles = wave.ask(profiles::by_name("x"));
    let answers = wave.send(&double.clients).await;
    assert_eq!(answers.take(skus).result.unwrap(), []);
    assert_eq!(answers.take(organization).result.unwrap(), []);
    assert_eq!(answers.take(roles).result.unwrap(), []);
    assert_eq!(answers.take(profiles).result.unwrap(), []);
    assert_eq!(double.requests().len(), 2);
}

/// The decoded value of the filter, if the address is still the one that was meant.
fn filter_of(request: &str, path: &str) -> Option<String> {
    let address = request.strip_prefix("GET ")?.replace(' ', "%20");
    let url = Url::parse("https://host").unwrap().join(&address).ok()?;
    if url.path() != path || url.fragment().is_some() || url.host_str() != Some("host") {
        return None;
    }
    let mut pairs = url.query_pairs();
    let (name, value) = pairs.next()?;
    (name == "$filter" && pairs.next().is_none()).then(|| value.into_owned())
}

/// The literals in a filter, as OData reads them: between apostrophes, where two stand for one.
fn literals(filter: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut letters = filter.chars().peekable();
    while letters.by_ref().any(|letter| letter == '\'') {
        let mut text = String::new();
        while let Some(letter) = letters.next() {
            if letter == '\'' && letters.next_if_eq(&'\'').is_none() {
                break;
            }
            text.push(letter);
        }
        found.push(text);
    }
    found
}

/// What answers of the newer services are made of.
const WORDS: &[&str] = &[
    "\u{feff}",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "7",
    "\"x\"",
    "\"value\":",
    "\"collection\":[]",
    "\"items\":[]",
    "\"items\":[{}]",
    "\"links\":{\"next\":",
    "\"uri\":\"/relationships?a\"",
    "\"uri\":\"\"",
    "\"headers\":[{\"key\":\"MS-ContinuationToken\",\"value\":\"t\"}]",
    "\"nextLink\":\"https://api.powerplatform.com/x\"",
    "\"continuationToken\":\"t\"",
    "\"code\":",
    "\"error\":",
    "\"errorDetail\":",
    "\"description\":",
    "\"fieldErrors\":{}",
    "\"statusCode\":429",
    "\"@response.headers\":",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(365), ..ProptestConfig::default() })]

    #[test]
    fn no_text_leaves_its_literal(text in "[\\PC'%&#+?/;=\\x00-\\x20]{0,24}") {
        let meant = [text.clone()];
        let one = |request: String, path: &str| filter_of(&request, path).map(|filter| literals(&filter));
        prop_assert_eq!(one(roles::by_name(&text).request(), "/api/data/v9.2/roles"), Some(meant.to_vec()));
        prop_assert_eq!(
            one(profiles::by_name(&text).request(), "/api/data/v9.2/fieldsecurityprofiles"),
            Some(meant.to_vec())
        );
        prop_assert_eq!(
            one(solutions::by_publisher_prefix(&text).request(), "/api/data/v9.2/solutions"),
            Some(meant.to_vec())
        );
        prop_assert_eq!(
            one(system_users::rows_by_name_start(&text).request(), "/api/data/v9.2/systemusers"),
            Some(meant.to_vec())
        );
        prop_assert_eq!(
            one(
                authentication::registration(&text).request(),
                "/v1.0/reports/authenticationMethods/userRegistrationDetails"
            ),
            Some(meant.to_vec())
        );
        let keys = [SystemUserKey::DomainName(text.clone()), SystemUserKey::DomainName("b".to_owned())];
        prop_assert_eq!(
            one(system_users::rows(&keys[0], &keys[1..]).request(), "/api/data/v9.2/systemusers"),
            Some(vec![text.clone(), "b".to_owned()])
        );
    }

    #[test]
    fn a_user_key_is_one_segment(name in "[\\PC'%&#+?/;=]{1,24}", domain in "[\\PC'%&#+?/;=]{1,12}") {
        if let Ok(key) = format!("{name}@{domain}").parse::<UserKey>() {
            let request = users::licence_details(&key).request();
            let url = Url::parse(&format!("https://host{}", request.strip_prefix("GET ").unwrap())).unwrap();
            let segments: Vec<&str> = url.path_segments().unwrap().collect();
            let wanted = if name.starts_with('$') { 3 } else { 4 };
            prop_assert_eq!(segments.len(), wanted);
            prop_assert_eq!(segments.last().copied(), Some("licenseDetails"));
            prop_assert!(url.query().is_none() && url.fragment().is_none());
            if wanted == 4 {
                let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
                prop_assert_eq!(decoded.into_owned(), key.to_string());
            }
        }
    }

    #[test]
    fn a_name_from_a_service_is_one_segment(name in "\\.{1,2}|[\\PC'%&#+?/;=.]{1,24}") {
        let parsed = |request: String| Url::parse(&format!("https://host{}", request.strip_prefix("GET ").unwrap())).unwrap();
        let decoded = |segment: &str| percent_encoding::percent_decode_str(segment).decode_utf8().unwrap().into_owned();
        let url = parsed(operations(&name).request());
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        prop_assert_eq!((segments.len(), segments[3]), (4, "operations"));
        prop_assert_eq!(decoded(segments[2]).trim_end().to_owned(), name.trim_end().to_owned());
        prop_assert_eq!(url.query(), Some("api-version=2024-10-01"));
        let url = parsed(entity_definitions::columns(&name, 1033).request());
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        prop_assert_eq!((segments.len(), segments[4]), (5, "Attributes"));
        prop_assert_eq!(decoded(segments[3]), format!("EntityDefinitions(LogicalName='{}')", name.replace('\'', "''")));
    }

    #[test]
    fn no_answer_of_the_newer_services_brings_the_reader_down(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..24),
        noise in proptest::collection::vec(any::<u8>(), 0..8),
        status in proptest::sample::select(&[200_u16, 400, 401, 403, 404, 418][..]),
    ) {
        let mut body = words.concat().into_bytes();
        body.extend(noise);
        let double = Double::with_carrier(
            |_| rows(json!([])),
            move |sent| {
                (!sent.line.ends_with("/token")).then(|| {
                    Ok(http::Response::builder().status(status).body(body.clone().into()).unwrap())
                })
            },
        );
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (profile, resellers, running) = runtime.block_on(async {
            let mut partner = Wave::new();
            let asked = (partner.ask(organization_profile()), partner.ask(indirect_resellers()));
            let mut home = Wave::new();
            let running = home.ask(operations("e"));
            let answers = partner.send(&double.partner).await;
            let running = home.send(&double.clients).await.take(running);
            (answers.take(asked.0).result, answers.take(asked.1).result, running.result)
        });
        if status != 200 {
            prop_assert!(profile.is_err() && resellers.is_err() && running.is_err());
        }
    }
}
