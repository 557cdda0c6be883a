//! Requests of Privileged Identity Management: roles lent for a time, made eligible, activated, taken back.
//!
//! What a request brings about is an instance with a start and an end; who holds what follows from instances and the
//! clock alone ([`super::membership`]), so a loan ends by itself.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::entity_types::{EntityType, ROLE_ASSIGNMENT_SCHEDULE_REQUEST, ROLE_ELIGIBILITY_SCHEDULE_REQUEST};
use super::errors::GraphError;
use super::membership::{object, same_assignment, text};
use super::permissions::{self, Permissions};
use super::role_assignments::{definition, holder};
use super::role_policy::{Level, Period};
use super::role_schedules::{activate, end, extend, lend};
use super::route::{Context, OrElse, Route, Source, get, id_of, write};
use super::writing::{Answer, Written, by_id, required};
use crate::state::{Premium, Row};

/// What a request is about.
pub(super) struct Kind {
    pub(super) requests: &'static str,
    pub(super) instances: &'static str,
    pub(super) schedule_id: &'static str,
    pub(super) entity: &'static EntityType,
    pub(super) admin: Level,
}

pub(super) static ASSIGNMENT: Kind = Kind {
    requests: "roleAssignmentScheduleRequests",
    instances: "roleAssignmentScheduleInstances",
    schedule_id: "roleAssignmentScheduleId",
    entity: &ROLE_ASSIGNMENT_SCHEDULE_REQUEST,
    admin: Level::AdminAssignment,
};
static ELIGIBILITY: Kind = Kind {
    requests: "roleEligibilityScheduleRequests",
    instances: "roleEligibilityScheduleInstances",
    schedule_id: "roleEligibilityScheduleId",
    entity: &ROLE_ELIGIBILITY_SCHEDULE_REQUEST,
    admin: Level::AdminEligibility,
};

const READ: &str = "$select, $filter, $expand, $top, $count, paging";
const ERRORS: &str = "400 RoleAssignmentExists, RoleAssignmentDoesNotExist, RoleAssignmentRequestPolicyValidationFailed, \
                      ActiveDurationTooShort, PendingRoleAssignmentRequest, AadPremiumLicenseRequired, SubjectNotFound, \
                      RoleNotFound, InvalidScope; 403";

const fn list(
    path: &'static str,
    entity: &'static EntityType,
    source: Source,
    permissions: Permissions,
    document: &'static str,
) -> Route {
    get(path, entity, source, permissions, READ, document)
        .paged(100, 999)
        .premium(Premium::P2)
}

const fn change(
    path: &'static str,
    entity: &'static EntityType,
    decide: fn(&Context<'_>) -> Result<Written, GraphError>,
    permissions: Permissions,
    shapes: &'static str,
    document: &'static str,
) -> Route {
    write("POST", path, entity, decide, permissions, shapes, document)
        .premium(Premium::P2)
        .directory_roles(permissions::ROLE_MANAGEMENT_ROLES)
        .or_else(OrElse::Decided)
        .errors(ERRORS)
}

pub(crate) const ROUTES: &[Route] = &[
    list(
        "/roleManagement/directory/roleAssignmentScheduleRequests",
        &ROLE_ASSIGNMENT_SCHEDULE_REQUEST,
        Source::Set("roleAssignmentScheduleRequests"),
        permissions::ROLE_ASSIGNMENT_REQUESTS,
        "GD rbacapplication-list-roleassignmentschedulerequests",
    ),
    get(
        "/roleManagement/directory/roleAssignmentScheduleRequests/{id}",
        &ROLE_ASSIGNMENT_SCHEDULE_REQUEST,
        Source::Item("roleAssignmentScheduleRequests"),
        permissions::ROLE_ASSIGNMENT_REQUESTS,
        "$select, $expand",
        "GD unifiedroleassignmentschedulerequest-get",
    )
    .premium(Premium::P2),
    change(
        "/roleManagement/directory/roleAssignmentScheduleRequests",
        &ROLE_ASSIGNMENT_SCHEDULE_REQUEST,
        |context| request(context, &ASSIGNMENT),
        permissions::ROLE_ASSIGNMENT_REQUEST_CREATE,
        "adminAssign, adminUpdate, adminExtend, adminRemove, selfActivate, selfDeactivate; isValidationOnly",
        "GD rbacapplication-post-roleassignmentschedulerequests; that five minutes hold for adminRemove too is assumed",
    ),
    change(
        "/roleManagement/directory/roleAssignmentScheduleRequests/{id}/cancel",
        &ROLE_ASSIGNMENT_SCHEDULE_REQUEST,
        |context| cancel(context, &ASSIGNMENT),
        permissions::ROLE_ASSIGNMENT_REQUESTS,
        "what waits for approval or begins later",
        "GD unifiedroleassignmentschedulerequest-cancel",
    ),
    list(
        "/roleManagement/directory/roleEligibilityScheduleRequests",
        &ROLE_ELIGIBILITY_SCHEDULE_REQUEST,
        Source::Set("roleEligibilityScheduleRequests"),
        permissions::ROLE_ELIGIBILITY_REQUESTS,
        "GD rbacapplication-list-roleeligibilityschedulerequests",
    ),
    get(
        "/roleManagement/directory/roleEligibilityScheduleRequests/{id}",
        &ROLE_ELIGIBILITY_SCHEDULE_REQUEST,
        Source::Item("roleEligibilityScheduleRequests"),
        permissions::ROLE_ELIGIBILITY_REQUESTS,
        "$select, $expand",
        "GD unifiedroleeligibilityschedulerequest-get",
    )
    .premium(Premium::P2),
    change(
        "/roleManagement/directory/roleEligibilityScheduleRequests",
        &ROLE_ELIGIBILITY_SCHEDULE_REQUEST,
        |context| request(context, &ELIGIBILITY),
        permissions::ROLE_ELIGIBILITY_REQUESTS,
        "adminAssign, adminUpdate, adminExtend, adminRemove; isValidationOnly",
        "GD rbacapplication-post-roleeligibilityschedulerequests",
    ),
    change(
        "/roleManagement/directory/roleEligibilityScheduleRequests/{id}/cancel",
        &ROLE_ELIGIBILITY_SCHEDULE_REQUEST,
        |context| cancel(context, &ELIGIBILITY),
        permissions::ROLE_ELIGIBILITY_REQUESTS,
        "what begins later",
        "GD unifiedroleeligibilityschedulerequest-cancel",
    ),
];

fn refused(code: &'static str, message: &str) -> GraphError {
    GraphError::new(StatusCode::BAD_REQUEST, code, message)
}

pub(super) fn exists() -> GraphError {
    refused("RoleAssignmentExists", "The Role assignment already exists.")
}

pub(super) fn does_not_exist() -> GraphError {
    refused("RoleAssignmentDoesNotExist", "The Role assignment does not exist.")
}

fn is_above_roles(context: &Context<'_>) -> bool {
    let caller = context.caller;
    caller.is_application()
        || permissions::ROLE_MANAGEMENT_ROLES
            .iter()
            .any(|(_, role)| caller.holds(role))
}

/// Whether the caller may ask for this at all.
fn check_caller(context: &Context<'_>, action: &str, principal: &str) -> Result<(), GraphError> {
    let caller = context.caller;
    let removes = matches!(action, "adminRemove" | "selfDeactivate");
    let only_removes = !permissions::ROLE_ELIGIBILITY_REQUESTS.allow(caller, true)
        && !permissions::ROLE_ASSIGNMENT_REQUESTS.allow(caller, true);
    let may = if action.starts_with("self") {
        !caller.is_application() && principal.eq_ignore_ascii_case(&caller.object_id)
    } else {
        is_above_roles(context)
    };
    if may && (removes || !only_removes) {
        Ok(())
    } else {
        Err(GraphError::denied())
    }
}

/// Principal, role and scope of a request, as rows hold them.
fn named(context: &Context<'_>, body: &Row) -> Result<Row, GraphError> {
    let principal = required(body, "principalId")?;
    let holder = holder(context, principal).map_err(|error| match error.status {
        StatusCode::NOT_FOUND => refused("SubjectNotFound", "The subject is not found."),
        _ => error,
    })?;
    let role = required(body, "roleDefinitionId")?;
    let role = definition(context, role).ok_or_else(|| refused("RoleNotFound", "The role is not found."))?;
    if text(body, "directoryScopeId") != "/" {
        return Err(refused(
            "InvalidScope",
            "The scope is invalid: only '/' stands for the tenant.",
        ));
    }
    Ok(object(json!({
        "principalId": id_of(&holder), "roleDefinitionId": role, "directoryScopeId": "/", "appScopeId": null,
    })))
}

/// What a request brings about.
pub(super) struct Outcome {
    pub(super) written: Written,
    pub(super) status: &'static str,
    pub(super) target: Option<String>,
    pub(super) period: Option<Period>,
}

fn request(context: &Context<'_>, kind: &Kind) -> Result<Written, GraphError> {
    let body = context.entity_body(kind.entity.name, kind.entity)?;
    let action = required(&body, "action")?;
    let who = named(context, &body)?;
    check_caller(context, action, text(&who, "principalId"))?;
    let is_open = |row: &&Row| text(row, "status") == "PendingApproval" && same_assignment(row, &who);
    if context.directory().rows(kind.requests).any(|row| is_open(&row)) {
        return Err(refused(
            "PendingRoleAssignmentRequest",
            "There is already an existing pending Role assignment request.",
        ));
    }
    let id = context.new_id(kind.requests);
    let assigns_roles = std::ptr::eq(kind, &ASSIGNMENT);
    let outcome = match action {
        "adminAssign" => lend(context, kind, &body, &who, &id)?,
        "adminUpdate" | "adminExtend" => extend(context, kind, &body, &who)?,
        "adminRemove" => end(context, kind, &who, false)?,
        "selfActivate" if assigns_roles => activate(context, &body, &who, &id)?,
        "selfDeactivate" if assigns_roles => end(context, kind, &who, true)?,
        _ => {
            let place = format!("{} with action {action}", context.call.path);
            return Err(GraphError::not_implemented(&context.call.method, &place));
        }
    };
    let validation = body.get("isValidationOnly") == Some(&Value::Bool(true));
    let row = described(context, &body, who, &id, &outcome, validation);
    let answer = Answer::Object(StatusCode::CREATED, row.clone());
    if validation {
        return Ok(Written::answering(answer));
    }
    let removes = matches!(action, "adminRemove" | "selfDeactivate");
    let answer = if removes && context.faults.denies_removal(context.call) {
        Answer::Refused(does_not_exist())
    } else {
        answer
    };
    Ok(outcome
        .written
        .insert(context, kind.requests, row)
        .answering_with(answer))
}

fn described(context: &Context<'_>, body: &Row, who: Row, id: &str, outcome: &Outcome, validation: bool) -> Row {
    let given = |name: &str| body.get(name).cloned().unwrap_or_default();
    let expiration = |period: Period| {
        let sent = body.get("scheduleInfo").and_then(|info| info.get("expiration"));
        let sent = |name: &str| sent.and_then(|sent| sent.get(name)).cloned().unwrap_or_default();
        let kind = match (sent("type"), period.end) {
            (Value::String(kind), _) if kind != "notSpecified" => json!(kind),
            (_, Some(_)) => json!("afterDateTime"),
            (_, None) => json!("noExpiration"),
        };
        let end = if kind == "afterDuration" {
            Value::Null
        } else {
            json!(period.end)
        };
        json!({
            "startDateTime": period.start, "recurrence": null,
            "expiration": {"type": kind, "endDateTime": end, "duration": sent("duration")},
        })
    };
    let caller = context.caller;
    let by = json!({"displayName": null, "id": caller.object_id});
    let (user, application) = if caller.is_application() {
        (Value::Null, by)
    } else {
        (by, Value::Null)
    };
    let pending = outcome.status == "PendingApproval";
    let ticket = body.get("ticketInfo").filter(|ticket| ticket.is_object()).cloned();
    let mut row = object(json!({
        "id": id, "status": outcome.status, "createdDateTime": context.now,
        "completedDateTime": Some(context.now).filter(|_| !pending), "approvalId": Some(id).filter(|_| pending),
        "customData": given("customData"), "action": given("action"), "isValidationOnly": validation,
        "targetScheduleId": outcome.target, "justification": given("justification"),
        "createdBy": {"application": application, "device": null, "user": user},
        "scheduleInfo": outcome.period.map(expiration),
        "ticketInfo": ticket.unwrap_or_else(|| json!({"ticketNumber": null, "ticketSystem": null})),
    }));
    row.extend(who);
    row
}

fn cancel(context: &Context<'_>, kind: &Kind) -> Result<Written, GraphError> {
    let request = context.object(kind.requests, 0)?;
    let own = text(request, "principalId").eq_ignore_ascii_case(&context.caller.object_id);
    if !own && !is_above_roles(context) {
        return Err(GraphError::denied());
    }
    let instances = context.directory().rows(kind.instances);
    let mut ahead = instances.filter(|row| {
        let starts = text(row, "startDateTime").parse::<Timestamp>();
        text(row, kind.schedule_id) == id_of(request) && starts.is_ok_and(|start| start > context.now)
    });
    let canceled = object(json!({"status": "Canceled", "completedDateTime": context.now}));
    let written = Written::silently().set(kind.requests, by_id(id_of(request)), canceled);
    match (text(request, "status"), ahead.next()) {
        ("PendingApproval", _) => Ok(written),
        (_, Some(instance)) => Ok(written.remove(kind.instances, by_id(id_of(instance)))),
        _ => Err(GraphError::request_bad_request(
            "The request is completed and cannot be canceled any more.",
        )),
    }
}
