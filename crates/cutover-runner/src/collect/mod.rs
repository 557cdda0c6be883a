//! Collects the facts that the chosen checks need, in the fewest requests.
//!
//! Every need is answered by one function that either puts its questions into the current wave, or waits for a
//! fact that the wave will bring. All questions of a wave travel together, so the number of waves is the length
//! of the longest chain of facts that build on each other, and not the number of needs.

mod calls;
mod directory;
mod environment;
mod mfa;
mod people;
mod tenant;

use std::collections::BTreeSet;

use cutover_clients::graph::UserKey;
use cutover_clients::tenancy::Home;
use cutover_clients::tokens::TokenError;
use cutover_clients::{Answers, Api, Clients, Wave};
use cutover_core::evidence::{Call, Service};
use cutover_core::facts::principal::PrincipalFacts;
use cutover_core::facts::tenant::SignedIn;
use cutover_core::facts::{Blind, Fact, Facts, Reason};
use cutover_core::judge::not_applicable;
use cutover_core::need::Need;
use cutover_core::pack::{Pack, Requirement};
use cutover_core::scene::{Part, Principal, Scene};
use cutover_core::{Check, Selection};
use uuid::Uuid;

pub use calls::{calls_of, in_words};

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
    #[error("the sign-in gave a token of tenant {got}, but the configuration names tenant {asked}: nothing was judged")]
    WrongTenant {
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

type Keep = Box<dyn FnOnce(&Answers, &mut Facts) + Send>;
type Settle = Box<dyn FnOnce(&mut Facts) + Send>;

/// What an asking function may look at.
struct Asking<'a> {
    question: Question<'a>,
    facts: &'a Facts,
    /// Which needs are still open; a fact whose need is not open will not come.
    open: &'a BTreeSet<Need>,
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

    /// The key of a user for Graph; `None` for an application.
    fn user(&self, part: Part) -> Option<(Principal, UserKey)> {
        match self.who(part) {
            Principal::User(name) => Some((self.who(part).clone(), name.parse().ok()?)),
            Principal::Application(_) => None,
        }
    }
}

/// The facts of a principal, to be filled.
fn of<'f>(facts: &'f mut Facts, who: &Principal) -> &'f mut PrincipalFacts {
    facts.principals.entry(who.clone()).or_default()
}

/// AADSTS codes that say: this tenant has no such resource, or no such tenant exists.
const NO_SUCH_RESOURCE: &[u32] = &[500_011, 650_052];

/// Collects what the checks of `question` need. Services are asked in parallel; what cannot be read is unknown.
///
/// # Errors
/// When tenant, environment or organisation are not the configured ones, or nobody could sign in.
pub async fn collect(clients: &Clients<Home>, question: Question<'_>) -> Result<Facts, CollectError> {
    let started = clients.connection().clock.now();
    let mut facts = Facts::new(question.scene.clone(), started);
    sign_in(clients, question.scene, &mut facts).await?;
    // What is not known yet: needs that wait, and needs whose questions are on their way.
    let mut open = needs(question);
    loop {
        let mut wave = Wave::new();
        let mut under_way: Vec<(Need, Keep)> = Vec::new();
        // A need that settles without a question may let others ask in this very wave.
        while let Some(settle) = fill(question, &facts, &mut open, &mut wave, &mut under_way, started) {
            settle(&mut facts);
        }
        if wave.is_empty() {
            distrust_unknown_organization(question.scene, &mut facts);
            return Ok(facts);
        }
        let answers = wave.send(clients).await;
        for (need, keep) in under_way {
            keep(&answers, &mut facts);
            open.remove(&need);
        }
        same_organization(question.scene, &facts)?;
    }
}

/// Puts the questions of every need that can ask now into the wave, until one settles without a question.
fn fill(
    question: Question<'_>,
    facts: &Facts,
    open: &mut BTreeSet<Need>,
    wave: &mut Wave,
    under_way: &mut Vec<(Need, Keep)>,
    since: jiff::Timestamp,
) -> Option<Settle> {
    let waiting: Vec<Need> = open
        .iter()
        .filter(|need| !under_way.iter().any(|(asked, _)| asked == *need))
        .copied()
        .collect();
    for need in waiting {
        let asking = Asking {
            question,
            facts,
            open,
            since,
        };
        match ask(need, &asking, wave) {
            Step::Asked(keep) => under_way.push((need, keep)),
            Step::NotYet => {}
            Step::Settled(settle) => {
                open.remove(&need);
                return Some(settle);
            }
        }
    }
    None
}

/// Signs in to both services at once and looks at what the tokens say, before anything else is asked.
async fn sign_in(clients: &Clients<Home>, scene: &Scene, facts: &mut Facts) -> Result<(), CollectError> {
    let (graph, dataverse) = tokio::join!(clients.claims(Api::Graph), clients.claims(Api::Dataverse));
    for error in [graph.as_ref().err(), dataverse.as_ref().err()].into_iter().flatten() {
        if let TokenError::WrongTenant { asked, got } = error {
            return Err(CollectError::WrongTenant {
                asked: *asked,
                got: *got,
            });
        }
    }
    if let Err(TokenError::Refused(refusal)) = &dataverse
        && let Some(code) = refusal.codes.iter().find(|code| NO_SUCH_RESOURCE.contains(code))
        && graph.is_ok()
    {
        return Err(CollectError::WrongEnvironment {
            url: scene.environment_url.clone(),
            code: *code,
        });
    }
    let call = Call {
        service: Service::Entra,
        request: format!("POST /{}/oauth2/v2.0/token", scene.tenant_id),
        status: graph.is_ok().then_some(200),
        request_id: None,
        at: clients.connection().clock.now(),
    };
    facts.tenant.signed_in = match (graph, dataverse) {
        (Err(error @ TokenError::Refused(_)), Err(TokenError::Refused(_))) => {
            return Err(CollectError::NotSignedIn(error));
        }
        (Ok(claims), _) => match (claims.oid, claims.appid) {
            (Some(object_id), Some(app_id)) => Fact::known(
                SignedIn {
                    object_id,
                    app_id,
                    application: claims.is_application(),
                    permissions: claims.permissions().to_vec(),
                    directory_roles: claims.wids.clone(),
                },
                call,
            ),
            _ => Fact::Unknown(Blind::unreadable(
                "the token names neither who nor what signed in",
                Some(Box::new(call)),
            )),
        },
        (Err(error), _) => Fact::Unknown(Blind {
            reason: Reason::NotSignedIn,
            message: format!("no sign-in to Microsoft Graph: {error}"),
            lacking: Vec::new(),
            call: Some(Box::new(call)),
        }),
    };
    Ok(())
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

/// The needs of the chosen checks and of what those build on, each principal once.
fn needs(question: Question<'_>) -> BTreeSet<Need> {
    // What does not concern this scene is not judged by what is seen, so nothing is looked at for it.
    let concerns = |requirement: &Requirement| not_applicable(question.scene, question.pack, requirement).is_none();
    let checks = question
        .selection
        .checks(question.pack)
        .filter(|(requirement, _)| concerns(requirement));
    let mut open: BTreeSet<Need> = checks
        .flat_map(|(_, check): (_, &Check)| check.needs)
        .copied()
        .collect();
    // Which organisation this is, is a guard and not a matter of the chosen checks.
    open.insert(Need::WhoAmI);
    let each_once = closed(open).into_iter().map(|need| on_first_part(question.scene, need));
    each_once.filter(|need| *need != Need::SignedIn).collect()
}

/// Needs with everything they build on.
fn closed(mut needs: BTreeSet<Need>) -> BTreeSet<Need> {
    loop {
        let more: BTreeSet<Need> = needs.iter().copied().flat_map(builds_on).collect();
        if more.is_subset(&needs) {
            return needs;
        }
        needs.extend(more);
    }
}

/// The needs whose facts a need is asked with.
fn builds_on(need: Need) -> Vec<Need> {
    match need {
        Need::RoleSchedules(part) => vec![Need::Account(part), Need::ActiveRoles(part)],
        Need::SignIns(part) => vec![Need::Account(part)],
        Need::SystemUsers(part) => vec![Need::SystemUsersByObjectId(part)],
        Need::SystemUsersByObjectId(part) => vec![Need::Account(part), Need::SystemUsers(part)],
        Need::SecurityRoles(part) | Need::Profiles(part) | Need::Settings(part) => vec![Need::SystemUsers(part)],
        Need::OwnRoles | Need::OwnPrivileges => vec![Need::WhoAmI],
        Need::ConsentGrants => vec![Need::ConsentApps],
        Need::SupportUsers => vec![Need::SupportRows],
        _ => Vec::new(),
    }
}

/// Somebody who plays several parts is asked about once, under the first of them.
fn on_first_part(scene: &Scene, need: Need) -> Need {
    let first = |part: Part| {
        let all = [Part::Caller, Part::Borrower, Part::ServiceIdentity];
        all.into_iter()
            .find(|other| scene.principal(*other) == scene.principal(part))
            .unwrap_or(part)
    };
    match need {
        Need::Account(part) => Need::Account(first(part)),
        Need::Licences(part) => Need::Licences(first(part)),
        Need::Groups(part) => Need::Groups(first(part)),
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

fn ask(need: Need, asking: &Asking<'_>, wave: &mut Wave) -> Step {
    match need {
        Need::SignedIn => settled(|_| {}),
        Need::Account(part) => people::account(asking, part, wave),
        Need::Licences(part) => people::licences(asking, part, wave),
        Need::Groups(part) => directory::groups(asking, part, wave),
        Need::ActiveRoles(part) => directory::active_roles(asking, part, wave),
        Need::RoleSchedules(part) => directory::role_schedules(asking, part, wave),
        Need::GlobalAdministratorPolicy => directory::global_administrator_policy(wave),
        Need::Methods(part) => mfa::methods(asking, part, wave),
        Need::Registration(part) => mfa::registration(asking, part, wave),
        Need::PerUserMfa(part) => mfa::per_user(asking, part, wave),
        Need::SignIns(part) => mfa::sign_ins(asking, part, wave),
        Need::SecurityDefaults => mfa::security_defaults(wave),
        Need::ConditionalAccess => mfa::conditional_access(wave),
        Need::MethodsPolicy => mfa::methods_policy(wave),
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
        _ => settled(|_| {}),
    }
}

fn asked(keep: impl FnOnce(&Answers, &mut Facts) + Send + 'static) -> Step {
    Step::Asked(Box::new(keep))
}

fn settled(settle: impl FnOnce(&mut Facts) + Send + 'static) -> Step {
    Step::Settled(Box::new(settle))
}
