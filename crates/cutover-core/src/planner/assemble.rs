//! Puts a plan together: each change with what has to be lent for it, in an order that keeps loans short.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::Case;
use super::actor::Actor;
use super::draft::{Draft, Wanted};
use super::lend::{Lender, Lent, Obstacle, Offer, Way, name, names};
use super::right::{self, ELEVATING, Right};
use super::upgrade;
use crate::code::Code;
use crate::plan::action::settling;
use crate::plan::precondition::seen;
use crate::plan::{Action, Caller, FORMAT, Loan, Plan, Precondition, Settling, Step, StepId};
use crate::reading::directory_roles::GLOBAL_ADMINISTRATOR;

/// A change that will be made, and the loan that it takes.
struct Kept {
    wanted: Wanted,
    lent: Option<Lent>,
}

pub(crate) fn assemble(case: &Case<'_>, mut draft: Draft, actor: Option<&Actor<'_>>, made_with: &str) -> Plan {
    let mut lender = Lender::new(case, actor);
    let kept = keep(case, &mut draft, &mut lender);
    for note in std::mem::take(&mut lender.notes) {
        draft.note(note);
    }
    let steps = steps(case, actor, &kept, &lender.offers);
    if let Some(actor) = actor {
        smaller(actor, &kept, &lender.offers, &mut draft);
        longer(&kept, &lender.offers, &mut draft);
        sign_in(case, actor, &steps, &mut draft);
    }
    upgrade::tell(case, &mut draft);
    draft.hand_work.sort_by_key(|work| work.requirement);
    draft.refused.sort_by_key(|refusal| refusal.requirement);
    let facts = case.facts;
    let seen_organization = facts.environment.who_am_i.value().ok().map(|who| who.organization);
    Plan {
        format: FORMAT.to_owned(),
        digest: String::new(),
        made_at: case.at,
        made_with: made_with.to_owned(),
        pack: case.pack.name.clone(),
        scene: facts.scene.clone(),
        organization_id: seen_organization.or(facts.scene.organization_id),
        caller: actor.map_or_else(|| nobody(case), Actor::caller),
        justification: case.decisions.justification.clone(),
        ticket: case.decisions.ticket.clone(),
        preconditions: preconditions(case, &steps),
        steps,
        hand_work: draft.hand_work,
        refused: draft.refused,
        notes: draft.notes,
    }
}

/// Where it is not known who could carry anything out, there is nothing to carry out either.
fn nobody(case: &Case<'_>) -> Caller {
    let caller = &case.facts.scene.caller;
    Caller {
        object_id: Uuid::nil(),
        application: !caller.is_user(),
        name: caller.to_string(),
    }
}

/// The changes that are possible, with the loans they take. The others are refused, and left to a person.
fn keep(case: &Case<'_>, draft: &mut Draft, lender: &mut Lender<'_>) -> Vec<Kept> {
    let mut wanted = std::mem::take(&mut draft.wanted);
    wanted.sort_by_key(|wanted| rank(&wanted.action));
    let mut kept: Vec<Kept> = Vec::new();
    for wanted in wanted {
        let lacking = wanted
            .after
            .iter()
            .find(|id| !kept.iter().any(|kept| kept.wanted.id == **id));
        let way = match lacking {
            Some(id) => Way::Refused(Obstacle {
                why: format!("{id} has to be done before, and is refused"),
                unless: None,
            }),
            None => right::of(&wanted.action)
                .first()
                .map_or(Way::Held, |right| lender.way(right)),
        };
        let lent = match way {
            Way::Held => None,
            Way::Loan(lent) => Some(lent),
            Way::Refused(obstacle) => {
                for code in &wanted.requirements {
                    let what = wanted.action.describe().does();
                    draft.refuse(*code, what, obstacle.why.clone(), obstacle.unless.clone());
                    if let Some(finding) = case.finding(*code) {
                        draft.by_hand(finding);
                    }
                }
                continue;
            }
        };
        kept.push(Kept { wanted, lent });
    }
    kept
}

/// The order of changes: what is before others, what needs a role of the tenant, and what needs System Administrator, so
/// that each is out for one stretch of time. The language comes last: it takes an hour.
fn rank(action: &Action) -> u8 {
    match action {
        Action::SetUsageLocation(_) => 0,
        Action::AssignLicence(_) => 1,
        Action::EnableAccount(_) => 2,
        Action::AddServicePrincipal(_) => 3,
        Action::GrantConsent(_) => 4,
        Action::AddGroupMember(_) => 5,
        Action::RegisterNativeApplication(_) => 6,
        Action::EnforcePerUserMfa(_) => 7,
        Action::CreateConditionalAccessPolicy(_) => 8,
        Action::EnableSecurityDefaults(_) => 9,
        Action::SetAccessMode(_) => 10,
        Action::UpdateUserSettings(_) => 11,
        Action::AssignSecurityRole(_) => 12,
        Action::AssignFieldSecurityProfile(_) => 13,
        Action::ProvisionLanguage(_) => 14,
        Action::PauseBilling(_)
        | Action::AwaitQuiet(_)
        | Action::RemoveSolution(_)
        | Action::TakeBackup(_)
        | Action::InstallPackage(_)
        | Action::UpgradeSolution(_)
        | Action::PromoteSolution(_)
        | Action::FollowInstallation(_)
        | Action::Task(_) => 16,
        Action::ActivateDirectoryRole(_)
        | Action::AssignDirectoryRole(_)
        | Action::AssignStandingDirectoryRole(_)
        | Action::BecomeSystemAdministrator(_) => 15,
    }
}

fn steps(case: &Case<'_>, actor: Option<&Actor<'_>>, kept: &[Kept], offers: &BTreeMap<Lent, Offer>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut out: BTreeSet<Lent> = BTreeSet::new();
    for one in kept {
        let mut chain = Vec::new();
        let mut next = one.lent;
        while let Some((lent, offer)) = next.and_then(|lent| Some((lent, offers.get(&lent)?))) {
            chain.push((lent, offer));
            next = offer.by;
        }
        for (lent, offer) in chain.into_iter().rev() {
            if out.insert(lent) {
                steps.push(lend(case, actor, lent, offer, kept, offers));
            }
        }
        let mut after = one.wanted.after.clone();
        after.extend(
            one.lent
                .and_then(|lent| offers.get(&lent))
                .map(|offer| offer.id.clone()),
        );
        steps.push(Step {
            id: one.wanted.id.clone(),
            requirements: one.wanted.requirements.clone(),
            action: one.wanted.action.clone(),
            loan: None,
            after,
            after_return: Vec::new(),
            settling: one.wanted.settling.clone(),
        });
    }
    steps
}

fn lend(
    case: &Case<'_>,
    actor: Option<&Actor<'_>>,
    lent: Lent,
    offer: &Offer,
    kept: &[Kept],
    offers: &BTreeMap<Lent, Offer>,
) -> Step {
    // The loans that this one makes possible, and the changes that need it or them.
    let further: Vec<(&Lent, &Offer)> = offers.iter().filter(|(_, other)| other.by == Some(lent)).collect();
    let needs = |wanted: Lent| kept.iter().filter(move |kept| kept.lent == Some(wanted));
    let mut for_steps: Vec<StepId> = needs(lent).map(|kept| kept.wanted.id.clone()).collect();
    for_steps.extend(further.iter().map(|(_, offer)| offer.id.clone()));
    let mut requirements: BTreeSet<Code> = needs(lent).flat_map(|kept| kept.wanted.requirements.clone()).collect();
    for (other, _) in &further {
        requirements.extend(needs(**other).flat_map(|kept| kept.wanted.requirements.clone()));
    }
    let scene = &case.facts.scene;
    let is = |who| actor.is_some_and(|actor| actor.is(who));
    match lent {
        Lent::Role(role) if role == GLOBAL_ADMINISTRATOR && is(&scene.borrower) => {
            requirements.insert(Code::new(101));
        }
        Lent::Role(_) => {}
        Lent::SystemAdministrator => {
            requirements.extend(Some(Code::new(1)).filter(|_| is(&scene.caller)));
            requirements.extend(Some(Code::new(102)).filter(|_| is(&scene.borrower)));
        }
    }
    // Dataverse takes System Administrator from nobody who administers the tenant.
    let before: Vec<StepId> = offers
        .iter()
        .filter(|(other, _)| {
            lent == Lent::SystemAdministrator && matches!(other, Lent::Role(role) if ELEVATING.contains(role))
        })
        .map(|(_, offer)| offer.id.clone())
        .collect();
    let (path, link) = offer.action.describe().place();
    Step {
        id: offer.id.clone(),
        requirements: requirements.into_iter().collect(),
        action: offer.action.clone(),
        after: offer
            .by
            .and_then(|by| offers.get(&by))
            .map(|by| by.id.clone())
            .into_iter()
            .collect(),
        after_return: Vec::new(),
        settling: until_there(offer),
        loan: Some(Loan {
            for_steps,
            return_after: before,
            returned_with: None,
            limit: offer.limit,
            ends_by_itself: offer.ends_by_itself,
            returned_by: offer.returned_by.clone(),
            by_hand: path.to_owned(),
            link: scene.cloud.link(link).unwrap_or_default(),
        }),
    }
}

/// An approval takes as long as a person takes; it is waited for no longer than the loan would be out.
fn until_there(offer: &Offer) -> Settling {
    let settles = offer.action.describe().settling();
    if !offer.approval {
        return settles;
    }
    let approval = settling("somebody approves it, and a new token carries the role", 60, 60);
    Settling {
        usual: approval.usual.min(offer.limit),
        at_most: offer.limit,
        ..approval
    }
}

/// Says of each role that is lent which smaller one would do as well.
fn smaller(actor: &Actor<'_>, kept: &[Kept], offers: &BTreeMap<Lent, Offer>, draft: &mut Draft) {
    for (lent, offer) in offers {
        let Lent::Role(role) = lent else {
            continue;
        };
        let mut served: BTreeMap<&'static [Uuid], Vec<String>> = BTreeMap::new();
        for one in kept.iter().filter(|kept| kept.lent == Some(*lent)) {
            for right in right::of(&one.wanted.action) {
                let Right::Directory { roles, .. } = right else {
                    continue;
                };
                served
                    .entry(roles)
                    .or_default()
                    .push(one.wanted.action.describe().does());
            }
        }
        if offers.values().any(|other| other.by == Some(*lent)) {
            let what = "become System Administrator of the environment".to_owned();
            served.entry(ELEVATING).or_default().push(what);
        }
        for (roles, what) in served {
            let below: Vec<Uuid> = roles.iter().copied().take_while(|smaller| smaller != role).collect();
            if below.is_empty() {
                continue;
            }
            draft.note(format!(
                "{} is lent to {} ({}); smaller, and enough for it: {}. Make {} eligible for it in PIM, and it is lent instead",
                name(*role),
                what.join("; "),
                offer.id,
                names(&below, " or "),
                actor.whom.name
            ));
        }
    }
}

/// Says of changes that they may take longer than what they need is out.
fn longer(kept: &[Kept], offers: &BTreeMap<Lent, Offer>, draft: &mut Draft) {
    for one in kept {
        let offer = one.lent.and_then(|lent| offers.get(&lent));
        if let Some(offer) = offer.filter(|offer| offer.limit < one.wanted.settling.at_most) {
            draft.note(format!(
                "{} may take longer than {} is out: that comes back in time even so; --loan-limit lengthens it, as far as PIM allows",
                one.wanted.id, offer.id
            ));
        }
    }
}

fn sign_in(case: &Case<'_>, actor: &Actor<'_>, steps: &[Step], draft: &mut Draft) {
    if steps.is_empty() || actor.is_signed_in() {
        return;
    }
    let who = match case.facts.tenant.signed_in.value() {
        Ok(token) if token.application => format!("application {}", token.app_id),
        Ok(_) => "somebody else".to_owned(),
        Err(_) => "nobody".to_owned(),
    };
    draft.note(format!(
        "carried out by {}, who has to be signed in for it; the tenant was looked at as {who}",
        actor.whom.name
    ));
}

fn preconditions(case: &Case<'_>, steps: &[Step]) -> Vec<Precondition> {
    let codes: BTreeSet<Code> = steps
        .iter()
        .flat_map(|step| step.requirements.iter().copied())
        .collect();
    let findings = codes.into_iter().filter_map(|code| case.finding(code));
    let mut all: Vec<Precondition> = findings
        .map(|finding| Precondition::Verdict {
            requirement: finding.code(),
            verdict: finding.verdict().name().to_owned(),
            seen: seen(finding),
        })
        .collect();
    let mut seats: BTreeMap<Uuid, (String, i64)> = BTreeMap::new();
    for step in steps {
        if let Action::AssignLicence(licence) = &step.action {
            seats.entry(licence.sku).or_insert_with(|| (licence.name.clone(), 0)).1 += 1;
        }
    }
    all.extend(
        seats
            .into_iter()
            .map(|(sku, (name, at_least))| Precondition::FreeSeats { sku, name, at_least }),
    );
    all
}
