//! What only a person can do: asked for once, answered by whoever is there, and waited for when nobody is.

use std::path::Path;

use cutover_core::machine::{What, Work};
use cutover_core::plan::{Step, StepId};
use cutover_runner::drive::{Answer, Answering, Drove, Person, Stopping, View};
use cutover_runner::journal::{Journal, RunId};

use crate::plans::{start, with_task};
use crate::tenant::{Ended, Miniature, Told, begin, driven, driven_with, take_up};

const TASK: &str = "clear-cache";

/// Somebody who says the same of every task.
struct Says {
    done: bool,
    asked: Vec<StepId>,
}

impl Says {
    fn that_it_is_done(done: bool) -> Self {
        Self {
            done,
            asked: Vec::new(),
        }
    }
}

impl Person for Says {
    fn answer<'a>(&'a mut self, _: View<'a>, tasks: &'a [&'a Step]) -> Answering<'a> {
        self.asked.extend(tasks.iter().map(|step| step.id.clone()));
        let answer = tasks.first().map(|step| Answer {
            step: step.id.clone(),
            done: self.done,
            seen: "the page was white".to_owned(),
            by: "anna".to_owned(),
        });
        Box::pin(std::future::ready(answer))
    }
}

/// How often a run's journal says that the person was asked, and was heard.
fn kept(folder: &Path) -> (usize, usize) {
    let events = Journal::open(folder).unwrap().events(RunId(1)).unwrap();
    let count = |wanted: fn(&What) -> bool| events.iter().filter(|event| wanted(&event.what)).count();
    (
        count(|what| matches!(what, What::Asked { .. })),
        count(|what| matches!(what, What::Answered { .. })),
    )
}

#[tokio::test]
async fn whoever_is_there_is_heard_and_the_run_ends_by_what_is_said() {
    for done in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let (plan, tenant) = (with_task(), Miniature::new());
        let mut person = Says::that_it_is_done(done);
        let run = begin(folder.path(), &plan);
        let ended = driven_with(run, &plan, &tenant, Stopping::No, &mut Told::default(), &mut person).await;
        let Ended::Drove(Drove::ToItsEnd { end, .. }) = &ended else {
            panic!("{ended:?}");
        };
        assert_eq!(end.work == Work::Complete, done, "{:?}", end.work);
        assert_eq!(person.asked, [StepId::from(TASK)]);
        assert_eq!(kept(folder.path()), (1, 1));
    }
}

#[tokio::test]
async fn a_run_waits_for_a_person_with_nothing_out_and_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, tenant) = (with_task(), Miniature::new());
    let mut told = Told::default();
    let first = driven(begin(folder.path(), &plan), &plan, &tenant, Stopping::No, &mut told).await;
    let Ended::Drove(Drove::ForAPerson { tasks, state }) = &first else {
        panic!("{first:?}");
    };
    assert_eq!(*tasks, [StepId::from(TASK)]);
    assert!(plan.loans().all(|(step, _)| !state.of(&step.id).owes()));
    assert_eq!(kept(folder.path()), (1, 0));

    let run = take_up(folder.path(), start()).unwrap();
    let mut person = Says::that_it_is_done(true);
    let second = driven_with(run, &plan, &tenant, Stopping::No, &mut told, &mut person).await;
    assert!(
        matches!(&second, Ended::Drove(Drove::ToItsEnd { end, .. }) if end.work == Work::Complete),
        "{second:?}"
    );
    // It is told once that something is to be done, however often the run is taken up.
    assert_eq!(kept(folder.path()), (1, 1));
}
