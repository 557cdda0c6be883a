//! The integration account of a direct-bill partner: W601 to W605.

use crate::facts::principal::Account;
use crate::facts::{Blind, Calls, Facts, Reason};
use crate::rules::{Place, absent_account};
use crate::scene::{PartnerScene, Scene};
use crate::verdict::Judged;

/// Where roles of Partner Center are given, as a person finds it.
pub(crate) const USER_MANAGEMENT: &str = "Partner Center > Settings (the gear) > Account settings > User management";
/// Partner Center itself.
pub(crate) const PARTNER_CENTER: &str = "https://partner.microsoft.com/dashboard/home";

/// The partner's side, as the configuration names it.
///
/// # Errors
/// When it names none; nothing can be looked for then.
pub(crate) fn named(scene: &Scene) -> Result<&PartnerScene, Blind> {
    scene
        .partner
        .as_ref()
        .ok_or_else(|| not_named("write who.integration_account, as W601 says"))
}

/// No integration account is named, and what to do about it.
pub(crate) fn not_named(what_to_do: &str) -> Blind {
    Blind {
        reason: Reason::NotDecidable,
        message: format!("the configuration names no integration account: {what_to_do}"),
        lacking: Vec::new(),
        call: None,
    }
}

/// The account in the partner tenant; as an error the judgement over one that is not there.
///
/// # Errors
/// When it could not be read.
pub(crate) fn account<'a>(
    facts: &'a Facts,
    partner: &PartnerScene,
    wanted: &str,
) -> Result<Result<(&'a Account, &'a Calls), Box<Judged>>, Blind> {
    let (account, calls) = facts.partner.integration.account.read()?;
    Ok(account.as_ref().map(|account| (account, calls)).ok_or_else(|| {
        let judged = absent_account(&partner.integration_account, calls, wanted, Place::Partner);
        Box::new(judged)
    }))
}
