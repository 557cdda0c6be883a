//! W503: the service account has to sign in once.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(503),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    draft.leave(case, finding);
}
