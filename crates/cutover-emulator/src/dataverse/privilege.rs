//! Privileges: what a role grants, and how far each grant reaches.
//!
//! Names of levels are those of *Security roles and privileges*; their names in answers those of the enumeration
//! `PrivilegeDepth`.

use serde_json::Value;
use uuid::Uuid;

use super::metadata::Table;
use crate::state::{Environment, Row};

/// How far a privilege reaches, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// Rows of the user.
    User,
    /// Rows of the business unit.
    BusinessUnit,
    /// Rows of the business unit and of those below it.
    ParentChild,
    /// All rows of the organization.
    Global,
}

impl Depth {
    /// As `RetrieveUserPrivileges` writes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "Basic",
            Self::BusinessUnit => "Local",
            Self::ParentChild => "Deep",
            Self::Global => "Global",
        }
    }
}

/// A privilege as a role's list holds it: `prvReadUser` reaches everything, `prvReadUser:business-unit` less.
/// `None` for a level that Dataverse does not have, so that a slip never grants more than was meant.
pub(super) fn read(listed: &str) -> Option<(&str, Depth)> {
    let (name, level) = listed.split_once(':').unwrap_or((listed, "global"));
    let depth = match level {
        "user" => Depth::User,
        "business-unit" => Depth::BusinessUnit,
        "parent-child" => Depth::ParentChild,
        "global" => Depth::Global,
        _ => return None,
    };
    Some((name, depth))
}

/// The id of a privilege. Microsoft's ids are the same in every environment but nowhere listed; these are
/// derived from the name (assumed).
pub(super) fn id(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
}

/// One grant of a privilege, to a user himself or to one of his teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    pub depth: Depth,
    /// Business unit of the holder, from which the depth counts.
    pub business_unit_id: String,
    /// The user or team that holds the role.
    pub holder_id: String,
}

impl Grant {
    /// Whether it reaches a row of the environment, as the environment holds it. Tables whose rows belong to
    /// nobody and to no unit belong to the organization: whoever may read them reads all of them.
    pub(super) fn reaches(&self, environment: &Environment, table: &Table<'_>, row: &Row) -> bool {
        let owner = owner_of(table, row);
        let Some(unit) = unit_of(environment, table, row) else {
            return owner.is_none() || self.depth == Depth::Global || self.owns(environment, owner);
        };
        match self.depth {
            Depth::Global => true,
            Depth::ParentChild => is_below(environment, unit, &self.business_unit_id) || self.owns(environment, owner),
            Depth::BusinessUnit => same(unit, &self.business_unit_id) || self.owns(environment, owner),
            // Roles and units belong to a unit and to nobody in it, which knows no level below the unit (assumed).
            Depth::User if owner.is_none() => same(unit, &self.business_unit_id),
            Depth::User => self.owns(environment, owner),
        }
    }

    /// Whether the holder, or a team that he is a member of, owns what `owner` owns.
    fn owns(&self, environment: &Environment, owner: Option<&str>) -> bool {
        owner.is_some_and(|owner| {
            let mut members = environment.tables.linked_from("teammembership_association", owner);
            same(owner, &self.holder_id) || members.any(|member| same(member, &self.holder_id))
        })
    }
}

fn text<'r>(row: &'r Row, column: &str) -> Option<&'r str> {
    row.get(column).and_then(Value::as_str)
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

/// The user or team that a row belongs to; users, teams and a user's settings belong to themselves.
fn owner_of<'r>(table: &Table<'_>, row: &'r Row) -> Option<&'r str> {
    match table.logical_name {
        "systemuser" | "usersettings" => text(row, "systemuserid"),
        "team" => text(row, "teamid"),
        _ => text(row, "_ownerid_value"),
    }
}

/// The business unit that a row belongs to: its own, or its owner's.
fn unit_of<'a>(environment: &'a Environment, table: &Table<'_>, row: &'a Row) -> Option<&'a str> {
    if table.logical_name == "businessunit" {
        return text(row, "businessunitid");
    }
    let tables = &environment.tables;
    ["_businessunitid_value", "_owningbusinessunit_value", "businessunitid"]
        .into_iter()
        .find_map(|column| text(row, column))
        .or_else(|| {
            let owner = owner_of(table, row)?;
            let owner = tables
                .find("systemusers", "systemuserid", owner)
                .or_else(|| tables.find("teams", "teamid", owner))?;
            text(owner, "_businessunitid_value")
        })
}

/// Whether a unit is another one or lies below it; a circle of units ends where it began.
fn is_below(environment: &Environment, unit: &str, above: &str) -> bool {
    let units = &environment.tables;
    let parent = |unit: &&str| {
        units
            .find("businessunits", "businessunitid", unit)
            .and_then(|row| text(row, "_parentbusinessunitid_value"))
    };
    std::iter::successors(Some(unit), parent)
        .take(units.rows("businessunits").len().saturating_add(1))
        .any(|unit| same(unit, above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_privilege_names_its_level_or_reaches_everything() {
        for (listed, wanted) in [
            ("prvReadUser", Some(("prvReadUser", Depth::Global))),
            ("prvReadUser:global", Some(("prvReadUser", Depth::Global))),
            ("prvReadUser:user", Some(("prvReadUser", Depth::User))),
            ("prvReadUser:business-unit", Some(("prvReadUser", Depth::BusinessUnit))),
            ("prvReadUser:parent-child", Some(("prvReadUser", Depth::ParentChild))),
            ("prvReadUser:bussiness-unit", None),
            ("prvReadUser:", None),
        ] {
            assert_eq!(read(listed), wanted, "{listed}");
        }
    }
}
