//! W104: what Work 365 itself shows, a person confirms.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(104),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    draft.leave(case, finding);
}
