//! What is lent for a while, and how it comes back.

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::step::StepId;

/// The return of a step's effect. It is owed whatever happens to the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    /// The steps that need it: lent just before the first of them, returned right after the last.
    pub for_steps: Vec<StepId>,
    /// Loans that come back before this one.
    pub return_after: Vec<StepId>,
    /// The loan by whose right it is returned, lent for that alone where nothing else needs it: what was lent by a role that
    /// has gone back since is returned by the same role, lent once more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_with: Option<StepId>,
    /// The longest it is out; then it is returned, even if a step that needs it has not ended.
    #[schemars(with = "String")]
    pub limit: SignedDuration,
    /// Whether the platform ends it by itself when nobody returns it.
    pub ends_by_itself: bool,
    /// Who returns it, and by which right that does not come from this loan.
    pub returned_by: String,
    /// How somebody returns it by hand if this machine is lost: menu path.
    pub by_hand: String,
    /// The same as address.
    pub link: String,
}
