//! Exit codes: public, stable, the same for every command.

use std::process::ExitCode;

use cutover_core::Readiness;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: ready, or done and proved.
    Done,
    /// 1: the tool failed.
    Failed,
    /// 2: usage or configuration.
    Usage,
    /// 3: not ready, remedies exist.
    RemediesExist,
    /// 4: not ready, a person must act.
    PersonMustAct,
    /// 5: undecided: a required check was blind.
    Undecided,
    /// 6: ready with warnings, when warnings were asked to count.
    Warnings,
    /// 7: the work failed or was ended before it was done; what became of it is known, and nothing is out.
    WorkFailed,
    /// 8: something that was lent is overdue, could not be returned, or its run is dead.
    LoanOut,
    /// 9: the outcome of a job is not known.
    OutcomeUnknown,
}

impl Exit {
    /// Every code, in order, for the reference.
    pub const ALL: [Self; 10] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::RemediesExist,
        Self::PersonMustAct,
        Self::Undecided,
        Self::Warnings,
        Self::WorkFailed,
        Self::LoanOut,
        Self::OutcomeUnknown,
    ];

    /// What it says, in the words of the help.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "ready, or done",
            Self::Failed => "the tool failed",
            Self::Usage => "usage or configuration",
            Self::RemediesExist => "not ready, remedies exist",
            Self::PersonMustAct => "not ready, a person must act",
            Self::Undecided => "undecided, a required check was blind",
            Self::Warnings => "ready with warnings (only with --strict-warnings)",
            Self::WorkFailed => "the work failed or was ended, its state is known",
            Self::LoanOut => "a loan is overdue, failed to return, or its run is dead",
            Self::OutcomeUnknown => "the outcome of a job is not known",
        }
    }

    /// The code of a readiness; warnings count only when they are asked to.
    pub fn of(readiness: Readiness, strict_warnings: bool) -> Self {
        match readiness {
            Readiness::Ready { warnings: true } if strict_warnings => Self::Warnings,
            Readiness::Ready { .. } => Self::Done,
            Readiness::RemediesExist => Self::RemediesExist,
            Readiness::PersonMustAct => Self::PersonMustAct,
            Readiness::Undecided => Self::Undecided,
        }
    }

    /// Of two codes the one that weighs more: a loan that is out before everything else, being ready last of all.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        const WORST_FIRST: [Exit; 10] = [
            Exit::LoanOut,
            Exit::OutcomeUnknown,
            Exit::WorkFailed,
            Exit::Failed,
            Exit::Usage,
            Exit::Undecided,
            Exit::PersonMustAct,
            Exit::RemediesExist,
            Exit::Warnings,
            Exit::Done,
        ];
        let worst = WORST_FIRST.into_iter().find(|exit| *exit == self || *exit == other);
        worst.unwrap_or(self)
    }

    /// The number the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::RemediesExist => 3,
            Self::PersonMustAct => 4,
            Self::Undecided => 5,
            Self::Warnings => 6,
            Self::WorkFailed => 7,
            Self::LoanOut => 8,
            Self::OutcomeUnknown => 9,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
