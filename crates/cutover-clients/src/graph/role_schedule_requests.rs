//! Requests of Privileged Identity Management: a directory role lent for a time, and taken back.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::permissions_of_apply as permissions;
use crate::api::Api;
use crate::call_spec::{CallSpec, Shape};
use crate::odata::{Address, segment};
use crate::probe::Probe;
use crate::read::Read;
use crate::wire::open_enum;
use crate::write::Write;

const PATH: &str = "/roleManagement/directory/roleAssignmentScheduleRequests";

pub(super) static REQUESTS: CallSpec = CallSpec::new(
    Api::Graph,
    Shape::Collection,
    PATH,
    "what was asked of Privileged Identity Management for one principal and role",
    &permissions::SCHEDULE_REQUESTS,
);
pub(super) static ASK: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    PATH,
    "activates or assigns a directory role with an end, or takes it back",
    &permissions::SCHEDULE_REQUESTS,
);
pub(super) static CANCEL: CallSpec = CallSpec::writing(
    Api::Graph,
    "POST",
    "/roleManagement/directory/roleAssignmentScheduleRequests/{id}/cancel",
    "withdraws a request that waits for approval",
    &permissions::SCHEDULE_REQUESTS,
);

/// A request (CSDL `unifiedRoleAssignmentScheduleRequest`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleScheduleRequest {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub status: Option<RequestStatus>,
    /// What it asks for, such as `selfActivate`.
    pub action: Option<String>,
    /// Why, as it was asked.
    pub justification: Option<String>,
    /// The schedule it made or changed.
    pub target_schedule_id: Option<String>,
    /// When it was asked.
    pub created_date_time: Option<Timestamp>,
}

open_enum! {
    /// How far a request is.
    RequestStatus {
        /// It acts.
        Provisioned = "Provisioned",
        /// It was granted.
        Granted = "Granted",
        /// Its schedule is made.
        ScheduleCreated = "ScheduleCreated",
        /// Somebody has to approve it.
        PendingApproval = "PendingApproval",
        /// An administrator has to decide.
        PendingAdminDecision = "PendingAdminDecision",
        /// It is on its way.
        PendingProvisioning = "PendingProvisioning",
        /// It is on its way.
        PendingScheduleCreation = "PendingScheduleCreation",
        /// Somebody said no.
        Denied = "Denied",
        /// It went wrong.
        Failed = "Failed",
        /// It was taken back.
        Revoked = "Revoked",
        /// It was withdrawn.
        Canceled = "Canceled",
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleAction {
    /// The caller activates a role that he is eligible for.
    SelfActivate(SignedDuration),
    /// An administrator assigns a role.
    AdminAssign(SignedDuration),
    /// The caller ends an activation.
    SelfDeactivate,
    /// An administrator takes a role back.
    AdminRemove,
}

/// A request about one role of one principal in the whole tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRequest<'a> {
    /// What is asked for.
    pub action: RoleAction,
    /// Whose role.
    pub principal: Uuid,
    /// Which role.
    pub role: Uuid,
    /// Why; shown in Microsoft's audit logs.
    pub justification: &'a str,
    /// Number of a ticket, where the role's policy asks for one.
    pub ticket: Option<&'a str>,
}

/// The requests about one role of one principal, newest ones among them.
pub fn requests(principal: Uuid, role: Uuid) -> Read<Vec<RoleScheduleRequest>> {
    let address = Address::path(PATH).filter(&format!(
        "principalId eq '{principal}' and roleDefinitionId eq '{role}'"
    ));
    Read::new(&REQUESTS, address)
}

/// Asks for it. `starts` is the begin of what is lent.
pub fn ask(request: &RoleRequest<'_>, starts: Timestamp) -> Write {
    Write::new(&ASK, Address::path(PATH)).with(body(request, starts))
}

/// Only tries whether the role's policy would allow it (`isValidationOnly`); nothing is lent.
pub fn try_to_ask(request: &RoleRequest<'_>, starts: Timestamp) -> Probe {
    let mut body = body(request, starts);
    body["isValidationOnly"] = Value::Bool(true);
    Probe::of(Write::new(&ASK, Address::path(PATH)).with(body))
}

/// Withdraws a request that has not been carried out.
pub fn cancel(request: &str) -> Write {
    Write::new(&CANCEL, Address::path(format!("{PATH}/{}/cancel", segment(request))))
}

fn body(request: &RoleRequest<'_>, starts: Timestamp) -> Value {
    let (action, duration) = match request.action {
        RoleAction::SelfActivate(duration) => ("selfActivate", Some(duration)),
        RoleAction::AdminAssign(duration) => ("adminAssign", Some(duration)),
        RoleAction::SelfDeactivate => ("selfDeactivate", None),
        RoleAction::AdminRemove => ("adminRemove", None),
    };
    let mut body = json!({
        "action": action, "principalId": request.principal, "roleDefinitionId": request.role,
        "directoryScopeId": "/", "justification": request.justification,
    });
    if let Some(duration) = duration {
        let duration = format!("PT{}M", duration.as_mins());
        body["scheduleInfo"] = json!({
            "startDateTime": starts, "expiration": {"type": "afterDuration", "duration": duration},
        });
        if let Some(ticket) = request.ticket {
            body["ticketInfo"] = json!({"ticketNumber": ticket, "ticketSystem": "cutover"});
        }
    }
    body
}
