//! Upgrades that fail, each at another point, and what is left of them; and that each start is counted once.

use super::*;
use crate::faults::{Fault, FaultKind};

const POWER_PLATFORM: &str = "https://api.powerplatform.com";
const INSTALL: &str =
    "/appmanagement/environments/e0710000-0000-4000-8000-00000000000f/applicationPackages/Work365/install";

fn fails(emulator: &Emulator, kind: FaultKind, path: &str, change: impl FnOnce(&mut Fault)) {
    let mut fault = Fault::of(kind);
    fault.path = path.to_owned();
    fault.count = Some(1);
    change(&mut fault);
    emulator.faults().add(fault);
}

fn upgrade(emulator: &Emulator, action: &str) -> (String, String) {
    let started = post(emulator, action, &import(&core("4.8.0.12"), &json!({})));
    assert_eq!(outcome(&started), "200", "{}", said(&started));
    let started = body(&started);
    let id = |name: &str| started[name].as_str().unwrap_or_default().to_owned();
    (id("AsyncOperationId"), id("ImportJobKey"))
}

/// Status and code of a job.
fn job(emulator: &Emulator, id: &str) -> (i64, i64) {
    let job = read(emulator, &format!("asyncoperations({id})"));
    let number = |name: &str| job[name].as_i64().unwrap_or_default();
    (number("statuscode"), number("errorcode"))
}

fn result(emulator: &Emulator, import: &str) -> (String, Value, Value) {
    let told = read(emulator, &format!("RetrieveSolutionImportResult(ImportJobId={import})"));
    let told = &told["SolutionOperationResult"];
    let progress = read(emulator, &format!("importjobs({import})?$select=progress"))["progress"].clone();
    (
        told["Status"].as_str().unwrap_or_default().to_owned(),
        told["ErrorMessages"].clone(),
        progress,
    )
}

fn left_over(emulator: &Emulator) -> bool {
    let found = read(
        emulator,
        "solutions?$filter=uniquename eq 'Work365Core_Upgrade'&$select=version",
    );
    found["value"][0]["version"] == "4.8.0.12"
}

/// What was begun, and what became of it.
fn begun(emulator: &Emulator) -> Vec<String> {
    let now = emulator.clock().now();
    let all = emulator.solution_operations().into_iter();
    all.map(|it| format!("{} of {} {} {}", it.kind.name(), it.name, it.version, it.state(now)))
        .collect()
}

fn platform(emulator: &Emulator, method: &Method, target: &str) -> Reply {
    let token = testing::application(
        emulator,
        "c07e7000-0000-4000-8000-00000000000a",
        "sp",
        POWER_PLATFORM,
        &[],
    );
    let call = Call::new(
        method.clone(),
        POWER_PLATFORM,
        &format!("{target}?api-version=2022-03-01-preview"),
    )
    .with(http::header::AUTHORIZATION, &format!("Bearer {token}"));
    emulator.answer(&call)
}

#[test]
fn an_import_fails_in_the_middle_and_says_why() {
    for (code, signed) in [("0x80048033", 0x8004_8033_u32), ("0x8004801d", 0x8004_801d)] {
        let emulator = world("");
        fails(
            &emulator,
            FaultKind::ImportFails,
            "/api/data/v9.2/StageAndUpgradeAsync",
            |fault| {
                fault.code = Some(code.to_owned());
                fault.message = Some("the form 'Unit' could not be imported".to_owned());
                fault.percent = 61;
            },
        );
        let (id, import) = upgrade(&emulator, "StageAndUpgradeAsync");
        wait(&emulator, 6);
        let running = read(&emulator, &format!("importjobs({import})?$select=progress"));
        assert_eq!(running["progress"], 50.0);
        wait(&emulator, 5);
        assert_eq!(job(&emulator, &id), (31, i64::from(signed.cast_signed())));
        assert_eq!(
            result(&emulator, &import),
            (
                "Failed".to_owned(),
                json!(["the form 'Unit' could not be imported"]),
                json!(61.0)
            )
        );
        assert_eq!(there(&emulator).0, "4.6.0.35");
        assert!(!left_over(&emulator));
        assert_eq!(begun(&emulator), ["upgrade of Work365Core 4.8.0.12 failed"]);
        // The second attempt goes well.
        let (id, _) = upgrade(&emulator, "StageAndUpgradeAsync");
        wait(&emulator, 11);
        assert_eq!((job(&emulator, &id).0, there(&emulator).0), (30, "4.8.0.12".to_owned()));
    }
}

#[test]
fn a_promotion_that_fails_leaves_the_holding_solution() {
    let emulator = world("");
    fails(
        &emulator,
        FaultKind::PromotionFails,
        "/api/data/v9.2/StageAndUpgradeAsync",
        |_| (),
    );
    let (id, import) = upgrade(&emulator, "StageAndUpgradeAsync");
    wait(&emulator, 11);
    assert_eq!(job(&emulator, &id).0, 31);
    assert_eq!(
        result(&emulator, &import),
        ("Passed".to_owned(), json!([]), json!(100.0))
    );
    assert!(left_over(&emulator));
    assert_eq!(there(&emulator).0, "4.6.0.35");
    let refused = post(
        &emulator,
        "StageSolution",
        &json!({"CustomizationFile": STANDARD.encode(core("4.8.0.12"))}),
    );
    assert_eq!(
        body(&refused)["StageSolutionResults"]["SolutionDetails"]["HasPendingUpgrade"],
        true
    );
    let promote = || {
        body(&post(
            &emulator,
            "DeleteAndPromoteAsync",
            &json!({"UniqueName": "Work365Core"}),
        ))
    };
    fails(
        &emulator,
        FaultKind::PromotionFails,
        "/api/data/v9.2/DeleteAndPromoteAsync",
        |_| (),
    );
    let id = promote()["AsyncOperationId"].as_str().unwrap_or_default().to_owned();
    wait(&emulator, 6);
    assert_eq!((job(&emulator, &id).0, left_over(&emulator)), (31, true));
    promote();
    wait(&emulator, 6);
    assert_eq!(
        (there(&emulator).0, left_over(&emulator)),
        ("4.8.0.12".to_owned(), false)
    );
    assert_eq!(
        begun(&emulator),
        [
            "upgrade of Work365Core 4.8.0.12 failed",
            "promotion of Work365Core 4.8.0.12 failed",
            "promotion of Work365Core 4.8.0.12 succeeded",
        ]
    );
}

#[test]
fn whether_a_failed_import_leaves_anything_is_assumed() {
    for (leaves, more) in [(false, ""), (true, "assumed.failed_import_leaves_holding = true")] {
        let emulator = world(more);
        fails(
            &emulator,
            FaultKind::ImportFails,
            "/api/data/v9.2/StageAndUpgradeAsync",
            |_| (),
        );
        upgrade(&emulator, "StageAndUpgradeAsync");
        wait(&emulator, 11);
        assert_eq!(left_over(&emulator), leaves);
    }
    for (leaves, more) in [(false, ""), (true, "assumed.failed_installation_leaves_holding = true")] {
        let emulator = world(more);
        fails(&emulator, FaultKind::ImportFails, INSTALL, |_| ());
        assert_eq!(platform(&emulator, &Method::POST, INSTALL).status, 202);
        wait(&emulator, 21);
        assert_eq!(left_over(&emulator), leaves);
    }
}

#[test]
fn an_installation_is_seen_in_dataverse_and_keeps_others_away() {
    let emulator = world("");
    assert_eq!(platform(&emulator, &Method::POST, INSTALL).status, 202);
    let sent = import(&core("4.8.0.12"), &json!({}));
    assert_eq!(
        outcome(&post(&emulator, "StageAndUpgradeAsync", &sent)),
        "429 0x80071151"
    );
    wait(&emulator, 11);
    let running = read(
        &emulator,
        "importjobs?$filter=completedon eq null&$select=solutionname,progress",
    );
    assert_eq!(running["value"][0]["solutionname"], "Work365Core");
    assert_eq!(running["value"][0]["progress"], 50.0);
    wait(&emulator, 10);
    assert_eq!(there(&emulator), state("4.8.0.12", true, 2, "4.8.0.12"));
    assert_eq!(begun(&emulator), ["installation of Work365 4.8.0.12 succeeded"]);

    let other = world("");
    upgrade(&other, "StageAndUpgradeAsync");
    let refused = platform(&other, &Method::POST, INSTALL);
    assert_eq!(
        (refused.status.as_u16(), &body(&refused)["error"]["code"]),
        (409, &json!("Conflict"))
    );
    assert_eq!(
        begun(&other),
        ["upgrade of Work365Core 4.8.0.12 running"],
        "what was refused was not begun"
    );
}

#[test]
fn an_installation_whose_promotion_fails_leaves_the_holding_solution() {
    let emulator = world("");
    fails(&emulator, FaultKind::PromotionFails, INSTALL, |_| ());
    assert_eq!(platform(&emulator, &Method::POST, INSTALL).status, 202);
    wait(&emulator, 21);
    assert!(left_over(&emulator));
    assert_eq!(there(&emulator), state("4.6.0.35", true, 0, "4.6.0.35"));
    assert_eq!(begun(&emulator), ["installation of Work365 4.8.0.12 failed"]);
}

#[test]
fn what_installing_an_installed_application_does_is_assumed() {
    for (setting, status, after) in [
        ("yes", 202, "4.8.0.12"),
        ("nothing-changes", 202, "4.6.0.35"),
        ("refused", 400, "4.6.0.35"),
    ] {
        let emulator = world(&format!("assumed.install_upgrades = '{setting}'"));
        let reply = platform(&emulator, &Method::POST, INSTALL);
        assert_eq!(reply.status.as_u16(), status, "{setting}: {}", said(&reply));
        wait(&emulator, 21);
        assert_eq!(there(&emulator).0, after, "{setting}");
        if let Some(at) = reply.headers.get("operation-location") {
            let place = at.to_str().unwrap_or_default().trim_start_matches(POWER_PLATFORM);
            let place = place.split('?').next().unwrap_or_default();
            assert_eq!(body(&platform(&emulator, &Method::GET, place))["status"], "Succeeded");
        }
    }
}

#[test]
fn a_start_is_counted_whether_or_not_its_answer_was_heard() {
    for (kind, count) in [
        (FaultKind::DropBefore, 0),
        (FaultKind::DropAfter, 1),
        (FaultKind::Conflict, 0),
    ] {
        let emulator = world("");
        fails(&emulator, kind, INSTALL, |_| ());
        let reply = platform(&emulator, &Method::POST, INSTALL);
        match kind {
            FaultKind::Conflict => assert_eq!(
                (reply.status.as_u16(), &body(&reply)["error"]["code"]),
                (409, &json!("Conflict"))
            ),
            _ => assert!(reply.dropped),
        }
        assert_eq!(begun(&emulator).len(), count, "{kind:?}");
        let entries = emulator.audit().entries();
        let told = entries
            .iter()
            .filter(|entry| entry.object == "contoso.crm4.dynamics.com/installation/Work365 4.8.0.12");
        assert_eq!(told.count(), count, "{kind:?}");
        wait(&emulator, 21);
        let entries = emulator.audit().entries();
        let told: Vec<_> = entries
            .iter()
            .filter(|entry| entry.object == "contoso.crm4.dynamics.com/installation/Work365 4.8.0.12")
            .map(|entry| entry.after.clone().unwrap_or_default())
            .collect();
        assert_eq!(told.len(), 2 * count, "began and ended");
        assert!(told.is_empty() || told == [json!("running"), json!("succeeded")]);
    }
}

#[test]
fn other_calls_time_out_while_an_import_runs() {
    let emulator = world("");
    fails(
        &emulator,
        FaultKind::ImportTimesOut,
        "/api/data/v9.2/solutions",
        |fault| {
            fault.count = None;
        },
    );
    let look = |emulator: &Emulator| outcome(&ask(emulator, &Method::GET, "solutions", &Value::Null));
    assert_eq!(look(&emulator), "200");
    upgrade(&emulator, "StageAndUpgradeAsync");
    assert_eq!(look(&emulator), "500 0x80048543");
    wait(&emulator, 11);
    assert_eq!(look(&emulator), "200");
}

#[test]
fn an_old_platform_knows_no_upgrade_in_one_step() {
    let emulator = world("environment.main.version = '9.2.21012.00200'");
    let sent = import(&core("4.8.0.12"), &json!({}));
    assert_eq!(read(&emulator, "RetrieveVersion()")["Version"], "9.2.21012.00200");
    assert_eq!(
        outcome(&post(&emulator, "StageAndUpgradeAsync", &sent)),
        "404 0x8006088a"
    );
    let sent = import(&core("4.8.0.12"), &json!({"HoldingSolution": true}));
    assert_eq!(outcome(&post(&emulator, "ImportSolutionAsync", &sent)), "200");
    let known = world("environment.main.version = '9.2.21013.00131'");
    upgrade(&known, "StageAndUpgradeAsync");
}

#[test]
fn labels_of_a_language_that_is_not_there_are_left_out_with_a_warning() {
    let emulator = world("environment.main = { base_language = 1043, languages = [] }");
    let (_, import) = upgrade(&emulator, "StageAndUpgradeAsync");
    wait(&emulator, 11);
    let told = read(
        &emulator,
        &format!("RetrieveSolutionImportResult(ImportJobId={import})"),
    );
    let told = &told["SolutionOperationResult"];
    assert_eq!(told["Status"], "Passed");
    assert!(
        told["WarningMessages"][0]
            .as_str()
            .is_some_and(|text| text.contains("0x80048026"))
    );
}
