//! What is merged, what is paged, and what evidence comes back.

use cutover_clients::dataverse::{languages, roles, solutions, system_users, who_am_i};
use cutover_clients::graph::{self, UserKey, authentication, licences, policies, users};
use cutover_clients::tenancy::Home;
use cutover_clients::{Failure, Wave};
use cutover_core::evidence::Service;
use serde_json::json;
use uuid::Uuid;

use crate::double::{Double, ORGANISATION, Told, rows, told};

fn anna() -> UserKey {
    "anna@contoso.com".parse().unwrap()
}

fn whatever(url: &str) -> Told {
    let id = Uuid::from_u128(7);
    if url.contains("/authentication/requirements") {
        told(200, json!({"perUserMfaState": "enforced"}))
    } else if url.contains("WhoAmI") {
        told(200, json!({"UserId": id, "BusinessUnitId": id, "OrganizationId": id}))
            .with("x-ms-service-request-id", "own-dataverse")
    } else if url.contains("RetrieveProvisionedLanguages") {
        told(200, json!({"RetrieveProvisionedLanguages": [1031, 1033]}))
    } else if url.contains("licenseDetails") {
        rows(json!([{"skuId": id, "skuPartNumber": "X", "servicePlans": [
            {"servicePlanId": id, "servicePlanName": "P", "provisioningStatus": "NewStatus"}]}]))
        .with("request-id", "own-graph")
    } else {
        rows(json!([]))
    }
}

#[tokio::test]
async fn a_wave_is_one_request_for_each_service_and_version() {
    let double = Double::new(|asked| whatever(&asked.url));
    let mut wave = Wave::new();
    let licence = wave.ask(users::licence_details(&anna()));
    let again = wave.ask(users::licence_details(&anna()));
    let groups = wave.ask(users::groups(&anna()));
    let skus = wave.ask(licences::subscribed_skus());
    let state = wave.ask(authentication::requirements(&anna()));
    let access = wave.ask(policies::conditional_access());
    let me = wave.ask(who_am_i::who_am_i());
    let languages = wave.ask(languages::provisioned());
    let roles = wave.ask(roles::by_name("Work 365 Service"));
    assert_eq!(wave.len(), 8);
    let answers = wave.send(&double.clients).await;

    let mut requests = double.requests();
    requests.sort();
    assert_eq!(
        requests,
        [
            "GET /beta/users/anna@contoso.com/authentication/requirements",
            "GET /v1.0/identity/conditionalAccess/policies",
            "POST /api/data/v9.2/$batch",
            "POST /v1.0/$batch",
        ]
    );
    assert_eq!(double.lines().len() - requests.len(), 2, "one token for each API");

    let licence = answers.take(licence);
    assert_eq!(licence.call.service, Service::Graph);
    assert_eq!(licence.call.request, "GET /v1.0/users/anna@contoso.com/licenseDetails");
    assert_eq!(licence.call.status, Some(200));
    assert_eq!(licence.call.request_id.as_deref(), Some("own-graph"));
    let plans = licence.result.unwrap().remove(0).service_plans.unwrap();
    assert_eq!(
        plans[0].provisioning_status,
        Some(users::ProvisioningStatus::Other("NewStatus".to_owned()))
    );
    assert_eq!(answers.take(again).call.request_id.as_deref(), Some("own-graph"));
    let groups = answers.take(groups);
    assert_eq!(groups.call.request_id.as_deref(), Some("carrier-graph"));
    assert!(groups.result.unwrap().is_empty());
    assert!(answers.take(skus).result.unwrap().is_empty());
    let state = answers.take(state).result.unwrap();
    assert_eq!(state.per_user_mfa_state, authentication::PerUserMfaState::Enforced);
    assert!(answers.take(access).result.unwrap().is_empty());
    let me = answers.take(me);
    assert_eq!(me.call.request, "GET /api/data/v9.2/WhoAmI()");
    assert_eq!(me.call.request_id.as_deref(), Some("own-dataverse"));
    assert_eq!(answers.take(languages).result.unwrap().locale_ids, [1031, 1033]);
    let roles = answers.take(roles);
    assert_eq!(
        roles.call.request,
        "GET /api/data/v9.2/roles?$filter=name eq 'Work 365 Service'"
    );
    assert_eq!(roles.call.request_id.as_deref(), Some("carrier-dataverse"));
}

#[tokio::test]
async fn more_than_twenty_questions_take_a_second_batch() {
    let double = Double::new(|_| rows(json!([])));
    let mut wave = Wave::new();
    for number in 0..41_u128 {
        let _ = wave.ask(users::groups(&Uuid::from_u128(number).into()));
    }
    wave.send(&double.clients).await;
    // The forty-first goes alone, and a question alone needs no batch.
    assert_eq!(double.requests().len(), 3);
    assert_eq!(double.asked.lock().unwrap().len(), 41);
}

fn role(number: u128) -> serde_json::Value {
    json!({"roleid": Uuid::from_u128(number), "name": format!("role {number}")})
}

#[tokio::test]
async fn all_pages_are_gathered_empty_ones_and_expanded_ones_too() {
    let double = Double::new(|asked| {
        let page = |rows: serde_json::Value, next: &str| {
            told(
                200,
                json!({"value": rows, "@odata.nextLink": format!("{ORGANISATION}/api/data/v9.2/{next}")}),
            )
        };
        let url = asked.url.as_str();
        if url.contains("/roles?$skiptoken=2") {
            page(json!([]), "roles?$skiptoken=3")
        } else if url.contains("/roles?$skiptoken=3") {
            rows(json!([role(2)]))
        } else if url.contains("/roles?") {
            page(json!([role(1)]), "roles?$skiptoken=2")
        } else if url.contains("teamroles_association?$skiptoken=b") {
            rows(json!([role(4)]))
        } else {
            let link = |rest: &str| format!("{ORGANISATION}/api/data/v9.2/teams(1)/teamroles_association?{rest}");
            rows(json!([
                {"teamid": Uuid::nil(), "teamroles_association": [role(3)],
                 "teamroles_association@odata.nextLink": link("$skiptoken=b")},
                {"teamid": Uuid::nil(), "teamroles_association": [],
                 "teamroles_association@odata.nextLink": link("$select=name")},
                {"teamid": Uuid::nil(), "teamroles_association": [role(6)],
                 "teamroles_association@odata.nextLink": link("$select=name")},
            ]))
        }
    });
    let mut wave = Wave::new();
    let by_name = wave.ask(roles::by_name("x"));
    let teams = wave.ask(system_users::teams(Uuid::nil()));
    let answers = wave.send(&double.clients).await;
    let names = |roles: &[roles::Role]| -> Vec<String> { roles.iter().filter_map(|role| role.name.clone()).collect() };
    assert_eq!(names(&answers.take(by_name).result.unwrap()), ["role 1", "role 2"]);
    let teams: Vec<Vec<String>> = answers
        .take(teams)
        .result
        .unwrap()
        .iter()
        .map(|team| names(team.teamroles_association.as_deref().unwrap()))
        .collect();
    assert_eq!(teams, [vec!["role 3", "role 4"], vec![], vec!["role 6"]]);
    assert_eq!(double.seconds("$select=name").len(), 0);
}

#[tokio::test]
async fn links_that_lead_away_or_in_a_circle_are_not_followed() {
    for link in [
        "https://evil.example/v1.0/users",
        "http://graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com/beta/users",
        "https://graph.microsoft.com@evil.example/v1.0/users",
        "//evil.example/v1.0",
        "",
        "https://graph.microsoft.com/v1.0/round",
    ] {
        let double = Double::new(move |_| told(200, json!({"value": [], "@odata.nextLink": link})));
        let mut wave = Wave::new();
        let skus = wave.ask(licences::subscribed_skus());
        let answer = wave.send(&double.clients).await.take(skus);
        match answer.result {
            Err(Failure::Unreadable { message }) => assert!(message.contains("link to the next page"), "{message}"),
            other => panic!("{link}: {other:?}"),
        }
        assert!(double.requests().len() <= 2, "{link}");
    }
    let mut page = 0;
    let endless = Double::new(move |_| {
        page += 1;
        told(
            200,
            json!({"value": [], "@odata.nextLink": format!("https://graph.microsoft.com/v1.0/p/{page}")}),
        )
    });
    let mut wave = Wave::new();
    let skus = wave.ask(licences::subscribed_skus());
    let answer = wave.send(&endless.clients).await.take(skus);
    assert!(matches!(answer.result, Err(Failure::TooMuch)), "{answer:?}");
    assert_eq!(endless.requests().len(), 100);
}

/// A log whose pages have these numbers of rows; `more` says whether the last one leads on as well.
async fn newest_of(pages: &'static [usize], more: bool) -> (Result<usize, Failure>, usize, String) {
    let mut page = 0;
    let double = Double::new(move |_| {
        let count = pages.get(page).copied().unwrap_or_default();
        page += 1;
        let entry = json!({"id": "1", "createdDateTime": "2026-11-22T09:00:00Z"});
        let mut body = json!({ "value": vec![entry; count] });
        if more || page < pages.len() {
            body["@odata.nextLink"] = json!(format!(
                "https://graph.microsoft.com/beta/auditLogs/signIns?page={page}"
            ));
        }
        told(200, body)
    });
    let mut wave = Wave::new();
    let since = "2026-10-24T09:00:00.5Z".parse().unwrap();
    let log = wave.ask(graph::sign_ins::sign_ins(Uuid::from_u128(7), since, 20));
    let answer = wave.send(&double.clients).await.take(log);
    let rows = answer.result.map(|rows| rows.len());
    (rows, double.requests().len(), answer.call.request)
}

#[tokio::test]
async fn the_newest_sign_ins_are_looked_for_behind_short_and_empty_pages() {
    // Rows of each page, whether the last one leads on; rows given of twenty wanted, and pages read.
    type Case = (&'static [usize], bool, Option<usize>, usize);
    let cases: [Case; 7] = [
        (&[20], true, Some(20), 1),
        (&[25], true, Some(20), 1),
        (&[0, 3], false, Some(3), 2),
        (&[0, 3, 20], true, Some(20), 3),
        (&[1, 0, 0, 0, 1], false, Some(2), 5),
        (&[1, 0, 0, 0, 19], true, Some(20), 5),
        (&[1, 0, 0, 0, 1], true, None, 5),
    ];
    for (pages, more, rows, read) in cases {
        let (got, requests, request) = newest_of(pages, more).await;
        match rows {
            Some(rows) => assert_eq!(got.unwrap(), rows, "{pages:?}"),
            None => assert!(matches!(got, Err(Failure::TooMuch)), "{pages:?} {got:?}"),
        }
        assert_eq!(requests, read, "{pages:?}");
        assert_eq!(
            request,
            "GET /beta/auditLogs/signIns?$filter=userId eq '00000000-0000-0000-0000-000000000007' and \
             createdDateTime ge 2026-10-24T09:00:00Z&$top=20"
        );
    }
}

#[tokio::test]
async fn a_dataverse_batch_is_whole_messages_between_delimiters() {
    let double = Double::new(|asked| whatever(&asked.url));
    let mut wave = Wave::new();
    let _ = wave.ask(who_am_i::who_am_i());
    let _ = wave.ask(languages::provisioned());
    wave.send(&double.clients).await;
    let sent = double.sent.lock().unwrap();
    let body = &sent.iter().find(|sent| sent.line.ends_with("/$batch")).unwrap().body;
    let boundary = body.lines().next().unwrap();
    assert!(boundary.starts_with("--batch_"));
    let part = |path: &str| {
        [
            boundary,
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            "",
            &format!("GET {ORGANISATION}/api/data/v9.2{path} HTTP/1.1"),
            "Accept: application/json",
            "OData-MaxVersion: 4.0",
            "OData-Version: 4.0",
            "If-None-Match: null",
            // The empty line ends the headers; the line end before the next delimiter is the delimiter's own.
            "",
            "",
            "",
        ]
        .join("\r\n")
    };
    let wanted = format!(
        "{}{}{boundary}--\r\n",
        part("/WhoAmI()"),
        part("/RetrieveProvisionedLanguages()")
    );
    assert_eq!(*body, wanted);
}

#[tokio::test]
async fn a_ticket_of_another_wave_is_no_claim() {
    let double = Double::new(|asked| whatever(&asked.url));
    let mut wave = Wave::new();
    let own = wave.ask(licences::subscribed_skus());
    let mut other = Wave::<Home>::default();
    let foreign = other.ask(licences::subscribed_skus());
    let beyond = {
        let _ = other.ask(users::groups(&anna()));
        other.ask(licences::subscribed_skus())
    };
    let answers = wave.send(&double.clients).await;
    assert!(answers.take(own).result.is_ok());
    for ticket in [foreign, beyond] {
        match answers.take(ticket).result {
            Err(Failure::Unreadable { message }) => assert!(message.contains("another wave"), "{message}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_batch_that_leaves_a_question_out_is_no_answer_to_it() {
    // A server that does not know continue-on-error stops at the first failure.
    let double = Double::with_carrier(
        |asked| {
            if asked.url.contains("solutions") {
                rows(json!([]))
            } else {
                whatever(&asked.url)
            }
        },
        |sent| {
            sent.line.starts_with("POST /api").then(|| {
                let body = "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n\
                    {\"error\":{\"code\":\"0x80040220\",\"message\":\"Principal is missing prvReadRole privilege\"}}\r\n--b--";
                Ok(http::Response::builder()
                    .status(403)
                    .header("content-type", "multipart/mixed; boundary=\"b\"")
                    .body(body.into())
                    .unwrap())
            })
        },
    );
    let mut wave = Wave::new();
    let roles = wave.ask(roles::by_name("x"));
    let me = wave.ask(who_am_i::who_am_i());
    let solutions = wave.ask(solutions::by_publisher_prefix("w365"));
    let answers = wave.send(&double.clients).await;
    match answers.take(roles).result {
        Err(Failure::Forbidden {
            code,
            privilege,
            lacking,
            ..
        }) => {
            assert_eq!(code, "0x80040220");
            assert_eq!(privilege.as_deref(), Some("prvReadRole"));
            assert!(lacking.is_empty());
        }
        other => panic!("{other:?}"),
    }
    assert!(answers.take(me).result.is_ok());
    assert!(answers.take(solutions).result.is_ok());
}
