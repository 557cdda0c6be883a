//! Who the caller is to Dataverse, and what he may do.
//!
//! Dataverse knows no permission names of Entra: a token only proves the identity; rights come from the
//! security roles of the user row, direct ones and those of the user's teams.

use std::collections::BTreeSet;

use http::StatusCode;
use uuid::Uuid;

use super::error::Refusal;
use super::metadata::Table;
use super::schema::Schema;
use crate::caller::Caller;
use crate::state::{Environment, Row};

/// Role template of *System Administrator*, whose roles hold every privilege.
const SYSTEM_ADMINISTRATOR: &str = "627090ff-40a3-4053-8790-584edc5be201";
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
    "prvPublishCustomization",
    "prvWriteFieldSecurityProfile",
    "prvWriteOrganization",
    "prvWriteTeam",
    "prvWriteUser",
    "prvWriteUserSettings",
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
    names: BTreeSet<String>,
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
                other.names = self.names;
            }
            (false, false) => {
                other.names = other.names.intersection(&self.names).cloned().collect();
            }
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
        let roles = roles_of(environment, user_id);
        let mut principal = Self {
            id: user_id.to_owned(),
            business_unit_id: text(row, "_businessunitid_value").unwrap_or_default().to_owned(),
            role_count: roles.len(),
            access_mode: row
                .get("accessmode")
                .and_then(serde_json::Value::as_i64)
                .unwrap_or_default(),
            all: false,
            names: BTreeSet::new(),
        };
        for role in &roles {
            let template = environment
                .tables
                .find("roles", "roleid", role)
                .and_then(|row| text(row, "_roletemplateid_value"));
            principal.all |= template.is_some_and(|template| template.eq_ignore_ascii_case(SYSTEM_ADMINISTRATOR));
            for name in privileges_of(environment, role) {
                match name.as_str() {
                    "*" => principal.all = true,
                    name => {
                        principal.names.insert(name.to_owned());
                    }
                }
            }
        }
        principal
    }

    /// Whether the user holds a privilege.
    pub(super) fn holds(&self, privilege: &str) -> bool {
        self.all || self.names.contains(privilege)
    }

    /// Refuses a user who may not read the rows of a table.
    pub(super) fn may_read(&self, table: &Table<'_>) -> Result<(), Refusal> {
        if self.holds(&table.privilege) {
            return Ok(());
        }
        Err(self.denied(&table.privilege, table.object_type_code, table.logical_name))
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
                privileges = self.names.len(),
                mode = self.access_mode,
                privilege_id = privilege_id(privilege),
            ),
        )
    }

    /// The names of all privileges the user holds.
    pub(super) fn privileges(&self, schema: &Schema<'_>) -> BTreeSet<String> {
        let mut names = self.names.clone();
        if self.all {
            let read = schema.tables().map(|table| table.privilege.as_ref());
            names.extend(OTHER_PRIVILEGES.iter().copied().chain(read).map(str::to_owned));
        }
        names
    }
}

/// The id of a privilege. Microsoft's ids are the same in every environment but nowhere listed; these are
/// derived from the name (assumed).
pub(super) fn privilege_id(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
}

/// Ids of a user's roles: direct ones, and those of the teams that may hold roles; each once.
fn roles_of<'a>(environment: &'a Environment, user_id: &'a str) -> Vec<&'a str> {
    let tables = &environment.tables;
    let teams = tables.linked_to("teammembership_association", user_id).filter(|team| {
        tables
            .find("teams", "teamid", team)
            .is_some_and(|row| row.get("teamtype").and_then(serde_json::Value::as_i64) != Some(ACCESS_TEAM))
    });
    let mut roles: Vec<&str> = tables.linked_from("systemuserroles_association", user_id).collect();
    roles.extend(teams.flat_map(|team| tables.linked_from("teamroles_association", team)));
    let mut seen = BTreeSet::new();
    roles.retain(|role| seen.insert(*role) && tables.find("roles", "roleid", role).is_some());
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
