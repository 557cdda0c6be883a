//! Backups of environments. Restoring one is not emulated.

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::error::Refusal;
use super::operations::{begin, running};
use super::{JSON, Plane, Request, Route, Who, environments, of_new_plane, ok};
use crate::exchange::Reply;
use crate::state::{Backup, Environment};

/// "It may take 10 to 15 minutes until it can be restored": how long a new one is not listed (assumed, between both).
const TAKES: SignedDuration = SignedDuration::from_mins(12);
/// How long backups are kept: production with Dynamics 365 apps, and anything else.
const KEPT_LONG: SignedDuration = SignedDuration::from_hours(28 * 24);
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Longest label (assumed).
const LONGEST_LABEL: usize = 256;

pub(super) const ROUTES: &[Route] = &[
    Route {
        operation: of_new_plane(
            "GET",
            "/environmentmanagement/environments/{environmentId}/backups",
            &["EnvironmentManagement.Environments.Read"],
            "all in one page, the newest first",
            "400, 403, 404 EnvironmentNotFound",
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: list,
    },
    Route {
        operation: of_new_plane(
            "POST",
            "/environmentmanagement/environments/{environmentId}/backups",
            environments::WRITE,
            "{\"label\"}; 201",
            "400 ValidationResponse (no label, default environment), 403, 404 EnvironmentNotFound, 409 OperationNotStartable",
            "listed after 12 minutes (10 to 15 documented), kept 28 days, or 7 outside production",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: create,
    },
    Route {
        operation: of_new_plane(
            "DELETE",
            "/environmentmanagement/environments/{environmentId}/backups/{backupId}",
            environments::WRITE,
            "204; those made by hand only",
            "400 ValidationResponse, 403, 404 EnvironmentNotFound",
            "none",
        ),
        plane: Plane::PowerPlatform,
        who: Who::Administrators,
        answer: delete,
    },
];

/// A backup (`EnvironmentBackup`).
fn shown(backup: &Backup) -> Value {
    json!({
        "id": backup.id, "label": backup.label, "backupPointDateTime": backup.point,
        "backupExpiryDateTime": backup.expires,
        "createdBy": backup.made_by.as_ref().map(|id| json!({"userId": id})),
    })
}

fn list(request: &Request<'_>) -> Result<Reply, Refusal> {
    let backups = request.look(|_, environment| {
        let there = |backup: &&Backup| backup.listed <= request.now && request.now < backup.expires;
        let mut backups: Vec<&Backup> = environment.administration.backups.iter().filter(there).collect();
        backups.sort_by_key(|backup| std::cmp::Reverse(backup.point));
        Ok(backups.into_iter().map(shown).collect::<Vec<_>>())
    })?;
    Ok(ok(&json!({"collection": backups, "continuationToken": null})))
}

fn create(request: &Request<'_>) -> Result<Reply, Refusal> {
    let body = request.body()?;
    let label = body
        .get("label")
        .and_then(Value::as_str)
        .map(str::trim)
        .unwrap_or_default();
    if label.is_empty() || label.chars().count() > LONGEST_LABEL {
        return Err(Refusal::invalid(
            "InvalidLabel",
            "A backup needs a label of up to 256 letters.",
        ));
    }
    let backup = request.change(|state, at| {
        let environment = state
            .environments
            .get_mut(at)
            .ok_or_else(|| Refusal::no_environment(request.key(0)))?;
        if environment.administration.kind == "Default" {
            let text = "Manual backups of the default environment are not supported.";
            return Err(Refusal::invalid("BackupNotSupported", text));
        }
        running(environment, request.now)?;
        let operation = begin(environment, request, "Backup", TAKES);
        let backup = Backup {
            id: operation.id.clone(),
            label: Some(label.to_owned()),
            point: request.now,
            expires: request
                .now
                .checked_add(kept(environment))
                .unwrap_or(jiff::Timestamp::MAX),
            listed: operation.ends.unwrap_or(request.now),
            made_by: operation.requested_by,
        };
        environment.administration.backups.push(backup.clone());
        Ok(backup)
    })?;
    Ok(Reply::json(StatusCode::CREATED, JSON, &shown(&backup)))
}

fn kept(environment: &Environment) -> SignedDuration {
    if environment.administration.kind == "Production" {
        KEPT_LONG
    } else {
        KEPT
    }
}

fn delete(request: &Request<'_>) -> Result<Reply, Refusal> {
    let id = request.key(1);
    request.change(|state, at| {
        let environment = state
            .environments
            .get_mut(at)
            .ok_or_else(|| Refusal::no_environment(request.key(0)))?;
        let backups = &mut environment.administration.backups;
        let found = backups.iter().position(|backup| backup.id.eq_ignore_ascii_case(id));
        let found = found.filter(|found| backups.get(*found).is_some_and(|backup| backup.label.is_some()));
        let Some(found) = found else {
            let text = format!("There is no backup '{id}' that was made by hand.");
            return Err(Refusal::invalid("BackupNotFound", text));
        };
        backups.remove(found);
        Ok(())
    })?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
