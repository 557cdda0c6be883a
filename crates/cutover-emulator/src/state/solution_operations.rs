//! Solution operations: what installs, imports, promotes or removes solutions in an environment, one at a time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Environment;

/// A solution operation that was begun, by whatever way, heard of by its caller or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolutionOperation {
    /// Id of the system job, the import job or the operation of the control plane.
    pub id: String,
    /// What it does.
    pub kind: SolutionOperationKind,
    /// Unique name of the application package or the solution.
    pub name: String,
    /// The version that it brings, or takes away.
    pub version: String,
    /// When it was begun.
    pub begun: Timestamp,
    /// When it ends.
    pub ends: Timestamp,
    /// What it fails with; `None` when it ends well.
    pub error: Option<String>,
}

/// What a solution operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SolutionOperationKind {
    /// An application package is installed.
    Installation,
    /// A solution file is imported, over the version that is there.
    Import,
    /// A solution file is imported beside the version that is there.
    HoldingImport,
    /// A solution file replaces the version that is there.
    Upgrade,
    /// A holding solution takes the place of the one it waited beside.
    Promotion,
    /// A solution is taken away.
    Removal,
}

impl SolutionOperationKind {
    /// As the log of changes names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Import => "import",
            Self::HoldingImport => "holding-import",
            Self::Upgrade => "upgrade",
            Self::Promotion => "promotion",
            Self::Removal => "removal",
        }
    }
}

impl SolutionOperation {
    /// How far it is at `now`: `running`, `succeeded` or `failed`.
    pub fn state(&self, now: Timestamp) -> &'static str {
        match (now < self.ends, &self.error) {
            (true, _) => "running",
            (false, None) => "succeeded",
            (false, Some(_)) => "failed",
        }
    }
}

impl Environment {
    /// The installation of a package that is going on.
    pub(crate) fn installing(&self, now: Timestamp) -> Option<&SolutionOperation> {
        let mut operations = self.solution_operations.iter();
        operations.find(|it| it.kind == SolutionOperationKind::Installation && now < it.ends)
    }
}
