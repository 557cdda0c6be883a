//! An administrator makes himself System Administrator of an environment.

use serde_json::Value;

use super::error::Refusal;
use super::{Plane, Request, Route, Who, of_new_plane};
use crate::exchange::Reply;
use crate::later::{Change, EnvironmentChange, Scheduled, TableChange};
use crate::state::{Environment, State};

/// Role template of *System Administrator*.
const SYSTEM_ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";
const ROLES: &str = "systemuserroles_association";

pub(super) const ROUTES: &[Route] = &[Route {
    operation: of_new_plane(
        "POST",
        "/usermanagement/environments/{environmentId}/user/applyAdminRole",
        &["UserManagement.Users.Apply"],
        "no body; 200; the caller in person only",
        "400, 403, 404 EnvironmentNotFound; 501 for somebody whom the environment does not know yet",
        "at once; ends with the directory role's activation when that came through PIM, else it stays",
    ),
    plane: Plane::PowerPlatform,
    who: Who::PersonsOnly,
    answer: apply,
}];

fn apply(request: &Request<'_>) -> Result<Reply, Refusal> {
    request.change(|state, at| {
        let ends = super::rights::ADMINISTRATORS
            .iter()
            .filter(|(_, template)| request.caller.holds(template))
            .map(|(_, template)| activation_end(state, &request.caller.object_id, template))
            .reduce(|one, other| one.zip(other).map(|(one, other)| one.max(other)))
            .flatten();
        let environment = state
            .environments
            .get_mut(at)
            .ok_or_else(|| Refusal::no_environment(request.key(0)))?;
        let (user, role) = user_and_role(environment, &request.caller.object_id)?;
        let had = environment
            .tables
            .linked_from(ROLES, &user)
            .any(|held| held.eq_ignore_ascii_case(&role));
        environment.tables.link(ROLES, &user, &role);
        let organization_id = environment.organization_id.clone();
        if let Some(at) = ends.filter(|_| !had) {
            let unlink = TableChange::Unlink {
                relation: ROLES.to_owned(),
                from: user,
                to: role,
            };
            let change = Change::Environment {
                organization_id,
                change: EnvironmentChange::Tables(unlink),
            };
            state.schedule(Scheduled { at, change });
        }
        Ok(())
    })?;
    Ok(Reply::empty(http::StatusCode::OK))
}

/// When somebody's activation of a directory role ends; `None` when the role stays.
fn activation_end(state: &State, object_id: &str, template: &str) -> Option<jiff::Timestamp> {
    let held = state
        .directory
        .rows("roleAssignmentScheduleInstances")
        .iter()
        .filter(|instance| {
            let is = |property: &str, wanted: &str| {
                let value = instance.get(property).and_then(Value::as_str);
                value.is_some_and(|value| value.eq_ignore_ascii_case(wanted))
            };
            is("principalId", object_id) && is("roleDefinitionId", template)
        });
    let ends: Vec<Option<jiff::Timestamp>> = held
        .map(|instance| {
            let activated = instance.get("assignmentType").and_then(Value::as_str) == Some("Activated");
            let end = instance.get("endDateTime").and_then(Value::as_str)?.parse().ok()?;
            activated.then_some(end)
        })
        .collect();
    let all: Option<Vec<jiff::Timestamp>> = ends.into_iter().collect();
    all?.into_iter().max()
}

/// The caller's row, and the role in the caller's own business unit.
fn user_and_role(environment: &Environment, object_id: &str) -> Result<(String, String), Refusal> {
    let tables = &environment.tables;
    let text = |row: &crate::state::Row, column: &str| row.get(column).and_then(Value::as_str).map(str::to_owned);
    let user = tables.find("systemusers", "azureactivedirectoryobjectid", object_id);
    let (id, unit) = user
        .and_then(|user| Some((text(user, "systemuserid")?, text(user, "_businessunitid_value")?)))
        .ok_or_else(|| Refusal::not_emulated("elevation of somebody who is no user of the environment yet"))?;
    let role = tables.rows("roles").iter().find(|role| {
        text(role, "_roletemplateid_value").is_some_and(|template| template == SYSTEM_ADMINISTRATOR)
            && text(role, "_businessunitid_value").is_some_and(|there| there.eq_ignore_ascii_case(&unit))
    });
    let role = role.and_then(|role| text(role, "roleid"));
    let role = role.ok_or_else(|| Refusal::not_emulated("an environment without System Administrator"))?;
    Ok((id, role))
}
