//! What the journal tells of a run.

use std::fmt;
use std::str::FromStr;

use cutover_core::plan::StepId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::owner::Owner;

/// A run, by its number in its journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl FromStr for RunId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A run as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Its number.
    pub id: RunId,
    /// Digest of its plan.
    pub digest: String,
    /// Entra tenant id.
    pub tenant_id: Uuid,
    /// Address of the environment.
    pub environment: String,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// When it ended; `None` as long as something may be owed.
    pub closed_at: Option<Timestamp>,
    /// Who drives it, or drove it when that process died; `None` when nobody does.
    pub owner: Option<Owner>,
}

/// What somebody asks of the process that drives a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "kebab-case")]
pub enum Wish {
    /// No new work; give everything back.
    GiveBack {
        /// Who asks.
        by: String,
    },
    /// A loan stays out longer.
    Renew {
        /// Which.
        step: StepId,
        /// Until when.
        until: Timestamp,
        /// Who decided.
        by: String,
    },
}
