//! What an action asks of whoever carries it out.

use uuid::Uuid;

use crate::plan::Action;
use crate::plan::action::{GroupStandsFor, Side};
use crate::reading::directory_roles::{
    APPLICATION_ADMINISTRATOR, APPLICATION_DEVELOPER, AUTHENTICATION_POLICY_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR, CONDITIONAL_ACCESS_ADMINISTRATOR, DYNAMICS_ADMINISTRATOR, GLOBAL_ADMINISTRATOR,
    GROUPS_ADMINISTRATOR, LICENSE_ADMINISTRATOR, POWER_PLATFORM_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR, USER_ADMINISTRATOR,
};

/// A right, by which an action may be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Right {
    /// In Entra: a person needs one of the roles, the smallest first; an application one of the permissions.
    Directory {
        /// Role templates.
        roles: &'static [Uuid],
        /// Application permissions, any one of which is enough; several that are needed together are joined by ` and `.
        permissions: &'static [&'static str],
        /// In which tenant.
        side: Side,
    },
    /// System Administrator of the environment.
    SystemAdministrator,
    /// Writing billing contracts, by whichever role.
    Billing,
}

const LICENCES: &[&str] = &[
    "LicenseAssignment.ReadWrite.All",
    "User.ReadWrite.All",
    "Directory.ReadWrite.All",
];
const USERS: &[&str] = &["User.ReadWrite.All", "Directory.ReadWrite.All"];
const APPLICATIONS: &[&str] = &["Application.ReadWrite.All", "Directory.ReadWrite.All"];
const GRANTS: &[&str] = &["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];
const MEMBERS: &[&str] = &[
    "GroupMember.ReadWrite.All",
    "Group.ReadWrite.All",
    "Directory.ReadWrite.All",
];
const REGISTRATIONS: &[&str] = &["AppRegistration.Create", "Application.ReadWrite.All"];
const METHODS_POLICY: &[&str] = &["Policy.ReadWrite.AuthenticationMethod"];
const CONDITIONAL_ACCESS: &[&str] =
    &["Policy.Read.All and Policy.ReadWrite.ConditionalAccess and Application.Read.All"];
const SECURITY_DEFAULTS: &[&str] = &["Policy.Read.All and Policy.ReadWrite.SecurityDefaults"];
const ROLES: &[&str] = &["RoleManagement.ReadWrite.Directory"];

/// Every set of permissions that lets an application carry out some step.
pub(crate) const OF_APPLICATIONS: &[&[&str]] = &[
    LICENCES,
    USERS,
    APPLICATIONS,
    GRANTS,
    MEMBERS,
    REGISTRATIONS,
    METHODS_POLICY,
    CONDITIONAL_ACCESS,
    SECURITY_DEFAULTS,
];

/// Directory roles by which somebody may become System Administrator of an environment (contracts, section 8).
pub(crate) const ELEVATING: &[Uuid] = &[
    POWER_PLATFORM_ADMINISTRATOR,
    DYNAMICS_ADMINISTRATOR,
    GLOBAL_ADMINISTRATOR,
];

/// What an action asks for (contracts, sections 2 to 8; the roles from Microsoft's reference pages of each call).
pub(crate) fn of(action: &Action) -> Vec<Right> {
    match action {
        // They are looked at by whoever is signed in, or done by a person.
        // An own activation may be ended without any role.
        Action::AwaitQuiet(_) | Action::Task(_) | Action::EndRoleActivation(_) => Vec::new(),
        // What somebody else installs is waited for without a loan.
        Action::FollowInstallation(follow) if follow.package.is_none() => Vec::new(),
        Action::FollowInstallation(_) => vec![Right::SystemAdministrator],
        // The request is made to Power Platform, and carried out in the environment (work365.md B, row 1: without the role in
        // the environment nobody installs applications there).
        Action::InstallPackage(_) => vec![right(action), Right::SystemAdministrator],
        Action::PauseBilling(_) => vec![Right::Billing],
        action => vec![right(action)],
    }
}

fn right(action: &Action) -> Right {
    let directory = |roles, permissions| Right::Directory {
        roles,
        permissions,
        side: action.describe().side(),
    };
    match action {
        Action::SetUsageLocation(_) => directory(
            &[LICENSE_ADMINISTRATOR, USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR],
            USERS,
        ),
        Action::AssignLicence(_) => directory(
            &[LICENSE_ADMINISTRATOR, USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR],
            LICENCES,
        ),
        Action::EnableAccount(account) if !account.application => {
            directory(&[USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR], USERS)
        }
        Action::EnableAccount(_) | Action::AddServicePrincipal(_) => directory(
            &[
                CLOUD_APPLICATION_ADMINISTRATOR,
                APPLICATION_ADMINISTRATOR,
                GLOBAL_ADMINISTRATOR,
            ],
            APPLICATIONS,
        ),
        Action::GrantConsent(_) => directory(
            &[
                CLOUD_APPLICATION_ADMINISTRATOR,
                APPLICATION_ADMINISTRATOR,
                GLOBAL_ADMINISTRATOR,
            ],
            GRANTS,
        ),
        Action::RegisterNativeApplication(_) => directory(
            &[
                APPLICATION_DEVELOPER,
                CLOUD_APPLICATION_ADMINISTRATOR,
                APPLICATION_ADMINISTRATOR,
                GLOBAL_ADMINISTRATOR,
            ],
            REGISTRATIONS,
        ),
        Action::AddGroupMember(member) => match member.stands_for {
            GroupStandsFor::DirectoryRole(_) => {
                directory(&[PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR], ROLES)
            }
            GroupStandsFor::PartnerCenterRole(_) => directory(
                &[GROUPS_ADMINISTRATOR, USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR],
                MEMBERS,
            ),
        },
        Action::EnforcePerUserMfa(_) => directory(
            &[AUTHENTICATION_POLICY_ADMINISTRATOR, GLOBAL_ADMINISTRATOR],
            METHODS_POLICY,
        ),
        Action::CreateConditionalAccessPolicy(_) => directory(
            &[
                CONDITIONAL_ACCESS_ADMINISTRATOR,
                SECURITY_ADMINISTRATOR,
                GLOBAL_ADMINISTRATOR,
            ],
            CONDITIONAL_ACCESS,
        ),
        Action::EnableSecurityDefaults(_) => directory(
            &[
                CONDITIONAL_ACCESS_ADMINISTRATOR,
                SECURITY_ADMINISTRATOR,
                GLOBAL_ADMINISTRATOR,
            ],
            SECURITY_DEFAULTS,
        ),
        // Loans: the planner makes them by rules of their own.
        Action::ActivateDirectoryRole(_)
        | Action::AssignDirectoryRole(_)
        | Action::AssignStandingDirectoryRole(_)
        | Action::EndRoleActivation(_) => directory(&[PRIVILEGED_ROLE_ADMINISTRATOR, GLOBAL_ADMINISTRATOR], ROLES),
        Action::BecomeSystemAdministrator(_) | Action::TakeBackup(_) | Action::InstallPackage(_) => {
            directory(ELEVATING, &[])
        }
        Action::AssignSecurityRole(_)
        | Action::AssignFieldSecurityProfile(_)
        | Action::SetAccessMode(_)
        | Action::UpdateUserSettings(_)
        | Action::ProvisionLanguage(_)
        | Action::PauseBilling(_)
        | Action::AwaitQuiet(_)
        | Action::RemoveSolution(_)
        | Action::UpgradeSolution(_)
        | Action::PromoteSolution(_)
        | Action::FollowInstallation(_)
        | Action::Task(_) => Right::SystemAdministrator,
    }
}
