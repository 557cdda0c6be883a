//! Which facts are needed, what they build on, and who tells them.

use std::collections::BTreeSet;

use cutover_clients::Api;
use cutover_core::Check;
use cutover_core::judge::not_applicable;
use cutover_core::need::Need;
use cutover_core::pack::Requirement;
use cutover_core::scene::{InstallDriver, Part, Scene};

use super::Question;

/// Who tells a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Teller {
    /// The tokens of a tenant, which are there before anything is asked.
    HomeToken,
    PartnerToken,
    /// A service, asked in the home tenant.
    Home(Api),
    /// A service, asked in the partner tenant.
    Partner(Api),
    /// This machine.
    Machine,
}

/// Who tells the fact that a need is about.
pub(super) fn teller(need: Need) -> Teller {
    match need {
        Need::SignedIn => Teller::HomeToken,
        Need::Account(_)
        | Need::EnterpriseApplication(_)
        | Need::Licences(_)
        | Need::Groups(_)
        | Need::RoleGroups(_)
        | Need::ActiveRoles(_)
        | Need::RoleSchedules(_)
        | Need::Methods(_)
        | Need::Registration(_)
        | Need::Skus
        | Need::GlobalAdministratorPolicy
        | Need::ConsentApps
        | Need::ConsentGrants
        | Need::SecurityDefaults
        | Need::ConditionalAccess
        | Need::NamedLocations
        | Need::DataverseApp
        | Need::MethodsPolicy => Teller::Home(Api::Graph),
        Need::PerUserMfa(_) | Need::SignIns(_) => Teller::Home(Api::GraphBeta),
        Need::SystemUsers(_)
        | Need::SystemUsersByObjectId(_)
        | Need::SecurityRoles(_)
        | Need::Profiles(_)
        | Need::Settings(_)
        | Need::WhoAmI
        | Need::OwnRoles
        | Need::OwnPrivileges
        | Need::Organization
        | Need::Languages
        | Need::Solutions
        | Need::WantedRoles
        | Need::WantedProfiles
        | Need::SupportRows
        | Need::SupportUsers
        | Need::OpenImports
        | Need::OpenOperations
        | Need::JobTables
        | Need::JobColumns
        | Need::OpenJobs => Teller::Home(Api::Dataverse),
        Need::PowerPlatformEnvironment | Need::ApplicationPackages | Need::Backups | Need::EnvironmentOperations => {
            Teller::Home(Api::PowerPlatform)
        }
        Need::SolutionPackage => Teller::Machine,
        Need::PartnerSignedIn => Teller::PartnerToken,
        Need::IntegrationAccount
        | Need::IntegrationLicences
        | Need::IntegrationGroups
        | Need::IntegrationActiveRoles
        | Need::IntegrationRoleSchedules
        | Need::IntegrationMethods
        | Need::IntegrationRegistration
        | Need::PartnerSecurityDefaults
        | Need::PartnerConditionalAccess
        | Need::PartnerNamedLocations
        | Need::PartnerCenterApp
        | Need::PartnerMethodsPolicy
        | Need::AgentGroups
        | Need::NativeApps => Teller::Partner(Api::Graph),
        Need::IntegrationPerUserMfa | Need::IntegrationSignIns => Teller::Partner(Api::GraphBeta),
        Need::PartnerOrganization | Need::PartnerRelationships | Need::PartnerAgreement => {
            Teller::Partner(Api::PartnerCenter)
        }
    }
}

/// The needs of the chosen checks and of what those build on, each principal once.
pub(super) fn of_question(question: Question<'_>) -> BTreeSet<Need> {
    // What does not concern this scene is not judged by what is seen, so nothing is looked at for it.
    let concerns = |requirement: &Requirement| not_applicable(question.scene, question.pack, requirement).is_none();
    let checks = question
        .selection
        .checks(question.pack)
        .filter(|(requirement, _)| concerns(requirement));
    let mut open: BTreeSet<Need> = checks
        .flat_map(|(_, check): (_, &'static Check)| check.needs_in(question.scene))
        .filter(|need| is_there(question.scene, *need))
        .collect();
    // Which organisation this is, is a guard and not a matter of the chosen checks.
    open.insert(Need::WhoAmI);
    if question.scene.partner.is_some() && in_one_tenant(question.scene) {
        let at_home: Vec<Need> = open.iter().copied().filter_map(same_at_home).collect();
        open.extend(at_home);
    }
    closed(open)
        .into_iter()
        .map(|need| on_first_part(question.scene, need))
        .collect()
}

/// Whether the scene has what a need asks about.
fn is_there(scene: &Scene, need: Need) -> bool {
    match (need, teller(need)) {
        (_, Teller::PartnerToken | Teller::Partner(_)) => scene.partner.is_some(),
        (Need::SolutionPackage, _) => matches!(scene.install, InstallDriver::SolutionFile { .. }),
        (Need::ApplicationPackages, _) => matches!(scene.install, InstallDriver::ApplicationPackage { .. }),
        _ => true,
    }
}

/// Whether the partner's tenant is the Dynamics tenant, as it is for most.
pub(super) fn in_one_tenant(scene: &Scene) -> bool {
    scene
        .partner
        .as_ref()
        .is_some_and(|partner| partner.tenant_id == scene.tenant_id)
}

/// A policy of the partner tenant, as the same policy of the home tenant.
pub(super) fn same_at_home(need: Need) -> Option<Need> {
    match need {
        Need::PartnerSecurityDefaults => Some(Need::SecurityDefaults),
        Need::PartnerConditionalAccess => Some(Need::ConditionalAccess),
        Need::PartnerNamedLocations => Some(Need::NamedLocations),
        Need::PartnerMethodsPolicy => Some(Need::MethodsPolicy),
        _ => None,
    }
}

/// Needs with everything they build on.
pub(super) fn closed(mut needs: BTreeSet<Need>) -> BTreeSet<Need> {
    loop {
        let more: BTreeSet<Need> = needs.iter().copied().flat_map(builds_on).collect();
        if more.is_subset(&needs) {
            return needs;
        }
        needs.extend(more);
    }
}

/// The needs whose facts a need is asked with, or made whole by.
fn builds_on(need: Need) -> Vec<Need> {
    match need {
        Need::RoleSchedules(part) => vec![Need::Account(part), Need::ActiveRoles(part), Need::RoleGroups(part)],
        Need::SignIns(part) => vec![Need::Account(part)],
        Need::SystemUsers(part) => vec![Need::SystemUsersByObjectId(part)],
        Need::SystemUsersByObjectId(part) => vec![Need::Account(part), Need::SystemUsers(part)],
        Need::SecurityRoles(part) | Need::Profiles(part) | Need::Settings(part) => vec![Need::SystemUsers(part)],
        Need::OwnRoles | Need::OwnPrivileges => vec![Need::WhoAmI],
        Need::ConsentGrants => vec![Need::ConsentApps, Need::DataverseApp],
        Need::NamedLocations => vec![Need::ConditionalAccess],
        Need::PartnerNamedLocations => vec![Need::PartnerConditionalAccess],
        Need::SupportUsers => vec![Need::SupportRows],
        Need::JobTables | Need::OpenJobs => vec![Need::JobColumns],
        Need::JobColumns => vec![Need::JobTables],
        Need::ApplicationPackages | Need::Backups | Need::EnvironmentOperations => {
            vec![Need::PowerPlatformEnvironment]
        }
        Need::IntegrationSignIns => vec![Need::IntegrationAccount],
        _ => Vec::new(),
    }
}

/// Somebody who plays several parts is asked about once, under the first of them.
pub(super) fn on_first_part(scene: &Scene, need: Need) -> Need {
    let first = |part: Part| {
        let all = [Part::Caller, Part::Borrower, Part::ServiceIdentity];
        all.into_iter()
            .find(|other| scene.principal(*other) == scene.principal(part))
            .unwrap_or(part)
    };
    match need {
        Need::Account(part) => Need::Account(first(part)),
        Need::EnterpriseApplication(part) => Need::EnterpriseApplication(first(part)),
        Need::Licences(part) => Need::Licences(first(part)),
        Need::Groups(part) => Need::Groups(first(part)),
        Need::RoleGroups(part) => Need::RoleGroups(first(part)),
        Need::ActiveRoles(part) => Need::ActiveRoles(first(part)),
        Need::RoleSchedules(part) => Need::RoleSchedules(first(part)),
        Need::Methods(part) => Need::Methods(first(part)),
        Need::Registration(part) => Need::Registration(first(part)),
        Need::PerUserMfa(part) => Need::PerUserMfa(first(part)),
        Need::SignIns(part) => Need::SignIns(first(part)),
        Need::SystemUsers(part) => Need::SystemUsers(first(part)),
        Need::SystemUsersByObjectId(part) => Need::SystemUsersByObjectId(first(part)),
        Need::SecurityRoles(part) => Need::SecurityRoles(first(part)),
        Need::Profiles(part) => Need::Profiles(first(part)),
        Need::Settings(part) => Need::Settings(first(part)),
        other => other,
    }
}
