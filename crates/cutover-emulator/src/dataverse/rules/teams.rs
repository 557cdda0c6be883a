//! Teams: where they stand, and who joins them.

use serde_json::{Value as Json, json};

use super::broken;
use crate::dataverse::error::Refusal;
use crate::dataverse::principal::Action;
use crate::dataverse::write::{Writing, text};
use crate::state::Row;

/// A team without a unit stands in its maker's, and without an administrator has its maker for one (assumed).
pub(super) fn create(writing: &Writing<'_>, team: &mut Row) -> Result<(), Refusal> {
    let principal = writing.request.principal;
    for (column, value) in [
        ("_businessunitid_value", json!(principal.business_unit_id)),
        ("_administratorid_value", json!(principal.id)),
        ("teamtype", json!(0)),
        ("membershiptype", json!(0)),
        ("isdefault", json!(false)),
        ("systemmanaged", json!(false)),
    ] {
        if team.get(column).is_none_or(Json::is_null) {
            team.insert(column.to_owned(), value);
        }
    }
    Ok(())
}

pub(super) fn join(writing: &Writing<'_>, team: &Row) -> Result<(), Refusal> {
    may_change(writing, team)?;
    if is_default(team) {
        let id = text(team, "teamid");
        return Err(broken(
            0x8004_830b,
            format!("Can't add members to the default business unit team (TeamId = {id})."),
        ));
    }
    Ok(())
}

pub(super) fn leave(writing: &Writing<'_>, team: &Row) -> Result<(), Refusal> {
    may_change(writing, team)?;
    if is_default(team) {
        let id = text(team, "teamid");
        return Err(broken(
            0x8004_830c,
            format!("Can't remove members from the default business unit team (TeamId = {id})."),
        ));
    }
    Ok(())
}

fn is_default(team: &Row) -> bool {
    team.get("isdefault").and_then(Json::as_bool) == Some(true)
}

/// Changing members is a change of the team. Those of a group team come from Entra, and how Dataverse refuses to
/// change them by hand is told by no document.
fn may_change(writing: &Writing<'_>, team: &Row) -> Result<(), Refusal> {
    let request = &writing.request;
    let table = request
        .view
        .schema
        .named("team")
        .ok_or_else(|| Refusal::no_resource("teams"))?;
    request
        .principal
        .may(Action::Write, writing.environment(), table, team)?;
    if matches!(team.get("teamtype").and_then(Json::as_i64), Some(2 | 3)) {
        return Err(Refusal::not_emulated(
            &request.call.method,
            "members of a team that stands for an Entra group",
        ));
    }
    Ok(())
}
