//! What a service says beforehand of the steps of a plan, by validations that store nothing.

use cutover_clients::graph::role_schedule_requests::{
    RequestStatus, RoleAction, RoleRequest, RoleScheduleRequest, try_to_ask,
};
use cutover_clients::{Prober, Refused, WriteOutcome};
use cutover_core::Plan;
use cutover_core::evidence::Call;
use cutover_core::plan::{Action, Step, StepId};
use uuid::Uuid;

use crate::blind::blind;
use crate::sha256::sha256;

/// What was said of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// Which step.
    pub step: StepId,
    /// What was said.
    pub said: Said,
}

/// What a service says of a change beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It would be accepted.
    Accepted {
        /// Whether it would wait then for somebody to approve it.
        needs_approval: bool,
    },
    /// It would be refused.
    Refused {
        /// Why, in the service's words and ours.
        why: String,
        /// What would make it possible.
        unless: Option<String>,
    },
    /// It could not be tried.
    NotTried {
        /// Why.
        why: String,
    },
}

/// Asks Privileged Identity Management about every role that a plan lends by it. Nothing is lent by that, and nothing stored.
pub async fn probe(prober: &Prober, plan: &Plan) -> Vec<Probed> {
    let mut probed = Vec::new();
    for step in &plan.steps {
        if let Some((principal, role, action)) = asked(&step.action) {
            let request = RoleRequest {
                action,
                principal,
                role,
                justification: &plan.justification,
                ticket: plan.ticket.as_deref(),
            };
            let said = match lent_before(plan, step) {
                Some(loan) => Said::NotTried {
                    why: format!("it takes what {loan} lends, which is not out while it is only tried"),
                },
                None => said(prober, plan, step, &request).await,
            };
            probed.push(Probed {
                step: step.id.clone(),
                said,
            });
        }
    }
    probed
}

/// Whose role a step lends by Privileged Identity Management, which, and how.
fn asked(action: &Action) -> Option<(Uuid, Uuid, RoleAction)> {
    match action {
        Action::ActivateDirectoryRole(action) => {
            Some((action.whom.id, action.role, RoleAction::SelfActivate(action.duration)))
        }
        Action::AssignDirectoryRole(action) => {
            Some((action.whom.id, action.role, RoleAction::AdminAssign(action.duration)))
        }
        _ => None,
    }
}

/// A loan that the step stands on: without it the sign-in would be refused whatever the policy of the role says.
fn lent_before<'a>(plan: &'a Plan, step: &Step) -> Option<&'a StepId> {
    let mut before = step.after.iter().filter_map(|id| plan.step(id));
    before.find(|step| step.loan.is_some()).map(|step| &step.id)
}

async fn said(prober: &Prober, plan: &Plan, step: &Step, request: &RoleRequest<'_>) -> Said {
    let connection = prober.clients().connection();
    let probe = try_to_ask(request, connection.clock.now());
    let address = probe.request();
    match prober.send(probe, key(plan, step)).await {
        Ok(WriteOutcome::Done(answer)) => Said::Accepted {
            needs_approval: serde_json::from_value::<RoleScheduleRequest>(answer).is_ok_and(|answer| {
                matches!(
                    answer.status,
                    Some(RequestStatus::PendingApproval | RequestStatus::PendingAdminDecision)
                )
            }),
        },
        Ok(WriteOutcome::Refused(refused)) => Said::Refused {
            unless: unless(&refused),
            why: why(&refused, address, connection.clock.now()),
        },
        Ok(WriteOutcome::Unknown { why }) => Said::NotTried { why },
        Err(not_sent) => Said::NotTried {
            why: not_sent.to_string(),
        },
    }
}

/// Names the attempt in the service's log. The plan has no digest yet, so its time and step do.
fn key(plan: &Plan, step: &Step) -> Uuid {
    let digest = sha256(format!("probe/{}/{}/{}", plan.scene.tenant_id, plan.made_at, step.id).as_bytes());
    let bytes = u128::from_str_radix(digest.get(..32).unwrap_or_default(), 16).unwrap_or_default();
    uuid::Builder::from_custom_bytes(bytes.to_be_bytes()).into_uuid()
}

fn why(refused: &Refused, request: String, at: jiff::Timestamp) -> String {
    let call = Call {
        service: refused.service,
        request,
        status: Some(refused.status),
        request_id: None,
        at,
    };
    let message = blind(call, &refused.failure).message;
    match message.contains(&refused.message) {
        true => message,
        false => format!("{message}; it says: {}", refused.message),
    }
}

/// What each rule of a role's policy asks for (Microsoft Graph names the broken ones in its message).
const RULES: &[(&str, &str)] = &[
    ("ExpirationRule", "a shorter --loan-limit"),
    ("TicketingRule", "a --ticket"),
    ("JustificationRule", "a --justification"),
    ("MfaRule", "a sign-in with MFA"),
    ("EligibilityRule", "to be eligible for the role in PIM"),
];

fn unless(refused: &Refused) -> Option<String> {
    if refused.is("ActiveDurationTooShort") {
        return Some("a longer --loan-limit".to_owned());
    }
    let broken: Vec<&str> = RULES
        .iter()
        .filter(|(rule, _)| refused.says(rule))
        .map(|(_, wanted)| *wanted)
        .collect();
    (!broken.is_empty()).then(|| format!("it takes {}; then plan again", broken.join(", and ")))
}
