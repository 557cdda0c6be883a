//! Small plans.

use cutover_core::Code;
use cutover_core::plan::action::{EnableAccount, Task, Whom};
use cutover_core::plan::{Action, FORMAT, HandWork, Loan, Plan, Settling, Step, StepId};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

/// When every plan here is made.
pub(crate) fn start() -> Timestamp {
    "2026-12-01T08:00:00Z".parse().unwrap()
}

pub(crate) fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// A plan of these steps.
pub(crate) fn plan(steps: Vec<Step>) -> Plan {
    let mut plan: Plan = serde_json::from_value(json!({
        "format": FORMAT,
        "digest": "",
        "made_at": start(),
        "made_with": "0.1.0",
        "pack": "work365",
        "scene": {
            "tenant_id": Uuid::from_u128(1),
            "tenant": "contoso.onmicrosoft.com",
            "environment_url": "https://contoso.crm4.dynamics.com",
            "tier": "direct-bill",
            "region": "eu",
            "target": "4.8",
            "caller": "user:anna@contoso.onmicrosoft.com",
            "borrower": "user:anna@contoso.onmicrosoft.com",
            "service_identity": "user:svc@contoso.onmicrosoft.com",
        },
        "caller": {"object_id": Uuid::from_u128(2), "application": false, "name": "anna@contoso.onmicrosoft.com"},
        "justification": "upgrade",
        "preconditions": [],
        "steps": [],
        "hand_work": [],
        "refused": [],
        "notes": [],
    }))
    .unwrap();
    plan.steps = steps;
    plan
}

/// A lasting change; it may take half an hour to show.
pub(crate) fn change(id: &str, after: &[&str]) -> Step {
    Step {
        id: id.into(),
        requirements: Vec::new(),
        action: Action::EnableAccount(EnableAccount {
            whom: Whom {
                id: Uuid::from_u128(3),
                name: id.to_owned(),
            },
            application: false,
        }),
        loan: None,
        after: ids(after),
        after_return: Vec::new(),
        settling: Settling {
            what: "it shows".to_owned(),
            usual: minutes(1),
            at_most: minutes(30),
        },
    }
}

/// A loan for these steps, for at most an hour.
pub(crate) fn loan(id: &str, for_steps: &[&str], return_after: &[&str]) -> Step {
    Step {
        loan: Some(Loan {
            for_steps: ids(for_steps),
            return_after: ids(return_after),
            returned_with: None,
            limit: minutes(60),
            ends_by_itself: false,
            returned_by: "anna".to_owned(),
            by_hand: "somewhere".to_owned(),
            link: "https://example.com".to_owned(),
        }),
        ..change(id, &[])
    }
}

/// Something that a person does, within two hours.
pub(crate) fn task(id: &str, after: &[&str]) -> Step {
    Step {
        action: Action::Task(Task {
            name: id.to_owned(),
            title: "clear the cache".to_owned(),
            work: HandWork {
                requirement: Code::new(104),
                what: vec!["press Clear Cache".to_owned()],
                path: None,
                link: None,
                verified_by: "the page says so".to_owned(),
            },
            asks: "what the page shows".to_owned(),
            attests: None,
            taken_back_by: None,
            private_window: false,
        }),
        settling: Settling {
            at_most: minutes(120),
            ..change(id, &[]).settling
        },
        ..change(id, after)
    }
}

pub(crate) fn ids(names: &[&str]) -> Vec<StepId> {
    names.iter().map(|name| StepId::from(*name)).collect()
}
