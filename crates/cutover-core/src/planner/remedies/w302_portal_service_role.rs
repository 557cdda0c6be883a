//! W302: associates the role with the service identity.

use crate::code::Code;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, service_identity};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy {
    code: Code::new(302),
    propose,
};

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    service_identity::assign_role(case, finding, &case.pack.names.portal_service_role, draft);
}
