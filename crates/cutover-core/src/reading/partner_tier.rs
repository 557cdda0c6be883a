//! What Partner Center's answers amount to about the partner's tier. It never says "direct bill" outright.

use crate::facts::partner::Relationship;
use crate::facts::{Blind, Calls, Facts};

/// What the relationships to other partners show.
#[derive(Debug, Clone, PartialEq)]
pub enum PartnerTier<'a> {
    /// Indirect resellers buy through this partner: an indirect provider.
    IndirectProvider(Vec<&'a Relationship>),
    /// It buys through indirect providers: an indirect reseller.
    IndirectReseller(Vec<&'a Relationship>),
    /// Neither, which is what a direct-bill partner shows; it proves nothing.
    LikelyDirect,
}

/// Compares both lists of relationships; those that are not active any more say nothing.
///
/// # Errors
/// When a list could not be read and the other one decides nothing.
pub fn partner_tier(facts: &Facts) -> Result<(PartnerTier<'_>, Calls), Blind> {
    let resellers = facts.partner.resellers.read();
    if let Ok((all, calls)) = resellers
        && let found @ [_, ..] = active(all).as_slice()
    {
        return Ok((PartnerTier::IndirectProvider(found.to_vec()), calls.clone()));
    }
    let (providers, calls) = facts.partner.providers.read()?;
    if let found @ [_, ..] = active(providers).as_slice() {
        return Ok((PartnerTier::IndirectReseller(found.to_vec()), calls.clone()));
    }
    let (_, more) = resellers?;
    Ok((PartnerTier::LikelyDirect, calls.clone().and(more)))
}

fn active(all: &[Relationship]) -> Vec<&Relationship> {
    all.iter()
        .filter(|one| one.state.eq_ignore_ascii_case("Active"))
        .collect()
}
