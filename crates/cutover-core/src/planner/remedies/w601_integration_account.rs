//! W601: who uses an account is a person's word; a new one is created by hand.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(601),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    draft.leave(case, finding);
}
