//! Quiet before the installation, and its end: what the product does by itself is paused, and what has begun comes to its end.

use jiff::SignedDuration;

use super::Upgrading;
use crate::code::Code;
use crate::plan::action::{AwaitQuiet, PauseBilling, Task};
use crate::plan::{Action, HandWork};
use crate::planner::draft::{Draft, Returned, Stretch};

const QUIET: Code = Code::new(801);
/// How long billing is paused at most: a night, and not a week.
const PAUSED: SignedDuration = SignedDuration::from_hours(24);
/// The step that takes back what people switched off.
const RESUME: &str = "resume-scheduled-jobs";
const JOBS: &str = "Work 365 app > Administration > Scheduled Jobs";

pub(super) fn propose(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    let names = &upgrading.case.pack.names;
    if upgrading.route.core.is_some() {
        scheduled_jobs(
            upgrading,
            draft,
            "pause-scheduled-jobs",
            "switch the scheduled jobs of Work 365 off",
            &[
                "note which jobs are on",
                "switch them off: no programming interface does it",
            ],
            "which jobs were on",
        );
        let pause = PauseBilling {
            prefix: names.publisher_prefix.clone(),
            table: names.billing_table.clone(),
            flags: names.automatic_flags.clone(),
        };
        let returned = Returned {
            serves: Stretch::Finish,
            comes_back: Stretch::Resume,
            limit: PAUSED,
        };
        draft.loan(QUIET, "pause-billing", Action::PauseBilling(pause), returned);
    }
    let wait = AwaitQuiet {
        prefix: names.publisher_prefix.clone(),
        scheduled: names.job_scheduled.clone(),
        jobs_table: names.jobs_table.clone(),
        open: names.open_jobs.clone(),
        deadline: upgrading.decisions.drain,
    };
    draft.step(QUIET, "await-quiet", Action::AwaitQuiet(wait));
}

/// What is switched on again after billing is.
pub(super) fn go_on(upgrading: &Upgrading<'_>, draft: &mut Draft) {
    if upgrading.route.core.is_some() {
        scheduled_jobs(
            upgrading,
            draft,
            RESUME,
            "switch the scheduled jobs of Work 365 on again",
            &["switch on again what was on before"],
            "which jobs are on",
        );
    }
}

fn scheduled_jobs(upgrading: &Upgrading<'_>, draft: &mut Draft, name: &str, title: &str, what: &[&str], asks: &str) {
    let taken_back_by = (name != RESUME).then(|| RESUME.into());
    let task = Task {
        name: name.to_owned(),
        title: title.to_owned(),
        work: HandWork {
            requirement: QUIET,
            what: what.iter().map(|what| (*what).to_owned()).collect(),
            path: Some(JOBS.to_owned()),
            link: Some(upgrading.case.facts.scene.environment_url.clone()),
            verified_by: "the page Scheduled Jobs; cutover keeps what you say of it".to_owned(),
        },
        asks: asks.to_owned(),
        attests: None,
        taken_back_by,
        private_window: false,
    };
    draft.step(QUIET, name, Action::Task(task));
}
