//! Stored facts: what is written, and which earlier form is still read.

use cutover_core::Facts;
use cutover_core::facts::FORMAT;
use cutover_core::scene::InstallDriver;

use crate::fixture::{all, finding, ready};

/// A file as the first form had it: without partner, Power Platform, solution file, jobs, or kinds of operations.
const EARLIER: &str = r#"{
  "format": "cutover-facts/1",
  "collected_at": "2026-11-23T09:00:00Z",
  "scene": {
    "tenant_id": "3f7a1b60-0000-4000-8000-000000000001",
    "tenant": "contoso.example",
    "environment_url": "https://contoso.crm4.dynamics.com",
    "tier": "direct-bill",
    "region": "eu",
    "caller": "user:admin@contoso.example",
    "borrower": "user:admin@contoso.example",
    "service_identity": "user:svc@contoso.example"
  },
  "environment": {
    "languages": {
      "known": {
        "value": [1033],
        "calls": [{ "service": "dataverse", "request": "GET /x", "status": 200, "at": "2026-11-23T09:00:00Z" }]
      }
    },
    "open_operations": {
      "known": {
        "value": [{ "id": "3f7a1b60-0000-4000-8000-000000000002", "name": "Import", "state": 2 }],
        "calls": [{ "service": "dataverse", "request": "GET /y", "status": 200, "at": "2026-11-23T09:00:00Z" }]
      }
    }
  }
}"#;

#[test]
fn the_earlier_form_is_read_and_stored_as_todays() {
    let facts = Facts::from_json(EARLIER).unwrap();
    assert_eq!(facts.format, FORMAT);
    assert_eq!(FORMAT, "cutover-facts/2");
    assert_eq!(facts.environment.languages.value(), Ok(&vec![1033]));
    assert_eq!(facts.environment.open_operations.value().unwrap()[0].kind, None);
    assert_eq!(
        (&facts.scene.partner, &facts.scene.install),
        (&None, &InstallDriver::Guided)
    );
    assert!(facts.environment.job_tables.is_not_collected() && facts.environment.open_jobs.is_not_collected());
    assert!(facts.solution_file.is_not_collected() && facts.power_platform.backups.is_not_collected());
    assert!(facts.partner.integration.account.is_not_collected() && facts.partner.agreement.is_not_collected());
    // What was not asked for then is unknown now, and what was known stays.
    assert_eq!(all(&facts, &[]).len(), 27);
    for (code, verdict) in [
        (701, "met"),
        (601, "unknown"),
        (801, "unknown"),
        (804, "not applicable"),
    ] {
        assert_eq!(finding(&facts, code).verdict().name(), verdict, "W{code}");
    }
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(Facts::from_json(&text).unwrap(), facts);
}

#[test]
fn a_later_form_is_refused_with_what_is_read() {
    let text = serde_json::to_string(&ready()).unwrap();
    assert!(text.contains("\"format\":\"cutover-facts/2\""), "{text}");
    let later = text.replacen("cutover-facts/2", "cutover-facts/3", 1);
    let error = Facts::from_json(&later).unwrap_err().to_string();
    for says in ["`cutover-facts/3`", "`cutover-facts/2`", "`cutover-facts/1`"] {
        assert!(error.contains(says), "{error}");
    }
}
