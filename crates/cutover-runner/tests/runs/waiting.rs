//! While a run waits: the clock, the end of a loan, and what somebody asks for.

use std::sync::Arc;
use std::time::Duration;

use cutover_clients::Clock;
use cutover_core::machine::{LoanState, Way, What, Work};
use cutover_runner::drive::{Driving, Drove, Nobody, Stopping, drive};
use cutover_runner::journal::{Journal, JournalError, RunId, Wish};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::plans::{plan, start};
use crate::tenant::{Ended, Miniature, Told, Trouble, begin, driven};

/// A clock on which no wait ever ends by itself.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        start()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_loan_comes_back_at_its_end_though_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan();
    for step in &mut plan.steps {
        step.settling.at_most = SignedDuration::from_hours(24);
    }
    let plan = plan.sealed(cutover_runner::sha256);
    let tenant = Miniature::new().with_trouble(Way::Do, "assign-profile", Trouble::Shows(10 * 60));
    let ended = driven(
        begin(folder.path(), &plan),
        &plan,
        &tenant,
        Stopping::No,
        &mut Told::default(),
    )
    .await;
    let state = ended.state();
    for id in ["lend-system-administrator", "lend-licence"] {
        let loan = state.of(&id.into());
        let out = loan.proved.unwrap().at.duration_since(loan.lent.unwrap());
        assert!(out < SignedDuration::from_mins(4 * 60 + 5), "{id} was out for {out:#}");
    }
    let Ended::Drove(Drove::ToItsEnd { end, .. }) = &ended else {
        panic!("{ended:?}");
    };
    assert_eq!(end.work, Work::Complete, "what needs them no more goes on");
}

#[tokio::test]
async fn a_clock_that_leaps_is_told_and_lengthens_nothing() {
    let back = SignedDuration::from_hours(-3);
    for (leap, told_of) in [(back, true), (-back, true), (SignedDuration::from_secs(30), false)] {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = plan();
        for step in &mut plan.steps {
            step.settling.at_most = SignedDuration::from_hours(24);
        }
        let plan = plan.sealed(cutover_runner::sha256);
        let tenant = Miniature::new().with_trouble(Way::Do, "assign-profile", Trouble::Shows(5 * 60));
        tenant.hands.leap(30, leap);
        let mut told = Told::default();
        let ended = driven(begin(folder.path(), &plan), &plan, &tenant, Stopping::No, &mut told).await;
        assert_eq!(told.leaps.len(), usize::from(told_of), "{leap:#}: {:?}", told.leaps);
        let loan = ended.state().of(&"lend-licence".into());
        let out = loan.proved.unwrap().at.duration_since(loan.lent.unwrap());
        assert!(out < SignedDuration::from_mins(4 * 60 + 5), "{leap:#}: out for {out:#}");
    }
}

/// Drives on the standing clock, whose waits only end because somebody asks for something.
async fn standing(
    folder: &std::path::Path,
    asks: impl AsyncFnOnce(&watch::Sender<Stopping>),
) -> (Result<Drove, JournalError>, Told) {
    let plan = plan();
    let tenant = Miniature::new().with_trouble(Way::Do, "assign-profile", Trouble::Shows(60));
    let (sender, stops) = watch::channel(Stopping::No);
    let mut told = Told::default();
    let driving = Driving {
        run: begin(folder, &plan),
        plan: &plan,
        effects: &tenant,
        clock: Arc::new(Standing),
        stops,
        patience: SignedDuration::from_mins(30),
        progress: &mut told,
        person: &mut Nobody,
    };
    let asked = async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        asks(&sender).await;
        // The proofs need time that this clock does not give; it is left then.
        tokio::time::sleep(Duration::from_secs(10)).await;
        sender.send_replace(Stopping::Leave);
    };
    let (drove, ()) = tokio::join!(drive(driving), asked);
    (drove, told)
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_is_heard_while_it_waits() {
    let wish = |folder: &std::path::Path, wish: Wish| {
        let journal = Journal::open(folder).unwrap();
        assert!(journal.is_driven().unwrap());
        journal.wish(RunId(1), &wish).unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    let by = "anna".to_owned();
    let give_back = Wish::GiveBack { by: by.clone() };
    let (drove, told) = standing(folder.path(), async |_| wish(folder.path(), give_back)).await;
    let Drove::Away { state } = drove.unwrap() else {
        panic!("it ended without a proof");
    };
    assert_eq!(state.aborted, Some(by.clone()));
    assert_eq!(state.of(&"lend-licence".into()).loan(), LoanState::Returned);
    let heard = told.happened.iter().filter(|what| matches!(what, What::Aborted { .. }));
    assert_eq!(heard.count(), 1, "a wish is heard once");

    let folder = tempfile::tempdir().unwrap();
    let until = start() + SignedDuration::from_hours(7);
    let renew = Wish::Renew {
        step: "lend-licence".into(),
        until,
        by,
    };
    let (drove, _) = standing(folder.path(), async |_| wish(folder.path(), renew)).await;
    let Drove::Away { state } = drove.unwrap() else {
        panic!("it ended");
    };
    assert_eq!(state.of(&"lend-licence".into()).renewed, Some(until));

    let folder = tempfile::tempdir().unwrap();
    let by = "Ctrl-C".to_owned();
    let (drove, _) = standing(folder.path(), async |sender| {
        sender.send_replace(Stopping::GiveBack { by });
    })
    .await;
    let Drove::Away { state } = drove.unwrap() else {
        panic!("it ended without a proof");
    };
    assert_eq!(
        state.of(&"lend-system-administrator".into()).loan(),
        LoanState::Returned
    );
}

#[tokio::test(start_paused = true)]
async fn who_was_taken_over_does_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let (drove, told) = standing(folder.path(), async |_| {
        // As on a share where locks of another machine do not count.
        std::fs::remove_file(folder.path().join("journal.lock")).unwrap();
        let mut other = crate::tenant::owner();
        other.host = "another-machine".to_owned();
        let journal = Journal::open(folder.path()).unwrap();
        let refused = journal.take_up(RunId(1), &other, start(), false);
        assert!(matches!(refused, Err(JournalError::OtherHost { .. })), "{refused:?}");
        let journal = Journal::open(folder.path()).unwrap();
        journal.take_up(RunId(1), &other, start(), true).unwrap();
    })
    .await;
    let Err(JournalError::Fenced { owner, .. }) = drove else {
        panic!("{drove:?}");
    };
    assert_eq!(owner.unwrap().host, "another-machine");
    let pending = told.happened.last().unwrap();
    assert!(matches!(pending, What::Pending { .. }), "{pending:?}");
}
