//! W901: what somebody held before is never taken away; it is told, and a person decides.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(901);

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    draft.refuse(
        CODE,
        "take back standing privileges",
        format!(
            "they were held before, and what was held before is never taken away: {}",
            finding.sentence()
        ),
        Some("somebody decides and does it by hand".to_owned()),
    );
    draft.by_hand(finding);
}
