//! Assigns a directory role with an end.

use cutover_clients::graph::role_schedule_requests::RoleAction;
use cutover_core::plan::action::AssignDirectoryRole;

use crate::carry_out::schedule::RoleLoan;

pub(in crate::carry_out) fn ensured(action: &AssignDirectoryRole) -> RoleLoan<'_> {
    RoleLoan {
        whom: &action.whom,
        role: action.role,
        lend: RoleAction::AdminAssign(action.duration),
        end: RoleAction::AdminRemove,
    }
}
