//! Partner Center: a person's token, one request for each question, headers that belong to an answer, pages, refusals.

use bytes::Bytes;
use cutover_clients::graph::groups;
use cutover_clients::partner_center::organization_profile::OrganizationProfile;
use cutover_clients::partner_center::relationships::Relationship;
use cutover_clients::partner_center::{agreement_status, organization_profile, relationships};
use cutover_clients::tenancy::{Partner, TenantId};
use cutover_clients::tokens::ClientSecret;
use cutover_clients::{Answer, Clients, Failure, Wave};
use cutover_core::evidence::Service;
use http::Response;
use http_body_util::Full;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

use crate::double::{
    CLIENT, Double, PARTNER_CENTER, PARTNER_TENANT, SECRET, Sent, claims, json_response, rows, token, told,
};

type Reply = Option<Result<Response<Full<Bytes>>, std::io::Error>>;

/// Partner Center's answers, byte for byte, by the requests' lines.
fn partner_center(mut answer: impl FnMut(&Sent) -> (u16, Vec<u8>) + Send + 'static) -> Double {
    Double::with_carrier(
        |_| rows(json!([])),
        move |sent| -> Reply {
            sent.line.contains(" /v1/").then(|| {
                let (status, body) = answer(sent);
                let request_id = sent.headers["ms-requestid"].clone();
                let response = Response::builder().status(status).header("MS-RequestId", request_id);
                Ok(response.body(Full::from(body)).unwrap())
            })
        },
    )
}

async fn profile(double: &Double) -> Answer<OrganizationProfile> {
    let mut wave = Wave::new();
    let ticket = wave.ask(organization_profile::organization_profile());
    wave.send(&double.partner).await.take(ticket)
}

async fn resellers(double: &Double) -> Result<Vec<Relationship>, Failure> {
    let mut wave = Wave::new();
    let ticket = wave.ask(relationships::indirect_resellers());
    wave.send(&double.partner).await.take(ticket).result
}

#[tokio::test]
async fn every_question_travels_alone_with_ids_of_its_own() {
    let double = partner_center(|sent| {
        let body = if sent.line.contains("/profiles/") {
            json!({"id": "x", "companyName": "Contoso", "tenantId": PARTNER_TENANT, "email": "a@contoso.com"})
        } else if sent.line.contains("agreementstatus") {
            json!({"isAgreementSigned": true})
        } else if sent.line.contains("IsIndirectResellerOf") {
            json!({"totalCount": 0, "items": []})
        } else {
            json!({"totalCount": 1, "items": [
                {"id": "r1", "name": "Fabrikam", "relationshipType": "is_indirect_cloud_solution_provider_of",
                 "state": "Active", "mpnId": "1", "location": "DE"}]})
        };
        (200, body.to_string().into_bytes())
    });
    let mut wave = Wave::<Partner>::new();
    let profile = wave.ask(organization_profile::organization_profile());
    let resellers = wave.ask(relationships::indirect_resellers());
    let providers = wave.ask(relationships::indirect_providers());
    let agreement = wave.ask(agreement_status::agreement_status(PARTNER_TENANT));
    let agents = wave.ask(groups::by_names(&["AdminAgents", "Sales'Agents"]));
    let answers = wave.send(&double.partner).await;

    let profile = answers.take(profile);
    assert_eq!(profile.call.service, Service::PartnerCenter);
    assert_eq!(profile.call.request, "GET /v1/profiles/organization");
    assert!(profile.lacking.is_empty());
    let fact = profile.result.unwrap();
    assert_eq!(
        (fact.company_name.as_deref(), fact.tenant_id),
        (Some("Contoso"), Some(PARTNER_TENANT))
    );
    assert_eq!(
        answers.take(resellers).result.unwrap()[0].state.as_deref(),
        Some("Active")
    );
    assert_eq!(answers.take(providers).result.unwrap(), []);
    let agreement = answers.take(agreement).result.unwrap();
    assert_eq!(agreement.is_agreement_signed, Some(true));
    assert_eq!(answers.take(agents).result.unwrap(), []);

    let mut requests = double.requests();
    requests.sort();
    assert_eq!(
        requests,
        [
            "GET /v1.0/groups?$select=id,displayName,securityEnabled&$filter=displayName%20in%20('AdminAgents','Sales''Agents')".to_owned(),
            format!("GET /v1/compliance/csp/agreementstatus?tenantId={PARTNER_TENANT}"),
            "GET /v1/profiles/organization".to_owned(),
            "GET /v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf".to_owned(),
            "GET /v1/relationships?relationship_type=IsIndirectResellerOf".to_owned(),
        ]
    );
    let sent = double.sent.lock().unwrap();
    let mut ids = Vec::new();
    for sent in sent.iter().filter(|sent| sent.line.contains(" /v1/")) {
        for header in ["ms-requestid", "ms-correlationid"] {
            ids.push(Uuid::parse_str(sent.headers[header].to_str().unwrap()).unwrap());
        }
        assert_eq!(
            (&sent.headers["x-locale"], &sent.headers["ms-contract-version"]),
            (&"en-US".parse().unwrap(), &"v1".parse().unwrap())
        );
        let asks_for_mfa = sent.headers.get("validatemfa").map(|value| value.to_str().unwrap());
        assert_eq!(
            asks_for_mfa,
            sent.line.contains("/profiles/").then_some("true"),
            "{}",
            sent.line
        );
        assert!(!sent.headers.contains_key("client-request-id"));
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((all, ids.len()), (8, 8), "no id is used twice");
    assert_eq!(
        profile.call.request_id.map(|id| Uuid::parse_str(&id).is_ok()),
        Some(true)
    );
}

#[tokio::test]
async fn a_header_that_belongs_to_the_answer_is_told_and_cannot_be_forged_by_the_body() {
    let spoof = json!({"companyName": "Contoso", "@response.headers": {"isMfaCompliant": "true"}});
    for (header, wanted) in [
        (Some("true"), Some(true)),
        (Some("True"), Some(true)),
        (Some(" FALSE "), Some(false)),
        (Some("perhaps"), None),
        (Some(""), None),
        (None, None),
    ] {
        let body = spoof.clone();
        let double = Double::new(move |_| {
            let told = told(200, body.clone());
            match header {
                Some(value) => told.with("ismfacompliant", value),
                None => told,
            }
        });
        let profile = profile(&double).await.result.unwrap();
        assert_eq!(profile.is_mfa_compliant, wanted, "{header:?}");
    }
}

#[tokio::test]
async fn one_mark_before_a_body_is_passed_over_and_two_are_not_read() {
    let body = r#"{"companyName":"Contoso"}"#;
    for (marks, good) in [("", true), ("\u{feff}", true), ("\u{feff}\u{feff}", false)] {
        let double = partner_center(move |_| (200, format!("{marks}{body}").into_bytes()));
        match profile(&double).await.result {
            Ok(profile) => assert!(good && profile.company_name.as_deref() == Some("Contoso")),
            Err(Failure::Unreadable { .. }) => assert!(!good, "{marks:?}"),
            Err(other) => panic!("{other:?}"),
        }
        let double = partner_center(move |_| {
            let error = r#"{"code":900150,"description":"no","data":[],"source":"PartnerFD"}"#;
            (403, format!("{marks}{error}").into_bytes())
        });
        match profile(&double).await.result.unwrap_err() {
            Failure::Explained { code, message, .. } => assert!(good && code == "900150" && message == "no"),
            Failure::Forbidden { code, .. } => assert!(!good && code.is_empty()),
            other => panic!("{other:?}"),
        }
    }
}

/// A relationship by its id, on a page that leads on by `next`.
fn page(id: &str, next: &Value) -> Vec<u8> {
    json!({"totalCount": 9, "items": [{"id": id, "name": "n", "state": "Active"}],
           "links": {"self": {"uri": "/relationships", "method": "GET", "headers": []}, "next": next},
           "attributes": {"objectType": "Collection"}})
    .to_string()
    .into_bytes()
}

#[tokio::test]
async fn pages_go_on_by_link_and_token_and_nothing_else_of_the_answer_is_sent() {
    let link = |uri: &str, token: &str| {
        json!({"uri": uri, "method": "GET", "headers": [
            {"key": "Authorization", "value": "Bearer stolen"},
            {"key": "X-Forged", "value": "x"},
            {"key": "MS-ContinuationToken", "value": token}]})
    };
    let double = partner_center(move |sent| {
        let token = sent
            .headers
            .get("ms-continuationtoken")
            .map(|token| token.to_str().unwrap());
        let body = match token {
            None => page("1", &link("/relationships?seekOperation=Next", "two,a/b+c=")),
            // The same address again, with another token, is another page.
            Some("two,a/b+c=") => page("2", &link("/v1/relationships?seekOperation=Next", "three")),
            Some("three") => page(
                "3",
                &link(
                    &format!("{PARTNER_CENTER}/v1/relationships?size=2?seekOperation=Next"),
                    "four",
                ),
            ),
            Some("four") => page("4", &Value::Null),
            other => panic!("{other:?}"),
        };
        (200, body)
    });
    let found: Vec<String> = resellers(&double)
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(found, ["1", "2", "3", "4"]);
    assert_eq!(
        double.requests()[1..],
        [
            "GET /v1/relationships?seekOperation=Next",
            "GET /v1/relationships?seekOperation=Next",
            "GET /v1/relationships?size=2?seekOperation=Next",
        ]
    );
    let sent = double.sent.lock().unwrap();
    for sent in sent.iter().filter(|sent| sent.line.contains(" /v1/")) {
        assert!(!sent.headers.contains_key("x-forged"));
        assert!(!sent.headers["authorization"].to_str().unwrap().contains("stolen"));
        assert_eq!(sent.headers.get_all("authorization").iter().count(), 1);
    }
}

#[tokio::test]
async fn links_that_lead_away_or_are_none_are_not_followed() {
    let get = |uri: &str| json!({"uri": uri, "method": "GET", "headers": []});
    let cases = [
        (get("https://evil.example/v1/relationships"), "away"),
        (get("//evil.example/v1/relationships"), "away"),
        (get("http://api.partnercenter.microsoft.com/v1/relationships"), "away"),
        (get("https://api.partnercenter.microsoft.com/v2/relationships"), "away"),
        (get("/v1/../v2/relationships"), "away"),
        (get("/../evil"), "away"),
        (get("relationships?seekOperation=Next"), "away"),
        (get(""), "away"),
        (json!({"method": "GET"}), "uri"),
        (json!("next"), "uri"),
        (json!({"uri": "/relationships?x", "method": "POST"}), "method"),
        (
            json!({"uri": "/relationships?x", "headers": [{"key": "ms-continuationtoken", "value": "a\r\nb: c"}]}),
            "header",
        ),
        (get("/relationships?round"), "circle"),
    ];
    for (next, wanted) in cases {
        let case = next.to_string();
        let double = partner_center(move |_| (200, page("1", &next)));
        match resellers(&double).await.unwrap_err() {
            Failure::Unreadable { message } => assert!(message.contains(wanted), "{case}: {message}"),
            other => panic!("{case}: {other:?}"),
        }
        assert!(double.requests().len() <= 2, "{case}");
    }
    for body in [json!({"totalCount": 0}), json!({"items": {}}), json!([])] {
        let double = partner_center(move |_| (200, body.to_string().into_bytes()));
        assert!(matches!(resellers(&double).await, Err(Failure::Unreadable { .. })));
    }
}

#[tokio::test]
async fn both_shapes_of_errors_and_an_empty_one_become_sentences() {
    let error =
        |code: Value| json!({"code": code, "description": "says", "data": [], "source": "PartnerFD"}).to_string();
    let cases = [
        (
            401,
            error(json!("900421")),
            "multifactor authentication, and this sign-in was without it (900421)",
            1,
        ),
        (
            401,
            error(json!(900_421)),
            "multifactor authentication, and this sign-in was without it (900421)",
            1,
        ),
        (
            403,
            error(json!("900150")),
            "role of the signed-in person does not allow this (900150)",
            1,
        ),
        (
            403,
            error(json!(900_124)),
            "Partner Agreement has not been accepted (900124)",
            1,
        ),
        // A token may have been taken back, so another one is tried.
        (401, error(json!("800001")), "did not take the token (800001)", 2),
        (401, String::new(), "did not take the token (401)", 2),
        (
            400,
            error(json!("2032")),
            "does not show that tenant to this sign-in (2032)",
            1,
        ),
        (404, error(json!(3000)), "not found (3000)", 1),
        (403, "<html>".to_owned(), "refused for want of a right ()", 1),
        (400, error(json!(null)), "refused with status 400 ()", 1),
    ];
    for (status, body, wanted, requests) in cases {
        let case = body.clone();
        let double = partner_center(move |_| (status, body.clone().into_bytes()));
        let answer = profile(&double).await;
        assert_eq!(answer.call.status, Some(status));
        let failure = answer.result.unwrap_err();
        assert!(failure.to_string().ends_with(wanted), "{status} {case}: {failure}");
        if let Failure::Explained { explanation, .. } = &failure {
            assert!(explanation.next_step.ends_with('.'), "{case}");
        }
        assert_eq!(double.requests().len(), requests, "{status} {case}");
    }
}

#[tokio::test]
async fn an_application_alone_is_told_that_a_person_is_needed() {
    let double = Double::with_carrier(
        |_| told(401, json!({})),
        |sent| {
            sent.line.ends_with("/token").then(|| {
                let mut claims = claims(PARTNER_CENTER, 0);
                claims["tid"] = json!(PARTNER_TENANT);
                Ok(json_response(
                    200,
                    &json!({"token_type": "Bearer", "access_token": token(&claims)}),
                ))
            })
        },
    );
    let source = Arc::new(ClientSecret::new(CLIENT, SECRET.into()));
    let clients: Clients<Partner> = Clients::new(double.connection.clone(), TenantId::new(PARTNER_TENANT), source);
    let mut wave = Wave::new();
    let ticket = wave.ask(organization_profile::organization_profile());
    match wave.send(&clients).await.take(ticket).result.unwrap_err() {
        Failure::Explained { explanation, .. } => {
            assert!(
                explanation
                    .lacking
                    .is_some_and(|lacking| lacking.contains("signed-in person"))
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_gateway_that_throttles_is_waited_for() {
    let mut asked = 0;
    let double = Double::new(move |_| {
        asked += 1;
        if asked == 1 {
            let body = json!({"statusCode": 429, "message": "Rate limit is exceeded. Try again in 42 seconds."});
            told(429, body).with("retry-after", "42")
        } else {
            told(200, json!({"companyName": "Contoso"}))
        }
    });
    assert!(profile(&double).await.result.is_ok());
    assert_eq!(double.seconds("/profiles/organization"), [0.0, 42.0]);

    let never = Double::new(|_| told(429, json!({"statusCode": 429, "message": ""})).with("retry-after", "4000"));
    let answer = profile(&never).await;
    assert!(matches!(answer.result, Err(Failure::Throttled(_))), "{answer:?}");
}
