//! What-If: which policies apply to one sign-in (Microsoft Graph, `conditionalAccessRoot: evaluate`).
//!
//! It decides one concrete sign-in at a time, condition by condition, on the policies as they are stored. Of a
//! condition that the question says nothing about, the service "can't evaluate" it (documented); that the reason is then
//! `notEnoughInformation` is assumed, as are the order in which reasons are looked for and the codes of refusals.

mod conditions;
mod device_filter;
mod question;

use serde_json::{Value, json};

use super::entity_types::WHAT_IF_ANALYSIS_RESULT;
use super::errors::GraphError;
use super::permissions;
use super::route::{Context, Route, Source, get};
use super::throttle::Limit;
use crate::state::Row;

use conditions::Reason;
use question::Question;

pub(crate) const ROUTES: &[Route] = &[get(
    "/identity/conditionalAccess/evaluate",
    &WHAT_IF_ANALYSIS_RESULT,
    Source::Rows(evaluate),
    permissions::WHAT_IF,
    "body signInIdentity, signInContext, signInConditions, appliedPoliciesOnly",
    "GD conditionalaccessroot-evaluate; not told, and told by lists that the emulator does not hold (bundles and filters \
     of applications): notEnoughInformation is assumed",
)
.post()
.limited(Limit::ConditionalAccess)
.errors("400 BadRequest, 404 for an unknown user or service principal")];

/// Every policy with whether it applies and what decided it. Report-only policies come back as if they were enforced.
fn evaluate(context: &Context<'_>) -> Result<Vec<Row>, GraphError> {
    let body = context.body()?;
    let question = Question::read(context.directory(), &body)?;
    let mut answers = Vec::new();
    for policy in context.directory().rows("conditionalAccessPolicies") {
        let decided = question.decided_by(context.directory(), policy);
        if question.only_applied && decided.is_some() {
            continue;
        }
        let mut row = policy.clone();
        row.shift_remove("deletedDateTime");
        row.insert("policyApplies".to_owned(), json!(decided.is_none()));
        let reason = decided.map_or("notSet", Reason::word);
        row.insert("analysisReasons".to_owned(), Value::from(reason));
        answers.push(row);
    }
    Ok(answers)
}
