//! W805: the restore point is made in the run.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(805),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    draft.leave(case, finding);
}
