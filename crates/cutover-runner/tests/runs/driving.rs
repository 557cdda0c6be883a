//! Runs from beginning to end, and from every place where the program may die.

use cutover_core::machine::{LoanState, Way, Work};
use cutover_core::plan::{Plan, StepId};
use cutover_runner::drive::{Drove, Stopping};
use cutover_runner::journal::{Journal, JournalError};

use crate::plans::{plan, start};
use crate::tenant::{Ended, Miniature, Told, Trouble, begin, driven, take_up};

fn lasting(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().filter(|step| step.loan.is_none());
    let mut ids: Vec<String> = steps.map(|step| step.id.0.clone()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_run_lends_works_returns_and_proves() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan();
    let tenant = Miniature::new();
    let mut told = Told::default();
    let ended = driven(begin(folder.path(), &plan), &plan, &tenant, Stopping::No, &mut told).await;
    let Ended::Drove(Drove::ToItsEnd { end, .. }) = &ended else {
        panic!("{ended:?}");
    };
    assert_eq!(end.work, Work::Complete);
    assert_eq!(
        tenant.tenant.borrow().asked,
        [
            "make lend-licence",
            "make lend-system-administrator",
            "make assign-profile",
            "take back lend-system-administrator",
            "take back lend-licence",
            "make lend-global-administrator",
            "make grant-consent",
            "take back lend-global-administrator",
        ]
    );
    assert_eq!(tenant.holds(), lasting(&plan));
    for (step, _) in plan.loans() {
        assert_eq!(ended.state().of(&step.id).loan(), LoanState::Proved);
    }
    let journal = Journal::open(folder.path()).unwrap();
    let run = journal.runs().unwrap().pop().unwrap();
    assert!(run.closed_at.is_some() && run.owner.is_none());
    assert_eq!(journal.events(run.id).unwrap().len(), told.happened.len());
    assert!(matches!(
        take_up(folder.path(), start()),
        Err(JournalError::Ended { .. })
    ));
}

#[tokio::test]
async fn wherever_it_dies_nothing_stays_lent_and_nothing_held_before_is_taken() {
    let plan = plan();
    let held: StepId = "lend-licence".into();
    let lost = Some(Trouble::LosesTheAnswer);
    let late = Some(Trouble::Shows(5));
    for (trouble, held_before) in [(None, false), (None, true), (lost, false), (late, false)] {
        {
            let mut opportunity = 0;
            loop {
                let folder = tempfile::tempdir().unwrap();
                let mut tenant = Miniature::new();
                for step in &plan.steps {
                    for way in [Way::Do, Way::Undo] {
                        if let Some(trouble) = trouble {
                            tenant = tenant.with_trouble(way, &step.id.0, trouble);
                        }
                    }
                }
                if held_before {
                    tenant.tenant.borrow_mut().holds.insert(held.clone());
                }
                tenant.dies_at(Some(opportunity));
                let mut told = Told::default();
                let first = driven(begin(folder.path(), &plan), &plan, &tenant, Stopping::No, &mut told).await;
                let died = matches!(first, Ended::Died);
                if died {
                    tenant.dies_at(None);
                    let now = start();
                    let run = take_up(folder.path(), now).unwrap();
                    // Every other time it is not resumed, but given back.
                    let stopping = match opportunity % 2 {
                        0 => Stopping::No,
                        _ => Stopping::GiveBack {
                            by: "give-back".to_owned(),
                        },
                    };
                    let goes_on = stopping == Stopping::No;
                    let second = driven(run, &plan, &tenant, stopping, &mut told).await;
                    assert!(matches!(second, Ended::Drove(Drove::ToItsEnd { .. })), "{second:?}");
                    if goes_on {
                        assert!(
                            lasting(&plan).iter().all(|id| tenant.holds().contains(id)),
                            "{:?}",
                            tenant.holds()
                        );
                    }
                }
                for (step, _) in plan.loans() {
                    let holds = tenant.tenant.borrow().holds.contains(&step.id);
                    assert_eq!(holds, held_before && step.id == held, "{} at {opportunity}", step.id);
                }
                if !died {
                    assert!(opportunity > 10, "only {opportunity} places were tried");
                    break;
                }
                assert!(tenant.opportunities() > 0);
                opportunity += 1;
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_ends_the_work_and_returns_come_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan();
    let tenant = Miniature::new().with_trouble(Way::Do, "assign-profile", Trouble::Refuses);
    let ended = driven(
        begin(folder.path(), &plan),
        &plan,
        &tenant,
        Stopping::No,
        &mut Told::default(),
    )
    .await;
    let Ended::Drove(Drove::ToItsEnd { end, .. }) = ended else {
        panic!("{ended:?}");
    };
    let Work::Incomplete { failed, not_begun, .. } = end.work else {
        panic!("it is complete");
    };
    assert_eq!(failed, [("assign-profile".into(), "the service says no".to_owned())]);
    assert_eq!(not_begun, ["lend-global-administrator".into(), "grant-consent".into()]);
    assert_eq!(
        end.returns.proved,
        ["lend-licence".into(), "lend-system-administrator".into()]
    );
    assert!(tenant.holds().is_empty());
}

#[tokio::test]
async fn a_return_that_is_refused_stays_listed_and_is_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan();
    let tenant = Miniature::new().with_trouble(Way::Undo, "lend-system-administrator", Trouble::Refuses);
    let mut told = Told::default();
    let ended = driven(begin(folder.path(), &plan), &plan, &tenant, Stopping::No, &mut told).await;
    let Ended::Drove(Drove::Away { state }) = ended else {
        panic!("{ended:?}");
    };
    let loan = |id: &str| state.of(&id.into()).loan();
    assert_eq!(loan("lend-system-administrator"), LoanState::ReturnRefused);
    assert_eq!(
        loan("lend-licence"),
        LoanState::Out,
        "it comes back after the other one"
    );
    assert_eq!(loan("lend-global-administrator"), LoanState::Proved, "the work went on");
    let run = Journal::open(folder.path()).unwrap().runs().unwrap().pop().unwrap();
    assert!(run.closed_at.is_none() && run.owner.is_none());
    // Nothing else begins while something is out.
    let again = Journal::open(folder.path())
        .unwrap()
        .begin(&plan, &crate::tenant::owner(), start());
    assert!(matches!(again, Err(JournalError::Unfinished { .. })));

    tenant.tenant.borrow_mut().troubles.clear();
    let run = take_up(folder.path(), start()).unwrap();
    let ended = driven(run, &plan, &tenant, Stopping::No, &mut told).await;
    assert!(matches!(ended, Ended::Drove(Drove::ToItsEnd { .. })), "{ended:?}");
    assert_eq!(tenant.holds(), lasting(&plan));
}

#[tokio::test]
async fn polls_that_say_nothing_new_leave_no_trace_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan();
    let tenant = Miniature::new().with_trouble(Way::Do, "lend-licence", Trouble::Shows(80));
    let mut told = Told::default();
    let ended = driven(begin(folder.path(), &plan), &plan, &tenant, Stopping::No, &mut told).await;
    assert!(matches!(ended, Ended::Drove(Drove::ToItsEnd { .. })), "{ended:?}");
    assert!(told.waits > 70, "only {} waits", told.waits);
    assert!(told.happened.len() < 30, "{} entries", told.happened.len());
}
