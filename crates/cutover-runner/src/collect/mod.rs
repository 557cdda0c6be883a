//! Collects the facts that the chosen checks need, in the fewest requests.
//!
//! Every need is answered by one function that either puts its questions into the current wave, or waits for a
//! fact that the wave will bring. All questions of a wave travel together, to both tenants side by side, so the number of
//! waves is the length of the longest chain of facts that build on each other, and not the number of needs.

mod calls;
mod directory;
mod environment;
mod mfa;
mod needs;
mod package;
mod partner;
mod people;
mod power_platform;
mod side;
mod sign_in;
mod tenant;

use std::collections::BTreeSet;

use cutover_clients::tenancy::{Home, Partner};
use cutover_clients::tokens::TokenError;
use cutover_clients::{Answers, Clients, Wave};
use cutover_core::Selection;
use cutover_core::facts::{Blind, Fact, Facts};
use cutover_core::need::Need;
use cutover_core::pack::Pack;
use cutover_core::scene::{Part, PartnerScene, Principal, Scene};
use uuid::Uuid;

pub(crate) use calls::which_organization;
pub use calls::{calls_in_home_tenant, calls_in_partner_tenant, calls_in_scene, calls_of, in_words};
pub use people::{application, user};

use crate::solution_file::SolutionFiles;
use needs::{Teller, on_first_part, same_at_home, teller};
use side::{Answered, Side, Subject};
use sign_in::AtPartnerCenter;

/// What to collect.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What is looked at.
    pub scene: &'a Scene,
    /// Names and ids of the product.
    pub pack: &'a Pack,
    /// Which requirements will be judged.
    pub selection: &'a Selection,
}

/// Why nothing was collected at all. Everything else becomes an unknown fact.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// A token is of another tenant than the configured one.
    #[error(
        "the sign-in to the {tenant} gave a token of tenant {got}, but the configuration names tenant {asked}: nothing was judged"
    )]
    WrongTenant {
        /// Which of the two tenants: `home tenant` or `partner tenant`.
        tenant: &'static str,
        /// The configured tenant.
        asked: Uuid,
        /// The token's tenant.
        got: Uuid,
    },
    /// The address belongs to another organisation than the configured one.
    #[error("{url} is organisation {got}, but the configuration names organisation {asked}: nothing was judged")]
    WrongOrganization {
        /// Address of the environment.
        url: String,
        /// The configured organisation.
        asked: Uuid,
        /// What `WhoAmI` says.
        got: Uuid,
    },
    /// The tenant knows no environment of that address.
    #[error("{url} is not an environment of this tenant (AADSTS{code}): nothing was judged")]
    WrongEnvironment {
        /// Address of the environment.
        url: String,
        /// Entra's code.
        code: u32,
    },
    /// Neither service could be signed in to.
    #[error("sign-in failed: {0}")]
    NotSignedIn(#[source] TokenError),
}

/// How a need is dealt with in a wave.
enum Step {
    /// Its questions are in the wave; this keeps the answers.
    Asked(Keep),
    /// It builds on a fact that is still on its way.
    NotYet,
    /// Nothing has to be asked: the facts it builds on decide it.
    Settled(Settle),
}

type Keep = Box<dyn FnOnce(&Answered, &mut Facts) + Send>;
type Settle = Box<dyn FnOnce(&mut Facts) + Send>;

/// The questions to both tenants that are sent together.
struct Waves {
    home: Wave<Home>,
    partner: Wave<Partner>,
}

/// What an asking function may look at.
struct Asking<'a> {
    question: Question<'a>,
    facts: &'a Facts,
    /// Which needs are still open; a fact whose need is not open will not come.
    open: &'a BTreeSet<Need>,
    at_partner_center: AtPartnerCenter,
    since: jiff::Timestamp,
}

impl Asking<'_> {
    /// Whether a fact is still on its way.
    fn waits_for(&self, need: Need) -> bool {
        self.open.contains(&on_first_part(self.question.scene, need))
    }

    /// Who plays a part.
    fn who(&self, part: Part) -> &Principal {
        self.question.scene.principal(part)
    }

    /// Whoever plays a part, to be asked about.
    fn subject(&self, part: Part) -> Subject<Home> {
        Subject::of_part(self.who(part), part)
    }
}

/// Collects what the checks of `question` need. Services are asked in parallel; what cannot be read is unknown. `partner`
/// is asked when a check needs it; without it, what would be asked there is unknown.
///
/// # Errors
/// When a tenant, the environment or the organisation are not the configured ones, or nobody could sign in.
pub async fn collect(
    home: &Clients<Home>,
    partner: Option<&Clients<Partner>>,
    files: &dyn SolutionFiles,
    question: Question<'_>,
) -> Result<Facts, CollectError> {
    let started = home.connection().clock.now();
    let mut facts = Facts::new(question.scene.clone(), started);
    // What is not known yet: needs that wait, and needs whose questions are on their way.
    let mut open = needs::of_question(question);
    let file = open
        .remove(&Need::SolutionPackage)
        .then(|| package::read(files, question.scene, started));
    let at_partner_center = sign_in::sign_in(home, partner, &open, question.scene, &mut facts).await?;
    open.retain(|need| !matches!(teller(*need), Teller::HomeToken | Teller::PartnerToken));
    if let (Some(scene), None) = (&question.scene.partner, partner) {
        let before = open.len();
        open.retain(|need| !matches!(teller(*need), Teller::Partner(_)));
        if open.len() < before {
            partner::without_sign_in(scene, &mut facts);
        }
    }
    loop {
        let mut waves = Waves {
            home: Wave::new(),
            partner: Wave::new(),
        };
        let mut under_way: Vec<(Need, Keep)> = Vec::new();
        // A need that settles without a question may let others ask in this very wave.
        loop {
            let asking = Asking {
                question,
                facts: &facts,
                open: &open,
                at_partner_center,
                since: started,
            };
            let Some((need, settle)) = fill(&asking, &mut waves, &mut under_way) else {
                break;
            };
            settle(&mut facts);
            open.remove(&need);
        }
        if waves.home.is_empty() && waves.partner.is_empty() {
            distrust_unknown_organization(question.scene, &mut facts);
            if let Some(file) = file {
                facts.solution_file = file.await;
            }
            return Ok(facts);
        }
        let (home, partner) = tokio::join!(waves.home.send(home), async {
            match partner {
                Some(clients) => Some(waves.partner.send(clients).await),
                None => None,
            }
        });
        let answered = Answered { home, partner };
        for (need, keep) in under_way {
            keep(&answered, &mut facts);
            open.remove(&need);
        }
        same_organization(question.scene, &facts)?;
        power_platform::distrust_another_organization(question.scene, &mut facts);
    }
}

/// Puts the questions of every need that can ask now into the waves, until one settles without a question.
fn fill(asking: &Asking<'_>, waves: &mut Waves, under_way: &mut Vec<(Need, Keep)>) -> Option<(Need, Settle)> {
    let waiting: Vec<Need> = asking
        .open
        .iter()
        .filter(|need| !under_way.iter().any(|(asked, _)| asked == *need))
        .copied()
        .collect();
    for need in waiting {
        match ask(need, asking, waves) {
            Step::Asked(keep) => under_way.push((need, keep)),
            Step::NotYet => {}
            Step::Settled(settle) => return Some((need, settle)),
        }
    }
    None
}

/// A pinned organisation is compared before anything is judged.
fn same_organization(scene: &Scene, facts: &Facts) -> Result<(), CollectError> {
    match (scene.organization_id, facts.environment.who_am_i.value()) {
        (Some(asked), Ok(who)) if who.organization != asked => Err(CollectError::WrongOrganization {
            url: scene.environment_url.clone(),
            asked,
            got: who.organization,
        }),
        _ => Ok(()),
    }
}

/// When an organisation is pinned and this one does not say which it is, nothing it said is taken for the pinned one's.
fn distrust_unknown_organization(scene: &Scene, facts: &mut Facts) {
    let (Some(_), Fact::Unknown(blind)) = (scene.organization_id, &facts.environment.who_am_i) else {
        return;
    };
    let blind = Blind {
        message: format!(
            "which organisation this is could not be seen, and one is pinned: {}",
            blind.message
        ),
        ..Blind::depends_on(blind)
    };
    facts.environment.distrust(&blind);
    facts
        .principals
        .values_mut()
        .for_each(|principal| principal.distrust_environment(&blind));
}

fn ask(need: Need, asking: &Asking<'_>, waves: &mut Waves) -> Step {
    let wave = &mut waves.home;
    match need {
        Need::Account(part) => people::account(asking.subject(part), wave),
        Need::EnterpriseApplication(part) => people::enterprise_application(asking.subject(part), wave),
        Need::Licences(part) => people::licences(asking.subject(part), wave),
        Need::Groups(part) => directory::groups(asking.subject(part), wave),
        Need::RoleGroups(part) => directory::role_groups(asking.subject(part), wave),
        Need::ActiveRoles(part) => directory::active_roles(asking.subject(part), wave),
        Need::RoleSchedules(part) => directory::role_schedules(asking, &asking.subject(part), wave),
        Need::GlobalAdministratorPolicy => directory::global_administrator_policy(wave),
        Need::Methods(part) => mfa::methods(asking.subject(part), wave),
        Need::Registration(part) => mfa::registration(asking.subject(part), wave),
        Need::PerUserMfa(part) => mfa::per_user(asking.subject(part), wave),
        Need::SignIns(part) => mfa::sign_ins(asking, asking.subject(part), wave),
        Need::SecurityDefaults => mfa::security_defaults(wave),
        Need::ConditionalAccess => mfa::conditional_access(wave),
        Need::NamedLocations => mfa::named_locations(asking, Need::ConditionalAccess, &asking.facts.tenant, wave),
        Need::MethodsPolicy => mfa::methods_policy(wave),
        Need::DataverseApp => tenant::dataverse_app(wave),
        Need::Skus => tenant::skus(wave),
        Need::ConsentApps => tenant::consent_apps(asking, wave),
        Need::ConsentGrants => tenant::consent_grants(asking, wave),
        Need::SystemUsers(part) => environment::users::system_users(asking, part, wave),
        Need::SystemUsersByObjectId(part) => environment::users::system_users_by_object_id(asking, part, wave),
        Need::SecurityRoles(part) => environment::users::security_roles(asking, part, wave),
        Need::Profiles(part) => environment::users::profiles(asking, part, wave),
        Need::Settings(part) => environment::users::settings(asking, part, wave),
        Need::WhoAmI => environment::who_am_i(wave),
        Need::OwnRoles => environment::users::own_roles(asking, wave),
        Need::OwnPrivileges => environment::own_privileges(asking, wave),
        Need::Organization => environment::organization(wave),
        Need::Languages => environment::languages(wave),
        Need::Solutions => environment::solutions(asking, wave),
        Need::WantedRoles => environment::wanted_roles(asking, wave),
        Need::WantedProfiles => environment::wanted_profiles(asking, wave),
        Need::SupportRows => environment::users::support_rows(asking, wave),
        Need::SupportUsers => environment::users::support_users(asking, wave),
        Need::OpenImports => environment::open_imports(wave),
        Need::OpenOperations => environment::open_operations(wave),
        Need::JobTables => environment::jobs::tables(asking, wave),
        Need::JobColumns => environment::jobs::columns(asking, wave),
        Need::OpenJobs => environment::jobs::open_jobs(asking, wave),
        Need::PowerPlatformEnvironment => power_platform::environment(asking, wave),
        Need::ApplicationPackages => power_platform::packages(asking, wave),
        Need::Backups => power_platform::backups(asking, wave),
        Need::EnvironmentOperations => power_platform::operations(asking, wave),
        // What tokens and files tell is known before the first wave.
        Need::SignedIn | Need::PartnerSignedIn | Need::SolutionPackage => settled(|_| {}),
        Need::IntegrationAccount
        | Need::IntegrationLicences
        | Need::IntegrationGroups
        | Need::IntegrationActiveRoles
        | Need::IntegrationRoleSchedules
        | Need::IntegrationMethods
        | Need::IntegrationRegistration
        | Need::IntegrationPerUserMfa
        | Need::IntegrationSignIns
        | Need::PartnerSecurityDefaults
        | Need::PartnerConditionalAccess
        | Need::PartnerNamedLocations
        | Need::PartnerCenterApp
        | Need::PartnerMethodsPolicy
        | Need::AgentGroups
        | Need::NativeApps
        | Need::PartnerOrganization
        | Need::PartnerRelationships
        | Need::PartnerAgreement => match &asking.question.scene.partner {
            Some(partner) => ask_partner(need, asking, partner, &mut waves.partner),
            None => settled(|_| {}),
        },
    }
}

/// The same for what the partner tenant is asked.
fn ask_partner(need: Need, asking: &Asking<'_>, partner: &PartnerScene, wave: &mut Wave<Partner>) -> Step {
    // In one tenant there is one policy, and it is asked for once.
    if let Some(at_home) = same_at_home(need).filter(|_| needs::in_one_tenant(asking.question.scene)) {
        return match asking.waits_for(at_home) {
            true => Step::NotYet,
            false => settled(move |facts| mfa::same_policy(at_home, facts)),
        };
    }
    let pack = asking.question.pack;
    let account = || Subject::integration(&partner.integration_account);
    match need {
        Need::IntegrationAccount => people::account(account(), wave),
        Need::IntegrationLicences => people::licences(account(), wave),
        Need::IntegrationGroups => directory::groups(account(), wave),
        Need::IntegrationActiveRoles => directory::active_roles(account(), wave),
        Need::IntegrationRoleSchedules => directory::role_schedules_of_role(account(), wave),
        Need::IntegrationMethods => mfa::methods(account(), wave),
        Need::IntegrationRegistration => mfa::registration(account(), wave),
        Need::IntegrationPerUserMfa => mfa::per_user(account(), wave),
        Need::IntegrationSignIns => mfa::sign_ins(asking, account(), wave),
        Need::PartnerSecurityDefaults => mfa::security_defaults(wave),
        Need::PartnerConditionalAccess => mfa::conditional_access(wave),
        Need::PartnerNamedLocations => {
            let tenant = &asking.facts.partner.tenant;
            mfa::named_locations(asking, Need::PartnerConditionalAccess, tenant, wave)
        }
        Need::PartnerCenterApp => partner::partner_center_app(pack, wave),
        Need::PartnerMethodsPolicy => mfa::methods_policy(wave),
        Need::AgentGroups => partner::agent_groups(pack, wave),
        Need::NativeApps => partner::native_apps(pack, wave),
        Need::PartnerOrganization => partner::organization(asking, wave),
        Need::PartnerRelationships => partner::relationships(asking, wave),
        Need::PartnerAgreement => partner::agreement(asking, partner, wave),
        _ => settled(|_| {}),
    }
}

/// Keeps the answers of one tenant.
fn asked<T: Side>(keep: impl FnOnce(&Answers, &mut Facts) + Send + 'static) -> Step {
    Step::Asked(Box::new(move |answered, facts| {
        if let Some(answers) = T::answers(answered) {
            keep(answers, facts);
        }
    }))
}

fn settled(settle: impl FnOnce(&mut Facts) + Send + 'static) -> Step {
    Step::Settled(Box::new(settle))
}
