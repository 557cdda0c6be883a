//! Application packages: what a tenant may install, what an environment has, and installing.
//!
//! No document says how the list shows a newer version of a package that is installed. Here it comes twice then: as it is
//! installed, and as it may be installed (assumed).

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::error::Refusal;
use super::{Plane, Request, Route, Who, installation, of_new_plane, ok};
use crate::exchange::Reply;
use crate::state::{Environment, Installation, InstallationStage, Package};

const READ: &[&str] = &["AppManagement.ApplicationPackages.Read"];

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: of_new_plane(
            "GET",
            "/appmanagement/applicationPackages",
            READ,
            "what the marketplace offers to the tenant",
            "400, 403",
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: of_tenant,
    },
    Route {
        operation: of_new_plane(
            "GET",
            "/appmanagement/environments/{environmentId}/applicationPackages",
            READ,
            "appInstallState All, Installed, NotInstalled; lcid; a newer version comes apart (assumed)",
            "400, 403, 404 EnvironmentNotFound",
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: of_environment,
    },
    Route {
        operation: of_new_plane(
            "POST",
            "/appmanagement/environments/{environmentId}/applicationPackages/{uniqueName}/install",
            &["AppManagement.ApplicationPackages.Install"],
            "202 with Operation-Location and InstancePackage; installs, or brings to the offered version",
            "400 ApplicationPackageInstalled (assumed; a setting), 403, 404 ApplicationPackageNotFound (assumed), 409 Conflict while another solution operation runs",
            "waits 1 minute, ends after 20 (assumed); then the package's manifest holds in the environment",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: installation::install,
    },
    Route {
        operation: of_new_plane(
            "GET",
            "/appmanagement/environments/{environmentId}/operations/{operationId}",
            READ,
            "NotStarted, Running, Succeeded, Failed by the clock",
            "400, 403, 404 EnvironmentNotFound, 404 OperationNotFound (assumed)",
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: operation,
    },
];

/// The id of a package, the same everywhere.
fn id_of(package: &Package, what: &str) -> Uuid {
    Uuid::new_v5(
        &Uuid::NAMESPACE_OID,
        format!("{what}/{}", package.unique_name).as_bytes(),
    )
}

fn error_details(message: &str) -> Value {
    json!({"errorName": "InstallFailed", "message": message, "type": "Error", "errorCode": -1, "statusCode": 500,
           "source": "ApplicationPackage"})
}

/// A row of the list (`ApplicationPackage`).
fn row(package: &Package, version: &str, state: &str, instance: bool, error: Option<&str>) -> Value {
    json!({
        "id": id_of(package, "package"), "uniqueName": package.unique_name, "version": version,
        "localizedName": package.name, "localizedDescription": null,
        "applicationId": id_of(package, "application"), "applicationName": package.name,
        "applicationDescription": null, "publisherName": package.publisher,
        "publisherId": Uuid::new_v5(&Uuid::NAMESPACE_OID, package.publisher.as_bytes()),
        "singlePageApplicationUrl": null, "learnMoreUrl": null, "platformMinVersion": "9.0",
        "platformMaxVersion": null, "customHandleUpgrade": false,
        "instancePackageId": instance.then(|| id_of(package, "instance")), "state": state,
        "catalogVisibility": "All", "applicationVisibility": "All", "lastError": error.map(error_details),
        "startDateUtc": "2020-01-01T00:00:00Z", "endDateUtc": "2050-01-01T00:00:00Z", "supportedCountries": [],
    })
}

/// What the list shows of a package: as it is installed, as it may be installed, or both.
fn rows(package: &Package, now: Timestamp) -> Vec<(bool, Value)> {
    let stage = package.installation.as_ref().map(|it| (it, it.stage(now)));
    let at_work = match &stage {
        Some((_, InstallationStage::Asked)) => Some("InstallRequested"),
        Some((_, InstallationStage::Running)) => Some("Installing"),
        Some((_, InstallationStage::Failed)) => Some("InstallFailed"),
        Some((_, InstallationStage::Succeeded)) => None,
        None => package.state.as_deref(),
    };
    let error = match &stage {
        Some((installation, InstallationStage::Failed)) => installation.error.as_deref(),
        Some(_) => None,
        None => package.last_error.as_deref(),
    };
    let mut rows = Vec::new();
    if let Some(version) = &package.installed {
        let offers_more = package.offered.as_ref().is_some_and(|offered| offered != version);
        // What goes on belongs to the version that is on its way.
        let state = at_work.filter(|_| !offers_more).unwrap_or("Installed");
        let error = error.filter(|_| !offers_more);
        rows.push((true, row(package, version, state, true, error)));
        if !offers_more {
            return rows;
        }
    }
    if let Some(version) = &package.offered {
        rows.push((false, row(package, version, at_work.unwrap_or("None"), false, error)));
    }
    rows
}

fn of_tenant(request: &Request<'_>) -> Result<Reply, Refusal> {
    let mut offered: Vec<Value> = Vec::new();
    request.emulator.read(|state| {
        let mut seen = std::collections::BTreeSet::new();
        let packages = state.environments.iter().flat_map(|it| &it.administration.packages);
        for package in packages.filter(|package| package.listed) {
            if let Some(version) = package
                .offered
                .as_deref()
                .filter(|_| seen.insert(package.unique_name.clone()))
            {
                offered.push(row(package, version, "None", false, None));
            }
        }
    });
    Ok(ok(&json!({"value": offered})))
}

fn of_environment(request: &Request<'_>) -> Result<Reply, Refusal> {
    let wanted = request.parameter("appInstallState").unwrap_or_else(|| "All".to_owned());
    let wanted = match wanted.to_ascii_lowercase().as_str() {
        "all" => None,
        "installed" => Some(true),
        "notinstalled" => Some(false),
        _ => {
            let text = format!("The value '{wanted}' of appInstallState is not valid.");
            return Err(Refusal::bad_request("InvalidQueryParameter", text));
        }
    };
    let value = request.look(|_, environment| {
        let packages = environment.administration.packages.iter();
        let rows = packages
            .filter(|package| package.listed)
            .flat_map(|package| rows(package, request.now));
        let rows = rows.filter(|(installed, _)| wanted.is_none_or(|wanted| wanted == *installed));
        Ok(rows.map(|(_, row)| row).collect::<Vec<_>>())
    })?;
    Ok(ok(&json!({"value": value})))
}

/// An installed or installing package (`InstancePackage`).
pub(super) fn instance(package: &Package, installation: &Installation, now: Timestamp) -> Value {
    let state = match installation.stage(now) {
        InstallationStage::Asked => "InstallRequested",
        InstallationStage::Running => "Installing",
        InstallationStage::Succeeded => "Installed",
        InstallationStage::Failed => "InstallFailed",
    };
    let mut body = Map::new();
    for (name, value) in [
        ("id", json!(id_of(package, "instance"))),
        ("packageId", json!(id_of(package, "package"))),
        ("packageUniqueName", json!(package.unique_name)),
        ("packageVersion", json!(installation.version)),
        ("localizedName", json!(package.name)),
        ("publisherName", json!(package.publisher)),
        ("applicationId", json!(id_of(package, "application"))),
        ("applicationName", json!(package.name)),
    ] {
        body.insert(name.to_owned(), value);
    }
    let operation = json!({
        "operationId": installation.operation_id, "instancePackageId": id_of(package, "instance"), "state": state,
        "createdOn": installation.asked, "modifiedOn": now, "statusMessage": "",
        "errorDetails": null,
    });
    body.insert("lastOperation".to_owned(), operation);
    Value::Object(body)
}

fn operation(request: &Request<'_>) -> Result<Reply, Refusal> {
    let id = request.key(1);
    let body = request.look(|_, environment: &Environment| {
        let packages = environment.administration.packages.iter();
        let mut installations = packages.filter_map(|package| package.installation.as_ref());
        let found = installations.find(|it| it.operation_id.eq_ignore_ascii_case(id));
        let installation = found.ok_or_else(|| {
            Refusal::not_found("OperationNotFound", format!("The operation '{id}' could not be found."))
        })?;
        let (status, last) = match installation.stage(request.now) {
            InstallationStage::Asked => ("NotStarted", installation.asked),
            InstallationStage::Running => ("Running", installation.begins),
            InstallationStage::Succeeded => ("Succeeded", installation.ends),
            InstallationStage::Failed => ("Failed", installation.ends),
        };
        let error = installation.error.as_deref().filter(|_| status == "Failed");
        Ok(json!({
            "operationId": installation.operation_id, "createdDateTime": installation.asked,
            "lastActionDateTime": last, "status": status, "statusMessage": error.unwrap_or_default(),
            "error": error.map(error_details),
        }))
    })?;
    Ok(ok(&body))
}
