//! Which licences mean Dynamics 365 Customer Engagement.
//!
//! The SKU is judged first, its plans second: the Team Members SKUs carry a service plan that looks like a full one
//! (`DYN365_ENTERPRISE_FIELD_SERVICE`), so plans alone would take a restricted licence for a full one.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use uuid::Uuid;

use crate::facts::principal::Licence;
use crate::facts::tenant::SubscribedSku;

/// What a SKU gives, by Microsoft's licensing tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Use rights of at least one Customer Engagement app.
    Full,
    /// Valid only beside a full licence.
    Attach,
    /// Works, runs out.
    Trial,
    /// Restricted: not enough for an administrator.
    TeamMember,
    /// A person has to decide.
    Unclear,
    /// Not a Customer Engagement licence.
    None,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    sku: Vec<Sku>,
}

/// A SKU of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sku {
    id: Uuid,
    part_number: String,
    /// Product name, as Microsoft sells it.
    pub name: String,
    /// What it gives.
    pub class: Class,
    /// The plans that carry the rights.
    #[serde(default)]
    plans: Vec<Uuid>,
}

static TABLE: LazyLock<HashMap<Uuid, Sku>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("../../data/licences.toml")).unwrap_or(Table { sku: Vec::new() });
    table.sku.into_iter().map(|sku| (sku.id, sku)).collect()
});

/// What the table says about a SKU; `None` for one that Microsoft made after the table.
pub fn sku(id: Uuid) -> Option<&'static Sku> {
    TABLE.get(&id)
}

/// Whether an id is one of the table's: a SKU or a plan.
pub(crate) fn names_id(id: Uuid) -> bool {
    TABLE.contains_key(&id) || TABLE.values().any(|sku| sku.plans.contains(&id))
}

/// Whether a text is a part number of the table's.
pub(crate) fn names_part_number(text: &str) -> bool {
    TABLE.values().any(|sku| sku.part_number == text)
}

/// What a person's licences amount to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entitlement {
    /// A Customer Engagement licence with at least one working plan.
    Held {
        /// The SKU that gives it.
        sku: Uuid,
        /// Its part number.
        part_number: String,
        /// Whether it is a trial that runs out.
        trial: bool,
    },
    /// Assigned, but its plans are still being set up.
    Pending {
        /// Part number of the SKU.
        part_number: String,
    },
    /// There is a SKU, but it does not do.
    NotEnough {
        /// Part number of the SKU.
        part_number: String,
        /// Why it does not do.
        why: &'static str,
    },
    /// Only SKUs that the table does not know or a person has to decide about.
    Unclear {
        /// Part number of the SKU.
        part_number: String,
    },
    /// Nothing of Dynamics.
    Nothing,
}

/// Judges a person's licences: the SKU first, then a plan of it that is switched on.
pub fn entitlement(licences: &[Licence]) -> Entitlement {
    let has_base = licences
        .iter()
        .any(|licence| works(licence, &[Class::Full, Class::Trial]) == Works::Yes);
    let mut best = Entitlement::Nothing;
    for licence in licences {
        let found = judge(licence, has_base);
        if rank(&found) > rank(&best) {
            best = found;
        }
    }
    best
}

fn judge(licence: &Licence, has_base: bool) -> Entitlement {
    let part_number = licence.sku_part_number.clone();
    let Some(known) = sku(licence.sku_id) else {
        // The table lists what carries Customer Engagement. A SKU outside it is something else, unless Microsoft made it
        // after the table was: then it carries plans the table knows from others.
        let carries = licence
            .plans
            .iter()
            .any(|plan| TABLE.values().any(|sku| sku.plans.contains(&plan.id)));
        return if carries {
            Entitlement::Unclear { part_number }
        } else {
            Entitlement::Nothing
        };
    };
    match known.class {
        Class::Full | Class::Trial => match works(licence, &[known.class]) {
            Works::Yes => Entitlement::Held {
                sku: licence.sku_id,
                part_number,
                trial: known.class == Class::Trial,
            },
            Works::Pending => Entitlement::Pending { part_number },
            Works::No => Entitlement::NotEnough {
                part_number,
                why: "its Customer Engagement plans are switched off",
            },
        },
        Class::Attach if has_base => Entitlement::Nothing,
        Class::Attach => Entitlement::NotEnough {
            part_number,
            why: "an attach licence counts only beside a full one",
        },
        Class::TeamMember => Entitlement::NotEnough {
            part_number,
            why: "Team Members is a restricted licence, whatever plans it carries",
        },
        Class::Unclear => Entitlement::Unclear { part_number },
        Class::None => Entitlement::Nothing,
    }
}

#[derive(PartialEq, Eq)]
enum Works {
    Yes,
    Pending,
    No,
}

fn works(licence: &Licence, classes: &[Class]) -> Works {
    let Some(known) = sku(licence.sku_id).filter(|known| classes.contains(&known.class)) else {
        return Works::No;
    };
    let mut status = licence
        .plans
        .iter()
        .filter(|plan| known.plans.contains(&plan.id))
        .map(|plan| plan.status.as_str());
    if status.clone().any(|status| status == "Success") {
        Works::Yes
    } else if status.any(|status| status.starts_with("Pending")) {
        Works::Pending
    } else {
        Works::No
    }
}

fn rank(entitlement: &Entitlement) -> u8 {
    match entitlement {
        Entitlement::Nothing => 0,
        Entitlement::Unclear { .. } => 1,
        Entitlement::NotEnough { .. } => 2,
        Entitlement::Pending { .. } => 3,
        Entitlement::Held { trial: true, .. } => 4,
        Entitlement::Held { trial: false, .. } => 5,
    }
}

/// A SKU the tenant owns that would do and has a free seat; a full one before a trial.
pub fn free_seat(skus: &[SubscribedSku]) -> Option<&SubscribedSku> {
    let usable = |class: Class| {
        skus.iter().find(move |owned| {
            matches!(owned.status.as_str(), "Enabled" | "Warning")
                && owned.seats > owned.consumed
                && sku(owned.sku_id).is_some_and(|known| known.class == class)
        })
    };
    usable(Class::Full).or_else(|| usable(Class::Trial))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::principal::ServicePlan;

    const SALES: &str = "1e1a282c-9c54-43a2-9310-98ef728faace";
    const SALES_PLAN: &str = "2da8e897-7791-486b-b08f-cc63c8129df7";
    const TEAM_MEMBERS: &str = "7ac9fe77-66b7-4e5e-9e46-10eed1cff547";
    const FIELD_SERVICE_PLAN: &str = "8c66ef8a-177f-4c0d-853c-d4f219331d09";

    fn licence(sku: &str, plans: &[(&str, &str)]) -> Licence {
        Licence {
            sku_id: sku.parse().unwrap(),
            sku_part_number: sku.to_owned(),
            plans: plans
                .iter()
                .map(|(id, status)| ServicePlan {
                    id: id.parse().unwrap(),
                    name: String::new(),
                    status: (*status).into(),
                })
                .collect(),
        }
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(TABLE.len(), 125);
        let with_rights = TABLE
            .values()
            .filter(|sku| matches!(sku.class, Class::Full | Class::Trial | Class::Attach));
        assert!(with_rights.clone().count() > 30);
        assert!(with_rights.into_iter().all(|sku| !sku.plans.is_empty()));
    }

    #[test]
    fn the_sku_is_judged_before_the_plan() {
        let held = entitlement(&[licence(SALES, &[(SALES_PLAN, "Success")])]);
        assert!(matches!(held, Entitlement::Held { trial: false, .. }), "{held:?}");
        // Team Members carries a plan that a full SKU of another name would be accepted for.
        let team = entitlement(&[licence(TEAM_MEMBERS, &[(FIELD_SERVICE_PLAN, "Success")])]);
        assert!(matches!(team, Entitlement::NotEnough { .. }), "{team:?}");
    }

    #[test]
    fn a_plan_must_be_switched_on() {
        let off = entitlement(&[licence(SALES, &[(SALES_PLAN, "Disabled")])]);
        assert!(matches!(off, Entitlement::NotEnough { .. }), "{off:?}");
        let pending = entitlement(&[licence(SALES, &[(SALES_PLAN, "PendingProvisioning")])]);
        assert!(matches!(pending, Entitlement::Pending { .. }), "{pending:?}");
        // A plan that belongs to another SKU does not count.
        let foreign = entitlement(&[licence(
            SALES,
            &[(FIELD_SERVICE_PLAN, "Success"), (SALES_PLAN, "Disabled")],
        )]);
        assert!(!matches!(foreign, Entitlement::Held { .. }), "{foreign:?}");
    }

    #[test]
    fn an_unknown_sku_is_unclear_and_never_held() {
        let new = entitlement(&[licence(
            "00000000-0000-4000-8000-000000000001",
            &[(SALES_PLAN, "Success")],
        )]);
        assert!(matches!(new, Entitlement::Unclear { .. }), "{new:?}");
        // Microsoft 365 and the like are not in the table, and carry none of its plans.
        let other = entitlement(&[licence(
            "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
            &[("113feb6c-3fe4-4440-bddc-54d774bf0318", "Success")],
        )]);
        assert_eq!(other, Entitlement::Nothing);
        assert_eq!(entitlement(&[]), Entitlement::Nothing);
    }
}
