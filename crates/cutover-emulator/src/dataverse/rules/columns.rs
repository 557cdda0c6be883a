//! Column security profiles and their permissions.

use serde_json::Value as Json;

use super::roles::no_access_team;
use super::{broken, unmanaged};
use crate::dataverse::error::Refusal;
use crate::dataverse::principal::{Action, is_system_administrator};
use crate::dataverse::write::{Writing, text};
use crate::state::Row;

/// The profile *System Administrator*, which every organization has under this id.
const SYSTEM_ADMINISTRATOR: &str = "572329c1-a042-4e22-be47-367c6374ea45";

/// A permission can be added to a profile of one's own, not to one that a managed solution brought.
pub(super) fn of_own_profile(writing: &Writing<'_>, permission: &Row) -> Result<(), Refusal> {
    let request = &writing.request;
    let id = text(permission, "_fieldsecurityprofileid_value");
    let profiles = request.view.schema.named("fieldsecurityprofile");
    let tables = &writing.environment().tables;
    let profile = tables.find("fieldsecurityprofiles", "fieldsecurityprofileid", id);
    match (profiles, profile) {
        (Some(table), Some(profile)) => unmanaged(writing, table, profile),
        _ => Ok(()),
    }
}

pub(super) fn give(writing: &Writing<'_>, relation: &str, holder: &Row, profile: &Row) -> Result<(), Refusal> {
    may_change(writing, profile)?;
    let is_access_team = holder.get("teamtype").and_then(Json::as_i64) == Some(1);
    if relation == "teamprofiles_association" && is_access_team {
        return Err(no_access_team());
    }
    Ok(())
}

pub(super) fn take(writing: &Writing<'_>, relation: &str, holder: &Row, profile: &Row) -> Result<(), Refusal> {
    may_change(writing, profile)?;
    let is_administrators = text(profile, "fieldsecurityprofileid").eq_ignore_ascii_case(SYSTEM_ADMINISTRATOR);
    if relation == "systemuserprofiles_association" && is_administrators {
        let tables = &writing.environment().tables;
        let mut roles = tables.linked_from("systemuserroles_association", text(holder, "systemuserid"));
        let holds = roles.any(|role| {
            tables
                .find("roles", "roleid", role)
                .is_some_and(is_system_administrator)
        });
        if holds {
            return Err(broken(
                0x8004_f505,
                "The Sys Admin Profile cannot be removed from a user with a Sys Admin Role",
            ));
        }
    }
    Ok(())
}

/// Giving a profile is a change of the profile (assumed: the pages name no privilege).
fn may_change(writing: &Writing<'_>, profile: &Row) -> Result<(), Refusal> {
    let request = &writing.request;
    let table = request
        .view
        .schema
        .named("fieldsecurityprofile")
        .ok_or_else(|| Refusal::no_resource("fieldsecurityprofiles"))?;
    request
        .principal
        .may(Action::Write, writing.environment(), table, profile)
}
