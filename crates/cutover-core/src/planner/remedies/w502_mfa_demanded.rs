//! W502: MFA is demanded of the service account, by the means that somebody decided on.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, mfa};
use crate::rules::mfa::{Subject, registered};
use crate::verdict::{Finding, Verdict};

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(502),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    let subject = Subject::service_account(case.facts);
    let has_method = registered(&subject).is_ok_and(|judged| matches!(judged.verdict(), Verdict::Met(_)));
    mfa::demand(case, finding, &subject, has_method, draft);
}
