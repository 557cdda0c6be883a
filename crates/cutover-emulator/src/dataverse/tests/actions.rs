//! Actions, and what they start.

use jiff::SignedDuration;

use super::*;
use crate::dataverse::actions::testing::{manifest, solution};

fn environment_with_core(managed: bool) -> Emulator {
    let emulator = emulator();
    emulator.write(|state| {
        let tables = &mut state.environments[0].tables;
        tables.insert(
            "publishers",
            row(json!({"publisherid": PROFILE, "uniquename": "contoso"})),
        );
        tables.insert(
            "solutions",
            row(json!({
                "solutionid": TEAM, "uniquename": "Core", "version": "4.6.0.35", "ismanaged": managed,
                "_publisherid_value": PROFILE,
            })),
        );
    });
    emulator
}

fn post(emulator: &Emulator, action: &str, sent: &Value) -> Reply {
    request(
        emulator,
        &user_token(emulator, 0),
        &Method::POST,
        action,
        &[],
        &sent.to_string(),
    )
}

fn read(emulator: &Emulator, target: &str) -> Value {
    body(&send(emulator, &user_token(emulator, 0), target, &[]))
}

fn version(emulator: &Emulator, name: &str) -> Vec<String> {
    let target = format!("solutions?$filter=uniquename eq '{name}'&$select=version");
    column(&send(emulator, &user_token(emulator, 0), &target, &[]), "version")
}

/// The body of an import of a solution called Core.
fn import(version: &str, more: &Value) -> Value {
    let mut sent = json!({
        "OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true,
        "CustomizationFile": solution(&manifest("Core", version, true, "contoso")),
    });
    if let (Some(sent), Some(more)) = (sent.as_object_mut(), more.as_object()) {
        sent.extend(more.clone());
    }
    sent
}

#[test]
fn a_language_is_there_at_once_or_when_its_job_ends() {
    let emulator = emulator();
    let languages =
        |emulator: &Emulator| read(emulator, "RetrieveProvisionedLanguages()")["RetrieveProvisionedLanguages"].clone();
    assert_eq!(
        outcome(&post(&emulator, "ProvisionLanguage", &json!({"Language": 1043}))),
        "204"
    );
    assert_eq!(languages(&emulator), json!([1031, 1033, 1043]));
    let started = body(&post(&emulator, "ProvisionLanguageAsync", &json!({"Language": 1036})));
    let job = format!(
        "asyncoperations({})",
        started["AsyncOperationId"].as_str().expect("an id")
    );
    let told = |emulator: &Emulator| {
        let job = read(emulator, &job);
        (
            job["operationtype"].clone(),
            job["statecode"].clone(),
            job["statuscode"].clone(),
            job["startedon"].clone(),
        )
    };
    assert_eq!(told(&emulator), (json!(209), json!(0), json!(0), Value::Null));
    let refused = post(&emulator, "PublishAllXml", &json!({}));
    assert_eq!(outcome(&refused), "429 0x80071151");
    assert!(said(&refused).contains("[PublishAll]") && said(&refused).contains("[ProvisionLanguage]"));
    emulator.clock().advance(SignedDuration::from_secs(6));
    assert_eq!(
        told(&emulator),
        (json!(209), json!(2), json!(20), json!("2026-03-01T08:00:05Z"))
    );
    assert_eq!(languages(&emulator), json!([1031, 1033, 1043]));
    emulator.clock().advance(SignedDuration::from_mins(45));
    assert_eq!((&told(&emulator).1, &told(&emulator).2), (&json!(3), &json!(30)));
    assert_eq!(languages(&emulator), json!([1031, 1033, 1036, 1043]));
    assert_eq!(outcome(&post(&emulator, "PublishAllXml", &json!({}))), "204");
    for (action, sent, wanted) in [
        ("ProvisionLanguage", json!({"Language": 7}), "400 0x80044195"),
        ("ProvisionLanguage", json!({"Language": -1}), "400 0x80044195"),
        ("ProvisionLanguage", json!({"Language": "1033"}), "400 0x80048d19"),
        (
            "ProvisionLanguage",
            json!({"Language": 1033, "Nope": 1}),
            "400 0x80048d19",
        ),
        ("ProvisionLanguage", json!({}), "400 0x80040203"),
        ("ProvisionLanguage/more", json!({"Language": 1033}), "404 0x8006088a"),
        ("DeprovisionLanguage", json!({"Language": 1033}), "501 0x80004001"),
    ] {
        assert_eq!(outcome(&post(&emulator, action, &sent)), wanted, "{action} {sent}");
    }
    let token = user_token(&emulator, 0);
    assert_eq!(code(&send(&emulator, &token, "PublishAllXml", &[])), "404 ");
    let bob = user_token(&emulator, 1);
    for action in crate::dataverse::actions::ACTIONS {
        let reply = request(&emulator, &bob, &Method::POST, action.name, &[], "{}");
        assert_eq!(code(&reply), "403 0x80040220", "{}", action.name);
        assert!(said(&reply).contains(action.privilege));
    }
}

#[test]
fn staging_says_what_a_file_is_and_changes_nothing_that_is_shown() {
    let emulator = environment_with_core(true);
    let sent = json!({"CustomizationFile": solution(&manifest("Core", "4.8.0.1", true, "contoso"))});
    let results = body(&post(&emulator, "StageSolution", &sent))["StageSolutionResults"].clone();
    assert_eq!(results["StageSolutionStatus"], "Passed");
    let details = &results["SolutionDetails"];
    for (name, value) in [
        ("SolutionUniqueName", json!("Core")),
        ("SolutionFriendlyName", json!("The Core")),
        ("SolutionVersion", json!("4.8.0.1")),
        ("PreviousSolutionVersion", json!("4.6.0.35")),
        ("PreviousIsManaged", json!(true)),
        ("PreviousPublisherUniqueName", json!("contoso")),
        ("HasPendingUpgrade", json!(false)),
    ] {
        assert_eq!(details[name], value, "{name}");
    }
    let present: Vec<_> = results["SolutionComponentsDetails"]
        .as_array()
        .expect("components")
        .iter()
        .map(|component| component["IsPresentInOrg"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(present, ["Unknown", "True", "False"]);
    assert_eq!(version(&emulator, "Core"), ["4.6.0.35"]);
    let other =
        manifest("Core", "4.8.0.1", true, "somebody").replace("solution=\"System\"", "solution=\"Sales (9.0)\"");
    let sent = json!({"CustomizationFile": solution(&other)});
    let failed = body(&post(&emulator, "StageSolution", &sent))["StageSolutionResults"].clone();
    assert_eq!(failed["StageSolutionStatus"], "Failed");
    assert_eq!(failed["SolutionValidationResults"][0]["ErrorCode"], -2_147_188_708);
    assert_eq!(failed["MissingDependencies"][0]["RequiredSolutionName"], "Sales");
    let empty = json!({"CustomizationFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="});
    assert_eq!(outcome(&post(&emulator, "StageSolution", &empty)), "400 0x80048060");
    let staged = json!({"StageSolutionUploadId": results["StageSolutionUploadId"]});
    let mut sent = import(
        "1.0",
        &json!({"SolutionParameters": staged, "ImportJobId": ACCESS_TEAM}),
    );
    if let Some(sent) = sent.as_object_mut() {
        sent.remove("CustomizationFile");
    }
    assert_eq!(outcome(&post(&emulator, "ImportSolution", &sent)), "204");
    assert_eq!(version(&emulator, "Core"), ["4.8.0.1"]);
    let result = read(
        &emulator,
        &format!("RetrieveSolutionImportResult(ImportJobId={ACCESS_TEAM})"),
    );
    let result = &result["SolutionOperationResult"];
    assert_eq!(
        (&result["Type"], &result["Status"]),
        (&json!("Import"), &json!("Passed"))
    );
    assert!(
        result["WarningMessages"][0]
            .as_str()
            .is_some_and(|text| text.contains("0x80048026") && text.contains("1036"))
    );
    assert_eq!(
        outcome(&post(&emulator, "ImportSolution", &sent)),
        "412 0x80040237",
        "an id is used once"
    );
}

#[test]
fn an_import_goes_on_by_itself_and_raises_the_solution_at_its_end() {
    let emulator = environment_with_core(true);
    let started = body(&post(&emulator, "StageAndUpgradeAsync", &import("4.8.0.1", &json!({}))));
    let id = started["ImportJobKey"].as_str().expect("an id").to_owned();
    let job = format!("importjobs({id})");
    let operation = format!(
        "asyncoperations({})",
        started["AsyncOperationId"].as_str().expect("an id")
    );
    let token = user_token(&emulator, 0);
    assert_eq!(
        code(&send(&emulator, &token, &job, &[])),
        "404 0x80040217",
        "the row comes later"
    );
    assert_eq!(
        outcome(&post(&emulator, "ImportSolutionAsync", &import("4.9.0.0", &json!({})))),
        "429 0x80071151"
    );
    let result = format!("RetrieveSolutionImportResult(ImportJobId={id})");
    let mut seen = Vec::new();
    for _ in 0..5 {
        emulator.clock().advance(SignedDuration::from_secs(151));
        seen.push((
            read(&emulator, &job)["progress"].as_f64(),
            version(&emulator, "Core").pop(),
        ));
        if seen.len() == 2 {
            assert_eq!(code(&send(&emulator, &token, &result, &[])), "400 0x80044252");
        }
    }
    let old = || Some("4.6.0.35".to_owned());
    let new = || Some("4.8.0.1".to_owned());
    assert_eq!(
        seen,
        [
            (Some(0.0), old()),
            (Some(25.0), old()),
            (Some(50.0), old()),
            (Some(75.0), old()),
            (Some(100.0), new())
        ]
    );
    let operation = read(&emulator, &operation);
    assert_eq!(
        (
            &operation["operationtype"],
            &operation["messagename"],
            &operation["statuscode"]
        ),
        (&json!(54), &json!("StageAndUpgradeAsync"), &json!(30))
    );
    let solution = read(
        &emulator,
        "solutions?$filter=uniquename eq 'Core'&$expand=publisherid($select=uniquename)",
    );
    assert_eq!(solution["value"][0]["solutionid"], TEAM);
    assert_eq!(solution["value"][0]["publisherid"]["uniquename"], "contoso");
    assert_eq!(solution["value"][0]["updatedon"], "2026-03-01T08:10:05Z");
    assert_eq!(read(&emulator, &result)["SolutionOperationResult"]["Status"], "Passed");
}

#[test]
fn an_upgrade_in_two_steps_waits_to_be_promoted() {
    let emulator = environment_with_core(true);
    let holding = import("4.8.0.1", &json!({"HoldingSolution": true}));
    assert_eq!(post(&emulator, "ImportSolutionAsync", &holding).status, 200);
    emulator.clock().advance(SignedDuration::from_mins(11));
    assert_eq!(version(&emulator, "Core"), ["4.6.0.35"]);
    assert_eq!(version(&emulator, "Core_Upgrade"), ["4.8.0.1"]);
    let sync = import("4.8.0.2", &json!({"ImportJobId": ACCESS_TEAM}));
    assert_eq!(
        outcome(&post(&emulator, "StageAndUpgrade", &sync)),
        "400 0x80048033",
        "one waits already"
    );
    let nothing = post(&emulator, "DeleteAndPromoteAsync", &json!({"UniqueName": "Other"}));
    assert_eq!(outcome(&nothing), "404 0x80040217");
    assert_eq!(
        post(&emulator, "DeleteAndPromoteAsync", &json!({"UniqueName": "Core"})).status,
        200
    );
    emulator.clock().advance(SignedDuration::from_mins(6));
    assert_eq!(version(&emulator, "Core"), ["4.8.0.1"]);
    assert_eq!(version(&emulator, "Core_Upgrade"), Vec::<String>::new());
    let upgraded = body(&post(&emulator, "StageAndUpgrade", &sync));
    assert_eq!(upgraded["SolutionId"], TEAM);
    assert_eq!(version(&emulator, "Core"), ["4.8.0.2"]);
}

#[test]
fn what_cannot_be_imported_is_refused_or_fails_its_job() {
    for (managed, version_sent, way, wanted) in [
        (true, "4.6.0.34", "ImportSolution", 0x8004_8541_u32),
        (true, "4.6.0.35", "StageAndUpgrade", 0x8004_8541),
        (true, "4.6.0.35", "ImportSolution", 0),
        (false, "4.8.0.1", "ImportSolution", 0x8004_8040),
    ] {
        let emulator = environment_with_core(managed);
        let sent = import(version_sent, &json!({"ImportJobId": ACCESS_TEAM}));
        let reply = post(&emulator, way, &sent);
        let at_once = match wanted {
            0 => "204".to_owned(),
            code => format!("400 0x{code:08x}"),
        };
        assert_eq!(outcome(&reply), at_once, "{way} {version_sent}");
        let emulator = environment_with_core(managed);
        let started = body(&post(&emulator, &format!("{way}Async"), &sent));
        emulator.clock().advance(SignedDuration::from_mins(11));
        let job = read(
            &emulator,
            &format!(
                "asyncoperations({})",
                started["AsyncOperationId"].as_str().expect("an id")
            ),
        );
        let errorcode = (wanted != 0).then(|| i64::from(wanted.cast_signed()));
        assert_eq!(
            (job["statuscode"].as_i64(), job["errorcode"].as_i64()),
            (Some(if wanted == 0 { 30 } else { 31 }), errorcode)
        );
        let status = if wanted == 0 { "Passed" } else { "Failed" };
        let result = read(
            &emulator,
            &format!("RetrieveSolutionImportResult(ImportJobId={ACCESS_TEAM})"),
        );
        assert_eq!(result["SolutionOperationResult"]["Status"], status);
        if wanted != 0 {
            assert_eq!(version(&emulator, "Core"), ["4.6.0.35"]);
        }
    }
    let emulator = environment_with_core(false);
    let converted = import("4.8.0.1", &json!({"ImportJobId": TEAM, "ConvertToManaged": true}));
    assert_eq!(outcome(&post(&emulator, "ImportSolution", &converted)), "204");
    let unmanaged = solution(&manifest("Core", "4.9.0.0", false, "contoso"));
    let unmanaged = import("1.0", &json!({"ImportJobId": PROFILE, "CustomizationFile": unmanaged}));
    assert_eq!(
        outcome(&post(&emulator, "ImportSolution", &unmanaged)),
        "400 0x80048041"
    );
}

#[test]
fn a_solution_that_is_new_brings_its_publisher_and_can_be_taken_away() {
    let emulator = emulator();
    let sent = import("4.8.0.1", &json!({"ImportJobId": ACCESS_TEAM}));
    assert_eq!(outcome(&post(&emulator, "ImportSolution", &sent)), "204");
    let solutions = read(
        &emulator,
        "solutions?$select=solutionid,ismanaged&$expand=publisherid($select=uniquename,customizationprefix)",
    );
    let core = &solutions["value"][0];
    assert_eq!(core["ismanaged"], true);
    assert_eq!(core["publisherid"]["customizationprefix"], "w");
    assert_eq!(
        read(&emulator, "RetrieveMissingDependencies(SolutionUniqueName='Core')")["value"],
        json!([])
    );
    emulator.write(|state| {
        let lacking = json!({"dependencyid": TEAM, "requiredcomponenttype": 1, "_emulator_missing_of": "Core"});
        state.environments[0].tables.insert("dependencies", row(lacking));
    });
    assert_eq!(
        read(&emulator, "RetrieveMissingDependencies(SolutionUniqueName='Core')")["value"],
        json!([{"dependencyid": TEAM, "requiredcomponenttype": 1}])
    );
    let token = user_token(&emulator, 0);
    let unknown = send(
        &emulator,
        &token,
        "RetrieveMissingDependencies(SolutionUniqueName='Nope')",
        &[],
    );
    assert_eq!(code(&unknown), "404 0x80040217");
    let gone = format!("solutions({})", core["solutionid"].as_str().expect("an id"));
    steps(&emulator, &[("DELETE", &gone, "", "204")]);
    assert_eq!(version(&emulator, "Core"), Vec::<String>::new());
}

#[test]
fn jobs_outlive_a_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let emulator = environment_with_core(true);
    assert_eq!(
        post(&emulator, "ImportSolutionAsync", &import("4.8.0.1", &json!({}))).status,
        200
    );
    emulator.save(folder.path()).expect("saved");
    let back = Emulator::load(folder.path()).expect("readable").expect("there");
    back.clock().advance(SignedDuration::from_mins(11));
    assert_eq!(version(&back, "Core"), ["4.8.0.1"]);
}

#[test]
fn a_solution_that_a_manifest_knows_brings_what_the_manifest_says() {
    let emulator = Emulator::from_world(&crate::World::built_in("v3.2").expect("the world"));
    let package = emulator.write(|state| {
        let environment = &mut state.environments[0];
        let owner = environment
            .tables
            .rows("systemusers")
            .iter()
            .find(|user| user["setupuser"] == true);
        let id = owner.expect("the owner")["azureactivedirectoryobjectid"]
            .as_str()
            .expect("an id")
            .to_owned();
        let package = environment
            .administration
            .packages
            .iter()
            .find(|package| package.unique_name == "Work365");
        let release = package
            .and_then(|package| package.release("4.8.0.12"))
            .expect("a package that can be upgraded");
        (id, release.solutions.clone())
    });
    let (owner, solutions) = package;
    let (name, version) = solutions.first_key_value().expect("a solution");
    let publisher = emulator.read(|state| {
        let tables = &state.environments[0].tables;
        let there = tables.find("solutions", "uniquename", name).expect("an older version");
        let publisher = there["_publisherid_value"].as_str().expect("an id").to_owned();
        let publisher = tables
            .find("publishers", "publisherid", &publisher)
            .expect("the publisher");
        publisher["uniquename"].as_str().expect("a name").to_owned()
    });
    let token = testing::user(
        &emulator,
        &owner,
        "crm-owner@contoso.onmicrosoft.com",
        URL,
        "user_impersonation",
    );
    let tables = |emulator: &Emulator| {
        let reply = send(emulator, &token, "EntityDefinitions?$select=LogicalName", &[]);
        column(&reply, "LogicalName")
    };
    assert!(!tables(&emulator).contains(&"uom".to_owned()));
    let sent = json!({
        "OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true, "ImportJobId": TEAM,
        "CustomizationFile": solution(&manifest(name, version, true, &publisher)),
    });
    let reply = request(
        &emulator,
        &token,
        &Method::POST,
        "ImportSolution",
        &[],
        &sent.to_string(),
    );
    assert_eq!(outcome(&reply), "204", "{}", said(&reply));
    assert!(
        tables(&emulator).contains(&"uom".to_owned()),
        "the table of units comes with 4.8"
    );
    let solutions = send(
        &emulator,
        &token,
        &format!("solutions?$filter=uniquename eq '{name}'"),
        &[],
    );
    assert_eq!(column(&solutions, "version"), std::slice::from_ref(version));
}
