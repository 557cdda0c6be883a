//! W605: a seat that is wasted is told; taking a licence away is nobody's but a person's decision.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(605),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if case.is_open(finding) {
        draft.note(format!("{}: {}", finding.code(), finding.sentence()));
    }
}
