//! What an import says of itself, and its log of components, stay with the run: for whoever looks for a cause, and for an auditor.

use std::collections::BTreeMap;
use std::fs;

use cutover_emulator::SolutionFile;
use cutover_report::bundle::verify;
use serde_json::Value;

use crate::program::Place;
use crate::upgrades::{DONE, Served, WITH_PORTAL};

/// An upgrade by a file that names itself in English and French, in a tenant with English only; the imports in its evidence.
fn imports_of(differs: &str, code: i32) -> BTreeMap<String, String> {
    let served = Served::of(Place::new(), "upgrade-without-package", differs, Some("4.8.0.12"));
    let mut file = SolutionFile::of("work365", "4.8.0.12").unwrap();
    file.languages = vec![1033, 1036];
    served.place.write("Work365.zip", file.zip().unwrap());
    let command = format!("upgrade --yes --non-interactive --done upgrade-portal=4.8.0.4 {DONE}");
    let run = served.run(&command).ended(code);
    if code == 0 {
        assert!(run.stderr.contains("0x80048026"), "{}", run.stderr);
        assert!(
            run.stderr.contains("labels of languages that are not enabled"),
            "{}",
            run.stderr
        );
    }
    served.run("report --bundle run.tar.zst").ended(0);
    let verified = verify(&fs::read(served.place.path("run.tar.zst")).unwrap(), None);
    assert_eq!(verified.faults, []);
    let imports = verified
        .files
        .into_iter()
        .filter(|(name, _)| name.starts_with("imports/"));
    imports
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}

/// The record of the only import, and its log.
fn only(imports: &BTreeMap<String, String>) -> (Value, &str) {
    assert_eq!(imports.len(), 2, "{:?}", imports.keys());
    let (name, record) = imports.iter().find(|(name, _)| name.ends_with(".json")).unwrap();
    let record: Value = serde_json::from_str(record).unwrap();
    assert_eq!(*name, format!("imports/{}.json", record["import"].as_str().unwrap()));
    let log = &imports[record["log"]["file"].as_str().unwrap()];
    (record, log)
}

#[test]
fn an_import_that_warns_is_kept_with_what_its_warnings_mean() {
    let imports = imports_of(WITH_PORTAL, 0);
    let (record, log) = only(&imports);
    assert_eq!(record["format"], "cutover-import/1");
    assert_eq!(
        (&record["solution"], &record["status"]),
        (&"Work365Core".into(), &"Passed".into())
    );
    assert_eq!(record["errors"], Value::Array(Vec::new()));
    let warning = &record["warnings"][0];
    assert!(
        warning["said"].as_str().unwrap().ends_with("organization: 1036."),
        "{warning}"
    );
    assert!(
        warning["means"].as_str().unwrap().starts_with("labels of languages"),
        "{warning}"
    );
    assert!(
        log.starts_with("<importexportxml>") && log.contains("result=\"success\""),
        "{log}"
    );
}

#[test]
fn an_import_that_failed_is_kept_too() {
    let fails = "[faults.it]\nkind = 'import-fails'\npath = '*/StageAndUpgradeAsync'\ncount = 1\npercent = 45\n\
                 message = 'Cannot add a Picklist attribute'\n";
    let imports = imports_of(fails, 7);
    let (record, log) = only(&imports);
    assert_eq!(record["status"], "Failed");
    assert_eq!(record["errors"][0], "Cannot add a Picklist attribute");
    assert!(
        log.contains("result=\"failure\" errortext=\"Cannot add a Picklist attribute\""),
        "{log}"
    );
}
