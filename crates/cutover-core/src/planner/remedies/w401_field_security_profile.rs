//! W401: puts the service identity into the profile.

use crate::code::Code;
use crate::plan::Action;
use crate::plan::action::AssignFieldSecurityProfile;
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, service_identity, slug};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(401);

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    let name = &case.pack.names.profile;
    let profiles = case.facts.environment.wanted_profiles.value();
    let exists = profiles.is_ok_and(|profiles| profiles.iter().any(|profile| profile.name == *name));
    let Some(row) = service_identity::usable_row(case).filter(|_| exists) else {
        return draft.by_hand(finding);
    };
    let action = AssignFieldSecurityProfile {
        row,
        profile: name.clone(),
    };
    let id = format!("assign-profile-{}", slug(name));
    draft.step(CODE, id, Action::AssignFieldSecurityProfile(action));
}
