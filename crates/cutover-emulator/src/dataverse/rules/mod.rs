//! What Dataverse asks of certain tables beyond privileges and types, each with the code it refuses with.
//!
//! Codes and names follow *Web service error codes*.

mod columns;
mod roles;
mod settings;
mod solutions;
mod teams;
mod users;

use http::StatusCode;

use super::error::Refusal;
use super::metadata::Table;
use super::reference::Reference;
use super::write::Writing;
use crate::later::EnvironmentChange;
use crate::state::Row;

/// A rule that is broken.
fn broken(code: u32, message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, code, message)
}

/// What a row must be before it comes; may fill what the service fills.
pub(super) fn create(writing: &Writing<'_>, table: &Table<'_>, row: &mut Row) -> Result<(), Refusal> {
    users::compose_name(table, row, None);
    match table.logical_name {
        "solution" => solutions::create(writing, row),
        "fieldpermission" => columns::of_own_profile(writing, row),
        "team" => teams::create(writing, row),
        _ => Ok(()),
    }
}

/// What may change of a row that is there. Further changes that follow from it are returned.
pub(super) fn update(
    writing: &Writing<'_>,
    table: &Table<'_>,
    row: &Row,
    values: &mut Row,
    lookups: &[(&str, Option<Reference<'_>>)],
) -> Result<Vec<EnvironmentChange>, Refusal> {
    users::compose_name(table, values, Some(row));
    match table.logical_name {
        "systemuser" => users::update(writing, row, values, lookups),
        "usersettings" => settings::update(writing, values).map(|()| Vec::new()),
        "fieldsecurityprofile" | "fieldpermission" | "solution" => unmanaged(writing, table, row).map(|()| Vec::new()),
        "team" if lookups.iter().any(|(column, _)| *column == "_businessunitid_value") => Err(Refusal::not_emulated(
            &writing.request.call.method,
            "/teams({key}) to another business unit",
        )),
        "publisher" if row.get("isreadonly").and_then(serde_json::Value::as_bool) == Some(true) => Err(
            Refusal::not_emulated(&writing.request.call.method, "a read-only publisher"),
        ),
        _ => Ok(Vec::new()),
    }
}

/// What may go.
pub(super) fn delete(writing: &Writing<'_>, table: &Table<'_>, row: &Row) -> Result<(), Refusal> {
    match table.logical_name {
        "solution" => solutions::delete(writing, row),
        "fieldsecurityprofile" | "fieldpermission" => unmanaged(writing, table, row),
        "asyncoperation" if row.get("statecode").and_then(serde_json::Value::as_i64) != Some(3) => Err(
            Refusal::not_emulated(&writing.request.call.method, "a system job that has not ended"),
        ),
        "team" if row.get("isdefault").and_then(serde_json::Value::as_bool) == Some(true) => Err(
            Refusal::not_emulated(&writing.request.call.method, "the team of a business unit"),
        ),
        _ => Ok(()),
    }
}

/// What may be tied by a many-to-many relation; `from` and `to` are the ends as the relation names them.
pub(super) fn link(writing: &Writing<'_>, relation: &str, from: &Row, to: &Row) -> Result<(), Refusal> {
    match relation {
        "systemuserroles_association" => roles::give_user(writing, from, to),
        "teamroles_association" => roles::give_team(writing, from, to),
        "teammembership_association" => teams::join(writing, from),
        "systemuserprofiles_association" | "teamprofiles_association" => columns::give(writing, relation, from, to),
        _ => Ok(()),
    }
}

/// What may be parted, and whether somebody may try at all when nothing is tied (`is_tied`).
pub(super) fn unlink(
    writing: &Writing<'_>,
    relation: &str,
    from: &Row,
    to: &Row,
    is_tied: bool,
) -> Result<(), Refusal> {
    match relation {
        "systemuserroles_association" => roles::take_from_user(writing, from, to, is_tied),
        "teamroles_association" => roles::may_assign(writing, to),
        "teammembership_association" => teams::leave(writing, from),
        "systemuserprofiles_association" | "teamprofiles_association" => columns::take(writing, relation, from, to),
        _ => Ok(()),
    }
}

/// Whether more hangs on a lookup than the lookup itself.
pub(super) fn is_lookup_ruled(table: &Table<'_>, navigation: &str) -> bool {
    matches!(
        (table.logical_name, navigation),
        ("systemuser" | "team", "businessunitid")
    )
}

/// What a managed solution brought can only be changed by customising, which the emulator has not.
fn unmanaged(writing: &Writing<'_>, table: &Table<'_>, row: &Row) -> Result<(), Refusal> {
    if row.get("ismanaged").and_then(serde_json::Value::as_bool) == Some(true) {
        let what = format!("/{}({{key}}) of a managed solution", table.set);
        return Err(Refusal::not_emulated(&writing.request.call.method, &what));
    }
    Ok(())
}
