//! W801: quiet is made in the window of the run.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(801),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    draft.leave(case, finding);
}
