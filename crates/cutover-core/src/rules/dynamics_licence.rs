//! Holds, or could borrow, a Dynamics 365 Customer Engagement licence: W002, W201 and W300.

use crate::context::{Context, Undecided};
use crate::facts::principal::PrincipalFacts;
use crate::facts::{Blind, Calls, Reason};
use crate::reading::licence::{Entitlement, entitlement, free_seat, sku};
use crate::reading::powers::{self, GlobalAdministrator};
use crate::rules::unusable_person;
use crate::scene::Part;
use crate::verdict::{Evidence, Fix, Judged, Loan};

/// What evidence about seats is compared with. How many are free changes from day to day.
pub(crate) const WANTED_SEAT: &str = "a free seat to assign";
const WANTED: &str = "a Customer Engagement licence with at least one of its plans switched on";

/// Whether what is lacking may be borrowed for the run, or has to be there for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    Borrowed,
    ForGood,
}

/// Judges whoever plays `part`, who is a user.
pub(crate) fn judge(context: &Context<'_>, part: Part, keep: Keep) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = facts.scene.principal(part);
    let person = facts.of_principal(who);
    let (_, account_calls) = person.account.read()?;
    if let Some(judged) = unusable_person(facts, who, WANTED)? {
        return Ok(judged);
    }
    let (licences, calls) = person.licences.read()?;
    let held = entitlement(licences);
    let (seen, sentence) = match &held {
        Entitlement::Held {
            sku: id,
            part_number,
            trial,
        } => {
            let how = assignment(person, *id);
            let seen = format!("{} ({part_number}), {how}", product(*id, part_number));
            let evidence = Evidence::new(&calls.clone().and(account_calls), seen, WANTED);
            let judged = Judged::met(evidence, format!("{who} holds {part_number}, {how}"));
            return Ok(if *trial {
                judged.warn(format!("{part_number} is a trial and runs out"))
            } else {
                judged
            });
        }
        Entitlement::Pending { part_number } => {
            let evidence = Evidence::new(calls, format!("{part_number}: plans are still being set up"), WANTED);
            let fix = Fix::automatic("wait: plans are set up within 10 to 15 minutes as a rule (check --wait 15m)");
            return Ok(Judged::missing(
                evidence,
                format!("the licence of {who} is still being set up"),
                fix,
            ));
        }
        Entitlement::NotEnough { part_number, why } => (
            format!("{part_number}: {why}"),
            format!("{who} has {part_number}, which is not enough: {why}"),
        ),
        Entitlement::Unclear { part_number } => {
            let message = format!(
                "whether {part_number} of {who} is a Customer Engagement licence cannot be told: ask the vendor or Microsoft"
            );
            return Err(Blind::not_decidable(message, calls).into());
        }
        Entitlement::Nothing => {
            let seen = match licences.len() {
                0 => "no licence at all".to_owned(),
                count => format!("{count} licence(s), none of them for Customer Engagement"),
            };
            (seen, format!("{who} holds no Dynamics 365 Customer Engagement licence"))
        }
    };
    not_held(context, part, keep, Evidence::new(calls, seen, WANTED), sentence, calls)
}

fn not_held(
    context: &Context<'_>,
    part: Part,
    keep: Keep,
    evidence: Evidence,
    sentence: String,
    calls: &Calls,
) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let who = facts.scene.principal(part);
    let by_hand = |first: String| {
        Fix::by_hand(first).at(
            format!("Microsoft 365 admin centre > Users > Active users > {who} > Licenses and apps"),
            "https://admin.microsoft.com/Adminportal/Home#/users",
        )
    };
    let skus = facts.tenant.skus.read();
    if let (Keep::ForGood, Err(_)) = (keep, skus) {
        // That the licence is missing is proven; which seat it could come from is only a matter of the remedy.
        let fix = by_hand(format!("assign a Dynamics 365 Customer Engagement licence to {who}"));
        return Ok(Judged::missing(evidence, sentence, fix));
    }
    let (skus, sku_calls) = skus?;
    let Some(seat) = free_seat(skus) else {
        let fix = by_hand(format!("free or buy a Dynamics 365 seat, then assign it to {who}"));
        let seats = Evidence::new(sku_calls, "no Customer Engagement SKU with a free seat", WANTED_SEAT);
        return Ok(Judged::missing(evidence, format!("{sentence}, and no seat is free"), fix).and(seats));
    };
    let free = seat.seats - seat.consumed;
    let seat_evidence = Evidence::new(
        &sku_calls.clone().and(calls),
        format!("{}: {free} of {} seat(s) free", seat.sku_part_number, seat.seats),
        WANTED_SEAT,
    );
    let location = facts.of_principal(who).account.value().ok().and_then(Option::as_ref);
    let mut needs = Vec::new();
    if location.is_some_and(|account| account.usage_location.is_none()) {
        needs.push("a usage location, set before the licence".to_owned());
    }
    let assign = format!("assign {} to {who}", seat.sku_part_number);
    let lender = lender(context, part);
    if keep == Keep::ForGood {
        let fix = match lender {
            Ok(Some(_)) => Fix {
                automatic: Some(assign.clone()),
                ..by_hand(assign)
            },
            Ok(None) | Err(_) => by_hand(format!("have a License Administrator {assign}")),
        };
        return Ok(Judged::missing(evidence, sentence, fix).and(seat_evidence));
    }
    Ok(match lender? {
        Some(lender) => {
            needs.extend(lender.needs);
            let loan = Loan {
                how: format!("{assign}, and take it back last of all"),
                by: lender.name,
                needs,
            };
            Judged::loan(evidence, sentence, loan)
        }
        None => Judged::missing(
            evidence,
            format!("{sentence}, and nobody here may assign one"),
            by_hand(format!("have a License Administrator {assign}")),
        ),
    }
    .and(seat_evidence))
}

struct Lender {
    name: String,
    needs: Option<String>,
}

/// Who could assign a licence: the signed-in identity, or whoever is, or can become, Global Administrator, be it the
/// person itself or the borrower. When nobody is found and a view is blocked, that is not known.
fn lender(context: &Context<'_>, part: Part) -> Result<Option<Lender>, Blind> {
    let facts = context.facts;
    let signed_in = powers::assigns_licences(facts);
    if signed_in == Ok(true) {
        return Ok(Some(Lender {
            name: "the signed-in identity".to_owned(),
            needs: None,
        }));
    }
    let mut blocked = signed_in.err();
    for administrator in [part, Part::Borrower] {
        let name = facts.scene.principal(administrator);
        match powers::global_administrator(facts, administrator) {
            Ok(GlobalAdministrator::Now) => {
                return Ok(Some(Lender {
                    name: format!("{name}, as Global Administrator"),
                    needs: None,
                }));
            }
            Ok(GlobalAdministrator::ByActivation | GlobalAdministrator::ByAssignment) => {
                let needs = Some("Global Administrator first (the loan of W101)".to_owned());
                return Ok(Some(Lender {
                    name: format!("{name}, once Global Administrator"),
                    needs,
                }));
            }
            Ok(GlobalAdministrator::NoWay) => {}
            // Nobody asked how the service account stands in Entra: it is not meant to administer anything.
            Err(blind) if blind.reason == Reason::NotCollected => {}
            Err(blind) => blocked = blocked.or(Some(blind)),
        }
    }
    blocked.map_or(Ok(None), Err)
}

/// How the SKU came to the person.
fn assignment(person: &PrincipalFacts, id: uuid::Uuid) -> String {
    let account = person.account.value().ok().and_then(Option::as_ref);
    let ways: Vec<_> = account
        .map(|account| {
            account
                .licence_assignments
                .iter()
                .filter(|way| way.sku_id == id)
                .collect()
        })
        .unwrap_or_default();
    let direct = ways.iter().any(|way| way.by_group.is_none());
    match (direct, ways.iter().find_map(|way| way.by_group)) {
        (true, None) => "assigned directly".to_owned(),
        (true, Some(group)) => format!("assigned directly and inherited from group {group}"),
        (false, Some(group)) => format!("inherited from group {group}"),
        (false, None) => "assigned".to_owned(),
    }
}

fn product(id: uuid::Uuid, part_number: &str) -> String {
    sku(id).map_or_else(|| part_number.to_owned(), |known| known.name.clone())
}
