//! Power Platform: pages in three spellings, refusals of people and of applications; and the tables of jobs that the
//! environment itself tells of.

use cutover_clients::dataverse::jobs::{Job, JobColumns};
use cutover_clients::dataverse::{entity_definitions, jobs};
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
    CLIENT, Double, POWER_PLATFORM, REFRESH_TOKEN, TENANT, claims_of_person, json_response, rows, token, told,
};

#[tokio::test]
async fn every_question_travels_alone_and_in_its_own_version() {
    let double = Double::new(|asked| {
        let body = match asked.url.split(['?', '/']).filter(|part| !part.is_empty()).last() {
            _ if asked.url.contains("applicationPackages") => json!({"value": [
                {"id": Uuid::nil(), "uniqueName": "work365", "version": "4.6.0.35", "localizedName": "Work 365",
                 "publisherName": "IOTAP", "state": "InstallFailed", "supportedCountries": ["DE"],
                 "errorDetails": {"errorCode": 1, "errorName": "Broken", "message": "it broke"}}]}),
            _ if asked.url.contains("/backups") => json!({"collection": [
                {"id": "b1", "label": null, "backupPointDateTime": "2026-11-22T01:02:03.1234567Z"}]}),
            _ if asked.url.contains("/operations") => json!({"collection": [
                {"operationId": "o1", "name": "Backup", "status": "InProgress", "startTime": "2026-11-22T01:02:03Z"}]}),
            _ => json!({"value": [
                {"id": "Default-x", "displayName": "Main", "type": "Default", "state": "Ready", "adminMode": "Disabled",
                 "url": "https://contoso.crm4.dynamics.com/", "dataverseId": "d"},
                {"id": "y"}]}),
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
                    Ok(json_response(200, &json!({"access_token": token(&claims)})))
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

#[tokio::test]
async fn the_jobs_table_is_told_by_the_environment() {
    let label = |text: &str| {
        json!({"LocalizedLabels": [{"Label": text, "LanguageCode": 1033, "IsManaged": true}],
               "UserLocalizedLabel": {"Label": "auf Deutsch", "LanguageCode": 1031}})
    };
    let double = Double::new(move |asked| {
        rows(if asked.url.contains("StatusAttributeMetadata") {
            json!([{"LogicalName": "statuscode", "MetadataId": Uuid::nil(), "OptionSet": {"Name": "x", "Options": [
                {"Value": 1, "Label": label("Waiting")}, {"Value": 2, "Label": {"LocalizedLabels": [], "UserLocalizedLabel": null}}]}}])
        } else if asked.url.contains("/Attributes") {
            json!([{"LogicalName": "work365_scheduledfor", "AttributeType": "DateTime", "DisplayName": label("Scheduled For")}])
        } else if asked.url.contains("EntityDefinitions") {
            json!([{"LogicalName": "work365_job", "EntitySetName": "work365_jobs", "DisplayName": label("Work 365 Job"),
                    "PrimaryIdAttribute": "work365_jobid", "PrimaryNameAttribute": "work365_name"},
                   {"LogicalName": "work365x_job", "DisplayName": null}])
        } else {
            json!([{"work365_jobid": Uuid::from_u128(1), "work365_name": null, "statuscode": 1,
                    "work365_scheduledfor": "2026-12-01T00:00:00Z"},
                   {"work365_jobid": Uuid::from_u128(2), "statuscode": "1"}])
        })
    });
    let mut wave = Wave::<Home>::new();
    let tables = wave.ask(entity_definitions::custom_tables(1033));
    let columns = wave.ask(entity_definitions::columns("work365_job", 1033));
    let statuses = wave.ask(entity_definitions::statuses("o'x", 1033));
    let columns_of_jobs = JobColumns {
        id: "work365_jobid".to_owned(),
        name: Some("work365_name".to_owned()),
        scheduled: Some("work365_scheduledfor".to_owned()),
    };
    let open = wave.ask(jobs::open("work365_jobs", &columns_of_jobs, 1, &[3, 5]));
    let answers = wave.send(&double.clients).await;

    let tables = answers.take(tables).result.unwrap();
    let own: Vec<&str> = tables
        .iter()
        .filter(|table| table.has_prefix("work365"))
        .map(|table| table.logical_name.as_str())
        .collect();
    assert_eq!(own, ["work365_job"]);
    let name = tables[0].display_name.as_ref().unwrap();
    assert_eq!(
        [1033, 1031, 1036].map(|locale| name.in_language(locale)),
        [Some("Work 365 Job"), Some("auf Deutsch"), None]
    );
    let columns = answers.take(columns).result.unwrap();
    assert_eq!(
        columns[0].display_name.as_ref().unwrap().in_language(1033),
        Some("Scheduled For")
    );
    let statuses = answers.take(statuses).result.unwrap();
    let choices = &statuses[0].option_set.as_ref().unwrap().options;
    assert_eq!(choices[0].label.as_ref().unwrap().in_language(1033), Some("Waiting"));
    assert_eq!(choices[1].label.as_ref().unwrap().in_language(1033), None);
    let rows = answers.take(open).result.unwrap();
    assert_eq!(
        rows[0].job(&columns_of_jobs),
        Ok(Job {
            id: Uuid::from_u128(1),
            name: None,
            status: 1,
            scheduled: Some("2026-12-01T00:00:00Z".parse().unwrap()),
        })
    );
    assert_eq!(rows[1].job(&columns_of_jobs).unwrap_err().0, "statuscode");

    let urls: Vec<String> = double
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|asked| asked.url.clone())
        .collect();
    assert_eq!(
        urls,
        [
            "/api/data/v9.2/EntityDefinitions?LabelLanguages=1033&$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,DisplayName&$filter=IsCustomEntity%20eq%20true",
            "/api/data/v9.2/EntityDefinitions(LogicalName='work365_job')/Attributes?LabelLanguages=1033&$select=LogicalName,AttributeType,DisplayName",
            "/api/data/v9.2/EntityDefinitions(LogicalName='o%27%27x')/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata?LabelLanguages=1033&$select=LogicalName&$expand=OptionSet",
            "/api/data/v9.2/work365_jobs?$select=work365_jobid,work365_name,work365_scheduledfor,statuscode&$filter=statuscode%20eq%201%20or%20statuscode%20eq%203%20or%20statuscode%20eq%205&$orderby=createdon%20desc",
        ]
    );
    let body = double
        .sent
        .lock()
        .unwrap()
        .iter()
        .find(|sent| sent.line.contains("$batch"))
        .unwrap()
        .body
        .clone();
    assert_eq!(body.matches("Prefer: odata.maxpagesize=1000\r\n").count(), 1);
}
