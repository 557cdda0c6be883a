//! What requests of Privileged Identity Management bring about: instances made, moved and ended.

use jiff::Timestamp;
use serde_json::json;

use super::errors::GraphError;
use super::membership::{object, same_assignment, text};
use super::role_assignments::check_last;
use super::role_policy::{self, Level, Period, SHORTEST};
use super::role_schedule_requests::{ASSIGNMENT, Kind, Outcome, does_not_exist, exists};
use super::route::{Context, id_of};
use super::writing::{Written, by_id};
use crate::state::{Row, Tables};

fn instance(context: &Context<'_>, kind: &Kind, who: &Row, period: Period, schedule: &str, activated: bool) -> Row {
    let id = context.new_id(kind.instances);
    let mut row = object(json!({
        "id": id, "startDateTime": period.start, "endDateTime": period.end, "memberType": "Direct",
        kind.schedule_id: schedule,
    }));
    if std::ptr::eq(kind, &ASSIGNMENT) {
        row.insert(
            "assignmentType".to_owned(),
            json!(if activated { "Activated" } else { "Assigned" }),
        );
        row.insert("roleAssignmentOriginId".to_owned(), json!(id));
    }
    row.extend(who.clone());
    row
}

/// Instances of this principal, role and scope that have not ended.
fn standing<'a>(context: &Context<'a>, kind: &Kind, who: &Row) -> Vec<&'a Row> {
    let ended = |row: &Row| {
        text(row, "endDateTime")
            .parse::<Timestamp>()
            .is_ok_and(|end| end <= context.now)
    };
    let rows = context.directory().rows(kind.instances);
    rows.filter(|row| same_assignment(row, who) && !ended(row)).collect()
}

/// Whether somebody holds the role himself without Privileged Identity Management.
fn held_plainly(context: &Context<'_>, who: &Row) -> bool {
    let managed = context
        .directory()
        .rows(ASSIGNMENT.instances)
        .any(|row| same_assignment(row, who));
    let plain = context
        .directory()
        .rows("roleAssignments")
        .any(|row| same_assignment(row, who));
    plain && !managed
}

fn status(context: &Context<'_>, period: Period) -> &'static str {
    if period.start > context.now {
        "Granted"
    } else {
        "Provisioned"
    }
}

/// An administrator makes somebody hold a role, or eligible for it.
pub(super) fn lend(context: &Context<'_>, kind: &Kind, body: &Row, who: &Row, id: &str) -> Result<Outcome, GraphError> {
    let role = text(who, "roleDefinitionId");
    let there = standing(context, kind, who);
    let assigned = there.iter().any(|row| text(row, "assignmentType") != "Activated");
    if assigned || std::ptr::eq(kind, &ASSIGNMENT) && held_plainly(context, who) {
        return Err(exists());
    }
    let period = role_policy::period(context, body, role, kind.admin)?;
    role_policy::check(context, body, role, kind.admin, period, true)?;
    let row = instance(context, kind, who, period, id, false);
    Ok(Outcome {
        written: Written::silently().insert(context, kind.instances, row),
        status: status(context, period),
        target: Some(id.to_owned()),
        period: Some(period),
    })
}

/// Somebody activates what he, or a group that he is in, is eligible for.
pub(super) fn activate(context: &Context<'_>, body: &Row, who: &Row, id: &str) -> Result<Outcome, GraphError> {
    let role = text(who, "roleDefinitionId");
    if !standing(context, &ASSIGNMENT, who).is_empty() || held_plainly(context, who) {
        return Err(exists());
    }
    let principal = text(who, "principalId");
    let groups = context.directory().groups_of(principal, true);
    let holders: Vec<&str> = groups.into_iter().map(id_of).chain([principal]).collect();
    let eligible = context.directory().role_eligibility_instances().iter().any(|row| {
        let same_role = text(row, "roleDefinitionId").eq_ignore_ascii_case(role);
        same_role
            && holders
                .iter()
                .any(|holder| holder.eq_ignore_ascii_case(text(row, "principalId")))
    });
    let level = Level::EndUserAssignment;
    let period = role_policy::period(context, body, role, level)?;
    role_policy::check(context, body, role, level, period, eligible)?;
    if role_policy::needs_approval(context, role) {
        let row = instance(context, &ASSIGNMENT, who, period, id, true);
        let decision = role_policy::decision(context, role);
        return Ok(Outcome {
            written: match decision {
                Some((after, approved)) => Written::silently().decided_later(after, id, Some(row).filter(|_| approved)),
                None => Written::silently(),
            },
            status: "PendingApproval",
            target: None,
            period: Some(period),
        });
    }
    let row = instance(context, &ASSIGNMENT, who, period, id, true);
    Ok(Outcome {
        written: Written::silently().insert(context, ASSIGNMENT.instances, row),
        status: status(context, period),
        target: Some(id.to_owned()),
        period: Some(period),
    })
}

/// An approver decides on a request that still waits: the activation begins then, and lasts as long as it was asked for.
pub(crate) fn decide(directory: &mut Tables, request_id: &str, instance: Option<Row>, at: Timestamp) {
    let Some(request) = directory.find_mut(ASSIGNMENT.requests, "id", request_id) else {
        return;
    };
    if text(request, "status") != "PendingApproval" {
        return;
    }
    request.insert("completedDateTime".to_owned(), json!(at));
    let Some(mut instance) = instance else {
        request.insert("status".to_owned(), json!("Denied"));
        return;
    };
    request.insert("status".to_owned(), json!("Provisioned"));
    request.insert("targetScheduleId".to_owned(), json!(request_id));
    let moment = |name: &str| text(&instance, name).parse::<Timestamp>().ok();
    let begins = moment("startDateTime").map_or(at, |start| start.max(at));
    let lasts = moment("startDateTime").zip(moment("endDateTime"));
    let ends = lasts.and_then(|(start, end)| begins.checked_add(end.duration_since(start)).ok());
    instance.insert("startDateTime".to_owned(), json!(begins));
    instance.insert("endDateTime".to_owned(), json!(ends));
    directory.insert(ASSIGNMENT.instances, instance);
}

/// An administrator moves the end of what is there.
pub(super) fn extend(context: &Context<'_>, kind: &Kind, body: &Row, who: &Row) -> Result<Outcome, GraphError> {
    let role = text(who, "roleDefinitionId");
    let there = standing(context, kind, who);
    let there = there
        .into_iter()
        .find(|row| text(row, "assignmentType") != "Activated")
        .ok_or_else(does_not_exist)?;
    let mut period = role_policy::period(context, body, role, kind.admin)?;
    role_policy::check(context, body, role, kind.admin, period, true)?;
    period.start = text(there, "startDateTime").parse().unwrap_or(period.start);
    let properties = object(json!({"endDateTime": period.end}));
    Ok(Outcome {
        written: Written::silently().set(kind.instances, by_id(id_of(there)), properties),
        status: "Provisioned",
        target: Some(text(there, kind.schedule_id).to_owned()),
        period: Some(period),
    })
}

/// Somebody ends his activation, or an administrator whatever is there.
pub(super) fn end(context: &Context<'_>, kind: &Kind, who: &Row, activation: bool) -> Result<Outcome, GraphError> {
    let ends = |row: &&Row| !activation || text(row, "assignmentType") == "Activated";
    let (going, staying): (Vec<&Row>, Vec<&Row>) = standing(context, kind, who).into_iter().partition(ends);
    let assigns_roles = std::ptr::eq(kind, &ASSIGNMENT);
    let plain = assigns_roles && !activation && held_plainly(context, who);
    if going.is_empty() && !plain {
        return Err(does_not_exist());
    }
    let young = |row: &&Row| {
        let start = text(row, "startDateTime").parse::<Timestamp>();
        start.is_ok_and(|start| start <= context.now && context.now.duration_since(start) < SHORTEST)
    };
    if assigns_roles && going.iter().any(young) {
        return Err(role_policy::too_short());
    }
    if assigns_roles && staying.is_empty() {
        check_last(context, |there| same_assignment(there, who))?;
    }
    let mut written = Written::silently();
    for row in &going {
        written = written.remove(kind.instances, by_id(id_of(row)));
    }
    // The plain row of an assignment would stand again once its instance is gone.
    if assigns_roles && staying.is_empty() {
        let rows = context.directory().rows("roleAssignments");
        for row in rows.filter(|row| same_assignment(row, who)) {
            written = written.remove("roleAssignments", by_id(id_of(row)));
        }
    }
    Ok(Outcome {
        written,
        status: "Revoked",
        target: going.first().map(|row| text(row, kind.schedule_id).to_owned()),
        period: None,
    })
}
