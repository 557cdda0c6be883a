//! Which licence somebody would be given, and what has to be there before.

use uuid::Uuid;

use super::Case;
use super::draft::Draft;
use super::lend::Obstacle;
use crate::facts::principal::Account;
use crate::facts::tenant::SubscribedSku;
use crate::plan::Action;
use crate::plan::action::{AssignLicence, SetUsageLocation, Whom};
use crate::reading::licence::{Class, Entitlement, entitlement, free_seat, sku};
use crate::scene::Principal;
use crate::verdict::Finding;

/// A seat for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) licence: AssignLicence,
    /// How many are free.
    pub(crate) free: i64,
    /// The usage location that has to be set first.
    pub(crate) location: Option<SetUsageLocation>,
}

impl Seat {
    /// A seat that somebody could be given, of the licence that was decided or of the first that does.
    ///
    /// # Errors
    /// Why there is none, and what would help.
    pub(crate) fn of(case: &Case<'_>, who: &Principal) -> Result<Self, Obstacle> {
        let person = case.facts.of_principal(who);
        let account = match person.account.value() {
            Ok(Some(account)) => account,
            Ok(None) => return Err(obstacle(format!("{who} does not exist"), None)),
            Err(blind) => return Err(obstacle(format!("{who} could not be read: {}", blind.message), None)),
        };
        let skus = match case.facts.tenant.skus.value() {
            Ok(skus) => skus,
            Err(blind) => {
                let why = format!("which licences are free could not be read: {}", blind.message);
                return Err(obstacle(why, None));
            }
        };
        let seat = chosen(case, skus)?;
        let location = location(case, account)?;
        Ok(Self {
            licence: AssignLicence {
                whom: whom(account),
                sku: seat.sku_id,
                name: seat.sku_part_number.clone(),
                instead_of: restricted(account, seat.sku_id),
            },
            free: seat.seats - seat.consumed,
            location,
        })
    }
}

/// A person as a plan names it.
pub(crate) fn whom(account: &Account) -> Whom {
    Whom {
        id: account.id,
        name: account.user_principal_name.clone(),
    }
}

/// Restricted licences that are assigned directly: the full one takes their place in the same call. What comes through a
/// group is never touched.
fn restricted(account: &Account, instead: Uuid) -> Vec<Uuid> {
    let direct = account.licence_assignments.iter().filter(|way| way.by_group.is_none());
    let mut ids: Vec<Uuid> = direct
        .map(|way| way.sku_id)
        .filter(|id| *id != instead && sku(*id).is_some_and(|known| known.class == Class::TeamMember))
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

fn chosen<'a>(case: &Case<'_>, skus: &'a [SubscribedSku]) -> Result<&'a SubscribedSku, Obstacle> {
    let Some(wanted) = &case.decisions.sku else {
        return free_seat(skus).ok_or_else(|| {
            obstacle(
                "no Dynamics 365 Customer Engagement licence has a free seat".to_owned(),
                Some("free or buy a seat".to_owned()),
            )
        });
    };
    let named = skus.iter().find(|owned| {
        owned.sku_part_number.eq_ignore_ascii_case(wanted) || Uuid::parse_str(wanted).is_ok_and(|id| id == owned.sku_id)
    });
    let Some(named) = named else {
        return Err(obstacle(
            format!("the tenant owns no licence {wanted}"),
            Some("--sku with one that it owns".to_owned()),
        ));
    };
    free_seat(std::slice::from_ref(named)).ok_or_else(|| {
        let free = named.seats - named.consumed;
        let why = match free > 0 {
            true => format!("{wanted} is no full Customer Engagement licence"),
            false => format!("{wanted} has no free seat"),
        };
        obstacle(why, Some("--sku with another one, or a free seat".to_owned()))
    })
}

fn location(case: &Case<'_>, account: &Account) -> Result<Option<SetUsageLocation>, Obstacle> {
    if account.usage_location.is_some() {
        return Ok(None);
    }
    let country = case.decisions.usage_location.clone().ok_or_else(|| {
        obstacle(
            format!(
                "{} has no usage location, without which no licence can be assigned",
                account.user_principal_name
            ),
            Some("--usage-location COUNTRY".to_owned()),
        )
    })?;
    Ok(Some(SetUsageLocation {
        whom: whom(account),
        country,
    }))
}

fn obstacle(why: String, unless: Option<String>) -> Obstacle {
    Obstacle { why, unless }
}

/// Gives the service account a licence that stays, if that was decided.
pub(crate) fn assign_for_good(case: &Case<'_>, finding: &Finding, who: &Principal, draft: &mut Draft) {
    let code = finding.code();
    let licences = case.facts.of_principal(who).licences.value();
    let is_full = |id: Uuid| sku(id).is_some_and(|known| matches!(known.class, Class::Full | Class::Trial));
    let waits = licences.is_ok_and(|held| {
        matches!(entitlement(held), Entitlement::Pending { .. }) || held.iter().any(|held| is_full(held.sku_id))
    });
    if waits {
        // It is being set up, or has its plans switched off: another seat would help nobody.
        return draft.by_hand(finding);
    }
    let what = format!("assign a Dynamics 365 licence to {who} for good");
    if !case.decisions.lasting_licence {
        let why = "a seat stays with it and is paid for, so somebody has to decide it";
        return draft.refuse(code, what, why, Some("--lasting-licence".to_owned()));
    }
    let seat = match Seat::of(case, who) {
        Ok(seat) => seat,
        Err(obstacle) => {
            draft.refuse(code, what, obstacle.why, obstacle.unless);
            return draft.by_hand(finding);
        }
    };
    let location = seat
        .location
        .map(|location| draft.step(code, "set-usage-location", Action::SetUsageLocation(location)));
    draft.note(format!(
        "{} of {} free; {who} takes one for good",
        seat.free, seat.licence.name
    ));
    if !seat.licence.instead_of.is_empty() {
        draft.note(format!(
            "the Team Members licence of {who} goes in the same call, so that no moment is without one"
        ));
    }
    draft.step_after(code, "assign-licence", Action::AssignLicence(seat.licence), location);
}
