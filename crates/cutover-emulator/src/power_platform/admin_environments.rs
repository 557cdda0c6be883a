//! Environments, as the older plane shows them to administrators.

use serde_json::{Value, json};

use super::error::Refusal;
use super::{Plane, Request, Route, Who, ok, rights};
use crate::exchange::{Reply, host_of};
use crate::operation::Operation;
use crate::state::{Environment, State};

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: reading(
            "/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments",
            "$expand=properties.capacity is taken and adds nothing",
        ),
        plane: Plane::BusinessAppPlatform,
        who: Who::Administrators,
        answer: list,
    },
    Route {
        operation: reading(
            "/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments/{environmentId}",
            "states, linkedEnvironmentMetadata",
        ),
        plane: Plane::BusinessAppPlatform,
        who: Who::Administrators,
        answer: one,
    },
];

const fn reading(path: &'static str, shapes: &'static str) -> Operation {
    Operation {
        service: "Power Platform administration (BAP)",
        method: "GET",
        path,
        application: &[],
        delegated: &["User"],
        directory_roles: rights::ADMINISTRATORS,
        shapes,
        errors: "400 MissingApiVersionParameter, 403, 404 EnvironmentNotFound",
        throttle: "none of its own: no limit is published",
        delay: "none",
        source: "TF internal/services/environment (client code and recorded answers)",
    }
}

fn shown(state: &State, environment: &Environment) -> Value {
    let administration = &environment.administration;
    let id = &administration.id;
    let host = host_of(&environment.url);
    let (name, rest) = host.split_once('.').unwrap_or((host, ""));
    let on = |on: bool| if on { "Enabled" } else { "Disabled" };
    let runtime = if administration.admin_mode {
        "AdminMode"
    } else {
        "Enabled"
    };
    let unique_name = environment
        .tables
        .rows("organizations")
        .first()
        .and_then(|row| row.get("name").cloned());
    json!({
        "id": format!("/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments/{id}"),
        "type": "Microsoft.BusinessAppPlatform/scopes/environments", "location": administration.geo.to_lowercase(),
        "name": id,
        "properties": {
            "tenantId": state.tenant.id, "azureRegion": administration.region,
            "displayName": administration.display_name, "createdTime": administration.created,
            "provisioningState": "Succeeded", "creationType": "User", "environmentSku": administration.kind,
            "isDefault": administration.kind == "Default", "databaseType": "CommonDataService",
            "linkedEnvironmentMetadata": {
                "resourceId": environment.organization_id, "friendlyName": administration.display_name,
                "uniqueName": unique_name, "domainName": name, "version": environment.version,
                "instanceUrl": format!("{}/", environment.url),
                "instanceApiUrl": format!("https://{name}.api.{rest}"),
                "baseLanguage": administration.base_language, "instanceState": "Ready",
                "backgroundOperationsState": on(administration.background_operations),
                "securityGroupId": administration.security_group,
            },
            "states": {
                "management": {"id": administration.state},
                "runtime": {"id": runtime, "runtimeReasonCode": "NotSpecified"},
            },
        },
    })
}

fn list(request: &Request<'_>) -> Result<Reply, Refusal> {
    let all: Vec<Value> = request.emulator.read(|state| {
        let environments = state.environments.iter();
        environments.map(|environment| shown(state, environment)).collect()
    });
    Ok(ok(&json!({"value": all})))
}

fn one(request: &Request<'_>) -> Result<Reply, Refusal> {
    Ok(ok(&request.look(|state, environment| Ok(shown(state, environment)))?))
}
