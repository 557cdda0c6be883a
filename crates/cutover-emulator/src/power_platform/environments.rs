//! Environments, their administration mode, and where their backups can be restored.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::error::Refusal;
use super::operations::{begin, running};
use super::{Plane, Request, Route, Who, accepted, of_new_plane, ok};
use crate::exchange::{Reply, host_of};
use crate::later::{AdministrationChange, Change, EnvironmentChange, Scheduled};
use crate::odata::{self, Navigate, ODataError};
use crate::state::{Environment, Row, State};

/// How long it takes to enter or leave the administration mode (assumed).
const ADMIN_MODE_TAKES: SignedDuration = SignedDuration::from_secs(60);

const READ: &[&str] = &["EnvironmentManagement.Environments.Read"];
pub(super) const WRITE: &[&str] = &["EnvironmentManagement.Environments.Write"];
const NO_ENVIRONMENT: &str = "400 MissingApiVersionParameter, 403, 404 EnvironmentNotFound";

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: of_new_plane(
            "GET",
            "/environmentmanagement/environments",
            READ,
            "$filter, $select, $orderby, $top, $skip, ids",
            "400 MissingApiVersionParameter, 400 InvalidQuery, 403",
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: list,
    },
    Route {
        operation: of_new_plane(
            "GET",
            "/environmentmanagement/environments/{environmentId}",
            READ,
            "$select",
            NO_ENVIRONMENT,
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: one,
    },
    Route {
        operation: of_new_plane(
            "GET",
            "/environmentmanagement/environments/{environmentId}/restoreCandidates",
            READ,
            "sandboxes of the same region",
            NO_ENVIRONMENT,
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: restore_candidates,
    },
    Route {
        operation: of_new_plane(
            "POST",
            "/environmentmanagement/environments/{environmentId}/Disable",
            WRITE,
            "{\"reason\"}; 202 with Operation-Location: administration mode begins",
            "400, 403, 404 EnvironmentNotFound, 409 OperationNotStartable",
            "a minute (assumed)",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: disable,
    },
    Route {
        operation: of_new_plane(
            "POST",
            "/environmentmanagement/environments/{environmentId}/Enable",
            WRITE,
            "{\"reason\"}; 202 with Operation-Location: administration mode ends",
            "400, 403, 404 EnvironmentNotFound, 409 OperationNotStartable",
            "a minute (assumed)",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: enable,
    },
];

/// An environment as the list shows it (`EnvironmentResponse`).
fn shown(state: &State, environment: &Environment) -> Row {
    let administration = &environment.administration;
    let on = |on: bool| if on { "Enabled" } else { "Disabled" };
    let value = json!({
        "id": administration.id, "displayName": administration.display_name, "tenantId": state.tenant.id,
        "type": administration.kind, "state": administration.state, "geo": administration.geo,
        "azureRegion": administration.region, "createdDateTime": administration.created,
        "deletedDateTime": null, "adminMode": on(administration.admin_mode),
        "backgroundOperationsState": on(administration.background_operations),
        "url": format!("{}/", environment.url), "dataverseId": environment.organization_id,
        "domainName": host_of(&environment.url).split('.').next(), "version": environment.version,
        "securityGroupId": administration.security_group, "protectionLevel": "Basic",
        "environmentGroupId": null, "retentionDetails": null,
    });
    match value {
        Value::Object(row) => row,
        _ => Row::new(),
    }
}

/// Environments are rows without navigation.
struct Flat;

impl Navigate for Flat {
    fn one(&self, _: &Row, _: &str) -> Option<Option<Row>> {
        None
    }

    fn many(&self, _: &Row, _: &str) -> Option<Vec<Row>> {
        None
    }
}

fn unreadable(error: &ODataError) -> Refusal {
    Refusal::bad_request("InvalidQuery", format!("The query is not valid: {error}."))
}

fn list(request: &Request<'_>) -> Result<Reply, Refusal> {
    let query = odata::parse(&request.call.query).map_err(|error| unreadable(&error))?;
    let known = ["$select", "$filter", "$orderby", "$top", "$skip"];
    if let Some(option) = query.given().find(|option| !known.contains(option)) {
        return Err(Refusal::bad_request(
            "InvalidQuery",
            format!("The option {option} is not supported."),
        ));
    }
    let ids = request.parameter("ids");
    let ids: Option<Vec<&str>> = ids.as_deref().map(|ids| ids.split(',').map(str::trim).collect());
    let mut rows: Vec<Row> = request.emulator.read(|state| {
        let wanted = |environment: &&Environment| {
            ids.as_ref().is_none_or(|ids| {
                ids.iter()
                    .any(|id| id.eq_ignore_ascii_case(&environment.administration.id))
            })
        };
        let environments = state.environments.iter().filter(wanted);
        environments.map(|environment| shown(state, environment)).collect()
    });
    if let Some(filter) = &query.filter {
        let mut kept = Vec::new();
        for row in rows {
            if odata::matches(filter, &row, &Flat).map_err(|error| unreadable(&error))? {
                kept.push(row);
            }
        }
        rows = kept;
    }
    odata::order(&mut rows, &query.order_by, &Flat);
    let page = rows
        .iter()
        .skip(query.skip.unwrap_or(0))
        .take(query.top.unwrap_or(usize::MAX));
    let value: Vec<Value> = page
        .map(|row| Value::Object(odata::project(row, query.select.as_deref())))
        .collect();
    Ok(ok(&json!({"value": value})))
}

fn one(request: &Request<'_>) -> Result<Reply, Refusal> {
    let query = odata::parse(&request.call.query).map_err(|error| unreadable(&error))?;
    let row = request.look(|state, environment| Ok(shown(state, environment)))?;
    Ok(ok(&Value::Object(odata::project(&row, query.select.as_deref()))))
}

/// "Restore works only into a sandbox", of the same region.
fn restore_candidates(request: &Request<'_>) -> Result<Reply, Refusal> {
    let candidates = request.look(|state, source| {
        let fits = |environment: &&Environment| {
            environment.administration.kind == "Sandbox"
                && environment.administration.region == source.administration.region
        };
        let shown = |environment: &Environment| {
            json!({
                "environmentId": environment.administration.id,
                "displayName": environment.administration.display_name,
                "dataverseOrganizationUrl": format!("{}/", environment.url),
            })
        };
        Ok(state.environments.iter().filter(fits).map(shown).collect::<Vec<_>>())
    })?;
    Ok(ok(&json!({"collection": candidates, "continuationToken": null})))
}

fn disable(request: &Request<'_>) -> Result<Reply, Refusal> {
    administration_mode(request, true)
}

fn enable(request: &Request<'_>) -> Result<Reply, Refusal> {
    administration_mode(request, false)
}

fn administration_mode(request: &Request<'_>, on: bool) -> Result<Reply, Refusal> {
    request.body()?;
    let name = if on { "Disable" } else { "Enable" };
    let operation = request.change(|state, at| {
        let environment = state
            .environments
            .get_mut(at)
            .ok_or_else(|| Refusal::no_environment(request.key(0)))?;
        running(environment, request.now)?;
        let operation = begin(environment, request, name, ADMIN_MODE_TAKES);
        let change = Change::Environment {
            organization_id: environment.organization_id.clone(),
            change: EnvironmentChange::Administration(AdministrationChange::AdminMode(on)),
        };
        let at = operation.ends.unwrap_or(request.now);
        state.schedule(Scheduled::by_time(at, change));
        Ok(operation)
    })?;
    let path = format!(
        "/environmentmanagement/environments/{}/operations/{}",
        request.key(0),
        operation.id
    );
    Ok(accepted(request.call, &path))
}
