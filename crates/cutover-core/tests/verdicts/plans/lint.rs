//! Each rule of plans, broken on purpose.

use cutover_core::Plan;
use cutover_core::plan::action::RowOf;
use cutover_core::plan::action::{AddServicePrincipal, CreateConditionalAccessPolicy, SetAccessMode, Side, Whom};
use cutover_core::plan::{Action, Rule, Step, StepId, lint};
use jiff::SignedDuration;

use super::{emergency, planned};
use crate::fixture::{known, service_of};

/// A plan with two loans and three lasting changes: 0 lends Global Administrator, 1 and 2 consent, 3 lends System
/// Administrator, 4 assigns a role.
fn sound() -> Plan {
    planned(
        |facts| {
            facts.tenant.work365_grants = known(vec![]);
            service_of(facts).security_roles = known(vec![]);
        },
        |_| {},
    )
}

fn lasting(id: &str, action: Action, after: &[&str]) -> Step {
    Step {
        id: id.into(),
        requirements: vec![],
        settling: action.describe().settling(),
        action,
        loan: None,
        after_return: Vec::new(),
        after: after.iter().map(|id| StepId::from(*id)).collect(),
    }
}

fn language() -> Action {
    let plan = planned(|facts| facts.environment.languages = known(vec![1043]), |_| {});
    plan.steps.last().unwrap().action.clone()
}

fn policy(plan: &Plan, excluded: Vec<Whom>) -> Action {
    Action::CreateConditionalAccessPolicy(CreateConditionalAccessPolicy {
        display_name: "MFA".into(),
        whom: Whom {
            id: plan.caller.object_id,
            name: plan.caller.name.clone(),
        },
        excluded,
        enforced: true,
    })
}

#[test]
fn a_broken_rule_is_named() {
    type Break = fn(&mut Plan);
    let cases: &[(&str, Break, Rule)] = &[
        (
            "two steps of one name",
            |plan| plan.steps[2].id = plan.steps[1].id.clone(),
            Rule::Graph,
        ),
        (
            "after nothing",
            |plan| plan.steps[1].after.push("gone".into()),
            Rule::Graph,
        ),
        (
            "a circle",
            |plan| {
                let last = plan.steps[4].id.clone();
                plan.steps[1].after.push(last);
                let first = plan.steps[1].id.clone();
                plan.steps[4].after.push(first);
            },
            Rule::Graph,
        ),
        (
            "returned after nothing",
            |plan| plan.steps[0].loan.as_mut().unwrap().return_after.push("gone".into()),
            Rule::Graph,
        ),
        (
            "returned after each other",
            |plan| {
                let system = plan.steps[3].id.clone();
                plan.steps[0].loan.as_mut().unwrap().return_after.push(system);
            },
            Rule::Graph,
        ),
        (
            "one object twice",
            |plan| plan.steps[2].action = plan.steps[1].action.clone(),
            Rule::OneWriter,
        ),
        (
            "no return",
            |plan| {
                plan.steps[0].action = Action::AddServicePrincipal(AddServicePrincipal {
                    app_id: emergency().id,
                    name: "an app".into(),
                    side: Side::Home,
                });
            },
            Rule::Return,
        ),
        (
            "nobody returns it",
            |plan| plan.steps[0].loan.as_mut().unwrap().returned_by.clear(),
            Rule::Returner,
        ),
        (
            "only itself could return it",
            |plan| plan.steps[3].loan.as_mut().unwrap().ends_by_itself = false,
            Rule::Returner,
        ),
        (
            "for nothing",
            |plan| plan.steps[3].loan.as_mut().unwrap().for_steps.clear(),
            Rule::Purpose,
        ),
        (
            "for a step that is not there",
            |plan| plan.steps[3].loan.as_mut().unwrap().for_steps.push("gone".into()),
            Rule::Purpose,
        ),
        (
            "for a step that does not wait",
            |plan| plan.steps[4].after.clear(),
            Rule::Purpose,
        ),
        (
            "waited for, and not lent for it",
            |plan| {
                let global = plan.steps[0].id.clone();
                plan.steps[4].after.push(global);
            },
            Rule::Purpose,
        ),
        (
            "no bound of a wait",
            |plan| plan.steps[1].settling.at_most = SignedDuration::from_hours(100),
            Rule::Bounded,
        ),
        (
            "no bound of a loan",
            |plan| plan.steps[0].loan.as_mut().unwrap().limit = SignedDuration::MAX,
            Rule::Bounded,
        ),
        (
            "Global Administrator while a language is provisioned",
            |plan| {
                let step = lasting("language", language(), &["lend-global-administrator"]);
                plan.steps.push(step);
                plan.steps[0].loan.as_mut().unwrap().for_steps.push("language".into());
            },
            Rule::Wait,
        ),
        (
            "System Administrator for a role after the language",
            |plan| {
                plan.steps.push(lasting("language", language(), &[]));
                plan.steps[4].after.push("language".into());
                let further = lasting("further", plan.steps[4].action.clone(), &["lend-system-administrator"]);
                plan.steps.push(further);
                plan.steps[3].loan.as_mut().unwrap().for_steps.push("further".into());
            },
            Rule::Wait,
        ),
        (
            "no emergency account",
            |plan| {
                let action = policy(plan, vec![]);
                plan.steps.push(lasting("policy", action, &[]));
            },
            Rule::LastWayIn,
        ),
        (
            "against the caller",
            |plan| {
                let action = policy(plan, vec![emergency()]);
                plan.steps.push(lasting("policy", action, &[]));
            },
            Rule::LastWayIn,
        ),
        (
            "the caller's own way into the environment",
            |plan| {
                let whom = Whom {
                    id: plan.caller.object_id,
                    name: String::new(),
                };
                let action = Action::SetAccessMode(SetAccessMode {
                    row: RowOf::User(whom),
                    mode: 2,
                });
                plan.steps.push(lasting("mode", action, &[]));
            },
            Rule::LastWayIn,
        ),
    ];
    assert_eq!(lint(&sound()), [], "{:#?}", sound().steps);
    for (what, change, rule) in cases {
        let mut plan = sound();
        change(&mut plan);
        let faults = lint(&plan);
        assert!(faults.iter().any(|fault| fault.rule == *rule), "{what}: {faults:#?}");
        assert!(faults.iter().all(|fault| !fault.to_string().is_empty()));
    }
    let broken: std::collections::BTreeSet<Rule> = cases.iter().map(|(_, _, rule)| *rule).collect();
    assert_eq!(broken.len(), 8, "every rule is broken once");
}

#[test]
fn what_is_lent_by_the_right_of_another_loan_comes_back_before_that_one() {
    let mut plan = sound();
    let by_assignment = planned(
        |facts| {
            facts.tenant.work365_grants = known(vec![]);
            let admin = crate::fixture::admin_of(facts);
            admin.role_eligibilities = known(vec![]);
            admin.active_roles = known(vec![cutover_core::facts::principal::DirectoryRole {
                template: uuid::uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814"),
                name: "Privileged Role Administrator".into(),
            }]);
        },
        |_| {},
    );
    let mut lent = by_assignment.steps[0].clone();
    let loan = lent.loan.as_mut().unwrap();
    loan.ends_by_itself = false;
    loan.for_steps = vec!["consent-dynamics".into()];
    lent.after = vec!["lend-global-administrator".into()];
    let id = lent.id.clone();
    plan.steps[2].after.push(id.clone());
    plan.steps.insert(1, lent);
    plan.steps[0].loan.as_mut().unwrap().for_steps.push(id.clone());
    assert!(
        lint(&plan).iter().any(|fault| fault.rule == Rule::Returner),
        "{:#?}",
        lint(&plan)
    );
    plan.steps[0].loan.as_mut().unwrap().return_after.push(id);
    assert_eq!(lint(&plan), []);
}
