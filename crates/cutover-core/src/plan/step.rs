//! One step of a plan.

use std::fmt;

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::action::Action;
use super::loan::Loan;
use crate::code::Code;

/// Names a step within its plan, such as `lend-global-administrator`. Journals and people quote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct StepId(pub String);

impl fmt::Display for StepId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<&str> for StepId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Something cutover does. An ensure operation: what is so already is left as it is, and nothing is owed for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name in the plan.
    pub id: StepId,
    /// The requirements it serves.
    pub requirements: Vec<Code>,
    /// What is done.
    pub action: Action,
    /// How it comes back; `None` for what stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loan: Option<Loan>,
    /// The steps that have to be done before it, loans that it needs among them.
    pub after: Vec<StepId>,
    /// The loans that have to be back before it: what is lent a second time is lent after its first return.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after_return: Vec<StepId>,
    /// How long it takes until what was done shows.
    pub settling: Settling,
}

impl Step {
    /// Whether a person does it, and says so.
    pub fn is_task(&self) -> bool {
        matches!(self.action, Action::Task(_))
    }
}

/// How long it takes until a change shows everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settling {
    /// What is waited for, such as `Dataverse knows the user`.
    pub what: String,
    /// The usual time.
    #[schemars(with = "String")]
    pub usual: SignedDuration,
    /// How long is waited at most; then the step has failed.
    #[schemars(with = "String")]
    pub at_most: SignedDuration,
}
