//! What the tenant's Conditional Access policies demand of an account.

use super::Subject;
use super::unattended::without_mfa;
use uuid::Uuid;

use crate::conditional_access::{Application, Demanded, Hole, Place, Policy, Question, Reasoning, State, evaluate};
use crate::context::Undecided;
use crate::facts::principal::Account;
use crate::facts::tenant::NamedLocation;
use crate::facts::{Blind, Calls};
use crate::verdict::{Evidence, Fix, Judged};

const WANTED: &str = "every sign-in of this account met by a policy that demands MFA, or blocked";

/// What the policies say.
pub(super) enum Answer {
    /// The policies decide it.
    Decided(Box<Judged>),
    /// Sign-ins are left that only something else could ask for MFA.
    Left(Left),
}

/// What policies leave.
pub(super) struct Left {
    pub(super) calls: Calls,
    /// The sign-ins that are left, in words.
    pub(super) seen: String,
    pub(super) sentence: String,
    /// Further things worth saying: the other holes, and how the account signs in.
    pub(super) closes: Vec<String>,
}

/// Everything that decides what the policies say of an account, as far as it was seen.
pub(crate) struct Gathered {
    pub(crate) policies: Vec<Policy>,
    pub(crate) signer: crate::conditional_access::Subject,
    places: Vec<Place>,
    pub(crate) application: Uuid,
    /// Whether the application has a service principal, or why that is not known.
    pub(crate) in_tenant: Result<bool, Blind>,
    calls: Calls,
}

/// Gathers what the policies are evaluated on.
pub(crate) fn gather(subject: &Subject<'_>, account: &Account) -> Result<Gathered, Undecided> {
    let (stored, calls) = subject.tenant.conditional_access.read()?;
    if let Some(bare) = stored
        .iter()
        .find(|policy| policy.state == "enabled" && !policy.policy["conditions"].is_object())
    {
        let message = format!("the enabled policy {} is stored without its conditions", bare.name);
        return Err(Blind::not_decidable(message, calls).into());
    }
    let mut calls = calls.clone();
    let (groups, more) = subject.person.groups.read()?;
    calls = calls.and(more);
    let (roles, more) = subject.person.active_roles.read()?;
    calls = calls.and(more);
    let (places, more) = subject.tenant.named_locations.read()?;
    calls = calls.and(more);
    let (application, principal) = subject.application;
    let in_tenant = match principal.read() {
        Ok((app, more)) => {
            calls = calls.and(more);
            Ok(app.is_some())
        }
        Err(blind) => Err(blind.clone()),
    };
    Ok(Gathered {
        policies: stored.iter().map(Policy::stored).collect(),
        signer: crate::conditional_access::Subject {
            id: account.id,
            groups: groups.clone(),
            roles: roles.iter().map(|role| role.template).collect(),
            guest_kinds: guest_kinds(account),
        },
        places: places.iter().map(place).collect(),
        application,
        in_tenant,
        calls,
    })
}

impl Gathered {
    /// What the policies demand together. Without a view of the application's service principal only an answer counts
    /// that does not hang on it.
    pub(crate) fn reasoning(&self, every_sign_in: bool) -> Result<Reasoning<'_>, Undecided> {
        let ask = |in_tenant: bool| {
            let question = Question {
                subject: &self.signer,
                application: Application {
                    id: self.application,
                    in_tenant,
                },
                places: &self.places,
                every_sign_in,
            };
            evaluate(&self.policies, &question)
        };
        match &self.in_tenant {
            Ok(in_tenant) => Ok(ask(*in_tenant)),
            Err(blind) => {
                let (with, without) = (ask(true), ask(false));
                if with.demanded == without.demanded {
                    Ok(with)
                } else {
                    Err(blind.into())
                }
            }
        }
    }
}

/// Evaluates the policies; `None` when none is enforced.
pub(super) fn by_conditional_access(
    subject: &Subject<'_>,
    account: &Account,
    every_sign_in: bool,
) -> Result<Option<Answer>, Undecided> {
    let (stored, _) = subject.tenant.conditional_access.read()?;
    if !stored
        .iter()
        .any(|policy| Policy::stored(policy).state == State::Enabled)
    {
        return Ok(None);
    }
    let gathered = gather(subject, account)?;
    let reasoning = gathered.reasoning(every_sign_in)?;
    decide(subject, &reasoning, gathered.calls.clone(), every_sign_in).map(Some)
}

fn decide(
    subject: &Subject<'_>,
    reasoning: &Reasoning<'_>,
    calls: Calls,
    every_sign_in: bool,
) -> Result<Answer, Undecided> {
    let who = subject.who;
    let named = |ids: &[String]| -> String {
        let of = reasoning
            .readings
            .iter()
            .filter(|reading| ids.contains(&reading.policy.id));
        let names: Vec<&str> = of.map(|reading| reading.policy.name.as_str()).collect();
        names.join(", ")
    };
    Ok(match &reasoning.demanded {
        Demanded::Everywhere(by) => {
            let names = named(by);
            let seen = format!("Conditional Access leaves no sign-in without MFA: {names}");
            let anew = if every_sign_in { "anew " } else { "" };
            let sentence = format!("{who} is asked for MFA {anew}at every sign-in, by {names}");
            Answer::Decided(Box::new(Judged::met(Evidence::new(&calls, seen, WANTED), sentence)))
        }
        Demanded::Blocked(by) => {
            let names = named(by);
            let seen = format!("Conditional Access blocks every sign-in: {names}");
            let sentence = format!("{who} cannot sign in at all: every sign-in is blocked by {names}");
            let fix = Fix::by_hand(format!(
                "exclude {who} from what blocks it, and make sure that another policy asks it for MFA"
            ))
            .at(
                "Entra admin centre > Protection > Conditional Access > Policies",
                "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies",
            );
            Answer::Decided(Box::new(Judged::missing(
                Evidence::new(&calls, seen, WANTED),
                sentence,
                fix,
            )))
        }
        Demanded::TooMany => {
            let message = "the policies tell more sign-ins apart than are looked at, so MFA is not proven";
            return Err(Blind::not_decidable(message, &calls).into());
        }
        Demanded::Holes { perhaps, .. } if !perhaps.is_empty() => {
            let named: Vec<String> = perhaps.iter().map(|(name, why)| format!("{name}: {why}")).collect();
            let message = format!("whether MFA is demanded hangs on {}", named.join("; "));
            return Err(Blind::not_decidable(message, &calls).into());
        }
        Demanded::Holes { holes, more, some, .. } => {
            let seen: Vec<String> = holes.iter().map(|hole| hole.sign_ins.clone()).collect();
            let mut seen = seen.join("; ");
            if *more > 0 {
                seen.push_str(&format!("; and {more} more"));
            }
            // Where nothing asks at all is worse than where an earlier claim is enough, so that is said first.
            let first = holes.iter().position(|hole| !hole.reused).unwrap_or_default();
            let sentence = match holes.get(first) {
                Some(hole) if !some => format!("no policy demands MFA of {who}: {}", words(hole)),
                Some(hole) if hole.reused => format!("{who} is not asked for MFA anew every time; {}", at(hole)),
                Some(hole) => format!("{who} is not always asked for MFA; {}", at(hole)),
                None => format!("{who} is not always asked for MFA"),
            };
            let mut closes: Vec<String> = holes
                .iter()
                .enumerate()
                .filter(|(number, _)| *number != first)
                .map(|(_, hole)| format!("further {}", at(hole)))
                .collect();
            closes.extend(without_mfa(subject));
            Answer::Left(Left {
                calls,
                seen,
                sentence,
                closes,
            })
        }
    })
}

/// A hole and what is wrong there. Its words may begin with any preposition and with "not", so they stand behind a colon.
fn at(hole: &Hole) -> String {
    match hole.reused {
        true => format!(
            "sign-ins at which an earlier MFA claim may be used again: {}",
            words(hole)
        ),
        false => format!("sign-ins at which nothing asks it: {}", words(hole)),
    }
}

/// A hole in words, with the policies that come closest to closing it.
fn words(hole: &Hole) -> String {
    let mut words = hole.sign_ins.clone();
    if !hole.near.is_empty() {
        let near = hole.near.iter().map(|near| format!("{}: {}", near.policy, near.why));
        let near: Vec<String> = near.collect();
        words.push_str(&format!(" ({})", near.join("; ")));
    }
    words
}

/// Kinds of guests an account may be; Entra tells only that it is one (Microsoft Graph, `user.userType`).
fn guest_kinds(account: &Account) -> Vec<String> {
    let kinds: &[&str] = match account.user_type.as_deref() {
        Some("Guest") if account.user_principal_name.to_uppercase().contains("#EXT#") => &["b2bCollaborationGuest"],
        Some("Guest") => &["internalGuest"],
        _ if account.user_principal_name.to_uppercase().contains("#EXT#") => &["b2bCollaborationMember"],
        _ => &[],
    };
    kinds.iter().map(|kind| (*kind).to_owned()).collect()
}

fn place(location: &NamedLocation) -> Place {
    Place {
        id: location.id.to_ascii_lowercase(),
        name: location.name.clone(),
        trusted: location.trusted,
        countries: location.countries.clone(),
    }
}
