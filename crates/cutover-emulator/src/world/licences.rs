//! Licences: what each user holds, directly or through groups, and what is left in stock.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::WorldError;
use super::description::{Licence, Sku};
use super::names::{Names, id, row};
use crate::state::Tables;

/// One SKU as one user holds it in one way.
#[derive(Debug, Clone)]
pub(super) struct Held<'a> {
    sku_id: String,
    sku: &'a Sku,
    licence: Licence,
    /// The group it is inherited from.
    group_id: Option<String>,
}

impl Held<'_> {
    fn status(&self, plan: &str) -> &str {
        if self.licence.disabled_plans.iter().any(|name| name == plan) {
            return "Disabled";
        }
        self.licence.status.get(plan).map_or("Success", String::as_str)
    }

    fn disabled_plan_ids(&self) -> Vec<&str> {
        self.sku
            .plans
            .iter()
            .filter(|(name, _)| self.licence.disabled_plans.contains(name))
            .map(|(_, id)| id.as_str())
            .collect()
    }

    /// Whether Dataverse would call its holder licensed: some plan of a Dynamics 365 or Power Apps kind is on.
    pub(super) fn opens_dataverse(&self) -> bool {
        self.sku
            .plans
            .keys()
            .any(|plan| crate::sync::opens_dataverse(plan) && self.status(plan) == "Success")
    }
}

/// Licences by user alias, own ones first, then those inherited through groups (nested ones do not pass
/// licences on, as Entra documents).
pub(super) fn held<'a>(names: &Names<'a>) -> Result<BTreeMap<String, Vec<Held<'a>>>, WorldError> {
    let mut held: BTreeMap<String, Vec<Held<'a>>> = BTreeMap::new();
    for (user_alias, user) in &names.world.user {
        for (sku_alias, licence) in &user.licence {
            let key = format!("user.{user_alias}.licence.{sku_alias}");
            let sku = names.get(&names.world.sku, &key, "sku", sku_alias)?;
            for plan in licence.disabled_plans.iter().chain(licence.status.keys()) {
                names.get(&sku.plans, &key, "service plan of this SKU", plan)?;
            }
            let group_id = licence
                .through
                .as_deref()
                .map(|group| names.group(&key, group))
                .transpose()?;
            held.entry(user_alias.clone()).or_default().push(Held {
                sku_id: names.id("sku", sku_alias, sku.id.as_deref()),
                sku,
                licence: licence.clone(),
                group_id,
            });
        }
    }
    for (group_alias, group) in &names.world.group {
        for sku_alias in &group.licences {
            let key = format!("group.{group_alias}.licences");
            let sku = names.get(&names.world.sku, &key, "sku", sku_alias)?;
            let group_id = names.group(&key, group_alias)?;
            for member in &group.members {
                let Some(user) = names.world.user.get(member) else {
                    continue;
                };
                // The user's own table says how the inherited licence turned out.
                if user
                    .licence
                    .get(sku_alias)
                    .is_some_and(|own| own.through.as_deref() == Some(group_alias))
                {
                    continue;
                }
                held.entry(member.clone()).or_default().push(Held {
                    sku_id: names.id("sku", sku_alias, sku.id.as_deref()),
                    sku,
                    licence: Licence::default(),
                    group_id: Some(group_id.clone()),
                });
            }
        }
    }
    Ok(held)
}

/// `subscribedSkus`: a user counts once for a SKU, however many ways it comes.
pub(super) fn stock(
    names: &Names<'_>,
    held: &BTreeMap<String, Vec<Held<'_>>>,
    directory: &mut Tables,
) -> Result<(), WorldError> {
    for (alias, sku) in &names.world.sku {
        if sku.part_number.is_empty() {
            return Err(names.wrong(&format!("sku.{alias}.part_number"), "must be given"));
        }
        let sku_id = names.id("sku", alias, sku.id.as_deref());
        let assigned = held
            .values()
            .filter(|licences| {
                licences
                    .iter()
                    .any(|held| held.sku_id == sku_id && held.licence.state != "Error")
            })
            .count();
        let consumed = i64::try_from(assigned)
            .unwrap_or(i64::MAX)
            .saturating_add(sku.consumed_elsewhere);
        let tenant_id = names.tenant_id();
        directory.insert(
            "subscribedSkus",
            row(json!({
                "id": format!("{tenant_id}_{sku_id}"), "skuId": sku_id, "skuPartNumber": sku.part_number,
                "accountId": tenant_id, "accountName": names.world.tenant.display_name, "appliesTo": "User",
                "capabilityStatus": sku.capability_status, "consumedUnits": consumed,
                "prepaidUnits": {"enabled": sku.enabled, "warning": sku.warning,
                                 "suspended": sku.suspended, "lockedOut": 0},
                "subscriptionIds": [names.id("subscription", alias, None)],
                "servicePlans": service_plans(sku, |_| "Success"), "_emulator_excludes": sku.excludes,
            })),
        );
    }
    Ok(())
}

fn service_plans<'s>(sku: &'s Sku, status: impl Fn(&str) -> &'s str) -> Vec<Value> {
    sku.plans
        .iter()
        .map(|(name, plan_id)| {
            json!({"servicePlanId": plan_id, "servicePlanName": name,
                   "provisioningStatus": status(name), "appliesTo": "User"})
        })
        .collect()
}

pub(super) fn assigned_licences(held: &[Held<'_>]) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    held.iter()
        .filter(|licence| licence.licence.state != "Error" && seen.insert(licence.sku_id.as_str()))
        .map(|licence| json!({"skuId": licence.sku_id, "disabledPlans": licence.disabled_plan_ids()}))
        .collect()
}

pub(super) fn assigned_plans(held: &[Held<'_>]) -> Vec<Value> {
    held.iter()
        .filter(|held| held.licence.state != "Error")
        .flat_map(|held| {
            held.sku.plans.iter().map(|(name, plan_id)| {
                let status = if held.status(name) == "Disabled" {
                    "Deleted"
                } else {
                    "Enabled"
                };
                json!({"assignedDateTime": held.licence.updated, "capabilityStatus": status,
                       "service": service_of(name), "servicePlanId": plan_id})
            })
        })
        .collect()
}

/// The `service` of an assigned plan. Only the names for Dynamics and Entra are of use here; both are assumed.
pub(crate) fn service_of(plan: &str) -> &'static str {
    if plan.starts_with("AAD") || plan.starts_with("MFA") {
        "AADPremiumService"
    } else {
        "CRM"
    }
}

pub(super) fn assignment_states(held: &[Held<'_>]) -> Vec<Value> {
    held.iter()
        .map(|held| {
            json!({
                "skuId": held.sku_id, "assignedByGroup": held.group_id,
                "disabledPlans": held.disabled_plan_ids(), "state": held.licence.state,
                "error": held.licence.error, "lastUpdatedDateTime": held.licence.updated,
            })
        })
        .collect()
}

/// `licenseDetails` of one user.
pub(super) fn details(user_id: &str, held: &[Held<'_>], directory: &mut Tables) {
    let mut seen = BTreeSet::new();
    for held in held {
        if held.licence.state == "Error" || !seen.insert(held.sku_id.as_str()) {
            continue;
        }
        directory.insert(
            "licenseDetails",
            row(json!({
                "id": id("licence", &format!("{user_id}/{}", held.sku_id), None),
                "_emulator_userId": user_id, "skuId": held.sku_id, "skuPartNumber": held.sku.part_number,
                "servicePlans": service_plans(held.sku, |plan| held.status(plan)),
            })),
        );
    }
}
