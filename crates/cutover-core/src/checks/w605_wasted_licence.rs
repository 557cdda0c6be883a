//! W605.

use crate::check::check;
use crate::context::{Context, Undecided};
use crate::facts::Blind;
use crate::facts::principal::Licence;
use crate::reading::licence::{Entitlement, entitlement};
use crate::rules::integration_account;
use crate::verdict::{Evidence, Fix, Judged};

check! {
    /// The integration account occupies no Dynamics licence.
    ///
    /// # Why
    /// Row 6 of the article: it needs none. It works in Partner Center and never signs in to Work 365 or Dynamics, so a
    /// licence on it is a seat paid for and wasted. Advisory: nothing fails for it.
    ///
    /// # Evidence
    /// The licences of the account in the partner tenant, by SKU: every SKU of Dynamics 365 Customer Engagement counts, full or
    /// restricted, since each of them is a seat.
    ///
    /// # By hand
    /// Microsoft 365 admin centre of the partner tenant > Users > Active users > the account > Licenses and apps. A licence that
    /// comes through a group leaves with the membership.
    605,
    needs: [IntegrationAccount, IntegrationLicences],
    judge: judge,
}

const WANTED: &str = "no Dynamics 365 licence on the integration account";

fn judge(context: &Context<'_>) -> Result<Judged, Undecided> {
    let facts = context.facts;
    let partner = integration_account::named(&facts.scene)?;
    let who = &partner.integration_account;
    let account = match integration_account::account(facts, partner, WANTED)? {
        Ok((account, _)) => account,
        Err(absent) => return Ok(*absent),
    };
    let (licences, calls) = facts.partner.integration.licences.read()?;
    let seats: Vec<(&Licence, Entitlement)> = licences
        .iter()
        .map(|licence| (licence, entitlement(std::slice::from_ref(licence))))
        .collect();
    let wasted: Vec<&Licence> = seats
        .iter()
        .filter(|(_, worth)| !matches!(worth, Entitlement::Nothing | Entitlement::Unclear { .. }))
        .map(|(licence, _)| *licence)
        .collect();
    if wasted.is_empty() {
        if let Some((licence, _)) = seats.iter().find(|(_, worth)| *worth != Entitlement::Nothing) {
            let message = format!(
                "whether {} of {who} is a Dynamics licence cannot be told",
                licence.sku_part_number
            );
            return Err(Blind::not_decidable(message, calls).into());
        }
        let seen = match licences.len() {
            0 => "no licence at all".to_owned(),
            count => format!("{count} licence(s), none of them of Dynamics"),
        };
        return Ok(Judged::met(
            Evidence::new(calls, seen, WANTED),
            format!("{who} occupies no Dynamics licence"),
        ));
    }
    let names: Vec<&str> = wasted.iter().map(|licence| licence.sku_part_number.as_str()).collect();
    let names = names.join(", ");
    let inherited = account
        .licence_assignments
        .iter()
        .any(|way| way.by_group.is_some() && wasted.iter().any(|licence| licence.sku_id == way.sku_id));
    let how = if inherited {
        "take the account out of the group that brings the licence"
    } else {
        "take the licence from the account"
    };
    let fix = Fix::by_hand(format!("{how}, if nothing else needs it: {names}")).at(
        format!(
            "Microsoft 365 admin centre of {} > Users > Active users > {who} > Licenses and apps",
            partner.tenant
        ),
        "https://admin.microsoft.com/Adminportal/Home#/users",
    );
    Ok(Judged::missing(
        Evidence::new(calls, names.clone(), WANTED),
        format!("{who} occupies {names}, which it does not need: a seat is wasted"),
        fix,
    ))
}
