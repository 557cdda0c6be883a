//! Over generated plans and stories.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use cutover_core::machine::{Event, Next, Outcome, Retry, Way, What, next, state};
use cutover_core::plan::{Plan, Step, StepId};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use serde_json::Value;
use uuid::Uuid;

use crate::plans::{change, loan, minutes, plan, start};
use crate::world::{Incident, Reply, Script, World};

fn name(number: usize) -> StepId {
    StepId(format!("step-{number}"))
}

/// A plan as a planner makes it: what is needed comes before, loans name who needs them, orders of return have no loop.
fn plans() -> impl Strategy<Value = Plan> {
    let more = (0_u8..6, any::<u8>(), any::<u8>());
    let step = (any::<bool>(), any::<u8>(), any::<u8>(), 10_i64..120, more);
    (vec(step, 1..6), any::<bool>()).prop_map(|(steps, last_first)| {
        let mut made: Vec<Step> = Vec::new();
        // Loans that something comes after the return of: nothing needs them any more.
        let mut closed: BTreeSet<usize> = BTreeSet::new();
        // Loans by whose right others come back: none of them is returned by another one's.
        let mut rights: BTreeSet<StepId> = BTreeSet::new();
        for (number, (lends, after, returns, limit, (task, again, with))) in steps.iter().enumerate() {
            let earlier = |bits: &u8| (0..number).filter(|other| bits >> other & 1 == 1).collect::<Vec<_>>();
            let id = name(number);
            let mut step = match (lends, task) {
                (true, _) => loan(&id.0, &[], &[]),
                (false, 0) => crate::plans::task(&id.0, &[]),
                (false, _) => change(&id.0, &[]),
            };
            let after: Vec<usize> = earlier(after)
                .into_iter()
                .filter(|other| !closed.contains(other))
                .collect();
            step.after = after.iter().copied().map(name).collect();
            if let Some(loan) = &mut step.loan {
                loan.limit = minutes(*limit);
            }
            for other in after {
                if let Some(loan) = &mut made[other].loan {
                    loan.for_steps.push(id.clone());
                }
            }
            for other in earlier(returns) {
                let both = [&mut made[other].loan, &mut step.loan];
                if let [Some(before), Some(present)] = both {
                    match last_first {
                        true => before.return_after.push(id.clone()),
                        false => present.return_after.push(name(other)),
                    }
                }
            }
            if step.loan.is_some() && again % 3 == 0 {
                let back = earlier(again).into_iter().filter(|other| made[*other].loan.is_some());
                let back: Vec<usize> = back.filter(|other| !step.after.contains(&name(*other))).collect();
                step.after_return = back.iter().copied().map(name).collect();
                closed.extend(back);
            }
            if with % 2 == 0 {
                for other in earlier(with) {
                    let comes_first = comes_back_after(&made, &name(other), &id);
                    let both = [&mut made[other].loan, &mut step.loan];
                    if let [Some(before), Some(present)] = both
                        && before.returned_with.is_none()
                        && !comes_first
                        && !rights.contains(&name(other))
                        && !step.after.contains(&name(other))
                        && !step.after_return.contains(&name(other))
                    {
                        before.returned_with = Some(id.clone());
                        rights.insert(id.clone());
                        if !present.return_after.contains(&name(other)) {
                            present.return_after.push(name(other));
                        }
                    }
                }
            }
            made.push(step);
        }
        plan(made)
    })
}

/// Whether, by the orders of return, a loan comes back after another one.
fn comes_back_after(steps: &[Step], loan: &StepId, other: &StepId) -> bool {
    let step = steps.iter().find(|step| step.id == *loan);
    let mut first = step
        .and_then(|step| step.loan.as_ref())
        .into_iter()
        .flat_map(|loan| &loan.return_after);
    first.any(|id| id == other || comes_back_after(steps, id, other))
}

fn replies() -> impl Strategy<Value = Reply> {
    prop_oneof![
        (0_i64..40).prop_map(Reply::Later),
        Just(Reply::Never),
        Just(Reply::LostApplied),
        Just(Reply::LostUnapplied),
        Just(Reply::LostLate),
        (0_i64..50).prop_map(Reply::Shows),
        Just(Reply::AcceptedThenNever),
    ]
}

fn answers() -> impl Strategy<Value = BTreeMap<StepId, VecDeque<Reply>>> {
    let answers = vec(replies(), 0..3).prop_map(VecDeque::from);
    proptest::collection::btree_map((0_usize..6).prop_map(name), answers, 0..4)
}

fn incidents() -> impl Strategy<Value = Incident> {
    prop_oneof![
        Just(Incident::Abort),
        (1_i64..200).prop_map(Incident::Renew),
        (-300_i64..300).prop_map(Incident::Clock),
    ]
}

fn scripts() -> impl Strategy<Value = Script> {
    (
        proptest::collection::btree_set((0_usize..6).prop_map(name), 0..2),
        answers(),
        answers(),
        proptest::collection::btree_map((0_usize..6).prop_map(name), 0_usize..4, 0..3),
        proptest::collection::btree_set(0_usize..24, 0..4),
        proptest::collection::btree_map(0_usize..30, vec(incidents(), 1..2), 0..3),
    )
        .prop_map(|(held_before, makes, returns, unreadable, dies, incidents)| Script {
            held_before,
            makes,
            returns,
            unreadable,
            dies,
            incidents,
        })
}

/// Any event at all, also such as no program writes.
fn any_event(steps: usize) -> impl Strategy<Value = Event> {
    let way = prop_oneof![Just(Way::Do), Just(Way::Undo)];
    let moment = (-600_i64..6000).prop_map(|minute| start() + minutes(minute));
    let moment = prop_oneof![8 => moment, 1 => Just(Timestamp::MAX), 1 => Just(Timestamp::MIN)];
    (0..steps + 1, way, moment.clone(), moment, 0..16_u8).prop_map(|(step, way, at, other, kind)| {
        let step = name(step);
        let text = || "text".to_owned();
        let seen = text();
        let ended = |outcome| What::Ended {
            step: step.clone(),
            way,
            outcome,
        };
        let what = match kind {
            0 | 1 => What::Started {
                step,
                way,
                before: Value::Null,
                key: Uuid::nil(),
            },
            2 => What::Pending {
                step,
                way,
                for_what: text(),
                look_at: other,
                handle: Value::Null,
            },
            3 | 4 => ended(Outcome::Done {
                kept: Value::Null,
                seen,
            }),
            5 => ended(Outcome::AlreadySo { seen }),
            6 => ended(Outcome::NotOurs { seen }),
            7 => ended(Outcome::Refused {
                why: seen,
                retry: Retry::At(other),
            }),
            8 => ended(Outcome::Refused {
                why: seen,
                retry: if other > start() {
                    Retry::NotBefore(other)
                } else {
                    Retry::Never
                },
            }),
            9 => ended(Outcome::Unclear {
                why: seen,
                look_at: other,
            }),
            10 => What::Proved {
                step,
                gone: way == Way::Do,
                seen,
            },
            11 => What::Renewed {
                step,
                until: other,
                by: text(),
            },
            14 => What::Asked { step },
            15 => What::Answered {
                step,
                done: way == Way::Do,
                seen,
                by: text(),
            },
            12 => What::Unread {
                step,
                why: text(),
                again: other,
            },
            _ => What::TakenOver { by: text() },
        };
        Event { at, what }
    })
}

/// A plan that no lint would let through: any step may name any other, itself, and steps that do not exist.
fn wild_plans() -> impl Strategy<Value = Plan> {
    let named = || vec((0_usize..7).prop_map(name), 0..4);
    let step = (any::<bool>(), 0_usize..6, named(), named(), named());
    vec(step, 0..6).prop_map(|steps| {
        let steps = steps
            .into_iter()
            .map(|(lends, number, after, for_steps, return_after)| {
                let mut step = match lends {
                    true => loan(&name(number).0, &[], &[]),
                    false => change(&name(number).0, &[]),
                };
                step.after = after;
                if let Some(loan) = &mut step.loan {
                    loan.for_steps = for_steps;
                    loan.return_after = return_after;
                }
                step
            });
        plan(steps.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(365), failure_persistence: None, ..ProptestConfig::default() })]

    /// The world itself holds, turn by turn, that it ends, with nothing lent, in the order of return, taking nothing that was held
    /// before, and never asleep past the end of a loan.
    #[test]
    fn whatever_happens_what_was_lent_comes_back((plan, script) in (plans(), scripts())) {
        World::new(&plan, script).run();
    }

    /// How the returns go does not change what becomes of the work, where neither a step nor a person waits for a return: there,
    /// the time of another loan may run out meanwhile.
    #[test]
    fn returns_do_not_change_the_work((mut plan, script, returns) in (plans(), scripts(), answers())) {
        for step in &mut plan.steps {
            step.after_return.clear();
            if step.is_task() {
                step.action = change(&step.id.0, &[]).action;
            }
        }
        // The points of death and the incidents are counted by entries of the journal, which the returns add to.
        let still = |returns| Script {
            dies: BTreeSet::new(),
            incidents: BTreeMap::new(),
            unreadable: BTreeMap::new(),
            returns,
            ..script.clone()
        };
        let well = World::new(&plan, still(BTreeMap::new())).run();
        let badly = World::new(&plan, still(returns)).run();
        prop_assert_eq!(well.end.work, badly.end.work);
    }

    #[test]
    fn next_is_total_and_owes_nothing_at_the_end(
        (plan, events) in (wild_plans(), vec(any_event(6), 0..40)),
        cut in any::<Index>(),
    ) {
        let events = &events[..cut.index(events.len() + 1)];
        let decided = next(&plan, events);
        prop_assert_eq!(&decided, &next(&plan, events));
        let run = state(&plan, events);
        match decided {
            Next::Wait { until, wakes } => {
                prop_assert!(until > run.now.unwrap_or(plan.made_at));
                prop_assert_eq!(until, wakes[0].at);
            }
            Next::Done(_) => {
                for (step, _) in plan.loans() {
                    prop_assert!(!run.of(&step.id).owes(), "{} is out", step.id);
                }
            }
            Next::Do(id) => {
                let step = plan.step(&id).unwrap();
                let served = |id: &StepId| run.of(id).is_done() && !run.of(id).is_returning();
                let ids: BTreeSet<_> = plan.steps.iter().map(|step| &step.id).collect();
                // Of several steps by one name, each has its own needs.
                prop_assert!(ids.len() < plan.steps.len() || step.after.iter().all(served));
            }
            _ => {}
        }
    }

    /// A wild plan ends too, with nothing lent, however its steps name each other.
    #[test]
    fn a_plan_that_no_lint_saw_comes_to_an_end(mut plan in wild_plans()) {
        for (number, step) in plan.steps.iter_mut().enumerate() {
            step.id = name(number);
        }
        World::lenient(&plan, Script::default()).run();
    }
}

#[test]
fn the_end_of_time_is_a_time_like_any_other() {
    let plan = plan(vec![loan("step-0", &["step-1"], &[]), change("step-1", &["step-0"])]);
    let at = |at, what| Event { at, what };
    let events = [
        at(
            Timestamp::MAX - SignedDuration::from_secs(1),
            What::Started {
                step: name(0),
                way: Way::Do,
                before: Value::Null,
                key: Uuid::nil(),
            },
        ),
        at(
            Timestamp::MAX,
            What::Ended {
                step: name(0),
                way: Way::Do,
                outcome: Outcome::Unclear {
                    why: String::new(),
                    look_at: Timestamp::MAX,
                },
            },
        ),
    ];
    assert_eq!(next(&plan, &events), Next::Undo(name(0)), "the loan's time is over too");
}
