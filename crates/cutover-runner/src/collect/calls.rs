//! Which calls answer a need: what documentation and the permission manifest are made from.
//!
//! The calls are taken from real questions, so a call that changes its permission changes every page. A test
//! compares this list with what collection really sends.

use cutover_clients::CallSpec;
use cutover_clients::dataverse::{
    async_operations, entity_definitions, import_jobs, jobs, languages, organizations, privileges, profiles, roles,
    solutions, system_users, user_settings, who_am_i,
};
use cutover_clients::graph::{
    UserKey, applications, authentication, groups, licences, policies, role_management, service_principals, sign_ins,
    users,
};
use cutover_clients::partner_center::{agreement_status, organization_profile, relationships};
use cutover_clients::power_platform::{application_packages, backups, environments, operations};
use cutover_core::Check;
use cutover_core::evidence::Service;
use cutover_core::need::Need;
use cutover_core::pack::{IdentityKind, Pack};
use cutover_core::scene::{Part, Scene};
use jiff::Timestamp;
use uuid::Uuid;

use super::Question;
use super::needs::{Teller, closed, in_one_tenant, of_question, same_at_home, teller};

/// The calls behind a check and behind what it builds on, each once, by service and path. For a requirement that the pack
/// keeps to one kind of service identity, what is asked of the other kind is left out.
pub fn calls_of(check: &Check, pack: &Pack) -> Vec<&'static CallSpec> {
    listed(check, pack, |_| true)
}

/// Those of them that are made in the partner tenant, which may be another one than the Dynamics tenant.
pub fn calls_in_partner_tenant(check: &Check, pack: &Pack) -> Vec<&'static CallSpec> {
    listed(check, pack, |need| matches!(teller(need), Teller::Partner(_)))
}

/// Those of them that are made in the Dynamics tenant when the partner tenant is another one.
pub fn calls_in_home_tenant(check: &Check, pack: &Pack) -> Vec<&'static CallSpec> {
    listed(check, pack, |need| matches!(teller(need), Teller::Home(_)))
}

/// The calls of a selection in one scene: those in the Dynamics tenant, and those in the partner tenant, which may be the same
/// one. The question which organisation this is goes with every selection, but nothing hangs on its answer unless a check asks
/// it, too.
pub fn calls_in_scene(question: Question<'_>) -> [Vec<&'static CallSpec>; 2] {
    let scene = question.scene;
    let mut home = Vec::new();
    let mut partner = Vec::new();
    let named = question.selection.checks(question.pack);
    let named = closed(named.flat_map(|(_, check)| check.needs_in(scene)).collect());
    for need in of_question(question) {
        if need == Need::WhoAmI && !named.contains(&need) {
            continue;
        }
        let side = match teller(need) {
            Teller::Home(_) => &mut home,
            // In one tenant there is one policy, and it is asked for at home.
            Teller::Partner(_) if !(in_one_tenant(scene) && same_at_home(need).is_some()) => &mut partner,
            _ => continue,
        };
        if concerns(need, scene) {
            side.extend(calls(need, None));
        }
    }
    [home, partner].map(sorted)
}

/// Whether a need has a question about whoever plays the part in a scene: of applications nothing is asked that only people
/// have.
fn concerns(need: Need, scene: &Scene) -> bool {
    match need {
        Need::EnterpriseApplication(part) => !scene.principal(part).is_user(),
        Need::Account(part)
        | Need::Licences(part)
        | Need::Groups(part)
        | Need::RoleGroups(part)
        | Need::ActiveRoles(part)
        | Need::RoleSchedules(part)
        | Need::Methods(part)
        | Need::Registration(part)
        | Need::PerUserMfa(part)
        | Need::SignIns(part) => scene.principal(part).is_user(),
        _ => true,
    }
}

fn sorted(mut all: Vec<&'static CallSpec>) -> Vec<&'static CallSpec> {
    all.sort_by_key(|call| (call.service, call.path, call.about));
    all.dedup();
    all
}

fn listed(check: &Check, pack: &Pack, wanted: fn(Need) -> bool) -> Vec<&'static CallSpec> {
    let identity = pack
        .requirement(check.code)
        .and_then(|requirement| requirement.applies.identity);
    let needs = closed(check.needs.iter().copied().collect()).into_iter();
    sorted(
        needs
            .filter(|need| wanted(*need))
            .flat_map(|need| calls(need, identity))
            .collect(),
    )
}

fn calls(need: Need, identity: Option<IdentityKind>) -> Vec<&'static CallSpec> {
    let id = Uuid::nil();
    let user = UserKey::from(id);
    match need {
        // Tokens and files are no calls.
        Need::SignedIn | Need::PartnerSignedIn | Need::SolutionPackage => Vec::new(),
        Need::Account(Part::ServiceIdentity) if identity == Some(IdentityKind::ApplicationUser) => Vec::new(),
        Need::Account(_) | Need::IntegrationAccount => vec![users::user(&user).spec()],
        Need::Licences(_) | Need::IntegrationLicences => vec![users::licence_details(&user).spec()],
        Need::Groups(_) | Need::IntegrationGroups => vec![users::group_ids(&user).spec()],
        Need::RoleGroups(_) => vec![users::groups(&user).spec()],
        Need::ActiveRoles(_) | Need::IntegrationActiveRoles => vec![users::directory_roles(&user).spec()],
        Need::RoleSchedules(_) => vec![
            role_management::assignment_instances(id).spec(),
            role_management::eligibility_instances(id).spec(),
        ],
        Need::IntegrationRoleSchedules => vec![
            users::groups(&user).spec(),
            role_management::assignment_instances_of_role(id).spec(),
            role_management::eligibility_instances_of_role(id).spec(),
        ],
        Need::GlobalAdministratorPolicy => vec![role_management::role_policy(id).spec()],
        Need::Methods(_) | Need::IntegrationMethods => vec![authentication::methods(&user).spec()],
        Need::Registration(_) | Need::IntegrationRegistration => vec![authentication::registration("").spec()],
        Need::PerUserMfa(_) | Need::IntegrationPerUserMfa => vec![authentication::requirements(&user).spec()],
        Need::SignIns(_) | Need::IntegrationSignIns => vec![sign_ins::sign_ins(id, Timestamp::UNIX_EPOCH, 1).spec()],
        Need::SecurityDefaults | Need::PartnerSecurityDefaults => vec![policies::security_defaults().spec()],
        Need::ConditionalAccess | Need::PartnerConditionalAccess => vec![policies::conditional_access().spec()],
        Need::NamedLocations | Need::PartnerNamedLocations => vec![policies::named_locations().spec()],
        Need::MethodsPolicy | Need::PartnerMethodsPolicy => vec![authentication::methods_policy().spec()],
        Need::Skus => vec![licences::subscribed_skus().spec()],
        Need::EnterpriseApplication(_) | Need::ConsentApps | Need::DataverseApp | Need::PartnerCenterApp => {
            vec![service_principals::service_principal(id).spec()]
        }
        Need::ConsentGrants => vec![
            service_principals::delegated_grants(id).spec(),
            service_principals::service_principal(id).spec(),
        ],
        Need::SystemUsers(_) | Need::SystemUsersByObjectId(_) => {
            vec![system_users::rows(&system_users::SystemUserKey::EntraObject(id), &[]).spec()]
        }
        Need::SecurityRoles(_) | Need::OwnRoles | Need::SupportUsers => {
            vec![system_users::roles(id).spec(), system_users::teams(id).spec()]
        }
        Need::Profiles(_) => vec![
            system_users::profiles(id).spec(),
            system_users::team_profiles(id).spec(),
        ],
        Need::Settings(_) => vec![user_settings::of_user(id).spec()],
        Need::WhoAmI => vec![who_am_i::who_am_i().spec()],
        Need::OwnPrivileges => vec![privileges::of_user(id).spec()],
        Need::Organization => vec![organizations::organizations().spec()],
        Need::Languages => vec![languages::provisioned().spec()],
        Need::Solutions => vec![solutions::by_publisher_prefix("").spec()],
        Need::WantedRoles => vec![roles::by_name("").spec()],
        Need::WantedProfiles => vec![profiles::by_name("").spec()],
        Need::SupportRows => vec![system_users::rows_by_name_start("").spec()],
        Need::OpenImports => vec![import_jobs::open().spec()],
        Need::OpenOperations => vec![async_operations::open_operations().spec()],
        Need::JobTables => vec![entity_definitions::custom_tables(0).spec()],
        Need::JobColumns => vec![
            entity_definitions::columns("", 0).spec(),
            entity_definitions::statuses("", 0).spec(),
        ],
        Need::OpenJobs => {
            let columns = jobs::JobColumns {
                id: String::new(),
                name: None,
                scheduled: None,
            };
            vec![jobs::open("", &columns, 0, &[]).spec()]
        }
        Need::PowerPlatformEnvironment => vec![environments::environments().spec()],
        Need::ApplicationPackages => vec![application_packages::application_packages("").spec()],
        Need::Backups => vec![backups::backups("").spec()],
        Need::EnvironmentOperations => vec![operations::operations("").spec()],
        Need::AgentGroups => vec![groups::by_names(&[]).spec()],
        Need::NativeApps => vec![applications::applications().spec()],
        Need::PartnerOrganization => vec![organization_profile::organization_profile().spec()],
        Need::PartnerRelationships => vec![
            relationships::indirect_resellers().spec(),
            relationships::indirect_providers().spec(),
        ],
        Need::PartnerAgreement => vec![agreement_status::agreement_status(id).spec()],
    }
}

/// The question that guards every look at an environment: which organisation it is.
pub(crate) fn which_organization() -> &'static CallSpec {
    who_am_i::who_am_i().spec()
}

/// A call as documentation shows it: what it tells, its address, and the least that has to be allowed.
pub fn in_words(call: &CallSpec) -> String {
    let permission = call.permission;
    let prefix = match call.service {
        Service::Graph => "v1.0",
        Service::GraphBeta => "beta",
        Service::Dataverse => "Dataverse",
        Service::Entra => "Entra",
        Service::PowerPlatform => "Power Platform",
        Service::PartnerCenter => "Partner Center",
        Service::File => "file",
    };
    let mut needs: Vec<String> = Vec::new();
    needs.extend(permission.application.first().map(|least| format!("`{least}`")));
    needs.extend(permission.also.first().map(|also| format!("`{also}`")));
    needs.extend(permission.described_privilege.map(str::to_owned));
    if !permission.privileges.is_empty() {
        let all: Vec<String> = permission
            .privileges
            .iter()
            .map(|privilege| format!("`{privilege}`"))
            .collect();
        needs.push(format!("a security role with {}", all.join(", ")));
    }
    let needs = match (needs.as_slice(), call.service) {
        ([], Service::Dataverse) => "a sign-in to the environment".to_owned(),
        ([], Service::PowerPlatform) => "an administrator's sign-in to Power Platform".to_owned(),
        ([], Service::PartnerCenter) => "a person's sign-in to Partner Center".to_owned(),
        ([], _) => "a sign-in".to_owned(),
        (needs, _) => needs.join(" and "),
    };
    let least =
        |roles: Option<&str>, kind: &str| roles.map(|role| format!("a signed-in person also holds the {kind} {role}"));
    let besides: Vec<String> = least(
        permission.directory_roles.first().map(|role| role.name),
        "directory role",
    )
    .into_iter()
    .chain(least(
        permission.partner_center_roles.first().copied(),
        "Partner Center role",
    ))
    .chain(permission.note.map(str::to_owned))
    .collect();
    let note = match besides.as_slice() {
        [] => String::new(),
        besides => format!(" ({})", besides.join("; ")),
    };
    format!("{needs}: `GET {prefix} {}`, {}{note}", call.path, call.about)
}
