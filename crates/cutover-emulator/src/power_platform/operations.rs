//! Operations on environments: what the control plane did and is doing.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::error::Refusal;
use super::{Plane, Request, Route, Who, of_new_plane, ok};
use crate::exchange::Reply;
use crate::state::{Environment, EnvironmentOperation};

const READ: &[&str] = &["EnvironmentManagement.Environments.Read"];
const ERRORS: &str = "400, 403, 404 EnvironmentNotFound, 404 OperationNotFound (assumed)";

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: of_new_plane(
            "GET",
            "/environmentmanagement/environments/{environmentId}/operations",
            READ,
            "limit, continuationToken; the newest first",
            "400, 403, 404 EnvironmentNotFound",
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: list,
    },
    Route {
        operation: of_new_plane(
            "GET",
            "/environmentmanagement/environments/{environmentId}/operations/{operationId}",
            READ,
            "status by the clock",
            ERRORS,
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: one,
    },
    Route {
        operation: of_new_plane(
            "GET",
            "/environmentmanagement/operations/{operationId}",
            READ,
            "status by the clock",
            ERRORS,
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: anywhere,
    },
];

/// Refuses when something is under way: one lifecycle operation at a time.
pub(super) fn running(environment: &Environment, now: Timestamp) -> Result<(), Refusal> {
    let mut operations = environment.administration.operations.iter();
    match operations.find(|operation| !operation.has_ended(now)) {
        None => Ok(()),
        Some(operation) => Err(Refusal::not_startable(format!(
            "Another operation is running: {} ({}).",
            operation.name, operation.id
        ))),
    }
}

/// Begins an operation that ends well after `takes`.
pub(super) fn begin(
    environment: &mut Environment,
    request: &Request<'_>,
    name: &str,
    takes: SignedDuration,
) -> EnvironmentOperation {
    let operation = EnvironmentOperation {
        id: request.id.clone(),
        name: name.to_owned(),
        requested_by: Some(request.caller.object_id.clone()),
        started: request.now,
        ends: Some(request.now.checked_add(takes).unwrap_or(Timestamp::MAX)),
        outcome: "Succeeded".to_owned(),
    };
    environment.administration.operations.push(operation.clone());
    operation
}

/// An operation (`OperationExecutionResult`).
fn shown(environment: &Environment, operation: &EnvironmentOperation, now: Timestamp) -> Value {
    let status = operation.status(now);
    let ends = operation.ends.filter(|_| operation.has_ended(now));
    let error = (status == "Failed").then(|| json!({"code": "OperationFailed", "fieldErrors": {}}));
    json!({
        "operationId": operation.id, "name": operation.name, "status": status, "startTime": operation.started,
        "endTime": ends, "requestedBy": operation.requested_by.as_ref().map(|id| json!({"userId": id})),
        "stageStatuses": [{
            "name": operation.name, "status": status, "startTime": operation.started, "endTime": ends,
        }],
        "errorDetail": error,
        "updatedEnvironment": {
            "environmentId": environment.administration.id,
            "displayName": environment.administration.display_name,
            "dataverseOrganizationUrl": format!("{}/", environment.url),
        },
    })
}

fn list(request: &Request<'_>) -> Result<Reply, Refusal> {
    let number = |name: &str, text: Option<String>, usual: usize| match text {
        None => Ok(usual),
        Some(text) => text.parse::<usize>().map_err(|_| {
            let text = format!("The query parameter {name} is not valid.");
            Refusal::invalid("InvalidQueryParameter", text)
        }),
    };
    let begins = number("continuationToken", request.parameter("continuationToken"), 0)?;
    let limit = number("limit", request.parameter("limit"), 50)?.max(1);
    let (page, total) = request.look(|_, environment| {
        let operations = &environment.administration.operations;
        let newest = operations.iter().rev().skip(begins).take(limit);
        let page: Vec<Value> = newest
            .map(|operation| shown(environment, operation, request.now))
            .collect();
        Ok((page, operations.len()))
    })?;
    let ends = begins.saturating_add(page.len());
    let next = (ends < total && !page.is_empty()).then(|| ends.to_string());
    Ok(ok(&json!({"collection": page, "continuationToken": next})))
}

fn missing(id: &str) -> Refusal {
    Refusal::not_found("OperationNotFound", format!("The operation '{id}' could not be found."))
}

fn one(request: &Request<'_>) -> Result<Reply, Refusal> {
    let id = request.key(1);
    let body = request.look(|_, environment| {
        let mut operations = environment.administration.operations.iter();
        let operation = operations.find(|operation| operation.id.eq_ignore_ascii_case(id));
        Ok(shown(environment, operation.ok_or_else(|| missing(id))?, request.now))
    })?;
    Ok(ok(&body))
}

fn anywhere(request: &Request<'_>) -> Result<Reply, Refusal> {
    let id = request.key(0);
    let found = request.emulator.read(|state| {
        state.environments.iter().find_map(|environment| {
            let mut operations = environment.administration.operations.iter();
            let operation = operations.find(|operation| operation.id.eq_ignore_ascii_case(id))?;
            Some(shown(environment, operation, request.now))
        })
    });
    Ok(ok(&found.ok_or_else(|| missing(id))?))
}
