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
}

impl Exit {
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
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
