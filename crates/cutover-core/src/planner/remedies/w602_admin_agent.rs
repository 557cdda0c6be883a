//! W602: adds the integration account to the groups that stand for its roles in Partner Center.

use crate::code::Code;
use crate::facts::partner::AgentGroup;
use crate::plan::Action;
use crate::plan::action::{AddGroupMember, GroupStandsFor, Side, Whom};
use crate::planner::draft::Draft;
use crate::planner::{Case, Remedy, licence, slug};
use crate::verdict::Finding;

pub(super) const REMEDY: Remedy = Remedy { code: CODE, propose };

const CODE: Code = Code::new(602);

fn propose(case: &Case<'_>, finding: &Finding, draft: &mut Draft) {
    if !case.is_open(finding) {
        return;
    }
    let partner = &case.facts.partner;
    let account = partner.integration.account.value().ok().and_then(Option::as_ref);
    let (Some(account), Some(set), Ok(groups), Ok(own)) = (
        account,
        case.pack.role_set(),
        partner.agent_groups.value(),
        partner.integration.groups.value(),
    ) else {
        return draft.by_hand(finding);
    };
    let mut by_hand = !set.directory_roles.is_empty();
    for name in &set.groups {
        let security: Vec<&AgentGroup> = groups
            .iter()
            .filter(|group| group.security && group.name.eq_ignore_ascii_case(name))
            .collect();
        // Of several groups of one name only one can be Partner Center's, and which one is a person's to find out.
        let [group] = security.as_slice() else {
            by_hand = true;
            continue;
        };
        if own.contains(&group.id) {
            continue;
        }
        let action = AddGroupMember {
            group: Whom {
                id: group.id,
                name: group.name.clone(),
            },
            member: licence::whom(account),
            stands_for: GroupStandsFor::PartnerCenterRole(set.title.clone()),
            side: side(case),
        };
        draft.step(CODE, format!("join-{}", slug(name)), Action::AddGroupMember(action));
        draft.note(format!(
            "{CODE}: Partner Center shows a new membership after up to an hour"
        ));
    }
    if by_hand {
        draft.by_hand(finding);
    }
}

/// Where the partner's side is: the Dynamics tenant itself, or another one.
pub(super) fn side(case: &Case<'_>) -> Side {
    let scene = &case.facts.scene;
    let partner = scene.partner.as_ref().map(|partner| partner.tenant_id);
    match partner.is_none_or(|id| id == scene.tenant_id) {
        true => Side::Home,
        false => Side::Partner,
    }
}
