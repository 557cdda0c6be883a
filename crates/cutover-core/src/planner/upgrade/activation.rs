//! What a person activates to look at the environment: Power Platform shows it to nobody who only may activate a role. It is
//! ended first, and lent for a short while each time.

use crate::code::Code;
use crate::facts::Reason;
use crate::plan::action::EndRoleActivation;
use crate::plan::{Action, Refusal};
use crate::planner::actor::{Actor, Stands};
use crate::planner::draft::Draft;
use crate::planner::lend::name;
use crate::planner::right::ELEVATING;
use crate::planner::{Case, slug};

/// The row of which a role that administers environments is a part.
const SYSTEM_ADMINISTRATOR: Code = Code::new(1);

/// Proposes to end each activation of a role that administers environments; gives back the actor who is then left.
pub(super) fn end<'a>(case: &Case<'_>, actor: Actor<'a>, draft: &mut Draft) -> Actor<'a> {
    let mut ended = Vec::new();
    for role in ELEVATING {
        let Some(until) = actor.activated_until(*role, case.at) else {
            continue;
        };
        let end = EndRoleActivation {
            whom: actor.whom.clone(),
            role: *role,
            until,
        };
        let id = format!("end-activation-of-{}", slug(name(*role)));
        draft.step(SYSTEM_ADMINISTRATOR, id, Action::EndRoleActivation(end));
        ended.push(*role);
    }
    if ended.is_empty() {
        draft.note(format!(
            "{} has activated no role that would have to be ended first",
            actor.whom.name
        ));
    }
    actor.without_activations(ended)
}

/// What cannot be told because the caller has not activated what opens the view: one reason in place of many.
pub(super) fn look_first(case: &Case<'_>, actor: Option<&Actor<'_>>, against: &mut Vec<Refusal>) {
    let (Some(actor), Err(blind)) = (actor, case.facts.power_platform.environment.value()) else {
        return;
    };
    let eligible = ELEVATING.iter().find(|role| actor.stands(**role) == Stands::Eligible);
    let (Some(role), Reason::MissingRole) = (eligible, blind.reason) else {
        return;
    };
    let blinded: Vec<Refusal> = against
        .extract_if(.., |refusal| refusal.why.contains(&blind.message))
        .collect();
    let Some(first) = blinded.into_iter().next() else {
        return;
    };
    against.insert(
        0,
        Refusal {
            why: format!(
                "Power Platform shows the environment to nobody who only may activate {}, so {} cannot look at it yet",
                name(*role),
                actor.whom.name
            ),
            unless: Some(format!(
                "activate {} in PIM to have it looked at, then upgrade with --end-activation: it is ended as the first step, and \
                 lent for as short as can be",
                name(*role)
            )),
            ..first
        },
    );
}
