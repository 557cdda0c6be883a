//! The product's table of jobs, whose names only the environment itself can tell.

use cutover_clients::Wave;
use cutover_clients::dataverse::jobs::{Job, JobColumns};
use cutover_clients::dataverse::{entity_definitions, jobs};
use cutover_clients::tenancy::Home;
use serde_json::json;
use uuid::Uuid;

use crate::double::{Double, rows};

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
