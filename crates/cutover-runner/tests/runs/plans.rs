//! The plan that these tests drive: a licence, Global Administrator and System Administrator are lent for two lasting changes.

use std::path::Path;

use cutover_core::plan::action::{
    ActivateDirectoryRole, AssignFieldSecurityProfile, AssignLicence, BecomeSystemAdministrator, GrantConsent, RowOf,
    Side, Task, Whom,
};
use cutover_core::plan::{Action, FORMAT, HandWork, Loan, Plan, Step};
use cutover_runner::sha256;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::uuid;

pub(crate) fn start() -> Timestamp {
    "2026-12-01T08:00:00Z".parse().unwrap()
}

fn step(id: &str, action: Action, after: &[&str]) -> Step {
    let settling = action.describe().settling();
    Step {
        id: id.into(),
        requirements: Vec::new(),
        action,
        loan: None,
        after: after.iter().map(|id| (*id).into()).collect(),
        after_return: Vec::new(),
        settling,
    }
}

fn lent(step: Step, for_steps: &[&str], return_after: &[&str], ends_by_itself: bool) -> Step {
    let (by_hand, link) = step.action.describe().place();
    let ids = |names: &[&str]| names.iter().map(|id| (*id).into()).collect();
    Step {
        loan: Some(Loan {
            for_steps: ids(for_steps),
            return_after: ids(return_after),
            returned_with: None,
            limit: SignedDuration::from_hours(4),
            ends_by_itself,
            returned_by: "admin@contoso.onmicrosoft.com".to_owned(),
            by_hand: by_hand.to_owned(),
            link: link.to_owned(),
        }),
        ..step
    }
}

/// The same with a task of a person at its end, sealed.
pub(crate) fn with_task() -> Plan {
    let task = Task {
        name: "clear-cache".to_owned(),
        title: "clear the cache of Work 365".to_owned(),
        work: HandWork {
            requirement: "W801".parse().unwrap(),
            what: vec!["clear it".to_owned()],
            path: None,
            link: None,
            verified_by: "the page says so".to_owned(),
        },
        asks: "what the page showed".to_owned(),
        attests: None,
        taken_back_by: None,
        private_window: false,
    };
    let mut plan = plan();
    let last = plan.steps.last().map(|step| step.id.0.clone()).unwrap();
    plan.steps.push(step("clear-cache", Action::Task(task), &[&last]));
    plan.sealed(sha256)
}

/// The plan, sealed.
pub(crate) fn plan() -> Plan {
    let admin = || Whom {
        id: uuid!("a11ce000-0000-4000-8000-000000000001"),
        name: "admin@contoso.onmicrosoft.com".to_owned(),
    };
    let steps = vec![
        lent(
            step(
                "lend-licence",
                Action::AssignLicence(AssignLicence {
                    whom: admin(),
                    sku: uuid!("1e1a282c-9c54-43a2-9310-98ef728faace"),
                    name: "DYN365_ENTERPRISE_SALES".to_owned(),
                    instead_of: Vec::new(),
                }),
                &[],
            ),
            &["lend-system-administrator", "assign-profile"],
            &["lend-system-administrator"],
            false,
        ),
        lent(
            step(
                "lend-system-administrator",
                Action::BecomeSystemAdministrator(BecomeSystemAdministrator {
                    whom: admin(),
                    environment: uuid!("e0000000-0000-4000-8000-000000000001"),
                }),
                &["lend-licence"],
            ),
            &["assign-profile"],
            &[],
            false,
        ),
        step(
            "assign-profile",
            Action::AssignFieldSecurityProfile(AssignFieldSecurityProfile {
                row: RowOf::User(Whom {
                    id: uuid!("5e121ce0-0000-4000-8000-000000000002"),
                    name: "svc-work365@contoso.onmicrosoft.com".to_owned(),
                }),
                profile: "Work 365 Admin".to_owned(),
            }),
            &["lend-system-administrator"],
        ),
        lent(
            step(
                "lend-global-administrator",
                Action::ActivateDirectoryRole(ActivateDirectoryRole {
                    whom: admin(),
                    role: uuid!("62e90394-69f5-4237-9190-012177145e10"),
                    duration: SignedDuration::from_hours(4),
                }),
                &["assign-profile"],
            ),
            &["grant-consent"],
            &[],
            true,
        ),
        step(
            "grant-consent",
            Action::GrantConsent(GrantConsent {
                client: uuid!("5e56ae97-9be1-40d3-938b-99ea52175a30"),
                client_name: "Work 365".to_owned(),
                resource: uuid!("00000003-0000-0000-c000-000000000000"),
                resource_name: "Microsoft Graph".to_owned(),
                scopes: vec!["User.Read".to_owned()],
                side: Side::Home,
            }),
            &["lend-global-administrator"],
        ),
    ];
    let mut plan: Plan = serde_json::from_value(json!({
        "format": FORMAT,
        "digest": "",
        "made_at": start(),
        "made_with": "0.1.0",
        "pack": "work365",
        "scene": {
            "tenant_id": "7a6e0c55-6f0f-4c2e-9a53-2f3f0b7f1d10",
            "tenant": "contoso.onmicrosoft.com",
            "environment_url": "https://contoso.crm4.dynamics.com",
            "tier": "direct-bill",
            "region": "eu",
            "target": "4.8",
            "caller": "user:admin@contoso.onmicrosoft.com",
            "borrower": "user:admin@contoso.onmicrosoft.com",
            "service_identity": "user:svc-work365@contoso.onmicrosoft.com",
        },
        "caller": {
            "object_id": uuid!("a11ce000-0000-4000-8000-000000000001"),
            "application": false,
            "name": "admin@contoso.onmicrosoft.com"
        },
        "justification": "Work 365 upgrade to 4.8",
        "preconditions": [],
        "steps": [],
        "hand_work": [],
        "refused": [],
        "notes": [],
    }))
    .unwrap();
    plan.steps = steps;
    plan.sealed(sha256)
}

/// The stored plan beside this file is this plan: what a version wrote once, every later one reads.
#[test]
fn a_stored_plan_stays_readable() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runs/plan.json");
    let made = serde_json::to_string_pretty(&plan()).unwrap() + "\n";
    if std::env::var_os("CUTOVER_WRITE_FIXTURES").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert_eq!(Plan::from_json(&stored, sha256).unwrap(), plan());
    assert_eq!(stored, made);
}
