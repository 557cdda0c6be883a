//! The writes of an upgrade: change sets, solution files, packages, backups.

use cutover_clients::dataverse::billing_contracts::{Switched, switch};
use cutover_clients::dataverse::solution_imports::{StageAnswer, import_beside, promote, stage, upgrade};
use cutover_clients::dataverse::solutions;
use cutover_clients::power_platform::application_packages::{install, operation_of};
use cutover_clients::power_platform::backups;
use cutover_clients::{Write, WriteOutcome};
use http::Response;
use http_body_util::Full;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::double::{Double, ORGANISATION, Sent, Told, told};
use crate::writes::{KEY, plan, who_am_i, writer};

const FIRST: Uuid = Uuid::from_u128(0x11);
const SECOND: Uuid = Uuid::from_u128(0x22);

fn switched() -> [Switched; 2] {
    let one = |id, flags: &[&str]| Switched {
        id,
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        on: false,
    };
    [one(FIRST, &["w_send", "w_sync"]), one(SECOND, &["w_send"])]
}

/// The answer to a batch, with CRLF for line ends.
fn batch(status: u16, body: &str) -> Response<Full<bytes::Bytes>> {
    Response::builder()
        .status(status)
        .header("content-type", "multipart/mixed; boundary=b")
        .body(Full::from(body.replace('\n', "\r\n")))
        .unwrap()
}

async fn sent(answer: impl Fn() -> Response<Full<bytes::Bytes>> + Send + 'static) -> (WriteOutcome, Sent) {
    let double = Double::with_carrier(
        |asked| match asked.url.contains("WhoAmI") {
            true => who_am_i(),
            false => told(204, Value::Null),
        },
        move |sent| sent.body.contains("changeset").then(|| Ok(answer())),
    );
    let outcome = writer(&double, &plan())
        .send(switch("w_contracts", &switched()), KEY)
        .await;
    let all = double.sent.lock().unwrap();
    let sets: Vec<&Sent> = all.iter().filter(|sent| sent.body.contains("changeset")).collect();
    assert_eq!(sets.len(), 1, "sent once");
    (outcome.expect("sent"), sets[0].clone())
}

const DONE: &str = "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: application/http\nContent-ID: 1\n\n\
    HTTP/1.1 204 No Content\n\n\n--c\nContent-Type: application/http\nContent-ID: 2\n\nHTTP/1.1 204 No Content\n\n\n--c--\n--b--\n";

#[tokio::test]
async fn rows_are_changed_together_and_each_has_to_be_there() {
    let (outcome, sent) = sent(|| batch(200, DONE)).await;
    assert!(matches!(outcome, WriteOutcome::Done(Value::Null)), "{outcome:?}");
    assert_eq!(sent.line, "POST /api/data/v9.2/$batch");
    assert_eq!(sent.headers["client-request-id"], KEY.to_string());
    let kind = sent.headers["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/mixed; boundary=").unwrap();
    assert!(sent.body.starts_with(&format!("--{boundary}\r\n")), "{}", sent.body);
    assert!(sent.body.ends_with(&format!("--{boundary}--\r\n")), "{}", sent.body);
    for (id, body) in [
        (FIRST, r#"{"w_send":false,"w_sync":false}"#),
        (SECOND, r#"{"w_send":false}"#),
    ] {
        let wanted = format!(
            "PATCH {ORGANISATION}/api/data/v9.2/w_contracts({id}) HTTP/1.1\r\nContent-Type: application/json; \
             charset=utf-8\r\nIf-Match: *\r\n\r\n{body}\r\n"
        );
        assert!(sent.body.contains(&wanted), "{wanted}\n{}", sent.body);
    }
    assert!(!sent.body.replace("\r\n", "").contains('\n'));
}

#[tokio::test]
async fn a_change_set_is_done_as_a_whole_refused_as_a_whole_or_unknown() {
    const REFUSED: &str = "--b\nContent-Type: application/http\n\nHTTP/1.1 404 Not Found\nContent-Type: application/json\n\n\
        {\"error\":{\"code\":\"0x80040217\",\"message\":\"gone\"}}\n--b--\n";
    for status in [200, 404] {
        let (outcome, _) = sent(move || batch(status, REFUSED)).await;
        let refused = matches!(&outcome, WriteOutcome::Refused(no) if no.status == 404 && no.is("0x80040217"));
        assert!(refused, "{status}: {outcome:?}");
    }
    // One row of two is told of; no row is; the batch says that it is done and nothing else.
    let half = DONE.replacen(
        "--c\nContent-Type: application/http\nContent-ID: 1\n\nHTTP/1.1 204 No Content\n\n\n",
        "",
        1,
    );
    for body in [half, "--b--\n".to_owned(), String::new()] {
        let (outcome, _) = sent(move || batch(200, &body)).await;
        assert!(matches!(outcome, WriteOutcome::Unknown { .. }), "{outcome:?}");
    }
    // A token that is refused for one row is refused for all, and another one is tried once.
    const TOKEN: &str = "--b\nContent-Type: application/http\n\nHTTP/1.1 401 Unauthorized\n\n\n--b--\n";
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let double = Double::with_carrier(
        |_| who_am_i(),
        move |sent| {
            let set = sent.body.contains("changeset");
            let first = set && asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
            set.then(|| Ok(if first { batch(200, TOKEN) } else { batch(200, DONE) }))
        },
    );
    let outcome = writer(&double, &plan())
        .send(switch("w_contracts", &switched()), KEY)
        .await;
    assert!(matches!(outcome, Ok(WriteOutcome::Done(_))), "{outcome:?}");
    // What concerns the batch as a whole is answered as a whole.
    let (outcome, _) = sent(|| {
        let answer = json!({"error": {"code": "0x80072322", "message": "limits"}}).to_string();
        let response = Response::builder().status(429).header("retry-after", "40");
        response.body(Full::from(answer)).unwrap()
    })
    .await;
    assert!(
        matches!(&outcome, WriteOutcome::Refused(no) if no.again.is_some()),
        "{outcome:?}"
    );
}

/// What is sent for a write, and what comes of it.
async fn asked(write: Write<cutover_clients::tenancy::Home>, answer: Told) -> (Sent, WriteOutcome) {
    let double = Double::new(move |asked| match asked.url.contains("WhoAmI") {
        true => who_am_i(),
        false => answer.clone(),
    });
    let outcome = writer(&double, &plan()).send(write, KEY).await.expect("sent");
    let last = double.sent.lock().unwrap().last().unwrap().clone();
    (last, outcome)
}

fn body(sent: &Sent) -> Value {
    serde_json::from_str(&sent.body).unwrap_or_default()
}

#[tokio::test]
async fn a_solution_file_travels_with_the_id_of_its_import() {
    let (sent, _) = asked(stage(b"zip"), told(200, Value::Null)).await;
    assert_eq!(sent.line, "POST /api/data/v9.2/StageSolution");
    assert_eq!(body(&sent), json!({"CustomizationFile": "emlw"}));
    let wanted = json!({"OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true,
                        "CustomizationFile": "emlw", "ImportJobId": FIRST});
    let (sent, _) = asked(upgrade(b"zip", FIRST), told(200, Value::Null)).await;
    assert_eq!(sent.line, "POST /api/data/v9.2/StageAndUpgradeAsync");
    assert_eq!(body(&sent), wanted);
    let (sent, _) = asked(import_beside(b"zip", FIRST), told(200, Value::Null)).await;
    assert_eq!(sent.line, "POST /api/data/v9.2/ImportSolutionAsync");
    let mut beside = wanted;
    beside["HoldingSolution"] = json!(true);
    assert_eq!(body(&sent), beside);
    let (sent, _) = asked(promote("Core"), told(200, Value::Null)).await;
    assert_eq!(sent.line, "POST /api/data/v9.2/DeleteAndPromoteAsync");
    assert_eq!(body(&sent), json!({"UniqueName": "Core"}));
    let (sent, _) = asked(solutions::remove(FIRST), told(204, Value::Null)).await;
    assert_eq!(sent.line, format!("DELETE /api/data/v9.2/solutions({FIRST})"));
}

#[test]
fn what_staging_found_is_read_as_recorded() {
    let answer = json!({"StageSolutionResults": {"StageSolutionUploadId": FIRST, "StageSolutionStatus": "Failed",
        "SolutionDetails": {"SolutionUniqueName": "X", "SolutionVersion": "4.2.0.0", "PreviousSolutionVersion": "4.1.0.7",
            "IsManaged": true, "PreviousIsManaged": true, "IsPatchSolution": false, "HasPendingUpgrade": true},
        "SolutionComponentsDetails": [],
        "MissingDependencies": [{"RequiredComponentSchemaName": "x_table", "RequiredSolutionName": "Base (1.0)",
            "DependentComponentSchemaName": "y_form"}],
        "SolutionValidationResults": [{"SolutionValidationResultType": "Error", "ErrorCode": -2_147_160_021_i64,
            "Message": "words", "AdditionalInfo": ""}]}});
    let read: StageAnswer = serde_json::from_value(answer).unwrap();
    let staged = read.results;
    assert_eq!(staged.status.as_deref(), Some("Failed"));
    let details = staged.solution_details.unwrap();
    assert_eq!(details.has_pending_upgrade, Some(true));
    assert_eq!(details.previous_solution_version.as_deref(), Some("4.1.0.7"));
    assert_eq!(
        staged.missing_dependencies[0].required_solution_name.as_deref(),
        Some("Base (1.0)")
    );
    assert_eq!(staged.solution_validation_results[0].error_code, Some(-2_147_160_021));
}

#[tokio::test]
async fn the_operation_of_an_installation_is_told_by_its_header() {
    let environment = "Default-1/2";
    let write = || install(environment, "A b");
    let location = "https://api.powerplatform.com/appmanagement/environments/1/operations/op-7?api-version=1";
    let (sent, outcome) = asked(write(), told(202, Value::Null).with("operation-location", location)).await;
    assert_eq!(
        sent.line,
        "POST /appmanagement/environments/Default-1%2F2/applicationPackages/A%20b/install?api-version=2022-03-01-preview"
    );
    let WriteOutcome::Done(answer) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(operation_of(&answer), Some("op-7"));
    // Without it nobody knows where the outcome is told, whatever the body says.
    let claims = json!({"@response.headers": {"Operation-Location": location}});
    let (_, outcome) = asked(write(), told(202, claims)).await;
    assert!(matches!(outcome, WriteOutcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_backup_is_taken_with_its_label() {
    let answer = json!({"id": "b1", "label": "x", "backupPointDateTime": "2026-11-23T09:00:00Z"});
    let (sent, outcome) = asked(backups::take("env", "x"), told(201, answer)).await;
    assert_eq!(
        sent.line,
        "POST /environmentmanagement/environments/env/backups?api-version=2024-10-01"
    );
    assert_eq!(body(&sent), json!({"label": "x"}));
    assert!(matches!(outcome, WriteOutcome::Done(answer) if answer["id"] == "b1"));
}
