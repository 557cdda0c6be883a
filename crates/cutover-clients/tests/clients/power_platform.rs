//! Power Platform: pages in three spellings, refusals of people and of applications.

use cutover_clients::power_platform::application_packages::{PackageState, application_packages};
use cutover_clients::power_platform::backups::backups;
use cutover_clients::power_platform::environments::environments;
use cutover_clients::power_platform::operations::{OperationStatus, operations};
use cutover_clients::tenancy::{Home, TenantId};
use cutover_clients::tokens::RefreshToken;
use cutover_clients::{Clients, Failure, Wave};
use cutover_core::evidence::Service;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

use crate::double::{
    CLIENT, Double, POWER_PLATFORM, REFRESH_TOKEN, TENANT, claims_of_person, json_response, token, told,
};

#[tokio::test]
async fn every_question_travels_alone_and_in_its_own_version() {
    let double = Double::new(|asked| {
        let body = if asked.url.contains("applicationPackages") {
            json!({"value": [
                {"id": Uuid::nil(), "uniqueName": "work365", "version": "4.6.0.35", "localizedName": "Work 365",
                 "publisherName": "IOTAP", "state": "InstallFailed", "supportedCountries": ["DE"],
                 "errorDetails": {"errorCode": 1, "errorName": "Broken", "message": "it broke"}}]})
        } else if asked.url.contains("/backups") {
            json!({"collection": [{"id": "b1", "label": null, "backupPointDateTime": "2026-11-22T01:02:03.1234567Z"}]})
        } else if asked.url.contains("/operations") {
            json!({"collection": [
                {"operationId": "o1", "name": "Backup", "status": "InProgress", "startTime": "2026-11-22T01:02:03Z"}]})
        } else {
            json!({"value": [
                {"id": "Default-x", "displayName": "Main", "type": "Default", "state": "Ready", "adminMode": "Disabled",
                 "url": "https://contoso.crm4.dynamics.com/", "dataverseId": "d"},
                {"id": "y"}]})
        };
        told(200, body).with("x-ms-correlation-id", "of-power-platform")
    });
    let mut wave = Wave::<Home>::new();
    let all = wave.ask(environments());
    let packages = wave.ask(application_packages("Default-x"));
    let kept = wave.ask(backups("a/../b?c"));
    let running = wave.ask(operations(".."));
    let answers = wave.send(&double.clients).await;

    let all = answers.take(all);
    assert_eq!(
        (all.call.service, all.call.request_id.as_deref()),
        (Service::PowerPlatform, Some("of-power-platform"))
    );
    assert_eq!(
        all.call.request,
        "GET /environmentmanagement/environments?api-version=2024-10-01"
    );
    let all = all.result.unwrap();
    assert_eq!(all[0].url.as_deref(), Some("https://contoso.crm4.dynamics.com/"));
    assert_eq!(
        (all[0].admin_mode.as_deref(), all[1].url.as_deref()),
        (Some("Disabled"), None)
    );
    let packages = answers.take(packages).result.unwrap();
    assert_eq!(packages[0].state, Some(PackageState::InstallFailed));
    assert_eq!(packages[0].error().unwrap().message.as_deref(), Some("it broke"));
    let kept = answers.take(kept).result.unwrap();
    assert_eq!(
        kept[0].backup_point_date_time.unwrap().to_string(),
        "2026-11-22T01:02:03.1234567Z"
    );
    let running = answers.take(running).result.unwrap();
    assert_eq!(running[0].status, Some(OperationStatus::InProgress));

    let mut requests = double.requests();
    requests.sort();
    assert_eq!(
        requests,
        [
            "GET /appmanagement/environments/Default-x/applicationPackages?appInstallState=All&lcid=1033&api-version=2022-03-01-preview",
            "GET /environmentmanagement/environments/..%20/operations?api-version=2024-10-01",
            "GET /environmentmanagement/environments/a%2F..%2Fb%3Fc/backups?api-version=2024-10-01",
            "GET /environmentmanagement/environments?api-version=2024-10-01",
        ]
    );
}

#[tokio::test]
async fn pages_lead_on_in_every_spelling_of_the_models() {
    let next = format!("{POWER_PLATFORM}/environmentmanagement/environments/e/operations?api-version=x&page=2");
    for (first, second) in [
        (json!({"@odata.nextLink": next}), "page=2"),
        (json!({"@odata.nextlink": next}), "page=2"),
        (json!({"nextLink": next, "continuationToken": null}), "page=2"),
        (
            json!({"nextLink": "", "continuationToken": "t/1+&x"}),
            "continuationToken=t/1%2B%26x",
        ),
    ] {
        let mut body = first.clone();
        body["collection"] = json!([{"operationId": "1"}]);
        let double = Double::new(move |asked| {
            if asked.url.contains(second) {
                told(200, json!({"collection": [{"operationId": "2"}], "nextLink": ""}))
            } else {
                told(200, body.clone())
            }
        });
        let mut wave = Wave::<Home>::new();
        let ticket = wave.ask(operations("e"));
        let found = wave.send(&double.clients).await.take(ticket).result.unwrap();
        let found: Vec<&str> = found.iter().map(|one| one.operation_id.as_str()).collect();
        assert_eq!(found, ["1", "2"], "{first}");
        assert!(double.requests()[1].contains("api-version="), "{:?}", double.requests());
    }
    for wrong in [
        json!({"nextLink": 7, "value": []}),
        json!({"nextLink": "https://evil.example/x", "value": []}),
        json!({"nextLink": "/environmentmanagement/x", "value": []}),
        json!({"continuationToken": "again", "value": []}),
        json!({"continuationToken": {}, "value": []}),
        json!({"rows": []}),
    ] {
        let case = wrong.to_string();
        let double = Double::new(move |_| told(200, wrong.clone()));
        let mut wave = Wave::<Home>::new();
        let ticket = wave.ask(operations("e"));
        let answer = wave.send(&double.clients).await.take(ticket);
        assert!(
            matches!(answer.result, Err(Failure::Unreadable { .. })),
            "{case}: {answer:?}"
        );
        assert!(double.requests().len() <= 2, "{case}");
    }
}

async fn refused(clients: &Clients<Home>) -> Failure {
    let mut wave = Wave::new();
    let ticket = wave.ask(environments());
    wave.send(clients).await.take(ticket).result.unwrap_err()
}

#[tokio::test]
async fn an_application_has_to_be_registered_and_a_person_to_hold_a_role_or_permission() {
    let error = json!({"error": {"code": "Forbidden", "message": "no"}});
    for (status, body) in [(403, error.clone()), (401, json!({})), (401, Value::Null)] {
        let double = Double::new(move |_| told(status, body.clone()));
        match refused(&double.clients).await {
            Failure::Explained { explanation, .. } => {
                assert!(explanation.lacking.unwrap().contains("registration"));
                assert!(explanation.next_step.contains("New-PowerAppManagementApp"));
            }
            other => panic!("{status}: {other:?}"),
        }
    }
    for (scope, wanted) in [
        (
            "EnvironmentManagement.Environments.Read",
            "does not administer Power Platform",
        ),
        ("Other.Read", "refused for want of a right"),
    ] {
        let error = error.clone();
        let double = Double::with_carrier(
            move |_| told(403, error.clone()),
            move |sent| {
                sent.line.ends_with("/token").then(|| {
                    let mut claims = claims_of_person(POWER_PLATFORM);
                    claims["tid"] = json!(TENANT);
                    claims["scp"] = json!(scope);
                    Ok(json_response(
                        200,
                        &json!({"token_type": "Bearer", "access_token": token(&claims)}),
                    ))
                })
            },
        );
        let person = Arc::new(RefreshToken::new(CLIENT, None, REFRESH_TOKEN.into()));
        let clients = Clients::new(double.connection.clone(), TenantId::new(TENANT), person);
        let failure = refused(&clients).await;
        assert!(failure.to_string().contains(wanted), "{failure}");
        if let Failure::Forbidden { lacking, .. } = failure {
            assert_eq!(lacking, ["EnvironmentManagement.Environments.Read"]);
        }
    }
}

#[tokio::test]
async fn a_refusal_of_a_request_tells_its_fields() {
    let body = json!({"errorDetail": {"code": "ValidationFailed", "fieldErrors": {"label": ["too long"]}}});
    let double = Double::new(move |_| told(400, body.clone()));
    match refused(&double.clients).await {
        Failure::Refused { status, code, message } => {
            assert_eq!((status, code.as_str()), (400, "ValidationFailed"));
            assert_eq!(message, r#"{"label":["too long"]}"#);
        }
        other => panic!("{other:?}"),
    }
}
