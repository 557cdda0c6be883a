//! Who the caller is to Dataverse, and what he may do.
//!
//! Dataverse knows no permission names of Entra: a token only proves the identity; rights come from the
//! security roles of the user row, direct ones and those of the user's teams.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;

use super::error::Refusal;
use super::metadata::Table;
use super::privilege::{self, Depth, Grant};
use super::schema::Schema;
use super::writable;
use crate::caller::Caller;
use crate::state::{Environment, Row};

/// Role template of *System Administrator*, whose roles hold every privilege.
const SYSTEM_ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";
/// Role template of *System Customizer*.
const SYSTEM_CUSTOMIZER: &str = "119f245c-3cc8-4b62-b31c-d1a046ced15d";
/// The privilege to act as somebody else.
const IMPERSONATE: &str = "prvActOnBehalfOfAnotherUser";
/// The privilege to read table definitions.
const READ_DEFINITIONS: &str = "prvReadEntity";
/// `teamtype` of access teams, which hold no roles.
const ACCESS_TEAM: i64 = 1;
/// Privileges beside those to read a table, as far as the emulator's operations know them.
const OTHER_PRIVILEGES: &[&str] = &[
    IMPERSONATE,
    READ_DEFINITIONS,
    "prvAssignRole",
    "prvExportCustomization",
    "prvImportCustomization",
    "prvLanguageSettings",
    "prvPublishCustomization",
    "prvReassignBusinessUnit",
];

/// An enabled user of the environment with his privileges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Principal {
    /// `systemuserid`.
    pub id: String,
    /// Business unit of the user.
    pub business_unit_id: String,
    /// How many roles the user has, direct and through teams.
    pub role_count: usize,
    access_mode: i64,
    all: bool,
    grants: BTreeMap<String, Vec<Grant>>,
}

impl Principal {
    /// The user behind a verified token.
    pub(super) fn of(environment: &Environment, caller: &Caller) -> Result<Self, Refusal> {
        let (column, id) = if caller.is_application() {
            ("applicationid", &caller.app_id)
        } else {
            ("azureactivedirectoryobjectid", &caller.object_id)
        };
        Self::enabled(environment, column, id)
    }

    /// The user with this `systemuserid`; one without roles holds nothing.
    pub(super) fn by_id(environment: &Environment, id: &str) -> Result<Self, Refusal> {
        let row = environment
            .tables
            .find("systemusers", "systemuserid", id)
            .ok_or_else(|| Refusal::no_row("SystemUser", id))?;
        Ok(Self::read(environment, row))
    }

    /// The user that a caller wants to act as, by the headers `CallerObjectId` (Entra object id) or
    /// `MSCRMCallerID` (`systemuserid`). Of the two users' privileges only the common ones remain.
    pub(super) fn impersonate(
        self,
        environment: &Environment,
        column: &'static str,
        id: &str,
    ) -> Result<Self, Refusal> {
        if !self.holds(IMPERSONATE) {
            return Err(self.denied(IMPERSONATE, 0, ""));
        }
        let mut other = Self::enabled(environment, column, id.trim())?;
        match (self.all, other.all) {
            (true, _) => {}
            (false, true) => {
                other.all = false;
                other.grants = self.grants;
            }
            (false, false) => other.grants.retain(|name, _| self.grants.contains_key(name)),
        }
        Ok(other)
    }

    fn enabled(environment: &Environment, column: &str, id: &str) -> Result<Self, Refusal> {
        // Of several rows of one person the one that still exists speaks for her.
        let row = environment
            .tables
            .rows("systemusers")
            .iter()
            .filter(|row| text(row, column).is_some_and(|there| there.eq_ignore_ascii_case(id)))
            .min_by_key(|row| row.get("deletedstate").and_then(serde_json::Value::as_i64))
            .ok_or_else(|| {
                Refusal::new(
                    StatusCode::FORBIDDEN,
                    0x8007_2560,
                    "The user is not a member of the organization.",
                )
            })?;
        let user_id = text(row, "systemuserid").unwrap_or_default();
        if row.get("isdisabled").and_then(serde_json::Value::as_bool) == Some(true) {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                0x8004_a112,
                format!("The user with id {user_id} is disabled in the organization."),
            ));
        }
        let principal = Self::read(environment, row);
        let administers = principal.all
            || roles_of(environment, user_id)
                .iter()
                .any(|held| customizes(environment, held));
        if environment.administration.admin_mode && !administers {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                0x8004_a113,
                "The organization is in administration mode: only System Administrators and System Customizers may enter.",
            ));
        }
        if principal.role_count == 0 {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                0x8004_2f09,
                format!("The user with id {user_id} has not been assigned any roles."),
            ));
        }
        Ok(principal)
    }

    fn read(environment: &Environment, row: &Row) -> Self {
        let user_id = text(row, "systemuserid").unwrap_or_default();
        let unit = text(row, "_businessunitid_value").unwrap_or_default();
        let roles = roles_of(environment, user_id);
        let mut principal = Self {
            id: user_id.to_owned(),
            business_unit_id: unit.to_owned(),
            role_count: roles.iter().map(|held| held.role_id).collect::<BTreeSet<_>>().len(),
            access_mode: row
                .get("accessmode")
                .and_then(serde_json::Value::as_i64)
                .unwrap_or_default(),
            all: false,
            grants: BTreeMap::new(),
        };
        for held in &roles {
            let row = environment.tables.find("roles", "roleid", held.role_id);
            principal.all |= row.is_some_and(is_system_administrator);
            for listed in privileges_of(environment, held.role_id) {
                if listed == "*" {
                    principal.all = true;
                    continue;
                }
                let Some((name, depth)) = privilege::read(listed) else {
                    continue;
                };
                let grants = principal.grants.entry(name.to_owned()).or_default();
                let team = held
                    .team
                    .and_then(|team| environment.tables.find("teams", "teamid", team));
                grants.push(Grant {
                    depth,
                    business_unit_id: team
                        .map_or(Some(unit), |team| text(team, "_businessunitid_value"))
                        .unwrap_or_default()
                        .to_owned(),
                    holder_id: held.team.unwrap_or(user_id).to_owned(),
                });
                // "Direct User (Basic) access level and Team privileges": a role of a team may reach the members' own
                // rows as well.
                let inherited = row.and_then(|row| row.get("isinherited")?.as_i64()) == Some(1);
                if held.team.is_some() && inherited {
                    grants.push(Grant {
                        depth: Depth::User,
                        business_unit_id: unit.to_owned(),
                        holder_id: user_id.to_owned(),
                    });
                }
            }
        }
        principal
    }

    /// Whether the user holds a privilege.
    pub(super) fn holds(&self, privilege: &str) -> bool {
        self.all || self.grants.contains_key(privilege)
    }

    /// Refuses a user who may not read the rows of a table.
    pub(super) fn may_read(&self, table: &Table<'_>) -> Result<(), Refusal> {
        if self.holds(&table.privilege) {
            return Ok(());
        }
        Err(self.denied(&table.privilege, table.object_type_code, table.logical_name))
    }

    /// Whether the user's privilege to read a table reaches one of its rows, given as the environment holds it.
    pub(super) fn reaches(&self, environment: &Environment, table: &Table<'_>, row: &Row) -> bool {
        self.reaches_by(&table.privilege, environment, table, row)
    }

    fn reaches_by(&self, privilege: &str, environment: &Environment, table: &Table<'_>, row: &Row) -> bool {
        let grants = self.grants.get(privilege);
        self.all || grants.is_some_and(|grants| grants.iter().any(|grant| grant.reaches(environment, table, row)))
    }

    /// Refuses a user who may not do something to a row of a table, given as the environment holds it.
    pub(super) fn may(
        &self,
        action: Action,
        environment: &Environment,
        table: &Table<'_>,
        row: &Row,
    ) -> Result<(), Refusal> {
        let privilege = action.privilege(table);
        if !self.holds(&privilege) {
            return Err(self.denied(&privilege, table.object_type_code, table.logical_name));
        }
        if self.reaches_by(&privilege, environment, table, row) {
            return Ok(());
        }
        let id = text(row, table.primary_id).unwrap_or_default();
        let right = format!("{action:?}Access");
        Err(Refusal::out_of_reach(&self.id, table.object_type_code, id, &right))
    }

    /// Refuses a user without a privilege that belongs to no row.
    pub(super) fn needs(&self, privilege: &str) -> Result<(), Refusal> {
        if self.holds(privilege) {
            return Ok(());
        }
        Err(self.denied(privilege, 0, ""))
    }

    /// Whether the user holds every privilege there is, as a System Administrator does.
    pub(super) fn holds_all(&self) -> bool {
        self.all
    }

    /// The first privilege of a role that the user lacks, or holds to a lesser depth.
    pub(super) fn lacks_of_role<'e>(&self, environment: &'e Environment, role_id: &str) -> Option<&'e str> {
        if self.all {
            return None;
        }
        let row = environment.tables.find("roles", "roleid", role_id);
        if row.is_some_and(is_system_administrator) {
            return Some("*");
        }
        privileges_of(environment, role_id)
            .iter()
            .map(String::as_str)
            .find(|listed| {
                let Some((name, depth)) = privilege::read(listed) else {
                    return false;
                };
                let mut held = self.grants.get(name).into_iter().flatten();
                !held.any(|grant| grant.depth >= depth)
            })
    }

    /// Refuses a user who may not read what tables are made of.
    pub(super) fn may_read_definitions(&self) -> Result<(), Refusal> {
        if self.holds(READ_DEFINITIONS) {
            return Ok(());
        }
        Err(self.denied(READ_DEFINITIONS, 9800, "entity"))
    }

    fn denied(&self, privilege: &str, object_type_code: u32, entity: &str) -> Refusal {
        Refusal::new(
            StatusCode::FORBIDDEN,
            0x8004_0220,
            format!(
                "Principal user (Id={id}, type=8, roleCount={roles}, privilegeCount={privileges}, accessMode={mode}) \
                 is missing {privilege} privilege (Id={privilege_id}) on OTC={object_type_code} for entity \
                 '{entity}'. context.Caller={id}",
                id = self.id,
                roles = self.role_count,
                privileges = self.grants.len(),
                mode = self.access_mode,
                privilege_id = privilege::id(privilege),
            ),
        )
    }

    /// All privileges the user holds, with the depth of each and the business unit it counts from.
    pub(super) fn privileges(&self, schema: &Schema<'_>) -> BTreeMap<String, (Depth, String)> {
        let mut held = BTreeMap::new();
        for (name, grants) in &self.grants {
            if let Some(grant) = grants.iter().max_by_key(|grant| grant.depth) {
                held.insert(name.clone(), (grant.depth, grant.business_unit_id.clone()));
            }
        }
        if self.all {
            let of_tables = schema.tables().flat_map(|table| {
                let actions = writable::actions(table).iter();
                let rest = actions.map(|action| action.privilege(table));
                rest.chain([table.privilege.clone().into_owned()])
            });
            let others = OTHER_PRIVILEGES.iter().map(|name| (*name).to_owned());
            for name in others.chain(of_tables) {
                held.insert(name, (Depth::Global, self.business_unit_id.clone()));
            }
        }
        held
    }
}

/// What is done to a row; each has a privilege of its own. The names are those of *Access rights*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Write,
    Delete,
    Append,
    AppendTo,
    Assign,
}

impl Action {
    /// `prvWriteUser` of `prvReadUser`.
    pub(super) fn privilege(self, table: &Table<'_>) -> String {
        let noun = table.privilege.strip_prefix("prvRead").unwrap_or(&table.privilege);
        format!("prv{self:?}{noun}")
    }
}

/// Whether a role is a copy of *System Administrator*.
pub(super) fn is_system_administrator(role: &Row) -> bool {
    text(role, "_roletemplateid_value").is_some_and(|template| template.eq_ignore_ascii_case(SYSTEM_ADMINISTRATOR))
}

/// Whether a role is a copy of *System Customizer*, whose holders may enter in administration mode as well.
fn customizes(environment: &Environment, held: &Held<'_>) -> bool {
    let row = environment.tables.find("roles", "roleid", held.role_id);
    let template = row.and_then(|row| text(row, "_roletemplateid_value"));
    template.is_some_and(|template| template.eq_ignore_ascii_case(SYSTEM_CUSTOMIZER))
}

/// A role that a user has, and the team he has it through.
struct Held<'a> {
    role_id: &'a str,
    team: Option<&'a str>,
}

/// A user's roles: direct ones, and those of each team that may hold roles.
fn roles_of<'a>(environment: &'a Environment, user_id: &'a str) -> Vec<Held<'a>> {
    let tables = &environment.tables;
    let teams = tables.linked_to("teammembership_association", user_id).filter(|team| {
        tables
            .find("teams", "teamid", team)
            .is_some_and(|row| row.get("teamtype").and_then(serde_json::Value::as_i64) != Some(ACCESS_TEAM))
    });
    let direct = tables.linked_from("systemuserroles_association", user_id);
    let mut roles: Vec<Held<'_>> = direct.map(|role_id| Held { role_id, team: None }).collect();
    roles.extend(teams.flat_map(|team| {
        let held = tables.linked_from("teamroles_association", team);
        held.map(move |role_id| Held {
            role_id,
            team: Some(team),
        })
    }));
    roles.retain(|held| tables.find("roles", "roleid", held.role_id).is_some());
    roles
}

/// What a role grants. The copies of a role in other business units grant what the root row does.
fn privileges_of<'a>(environment: &'a Environment, role: &str) -> &'a [String] {
    let granted = |id: &str| {
        environment
            .role_privileges
            .iter()
            .find(|(role, _)| role.eq_ignore_ascii_case(id))
            .map(|(_, names)| names.as_slice())
    };
    granted(role)
        .or_else(|| {
            let row = environment.tables.find("roles", "roleid", role)?;
            granted(text(row, "_parentrootroleid_value")?)
        })
        .unwrap_or_default()
}

fn text<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    row.get(column)?.as_str()
}
