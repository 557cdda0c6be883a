//! The tenant as a whole: SKUs, and the consent to the Work 365 app.

use cutover_clients::Wave;
use cutover_clients::graph::{licences, service_principals};
use cutover_clients::tenancy::Home;
use cutover_core::facts::tenant::{Grant, SubscribedSku};
use cutover_core::facts::{Blind, Fact};
use cutover_core::need::Need;
use uuid::{Uuid, uuid};

use super::people::service_principal;
use super::{Asking, Step, asked, settled};
use crate::blind::{OrAbsent, fact, fact_or_absent};

/// Application ids of Microsoft Graph and of Dataverse, the same in every tenant.
const GRAPH: Uuid = uuid!("00000003-0000-0000-c000-000000000000");
const DATAVERSE: Uuid = uuid!("00000007-0000-0000-c000-000000000000");

pub(super) fn skus(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(licences::subscribed_skus());
    asked::<Home>(move |answers, facts| {
        facts.tenant.skus = fact(answers.take(ticket), |skus| {
            skus.into_iter()
                .map(|sku| {
                    let prepaid = sku.prepaid_units.or_absent("prepaidUnits")?;
                    Ok(SubscribedSku {
                        sku_id: sku.sku_id,
                        sku_part_number: sku.sku_part_number.or_absent("skuPartNumber")?,
                        status: sku.capability_status.or_absent("capabilityStatus")?.as_str().to_owned(),
                        seats: prepaid.seats().or_absent("enabled and warning units")?,
                        consumed: sku.consumed_units.or_absent("consumedUnits")?,
                    })
                })
                .collect()
        });
    })
}

pub(super) fn consent_apps(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    let app_id = asking
        .question
        .pack
        .app_id(asking.question.scene.region)
        .unwrap_or_default();
    let app = wave.ask(service_principals::service_principal(app_id));
    asked::<Home>(move |answers, facts| {
        facts.tenant.work365_app = fact_or_absent(answers.take(app), service_principal);
    })
}

/// What Conditional Access policies and grants know Dataverse by.
pub(super) fn dataverse_app(wave: &mut Wave<Home>) -> Step {
    let ticket = wave.ask(service_principals::service_principal(DATAVERSE));
    asked::<Home>(move |answers, facts| {
        facts.tenant.dataverse_app = fact_or_absent(answers.take(ticket), service_principal);
    })
}

/// The grants, and the resources that they are for: who those are matters only where something can be granted.
pub(super) fn consent_grants(asking: &Asking<'_>, wave: &mut Wave<Home>) -> Step {
    if asking.waits_for(Need::ConsentApps) {
        return Step::NotYet;
    }
    let id = match asking.facts.tenant.work365_app.read() {
        Ok((Some(app), _)) => app.id,
        Ok((None, calls)) => {
            let nothing = Fact::Known {
                value: Vec::new(),
                calls: calls.clone(),
            };
            // Where the app of the region is not, that of the other one tells why.
            let question = asking.question;
            let other = question.pack.app_id(question.scene.region.other()).unwrap_or_default();
            let other = wave.ask(service_principals::service_principal(other));
            return asked::<Home>(move |answers, facts| {
                facts.tenant.work365_grants = nothing;
                facts.tenant.other_work365_app = fact_or_absent(answers.take(other), service_principal);
            });
        }
        Err(blind) => {
            let blind = Blind::depends_on(blind);
            return settled(move |facts| {
                facts.tenant.work365_grants = Fact::Unknown(blind.clone());
                facts.tenant.graph_app = Fact::Unknown(blind);
            });
        }
    };
    let graph = wave.ask(service_principals::service_principal(GRAPH));
    let ticket = wave.ask(service_principals::delegated_grants(id));
    asked::<Home>(move |answers, facts| {
        facts.tenant.graph_app = fact_or_absent(answers.take(graph), service_principal);
        facts.tenant.work365_grants = fact(answers.take(ticket), |grants| {
            let read = |grant: service_principals::DelegatedGrant| {
                Ok(Grant {
                    resource: grant.resource_id,
                    tenant_wide: grant.consent_type == service_principals::ConsentType::AllPrincipals,
                    scopes: grant.scopes().or_absent("scope")?.map(str::to_owned).collect(),
                })
            };
            grants.into_iter().map(read).collect()
        });
    })
}
