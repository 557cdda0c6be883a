//! Why MFA is demanded of an account at an application, or not: the whole reasoning, policy by policy.

mod second_opinion;

pub use second_opinion::{Opinion, POINTS, Point, SecondOpinion};

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Serialize;
use uuid::{Uuid, uuid};

use crate::conditional_access::{Demand, Demanded, Hole, Policy, Reading, Reasoning, Scope};
use crate::context::Undecided;
use crate::facts::principal::{Account, PerUserMfa, ServicePrincipal};
use crate::facts::{Blind, Fact, Facts, Reason};
use crate::pack::{MfaDemand, Pack};
use crate::rules::mfa::by_conditional_access::{Gathered, gather};
use crate::rules::mfa::{BESIDE_SECURITY_DEFAULTS, Subject, at_sign_in, demanded, without_mfa};
use crate::scene::Principal;
use crate::verdict::Verdict;

/// Dataverse's application id, the same in every tenant.
pub const DATAVERSE: Uuid = uuid!("00000007-0000-0000-c000-000000000000");

/// Of whom and of what is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// An account of the Dynamics tenant that signs in to an application.
    Account {
        /// Who.
        who: Principal,
        /// Application id.
        application: Uuid,
        /// Its service principal in the Dynamics tenant; `None` to take what the facts hold of it.
        principal: Option<Fact<Option<ServicePrincipal>>>,
    },
    /// The integration account, in the partner tenant, that signs in to Partner Center.
    IntegrationAccount,
}

impl Asked {
    /// An account that signs in to an application, by what the facts hold of both.
    pub fn at(who: Principal, application: Uuid) -> Self {
        Self::Account {
            who,
            application,
            principal: None,
        }
    }
}

/// The whole reasoning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Explained {
    /// Whose MFA: user principal name.
    pub user: String,
    /// Application id of what is signed in to.
    pub application: Uuid,
    /// Whether that has a service principal in the tenant; `null` when that is not known.
    pub in_tenant: Option<bool>,
    /// Why that is not known; `null` when it is.
    pub in_tenant_unknown: Option<String>,
    /// The account as policies see it; `null` when it could not be read whole.
    pub account: Option<SeenAccount>,
    /// Every policy of the tenant; `null` when they could not be read.
    pub policies: Option<Vec<SeenPolicy>>,
    /// What all of it amounts to.
    pub verdict: MfaVerdict,
    /// The same in a sentence.
    pub because: String,
    /// Sign-ins at which nothing asks for MFA.
    pub holes: Vec<SeenHole>,
    /// How many more there are than are named.
    pub more_holes: usize,
    /// What is to be known before anything is changed.
    pub warnings: Vec<String>,
    /// Microsoft's own evaluation of a few sign-ins; `null` when nobody asked for it.
    pub second_opinion: Option<SecondOpinion>,
}

/// What MFA of an account amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MfaVerdict {
    /// It is demanded at every sign-in.
    Proven,
    /// It is demanded as far as can be seen: by per-user MFA, of which not everything can be read.
    Probable,
    /// It is demanded at some sign-ins only.
    NotProven,
    /// Nothing demands it.
    Disproven,
    /// No sign-in gets through at all.
    Blocked,
    /// Something that decides could not be read.
    CouldNotRead,
}

impl MfaVerdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Probable => "probable",
            Self::NotProven => "not proven",
            Self::Disproven => "disproven",
            Self::Blocked => "blocked",
            Self::CouldNotRead => "could not read",
        }
    }
}

/// An account as policies see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeenAccount {
    /// Object id.
    pub id: Uuid,
    /// Kinds of guests it may be; empty for a member.
    pub guest_kinds: Vec<String>,
    /// Groups, direct and through other groups, by object id.
    pub groups: Vec<Uuid>,
    /// Active directory roles by name.
    pub roles: Vec<String>,
}

/// A policy as it was read for this account and application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeenPolicy {
    /// Id.
    pub id: String,
    /// Name: somebody's text.
    pub name: String,
    /// Whether it is meant; `null` when that cannot be told.
    pub in_scope: Option<bool>,
    /// Why it is not, or why it cannot be told.
    pub why_not: Option<String>,
    /// What it demands, in words.
    pub demands: String,
    /// Whether it lets nobody in.
    pub blocks: bool,
    /// The sign-ins it is limited to, in words; `null` for all, or when it is not meant.
    pub only: Option<String>,
    /// How often a sign-in is asked for anew, in words; `null` when it does not say.
    pub sign_in_frequency: Option<String>,
}

/// Sign-ins at which nothing asks for MFA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeenHole {
    /// Which, in words.
    pub sign_ins: String,
    /// MFA is asked for there, but an earlier claim is used again.
    pub reused: bool,
    /// The policies that come closest.
    pub nearest: Vec<Nearest>,
    /// Which change closes it where no policy comes close; `null` where some do, each with its own.
    pub change: Option<String>,
}

/// A policy that comes close to closing a hole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Nearest {
    /// Its name: somebody's text.
    pub policy: String,
    /// Why it leaves the hole.
    pub why: String,
    /// Which change closes it.
    pub change: String,
}

/// Said before any policy is changed (Microsoft Entra, "manage emergency access accounts").
const BREAK_GLASS: &str = "before a policy is changed or made: leave two emergency accounts (break glass) out of it, and start in report-only";

/// Explains; the error says what could not be read of the account itself.
///
/// # Errors
/// When the account is not known, or there is no integration account.
pub fn explain(facts: &Facts, pack: &Pack, asked: &Asked) -> Result<Explained, String> {
    let subject = subject(facts, pack, asked)?;
    let who = subject.who();
    let account = match subject.person().account.value() {
        Ok(Some(account)) => account,
        Ok(None) => return Err(format!("there is no account {who} in the tenant")),
        Err(blind) => return Err(format!("the account {who} could not be read: {}", blind.message)),
    };
    Ok(reasoned(&subject, account, pack.settings.mfa))
}

/// Who is asked about, as the rules see it.
fn subject<'a>(facts: &'a Facts, pack: &Pack, asked: &'a Asked) -> Result<Subject<'a>, String> {
    match (asked, &facts.scene.partner) {
        (Asked::IntegrationAccount, Some(partner)) => {
            Ok(Subject::integration_account(facts, partner, pack.partner_center.api))
        }
        (Asked::IntegrationAccount, None) => Err("the facts name no integration account".to_owned()),
        (
            Asked::Account {
                who,
                application,
                principal,
            },
            _,
        ) => {
            let principal = principal.as_ref();
            let principal = principal.unwrap_or_else(|| in_facts(facts, pack, *application));
            Ok(Subject::anybody(facts, who, (*application, principal)))
        }
    }
}

/// What facts hold of an application in the Dynamics tenant. Partner Center is looked at in the partner tenant, which is
/// the same one for some.
fn in_facts<'a>(facts: &'a Facts, pack: &Pack, application: Uuid) -> &'a Fact<Option<ServicePrincipal>> {
    static NOT_THERE: LazyLock<Fact<Option<ServicePrincipal>>> = LazyLock::new(|| {
        Fact::Unknown(Blind {
            reason: Reason::NotCollected,
            message: "whether the application has a service principal in the tenant is not in these facts".to_owned(),
            lacking: Vec::new(),
            call: None,
        })
    });
    let partner = facts.scene.partner.as_ref();
    let in_one_tenant = partner.is_some_and(|partner| partner.tenant_id == facts.scene.tenant_id);
    let found = match application {
        DATAVERSE => Some(&facts.tenant.dataverse_app),
        api if api == pack.partner_center.api && in_one_tenant => Some(&facts.partner.partner_center_app),
        _ => None,
    };
    found.filter(|fact| !fact.is_not_collected()).unwrap_or(&NOT_THERE)
}

fn reasoned(subject: &Subject<'_>, account: &Account, strictness: MfaDemand) -> Explained {
    let every_sign_in = strictness == MfaDemand::EverySignIn;
    let gathered = gather(subject, account);
    let reasoning = match &gathered {
        Ok(gathered) => gathered.reasoning(every_sign_in).ok(),
        Err(_) => None,
    };
    let judged = demanded(subject, strictness);
    let (verdict, because) = match &judged {
        Ok(judged) => (
            verdict(subject, every_sign_in, judged.verdict(), reasoning.as_ref()),
            judged.sentence().to_owned(),
        ),
        Err(Undecided(blinds)) => (
            match reasoning.as_ref().map(|reasoning| &reasoning.demanded) {
                // All was read; it is only too much to be gone through.
                Some(Demanded::TooMany) => MfaVerdict::NotProven,
                _ => MfaVerdict::CouldNotRead,
            },
            blinds.first().map(|blind| blind.message.clone()).unwrap_or_default(),
        ),
    };
    let (holes, more_holes): (Vec<SeenHole>, usize) = match reasoning.as_ref().map(|reasoning| &reasoning.demanded) {
        Some(Demanded::Holes { holes, more, .. }) => {
            let defaults = subject.has_security_defaults();
            (holes.iter().map(|one| hole(one, defaults)).collect(), *more)
        }
        _ => (Vec::new(), 0),
    };
    let mut warnings = Vec::new();
    if verdict != MfaVerdict::Proven {
        warnings.push(BREAK_GLASS.to_owned());
        // A hole with a change of its own says it there.
        if subject.has_security_defaults() && holes.iter().all(|hole| hole.change.is_none()) {
            warnings.push(BESIDE_SECURITY_DEFAULTS.to_owned());
        }
        warnings.push(at_sign_in(subject));
    } else {
        warnings.extend(without_mfa(subject));
    }
    Explained {
        user: subject.who().to_string(),
        application: subject.application(),
        in_tenant: gathered
            .as_ref()
            .ok()
            .and_then(|gathered| gathered.in_tenant.clone().ok()),
        in_tenant_unknown: subject.application_unknown().map(|blind| blind.message.clone()),
        account: gathered.as_ref().ok().map(|gathered| seen_account(subject, gathered)),
        policies: policies(subject, reasoning.as_ref()),
        verdict,
        because,
        holes,
        more_holes,
        warnings,
        second_opinion: None,
    }
}

/// Policies prove it, and so do security defaults for the roles that they always ask; per-user MFA makes it probable.
fn verdict(
    subject: &Subject<'_>,
    every_sign_in: bool,
    judged: &Verdict,
    reasoning: Option<&Reasoning<'_>>,
) -> MfaVerdict {
    let demanded = reasoning.map(|reasoning| &reasoning.demanded);
    let per_user = subject.person().per_user_mfa.value();
    let by_person = !every_sign_in && matches!(per_user, Ok(PerUserMfa::Enabled | PerUserMfa::Enforced));
    match (judged, demanded) {
        (Verdict::Met(_), Some(Demanded::Everywhere(_))) => MfaVerdict::Proven,
        (Verdict::Met(_), _) if by_person => MfaVerdict::Probable,
        (Verdict::Met(_), _) => MfaVerdict::Proven,
        (Verdict::Missing, _) if subject.has_security_defaults() => MfaVerdict::NotProven,
        (Verdict::Missing, Some(Demanded::Blocked(_))) => MfaVerdict::Blocked,
        (Verdict::Missing, Some(Demanded::Holes { some: true, .. })) => MfaVerdict::NotProven,
        (Verdict::Missing, _) => MfaVerdict::Disproven,
        _ => MfaVerdict::CouldNotRead,
    }
}

fn seen_account(subject: &Subject<'_>, gathered: &Gathered) -> SeenAccount {
    let roles = subject
        .person()
        .active_roles
        .value()
        .map(Vec::as_slice)
        .unwrap_or_default();
    SeenAccount {
        id: gathered.signer.id,
        guest_kinds: gathered.signer.guest_kinds.clone(),
        groups: gathered.signer.groups.clone(),
        roles: roles.iter().map(|role| role.name.clone()).collect(),
    }
}

/// The policies as they were read; as they are stored when they could not be evaluated.
fn policies(subject: &Subject<'_>, reasoning: Option<&Reasoning<'_>>) -> Option<Vec<SeenPolicy>> {
    if let Some(reasoning) = reasoning {
        return Some(reasoning.readings.iter().map(seen_policy).collect());
    }
    let stored = subject.tenant_policies()?;
    let unread = |policy: Policy| SeenPolicy {
        in_scope: None,
        why_not: Some("something that decides it could not be read".to_owned()),
        demands: demands(&policy),
        blocks: policy.grant.demand() == Demand::Block,
        only: None,
        sign_in_frequency: policy.session.frequency.clone(),
        id: policy.id,
        name: policy.name,
    };
    Some(stored.into_iter().map(unread).collect())
}

fn seen_policy(reading: &Reading<'_>) -> SeenPolicy {
    let policy = reading.policy;
    let (in_scope, why_not) = match &reading.scope {
        Scope::Meant => (Some(true), None),
        Scope::NotMeant(why) => (Some(false), Some(why.to_string())),
        Scope::Unclear(why) => (None, Some(why.clone())),
    };
    SeenPolicy {
        id: policy.id.clone(),
        name: policy.name.clone(),
        in_scope,
        why_not,
        demands: demands(policy),
        blocks: reading.demand == Demand::Block,
        only: reading.only.clone(),
        sign_in_frequency: policy.session.frequency.clone(),
    }
}

fn demands(policy: &Policy) -> String {
    let instead: Vec<&str> = policy.grant.instead_of_mfa().collect();
    match policy.grant.demand() {
        Demand::Block => "that nobody signs in".to_owned(),
        Demand::Mfa if instead.is_empty() => "MFA".to_owned(),
        Demand::Mfa => format!("MFA and {}", instead.join(" and ")),
        Demand::MfaOrOther => format!("MFA or {}", instead.join(" or ")),
        Demand::NotMfa if instead.is_empty() => "nothing at the sign-in".to_owned(),
        Demand::NotMfa => instead.join(if policy.grant.all { " and " } else { " or " }),
    }
}

fn hole(hole: &Hole, security_defaults: bool) -> SeenHole {
    let change = match hole.reused {
        true => "set the sign-in frequency of the policies that ask for MFA to every time".to_owned(),
        false if security_defaults => format!("let a policy ask for MFA at these sign-ins; {BESIDE_SECURITY_DEFAULTS}"),
        false => "let a policy ask for MFA at these sign-ins".to_owned(),
    };
    SeenHole {
        sign_ins: hole.sign_ins.clone(),
        reused: hole.reused,
        nearest: hole
            .near
            .iter()
            .map(|near| Nearest {
                policy: near.policy.clone(),
                why: near.why.clone(),
                change: near.change.clone(),
            })
            .collect(),
        change: hole.near.is_empty().then_some(change),
    }
}
