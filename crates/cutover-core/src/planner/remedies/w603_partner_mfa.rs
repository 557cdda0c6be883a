//! W603: as W501 to W503 for the integration account. A demand is made where the partner's tenant is the Dynamics tenant;
//! everything else takes a person.

use super::w602_admin_agent::side;
use crate::code::Code;
use crate::plan::action::Side;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, mfa};
use crate::rules::mfa::{Subject, demanded, registered};
use crate::verdict::{Finding, Verdict};

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(603),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    draft.by_hand(finding);
    let Some(partner) = case.facts.scene.partner.as_ref().filter(|_| side(case) == Side::Home) else {
        return;
    };
    let subject = Subject::integration_account(case.facts, partner, case.pack.partner_center.api);
    let is = |judged: Result<crate::verdict::Judged, _>, wanted: fn(&Verdict) -> bool| {
        judged.is_ok_and(|judged: crate::verdict::Judged| wanted(judged.verdict()))
    };
    let demand = demanded(&subject, case.pack.settings.mfa);
    if is(demand, |verdict| *verdict == Verdict::Missing) {
        let has_method = is(registered(&subject), |verdict| matches!(verdict, Verdict::Met(_)));
        mfa::demand(case, finding, &subject, has_method, draft);
    }
}
