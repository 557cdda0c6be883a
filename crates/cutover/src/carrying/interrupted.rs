//! A run that was begun before: what `resume` and `give-back` have in common.

use clap::Args;
use cutover_core::Plan;
use cutover_runner::journal::{DrivenRun, Journal, JournalError, Owner, RunId, RunRecord};
use jiff::Timestamp;

use super::{TellOptions, by_its_caller, journal_of, meant, not_begun};
use crate::session::Session;
use crate::{Global, Stop};

/// Which run is meant, and how it is told.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Which run [default: the one that has not ended]
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// Take it over from a process on another machine, which has ended
    #[arg(long)]
    take_over: bool,
    #[command(flatten)]
    pub(crate) tell: TellOptions,
}

/// A run that was begun before, with its plan, in front of whom it was planned for.
pub(crate) struct Interrupted {
    pub(crate) session: Session,
    pub(crate) journal: Journal,
    pub(crate) record: RunRecord,
    pub(crate) plan: Plan,
}

impl Interrupted {
    /// Opens the run that is meant.
    ///
    /// # Errors
    /// When there is none, its journal cannot be read, or somebody else is signed in than its plan was made for.
    pub(crate) async fn open(global: &Global, options: &RunOptions) -> Result<Self, Stop> {
        let session = Session::open_in_person(global).await?;
        let journal = journal_of(&session)?;
        let record = meant(&journal, options.run)?;
        let plan = journal.plan(record.id).map_err(|error| not_begun(&error))?;
        by_its_caller(&plan, &session).await?;
        Ok(Self {
            session,
            journal,
            record,
            plan,
        })
    }
}

impl RunOptions {
    /// Takes the run up, to be driven by this process.
    ///
    /// # Errors
    /// When a live process drives it, or it is another machine's and `--take-over` is not said.
    pub(crate) fn take_up(
        &self,
        journal: Journal,
        record: &RunRecord,
        session: &Session,
    ) -> Result<DrivenRun, JournalError> {
        let now = session.clients.connection().clock.now();
        journal.take_up(record.id, &Owner::this(Timestamp::now()), now, self.take_over)
    }
}
