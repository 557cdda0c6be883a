//! Puts a plan together: each change with what has to be lent for it, in an order that keeps loans short.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::Case;
use super::actor::Actor;
use super::draft::{Draft, Returned, Stretch, Wanted};
use super::lend::{Lender, Lent, Obstacle, Offer, Way, name, names};
use super::right::{self, ELEVATING, Right};
use crate::code::Code;
use crate::plan::action::settling;
use crate::plan::precondition::seen;
use crate::plan::{Action, Caller, FORMAT, Loan, Plan, Precondition, Settling, Step, StepId};
use crate::reading::directory_roles::GLOBAL_ADMINISTRATOR;

/// A change that will be made, and the loans that it takes, all of its own stretch.
struct Kept {
    wanted: Wanted,
    lent: Vec<Lent>,
    /// The loan by whose right it comes back, in the stretch in which it does.
    returned_with: Option<(Stretch, Lent)>,
}

/// The loans of a plan, by stretch.
type Offers = BTreeMap<(Stretch, Lent), Offer>;

/// Puts a plan together; `tell` adds what a person should know of it at the end.
pub(crate) fn assemble(
    case: &Case<'_>,
    mut draft: Draft,
    actor: Option<&Actor<'_>>,
    made_with: &str,
    tell: impl FnOnce(&Case<'_>, &mut Draft),
) -> Plan {
    let mut lenders = Lenders {
        case,
        actor,
        all: BTreeMap::new(),
    };
    let kept = keep(case, &mut draft, &mut lenders);
    let (offers, notes) = lenders.into_offers();
    for note in notes {
        draft.note(note);
    }
    let steps = steps(case, actor, &kept, &offers);
    if let Some(actor) = actor {
        smaller(actor, &kept, &offers, &mut draft);
        longer(&kept, &offers, &mut draft);
        sign_in(case, actor, &steps, &mut draft);
    }
    tell(case, &mut draft);
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

/// What is lent in each stretch.
struct Lenders<'a> {
    case: &'a Case<'a>,
    actor: Option<&'a Actor<'a>>,
    all: BTreeMap<Stretch, Lender<'a>>,
}

impl<'a> Lenders<'a> {
    fn of(&mut self, stretch: Stretch) -> &mut Lender<'a> {
        let (case, actor) = (self.case, self.actor);
        self.all
            .entry(stretch)
            .or_insert_with(|| Lender::new(case, actor, stretch))
    }

    /// The loans that some rights take; none for what is held.
    fn ways(&mut self, stretch: Stretch, rights: &[Right]) -> Result<Vec<Lent>, Obstacle> {
        let mut lent = Vec::new();
        for right in rights {
            match self.of(stretch).way(right) {
                Way::Held => {}
                Way::Loan(loan) if lent.contains(&loan) => {}
                Way::Loan(loan) => lent.push(loan),
                Way::Refused(obstacle) => return Err(obstacle),
            }
        }
        Ok(lent)
    }

    fn into_offers(self) -> (Offers, Vec<String>) {
        let mut offers = Offers::new();
        let mut notes = Vec::new();
        for (stretch, lender) in self.all {
            offers.extend(lender.offers.into_iter().map(|(lent, offer)| ((stretch, lent), offer)));
            notes.extend(lender.notes);
        }
        (offers, notes)
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
fn keep<'a>(case: &'a Case<'a>, draft: &mut Draft, lenders: &mut Lenders<'a>) -> Vec<Kept> {
    let mut wanted = std::mem::take(&mut draft.wanted);
    // An upgrade's own steps are in the order in which they were thought of.
    wanted.sort_by_key(|wanted| match wanted.stretch {
        Stretch::Prepare => (Stretch::Prepare, rank(&wanted.action)),
        stretch => (stretch, 0),
    });
    let mut kept: Vec<Kept> = Vec::new();
    for wanted in wanted {
        let lacking = wanted
            .after
            .iter()
            .find(|id| !kept.iter().any(|kept| kept.wanted.id == **id));
        let rights = right::of(&wanted.action);
        let lent = match lacking {
            Some(id) => Err(Obstacle {
                why: format!("{id} has to be done before, and is refused"),
                unless: None,
            }),
            None => lenders.ways(wanted.stretch, &rights),
        };
        let returned_with = match (&lent, wanted.returned) {
            // What is lent by the right of a loan comes back by the same right, lent once more.
            (Ok(lent), Some(returned)) if !lent.is_empty() && returned.comes_back != wanted.stretch => lenders
                .ways(returned.comes_back, &rights)
                .map(|lent| lent.first().map(|lent| (returned.comes_back, *lent))),
            _ => Ok(None),
        };
        match (lent, returned_with) {
            (Ok(lent), Ok(returned_with)) => kept.push(Kept {
                wanted,
                lent,
                returned_with,
            }),
            (Err(obstacle), _) | (_, Err(obstacle)) => {
                for code in &wanted.requirements {
                    let what = wanted.action.describe().does();
                    draft.refuse(*code, what, obstacle.why.clone(), obstacle.unless.clone());
                    if let Some(finding) = case.finding(*code) {
                        draft.by_hand(finding);
                    }
                }
            }
        }
    }
    kept
}

/// The order of changes: what is before others, what needs a role of the tenant, and what needs System Administrator, so
/// that each is out for one stretch of time. The language comes last: it takes an hour.
fn rank(action: &Action) -> u8 {
    match action {
        Action::EndRoleActivation(_) | Action::SetUsageLocation(_) => 0,
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

fn steps(case: &Case<'_>, actor: Option<&Actor<'_>>, kept: &[Kept], offers: &Offers) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut out: BTreeSet<(Stretch, Lent)> = BTreeSet::new();
    // Rights that only returns need are told at the end of their stretch.
    let mut rights: Vec<(Stretch, Lent)> = kept.iter().filter_map(|one| one.returned_with).collect();
    rights.sort();
    for (place, one) in kept.iter().enumerate() {
        let stretch = one.wanted.stretch;
        for right in rights.iter().filter(|(other, _)| *other < stretch) {
            lend_all(case, actor, *right, kept, offers, &mut out, &mut steps);
        }
        for lent in &one.lent {
            lend_all(case, actor, (stretch, *lent), kept, offers, &mut out, &mut steps);
        }
        let mut after = one.wanted.after.clone();
        after.extend(
            one.lent
                .iter()
                .filter_map(|lent| offers.get(&(stretch, *lent)))
                .map(|offer| offer.id.clone()),
        );
        after.extend(before(kept, place));
        let serving = kept.iter().take(place).filter(|other| serves(other, one));
        after.extend(serving.map(|other| other.wanted.id.clone()));
        after.sort();
        after.dedup();
        steps.push(Step {
            id: one.wanted.id.clone(),
            requirements: one.wanted.requirements.clone(),
            action: one.wanted.action.clone(),
            loan: one
                .wanted
                .returned
                .map(|returned| returning(one, returned, kept, offers, case)),
            after,
            after_return: kept
                .iter()
                .take(place)
                .filter(|other| is_back_before(other, one))
                .map(|other| other.wanted.id.clone())
                .collect(),
            settling: one.wanted.settling.clone(),
        });
    }
    for right in rights {
        lend_all(case, actor, right, kept, offers, &mut out, &mut steps);
    }
    steps
}

/// A loan, and before it those that it is lent by.
fn lend_all(
    case: &Case<'_>,
    actor: Option<&Actor<'_>>,
    right: (Stretch, Lent),
    kept: &[Kept],
    offers: &Offers,
    out: &mut BTreeSet<(Stretch, Lent)>,
    steps: &mut Vec<Step>,
) {
    let stretch = right.0;
    let mut chain = Vec::new();
    let mut next = Some(right.1);
    while let Some((lent, offer)) = next.and_then(|lent| Some((lent, offers.get(&(stretch, lent))?))) {
        chain.push((lent, offer));
        next = offer.by;
    }
    for (lent, offer) in chain.into_iter().rev() {
        if out.insert((stretch, lent)) {
            steps.push(lend(case, actor, (stretch, lent), offer, kept, offers));
        }
    }
}

/// An upgrade goes step by step: each comes after the one before it, the first after everything that prepares it.
fn before(kept: &[Kept], place: usize) -> Vec<StepId> {
    let is_upgrade = |one: &Kept| one.wanted.stretch != Stretch::Prepare;
    let Some(one) = kept.get(place).filter(|one| is_upgrade(one)) else {
        return Vec::new();
    };
    let earlier = kept.get(..place).unwrap_or_default();
    // What comes back before a step is no longer there for it to build on.
    let last = earlier
        .iter()
        .rev()
        .find(|other| is_upgrade(other) && !is_back_before(other, one));
    match last {
        Some(last) => vec![last.wanted.id.clone()],
        None => earlier
            .iter()
            .filter(|other| !is_upgrade(other))
            .map(|other| other.wanted.id.clone())
            .collect(),
    }
}

/// Whether a change that comes back is there for a later step.
fn serves(change: &Kept, step: &Kept) -> bool {
    change
        .wanted
        .returned
        .is_some_and(|returned| step.wanted.stretch <= returned.serves)
}

/// Whether a change has to be back before a later step.
fn is_back_before(change: &Kept, step: &Kept) -> bool {
    change
        .wanted
        .returned
        .is_some_and(|returned| step.wanted.stretch > returned.serves && step.wanted.stretch >= returned.comes_back)
}

/// How a change comes back.
fn returning(one: &Kept, returned: Returned, kept: &[Kept], offers: &Offers, case: &Case<'_>) -> Loan {
    let place = kept
        .iter()
        .position(|other| other.wanted.id == one.wanted.id)
        .unwrap_or(kept.len());
    let later = kept.iter().skip(place + 1).filter(|other| serves(one, other));
    let with = one.returned_with.and_then(|right| offers.get(&right));
    let (path, link) = one.wanted.action.describe().place();
    Loan {
        for_steps: later.map(|other| other.wanted.id.clone()).collect(),
        return_after: Vec::new(),
        returned_with: with.map(|offer| offer.id.clone()),
        limit: returned.limit,
        ends_by_itself: false,
        returned_by: match with {
            Some(offer) => format!("whoever carries the plan out, by {}, lent once more for it", offer.id),
            None => "whoever carries the plan out, by a right of its own".to_owned(),
        },
        by_hand: path.to_owned(),
        link: case.facts.scene.cloud.link(link).unwrap_or_default(),
    }
}

fn lend(
    case: &Case<'_>,
    actor: Option<&Actor<'_>>,
    (stretch, lent): (Stretch, Lent),
    offer: &Offer,
    kept: &[Kept],
    offers: &Offers,
) -> Step {
    let here = || {
        offers
            .iter()
            .filter(|((other, _), _)| *other == stretch)
            .map(|((_, lent), offer)| (lent, offer))
    };
    // The loans that this one makes possible, and the changes that need it or them.
    let further: Vec<(&Lent, &Offer)> = here().filter(|(_, other)| other.by == Some(lent)).collect();
    let needs = |wanted: Lent| {
        kept.iter()
            .filter(move |kept| kept.wanted.stretch == stretch && kept.lent.contains(&wanted))
    };
    let returns = |wanted: Lent| {
        kept.iter()
            .filter(move |kept| kept.returned_with == Some((stretch, wanted)))
    };
    let mut for_steps: Vec<StepId> = needs(lent).map(|kept| kept.wanted.id.clone()).collect();
    for_steps.extend(further.iter().map(|(_, offer)| offer.id.clone()));
    let mut requirements: BTreeSet<Code> = BTreeSet::new();
    for lent in std::iter::once(lent).chain(further.iter().map(|(lent, _)| **lent)) {
        let served = needs(lent).chain(returns(lent));
        requirements.extend(served.flat_map(|kept| kept.wanted.requirements.clone()));
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
    let mut before: Vec<StepId> = here()
        .filter(|(other, _)| {
            lent == Lent::SystemAdministrator && matches!(other, Lent::Role(role) if ELEVATING.contains(role))
        })
        .map(|(_, offer)| offer.id.clone())
        .collect();
    before.extend(returns(lent).map(|kept| kept.wanted.id.clone()));
    let earlier = offers
        .iter()
        .filter(|((other, same), _)| *same == lent && *other < stretch);
    let (path, link) = offer.action.describe().place();
    Step {
        id: offer.id.clone(),
        requirements: requirements.into_iter().collect(),
        action: offer.action.clone(),
        after: offer
            .by
            .and_then(|by| offers.get(&(stretch, by)))
            .map(|by| by.id.clone())
            .into_iter()
            .chain(ended_first(lent, kept))
            .collect(),
        after_return: earlier.map(|(_, offer)| offer.id.clone()).collect(),
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

/// What was activated before by somebody who administers environments is ended before any of these roles is lent.
fn ended_first(lent: Lent, kept: &[Kept]) -> Vec<StepId> {
    let elevates = matches!(lent, Lent::Role(role) if ELEVATING.contains(&role));
    let ends = kept
        .iter()
        .filter(|kept| elevates && matches!(kept.wanted.action, Action::EndRoleActivation(_)));
    ends.map(|kept| kept.wanted.id.clone()).collect()
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
fn smaller(actor: &Actor<'_>, kept: &[Kept], offers: &Offers, draft: &mut Draft) {
    for ((stretch, lent), offer) in offers {
        let Lent::Role(role) = lent else {
            continue;
        };
        let mut served: BTreeMap<&'static [Uuid], Vec<String>> = BTreeMap::new();
        let needs = kept
            .iter()
            .filter(|kept| kept.wanted.stretch == *stretch && kept.lent.contains(lent));
        for one in needs {
            for right in right::of(&one.wanted.action) {
                if let Right::Directory { roles, .. } = right {
                    served
                        .entry(roles)
                        .or_default()
                        .push(one.wanted.action.describe().does());
                }
            }
        }
        if offers
            .iter()
            .any(|((other, _), offer)| other == stretch && offer.by == Some(*lent))
        {
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
fn longer(kept: &[Kept], offers: &Offers, draft: &mut Draft) {
    for one in kept {
        let lent = one
            .lent
            .iter()
            .filter_map(|lent| offers.get(&(one.wanted.stretch, *lent)));
        for offer in lent.filter(|offer| offer.limit < one.wanted.settling.at_most) {
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
    // What runs, and how old the newest backup is, changes by the minute, and the run itself looks after both.
    let codes: BTreeSet<Code> = steps
        .iter()
        .flat_map(|step| step.requirements.iter().copied())
        .filter(|code| ![Code::new(801), Code::new(805)].contains(code))
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
