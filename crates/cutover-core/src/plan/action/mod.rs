//! What a step does: one file each. An action is data; the runner carries it out by its kind.

mod activate_directory_role;
mod add_group_member;
mod add_service_principal;
mod assign_directory_role;
mod assign_field_security_profile;
mod assign_licence;
mod assign_security_role;
mod assign_standing_directory_role;
mod await_quiet;
mod become_system_administrator;
mod create_conditional_access_policy;
mod enable_account;
mod enable_security_defaults;
mod end_role_activation;
mod enforce_per_user_mfa;
mod follow_installation;
mod grant_consent;
mod install_package;
mod pause_billing;
mod promote_solution;
mod provision_language;
mod register_native_application;
mod remove_solution;
mod set_access_mode;
mod set_usage_location;
mod take_backup;
mod task;
mod update_user_settings;
mod upgrade_solution;

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use activate_directory_role::ActivateDirectoryRole;
pub use add_group_member::{AddGroupMember, GroupStandsFor};
pub use add_service_principal::AddServicePrincipal;
pub use assign_directory_role::AssignDirectoryRole;
pub use assign_field_security_profile::AssignFieldSecurityProfile;
pub use assign_licence::AssignLicence;
pub use assign_security_role::{AssignSecurityRole, RoleNamed};
pub use assign_standing_directory_role::AssignStandingDirectoryRole;
pub use await_quiet::AwaitQuiet;
pub use become_system_administrator::BecomeSystemAdministrator;
pub use create_conditional_access_policy::CreateConditionalAccessPolicy;
pub use enable_account::EnableAccount;
pub use enable_security_defaults::EnableSecurityDefaults;
pub use end_role_activation::EndRoleActivation;
pub use enforce_per_user_mfa::EnforcePerUserMfa;
pub use follow_installation::{FollowInstallation, PackageIn};
pub use grant_consent::GrantConsent;
pub use install_package::InstallPackage;
pub use pause_billing::PauseBilling;
pub use promote_solution::PromoteSolution;
pub use provision_language::ProvisionLanguage;
pub use register_native_application::RegisterNativeApplication;
pub use remove_solution::RemoveSolution;
pub use set_access_mode::SetAccessMode;
pub use set_usage_location::SetUsageLocation;
pub use take_backup::TakeBackup;
pub use task::Task;
pub use update_user_settings::UpdateUserSettings;
pub use upgrade_solution::UpgradeSolution;

use super::step::Settling;

/// In which tenant something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The Dynamics tenant.
    Home,
    /// The tenant that is enrolled in Partner Center, where it is another one.
    Partner,
}

/// A person or application in the directory, by object id, with the name a person knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// Object id in Entra: of the user, or of the service principal.
    pub id: Uuid,
    /// User principal name, or display name of the application. May hold hostile text.
    pub name: String,
}

/// Whose row in the environment. The row is looked up when the step begins, since it may not be there yet when the plan
/// is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum RowOf {
    /// The user with this Entra object id.
    User(Whom),
    /// The application user of this application id.
    Application {
        /// Application (client) id.
        app_id: Uuid,
        /// As a person knows it.
        name: String,
    },
}

impl RowOf {
    /// As a person knows it.
    pub fn name(&self) -> &str {
        match self {
            Self::User(whom) => &whom.name,
            Self::Application { name, .. } => name,
        }
    }

    /// What tells it from every other row.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::User(whom) => whom.id.to_string(),
            Self::Application { app_id, .. } => app_id.to_string(),
        }
    }
}

/// What is done. Its stored name is stable: journals hold it for years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each is documented where it is defined")]
pub enum Action {
    ActivateDirectoryRole(ActivateDirectoryRole),
    AssignDirectoryRole(AssignDirectoryRole),
    AssignStandingDirectoryRole(AssignStandingDirectoryRole),
    AddGroupMember(AddGroupMember),
    BecomeSystemAdministrator(BecomeSystemAdministrator),
    AssignSecurityRole(AssignSecurityRole),
    AssignFieldSecurityProfile(AssignFieldSecurityProfile),
    SetUsageLocation(SetUsageLocation),
    AssignLicence(AssignLicence),
    EnableAccount(EnableAccount),
    AddServicePrincipal(AddServicePrincipal),
    GrantConsent(GrantConsent),
    SetAccessMode(SetAccessMode),
    UpdateUserSettings(UpdateUserSettings),
    ProvisionLanguage(ProvisionLanguage),
    RegisterNativeApplication(RegisterNativeApplication),
    EnforcePerUserMfa(EnforcePerUserMfa),
    CreateConditionalAccessPolicy(CreateConditionalAccessPolicy),
    EnableSecurityDefaults(EnableSecurityDefaults),
    PauseBilling(PauseBilling),
    AwaitQuiet(AwaitQuiet),
    RemoveSolution(RemoveSolution),
    TakeBackup(TakeBackup),
    InstallPackage(InstallPackage),
    UpgradeSolution(UpgradeSolution),
    PromoteSolution(PromoteSolution),
    FollowInstallation(FollowInstallation),
    Task(Task),
    EndRoleActivation(EndRoleActivation),
}

/// What every action says of itself. One file implements it for one action.
pub trait Describe {
    /// What it writes, such as `directory-role/{role}/{principal}`: two steps of a plan never write the same.
    fn object(&self) -> String;
    /// What happens, as a person reads it: `activate Global Administrator for anna@contoso.com in PIM, for 4 h`.
    fn does(&self) -> String;
    /// What its return does; `None` where it is never taken back.
    fn gives_back(&self) -> Option<String>;
    /// In which tenant.
    fn side(&self) -> Side {
        Side::Home
    }
    /// How long until what was done shows.
    fn settling(&self) -> Settling;
    /// How long after a return it is read back for the proof.
    fn settles_back(&self) -> SignedDuration {
        SignedDuration::from_mins(1)
    }
    /// Menu path and address where a person sees it, and takes it back.
    fn place(&self) -> (&'static str, &'static str);
}

impl Action {
    /// What it says of itself.
    pub fn describe(&self) -> &dyn Describe {
        match self {
            Self::ActivateDirectoryRole(action) => action,
            Self::AssignDirectoryRole(action) => action,
            Self::AssignStandingDirectoryRole(action) => action,
            Self::AddGroupMember(action) => action,
            Self::BecomeSystemAdministrator(action) => action,
            Self::AssignSecurityRole(action) => action,
            Self::AssignFieldSecurityProfile(action) => action,
            Self::SetUsageLocation(action) => action,
            Self::AssignLicence(action) => action,
            Self::EnableAccount(action) => action,
            Self::AddServicePrincipal(action) => action,
            Self::GrantConsent(action) => action,
            Self::SetAccessMode(action) => action,
            Self::UpdateUserSettings(action) => action,
            Self::ProvisionLanguage(action) => action,
            Self::RegisterNativeApplication(action) => action,
            Self::EnforcePerUserMfa(action) => action,
            Self::CreateConditionalAccessPolicy(action) => action,
            Self::EnableSecurityDefaults(action) => action,
            Self::PauseBilling(action) => action,
            Self::AwaitQuiet(action) => action,
            Self::RemoveSolution(action) => action,
            Self::TakeBackup(action) => action,
            Self::InstallPackage(action) => action,
            Self::UpgradeSolution(action) => action,
            Self::PromoteSolution(action) => action,
            Self::FollowInstallation(action) => action,
            Self::Task(action) => action,
            Self::EndRoleActivation(action) => action,
        }
    }
}

/// A settling time in words and minutes.
pub(crate) fn settling(what: &str, usual: i64, at_most: i64) -> Settling {
    Settling {
        what: what.to_owned(),
        usual: SignedDuration::from_mins(usual),
        at_most: SignedDuration::from_mins(at_most),
    }
}
