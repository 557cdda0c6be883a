//! `who.integration_account` and `[partner]`: where and as whom Work 365 works in Partner Center.

use cutover_core::Pack;
use cutover_core::scene::{Principal, Tier};
use serde::Deserialize;
use toml::Spanned;
use uuid::Uuid;

use super::Method;
use super::diagnose::Problem;

/// Where and as whom Work 365 works in Partner Center.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PartnerSettings {
    /// The user that Work 365 works as there.
    pub(crate) integration_account: Principal,
    /// Id or verified domain of the tenant that is enrolled in Partner Center.
    pub(crate) tenant: String,
    /// Application id that signs in there; without meaning where none is named.
    pub(crate) client_id: Uuid,
    /// Whether the configuration names that application.
    pub(crate) names_application: bool,
    /// By which way, when one is chosen.
    pub(crate) method: Option<Method>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPartner {
    tenant: Option<Spanned<String>>,
    client_id: Option<Spanned<String>>,
    method: Option<Spanned<String>>,
}

/// What is left out is as in the Dynamics tenant, since most partners have but one.
pub(super) fn check(
    tier: Tier,
    account: Option<&Spanned<String>>,
    partner: Option<&Spanned<RawPartner>>,
    (tenant, client_id, names_application): (&str, Uuid, bool),
) -> Result<Option<PartnerSettings>, Problem> {
    let place = partner.map(Spanned::get_ref);
    let own_tenant = place
        .and_then(|place| place.tenant.as_ref())
        .map(super::tenant)
        .transpose()?;
    let own_client = place
        .and_then(|place| place.client_id.as_ref())
        .map(super::guid)
        .transpose()?;
    let method = place
        .and_then(|place| place.method.as_ref())
        .map(Method::read)
        .transpose()?;
    if tier == Tier::Indirect {
        let hint = "row 6 of the article is for direct-bill partners: take it out, or set tier = 1 if Microsoft bills you directly";
        if let Some(account) = account {
            let message = "an indirect partner's Work 365 has no integration account in Partner Center";
            return Err(Problem::at(account, message).hint(hint));
        }
        if let Some(partner) = partner {
            let message = "an indirect partner's Work 365 does not work in Partner Center";
            return Err(Problem::at(partner, message).hint(hint));
        }
    }
    let names_application = own_client.is_some() || names_application;
    if let (Some(word), Some(chosen), false) =
        (place.and_then(|place| place.method.as_ref()), method, names_application)
        && chosen.needs_application()
    {
        let message = format!("sign-in by {} needs an application", chosen.name());
        return Err(Problem::at(word, message)
            .hint("set partner.client_id to its id: sign_in names none that could be used here too"));
    }
    let Some(account) = account else { return Ok(None) };
    Ok(Some(PartnerSettings {
        integration_account: super::user(account)?,
        tenant: own_tenant.unwrap_or_else(|| tenant.to_owned()),
        client_id: own_client.unwrap_or(client_id),
        names_application,
        method,
    }))
}

/// The name of a set of Partner Center roles that the built-in pack knows.
pub(super) fn roles(name: &Spanned<String>) -> Result<String, Problem> {
    let pack = Pack::work365().ok();
    let known: Vec<&str> = pack
        .iter()
        .flat_map(|pack| &pack.partner_center.role_set)
        .map(|set| set.name.as_str())
        .collect();
    let written = name.get_ref().as_str();
    if known.contains(&written) {
        return Ok(written.to_owned());
    }
    let message = format!("`{}` is not a set of Partner Center roles", written.escape_debug());
    Err(Problem::at(name, message).choices(written, &known))
}
