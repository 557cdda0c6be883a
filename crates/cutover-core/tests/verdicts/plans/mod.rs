//! Plans: what is proposed for each requirement, what is lent for it, and what holds for every plan.

mod lint;
mod loans;
mod properties;
mod remedies;
mod stale;
mod upgrade;

use cutover_core::plan::Refusal;
use cutover_core::plan::action::Whom;
use cutover_core::planner::{UpgradeDecisions, plan_upgrade};
use cutover_core::{Decisions, Facts, Pack, Plan, plan};

use crate::fixture::{all, id, now, ready};

/// The plan for a tenant that is ready but for one change.
fn planned(change: impl Fn(&mut Facts), decide: impl Fn(&mut Decisions)) -> Plan {
    let mut facts = ready();
    change(&mut facts);
    let mut decisions = Decisions::default();
    decide(&mut decisions);
    of(&facts, &decisions)
}

fn of(facts: &Facts, decisions: &Decisions) -> Plan {
    let pack = Pack::work365().unwrap();
    plan(facts, &all(facts, &[]), &pack, decisions, now(), "test")
}

/// The plan of an upgrade, or what speaks against it.
fn upgrade_of(facts: &Facts, decisions: &Decisions, upgrade: &UpgradeDecisions) -> Result<Plan, Vec<Refusal>> {
    let pack = Pack::work365().unwrap();
    plan_upgrade(facts, &all(facts, &[]), &pack, decisions, upgrade, now(), "test")
}

/// Names of the steps, in order.
fn steps(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.0.as_str()).collect()
}

fn emergency() -> Whom {
    Whom {
        id: id(90),
        name: "break-glass@contoso.example".into(),
    }
}
