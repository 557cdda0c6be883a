//! Activates a directory role that the caller is eligible for.

use cutover_clients::graph::role_schedule_requests::RoleAction;
use cutover_core::plan::action::ActivateDirectoryRole;

use crate::carry_out::schedule::RoleLoan;

pub(in crate::carry_out) fn ensured(action: &ActivateDirectoryRole) -> RoleLoan<'_> {
    RoleLoan {
        whom: &action.whom,
        role: action.role,
        lend: RoleAction::SelfActivate(action.duration),
        end: RoleAction::SelfDeactivate,
    }
}
