//! The rules of a role that a request of Privileged Identity Management has to keep.

use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};
use serde_json::Value;

use super::errors::GraphError;
use super::membership::text;
use super::route::Context;
use crate::state::Row;

/// What ends before this is refused (measured; GD error `ActiveDurationTooShort`).
pub(crate) const SHORTEST: SignedDuration = SignedDuration::from_mins(5);

/// Who asks for what: the middle and the end of the names of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// An administrator makes somebody hold a role.
    AdminAssignment,
    /// An administrator makes somebody eligible.
    AdminEligibility,
    /// Somebody activates what he is eligible for.
    EndUserAssignment,
}

impl Level {
    fn rule(self, kind: &str) -> String {
        let level = match self {
            Self::AdminAssignment => "Admin_Assignment",
            Self::AdminEligibility => "Admin_Eligibility",
            Self::EndUserAssignment => "EndUser_Assignment",
        };
        format!("{kind}_{level}")
    }
}

/// From when until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: Timestamp,
    /// `None`: without an end.
    pub(crate) end: Option<Timestamp>,
}

fn rule<'a>(context: &Context<'a>, role: &str, id: &str) -> Option<&'a Row> {
    let assignment = context
        .directory()
        .find("roleManagementPolicyAssignments", "roleDefinitionId", role)?;
    let rules = assignment.get("policy")?.get("rules")?.as_array()?;
    rules
        .iter()
        .filter_map(Value::as_object)
        .find(|rule| text(rule, "id") == id)
}

/// A moment and an ISO 8601 duration behind it.
fn after(start: Timestamp, duration: &str) -> Option<Timestamp> {
    let span: Span = duration.parse().ok()?;
    let end = start.to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    Some(end.timestamp())
}

/// The longest end that the policy allows; `None` where it demands none.
fn latest(context: &Context<'_>, role: &str, level: Level, start: Timestamp) -> Option<Timestamp> {
    let rule = rule(context, role, &level.rule("Expiration"))?;
    let required = level == Level::EndUserAssignment || rule.get("isExpirationRequired") == Some(&Value::Bool(true));
    let maximum = Some(text(rule, "maximumDuration")).filter(|_| required)?;
    after(start, maximum)
}

/// The period that a request asks for. What begins in the past begins now; what says nothing of its end lasts as long
/// as the policy allows (assumed).
pub(crate) fn period(context: &Context<'_>, body: &Row, role: &str, level: Level) -> Result<Period, GraphError> {
    let empty = Row::new();
    let inside = |row: &'_ Row, name: &str| row.get(name).and_then(Value::as_object).cloned();
    let info = inside(body, "scheduleInfo").unwrap_or_else(|| empty.clone());
    let expiration = inside(&info, "expiration").unwrap_or(empty);
    let start = text(&info, "startDateTime")
        .parse::<Timestamp>()
        .unwrap_or(context.now)
        .max(context.now);
    let wrong = |name: &str| GraphError::wrong_value(name, "an end behind the start");
    let end = match text(&expiration, "type") {
        "noExpiration" => None,
        "afterDateTime" => {
            let end = text(&expiration, "endDateTime").parse::<Timestamp>();
            Some(end.map_err(|_| wrong("endDateTime"))?)
        }
        "afterDuration" => {
            let end = after(start, text(&expiration, "duration"));
            Some(end.ok_or_else(|| wrong("duration"))?)
        }
        _ => latest(context, role, level, start),
    };
    if let Some(end) = end
        && end.duration_since(start) < SHORTEST
    {
        return Err(too_short());
    }
    Ok(Period { start, end })
}

pub(crate) fn too_short() -> GraphError {
    GraphError::new(
        http::StatusCode::BAD_REQUEST,
        "ActiveDurationTooShort",
        "The active duration is too short. Minimum required is 5 minutes.",
    )
}

/// Whether the role has to be approved by somebody before it is active.
pub(crate) fn needs_approval(context: &Context<'_>, role: &str) -> bool {
    rule(context, role, &Level::EndUserAssignment.rule("Approval"))
        .and_then(|rule| rule.get("setting")?.get("isApprovalRequired")?.as_bool())
        .unwrap_or(false)
}

/// After which time the approvers of a role say what; `None` when they say nothing. The world scripts it.
pub(crate) fn decision(context: &Context<'_>, role: &str) -> Option<(SignedDuration, bool)> {
    let assignment = context
        .directory()
        .find("roleManagementPolicyAssignments", "roleDefinitionId", role)?;
    let scripted = assignment.get("_emulator_approval")?;
    let after = scripted.get("after")?.as_i64()?;
    Some((SignedDuration::from_secs(after), scripted.get("approved")?.as_bool()?))
}

/// Refuses what breaks a rule, and names every rule that is broken.
pub(crate) fn check(
    context: &Context<'_>,
    body: &Row,
    role: &str,
    level: Level,
    period: Period,
    eligible: bool,
) -> Result<(), GraphError> {
    let mut failed = Vec::new();
    if let Some(latest) = latest(context, role, level, period.start)
        && period.end.is_none_or(|end| end > latest)
    {
        failed.push("ExpirationRule");
    }
    let enablement = rule(context, role, &level.rule("Enablement"));
    let enabled = enablement.and_then(|rule| rule.get("enabledRules")?.as_array());
    let demands = |name: &str| enabled.is_some_and(|rules| rules.iter().any(|rule| rule == name));
    let caller = context.caller;
    // An application has no second factor; that the rule does not hold for it is assumed.
    if demands("MultiFactorAuthentication") && !caller.is_application() && !caller.amr.iter().any(|way| way == "mfa") {
        failed.push("MfaRule");
    }
    if demands("Justification") && text(body, "justification").trim().is_empty() {
        failed.push("JustificationRule");
    }
    let ticket = body.get("ticketInfo").and_then(Value::as_object);
    if demands("Ticketing") && ticket.is_none_or(|ticket| text(ticket, "ticketNumber").trim().is_empty()) {
        failed.push("TicketingRule");
    }
    if !eligible {
        failed.push("EligibilityRule");
    }
    if failed.is_empty() {
        return Ok(());
    }
    let failed = serde_json::to_string(&failed).unwrap_or_default();
    Err(GraphError::new(
        http::StatusCode::BAD_REQUEST,
        "RoleAssignmentRequestPolicyValidationFailed",
        format!("The following policy rules failed: {failed}"),
    ))
}
