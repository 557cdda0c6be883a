//! What kind of work an asynchronous operation of the environment does.

use crate::facts::environment::SolutionOperation;

/// Kinds of operation that stand in the way of an install step (Dataverse `asyncoperation.operationtype`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A solution is imported: 54 or 203.
    Import,
    /// Customisations are published: 204.
    Publish,
    /// A holding solution takes the place of the older one: 207.
    Promote,
    /// A solution is uninstalled: 208.
    Uninstall,
    /// A solution is staged and upgraded in one step: 211.
    Upgrade,
    /// A language is provisioned: 201 or 209.
    Language,
    /// A solution operation whose kind was not stored.
    Solution,
}

impl Kind {
    /// The kind of an operation.
    pub fn of(operation: &SolutionOperation) -> Self {
        match operation.kind {
            Some(54 | 203) => Self::Import,
            Some(204) => Self::Publish,
            Some(207) => Self::Promote,
            Some(208) => Self::Uninstall,
            Some(211) => Self::Upgrade,
            Some(201 | 209) => Self::Language,
            _ => Self::Solution,
        }
    }

    /// Whether it changes solutions, so that an import without an end may be its.
    pub fn is_of_solutions(self) -> bool {
        !matches!(self, Self::Publish | Self::Language)
    }

    /// As a person reads it, with its verb.
    pub fn words(self) -> &'static str {
        match self {
            Self::Import => "an import runs",
            Self::Publish => "a publish runs",
            Self::Promote => "a solution upgrade is being applied",
            Self::Uninstall => "an uninstall runs",
            Self::Upgrade => "a solution upgrade runs",
            Self::Language => "a language is being provisioned",
            Self::Solution => "a solution operation runs",
        }
    }
}
