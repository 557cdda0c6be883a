//! What has to be lent so that a step becomes possible: the least that does, and only what comes back.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use uuid::Uuid;

use super::actor::{Actor, Stands};
use super::draft::Stretch;
use super::right::{ELEVATING, Right};
use super::{Case, slug};
use crate::facts::tenant::RolePolicy;
use crate::facts::{Facts, Reason};
use crate::plan::action::{
    ActivateDirectoryRole, AddGroupMember, AssignDirectoryRole, AssignStandingDirectoryRole, BecomeSystemAdministrator,
    GroupStandsFor, Side,
};
use crate::plan::{Action, StepId};
use crate::reading::directory_roles::{Ends, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, role_name};

/// What is lent; one loan for each, however many steps need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lent {
    /// A directory role, by template.
    Role(Uuid),
    /// System Administrator of the environment.
    SystemAdministrator,
}

/// How a right is come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// It is there already.
    Held,
    /// By this loan.
    Loan(Lent),
    /// Not at all.
    Refused(Obstacle),
}

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Obstacle {
    /// Why.
    pub(crate) why: String,
    /// What would make it possible.
    pub(crate) unless: Option<String>,
}

/// A loan before it is known which steps need it.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) id: StepId,
    pub(crate) action: Action,
    /// The loan without which it cannot be lent; that one comes back first.
    pub(crate) by: Option<Lent>,
    pub(crate) limit: SignedDuration,
    pub(crate) ends_by_itself: bool,
    pub(crate) returned_by: String,
    /// Whether somebody has to approve it first.
    pub(crate) approval: bool,
}

/// The loans of a plan.
pub(crate) struct Lender<'a> {
    stretch: Stretch,
    case: &'a Case<'a>,
    actor: Option<&'a Actor<'a>>,
    pub(crate) offers: BTreeMap<Lent, Offer>,
    pub(crate) notes: Vec<String>,
}

impl<'a> Lender<'a> {
    pub(crate) fn new(case: &'a Case<'a>, actor: Option<&'a Actor<'a>>, stretch: Stretch) -> Self {
        Self {
            stretch,
            case,
            actor,
            offers: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// How the actor comes by a right; loans that it takes are kept.
    pub(crate) fn way(&mut self, right: &Right) -> Way {
        let Some(actor) = self.actor else {
            let caller = &self.case.facts.scene.caller;
            return refused(
                format!(
                    "nobody is known who could carry it out: {caller} is not known in the tenant, or may not sign in"
                ),
                "sign in as the caller, or name another one: who.caller in the configuration",
            );
        };
        match right {
            Right::Directory {
                roles,
                permissions,
                side: Side::Home,
            } => self.directory(actor, roles, permissions),
            Right::Directory { roles, permissions, .. } => self.partner(roles, permissions),
            Right::SystemAdministrator => self.system_administrator(actor),
            Right::Billing if actor.works_in(self.case) => Way::Held,
            Right::Billing => self.system_administrator(actor),
        }
    }

    fn directory(&mut self, actor: &Actor<'_>, roles: &[Uuid], permissions: &[&str]) -> Way {
        if actor.application {
            return match actor.permitted(permissions) {
                true => Way::Held,
                false => refused(
                    format!(
                        "{} lacks the application permission {}",
                        actor.whom.name,
                        permissions.join(" or ")
                    ),
                    "grant it, or let a person carry the plan out: who.caller in the configuration",
                ),
            };
        }
        let mut hidden = None;
        let stands: Vec<(Uuid, Stands)> = roles.iter().map(|role| (*role, actor.stands(*role))).collect();
        if stands.iter().any(|(_, stands)| matches!(stands, Stands::Active(_))) {
            return Way::Held;
        }
        for (role, stands) in &stands {
            match stands {
                Stands::Eligible => return self.activation(actor, *role),
                Stands::Hidden(why) => hidden = Some(why.clone()),
                Stands::Active(_) | Stands::Not { .. } => {}
            }
        }
        if matches!(actor.stands(PRIVILEGED_ROLE_ADMINISTRATOR), Stands::Active(_)) {
            return self.assignment(actor, roles, &stands);
        }
        let named = names(roles, ", ");
        let smallest = roles.first().map(|role| name(*role)).unwrap_or_default();
        match hidden {
            Some(why) => refused(
                format!(
                    "whether {} may activate one of these could not be read ({named}): {why}",
                    actor.whom.name
                ),
                "open that view, or have the role assigned before",
            ),
            None => refused(
                format!("{} is none of these, and may activate none: {named}", actor.whom.name),
                format!(
                    "have a Privileged Role Administrator make {} eligible for {smallest} in PIM",
                    actor.whom.name
                ),
            ),
        }
    }

    /// By PIM, for oneself: whoever is eligible needs nobody else, and the role ends by itself.
    fn activation(&mut self, actor: &Actor<'_>, role: Uuid) -> Way {
        let lent = Lent::Role(role);
        if self.offers.contains_key(&lent) {
            return Way::Loan(lent);
        }
        let policy = self.policy(role);
        let limit = self.limit(policy);
        if let Some(obstacle) = policy.and_then(|policy| self.asked_for(policy)) {
            return Way::Refused(obstacle);
        }
        self.notes.push(asks(policy, role));
        self.offers.insert(
            lent,
            Offer {
                id: self.lend_id(name(role)),
                action: Action::ActivateDirectoryRole(ActivateDirectoryRole {
                    whom: actor.whom.clone(),
                    role,
                    duration: limit,
                }),
                by: None,
                limit,
                ends_by_itself: true,
                returned_by: format!(
                    "{}, who may end an own activation without any role; PIM ends it at the latest",
                    actor.whom.name
                ),
                approval: policy.is_some_and(|policy| policy.approval != Some(false)),
            },
        );
        Way::Loan(lent)
    }

    /// By somebody who may assign roles, to himself: the smallest role that does.
    fn assignment(&mut self, actor: &Actor<'_>, roles: &[Uuid], stands: &[(Uuid, Stands)]) -> Way {
        let Some(smallest) = roles.first().copied() else {
            return Way::Held;
        };
        let group = self.case.decisions.role_group.as_ref();
        let by_group = group.filter(|_| roles.contains(&GLOBAL_ADMINISTRATOR));
        let role = by_group.map_or(smallest, |_| GLOBAL_ADMINISTRATOR);
        let lent = Lent::Role(role);
        if self.offers.contains_key(&lent) {
            return Way::Loan(lent);
        }
        let pim = stands.iter().any(|(_, stands)| *stands == Stands::Not { pim: true });
        let limit = self.limit(None);
        let whom = actor.whom.clone();
        let action = match (by_group, pim) {
            (Some(group), _) => Action::AddGroupMember(AddGroupMember {
                group: group.clone(),
                member: whom,
                stands_for: GroupStandsFor::DirectoryRole(role),
                side: Side::Home,
            }),
            (None, true) => Action::AssignDirectoryRole(AssignDirectoryRole {
                whom,
                role,
                duration: limit,
            }),
            (None, false) => Action::AssignStandingDirectoryRole(AssignStandingDirectoryRole { whom, role }),
        };
        let ends_by_itself = matches!(action, Action::AssignDirectoryRole(_));
        if !ends_by_itself {
            self.notes.push(format!(
                "{} does not end by itself: if this machine is lost, the return card says how it is taken back by hand",
                name(role)
            ));
        }
        self.offers.insert(
            lent,
            Offer {
                id: self.lend_id(name(role)),
                action,
                by: None,
                limit,
                ends_by_itself,
                returned_by: format!("{}, as Privileged Role Administrator", actor.whom.name),
                approval: false,
            },
        );
        Way::Loan(lent)
    }

    /// In the other tenant nothing is lent: whoever is signed in there may do it, or a person does it by hand.
    fn partner(&self, roles: &[Uuid], permissions: &[&str]) -> Way {
        let unless = "sign in to the partner tenant with somebody who may, or do it by hand";
        let partner = &self.case.facts.partner;
        // Facts of an older version say only who signed in at Partner Center.
        let token = match partner.directory_sign_in.value() {
            Err(blind) if blind.reason == Reason::NotCollected => partner.tenant.signed_in.value(),
            told => told,
        };
        let token = match token {
            Ok(token) => token,
            Err(blind) => {
                return refused(
                    format!("nobody is signed in to the partner tenant: {}", blind.message),
                    unless,
                );
            }
        };
        let may = match token.application {
            true => super::actor::permits(token, permissions),
            false => token.directory_roles.iter().any(|held| roles.contains(held)),
        };
        match (may, token.application) {
            (true, _) => Way::Held,
            (false, true) => refused(
                format!(
                    "the application that is signed in to the partner tenant lacks the permission {}",
                    permissions.join(" or ")
                ),
                unless,
            ),
            (false, false) => refused(
                format!(
                    "whoever is signed in to the partner tenant is none of these: {}",
                    names(roles, ", ")
                ),
                unless,
            ),
        }
    }

    /// By self-elevation. Dataverse takes System Administrator from nobody who still administers the tenant, and its return
    /// must not depend on it: so it is lent only where the platform ends it together with a role that PIM activated.
    fn system_administrator(&mut self, actor: &Actor<'_>) -> Way {
        match actor.administers_environment(self.case.facts) {
            Ok(true) => return Way::Held,
            Ok(false) => {}
            Err(why) => {
                return refused(
                    format!(
                        "whether {} is System Administrator could not be read: {why}",
                        actor.whom.name
                    ),
                    "open that view",
                );
            }
        }
        let lent = Lent::SystemAdministrator;
        if self.offers.contains_key(&lent) {
            return Way::Loan(lent);
        }
        let another = format!(
            "have a System Administrator of the environment assign the role to {} before, or carry the plan out as one",
            actor.whom.name
        );
        if actor.application {
            return refused(
                format!(
                    "{} is not System Administrator, and an application cannot become it by itself",
                    actor.whom.name
                ),
                another,
            );
        }
        let environment = match environment_id(self.case.facts) {
            Ok(id) => id,
            Err(why) => return refused(why, another),
        };
        let (by, role, ends) = match self.elevating(actor, &another) {
            Ok(found) => found,
            Err(way) => return way,
        };
        if self.stretch != Stretch::Prepare
            && let (None, Some(ends)) = (by, ends)
        {
            // Between two stretches it has to come back, and Dataverse takes it from nobody who administers the tenant.
            return refused(
                format!(
                    "{} has activated {} until {ends}: until then Dataverse would not take System Administrator back between the \
                     parts of the upgrade",
                    actor.whom.name,
                    name(role)
                ),
                "--end-activation, which ends it as the first step: the upgrade activates the role itself, for as short as can be",
            );
        }
        let limit = match (by.and_then(|by| self.offers.get(&by)), ends) {
            (Some(offer), _) => offer.limit,
            (None, Some(ends)) => self.limit(None).min(ends.duration_since(self.case.at)),
            (None, None) => self.limit(None),
        };
        self.offers.insert(
            lent,
            Offer {
                id: self.lend_id("System Administrator"),
                action: Action::BecomeSystemAdministrator(BecomeSystemAdministrator {
                    whom: actor.whom.clone(),
                    environment,
                }),
                by,
                limit,
                ends_by_itself: true,
                returned_by: format!(
                    "the platform at the latest, since {} came through PIM; {} before that, once that role is back",
                    name(role),
                    actor.whom.name
                ),
                approval: false,
            },
        );
        Way::Loan(lent)
    }

    /// The tenant role by which the actor elevates himself, the loan it takes, and when it ends.
    fn elevating(&mut self, actor: &Actor<'_>, another: &str) -> Result<(Option<Lent>, Uuid, Option<Timestamp>), Way> {
        let stands: Vec<(Uuid, Stands)> = ELEVATING.iter().map(|role| (*role, actor.stands(*role))).collect();
        let standing = stands.iter().find(|(role, stands)| {
            matches!(stands, Stands::Active(_)) && actor.activated_until(*role, self.case.at).is_none()
        });
        if let Some((role, stands)) = standing {
            let end = match stands {
                Stands::Active(Ends::NotKnown) => "whose end could not be read",
                _ => "and not by an activation that ends",
            };
            return Err(refused(
                format!(
                    "{} is {}, {end}: the platform would not end System Administrator, and Dataverse takes it from nobody who \
                     administers the tenant, so nobody could give it back",
                    actor.whom.name,
                    name(*role)
                ),
                format!("make {} eligible in PIM instead; or {another}", name(*role)),
            ));
        }
        let active = stands
            .iter()
            .filter(|(_, stands)| matches!(stands, Stands::Active(_)))
            .find_map(|(role, _)| Some((*role, actor.activated_until(*role, self.case.at)?)));
        if let Some((role, ends)) = active {
            return Ok((None, role, Some(ends)));
        }
        let Some((role, _)) = stands.iter().find(|(_, stands)| *stands == Stands::Eligible) else {
            let names = names(ELEVATING, ", ");
            return Err(refused(
                format!(
                    "{} is not System Administrator, and cannot activate a role to become it ({names})",
                    actor.whom.name
                ),
                another.to_owned(),
            ));
        };
        match self.activation(actor, *role) {
            Way::Loan(lent) => Ok((Some(lent), *role, None)),
            way => Err(way),
        }
    }

    /// What PIM asks of somebody who activates a role, where it was read.
    fn policy(&self, role: Uuid) -> Option<&'a RolePolicy> {
        let policy = self.case.facts.tenant.global_administrator_policy.value().ok();
        policy.filter(|_| role == GLOBAL_ADMINISTRATOR)
    }

    fn lend_id(&self, what: &str) -> StepId {
        StepId(format!("lend-{}{}", slug(what), self.stretch.purpose()))
    }

    /// How long a loan is out at most.
    fn limit(&self, policy: Option<&RolePolicy>) -> SignedDuration {
        let longest = policy.and_then(|policy| longest(policy.longest.as_deref()?));
        let limit = self.case.decisions.loan_limit;
        longest.map_or(limit, |longest| limit.min(longest))
    }

    /// What is asked and not there.
    fn asked_for(&self, policy: &RolePolicy) -> Option<Obstacle> {
        (policy.ticket && self.case.decisions.ticket.is_none()).then(|| Obstacle {
            why: "PIM asks for the number of a ticket to activate Global Administrator".to_owned(),
            unless: Some("--ticket NUMBER".to_owned()),
        })
    }
}

/// What PIM asks of whoever activates a role, in words.
fn asks(policy: Option<&RolePolicy>, role: Uuid) -> String {
    let Some(policy) = policy else {
        return format!("what PIM asks of somebody who activates {} was not read", name(role));
    };
    let asked = [
        (policy.mfa, "a sign-in with MFA"),
        (policy.justification, "a justification"),
        (policy.ticket, "a ticket"),
        (
            policy.approval == Some(true),
            "the approval of another person, which is waited for",
        ),
        (policy.approval.is_none(), "perhaps the approval of another person"),
    ];
    let asked: Vec<&str> = asked
        .iter()
        .filter(|(asked, _)| *asked)
        .map(|(_, what)| *what)
        .collect();
    let asked = match asked.as_slice() {
        [] => "nothing".to_owned(),
        asked => asked.join(", "),
    };
    let longest = policy
        .longest
        .as_deref()
        .map(|longest| format!(", for {longest} at most"));
    format!(
        "to activate {} PIM asks for {asked}{}",
        name(role),
        longest.unwrap_or_default()
    )
}

fn longest(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let longest = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    longest.is_positive().then_some(longest)
}

fn environment_id(facts: &Facts) -> Result<Uuid, String> {
    let environment = facts.power_platform.environment.value();
    match environment {
        Ok(Some(environment)) => Uuid::parse_str(&environment.id).map_err(|_| {
            "the environment's id in Power Platform is no GUID, so nobody can elevate himself there".to_owned()
        }),
        Ok(None) => {
            Err("Power Platform shows no environment of this address, so nobody can elevate himself there".to_owned())
        }
        Err(blind) => Err(format!(
            "the environment's id in Power Platform could not be read: {}",
            blind.message
        )),
    }
}

pub(crate) fn name(role: Uuid) -> &'static str {
    role_name(role).unwrap_or("a directory role")
}

pub(crate) fn names(roles: &[Uuid], between: &str) -> String {
    let names: Vec<&str> = roles.iter().map(|role| name(*role)).collect();
    names.join(between)
}

fn refused(why: String, unless: impl Into<String>) -> Way {
    Way::Refused(Obstacle {
        why,
        unless: Some(unless.into()),
    })
}
