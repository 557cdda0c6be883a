//! What is known of the Dataverse environment as a whole.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Blind, Fact};
use super::principal::{SecurityRole, SystemUser};
use crate::version::Version;

/// Facts about the environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnvironmentFacts {
    /// Who the signed-in identity is here, and which organisation this is.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub who_am_i: Fact<WhoAmI>,
    /// Security roles of the signed-in identity, direct and through teams.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub own_roles: Fact<Vec<SecurityRole>>,
    /// How far the read privileges of the signed-in identity reach.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub own_privileges: Fact<Vec<Privilege>>,
    /// The organisation's name and base language.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub organization: Fact<Organization>,
    /// Provisioned languages (LCID).
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub languages: Fact<Vec<i64>>,
    /// Solutions of the product's publisher.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub solutions: Fact<Vec<Solution>>,
    /// Copies of the security roles that the pack names.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub wanted_roles: Fact<Vec<SecurityRole>>,
    /// Field security profiles of the name in the pack.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub wanted_profiles: Fact<Vec<Profile>>,
    /// Rows of the vendor's support users.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub support_rows: Fact<Vec<SystemUser>>,
    /// The vendor's support users, with their security roles.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub support_users: Fact<Vec<SupportUser>>,
    /// Import jobs without an end.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub open_imports: Fact<Vec<ImportJob>>,
    /// Solution operations, publishing and language provisioning that have not ended.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub open_operations: Fact<Vec<SolutionOperation>>,
    /// Tables of the product whose display name is that of its jobs; one when all is well.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub job_tables: Fact<Vec<JobTable>>,
    /// Jobs of that table that have not ended.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub open_jobs: Fact<Vec<Job>>,
}

impl EnvironmentFacts {
    /// Makes everything unknown that was read from the environment, because it may be another one.
    pub fn distrust(&mut self, why: &Blind) {
        self.who_am_i.distrust(why);
        self.own_roles.distrust(why);
        self.own_privileges.distrust(why);
        self.organization.distrust(why);
        self.languages.distrust(why);
        self.solutions.distrust(why);
        self.wanted_roles.distrust(why);
        self.wanted_profiles.distrust(why);
        self.support_rows.distrust(why);
        self.support_users.distrust(why);
        self.open_imports.distrust(why);
        self.open_operations.distrust(why);
        self.job_tables.distrust(why);
        self.open_jobs.distrust(why);
    }
}

/// A privilege of the signed-in identity (Dataverse `RetrieveUserPrivileges`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Privilege {
    /// Name, such as `prvReadUser`.
    pub name: String,
    /// `Basic`, `Local`, `Deep` or `Global`.
    pub depth: String,
}

/// Dataverse `WhoAmI`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhoAmI {
    /// Row of the signed-in identity.
    pub user: Uuid,
    /// Its business unit.
    pub business_unit: Uuid,
    /// The organisation behind the address.
    pub organization: Uuid,
}

/// Dataverse `organization`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Name: somebody's text.
    pub name: String,
    /// Base language (LCID); it cannot be changed.
    pub base_language: i64,
}

/// An installed solution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Solution {
    /// Unique name.
    pub unique_name: String,
    /// Friendly name: somebody's text.
    pub friendly_name: String,
    /// Version.
    pub version: Version,
    /// Whether it is managed.
    pub managed: bool,
    /// Whether it is a patch of another solution.
    #[serde(default)]
    pub patch: bool,
}

/// A field security profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Row id.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// A vendor support user found in the environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportUser {
    /// The row.
    pub user: SystemUser,
    /// Its security roles.
    pub roles: Vec<SecurityRole>,
}

/// An import job (Dataverse `importjob`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportJob {
    /// Row id.
    pub id: Uuid,
    /// Which solution.
    pub solution: String,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub started: Option<Timestamp>,
    /// Percentage done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
}

/// A solution operation that has not ended (Dataverse `asyncoperation`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SolutionOperation {
    /// Row id.
    pub id: Uuid,
    /// Name: somebody's text.
    pub name: String,
    /// `operationtype`: 54 and 203 import, 204 publish, 207 promote, 208 uninstall, 201 and 209 language, 211 stage and
    /// upgrade; `None` in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<i64>,
    /// 0 ready, 1 suspended, 2 locked.
    pub state: i64,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub created: Option<Timestamp>,
}

/// A table of the product, as `EntityDefinitions` describes it. The vendor does not publish its logical name, so it is found
/// by its display name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobTable {
    /// Logical name, such as `work365_job`.
    pub logical_name: String,
    /// Entity set in addresses.
    pub entity_set: String,
    /// Column of the row id.
    pub id_column: String,
    /// Column of the row's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_column: Option<String>,
    /// Labels of the status column (`statuscode`), by number.
    pub statuses: Vec<JobStatus>,
    /// Column that says when a job is due, found by its display name; `None` when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_column: Option<String>,
}

/// A choice of the jobs table's status column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobStatus {
    /// Its number.
    pub value: i64,
    /// Its English label, such as `Waiting`.
    pub label: String,
}

/// How many open jobs are read, the newest first; when as many came, there may be more.
pub const MOST_JOBS: u16 = 1000;

/// A job of the product that has not ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// Row id.
    pub id: Uuid,
    /// Name: somebody's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Label of its status, such as `In progress`.
    pub status: String,
    /// When it is due; `None` when the table has no such column or the row no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub scheduled: Option<Timestamp>,
}
