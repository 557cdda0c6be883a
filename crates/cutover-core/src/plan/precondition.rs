//! What has to be as it was when the plan was made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Plan;
use crate::code::Code;
use crate::facts::Facts;
use crate::rules::dynamics_licence::WANTED_SEAT;
use crate::verdict::{Finding, Verdict};

/// Something that a plan stands on. It is compared before the first effect; one that does not hold makes the plan stale, and
/// nothing is started. Ids and times of requests are no part of it, and counts are bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Precondition {
    /// A requirement has the verdict it had.
    Verdict {
        /// Which.
        requirement: Code,
        /// Name of the verdict, such as `missing`.
        verdict: String,
        /// What was seen; it decides what is done.
        seen: Vec<String>,
    },
    /// Seats of a licence are free.
    FreeSeats {
        /// SKU id.
        sku: Uuid,
        /// SKU part number.
        name: String,
        /// How many at least.
        at_least: i64,
    },
}

/// Something that is not as it was when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// What it is about, such as `W301`.
    pub what: String,
    /// How it was. May hold names from the tenant.
    pub was: String,
    /// How it is.
    pub is: String,
    /// Whether nobody knows how it is, since whoever is signed in now does not see it.
    pub is_hidden: bool,
}

/// What a plan depends on of a finding: what was seen, without counts that change from day to day.
pub(crate) fn seen(finding: &Finding) -> Vec<String> {
    let evidence = finding
        .evidence()
        .iter()
        .filter(|evidence| evidence.wanted != WANTED_SEAT);
    evidence.map(|evidence| evidence.seen.clone()).collect()
}

/// Compares what a plan stands on with what is seen now; empty when it may be carried out. The findings have to be those of
/// the whole pack.
pub fn stale(plan: &Plan, facts: &Facts, findings: &[Finding]) -> Vec<Stale> {
    let mut stale = Vec::new();
    let mut compare = |what: &str, was: String, is: String, is_hidden: bool| {
        if was != is {
            let what = what.to_owned();
            stale.push(Stale {
                what,
                was,
                is,
                is_hidden,
            });
        }
    };
    let scene = |scene| serde_json::to_string(scene).unwrap_or_default();
    compare("the scene", scene(&plan.scene), scene(&facts.scene), false);
    if let (Some(planned), Ok(now)) = (plan.organization_id, facts.environment.who_am_i.value()) {
        let (was, is) = (planned.to_string(), now.organization.to_string());
        compare("the organisation", was, is, false);
    }
    for precondition in &plan.preconditions {
        match precondition {
            Precondition::Verdict {
                requirement,
                verdict,
                seen: was,
            } => {
                let words = |verdict: &str, seen: &[String]| match seen {
                    [] => verdict.to_owned(),
                    seen => format!("{verdict}: {}", seen.join("; ")),
                };
                let now = findings.iter().find(|finding| finding.code() == *requirement);
                let is = now.map_or_else(
                    || "not judged".to_owned(),
                    |finding| words(finding.verdict().name(), &seen(finding)),
                );
                let is_hidden = now.is_some_and(|finding| matches!(finding.verdict(), Verdict::Unknown(_)));
                compare(&requirement.to_string(), words(verdict, was), is, is_hidden);
            }
            Precondition::FreeSeats { sku, name, at_least } => {
                let owned = facts.tenant.skus.value();
                let free = owned.map(|skus| {
                    let seats = skus.iter().filter(|owned| owned.sku_id == *sku);
                    seats.map(|owned| owned.seats - owned.consumed).sum::<i64>()
                });
                match free {
                    Ok(free) if free >= *at_least => {}
                    Ok(free) => compare(
                        name,
                        format!("{at_least} free seat(s) at least"),
                        format!("{free} free"),
                        false,
                    ),
                    Err(blind) => compare(
                        name,
                        format!("{at_least} free seat(s) at least"),
                        blind.message.clone(),
                        true,
                    ),
                }
            }
        }
    }
    stale
}
