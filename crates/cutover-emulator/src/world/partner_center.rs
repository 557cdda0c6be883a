//! A partner, as Partner Center knows it.

use super::WorldError;
use super::description::{Keyed, Relationship};
use super::names::Names;
use crate::state::{CallWithoutMfa, Customer, CustomerUser, PartnerCenter, PartnerRelationship};

/// Builds it; `None` when the tenant is no partner's.
pub(super) fn expand(names: &Names<'_>) -> Result<Option<PartnerCenter>, WorldError> {
    let Some(described) = &names.world.partner_center else {
        return Ok(None);
    };
    let tenant = &names.world.tenant;
    if described.mpn_id.parse::<u32>().is_err() {
        return Err(names.wrong("partner_center.mpn_id", "must be given: a partner id is a number"));
    }
    if described.page_size == 0 {
        return Err(names.wrong("partner_center.page_size", "must be at least 1"));
    }
    let customers = described.customer.iter().map(|(alias, customer)| Customer {
        id: names.id("customer", alias, customer.id.as_deref()),
        company: customer.company.clone().unwrap_or_else(|| alias.clone()),
        domain: customer.domain.clone(),
        users: customer
            .user
            .iter()
            .map(|(user_alias, user)| CustomerUser {
                id: names.id("customer user", &format!("{alias}/{user_alias}"), user.id.as_deref()),
                user_principal_name: format!("{user_alias}@{}", customer.domain),
                display_name: user.display_name.clone().unwrap_or_else(|| user_alias.clone()),
            })
            .collect(),
    });
    let without_mfa = described.without_mfa.iter().map(|(user, call)| {
        Ok(CallWithoutMfa {
            user_id: names.user("partner_center.without_mfa", user)?,
            user_principal_name: names.user_principal_name(user),
            at: call.at,
        })
    });
    let domain = tenant.domains.first().map_or("invalid", String::as_str);
    Ok(Some(PartnerCenter {
        company: described.company.clone().unwrap_or_else(|| tenant.display_name.clone()),
        country: tenant.country.clone(),
        email: described.email.clone().unwrap_or_else(|| format!("billing@{domain}")),
        currency: described.currency.clone(),
        mpn_id: described.mpn_id.clone(),
        vetting: described.vetting.clone(),
        agreement: described.agreement,
        mfa_enforced: described.mfa_enforced,
        tells_mfa: described.tells_mfa,
        bom: described.bom,
        page_size: described.page_size,
        resellers: relationships(names, "reseller", &described.reseller),
        providers: relationships(names, "provider", &described.provider),
        customers: customers.collect(),
        without_mfa: without_mfa.collect::<Result<_, _>>()?,
    }))
}

fn relationships(names: &Names<'_>, kind: &str, described: &Keyed<Relationship>) -> Vec<PartnerRelationship> {
    let others = described.iter();
    others
        .map(|(alias, other)| PartnerRelationship {
            id: names.id(kind, alias, other.id.as_deref()),
            name: other.name.clone().unwrap_or_else(|| alias.clone()),
            state: other.state.clone(),
            mpn_id: other.mpn_id.clone(),
            location: other.location.clone(),
        })
        .collect()
}
