//! Applications that count as Power Platform administrators, because an administrator registered them once.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::Refusal;
use super::{Plane, Request, Route, Who, ok, rights};
use crate::exchange::Reply;
use crate::operation::Operation;

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: row(
            "GET",
            "/providers/Microsoft.BusinessAppPlatform/adminApplications",
            "all of them",
        ),
        plane: Plane::BusinessAppPlatform,
        who: Who::Administrators,
        answer: list,
    },
    Route {
        operation: row("GET", PATH, "one"),
        plane: Plane::BusinessAppPlatform,
        who: Who::Administrators,
        answer: one,
    },
    Route {
        operation: row("PUT", PATH, "registers it; in person only"),
        plane: Plane::BusinessAppPlatform,
        who: Who::PersonsOnly,
        answer: register,
    },
    Route {
        operation: row("DELETE", PATH, "takes it out; in person only"),
        plane: Plane::BusinessAppPlatform,
        who: Who::PersonsOnly,
        answer: remove,
    },
];

const PATH: &str = "/providers/Microsoft.BusinessAppPlatform/adminApplications/{applicationId}";

const fn row(method: &'static str, path: &'static str, shapes: &'static str) -> Operation {
    Operation {
        service: "Power Platform administration (BAP)",
        method,
        path,
        application: &[],
        delegated: &["User"],
        directory_roles: rights::ADMINISTRATORS,
        shapes,
        errors: "400 MissingApiVersionParameter, 400 (no application id), 403, 404",
        throttle: "none of its own: no limit is published",
        delay: "none",
        source: "PPD powershell-create-service-principal; TF internal/services/admin_management_application",
    }
}

fn shown(app_id: &str) -> Value {
    json!({"applicationId": app_id})
}

fn application_id(request: &Request<'_>) -> Result<String, Refusal> {
    let written = request.key(0);
    Uuid::parse_str(written).map(|id| id.to_string()).map_err(|_| {
        let text = format!("The application id '{written}' is not a GUID.");
        Refusal::bad_request("InvalidApplicationId", text)
    })
}

fn missing(app_id: &str) -> Refusal {
    let text = format!("The application '{app_id}' is not registered.");
    Refusal::not_found("AdminApplicationNotFound", text)
}

fn list(request: &Request<'_>) -> Result<Reply, Refusal> {
    let all: Vec<Value> = request
        .emulator
        .read(|state| state.power_platform_apps.iter().map(|app_id| shown(app_id)).collect());
    Ok(ok(&json!({"value": all})))
}

fn one(request: &Request<'_>) -> Result<Reply, Refusal> {
    let app_id = application_id(request)?;
    let known = request
        .emulator
        .read(|state| state.power_platform_apps.contains(&app_id));
    if known {
        Ok(ok(&shown(&app_id)))
    } else {
        Err(missing(&app_id))
    }
}

fn register(request: &Request<'_>) -> Result<Reply, Refusal> {
    let app_id = application_id(request)?;
    request.emulator.write_by(&request.by(), |state| {
        if !state.power_platform_apps.contains(&app_id) {
            state.power_platform_apps.push(app_id.clone());
        }
    });
    Ok(ok(&shown(&app_id)))
}

fn remove(request: &Request<'_>) -> Result<Reply, Refusal> {
    let app_id = application_id(request)?;
    let gone = request.emulator.write_by(&request.by(), |state| {
        let before = state.power_platform_apps.len();
        state.power_platform_apps.retain(|known| *known != app_id);
        before != state.power_platform_apps.len()
    });
    if gone {
        Ok(Reply::empty(StatusCode::OK))
    } else {
        Err(missing(&app_id))
    }
}
