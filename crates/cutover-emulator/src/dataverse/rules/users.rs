//! Users: access mode, disabling, business unit.

use serde_json::{Value as Json, json};

use super::broken;
use super::roles::{is_last_holder, last_holder, owns_across_units};
use crate::dataverse::error::Refusal;
use crate::dataverse::metadata::Table;
use crate::dataverse::principal::is_system_administrator;
use crate::dataverse::reference::Reference;
use crate::dataverse::write::{Writing, text};
use crate::graph::Directory;
use crate::later::{EnvironmentChange, TableChange};
use crate::state::Row;
use crate::sync::is_service_administrator;

const READ_WRITE: i64 = 0;
const ADMINISTRATIVE: i64 = 1;
const READ: i64 = 2;
const NON_INTERACTIVE: i64 = 4;

pub(super) fn update(
    writing: &Writing<'_>,
    user: &Row,
    values: &mut Row,
    lookups: &[(&str, Option<Reference<'_>>)],
) -> Result<Vec<EnvironmentChange>, Refusal> {
    for (column, code, message) in [
        ("islicensed", 0x8004_1d4c, "The property IsLicensed cannot be modified."),
        (
            "issyncwithdirectory",
            0x8004_1d4e,
            "The property IsSyncUserWithDirectory cannot be modified.",
        ),
    ] {
        if let Some(value) = values.remove(column)
            && user.get(column) != Some(&value)
        {
            return Err(broken(code, message));
        }
    }
    let number = |row: &Row| row.get("accessmode").and_then(Json::as_i64);
    if let Some(mode) = number(values)
        && number(user) != Some(mode)
    {
        change_access_mode(writing, user, mode)?;
    }
    let is_disabled = |row: &Row| row.get("isdisabled").and_then(Json::as_bool);
    if let Some(disabled) = is_disabled(values)
        && is_disabled(user).unwrap_or_default() != disabled
    {
        switch(writing, user, disabled)?;
    }
    let unit = lookups
        .iter()
        .find(|(column, _)| *column == "_businessunitid_value")
        .map(|(_, reference)| reference.as_ref());
    match unit {
        None => Ok(Vec::new()),
        Some(None) => Err(broken(0x8004_0203, "Attribute: businessunitid cannot be set to NULL")),
        Some(Some(unit)) => move_to(writing, user, unit.id),
    }
}

fn is_licensed(user: &Row) -> bool {
    user.get("islicensed").and_then(Json::as_bool).unwrap_or_default()
}

fn is_application(user: &Row) -> bool {
    !text(user, "applicationid").is_empty()
}

/// *Create users*: only a System Administrator changes the mode; without a licence only administrative and
/// non-interactive access can be had. That an application user keeps its mode is assumed, and that the modes of
/// Microsoft's own users (support, delegated administrator) cannot be set.
fn change_access_mode(writing: &Writing<'_>, user: &Row, mode: i64) -> Result<(), Refusal> {
    if !writing.request.principal.holds_all() {
        return Err(Refusal::new(
            http::StatusCode::FORBIDDEN,
            0x8004_8d2f,
            "The access mode of a user can only be changed by a user with the System Administrator role.",
        ));
    }
    let possible = !is_application(user)
        && match mode {
            READ_WRITE | READ => is_licensed(user),
            ADMINISTRATIVE | NON_INTERACTIVE => true,
            _ => false,
        };
    if possible {
        return Ok(());
    }
    Err(broken(
        0x8004_1d66,
        "The access mode cannot be changed to this value: the user has no licence for it, or is of another kind.",
    ))
}

fn switch(writing: &Writing<'_>, user: &Row, disabled: bool) -> Result<(), Refusal> {
    if !disabled {
        let mode = user.get("accessmode").and_then(Json::as_i64).unwrap_or_default();
        let needs_licence = !is_application(user) && !matches!(mode, ADMINISTRATIVE | NON_INTERACTIVE);
        if needs_licence && !is_licensed(user) {
            return Err(broken(0x8004_d24c, "You cannot enable a user who has no licence."));
        }
        return Ok(());
    }
    if is_tenant_administrator(writing, user) {
        return Err(broken(
            0x8004_1d65,
            "Users who are granted the Microsoft Office 365 Global administrator or Service administrator role cannot \
             be disabled in Microsoft Dynamics 365 Online. You must first remove the Microsoft Office 365 role, and \
             then try again.",
        ));
    }
    let holders = holders_of_system_administrator(writing);
    let holds = holders
        .iter()
        .any(|(holder, _)| holder.eq_ignore_ascii_case(text(user, "systemuserid")));
    if holds && is_last_holder(writing, user, None) {
        return Err(broken(
            0x8004_1d2f,
            "A user cannot be disabled if they are the only user that has the System Administrator Role.",
        ));
    }
    Ok(())
}

/// *Security roles and business units*: a user who moves loses the roles of the old unit, unless the organization
/// allows roles of other units.
fn move_to(writing: &Writing<'_>, user: &Row, unit_id: &str) -> Result<Vec<EnvironmentChange>, Refusal> {
    if text(user, "_businessunitid_value").eq_ignore_ascii_case(unit_id) {
        return Ok(Vec::new());
    }
    writing.request.principal.needs("prvReassignBusinessUnit")?;
    if owns_across_units(writing) {
        return Ok(Vec::new());
    }
    let id = text(user, "systemuserid");
    let holders = holders_of_system_administrator(writing);
    let holds = holders.iter().any(|(holder, _)| holder.eq_ignore_ascii_case(id));
    if holds && is_last_holder(writing, user, None) {
        return Err(last_holder());
    }
    let relation = "systemuserroles_association";
    let roles = writing.environment().tables.linked_from(relation, id);
    Ok(roles
        .map(|role| {
            EnvironmentChange::Tables(TableChange::Unlink {
                relation: relation.to_owned(),
                from: id.to_owned(),
                to: role.to_owned(),
            })
        })
        .collect())
}

/// Whether Dataverse takes the user for an administrator of the service: the Entra account holds a role that makes one,
/// or held it until a moment ago. Whether the rules about them still hold since Global Administrators stopped being
/// System Administrators by themselves is told by no document ([`crate::assumed`]).
pub(super) fn is_tenant_administrator(writing: &Writing<'_>, user: &Row) -> bool {
    let state = writing.state;
    let object_id = text(user, "azureactivedirectoryobjectid");
    if !state.assumed.administrators_keep_system_administrator || object_id.is_empty() {
        return false;
    }
    let former = state.former_administrators.get(&object_id.to_ascii_lowercase());
    let directory = Directory {
        state,
        now: writing.now,
    };
    former.is_some_and(|until| writing.now < *until) || is_service_administrator(directory, object_id)
}

/// Enabled users who hold System Administrator themselves, each with the copy held. Roles of teams do not count
/// (assumed).
pub(super) fn holders_of_system_administrator(writing: &Writing<'_>) -> Vec<(String, String)> {
    let tables = &writing.environment().tables;
    let copies = tables.rows("roles").iter().filter(|role| is_system_administrator(role));
    copies
        .flat_map(|role| {
            let role_id = text(role, "roleid");
            let users = tables.linked_to("systemuserroles_association", role_id);
            users.map(move |user| (user.to_owned(), role_id.to_owned()))
        })
        .filter(|(user, _)| {
            let row = tables.find("systemusers", "systemuserid", user);
            row.is_some_and(|row| row.get("isdisabled").and_then(Json::as_bool) != Some(true))
        })
        .collect()
}

/// The full name follows from its parts; `before` is the row as it was.
pub(super) fn compose_name(table: &Table<'_>, values: &mut Row, before: Option<&Row>) {
    let has_parts = ["firstname", "lastname", "fullname"]
        .iter()
        .all(|column| table.column(column).is_some());
    if !has_parts || !["firstname", "lastname"].iter().any(|part| values.contains_key(*part)) {
        return;
    }
    let part = |name: &str| {
        let value = values.get(name).or_else(|| before?.get(name));
        value.and_then(Json::as_str).unwrap_or_default().trim().to_owned()
    };
    let name = format!("{} {}", part("firstname"), part("lastname"));
    values.insert("fullname".to_owned(), json!(name.trim()));
}
