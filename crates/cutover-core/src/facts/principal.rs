//! What is known of one person or application: in Entra and in the Dataverse environment.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Blind, Fact};

/// Facts about a principal. What does not exist for its kind (an application has no licence) stays uncollected.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PrincipalFacts {
    /// The user account in Entra; `None` when there is none.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub account: Fact<Option<Account>>,
    /// The enterprise application in Entra; `None` when it is not in the tenant.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub service_principal: Fact<Option<ServicePrincipal>>,
    /// Licences with the state of each service plan.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub licences: Fact<Vec<Licence>>,
    /// Directory roles that are active now, direct and through groups.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub active_roles: Fact<Vec<DirectoryRole>>,
    /// Role-assignable groups the user is in, directly or through other groups.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub role_groups: Fact<Vec<Group>>,
    /// Every group the user is in, directly or through other groups, by id: what policies include and exclude by.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub groups: Fact<Vec<Uuid>>,
    /// Active role assignments with their end, of the user and of its role-assignable groups (PIM).
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub role_assignments: Fact<Vec<RoleSchedule>>,
    /// Roles the user may activate, itself or through role-assignable groups (PIM).
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub role_eligibilities: Fact<Vec<RoleSchedule>>,
    /// Registered authentication methods, by Graph type name such as `fido2AuthenticationMethod`.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub methods: Fact<Vec<String>>,
    /// The registration report's line; `None` when the report has none yet.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub registration: Fact<Option<Registration>>,
    /// Per-user MFA state.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub per_user_mfa: Fact<PerUserMfa>,
    /// Recent sign-ins.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub sign_ins: Fact<SignInLog>,
    /// Rows of this principal in the environment; more than one after an account was created anew.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub system_users: Fact<Vec<SystemUser>>,
    /// Security roles assigned to the row directly.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub security_roles: Fact<Vec<SecurityRole>>,
    /// Teams the row is a member of, with their security roles.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub teams: Fact<Vec<Team>>,
    /// Field security profiles the row is a member of directly, by id.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub profiles: Fact<Vec<Uuid>>,
    /// Teams the row is a member of that are in field security profiles.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub team_profiles: Fact<Vec<TeamProfiles>>,
    /// Personal settings of the row.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub settings: Fact<Option<UserSettings>>,
}

impl PrincipalFacts {
    /// Makes everything unknown that was read from the environment, because it may be another one.
    pub fn distrust_environment(&mut self, why: &Blind) {
        self.system_users.distrust(why);
        self.security_roles.distrust(why);
        self.teams.distrust(why);
        self.profiles.distrust(why);
        self.team_profiles.distrust(why);
        self.settings.distrust(why);
    }
}

/// A user account (Graph `user`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Object id.
    pub id: Uuid,
    /// User principal name as Entra shows it.
    pub user_principal_name: String,
    /// Display name: somebody's text.
    pub display_name: String,
    /// Whether sign-in is allowed.
    pub enabled: bool,
    /// `Member` or `Guest`; `None` when Entra does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<String>,
    /// ISO 3166 country that licences need; `None` when not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
    /// How each SKU came to the user.
    pub licence_assignments: Vec<LicenceAssignment>,
}

/// How a SKU came to a user (Graph `licenseAssignmentState`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenceAssignment {
    /// SKU id.
    pub sku_id: Uuid,
    /// The group it is inherited from; `None` for a direct assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_group: Option<Uuid>,
    /// `Active`, `ActiveWithError`, `Disabled` or `Error`.
    pub state: String,
}

/// An enterprise application (Graph `servicePrincipal`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicePrincipal {
    /// Object id in this tenant.
    pub id: Uuid,
    /// Application id.
    pub app_id: Uuid,
    /// Display name: somebody's text.
    pub display_name: String,
    /// Whether users may sign in to it and it may get tokens.
    pub enabled: bool,
}

/// A licence of a user (Graph `licenseDetails`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// SKU id.
    pub sku_id: Uuid,
    /// SKU part number.
    pub sku_part_number: String,
    /// Its service plans.
    pub plans: Vec<ServicePlan>,
}

/// A service plan inside a licence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicePlan {
    /// Plan id.
    pub id: Uuid,
    /// Plan name.
    pub name: String,
    /// `Success`, `Disabled`, `PendingProvisioning`, `PendingInput`, `PendingActivation`, `Error` or what Graph says.
    pub status: String,
}

/// An active directory role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryRole {
    /// Role template id, the same in every tenant.
    pub template: Uuid,
    /// Display name.
    pub name: String,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Object id.
    pub id: Uuid,
    /// Display name: somebody's text.
    pub name: String,
}

/// An active or eligible role assignment with its end (PIM schedule instance).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleSchedule {
    /// Role definition id; for built-in roles the template id.
    pub role: Uuid,
    /// The user's or the group's object id.
    pub principal: Uuid,
    /// When it ends; `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub ends: Option<Timestamp>,
    /// Whether it was activated from an eligibility; an eligibility itself never is.
    #[serde(default)]
    pub activated: bool,
}

/// The registration report's line of a user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// A strong method is registered.
    pub mfa_registered: bool,
    /// A registered method is also allowed by the methods policy.
    pub mfa_capable: bool,
    /// When the line was made; it lags hours behind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub updated: Option<Timestamp>,
}

/// Per-user MFA state (Graph beta `authentication/requirements`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PerUserMfa {
    /// Off; also what shows when a policy asks for MFA instead.
    Disabled,
    /// Asked to register at the next sign-in.
    Enabled,
    /// Asked at sign-in.
    Enforced,
}

/// The newest part of the sign-in log of a user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInLog {
    /// The entries, newest first.
    pub entries: Vec<SignIn>,
    /// Whether the log goes on beyond them.
    pub more: bool,
}

/// A sign-in (Graph beta `signIn`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// To which application: somebody's text.
    pub app: String,
    /// Whether it succeeded.
    pub succeeded: bool,
    /// Whether MFA was required and given.
    pub multi_factor: bool,
    /// With which kind of client, in the log's words, such as `Browser` (`clientAppUsed`); `None` when it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// A user's row in the environment (Dataverse `systemuser`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemUser {
    /// Row id.
    pub id: Uuid,
    /// Sign-in name.
    pub domain_name: String,
    /// Entra object id; `None` for rows that never were in Entra.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entra_object_id: Option<Uuid>,
    /// Application id of an application user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<Uuid>,
    /// Business unit.
    pub business_unit: Uuid,
    /// Name of the business unit; `None` when it could not be read along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_unit_name: Option<String>,
    /// 0 Read-Write, 1 Administrative, 2 Read, 3 Support, 4 Non-interactive, 5 Delegated admin.
    pub access_mode: i64,
    /// Whether the row is disabled.
    pub disabled: bool,
    /// Whether the row is (soft) deleted.
    pub deleted: bool,
}

/// A copy of a security role in one business unit (Dataverse `role`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityRole {
    /// Role id of this copy.
    pub id: Uuid,
    /// Name: somebody's text, localised for built-in roles.
    pub name: String,
    /// Business unit of this copy.
    pub business_unit: Uuid,
    /// The root role all copies belong to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Uuid>,
    /// The template of a built-in role, the same in every environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Uuid>,
    /// Whether members of a team with this role have it as if it were their own (member's privilege inheritance); `None`
    /// when the environment did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited_by_members: Option<bool>,
}

/// A team with its security roles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Row id.
    pub id: Uuid,
    /// Name: somebody's text.
    pub name: String,
    /// 0 owner, 1 access, 2 Entra security group, 3 Entra Office group.
    pub kind: i64,
    /// Its security roles.
    pub roles: Vec<SecurityRole>,
}

/// A team with its field security profiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamProfiles {
    /// Row id of the team.
    pub id: Uuid,
    /// Name: somebody's text.
    pub name: String,
    /// The profiles, by id.
    pub profiles: Vec<Uuid>,
}

/// Personal settings (Dataverse `usersettings`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserSettings {
    /// Format (LCID); 1033 is English (United States).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<i64>,
    /// Microsoft's time zone code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<i64>,
}
