//! An administrator makes himself System Administrator of an environment.

use serde_json::Value;

use super::error::Refusal;
use super::{Plane, Request, Route, Who, of_new_plane};
use crate::exchange::Reply;
use crate::graph::{Directory, text};
use crate::state::{Elevation, Environment};
use crate::{dataverse, sync};

/// Role template of *System Administrator*.
const SYSTEM_ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";
const ROLES: &str = "systemuserroles_association";
/// `accessmode` of users who only administer.
const ADMINISTRATIVE: i64 = 1;

pub(super) const ROUTES: &[Route] = &[Route {
    operation: of_new_plane(
        "POST",
        "/usermanagement/environments/{environmentId}/user/applyAdminRole",
        &["UserManagement.Users.Apply"],
        "no body; 200; the caller in person only",
        "400, 403, 404 EnvironmentNotFound",
        "at once, with administrative access for whom the environment does not know yet (assumed); ends soon after the \
         directory role when that came through PIM, else it stays",
    ),
    plane: Plane::PowerPlatform,
    who: Who::PersonsOnly,
    answer: apply,
}];

fn apply(request: &Request<'_>) -> Result<Reply, Refusal> {
    request.change(|state, at| {
        let object_id = &request.caller.object_id;
        let directory = Directory {
            state,
            now: request.now,
        };
        let ends = state.assumed.elevation_ends && rests_on_activation(request, directory);
        let person = directory
            .find("users", "id", object_id)
            .map(|user| sync::person(directory, user));
        let environment = state
            .environments
            .get_mut(at)
            .ok_or_else(|| Refusal::no_environment(request.key(0)))?;
        if let Some(person) = person.filter(|_| own_row(environment, object_id).is_none()) {
            dataverse::add_person(environment, &person, ADMINISTRATIVE, request.now);
        }
        let (user, role) = user_and_role(environment, object_id)?;
        let had = environment
            .tables
            .linked_from(ROLES, &user)
            .any(|held| held.eq_ignore_ascii_case(&role));
        environment.tables.link(ROLES, &user, &role);
        if ends && !had {
            state.elevations.push(Elevation {
                object_id: object_id.clone(),
                organization_id: environment.organization_id.clone(),
                user_id: user,
                role_id: role,
            });
        }
        Ok(())
    })?;
    Ok(Reply::empty(http::StatusCode::OK))
}

/// Whether every role that makes the caller an administrator of the service came by an activation.
fn rests_on_activation(request: &Request<'_>, directory: Directory<'_>) -> bool {
    let instances = directory.role_assignment_instances();
    let holds = |template: &str| request.caller.holds(template);
    let mut held = instances.iter().filter(|instance| {
        let role = text(instance, "roleDefinitionId");
        let own = text(instance, "principalId").eq_ignore_ascii_case(&request.caller.object_id);
        let administers = |known: &&(&str, &str)| known.1.eq_ignore_ascii_case(role) && holds(known.1);
        own && super::rights::ADMINISTRATORS.iter().any(|known| administers(&known))
    });
    let activated = |instance: &crate::state::Row| text(instance, "assignmentType") == "Activated";
    let first = held.next();
    first.is_some_and(activated) && held.all(activated)
}

/// The caller's row in an environment.
fn own_row<'e>(environment: &'e Environment, object_id: &str) -> Option<&'e crate::state::Row> {
    let mut rows = environment.tables.rows("systemusers").iter();
    rows.find(|row| {
        text(row, "azureactivedirectoryobjectid").eq_ignore_ascii_case(object_id)
            && row.get("deletedstate").and_then(Value::as_i64) != Some(1)
    })
}

/// The caller's row, and the role in the caller's own business unit.
fn user_and_role(environment: &Environment, object_id: &str) -> Result<(String, String), Refusal> {
    let tables = &environment.tables;
    let own = |row: &crate::state::Row, column: &str| row.get(column).and_then(Value::as_str).map(str::to_owned);
    let (id, unit) = own_row(environment, object_id)
        .and_then(|user| Some((own(user, "systemuserid")?, own(user, "_businessunitid_value")?)))
        .ok_or_else(|| Refusal::not_emulated("elevation of somebody whom the directory does not know"))?;
    let role = tables.rows("roles").iter().find(|role| {
        own(role, "_roletemplateid_value").is_some_and(|template| template == SYSTEM_ADMINISTRATOR)
            && own(role, "_businessunitid_value").is_some_and(|there| there.eq_ignore_ascii_case(&unit))
    });
    let role = role.and_then(|role| own(role, "roleid"));
    let role = role.ok_or_else(|| Refusal::not_emulated("an environment without System Administrator"))?;
    Ok((id, role))
}
