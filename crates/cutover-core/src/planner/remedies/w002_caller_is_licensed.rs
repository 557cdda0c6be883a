//! W002: the licence is lent for the upgrade; the service account, where it is the caller itself, keeps one for good.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, licence};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(2),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    let scene = &case.facts.scene;
    if case.is_open(finding) && scene.caller == scene.service_identity {
        licence::assign_for_good(case, finding, &scene.caller, draft);
    } else {
        draft.leave(case, finding);
    }
}
