//! What holds for every plan, whatever was found and decided.

use cutover_core::machine::{End, Event, Next, Outcome, Way, What, Work, next};
use cutover_core::plan::{Action, Plan, Step, lint, stale};
use cutover_core::planner::{LeftOver, MfaBy, UpgradeDecisions};
use cutover_core::{Decisions, Facts};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;
use uuid::Uuid;

use super::upgrade::by_driver;
use super::{emergency, of, upgrade_of};
use crate::fixture::{
    admin_of, all, global_administrator, integration_of, known, now, ready, schedule, service_of, system_administrator,
    value,
};
use crate::properties::{CHANGES, Change, TWISTS};

/// What makes plans long: something lacking, and ways to lend what it takes.
const LACKS: &[Change] = &[
    |facts| service_of(facts).security_roles = known(vec![]),
    |facts| service_of(facts).profiles = known(vec![]),
    |facts| service_of(facts).licences = known(vec![]),
    |facts| facts.tenant.work365_grants = known(vec![]),
    |facts| facts.environment.languages = known(vec![1043]),
    |facts| service_of(facts).per_user_mfa = known(cutover_core::facts::principal::PerUserMfa::Disabled),
    |facts| integration_of(facts).groups = known(vec![]),
    |facts| facts.partner.applications = known(vec![]),
    |facts| {
        facts
            .scene
            .partner
            .iter_mut()
            .for_each(|partner| partner.tenant_id = facts.scene.tenant_id)
    },
    |facts| {
        if let Ok(Some(_)) = service_of(facts).account.value() {
            value(&mut service_of(facts).account).as_mut().unwrap().enabled = false;
        }
    },
    |facts| admin_of(facts).security_roles = known(vec![system_administrator()]),
    |facts| {
        admin_of(facts).active_roles = known(vec![global_administrator()]);
        admin_of(facts).role_assignments = known(vec![schedule(Some("2026-11-23T10:30:00Z".parse().unwrap()))]);
    },
    |facts| {
        admin_of(facts).active_roles = known(vec![global_administrator()]);
        admin_of(facts).role_assignments = known(vec![schedule(None)]);
    },
    |facts| {
        admin_of(facts).role_eligibilities = known(vec![]);
        admin_of(facts).active_roles = known(vec![cutover_core::facts::principal::DirectoryRole {
            template: uuid::uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814"),
            name: "Privileged Role Administrator".into(),
        }]);
    },
    |facts| facts.scene.service_identity = facts.scene.caller.clone(),
];

/// Carries a plan out with every effect going well.
pub(super) fn carried_out(plan: &Plan) -> Result<End, TestCaseError> {
    let mut events: Vec<Event> = Vec::new();
    let mut at = plan.made_at;
    for _ in 0..1_000 {
        let done = |step: &cutover_core::plan::StepId, way| What::Ended {
            step: step.clone(),
            way,
            outcome: Outcome::Done {
                kept: Value::Null,
                seen: "so".into(),
            },
        };
        let mut happens = Vec::new();
        match next(plan, &events) {
            Next::Done(end) => return Ok(end),
            Next::Wait { until, .. } => {
                prop_assert!(until > at, "a wait lies ahead");
                at = until;
                happens.push(What::Time {});
            }
            Next::Do(step) => happens.extend([started(&step, Way::Do), done(&step, Way::Do)]),
            Next::Undo(step) => happens.extend([started(&step, Way::Undo), done(&step, Way::Undo)]),
            Next::Settle(step, way) => happens.push(done(&step, way)),
            Next::Ask(tasks) => happens.extend([
                What::Asked { step: tasks[0].clone() },
                What::Answered {
                    step: tasks[0].clone(),
                    done: true,
                    seen: "so".into(),
                    by: "anna".into(),
                },
            ]),
            Next::Prove(step) => happens.push(What::Proved {
                step,
                gone: true,
                seen: "gone".into(),
            }),
        }
        events.extend(happens.into_iter().map(|what| Event { at, what }));
    }
    Err(TestCaseError::fail("the run does not end"))
}

fn started(step: &cutover_core::plan::StepId, way: Way) -> What {
    What::Started {
        step: step.clone(),
        way,
        before: Value::Null,
        key: Uuid::nil(),
    }
}

fn check(facts: &Facts, decisions: &Decisions) -> Result<(), TestCaseError> {
    let plan = of(facts, decisions);
    prop_assert_eq!(
        serde_json::to_string(&plan).unwrap(),
        serde_json::to_string(&of(facts, decisions)).unwrap(),
        "the same twice"
    );
    is_sound(&plan, facts)?;
    prop_assert_eq!(stale(&plan, facts, &all(facts, &[])), [], "fresh");
    let digest = |bytes: &[u8]| bytes.len().to_string();
    let sealed = plan.clone().sealed(digest);
    let text = serde_json::to_string(&sealed).unwrap();
    prop_assert_eq!(Plan::from_json(&text, digest).unwrap(), sealed);

    Ok(())
}

/// What holds for every plan, of whatever purpose.
fn is_sound(plan: &Plan, facts: &Facts) -> Result<(), TestCaseError> {
    prop_assert_eq!(lint(plan), [], "{:#?}", plan.steps);
    let end = carried_out(plan)?;
    prop_assert_eq!(&end.work, &Work::Complete, "{:#?}", plan.steps);
    // A right that only a return needs is not lent where the first loan of it is still out.
    for (step, _) in plan.loans().filter(|(_, loan)| !loan.for_steps.is_empty()) {
        prop_assert!(end.returns.proved.contains(&step.id), "{} comes back", step.id);
    }
    prop_assert!(end.returns.left.is_empty());

    // What the plan ends first it may lend afterwards.
    let ended = |role: &Uuid| {
        let ends = |step: &Step| matches!(&step.action, Action::EndRoleActivation(end) if end.role == *role);
        plan.steps.iter().any(ends)
    };
    let active = admin_roles(facts);
    let active: Vec<Uuid> = active.into_iter().filter(|role| !ended(role)).collect();
    for (step, _) in plan.loans() {
        let role = match &step.action {
            Action::ActivateDirectoryRole(role) => Some(role.role),
            Action::AssignDirectoryRole(role) => Some(role.role),
            Action::AssignStandingDirectoryRole(role) => Some(role.role),
            _ => None,
        };
        prop_assert!(
            role.is_none_or(|role| !active.contains(&role)),
            "{} is held already",
            step.id
        );
    }
    Ok(())
}

fn admin_roles(facts: &Facts) -> Vec<Uuid> {
    let roles = facts.of_principal(&facts.scene.caller).active_roles.value();
    roles
        .map(|roles| roles.iter().map(|role| role.template).collect())
        .unwrap_or_default()
}

fn decisions(mfa: Option<MfaBy>, licence: bool, emergency_account: bool, minutes: i64) -> Decisions {
    Decisions {
        mfa,
        lasting_licence: licence,
        usage_location: Some("NL".into()),
        emergency_accounts: emergency_account.then(emergency).into_iter().collect(),
        loan_limit: jiff::SignedDuration::from_mins(minutes),
        ..Decisions::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(365), ..ProptestConfig::default() })]

    /// Whatever was found: a plan comes of it, it breaks no rule, and carrying it out ends with nothing owed.
    #[test]
    fn every_upgrade_is_sound_and_ends_with_nothing_owed(
        lacks in proptest::collection::vec(0..LACKS.len(), 0..5),
        twisted in proptest::collection::vec(0..TWISTS.len(), 0..2),
        seated: bool,
        driver in 0..3_usize,
        left_over in prop_oneof![Just(None), Just(Some(LeftOver::Finish)), Just(Some(LeftOver::Clear))],
        without_restore_point: bool,
        in_two_steps: bool,
        end_activation: bool,
        minutes in 5_i64..600,
    ) {
        let mut facts = ready();
        by_driver(&mut facts, driver);
        if left_over.is_some() {
            value(&mut facts.environment.solutions).push(crate::fixture::solution("Work365Core_Upgrade", "4.8.0.12"));
        }
        if !seated {
            admin_of(&mut facts).licences = known(vec![]);
        }
        lacks.iter().for_each(|index| LACKS[*index](&mut facts));
        twisted.iter().for_each(|index| TWISTS[*index](&mut facts));
        let decided = UpgradeDecisions { left_over, without_restore_point, in_two_steps, end_activation, ..UpgradeDecisions::default() };
        let upgrade = || upgrade_of(&facts, &decisions(Some(MfaBy::PerUser), true, true, minutes), &decided);
        let (first, second) = (upgrade(), upgrade());
        prop_assert_eq!(&first, &second, "the same twice");
        match first {
            Ok(plan) => is_sound(&plan, &facts)?,
            Err(against) => prop_assert!(!against.is_empty()),
        }
    }

    #[test]
    fn every_plan_is_sound_and_ends_with_nothing_owed(
        lacks in proptest::collection::vec(0..LACKS.len(), 0..10),
        blocked in proptest::collection::vec(0..CHANGES.len(), 0..3),
        twisted in proptest::collection::vec(0..TWISTS.len(), 0..2),
        mfa in prop_oneof![Just(None), Just(Some(MfaBy::PerUser)), Just(Some(MfaBy::ConditionalAccess)), Just(Some(MfaBy::SecurityDefaults))],
        licence: bool,
        emergency_account: bool,
        minutes in 5_i64..600,
    ) {
        let mut facts = ready();
        lacks.iter().for_each(|index| LACKS[*index](&mut facts));
        twisted.iter().for_each(|index| TWISTS[*index](&mut facts));
        blocked.iter().for_each(|index| CHANGES[*index](&mut facts));
        check(&facts, &decisions(mfa, licence, emergency_account, minutes))?;
    }
}

#[test]
fn long_plans_are_made_of_what_is_lacking() {
    // The property says little of plans that are empty: this one is not.
    let mut facts = ready();
    LACKS[..10].iter().for_each(|change| change(&mut facts));
    let plan = of(&facts, &decisions(Some(MfaBy::PerUser), true, true, 240));
    assert!(plan.steps.len() >= 12, "{:?}", super::steps(&plan));
    assert_eq!(plan.made_at, now());
    check(&facts, &decisions(Some(MfaBy::PerUser), true, true, 240)).unwrap();
}
