//! Security roles: who may give them to whom, and who keeps them.
//!
//! *Assign security roles*: it takes Read and Assign on the role, and nobody gives more than he has himself.

use serde_json::Value as Json;

use super::broken;
use super::users::{holders_of_system_administrator, is_tenant_administrator};
use crate::dataverse::error::Refusal;
use crate::dataverse::principal::{Action, is_system_administrator};
use crate::dataverse::write::{Writing, text};
use crate::state::Row;

/// `teamtype`: 1 holds no roles, 2 and 3 stand for an Entra group.
const ACCESS_TEAM: i64 = 1;
const GROUP_TEAMS: [i64; 2] = [2, 3];

pub(super) fn give_user(writing: &Writing<'_>, user: &Row, role: &Row) -> Result<(), Refusal> {
    may_assign(writing, role)?;
    if !same_unit(user, role) && !owns_across_units(writing) {
        return Err(broken(
            0x8004_1409,
            "The user is not in the same business unit as the role: a user can only hold the copies of roles of the \
             own business unit.",
        ));
    }
    may_give(writing, role)
}

pub(super) fn give_team(writing: &Writing<'_>, team: &Row, role: &Row) -> Result<(), Refusal> {
    may_assign(writing, role)?;
    let kind = team.get("teamtype").and_then(Json::as_i64).unwrap_or_default();
    if kind == ACCESS_TEAM {
        return Err(no_access_team());
    }
    if GROUP_TEAMS.contains(&kind) && role.get("isinherited").and_then(Json::as_i64) == Some(0) {
        return Err(broken(
            0x8004_8350,
            format!(
                "Cannot assign security role with \"Team Privileges only\" Inheritance to AAD Group or Office Group \
                 teams. (TeamId = {})",
                text(team, "teamid")
            ),
        ));
    }
    if !same_unit(team, role) && !owns_across_units(writing) {
        return Err(broken(
            0x8004_140d,
            "The team is not in the same business unit as the role: a team can only hold the copies of roles of the \
             own business unit.",
        ));
    }
    may_give(writing, role)
}

pub(super) fn take_from_user(writing: &Writing<'_>, user: &Row, role: &Row, is_tied: bool) -> Result<(), Refusal> {
    may_assign(writing, role)?;
    if !is_tied || !is_system_administrator(role) {
        return Ok(());
    }
    if is_tenant_administrator(writing, user) {
        return Err(broken(
            0x8004_1d64,
            "Users who are granted the Microsoft Office 365 Global administrator or Service administrator role cannot \
             be removed from the Microsoft Dynamics 365 System Administrator security role. You must first remove the \
             Microsoft Office 365 role, and then try again.",
        ));
    }
    if is_last_holder(writing, user, Some(role)) {
        return Err(last_holder());
    }
    Ok(())
}

pub(super) fn last_holder() -> Refusal {
    broken(
        0x8004_1d30,
        "A user cannot be removed from the System Administrator Role if they are the only user that has the role.",
    )
}

/// Whether nobody but `user` would hold System Administrator; `role` is the copy that is looked at alone.
pub(super) fn is_last_holder(writing: &Writing<'_>, user: &Row, role: Option<&Row>) -> bool {
    let own = text(user, "systemuserid");
    let holders = holders_of_system_administrator(writing);
    !holders.iter().any(|(holder, held)| {
        let is_other = !holder.eq_ignore_ascii_case(own);
        // Who holds two copies still holds the other one.
        let other_copy = role.is_some_and(|role| !held.eq_ignore_ascii_case(text(role, "roleid")));
        is_other || other_copy
    })
}

/// Refuses a user who may not assign a role.
pub(super) fn may_assign(writing: &Writing<'_>, role: &Row) -> Result<(), Refusal> {
    let request = &writing.request;
    let table = request
        .view
        .schema
        .named("role")
        .ok_or_else(|| Refusal::no_resource("roles"))?;
    writing.readable(table, role)?;
    request
        .principal
        .may(Action::Assign, writing.environment(), table, role)
}

/// "You can't assign a security role that has more privileges than your own."
fn may_give(writing: &Writing<'_>, role: &Row) -> Result<(), Refusal> {
    let principal = writing.request.principal;
    match principal.lacks_of_role(writing.environment(), text(role, "roleid")) {
        None => Ok(()),
        Some(lacking) => Err(Refusal::new(
            http::StatusCode::FORBIDDEN,
            0x8004_0220,
            format!(
                "Principal user (Id={}) cannot assign the role '{}': it has privileges that the user has not, {} \
                 among them.",
                principal.id,
                text(role, "name"),
                if lacking == "*" {
                    "all of System Administrator"
                } else {
                    lacking
                }
            ),
        )),
    }
}

pub(super) fn no_access_team() -> Refusal {
    broken(0x8004_8331, "Cannot assign roles or profiles to an access team.")
}

fn same_unit(holder: &Row, role: &Row) -> bool {
    text(holder, "_businessunitid_value").eq_ignore_ascii_case(text(role, "_businessunitid_value"))
}

/// The organization setting under which users hold roles of other business units (*Matrix data access structure*).
pub(super) fn owns_across_units(writing: &Writing<'_>) -> bool {
    const SETTING: &str = "<EnableOwnershipAcrossBusinessUnits>true</EnableOwnershipAcrossBusinessUnits>";
    let environment = writing.environment();
    let row = environment
        .tables
        .find("organizations", "organizationid", &environment.organization_id);
    row.is_some_and(|row| {
        text(row, "orgdborgsettings")
            .to_ascii_lowercase()
            .contains(&SETTING.to_ascii_lowercase())
    })
}
